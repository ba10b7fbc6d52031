// Package source opens what a scan is pointed at (a folder, a git repository with its history, an archive, one
// file, standard input) and hands out its files as artifacts. It is the only user of go-git.
package source

import (
	"context"
	"io"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Spec is one SOURCE argument of the command line: NAME=LOCATION, or a location alone.
type Spec struct {
	Name     string // the id that the user gave, "" for none
	Location string // path, or "-" for standard input
}

// Options says what is read and within which limits. The zero value of a limit means its default.
type Options struct {
	NoHistory     bool
	NoArchives    bool
	NoUnreachable bool
	NoPrune       bool  // read dependency folders too
	MaxFile       int64 // bytes of one file
	MaxDepth      int   // nesting of archives
	Workers       int
	Stdin         io.Reader
	Progress      func(doneBytes, totalBytes int64) // called now and then; nil for none
}

// Source is an opened source.
type Source struct {
	ID       string
	Kind     string // git, folder, file, archive, stdin
	Revision string // commit of HEAD
	Time     string // of the newest commit, RFC 3339 UTC; "" where there is none
}

// Occurrence says where a blob of the history was: attribution for a finding.
type Occurrence struct {
	Path      string
	State     inventory.State
	Branches  []string
	FirstSeen string // commit id
	LastSeen  string // commit id
}

// Visit is called for every artifact, from several workers at once; worker is 0..Workers-1.
type Visit func(ctx context.Context, worker int, a *artifact.Artifact) error
