package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// EdgeKind says how one node needs another. Edges run from the dependent to what it needs.
type EdgeKind string

// The kinds of edge.
const (
	Holds         EdgeKind = "holds"          // slot -> value; AttrHeld says current or past
	CopiesFrom    EdgeKind = "copies-from"    // slot -> slot; AttrWhole when the copy is the value itself
	MayBe         EdgeKind = "may-be"         // slot -> slot or pattern; never merged
	BoundFrom     EdgeKind = "bound-from"     // binding -> slot, binding, derived or pattern
	Reads         EdgeKind = "reads"          // part, code -> binding or slot
	ReceivedFrom  EdgeKind = "received-from"  // binding of a callee -> binding or slot of the caller
	MintedFrom    EdgeKind = "minted-from"    // derived -> slot or binding
	PartOf        EdgeKind = "part-of"        // part -> automation or part: from part to whole
	Runs          EdgeKind = "runs"           // part -> code, file, image, automation: its reads become the part's
	BuiltFrom     EdgeKind = "built-from"     // image -> source folder
	GeneratedFrom EdgeKind = "generated-from" // slot -> file or template
	TriggeredBy   EdgeKind = "triggered-by"   // automation -> automation
	TalksTo       EdgeKind = "talks-to"       // -> service
	OwnedBy       EdgeKind = "owned-by"       // -> owner
	GrantedTo     EdgeKind = "granted-to"     // -> owner, source
)

// Effect says what an edge carries from the needed node to the dependent when a credential changes.
type Effect uint8

// The effects.
const (
	Nothing      Effect = iota // says something, breaks nothing
	MayBreak                   // reached apart, as possible
	DoesNotStart               // the dependent is not started any more
	Breaks                     // the dependent breaks
)

// Effect returns what edges of the kind carry.
func (k EdgeKind) Effect() Effect {
	switch k {
	case CopiesFrom, BoundFrom, Reads, ReceivedFrom, MintedFrom, PartOf, Runs:
		return Breaks
	case MayBe:
		return MayBreak
	case TriggeredBy:
		return DoesNotStart
	}
	return Nothing
}

// Edge joins two nodes.
type Edge struct {
	From       string     `json:"from"` // the dependent
	To         string     `json:"to"`   // what it needs
	Kind       EdgeKind   `json:"kind"`
	Rule       string     `json:"rule"` // the id of the rule that made it
	Confidence Confidence `json:"confidence"`
	Attrs      []Attr     `json:"attrs,omitempty"`
	Evidence   []Evidence `json:"evidence,omitempty"`
}

// Attr returns the value of the first attribute with the key, or "".
func (e *Edge) Attr(key AttrKey) string {
	for i := range e.Attrs {
		if e.Attrs[i].Key == key {
			return e.Attrs[i].Value
		}
	}
	return ""
}

// All returns the attributes with the key.
func (e *Edge) All(key AttrKey) []Attr {
	var out []Attr
	for i := range e.Attrs {
		if e.Attrs[i].Key == key {
			out = append(out, e.Attrs[i])
		}
	}
	return out
}

// Inside reports whether a read, or what an import takes, is reached by a name of its file; by all who load the file when the fact says
// nothing else, and for the name "".
func (e *Edge) Inside(name string) bool {
	some := false
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Key == AttrInside {
			if some = true; name == "" || a.Value == name {
				return true
			}
		}
	}
	return !some
}

// Taken lists the names that an import takes of a file, as far as they are used by a name of the importing file; nil with false for an
// import of all of it.
func (e *Edge) Taken(name string) (names []string, some bool) {
	for i := range e.Attrs {
		a := &e.Attrs[i]
		if a.Key != AttrTakes {
			continue
		}
		some = true
		if name == "" || a.Detail == "" || slices.Contains(strings.Fields(a.Detail), name) {
			names = append(names, a.Value)
		}
	}
	return names, some
}

// Compare orders edges by ends, kind, rule and confidence: edges that compare equal are one edge.
func (e Edge) Compare(o Edge) int {
	return compareEdges(e.From, o.From, e.To, o.To, e.Kind, o.Kind, e.Rule, o.Rule, e.Confidence, o.Confidence)
}

func compareEdges(from, from2, to, to2 string, kind, kind2 EdgeKind, rule, rule2 string, sure, sure2 Confidence) int {
	switch { // one after the other: the ends decide nearly always
	case from != from2:
		return strings.Compare(from, from2)
	case to != to2:
		return strings.Compare(to, to2)
	case kind != kind2:
		return strings.Compare(string(kind), string(kind2))
	case rule != rule2:
		return strings.Compare(rule, rule2)
	}
	return cmp.Compare(sure2, sure)
}

// MergeEdges joins two edges that compare equal.
func MergeEdges(a, b Edge) Edge {
	a.Attrs = MergeAttrs(a.Attrs, b.Attrs)
	a.Evidence = MergeEvidence(a.Evidence, b.Evidence)
	return a
}
