package graph

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/resolve"
)

// Mention is a name of a credential, or a name under which a dependent knows it, where it stands and nothing joins it: a
// line that no reader understood, or a variable that somebody reads and nobody is seen to set. It proves nothing. Whoever
// rotates the credential reads these lines first.
type Mention struct {
	Name     string               `json:"name"`     // as written there
	Evidence []inventory.Evidence `json:"evidence"` // programs and configuration first, then tests, then documentation
	More     int                  `json:"more"`     // how many further places there are
}

// maxMentioned bounds the places of one name: what stands in more of them stands for nothing.
const maxMentioned = 50

// mentioned is one name, written in one way.
type mentioned struct {
	name  string
	at    []inventory.Evidence
	reads bool // a variable that nothing was seen to set, not just a word
}

// indexMentions notes where names stand that are joined to nothing.
func (g *Graph) indexMentions() {
	g.mentioned = map[string][]mentioned{}
	for i := range g.sources {
		for _, m := range g.sources[i].Mentions {
			key := inventory.NameKey(m.Name)
			g.mentioned[key] = append(g.mentioned[key], mentioned{m.Name, m.Evidence, false})
		}
		g.sources[i].Mentions = nil
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		if len(n.Evidence) == 0 || !g.unset(int32(i)) {
			continue
		}
		for _, name := range inventory.NamesOf(n) {
			key := inventory.NameKey(name)
			g.mentioned[key] = append(g.mentioned[key], mentioned{name, n.Evidence, true})
		}
	}
}

// unset reports whether a node is a name that somebody reads and that nothing was seen to set.
func (g *Graph) unset(n int32) bool {
	switch g.nodes[n].Kind {
	case inventory.Binding:
		return !slices.ContainsFunc(g.out.of(n), func(i int32) bool { return g.edges[i].Kind != inventory.TalksTo })
	case inventory.Slot: // what a program reads and nothing binds has one of its own
		return g.nodes[n].Attr(inventory.AttrStore) == "env"
	}
	return false
}

// place is a line of a file.
type place struct {
	source, path string
	line         int
}

func placeOf(e inventory.Evidence) place { return place{e.Source, e.Path, e.Line} }

// mentions returns where the names of a credential stand beside what an impact shows. A word counts in the sources that
// have a fact of the credential; a variable that is read, everywhere, unless its name is that of many.
func (g *Graph) mentions(w *walk, impact *Impact) []Mention {
	found := g.namedPlaces(w)
	out := []Mention{}
	if len(found) == 0 {
		return out
	}
	eachShown(impact, func(e inventory.Evidence) {
		for _, at := range found {
			delete(at, placeOf(e))
		}
	})
	for name, at := range found {
		if len(at) > 0 {
			out = append(out, mentionOf(name, at))
		}
	}
	slices.SortFunc(out, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(mentionRank(a.Evidence[0].Path), mentionRank(b.Evidence[0].Path)), strings.Compare(a.Name, b.Name))
	})
	return out
}

// namedPlaces returns all places of the names that a walk came by, by name.
func (g *Graph) namedPlaces(w *walk) map[string]map[place]inventory.Evidence {
	found := map[string]map[place]inventory.Evidence{}
	sources := map[string]bool{}
	for _, key := range g.namesOf(w, sources) {
		for _, m := range g.mentioned[key] {
			anywhere := m.reads && key != m.name
			for _, e := range m.at {
				if e.State != inventory.Head || e.Path == "" || !sources[e.Source] && !anywhere {
					continue
				}
				if found[m.name] == nil {
					found[m.name] = map[place]inventory.Evidence{}
				}
				found[m.name][placeOf(e)] = e
			}
		}
	}
	return found
}

// eachShown visits the places that an impact shows otherwise.
func eachShown(impact *Impact, visit func(inventory.Evidence)) {
	all := func(list []inventory.Evidence) {
		for _, e := range list {
			visit(e)
		}
	}
	all(impact.Places)
	for _, list := range [][]Dependent{impact.Dependents, impact.Possible} {
		for i := range list {
			for j := range list[i].Path {
				all(list[i].Path[j].Evidence)
			}
		}
	}
	for i := range impact.Also {
		all(impact.Also[i].Evidence)
	}
}

// namesOf returns the keys of the names of the credential that a walk began at, and of those that its dependents give it,
// and notes the sources that all of them are seen in.
func (g *Graph) namesOf(w *walk, sources map[string]bool) []string {
	var out []string
	for _, n := range w.reached {
		node := &g.nodes[g.node(n)]
		seed := w.via[n] == isSeed && node.Kind == inventory.Slot
		if !seed && (node.Kind != inventory.Binding || w.certainty[n] != CertaintyBreaks || w.sure[n] < inventory.Medium) {
			continue
		}
		for _, e := range node.Evidence {
			sources[e.Source] = true
		}
		for _, name := range inventory.NamesOf(node) {
			out = append(out, inventory.NameKey(name))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func mentionOf(name string, at map[place]inventory.Evidence) Mention {
	m := Mention{Name: name}
	for _, e := range at {
		m.Evidence = append(m.Evidence, e)
	}
	slices.SortFunc(m.Evidence, func(a, b inventory.Evidence) int {
		return cmp.Or(cmp.Compare(mentionRank(a.Path), mentionRank(b.Path)), a.Compare(b))
	})
	if more := len(m.Evidence) - maxMentioned; more > 0 {
		m.Evidence, m.More = m.Evidence[:maxMentioned], more
	}
	return m
}

// RunsOrConfigures reports whether a name in a file is likely to matter: it is no test and no documentation.
func RunsOrConfigures(p string) bool { return mentionRank(p) == 0 }

// mentionRank orders files by what a name in them is likely to do: 0 what runs or configures, 1 tests, 2 what people read.
func mentionRank(p string) int {
	switch strings.ToLower(path.Ext(p)) {
	case ".md", ".mdx", ".rst", ".adoc", ".txt", ".html":
		return 2
	}
	if resolve.IsTest(p) {
		return 1
	}
	return 0
}
