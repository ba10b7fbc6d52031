package reports

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/plan"
)

// MostPlans is the number of credentials whose runbooks a report holds; rotamap plan writes the others.
const MostPlans = 25

// Weightiest returns up to n credentials, those that the most automations depend on first: those whose rotation
// is worth a plan in a report.
func Weightiest(g *graph.Graph, n int) []*graph.Credential {
	all := g.Credentials()
	reached := make(map[string]int, len(all))
	out := make([]*graph.Credential, 0, len(all))
	for i := range all {
		reached[all[i].ID] = len(g.Reached(&all[i]))
		out = append(out, &all[i])
	}
	slices.SortFunc(out, func(a, b *graph.Credential) int {
		return cmp.Or(cmp.Compare(reached[b.ID], reached[a.ID]), strings.Compare(a.ID, b.ID))
	})
	return out[:min(n, len(out))]
}

// rotation returns the runbook of a credential, nil when the document holds none.
func (d *Document) rotation(c *Credential) *plan.Rotation {
	if d.Plan == nil {
		return nil
	}
	for i := range d.Plan.Rotations {
		if d.Plan.Rotations[i].Credential.ID == c.ID {
			return &d.Plan.Rotations[i]
		}
	}
	return nil
}
