package pipeline

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// mints reads the commands that make a short-lived credential from another (R18). A variable that a tool reads on
// its own counts only where the file declares it.
func (x *script) mints() {
	for _, m := range x.Mints {
		at := x.place(m.Offset)
		found := x.carried(credentials(m.From), at)
		tool, _, _ := strings.Cut(m.What, "-")
		for _, name := range code.MintedWith(tool) {
			if b := x.Visible(name); b != "" {
				found = append(found, Target{ID: b, Sure: inventory.High})
			}
		}
		if len(found) == 0 || !x.Spend() {
			continue
		}
		x.Mint(m.What, found, at)
	}
}

// credentials returns the names that speak of a credential; all of them when none does.
func credentials(names []string) []string {
	var out []string
	for _, n := range names {
		if detect.ClassifyName(n).Score > 0 {
			out = append(out, n)
		}
	}
	if out == nil {
		return names
	}
	return out
}

// Mint adds a credential that the part makes at run time from others, and uses.
func (s *Scope) Mint(what string, from []Target, at artifact.Place) string {
	id := s.Node(inventory.Derived, "derived:"+s.Part+"#"+what, what, at)
	s.Edge(inventory.Reads, s.Part, id, s.Rule+"-mint", inventory.High, at)
	for _, t := range from {
		s.Edge(inventory.MintedFrom, id, t.ID, s.Rule+"-mint", inventory.Weakest(t.Sure, inventory.High), at)
	}
	return id
}

// Identity adds a federated identity that the part takes on: there is nothing to rotate.
func (s *Scope) Identity(cloud, name string, at artifact.Place) string {
	id := s.Node(inventory.Identity, "identity:"+cloud+"/"+name, name, at)
	s.Edge(inventory.Reads, s.Part, id, s.Rule+"-identity", inventory.Certain, at)
	return id
}
