package kubernetes

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

const injector = "vault.hashicorp.com/"

// templateKey matches a key that a Vault agent template takes from its secret: .Data.data.password.
var templateKey = lazy.New(`\.Data\.(?:data\.)?(\w+)`)

// injected reads the annotations of the Vault agent injector: each secret becomes a file in the pod. Source:
// the annotations page of the injector's documentation.
func (o *object) injected(n *tree.Node, at tree.Path) {
	for _, p := range n.Entries() {
		label, ok := strings.CutPrefix(p.Key, injector+"agent-inject-secret-")
		if !ok || label == "" || p.Value.Str() == "" || !o.spend() {
			continue
		}
		place := artifact.AtPair(p, at.Key(p.Key))
		file := container.File(o.facts, o.automation(), injectedFile(n, label), "vault-injector", place)
		keys := templateKey.FindAllStringSubmatch(n.Get(injector+"agent-inject-template-"+label).Str(), 100)
		for _, m := range keys {
			slot := o.facts.Slot(detect.VaultSlot("", p.Value.Str(), m[1]), place)
			o.facts.Edge(inventory.BoundFrom, file, slot, "vault-injector", inventory.Certain, place)
		}
		if len(keys) == 0 {
			all := container.All(o.facts, detect.VaultSlot("", p.Value.Str(), ""), place)
			o.facts.Edge(inventory.BoundFrom, file, all, "vault-injector", inventory.Certain, place)
		}
	}
}

// injectedFile returns the path of the file: the label below /vault/secrets, unless annotations say otherwise.
func injectedFile(n *tree.Node, label string) string {
	dir, file := "/vault/secrets", label
	for _, key := range []string{"secret-volume-path", "secret-volume-path-" + label} {
		if text := n.Get(injector + key).Str(); text != "" {
			dir = text
		}
	}
	if text := n.Get(injector + "agent-inject-file-" + label).Str(); text != "" {
		file = text
	}
	return path.Join(dir, file)
}

// readVaultSecret reads the objects of the Vault Secrets Operator: a path of Vault is copied to a Secret with
// all its keys. Source: the operator's API reference.
func (o *object) readVaultSecret() {
	spec, at := o.root.Get("spec"), o.place()
	mount, entry := spec.Get("mount").Str(), spec.Get("path").Str()
	if entry == "" {
		entry = spec.Get("role").Str()
	}
	if name(mount) == "" || entry == "" || container.Computed(entry) != entry {
		return
	}
	to := o.secret(o.namespace, spec.Get("destination", "name").Str(), "", at)
	from := container.All(o.facts, detect.VaultSlot("", mount+"/"+entry, ""), at)
	o.copies(to, from, "vault-secrets-operator", true, at)
}

// copies adds an edge between two slots or patterns; whole says that the copy is the value unchanged.
func (o *object) copies(to, from, rule string, whole bool, at artifact.Place) {
	if to == "" || from == "" {
		return
	}
	if whole {
		o.facts.EdgeWith(inventory.CopiesFrom, to, from, rule, inventory.Certain, at, inventory.AttrWhole, "true")
		return
	}
	o.facts.Edge(inventory.CopiesFrom, to, from, rule, inventory.Certain, at)
}

// readOnePasswordItem reads an item of the 1Password operator: all fields of the item become keys of a Secret
// of the object's name. Source: the operator's usage guide.
func (o *object) readOnePasswordItem() {
	words := strings.Split(o.root.Get("spec", "itemPath").Str(), "/")
	if len(words) != 4 || words[0] != "vaults" || words[2] != "items" {
		return
	}
	at := o.place()
	slot := detect.OnePasswordSlot(words[1] + "/" + words[3] + "/*")
	o.copies(o.secret(o.namespace, o.name, "", at), container.Glob(o.facts, slot, at), "onepassword-operator", true, at)
}
