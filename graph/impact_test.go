package graph

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/graph/inventory"
)

// company is a map of so many credentials, each used by eight automations (five edges each use), and of one that
// every hundredth automation uses too.
func company(credentials int) inventory.Map {
	set := inventory.NewSet()
	at := []inventory.Evidence{{Source: "s", Path: "ci.yml", Line: 1, Column: 1, State: inventory.Head}}
	node := func(id string, kind inventory.NodeKind) string {
		set.AddNode(inventory.Node{ID: id, Kind: kind, Name: id, Evidence: at})
		return id
	}
	edge := func(from string, kind inventory.EdgeKind, to string) {
		set.AddEdge(inventory.Edge{From: from, To: to, Kind: kind, Rule: "test", Confidence: inventory.Certain, Evidence: at})
	}
	use := func(automation, name, slot string) {
		part := node(inventory.PartID(automation, name), inventory.Part)
		binding := node(inventory.BindingID(part, name), inventory.Binding)
		edge(part, inventory.PartOf, automation)
		edge(part, inventory.Reads, binding)
		edge(binding, inventory.BoundFrom, slot)
	}
	hub := node("gh:acme/all/HUB", inventory.Slot)
	for i := range credentials {
		slot := node(fmt.Sprintf("gh:acme/app-%d/TOKEN", i), inventory.Slot)
		for j := range 8 {
			a := node(fmt.Sprintf("github-actions:acme/app-%d/%d.yml", i, j), inventory.Automation)
			use(a, "TOKEN", slot)
			if (i*8+j)%100 == 0 {
				use(a, "HUB", hub)
			}
		}
	}
	return inventory.Map{Schema: inventory.Schema, Fragments: []inventory.Fragment{{Source: "s", Nodes: set.Nodes(), Edges: set.Edges()}}}
}

// TestImpactAgain: what one impact reached does not show in the next one, and both agree with a graph just loaded.
func TestImpactAgain(t *testing.T) {
	m := company(40)
	g := Load(m)
	for range 2 {
		for i := range g.Credentials() {
			c := &g.Credentials()[i]
			fresh := Load(m)
			want := fresh.Impact(fresh.Credential(c.ID))
			got := g.Impact(c)
			if diff := cmp.Diff(want.Dependents, got.Dependents); diff != "" {
				t.Fatalf("%s (-fresh +again):\n%s", c.ID, diff)
			}
		}
	}
}

// TestMembers: a collapsed node keeps what it stands for.
func TestMembers(t *testing.T) {
	g := Load(company(1))
	p, err := g.Neighbourhood(g.Credential("gh:acme/app-0/TOKEN"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Nodes {
		if n.Count != max(1, len(n.Members)) {
			t.Errorf("%s stands for %d, but has the members %q", n.ID, n.Count, n.Members)
		}
	}
	if n := p.Nodes[len(p.Nodes)-1]; n.Count != 8 || n.Members[0] != "github-actions:acme/app-0/0.yml" {
		t.Errorf("the eight automations are drawn as %+v", n)
	}
}

func BenchmarkImpact(b *testing.B) {
	g := Load(company(42_000))
	b.Logf("%d nodes, %d edges", len(g.nodes), g.Edges())
	for name, id := range map[string]string{"one": "gh:acme/app-77/TOKEN", "hub": "gh:acme/all/HUB"} {
		c := g.Credential(id)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				g.Impact(c)
			}
		})
	}
}
