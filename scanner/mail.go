package scanner

import (
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

var mailAddress = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)

// hideMails takes mail addresses out of owners and of what a source says in its own words: each becomes a label
// that is the same wherever the address stands, and that nobody can turn back without the key.
func (w *worker) hideMails(f *inventory.Fragment) {
	label := func(mail string) string {
		id := w.options.Key.Of(artifact.Seal(strings.ToLower(mail)), true).ID
		return "mail-" + id[len(id)-8:]
	}
	hide := func(s *string) bool {
		if !strings.Contains(*s, "@") {
			return false
		}
		before := *s
		*s = mailAddress.ReplaceAllStringFunc(before, label)
		return *s != before
	}
	moved := false // labels sort elsewhere than addresses
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if n.Kind == inventory.Owner {
			moved = hide(&n.ID) || moved
		}
		hide(&n.Name)
		said := false
		for j := range n.Attrs {
			said = hide(&n.Attrs[j].Value) || said
			said = hide(&n.Attrs[j].Detail) || said
		}
		if said {
			n.Attrs = inventory.MergeAttrs(n.Attrs, nil)
		}
	}
	for i := range f.Edges {
		if f.Edges[i].Kind == inventory.OwnedBy {
			moved = hide(&f.Edges[i].To) || moved
		}
	}
	for i := range f.Commits {
		hide(&f.Commits[i].Author)
	}
	if !moved {
		return
	}
	s := inventory.NewSet()
	s.Add(f.Nodes, f.Edges)
	f.Nodes, f.Edges = s.Nodes(), s.Edges()
}
