package kubernetes

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// generatorGroup is the group of the generators of external-secrets: objects that mint a credential each time an
// ExternalSecret or PushSecret asks for it. Source: the generator pages of its documentation.
const generatorGroup = "generators.external-secrets.io"

// generated returns the derived credential of the generator that a reference {kind, name} names, "" for none.
func (o *object) generated(n *tree.Node, at artifact.Place) string {
	return o.generator(o.namespace, n.Get("kind").Str(), n.Get("name").Str(), at)
}

func (o *object) generator(namespace, kind, generator string, at artifact.Place) string {
	if generator = name(generator); generator == "" || kind == "" || !isKind(kind) {
		return ""
	}
	if kind == "ClusterGenerator" {
		namespace = "cluster"
	}
	id := "derived:" + o.scope(namespace) + "/" + kind + "/" + generator
	return o.facts.Node(inventory.Derived, id, kind+" "+generator, at)
}

// readGenerator reads what a generator logs in with: that is what the derived credential is minted from.
func (o *object) readGenerator() {
	if o.mints = o.generator(o.namespace, o.kind, o.name, o.named()); o.mints == "" {
		return
	}
	if p := o.root.Get("spec", "path"); o.kind == "VaultDynamicSecret" && p.Str() != "" && container.Computed(p.Str()) == p.Str() {
		at := artifact.At(p, o.at.Key("spec").Key("path"))
		o.reads(container.All(o.facts, detect.VaultSlot(host(o.root.Get("spec", "provider", "server").Str()), p.Str(), ""), at), "eso-generator", inventory.Certain, at)
	}
	o.search()
}
