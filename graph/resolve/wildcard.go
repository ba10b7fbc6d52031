package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// openPatterns says of every slot inside an unbounded reference (secrets: inherit, toJSON(secrets)) that it may
// be among what is taken: listed as possible, never as a sure dependent.
func openPatterns(v *View) {
	byScope := map[string][]*inventory.Node{}
	for _, s := range v.Nodes(inventory.Slot) {
		if i := strings.LastIndexByte(s.ID, '/'); i > 0 {
			byScope[s.ID[:i]] = append(byScope[s.ID[:i]], s)
		}
	}
	for _, p := range v.Nodes(inventory.Pattern) {
		scope, ok := strings.CutSuffix(p.ID, "/*")
		if !ok {
			continue
		}
		for _, s := range byScope[scope] {
			v.AddEdge(inventory.Edge{From: p.ID, To: s.ID, Kind: inventory.MayBe, Rule: "R4-unbounded",
				Confidence: inventory.Low, Evidence: p.Evidence})
		}
	}
}
