package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// readProviderClass reads a SecretProviderClass: each object of its list is a file in the volumes that name the
// class, and secretObjects copy files into Secrets. Sources: the documentation of the secrets store CSI driver
// and of its providers for AWS, Azure, Google Cloud and Vault.
func (o *object) readProviderClass() {
	parameters := o.root.Get("spec", "parameters")
	at := artifact.At(parameters, o.at.Key("spec").Key("parameters"))
	for _, item := range providerObjects(parameters) {
		o.providerEntry(item, parameters, at)
	}
	o.secretObjects()
}

// providerObjects parses the list that the class holds as text. Azure's has one more text in each item.
func providerObjects(parameters *tree.Node) []*tree.Node {
	var out []*tree.Node
	for _, key := range []string{"objects", "secrets"} {
		for _, d := range tree.YAML([]byte(parameters.Get(key).Str())) {
			list := d.Root
			if list.IsMap() {
				list = list.Get("array")
			}
			for _, item := range list.List() {
				if item.IsMap() {
					out = append(out, item)
					continue
				}
				for _, inner := range tree.YAML([]byte(item.Str())) {
					out = append(out, inner.Root)
				}
			}
		}
	}
	return out
}

func (o *object) providerEntry(item, parameters *tree.Node, at artifact.Place) {
	label := item.Get("objectName").Str()
	for _, key := range []string{"objectAlias", "fileName", "path"} {
		if alias := item.Get(key).Str(); alias != "" {
			label = alias
		}
	}
	from := o.providerSlot(item, parameters, at)
	for _, p := range item.Get("jmesPath").List() {
		o.copies(o.providerObject(o.namespace, o.name, p.Get("objectAlias").Str(), at),
			o.keyOf(item, parameters, p.Get("path").Str(), at), "csi-secret", true, at)
	}
	if from != "" && label != "" {
		o.copies(o.providerObject(o.namespace, o.name, label, at), from, "csi-secret", true, at)
	}
}

func (o *object) keyOf(item, parameters *tree.Node, key string, at artifact.Place) string {
	ref, ok := providerRef(item, parameters)
	if !ok || key == "" {
		return ""
	}
	ref.Key = strings.Trim(key, `"`)
	return o.facts.Slot(ref, at)
}

func (o *object) providerSlot(item, parameters *tree.Node, at artifact.Place) string {
	ref, ok := providerRef(item, parameters)
	if !ok {
		return ""
	}
	if strings.Contains(ref.Name, "*") {
		return container.Glob(o.facts, ref, at)
	}
	return o.facts.Slot(ref, at)
}

// providerRef returns the slot that an item of the list names, by the fields that the providers differ in.
func providerRef(item, parameters *tree.Node) (inventory.SlotRef, bool) {
	entry := container.Computed(item.Get("objectName").Str())
	if resource := item.Get("resourceName").Str(); resource != "" {
		for _, r := range detect.StoreReferences(resource) {
			return r.Slot, true
		}
		return inventory.SlotRef{}, false
	}
	if secret := item.Get("secretPath").Str(); secret != "" {
		return detect.VaultSlot(host(parameters.Get("vaultAddress").Str()), container.Computed(secret), item.Get("secretKey").Str()), true
	}
	if vault := parameters.Get("keyvaultName").Str(); vault != "" {
		return inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(known(vault)), Name: strings.ToLower(entry)}, entry != ""
	}
	for _, r := range detect.StoreReferences(entry) {
		return r.Slot, true
	}
	store := "aws-sm"
	if item.Get("objectType").Str() == "ssmparameter" {
		store, entry = "aws-ssm", strings.TrimPrefix(entry, "/")
	}
	return inventory.SlotRef{Store: store, Scope: "*/" + known(parameters.Get("region").Str()), Name: entry}, name(entry) != ""
}

// secretObjects reads the Secrets that the driver keeps in step while a pod mounts the class.
func (o *object) secretObjects() {
	at := o.at.Key("spec").Key("secretObjects")
	for i, secret := range o.root.Get("spec", "secretObjects").List() {
		for j, item := range secret.Get("data").List() {
			place := artifact.At(item, at.Index(i).Key("data").Index(j))
			to := o.defined(secret.Get("secretName").Str(), item.Get("key").Str(), secret.Get("type").Str(), place)
			from := o.providerObject(o.namespace, o.name, item.Get("objectName").Str(), place)
			for _, p := range append(given(item.Get("objectName")), on(item.Get("objectName"), place), place) {
				o.copies(to, from, "csi-secret-object", true, p)
			}
		}
	}
}
