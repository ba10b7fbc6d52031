// Package testdata carries Acme, the small company that "rotamap demo" scans and that tests share: two
// repositories with history, Kubernetes and Compose files, and an n8n export. Its tokens are patterns that are
// filled at run time, so that this repository holds none.
package testdata

import _ "embed"

// Acme is a txtar archive. A file NAME@N/PATH belongs to commit N of the repository NAME; NAME@N/.commit holds
// the commit's time, author and message, NAME@N/.delete the paths that it deletes, NAME@0/.origin the URL of its
// remote. Every other file is written as it is.
//
//go:embed acme.txtar
var Acme string
