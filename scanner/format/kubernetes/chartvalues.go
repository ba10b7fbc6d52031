package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// chartValue reads the values by which charts that are not in the scan are told which secrets a workload gets: shapes
// that several widely used charts share. The image beside them is that of the workload. It reports whether the key is
// one of them.
func (o *object) chartValue(parent *tree.Node, p tree.Pair, at tree.Path) bool {
	found := false
	switch p.Key {
	case "keyVaults":
		found = o.keyVaults(p.Value, at)
	case "namespace_secrets", "namespaceSecrets":
		found = o.namespaceSecrets(p.Value, at)
	}
	if found && parent.Get("image") != nil {
		c := &part{object: o, id: o.automation()}
		c.image(parent.Get("image"), at)
	}
	return found
}

// keyVaults reads {<vault>: {secrets: [name, or {name, alias}]}}, as the base charts of HM Courts & Tribunals Service
// have it: each secret is a file /mnt/secrets/<vault>/<alias or name> in the workload, and the vault is called
// <vault>-<environment> unless excludeEnvironmentSuffix is set.
func (o *object) keyVaults(n *tree.Node, at tree.Path) bool {
	found := false
	for _, vault := range n.Entries() {
		scope := strings.ToLower(vault.Key)
		if vault.Value.Get("excludeEnvironmentSuffix").Str() != "true" {
			scope += "-*"
		}
		list := vault.Value.Get("secrets")
		for i, item := range list.List() {
			where := at.Key(vault.Key).Key("secrets").Index(i)
			secret, alias := item.Str(), item.Get("alias")
			place := artifact.At(item, where)
			if item.IsMap() {
				secret = item.Get("name").Str()
			}
			if name(secret) == "" || !o.spend() {
				continue
			}
			found = true
			label := secret
			if alias.Str() != "" {
				label = alias.Str()
			}
			slot := o.facts.Slot(inventory.SlotRef{Store: "azkv", Scope: scope, Name: strings.ToLower(secret)}, place)
			for _, b := range []string{
				o.facts.Binding(o.automation(), "/mnt/secrets/"+vault.Key+"/"+label, "file", place),
				o.facts.Binding(o.automation(), label, "file", place),
			} {
				o.reads(b, "chart-key-vault", inventory.Medium, place)
				o.facts.Edge(inventory.BoundFrom, b, slot, "chart-key-vault", inventory.Medium, place)
				o.facts.Edge(inventory.BoundFrom, b, slot, "chart-key-vault", inventory.Medium, on(alias, place))
			}
			o.needs(o.automation(), "file", place)
		}
	}
	if found {
		o.skip(n)
	}
	return found
}

// namespaceSecrets reads {<secret>: {<variable>: <key>}}, as the generic charts of the Ministry of Justice have it. A
// question mark behind the key makes it optional.
func (o *object) namespaceSecrets(n *tree.Node, at tree.Path) bool {
	found := false
	for _, secret := range n.Entries() {
		for _, v := range secret.Value.Entries() {
			key := strings.TrimSuffix(v.Value.Str(), "?")
			if name(secret.Key) == "" || key == "" || !o.spend() {
				continue
			}
			found = true
			place := artifact.AtPair(v, at.Key(secret.Key).Key(v.Key))
			b := container.Env(o.facts, o.automation(), v.Key, "chart-namespace-secret", place)
			slot := o.secret(o.namespace, secret.Key, key, place)
			o.facts.Edge(inventory.BoundFrom, b, slot, "chart-namespace-secret", inventory.Medium, place)
			o.facts.Edge(inventory.BoundFrom, b, slot, "chart-namespace-secret", inventory.Medium, artifact.AtPair(secret, at.Key(secret.Key)))
			o.needs(o.automation(), "env", place)
		}
	}
	if found {
		o.skip(n)
	}
	return found
}
