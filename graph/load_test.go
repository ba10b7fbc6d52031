package graph_test

import (
	"fmt"
	"testing"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// sampleEdges is how many edges the generated map has: the largest that Rotamap promises to load in ten seconds.
const sampleEdges = 1_000_000

// generated returns a map of many repositories: workflows with jobs and steps that read secrets, scripts that steps
// run, deployments that read keys of Secrets, and .env files beside code.
func generated(edges int) inventory.Map {
	m := inventory.Map{Schema: inventory.Schema}
	for repo := 0; edges > 0; repo++ {
		g := &generator{source: fmt.Sprintf("github.com/acme/repo-%d", repo)}
		for i := 0; i < 100 && edges > len(g.edges); i++ {
			g.workflow(i)
			g.deployment(i)
		}
		edges -= len(g.edges)
		m.Fragments = append(m.Fragments, inventory.Fragment{Source: g.source, Kind: "git", Nodes: g.nodes, Edges: g.edges})
	}
	return m
}

type generator struct {
	source string
	nodes  []inventory.Node
	edges  []inventory.Edge
}

func (g *generator) at(path string, line int) []inventory.Evidence {
	return []inventory.Evidence{{Source: g.source, Path: path, Line: line, Column: 1, State: inventory.Head}}
}

func (g *generator) node(kind inventory.NodeKind, id, name string, at []inventory.Evidence, attrs ...inventory.Attr) string {
	g.nodes = append(g.nodes, inventory.Node{ID: id, Kind: kind, Name: name, Evidence: at, Attrs: attrs})
	return id
}

func (g *generator) edge(kind inventory.EdgeKind, from, to string, at []inventory.Evidence) {
	g.edges = append(g.edges, inventory.Edge{From: from, To: to, Kind: kind, Rule: "test", Confidence: inventory.Certain, Evidence: at})
}

func (g *generator) slot(ref inventory.SlotRef, at []inventory.Evidence) string {
	return g.node(inventory.Slot, ref.ID(), ref.Name, at, inventory.Attr{Key: inventory.AttrStore, Value: ref.Store},
		inventory.Attr{Key: inventory.AttrScope, Value: ref.Scope}, inventory.Attr{Key: inventory.AttrKeyName, Value: ref.Key},
		inventory.Attr{Key: inventory.AttrClass, Value: "credential", Confidence: inventory.High})
}

func (g *generator) read(reader, name, slot string, at []inventory.Evidence) {
	b := g.node(inventory.Binding, inventory.BindingID(reader, name), name, at)
	g.edge(inventory.Reads, reader, b, at)
	if slot != "" {
		g.edge(inventory.BoundFrom, b, slot, at)
	}
}

func (g *generator) workflow(n int) {
	file := fmt.Sprintf(".github/workflows/w%d.yml", n)
	whole := g.node(inventory.Automation, inventory.FileID("github-actions", g.source, file), file, g.at(file, 1))
	script := fmt.Sprintf("scripts/s%d.sh", n%10)
	code := g.node(inventory.Code, inventory.FileID("code", g.source, script), script, g.at(script, 0))
	for job := range 4 {
		j := g.node(inventory.Part, inventory.PartID(whole, fmt.Sprint("jobs.", job)), "job", g.at(file, 10*job+2))
		g.edge(inventory.PartOf, j, whole, g.at(file, 10*job+2))
		for step := range 5 {
			at := g.at(file, 10*job+step+3)
			s := g.node(inventory.Part, inventory.PartID(j, fmt.Sprint("steps.", step)), "step", at)
			g.edge(inventory.PartOf, s, j, at)
			name := fmt.Sprintf("TOKEN_%d", (n*7+step)%50)
			g.read(s, name, g.slot(inventory.SlotRef{Store: "gh", Scope: inventory.RepoScope(g.source), Name: name}, at), at)
			g.edge(inventory.Runs, s, code, at)
		}
	}
	for r := range 5 {
		g.read(code, fmt.Sprintf("TOKEN_%d", (n+r)%50), "", g.at(script, r+1))
	}
}

func (g *generator) deployment(n int) {
	file := fmt.Sprintf("deploy/d%d.yaml", n)
	at := g.at(file, 1)
	whole := g.node(inventory.Automation, inventory.FileID("kubernetes", g.source, file)+"#Deployment/shop/d", "d", at)
	part := g.node(inventory.Part, inventory.PartID(whole, "c"), "c", at)
	g.edge(inventory.PartOf, part, whole, at)
	for k := range 5 {
		open := g.slot(inventory.SlotRef{Store: "k8s", Scope: g.source + "/*", Name: fmt.Sprint("secret-", n%20), Key: fmt.Sprint("k", k)}, at)
		g.read(part, fmt.Sprintf("NAME_%d", k), open, g.at(file, 10+k))
		defined := inventory.SlotRef{Store: "k8s", Scope: g.source + "/shop", Name: fmt.Sprint("secret-", n%20), Key: fmt.Sprint("k", k)}
		g.node(inventory.Slot, g.slot(defined, at), "", at, inventory.Attr{Key: inventory.AttrDefined, Value: inventory.DefinedInScan})
	}
}

// BenchmarkLoad joins and freezes a map of a million edges.
func BenchmarkLoad(b *testing.B) {
	m := generated(sampleEdges)
	for b.Loop() {
		g := graph.Load(m)
		b.ReportMetric(float64(g.Edges()), "edges")
	}
}

// BenchmarkImpact asks a loaded map of a million edges for the dependents of one credential.
func BenchmarkImpact(b *testing.B) {
	g := graph.Load(generated(sampleEdges))
	c := g.Credentials()[len(g.Credentials())/2]
	for b.Loop() {
		g.Impact(&c)
	}
}
