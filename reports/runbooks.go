package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"

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

// night is a rotation with its place in the calendar.
type night struct {
	r     *plan.Rotation
	start time.Time
	why   string
}

// nights lists the rotations of the plan by the nights to which it spreads them; a plan of one has its window.
func (d *Document) nights() []night {
	if d.Plan == nil {
		return nil
	}
	var out []night
	taken := map[[2]int]bool{} // night and place in it: two credentials may have one name
	for i := range d.Plan.Rotations {
		r := &d.Plan.Rotations[i]
		at := night{r: r, start: r.Window.Start}
		if n, ok := nightOf(d.Plan.Nights, r.Credential.Name, taken); ok {
			at.start, at.why = n.Start, n.Why
		}
		out = append(out, at)
	}
	slices.SortStableFunc(out, func(a, b night) int { return a.start.Compare(b.start) })
	return out
}

// nightOf returns the first night with a place for the name that no other credential has taken, and takes it.
func nightOf(nights []plan.Night, name string, taken map[[2]int]bool) (plan.Night, bool) {
	for i, n := range nights {
		for j, c := range n.Credentials {
			if c == name && !taken[[2]int{i, j}] {
				taken[[2]int{i, j}] = true
				return n, true
			}
		}
	}
	return plan.Night{}, false
}
