package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// avpPath is the annotation that names the entry from which argocd-vault-plugin takes the placeholders <key> of an
// object. Source: "generic placeholders" of the plugin's documentation.
const avpPath = "avp.kubernetes.io/path"

var placeholder = lazy.New(`<([A-Za-z_][\w.-]*)(\s*\|[^<>]*)?>`)

// avp copies the entry of the plugin's placeholders into a Secret's key, and reports whether the value is nothing else.
func (o *object) avp(slot, section string, p tree.Pair, at artifact.Place) bool {
	entry := o.root.Get("metadata", "annotations", avpPath)
	text := p.Value.Str()
	if plain, ok := decode(text); ok && section == "data" {
		text = plain
	}
	if entry.Str() == "" || container.Computed(entry.Str()) != entry.Str() || !strings.Contains(text, "<") {
		return false
	}
	found := placeholder.FindAllStringSubmatch(text, 100)
	whole := len(found) == 1 && strings.TrimSpace(text) == found[0][0]
	for _, m := range found {
		from := o.facts.Slot(detect.VaultSlot("", entry.Str(), m[1]), at)
		o.copies(slot, from, "avp", whole, at)
		o.copies(slot, from, "avp", whole, on(entry, at))
	}
	return whole
}

// argoSecrets are the ConfigMaps of Argo CD in which $key stands for a key of a Secret of its own, and $secret:key for
// one of another. Source: "sensitive data" in the user management and notifications pages of its documentation.
var argoSecrets = map[string]string{
	"argocd-cm": "argocd-secret", "argocd-notifications-cm": "argocd-notifications-secret",
}

var argoReference = lazy.New(`(?m)(?:^|[:\s"'])\$([A-Za-z][\w.-]*)(?::([\w.-]+))?["']?\s*(?:[,}]|$)`)

// argoReferences copies the keys of Secrets that a value of such a ConfigMap names. The object's own place is that of
// the value's key; each reference stands on a line of its own below.
func (o *object) argoReferences(p tree.Pair, at tree.Path) {
	own := argoSecrets[o.name]
	if own == "" || !strings.Contains(p.Value.Str(), "$") {
		return
	}
	place := artifact.AtPair(p, at)
	slot := ""
	for _, m := range argoReference.FindAllStringSubmatchIndex(p.Value.Str(), 200) {
		secret, key := own, p.Value.Str()[m[2]:m[3]]
		if m[4] >= 0 {
			secret, key = key, p.Value.Str()[m[4]:m[5]]
		}
		if slot == "" {
			slot = o.configMap(o.namespace, o.name, p.Key, place)
		}
		here := container.WordOf(p.Value, at).Place(m[2])
		o.copies(slot, o.secret(o.namespace, secret, key, here), "argocd-secret", false, here)
	}
	if slot != "" {
		o.facts.Edge(inventory.Reads, o.automation(), slot, "argocd-secret", inventory.Certain, place)
	}
}
