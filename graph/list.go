package graph

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Automation is something that runs, as lists and reports show it.
type Automation struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Platform    string               `json:"platform"`
	Active      *bool                `json:"active"`
	State       inventory.State      `json:"state"`
	Branches    []string             `json:"branches"`
	Schedules   []Schedule           `json:"schedules"`
	Triggers    []string             `json:"triggers"`
	Environment string               `json:"environment"`
	Owners      []Owner              `json:"owners"`
	Tags        []string             `json:"tags"`
	Credentials []string             `json:"credentials"` // ids of those that it depends on
	Evidence    []inventory.Evidence `json:"evidence"`
}

// Automations returns all automations that a scanned source describes, sorted by id.
func (g *Graph) Automations() []Automation {
	uses := g.uses()
	out := []Automation{}
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.Kind != inventory.Automation || len(n.Evidence) == 0 {
			continue
		}
		a := Automation{
			ID: n.ID, Name: n.Name, Platform: platformOf(n), Active: activeOf(n), State: n.Evidence[0].State,
			Branches: append([]string{}, n.Evidence[0].Branches()...), Schedules: schedulesOf(n), Triggers: values(n, inventory.AttrTrigger),
			Environment: "unknown", Owners: g.owners(int32(i)), Tags: values(n, inventory.AttrTag),
			Credentials: append([]string{}, uses[int32(i)]...), Evidence: n.Evidence,
		}
		if env := environmentsOf(n); len(env) > 0 {
			a.Environment = env[0].Name
		}
		out = append(out, a)
	}
	return out
}

// uses lists, for each automation, the credentials that break it.
func (g *Graph) uses() map[int32][]string {
	out := map[int32][]string{}
	for i := range g.credentials {
		for _, n := range g.Reached(&g.credentials[i]) {
			out[n] = append(out[n], g.credentials[i].ID)
		}
	}
	return out
}

// Reached returns the numbers of the automations that break when the credential changes.
func (g *Graph) Reached(c *Credential) []int32 {
	w := g.borrowWalk()
	defer g.returnWalk(w)
	w.seed(c.nodes)
	w.reach(inventory.Breaks, CertaintyBreaks)
	var out []int32
	listed := map[int32]bool{}
	for _, state := range w.reached {
		if n := g.node(state); g.nodes[n].Kind == inventory.Automation && !listed[n] {
			listed[n] = true
			out = append(out, n)
		}
	}
	return out
}

func values(n *inventory.Node, key inventory.AttrKey) []string {
	out := []string{}
	for _, a := range n.All(key) {
		out = append(out, a.Value)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Named is a service or an owner with what refers to it.
type Named struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Credentials []string             `json:"credentials"` // ids
	Automations []string             `json:"automations"` // ids
	Evidence    []inventory.Evidence `json:"evidence"`
}

// Services returns the systems that credentials and automations talk to, sorted by id.
func (g *Graph) Services() []Named { return g.referred(inventory.Service) }

// Owners returns those who answer for something, sorted by id.
func (g *Graph) Owners() []Named { return g.referred(inventory.Owner) }

func (g *Graph) referred(kind inventory.NodeKind) []Named {
	out := []Named{}
	for i := range g.nodes {
		n := &g.nodes[i]
		if n.Kind != kind {
			continue
		}
		name := n.Name
		if kind == inventory.Owner {
			name = ownerName(n)
		}
		row := Named{ID: n.ID, Name: name, Credentials: []string{}, Automations: []string{}, Evidence: n.Evidence}
		for _, e := range g.in.of(int32(i)) {
			from := g.edges[e].from
			if c, ok := g.credentialOf[from]; ok {
				row.Credentials = append(row.Credentials, g.credentials[c].ID)
			}
			if a := g.wholeOf(from); a >= 0 {
				row.Automations = append(row.Automations, g.nodes[a].ID)
			}
		}
		slices.Sort(row.Credentials)
		slices.Sort(row.Automations)
		row.Credentials, row.Automations = slices.Compact(row.Credentials), slices.Compact(row.Automations)
		if len(row.Credentials)+len(row.Automations) > 0 {
			out = append(out, row)
		}
	}
	return out
}

// wholeOf returns the automation that a node is or is a part of, -1 for none.
func (g *Graph) wholeOf(n int32) int32 {
	for range 20 { // parts nest a few levels; a cycle must not hang
		if g.nodes[n].Kind == inventory.Automation {
			return n
		}
		next := int32(-1)
		for _, i := range g.out.of(n) {
			if g.edges[i].Kind == inventory.PartOf {
				next = g.edges[i].to
			}
		}
		if next < 0 {
			return -1
		}
		n = next
	}
	return -1
}

// Explanation is why a node is in the map and how it is joined.
type Explanation struct {
	Schema     string           `json:"schema"`
	Node       inventory.Node   `json:"node"`
	Credential string           `json:"credential"` // id of the credential that it belongs to, "" for none
	Needs      []inventory.Edge `json:"needs"`      // edges that leave it
	NeededBy   []inventory.Edge `json:"needed_by"`  // edges that enter it
}

// Explain returns all that is known of a node; false when the map has none with the id.
func (g *Graph) Explain(id string) (Explanation, bool) {
	n, ok := g.number(id)
	if !ok {
		return Explanation{}, false
	}
	x := Explanation{Schema: "rotamap/explanation/1", Node: g.nodes[n], Needs: []inventory.Edge{}, NeededBy: []inventory.Edge{}}
	if c, ok := g.credentialOf[n]; ok {
		x.Credential = g.credentials[c].ID
	}
	for _, i := range g.out.of(n) {
		x.Needs = append(x.Needs, *g.edges[i].Edge)
	}
	for _, i := range g.in.of(n) {
		x.NeededBy = append(x.NeededBy, *g.edges[i].Edge)
	}
	return x, true
}

// Suppressions returns the literals of a source's file that were held to be no secret: what explain shows for a
// path, or path:line.
func (g *Graph) Suppressions(place string) []inventory.Suppressed {
	var out []inventory.Suppressed
	for _, f := range g.sources {
		for _, s := range f.Coverage.Suppressed {
			at := inventory.Evidence{Source: f.Source, Path: s.Path, Line: s.Line}
			if place == s.Path || place == at.String() || strings.HasSuffix(place, "/"+at.String()) {
				out = append(out, s)
			}
		}
	}
	return out
}
