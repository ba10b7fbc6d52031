// Package artifact holds what source, format, code and secret share: one file in flight, the facts found in it,
// and the sealed value of a secret.
package artifact

import (
	"bytes"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Artifact is one file at one revision, in flight. Content is valid UTF-8 without a byte-order mark and is
// dropped once the file is done: its memory is used again.
type Artifact struct {
	Source   string // source id
	Path     string // slash path relative to the source
	Content  []byte
	State    inventory.State
	Blob     string   // git blob id of the bytes as stored, "" for what is not in git
	Commit   string   // a commit that holds it, "" for a plain file
	Branches []string // other branches whose head holds it; only for State Branch

	// Change says what of a file of the history is new against another one that was visited before; nil means
	// that all of it is.
	Change *Change

	// Binary is set for a file that is no text: Content holds the stretches of text in it, one in a line.
	Binary *Binary

	// Identity names the content, and what of it is new: artifacts of one path, state and identity give the same
	// facts. It is "" where only the content tells. Known says that an earlier scan saw it; Quiet, that there was
	// nothing to tell of it: the visitor sets it.
	Identity     string
	Known, Quiet bool

	// Marks are set by the visitor: places that must be read again wherever this text is kept, because a secret
	// stands there or because what stands there was read together with text far off.
	Marks []Range

	// Kin is the visitor's memory of the artifacts of the history that are read in one run, one after the other, because
	// git stores them on each other: versions of the same files, mostly. It is nil outside of such a run.
	Kin *Kin

	// Siblings are the other files of a bundle, by path: those that the format's Siblings asked for.
	Siblings map[string]*Artifact

	// Parsed is what a format made of a sibling, kept as long as the bundle is: the files of one folder share it.
	Parsed any

	lines []int
	tree  *parsed
	lent  *Scratch        // memory while the artifact is read, nil for none
	grams *Grams          // of the content; nil until asked for
	seen  *inventory.Seen // of the branches
}

// Kin is what a visitor remembers from one artifact of a run to the next.
type Kin struct{ Data any }

// Binary is what a file holds that is no text.
type Binary struct {
	Raw     []byte
	Offsets []int // where each line of the content stands in Raw
}

type parsed struct {
	docs []tree.Document
}

// Base returns the last element of the path.
func (a *Artifact) Base() string { return path.Base(a.Path) }

// Dir returns the folder of the path, "" for the source's root.
func (a *Artifact) Dir() string {
	if d := path.Dir(a.Path); d != "." {
		return d
	}
	return ""
}

// LooksLikeJSON reports whether the first byte that is no white space opens an object or array.
func (a *Artifact) LooksLikeJSON() bool {
	t := bytes.TrimLeft(a.Content, " \t\r\n")
	return len(t) > 0 && (t[0] == '{' || t[0] == '[')
}

// Documents parses the file as JSON or YAML, once: every format that asks shares the trees.
func (a *Artifact) Documents() []tree.Document {
	if a.tree == nil {
		a.tree = &parsed{docs: a.parse()}
	}
	return a.tree.docs
}

// Malformed reports whether a format asked for the documents of a file that is named JSON or YAML and is neither.
func (a *Artifact) Malformed() bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".json", ".yaml", ".yml":
		return a.tree != nil && slices.ContainsFunc(a.tree.docs, func(d tree.Document) bool { return d.Err != nil })
	}
	return false
}

func (a *Artifact) parse() []tree.Document {
	ext := strings.ToLower(path.Ext(a.Path))
	if a.LooksLikeJSON() && ext != ".yaml" && ext != ".yml" {
		nodes, err := a.JSON(a.Content)
		if err != nil {
			return []tree.Document{{Line: 1, Err: err}}
		}
		docs := make([]tree.Document, len(nodes))
		for i, n := range nodes {
			docs[i] = tree.Document{Root: n, Line: n.Line}
		}
		return docs
	}
	return tree.YAML(a.Content)
}

// JSON parses a text that the artifact holds, or is. The trees live as long as those of Documents.
func (a *Artifact) JSON(text []byte) ([]*tree.Node, error) {
	if a.lent != nil {
		return a.lent.trees.JSON(text)
	}
	return tree.JSON(text)
}

