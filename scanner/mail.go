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
	hide := func(s *string) {
		if strings.Contains(*s, "@") {
			*s = mailAddress.ReplaceAllStringFunc(*s, label)
		}
	}
	for i := range f.Nodes {
		n := &f.Nodes[i]
		if n.Kind == inventory.Owner {
			hide(&n.ID)
		}
		hide(&n.Name)
		for j := range n.Attrs {
			hide(&n.Attrs[j].Value)
			hide(&n.Attrs[j].Detail)
		}
	}
	for i := range f.Edges {
		if f.Edges[i].Kind == inventory.OwnedBy {
			hide(&f.Edges[i].To)
		}
	}
	s := inventory.NewSet() // labels sort elsewhere than addresses
	s.Add(f.Nodes, f.Edges)
	f.Nodes, f.Edges = s.Nodes(), s.Edges()
}
