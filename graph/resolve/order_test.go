package resolve

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph/inventory"
)

// vocabulary are ids that rules have to do with; any two may meet in an edge.
var vocabulary = []inventory.Node{
	{ID: "k8s:acme/*/db#password", Kind: inventory.Slot, Name: "db#password"},
	{ID: "k8s:acme/shop/db#password", Kind: inventory.Slot, Name: "db#password"},
	{ID: "k8s:acme/shop/db#*", Kind: inventory.Pattern, Name: "db#*"},
	{ID: "k8s:acme/*/db#*", Kind: inventory.Pattern, Name: "db#*"},
	{ID: "eso:acme/shop/vault/app/db#*", Kind: inventory.Pattern, Name: "app/db#*"},
	{ID: "eso:acme/shop/vault/app/db#password", Kind: inventory.Slot, Name: "app/db#password"},
	{ID: "eso:acme/shop/vault/*", Kind: inventory.Pattern, Name: "*"},
	{ID: "vault:*/kv/*", Kind: inventory.Pattern, Name: "kv/*"},
	{ID: "vault:*/kv/app/db", Kind: inventory.Slot, Name: "kv/app/db"},
	{ID: "vault:v.acme/kv/app/db#password", Kind: inventory.Slot, Name: "kv/app/db#password"},
	{ID: "gh:acme/shop/TOKEN", Kind: inventory.Slot, Name: "TOKEN"},
	{ID: "gh:acme/shop/*", Kind: inventory.Pattern, Name: "*"},
	{ID: "github-actions:acme/w.yml", Kind: inventory.Automation, Name: "w"},
	{ID: "github-actions:acme/w.yml#job", Kind: inventory.Part, Name: "job"},
	{ID: "github-actions:acme/w.yml/secrets.TOKEN", Kind: inventory.Binding, Name: "secrets.TOKEN"},
	{ID: "github-actions:acme/w.yml/secrets.*", Kind: inventory.Binding, Name: "secrets.*"},
	{ID: "github-actions:acme/w.yml#job/TOKEN", Kind: inventory.Binding, Name: "TOKEN"},
	{ID: "github-actions:acme/w.yml#job/*", Kind: inventory.Binding, Name: "*"},
	{ID: "code:acme/a.py", Kind: inventory.Code, Name: "a.py"},
	{ID: "code:acme/a.py/TOKEN", Kind: inventory.Binding, Name: "TOKEN"},
	{ID: "code:acme/b.py", Kind: inventory.Code, Name: "b.py"},
	{ID: "image:ghcr.io/acme/app", Kind: inventory.Image, Name: "ghcr.io/acme/app"},
	{ID: "dockerfile:acme/app/Dockerfile", Kind: inventory.Automation, Name: "app/Dockerfile"},
	{ID: "file:acme/kustomization.yaml", Kind: inventory.File, Name: "kustomization.yaml"},
	{ID: "file:acme/w.yml", Kind: inventory.File, Name: "w.yml"},
	{ID: "dotenv:acme/.env#TOKEN", Kind: inventory.Slot, Name: ".env#TOKEN"},
	{ID: "dotenv:acme/.env.example#TOKEN", Kind: inventory.Slot, Name: ".env.example#TOKEN"},
	{ID: "value:hs1:a:b", Kind: inventory.Value},
}

var edgeKinds = []inventory.EdgeKind{inventory.Holds, inventory.CopiesFrom, inventory.MayBe, inventory.BoundFrom, inventory.Reads,
	inventory.ReceivedFrom, inventory.PartOf, inventory.Runs, inventory.BuiltFrom, inventory.TriggeredBy}

// anyMap draws nodes and edges over the vocabulary, each with a place of its own.
func anyMap(t *rapid.T) ([]inventory.Node, []inventory.Edge) {
	var nodes []inventory.Node
	for i, n := range vocabulary {
		n.Evidence = []inventory.Evidence{{Source: "acme", Path: []string{"w.yml", "a.py", "app/Dockerfile"}[i%3], Line: i + 1, State: inventory.Head}}
		store, _, _ := cutID(n.ID)
		n.Attrs = []inventory.Attr{{Key: inventory.AttrStore, Value: store}, {Key: inventory.AttrScope, Value: scopeIn(n.ID)}}
		if rapid.Bool().Draw(t, "credential") {
			n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrClass, Value: "credential", Confidence: inventory.Medium})
		}
		if n.ID == "file:acme/kustomization.yaml" {
			n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrType, Value: "kustomization"}, inventory.Attr{Key: inventory.AttrNamespace, Value: "shop"})
		}
		nodes = append(nodes, n)
	}
	var edges []inventory.Edge
	pick := rapid.IntRange(0, len(vocabulary)-1)
	for i := range rapid.IntRange(0, 40).Draw(t, "edges") {
		edges = append(edges, inventory.Edge{From: vocabulary[pick.Draw(t, "from")].ID, To: vocabulary[pick.Draw(t, "to")].ID,
			Kind: rapid.SampledFrom(edgeKinds).Draw(t, "kind"), Rule: "test", Confidence: inventory.Confidence(rapid.IntRange(1, 4).Draw(t, "sure")),
			Evidence: []inventory.Evidence{{Source: "acme", Path: "w.yml", Line: 100 + i, State: inventory.Head}}})
	}
	return nodes, edges
}

func cutID(id string) (store, rest string, ok bool) {
	for i := range id {
		if id[i] == ':' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

func scopeIn(id string) string {
	for _, scope := range []string{"acme/*", "acme/shop/vault", "acme/shop", "v.acme", "*", "acme"} {
		if _, rest, _ := cutID(id); len(rest) > len(scope) && rest[:len(scope)+1] == scope+"/" {
			return scope
		}
	}
	return ""
}

// joined runs the rules and writes down what joins what, and how surely.
func joined(nodes []inventory.Node, edges []inventory.Edge) []string {
	v := Run(inventory.Map{Fragments: []inventory.Fragment{{Source: "acme", Nodes: nodes, Edges: edges}}})
	var out []string
	for _, e := range v.Edges() {
		out = append(out, fmt.Sprintf("%s %s %s %s %s %d", e.From, e.Kind, e.To, e.Rule, e.Confidence, len(e.Evidence)))
	}
	slices.Sort(out)
	return out
}

// Whatever the facts, the rules end, and give the same edges in whatever order the facts come.
func TestRulesDoNotDependOnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes, edges := anyMap(t)
		once := joined(nodes, edges)
		slices.Reverse(nodes)
		slices.Reverse(edges)
		if diff := cmp.Diff(once, joined(nodes, edges)); diff != "" {
			t.Fatalf("two orders differ:\n%s", diff)
		}
	})
}
