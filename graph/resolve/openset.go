package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// openSets knows which parts take in a set of names that no file lists (envFrom of a Secret that a store fills, or
// that is defined elsewhere; an env_file that is not in the source). A program of such a part that reads a credential's name which nothing else binds gets
// it from there: at medium when the part takes in one such set, not at all when it takes in several.
type openSets struct {
	v     *View
	sets  map[string][]inventory.Edge // part -> its binding's edge to the set
	added []address
}

func newOpenSets(v *View) *openSets {
	s := &openSets{v: v, sets: map[string][]inventory.Edge{}}
	closed := map[string]bool{}
	for _, a := range v.addresses(inventory.Slot, anyStore) {
		if a.key != "" && a.node.Attr(inventory.AttrDefined) == inventory.DefinedInScan {
			a.key = "*"
			closed[a.ref().ID()] = true
		}
	}
	for _, p := range v.addresses(inventory.Pattern, func(store string) bool { return KeepsSecrets(store) || store == "dotenv" }) {
		if p.key != "*" || closed[p.node.ID] {
			continue
		}
		for _, e := range v.In(p.node.ID, inventory.BoundFrom) {
			b := v.Node(e.From)
			if b == nil || !strings.HasSuffix(b.Name, "*") || strings.Contains(b.Name, "/") {
				continue
			}
			part := strings.TrimSuffix(b.ID, "/"+b.Name)
			s.sets[part] = append(s.sets[part], e)
		}
	}
	return s
}

func (s *openSets) has(part string) bool { return s != nil && len(s.sets[part]) == 1 }

// mayHold reports whether a name that a file reads can come from the set of a part.
func (s *openSets) mayHold(part, name string, code *inventory.Node) bool {
	if !s.has(part) {
		return false
	}
	read := s.v.Node(inventory.BindingID(code.ID, name))
	prefix := strings.TrimSuffix(s.v.Node(s.sets[part][0].From).Name, "*")
	return read != nil && read.Attr(inventory.AttrClass) == string(inventory.ClassCredential) && strings.HasPrefix(name, prefix) &&
		len(name) > len(prefix) && !strings.ContainsAny(name, "*/")
}

// boundBy gives a part the name out of its set, and returns the binding; nil when the set is not known to hold it.
func (s *openSets) boundBy(part, name string, code *inventory.Node) *inventory.Node {
	if s == nil || !s.mayHold(part, name, code) {
		return nil
	}
	e := s.sets[part][0]
	a, ok := addressOf(s.v.Node(e.To))
	if !ok {
		return nil
	}
	set := s.v.Node(e.From)
	r := a.ref()
	r.Key = strings.TrimPrefix(name, strings.TrimSuffix(set.Name, "*"))
	read := s.v.Node(inventory.BindingID(code.ID, name))
	id := inventory.BindingID(part, name)
	slot := s.v.addSlot(r, read, e.Evidence)
	s.v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Attrs: set.Attrs, Evidence: set.Evidence})
	s.v.AddEdge(inventory.Edge{From: part, To: id, Kind: inventory.Reads, Rule: "R7-open-set", Confidence: inventory.Medium, Evidence: e.Evidence})
	s.v.AddEdge(inventory.Edge{From: id, To: slot, Kind: inventory.BoundFrom, Rule: "R7-open-set", Confidence: inventory.Medium,
		Evidence: inventory.MergeEvidence(e.Evidence, read.Evidence)})
	if next, ok := addressOf(s.v.Node(slot)); ok {
		s.added = append(s.added, next)
	}
	return s.v.Node(id)
}

// settle follows the names that were found through the stores that fill their sets.
func (s *openSets) settle() {
	if len(s.added) == 0 {
		return
	}
	f := newCopyFollower(s.v)
	f.queue = s.added
	f.run()
	joinEntries(s.v)
	s.added = nil
}
