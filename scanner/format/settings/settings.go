// Package settings is what the formats of applications' configuration files share: how an entry becomes facts.
//
// A configuration file is program text that the application loads: one code node that reads the variables its values
// name. An entry is a binding of its own, <file>#<key> or <file>#<key>@<profile>, which graph/resolve joins with the
// reads of that property in code.
package settings

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// File is one configuration file while it is read.
type File struct {
	*artifact.Facts
	ID       string // of its code node
	language string
	open     bool
	slots    map[string]bool // inline slots, by key: a key that stands twice gets one each
}

// New returns the file of an artifact. The language tells graph/resolve how keys are written.
func New(f *artifact.Facts, language string) *File {
	return &File{Facts: f, ID: inventory.FileID("code", f.Artifact.Source, f.Artifact.Path), language: language, slots: map[string]bool{}}
}

// Entry is one entry of the file.
type Entry struct {
	Key     string // as written, with the separators of its family: mail.api-key, Mail:ApiKey
	Profile string // of the document or the file, "" for all
	Value   string
	At      artifact.Place
	Refs    []Placeholder // of the value
	Literal string        // what stands there as text, defaults put in; "" for none
}

// Node adds the code node that stands for the file, once.
func (s *File) Node() string {
	if !s.open {
		s.open = true
		a := s.Artifact
		s.Facts.Node(inventory.Code, s.ID, a.Path, artifact.Place{})
		s.Attr(s.ID, inventory.AttrPlatform, s.Platform, "", artifact.Place{})
		s.Attr(s.ID, inventory.AttrLanguage, s.language, "", artifact.Place{})
	}
	return s.ID
}

// Add adds the facts of an entry: the variables and stores that its value names, and the literal that stands there.
// Entries that name nothing are kept when their key speaks of a credential: a variable may set them.
func (s *File) Add(e Entry) {
	stores := detect.StoreReferences(e.Value)
	if len(e.Key) > maxKey || len(e.Refs)+len(stores) == 0 && e.Literal == "" && !speaks(e.Key) {
		return
	}
	var def string
	if len(e.Refs)+len(stores) > 0 || speaks(e.Key) {
		def = s.define(e)
	}
	for _, r := range e.Refs {
		b := s.Variable(r.Name, e.At)
		s.Edge(inventory.BoundFrom, def, b, "setting-placeholder", inventory.Certain, e.At)
	}
	whole := false
	for _, r := range stores {
		s.Edge(inventory.BoundFrom, def, s.Slot(r.Slot, e.At), r.Via, inventory.Certain, e.At)
		s.Edge(inventory.Reads, s.Node(), r.Slot.ID(), r.Via, inventory.Certain, e.At)
		whole = whole || r.Whole
	}
	if e.Literal != "" && !whole {
		s.literal(e, def)
	}
}

// maxKey bounds the length of a key.
const maxKey = 300

func speaks(key string) bool {
	return connection(key) || detect.ClassifyName(key).Class == inventory.ClassCredential
}

// connection reports whether a key is that of a connection string of .NET, which holds a password more often than not.
func connection(key string) bool {
	return strings.HasPrefix(strings.ToLower(key), "connectionstrings:")
}

// define adds the binding that stands for an entry.
func (s *File) define(e Entry) string {
	id := s.Node() + "#" + qualified(e)
	s.Facts.Node(inventory.Binding, id, e.Key, e.At)
	s.Attr(id, inventory.AttrAs, "entry", e.Profile, e.At)
	if strings.TrimSpace(e.Value) == "" {
		s.Defined(id, inventory.DefinedOutside, e.At)
	}
	if connection(e.Key) {
		s.AttrSure(id, inventory.AttrClass, string(inventory.ClassCredential), "a connection string", inventory.Medium, e.At)
	}
	s.environment(id, e)
	return id
}

func (s *File) environment(id string, e Entry) {
	env := detect.WordEnvironment(e.Profile)
	if env == "" {
		env = detect.PathEnvironment(s.Artifact.Path)
	}
	if env != "" {
		s.AttrSure(id, inventory.AttrEnvironment, env, "profile", inventory.High, e.At)
	}
}

func qualified(e Entry) string {
	if e.Profile == "" {
		return e.Key
	}
	return e.Key + "@" + e.Profile
}

// literal adds the text of an entry, to be judged.
func (s *File) literal(e Entry, def string) {
	key := qualified(e)
	if s.slots[key] {
		return
	}
	s.slots[key] = true
	slot := s.Inline(key, e.At)
	s.environment(slot, e)
	s.Edge(inventory.Reads, s.Node(), slot, "setting", inventory.Certain, e.At)
	if def != "" {
		s.Edge(inventory.BoundFrom, def, slot, "setting", inventory.Certain, e.At)
	}
	s.Literal(slot, e.Key, e.Literal, e.At)
}

// Variable adds a name that the file reads: a variable of the environment, or another property.
func (s *File) Variable(name string, at artifact.Place) string {
	as := "env"
	if IsProperty(name) {
		as = "property"
	}
	b := s.Binding(s.Node(), name, as, at)
	s.Edge(inventory.Reads, s.ID, b, "setting-placeholder", inventory.Certain, at)
	s.Refs++
	return b
}

// IsProperty reports whether a name is written as properties are: no variable holds dots, hyphens or colons, nor
// small letters as a rule.
func IsProperty(name string) bool {
	return strings.ContainsAny(name, ".-:[") || name == strings.ToLower(name) && !strings.Contains(name, "_")
}
