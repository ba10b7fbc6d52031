package pipeline

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Target is what a name stands for.
type Target struct {
	ID   string
	Sure inventory.Confidence
	At   artifact.Place // where the file names the level of the target: a context, a group; zero for none
}

// Need adds an edge to a target, with the place that names its level beside that of the mention.
func (f *File) Need(kind inventory.EdgeKind, from string, t Target, rule string, sure inventory.Confidence, at artifact.Place) {
	f.Edge(kind, from, t.ID, rule, sure, at)
	if t.At.Line > 0 {
		f.Edge(kind, from, t.ID, rule, sure, t.At)
	}
}

// Level is what one level declares: the binding of each name.
type Level map[string]string

// Scope is where a text stands: what it can see, and who reads.
type Scope struct {
	*File
	Part   string  // the node that reads
	Home   string  // the node that gets a binding for a name which nobody declares: the job
	Levels []Level // nearest first
	Dir    string  // working directory, from the root of the source
	Folder string  // folder of the text itself

	// Own returns the slots of the system in which a name may stand that nobody declares; nil for none.
	Own func(name string, at artifact.Place) []Target

	// Fold returns the form of a name under which levels know it; nil where names are taken as written.
	Fold func(name string) string

	own Level // bindings of names that nobody declares
}

// Enter returns the scope of a part inside this one, which declares a level of its own. A home keeps what its own
// parts read of names that nobody declares.
func (s *Scope) Enter(part string, home bool, own Level) *Scope {
	in := *s
	in.Part = part
	in.Levels = append([]Level{own}, s.Levels...)
	if home || in.own == nil {
		in.Home, in.own = part, Level{}
	}
	return &in
}

func (s *Scope) fold(name string) string {
	if s.Fold == nil {
		return name
	}
	return s.Fold(name)
}

// Declare adds a variable that an owner hands to all that is inside it.
func (s *Scope) Declare(level Level, owner, name, rule string, at artifact.Place) string {
	b := s.Binding(owner, name, "env", at)
	s.Edge(inventory.Reads, owner, b, rule, inventory.Certain, at)
	level[s.fold(name)] = b
	return b
}

// Visible returns the binding of a name: the nearest level wins.
func (s *Scope) Visible(name string) string {
	for _, level := range s.Levels {
		if b := level[s.fold(name)]; b != "" {
			return b
		}
	}
	return s.own[s.fold(name)]
}

// Name returns what a name stands for: the nearest binding, else the system's own variable, for which the job gets
// a binding. Nothing for names that do not speak of a credential, or that the system supplies.
func (s *Scope) Name(name string, at artifact.Place) []Target {
	if b := s.Visible(name); b != "" {
		return []Target{{ID: b, Sure: inventory.Certain}}
	}
	if s.Own == nil || !Credential(name) || s.own == nil {
		return nil
	}
	slots := s.Own(name, at)
	if len(slots) == 0 {
		return nil
	}
	b := s.Declare(s.own, s.Home, name, s.Rule+"-variable", at)
	for _, t := range slots {
		s.Need(inventory.BoundFrom, b, t, s.Rule+"-variable", t.Sure, at)
	}
	return []Target{{ID: b, Sure: inventory.Certain}}
}

// Credential reports whether a name that nobody declares speaks of a credential, so that it must come from the
// system's own variables.
func Credential(name string) bool {
	if len(name) > 200 || strings.ContainsAny(name, "*$/\n") || detect.Ignored(name) {
		return false
	}
	c := detect.ClassifyName(name)
	return c.Score > 0
}

// Variables declares the entries of a map, or of a list of maps, for an owner. Values may use what is visible
// outside.
func (s *Scope) Variables(owner string, n *tree.Node, p tree.Path) Level {
	out := Level{}
	s.Items(n, p, func(n *tree.Node, p tree.Path) {
		s.Entries(n, p, func(pair tree.Pair, p tree.Path) {
			value := pair.Value
			if value.IsMap() {
				value, p = value.Get("value"), p.Key("value") // GitLab's long form
			}
			b := s.Declare(out, owner, pair.Key, s.Rule+"-env", artifact.AtPair(pair, p))
			s.Value(b, pair.Key, value, p)
		})
		s.Folders(owner, n, p)
	})
	return out
}

