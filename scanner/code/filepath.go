package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// mountMarks are texts one of which stands in every path below which platforms put the files of secrets.
var mountMarks = [][]byte{[]byte("/secret"), []byte("/credential"), []byte("secrets/"), []byte("CREDENTIALS_DIRECTORY")}

var (
	// mounted matches a path of such a file, as a literal or in shell text.
	mounted = lazy.New(`["'\x60=\s(]((?:/(?:var/)?run/secrets|/mnt/secrets(?:-store)?|/etc/secrets?|/secrets?|/vault/secrets|/run/credentials/[\w.@-]+|/etc/[\w.-]+/secrets?|/app/secrets?)/[\w./-]*[\w-])["'\x60\s);,]`)
	// credential matches a file in the folder that systemd hands a service: $CREDENTIALS_DIRECTORY/id, join(..., "id").
	credentialFile = lazy.New(`CREDENTIALS_DIRECTORY\b["'\])}]*\s*(?:[,+/]|\)\s*/|\.\s*["'])?\s*["']?/?([A-Za-z][\w.-]*)["'\s)]?`)
	serviceAccount = []byte("/kubernetes.io/")
)

// credentialsFolder stands in front of the names of files that systemd hands over.
const credentialsFolder = "$CREDENTIALS_DIRECTORY/"

// mountedFiles lists the files of secrets that a text names by their path. The name of such a read is the path: what mounts the
// file binds that.
func mountedFiles(text []byte) []Read {
	if !containsAny(text, mountMarks) {
		return nil
	}
	var out []Read
	for _, m := range mounted.FindAllSubmatchIndexIn(text, lazy.Near(text, 0, "/secret", "/run/credentials/"), maxListed) {
		name := text[m[2]:m[3]]
		if !bytes.Contains(name, serviceAccount) && len(name) < maxName {
			out = append(out, Read{Name: string(name), Via: "mounted-file", Offset: m[2], Sure: high})
		}
	}
	for _, m := range credentialFile.FindAllSubmatchIndexIn(text, lazy.Near(text, 2*maxName, "CREDENTIALS_DIRECTORY"), maxListed) {
		out = append(out, Read{Name: credentialsFolder + string(text[m[2]:m[3]]), Via: "systemd-credential", Offset: m[2], Sure: high})
	}
	return out
}

// maxListed bounds the paths of one text.
const maxListed = 500
