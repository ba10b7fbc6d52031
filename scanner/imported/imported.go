// Package imported reads files that another program wrote about a source, given with scan --import: listings of the
// names that a store holds, and reports of other scanners. Which kind a file is follows from its content, by the table
// All. It is pure: bytes in, facts out.
package imported

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Context is what an import needs to know that its file does not say.
type Context struct {
	Scope   string              // as given in front of the file, store:scope (gh-org:acme); "" for none
	Sources []string            // ids of the sources of the scan
	Roots   map[string][]string // the folder of each source: absolute, and as it was given

	// Known returns the slot that holds a value at a line of a file, "" when the scan found none there.
	Known func(source, file string, line int) string

	// Hashed returns the slot that holds a value with this SHA-1 in a file, or else in another file of the source; ""
	// when the scan found none.
	Hashed func(source, file, sha1 string) string

	// Has reports whether the source has a file of that path.
	Has func(source, file string) bool
}

// Row is one kind of file.
type Row struct {
	ID      string // kebab-case, stable: the rule of the facts that it yields
	Title   string
	Command string // what writes such a file

	// Match reports whether the file is of this kind, by its content alone.
	Match func(a *artifact.Artifact) bool

	// Parse returns the facts of the file, and those of the files of a source that it speaks of. An error ends the
	// scan: an import was asked for by name.
	Parse func(a *artifact.Artifact, c Context) ([]*artifact.Facts, error)
}

// All returns the rows, in the order in which they are asked.
func All() []Row {
	return append(listings(), reportRows()...)
}

// Read returns the facts of one file: by the first row that claims it.
func Read(a *artifact.Artifact, c Context) ([]*artifact.Facts, Row, error) {
	for _, row := range All() {
		if !row.Match(a) {
			continue
		}
		facts, err := row.Parse(a, c)
		return facts, row, err
	}
	return nil, Row{}, fmt.Errorf("it is none of the files that --import reads\nhint: those are %s", strings.Join(titles(), "; "))
}

func titles() []string {
	var out []string
	for _, r := range All() {
		out = append(out, r.Title)
	}
	return out
}
