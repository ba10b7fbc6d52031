package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// readTriggerAuthentication reads what a scaler of KEDA logs in with: keys of Secrets, and entries of the stores that
// it asks itself. Source: the authentication providers of the KEDA documentation.
func (o *object) readTriggerAuthentication() {
	o.automation()
	o.pipeline()
	for _, p := range o.root.Get("spec").Entries() {
		list := p.Value.Get("secrets")
		for i, item := range list.List() {
			at := artifact.At(item, o.at.Key("spec").Key(p.Key).Key("secrets").Index(i))
			if ref, ok := scalerEntry(p, item); ok && o.spend() {
				o.reads(o.entryOf(ref, at), "keda-"+strings.ToLower(p.Key), inventory.Certain, at)
			}
		}
		if len(list.List()) > 0 {
			o.skip(list)
		}
	}
	o.search()
}

// scalerEntry returns the entry of a store that a scaler asks for.
func scalerEntry(p tree.Pair, item *tree.Node) (inventory.SlotRef, bool) {
	entry := name(item.Get("name").Str())
	switch p.Key {
	case "hashiCorpVault":
		path := item.Get("path").Str()
		return detect.VaultSlot(host(p.Value.Get("address").Str()), path, item.Get("key").Str()), name(path) != ""
	case "azureKeyVault":
		vault, _, _ := strings.Cut(host(p.Value.Get("vaultUri").Str()), ".")
		return inventory.SlotRef{Store: "azkv", Scope: known(vault), Name: strings.ToLower(entry)}, entry != ""
	case "awsSecretManager":
		return inventory.SlotRef{Store: "aws-sm", Scope: "*/" + known(p.Value.Get("region").Str()), Name: entry, Key: item.Get("secretKey").Str()}, entry != ""
	case "gcpSecretManager":
		entry = name(item.Get("id").Str())
		return inventory.SlotRef{Store: "gcp-sm", Scope: "*", Name: entry}, entry != ""
	}
	return inventory.SlotRef{}, false
}