// Place is a position in an artifact.
type Place struct {
	Line    int    // from 1; 0 means the whole file
	Column  int    // from 1, in bytes
	Pointer string // route inside a structured file
	File    string // path of the file of the bundle that the place is in, "" for the artifact itself
}

// At returns the place of a tree node.
func At(n *tree.Node, p tree.Path) Place {
	if n == nil {
		return Place{Pointer: string(p)}
	}
	return Place{Line: n.Line, Column: n.Column, Pointer: string(p), File: n.File()}
}

// AtPair returns the place of a map entry's key.
func AtPair(pair tree.Pair, p tree.Path) Place {
	return Place{Line: pair.Line, Column: pair.Column, Pointer: string(p), File: pair.File}
}

// PlaceOf returns line and column of a byte offset in the content. A binary file has no lines: the pointer says at
// which byte it is.
func (a *Artifact) PlaceOf(offset int) Place {
	if a.Binary == nil {
		return a.placeInText(offset)
	}
	at := a.placeInText(offset)
	if at.Line > len(a.Binary.Offsets) {
		return Place{}
	}
	return Place{Pointer: "byte " + strconv.Itoa(a.Binary.Offsets[at.Line-1]+at.Column-1)}
}

func (a *Artifact) placeInText(offset int) Place {
	a.index()
	lo, hi := 0, len(a.lines)
	for lo+1 < hi {
		if mid := (lo + hi) / 2; a.lines[mid] <= offset {
			lo = mid
		} else {
			hi = mid
		}
	}
	return Place{Line: lo + 1, Column: offset - a.lines[lo] + 1}
}

// LineStart returns the offset at which a line begins, -1 when the file has no such line.
func (a *Artifact) LineStart(line int) int {
	a.index()
	if line < 1 || line > len(a.lines) {
		return -1
	}
	return a.lines[line-1]
}

// index notes where lines begin, once.
func (a *Artifact) index() {
	if a.lines != nil {
		return
	}
	var memory []int
	if a.lent != nil {
		memory = a.lent.lines
	}
	a.lines = append(memory[:0], 0)
	for i := 0; ; {
		n := bytes.IndexByte(a.Content[i:], '\n')
		if n < 0 {
			break
		}
		i += n + 1
		a.lines = append(a.lines, i)
	}
	if a.lent != nil {
		a.lent.lines = a.lines
	}
}

// Evidence turns a place into evidence.
func (a *Artifact) Evidence(p Place) inventory.Evidence {
	file := a.Path
	if p.File != "" {
		file = p.File
	}
	return inventory.Evidence{
		Source: a.Source, Path: file, Line: p.Line, Column: p.Column, Pointer: p.Pointer,
		State: a.State, Commit: a.Commit, Seen: a.seenAt(),
	}
}

// seenAt returns the branches of the artifact as all its evidence has them.
func (a *Artifact) seenAt() *inventory.Seen {
	if len(a.Branches) == 0 {
		return nil
	}
	if a.seen == nil || len(a.seen.On) != len(a.Branches) || &a.seen.On[0] != &a.Branches[0] {
		a.seen = inventory.SeenAt(a.Branches, "", "")
	}
	return a.seen
}

// Format is one row of the table of formats: what it is called, which files are its own, and how they are read.
type Format struct {
	ID    string // kebab-case, stable: also the platform of the automations it yields
	Title string
	Doc   string // where the format is described

	// Match reports whether the file is of this format. It is asked for every file, so it compares strings and
	// bytes and parses nothing.
	Match func(a *Artifact) bool

	// Parse adds the facts of the file to f. It does no I/O. An error means that the file is malformed: it
	// becomes a counted skip, and what was added before stands.
	Parse func(a *Artifact, f *Facts) error

	// Siblings names further files that the format needs in the same call, as globs relative to the folder of
	// the file, which may lead up ("../values*.yaml") as long as they stay in the source; nil for most formats.
	Siblings func(a *Artifact) []string

	// Further names more files, once those of Siblings can be read; it is asked again, a few times, while that brings
	// new ones. nil for formats that need none.
	Further func(a *Artifact) []string
}
