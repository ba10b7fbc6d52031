// Package pipeline holds what the formats of CI systems share: which variables a piece of shell text can see, what
// the text does with them, and how a name that nobody in the file declares becomes a slot of the system.
package pipeline

import (
	"bytes"
	"errors"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// budget bounds the entries of one file, aliases counted each time they are used: the largest real files stay
// below a hundredth of it.
const budget = 100_000

// File is one pipeline file while it is read.
type File struct {
	*artifact.Facts
	ID   string // of the automation
	Repo string // scope under which the repository's own variables stand
	Rule string // what the ids of its rules begin with: gitlab, circle ...

	extents   container.Extents
	inline    map[*tree.Node]string // slots of literals: a value that several parts share is one
	constants map[string]string     // literal values by binding, for names that they are part of
	composed  map[string]string     // values that use variables, likewise
	left      int
}

// New returns a file whose automation, the whole file, is added. Store is where names that nobody declares come
// from: it stands on the automation, so that a script which a job runs can be joined to it.
func New(facts *artifact.Facts, rule, store, name string, root *tree.Node) *File {
	f := open(facts, rule)
	f.ID = f.Automation("", name, artifact.At(root, ""))
	f.Attr(f.ID, inventory.AttrNeeds, "next run", "", artifact.At(root, ""))
	if store != "" {
		f.Attr(f.ID, inventory.AttrStore, store, "", artifact.At(root, ""))
		f.Attr(f.ID, inventory.AttrScope, f.Repo, "", artifact.At(root, ""))
	}
	f.Cover(f.ID, 1, bytes.Count(facts.Artifact.Content, []byte("\n"))+1)
	return f
}

// NewPart returns a file that is no automation by itself, but a part which others run: a role, a list of tasks.
func NewPart(facts *artifact.Facts, rule, role, name string, root *tree.Node) *File {
	f := open(facts, rule)
	at := artifact.At(root, "")
	f.ID = f.Node(inventory.Part, inventory.FileID(facts.Platform, facts.Artifact.Source, facts.Artifact.Path), name, at)
	f.Attr(f.ID, inventory.AttrPlatform, facts.Platform, "", at)
	f.Attr(f.ID, inventory.AttrRole, role, "", at)
	f.Cover(f.ID, 1, bytes.Count(facts.Artifact.Content, []byte("\n"))+1)
	return f
}

func open(facts *artifact.Facts, rule string) *File {
	return &File{Facts: facts, Rule: rule, Repo: inventory.RepoScope(facts.Artifact.Source), left: budget,
		extents: container.Extents{}, inline: map[*tree.Node]string{}, constants: map[string]string{}, composed: map[string]string{}}
}

// Spend takes one entry from the budget; when it is gone, that is noted once.
func (f *File) Spend() bool {
	f.left--
	if f.left == -1 {
		f.Skip("more entries than the limit: the rest of the file is left out")
	}
	return f.left >= 0
}

// Entries visits the pairs of a map with their paths, and stops when the file's budget is spent.
func (f *File) Entries(n *tree.Node, p tree.Path, visit func(tree.Pair, tree.Path)) {
	for _, pair := range n.Entries() {
		if !f.Spend() {
			return
		}
		visit(pair, p.Key(pair.Key))
	}
}

// Items visits the items of a list, or a single value as a list of one.
func (f *File) Items(n *tree.Node, p tree.Path, visit func(*tree.Node, tree.Path)) {
	for i, item := range n.List() {
		if !f.Spend() {
			return
		}
		at := p
		if n.IsSeq() {
			at = p.Index(i)
		}
		visit(item, at)
	}
}

// Covers attaches the lines of a tree node to a node of the map.
func (f *File) Covers(id string, first int, n *tree.Node) {
	if first > 0 {
		f.Cover(id, first, max(first, f.extents.Last(n)))
	}
}

// Schedule says when the automation runs.
func (f *File) Schedule(n *tree.Node, p tree.Path, zone string) {
	if n.Str() != "" {
		f.Attr(f.ID, inventory.AttrSchedule, n.Str(), zone, artifact.At(n, p))
	}
}

// Environment says which environment a part works on. A name that is computed is kept as it is written.
func (f *File) Environment(part string, name string, at artifact.Place) {
	f.Attr(part, inventory.AttrEnvironment, name, "", at)
	f.Attr(f.ID, inventory.AttrEnvironment, name, "", at)
}

// Owner returns the organisation, group or user above the repository, "" when the source does not say.
func (f *File) Owner() string {
	repo := f.Repo
	if i := strings.Index(repo, "/_git/"); i >= 0 {
		return repo[:i]
	}
	i := strings.LastIndexByte(repo, '/')
	if i < 0 {
		return ""
	}
	return repo[:i]
}

// Level adds a slot that is no reference of its own: another level at which a name may be defined.
func (f *File) Level(r inventory.SlotRef, at artifact.Place) string {
	id := f.Slot(r, at)
	f.Refs--
	return id
}

var errShape = errors.New("not the shape of a pipeline")

// Root returns the map that a file of one document holds; nil without an error for an empty file.
func Root(a *artifact.Artifact) (*tree.Node, error) {
	root, err := Document(a)
	if root != nil && !root.IsMap() {
		return nil, errShape
	}
	return root, err
}

// Document returns the first document that holds something; nil without an error for an empty file.
func Document(a *artifact.Artifact) (*tree.Node, error) {
	var err error
	for _, d := range a.Documents() {
		if d.Root != nil {
			return d.Root, nil
		}
		if err == nil {
			err = d.Err
		}
	}
	return nil, err
}

// Yaml reports whether the base name has a YAML extension.
func Yaml(base string) bool {
	return strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")
}

// AnyLine reports whether a line that holds the word matches. The expression sees one line at a time.
func AnyLine(text []byte, word string, line *lazy.Regexp) bool {
	for from := 0; ; {
		i := lazy.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start := bytes.LastIndexByte(text[:from+i], '\n') + 1
		end := len(text)
		if n := bytes.IndexByte(text[from+i:], '\n'); n >= 0 {
			end = from + i + n
		}
		if line.Match(text[start:end]) {
			return true
		}
		from = end
	}
}