// Value says where a binding gets its value from: variables and store references in the text, or the text itself.
func (s *Scope) Value(binding, name string, n *tree.Node, p tree.Path) {
	if n == nil || n.Kind != tree.Scalar || n.Str() == "" {
		return
	}
	if s.Bind(binding, n.Value, PlacesOf(s.Artifact, n, p)) {
		s.composed[binding] = n.Value
		return
	}
	s.constants[binding] = n.Value
	if worth(name, n) {
		s.constant(binding, name, n, p, false)
	}
}

// minLiteral is the length from which a string may be a credential though its name does not speak of one.
const minLiteral = 12

// worth reports whether a literal may be a credential: by its name, or as a string that is long enough.
func worth(name string, n *tree.Node) bool {
	if strings.Contains(n.Value, "<<") || strings.Contains(n.Value, "{{") || strings.Contains(n.Value, "$[") || strings.Contains(n.Value, "$(") {
		return false // filled in by the system
	}
	return !detect.Ignored(name) && (detect.ClassifyName(name).Score > 0 || n.IsString() && len(n.Value) >= minLiteral)
}

// constant binds a name to a literal. One that several parts share, by an anchor or by inheritance, is one slot.
func (s *Scope) constant(binding, name string, n *tree.Node, p tree.Path, sure bool) {
	at := artifact.At(n, p)
	slot, known := s.inline[n]
	if !known {
		slot = s.Inline(string(p), at)
		s.inline[n] = slot
		s.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(n.Value), Place: at, Sure: sure})
	}
	s.Edge(inventory.BoundFrom, binding, slot, "inline", inventory.Certain, at)
}

// Bind joins a node to what a text refers to. It reports whether the text holds a reference.
func (s *Scope) Bind(id, text string, place func(int) artifact.Place) bool {
	found := false
	for _, r := range detect.StoreReferences(text) {
		s.Edge(inventory.BoundFrom, id, s.Slot(r.Slot, place(r.Start)), r.Via, inventory.Certain, place(r.Start))
		found = true
	}
	for _, v := range detect.Variables(text) {
		found = true
		for _, t := range s.Name(v.Name, place(v.Start)) {
			if t.ID != id {
				s.Need(inventory.BoundFrom, id, t, s.Rule+"-env", t.Sure, place(v.Start))
			}
		}
	}
	return found
}

// Reads says that the part itself uses what a text refers to.
func (s *Scope) Reads(text, rule string, place func(int) artifact.Place) {
	for _, v := range detect.Variables(text) {
		for _, t := range s.Name(v.Name, place(v.Start)) {
			s.Need(inventory.Reads, s.Part, t, rule, t.Sure, place(v.Start))
		}
	}
}

// Seen says that the part itself uses those variables of a text that its scope declares.
func (s *Scope) Seen(text, rule string, place func(int) artifact.Place) {
	for _, v := range detect.Variables(text) {
		if b := s.Visible(v.Name); b != "" {
			s.Edge(inventory.Reads, s.Part, b, rule, inventory.High, place(v.Start))
		}
	}
}

// Argument adds a named value handed to the part that may carry a credential: references are followed, a literal
// is kept when the name speaks of a credential or is known to be one. It returns the binding, "" for none.
func (s *Scope) Argument(name string, n *tree.Node, p tree.Path, sure bool) string {
	if n == nil || n.Kind != tree.Scalar || n.Str() == "" {
		return ""
	}
	at := artifact.At(n, p)
	refers := len(detect.Variables(n.Value))+len(detect.StoreReferences(n.Value)) > 0
	if !refers && !sure && detect.ClassifyName(name).Score < 2 {
		return ""
	}
	b := s.Binding(s.Part, name, "argument", at)
	if refers {
		s.Bind(b, n.Value, PlacesOf(s.Artifact, n, p))
	} else {
		s.constant(b, name, n, p, sure)
	}
	s.Edge(inventory.Reads, s.Part, b, s.Rule+"-argument", inventory.Certain, at)
	return b
}

// Fetched says that the part gets an entry of a secret store under a name.
func (s *Scope) Fetched(level Level, owner, name, slot, rule string, at artifact.Place) string {
	b := s.Declare(level, owner, name, rule, at)
	s.Edge(inventory.BoundFrom, b, slot, rule, inventory.Certain, at)
	return b
}
