package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Operators copy entries of a store into a Secret that they make, and log in with another Secret. Sources: the
// references of the operators of Doppler, Infisical, Bitwarden, HashiCorp Vault, ricoberger/vault-secrets-operator,
// akv2k8s.io, and of external-secrets/kubernetes-external-secrets, the forerunner of External Secrets.

// fills copies all entries of a place in a store into a Secret with all its keys.
func (o *object) fills(namespace string, secret *tree.Node, at tree.Path, from inventory.SlotRef, rule string) {
	place := on(secret, o.place())
	if secret != nil {
		place = artifact.At(secret, at)
	}
	to := o.secret(namespace, secret.Str(), "", place)
	if to == "" {
		return
	}
	o.facts.Refs--
	o.copies(to, container.Glob(o.facts, from, place), rule, true, place)
}

// readDopplerSecret reads a DopplerSecret: a configuration of a project becomes a Secret.
func (o *object) readDopplerSecret() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	managed := spec.Get("managedSecret")
	from := inventory.SlotRef{Store: "doppler", Scope: known(spec.Get("project").Str()) + "/" + known(spec.Get("config").Str()), Name: "*"}
	o.fills(o.namespaceOf(managed), managed.Get("name"), at.Key("managedSecret").Key("name"), from, "doppler-operator")
	o.skip(managed)
	o.search()
}

// readInfisicalSecret reads an InfisicalSecret: a folder of an environment becomes a Secret.
func (o *object) readInfisicalSecret() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	from := inventory.SlotRef{Store: "infisical", Scope: "*/*", Name: "*"}
	for _, method := range spec.Get("authentication").Entries() {
		if in := method.Value.Get("secretsScope"); in != nil {
			project := in.Get("projectSlug").Str()
			if project == "" {
				project = in.Get("projectId").Str()
			}
			from.Scope = known(project) + "/" + known(in.Get("envSlug").Str()) + strings.TrimSuffix(in.Get("secretsPath").Str(), "/")
		}
	}
	managed := func(m *tree.Node, at tree.Path) {
		namespace := m.Get("secretNamespace").Str()
		if namespace == "" {
			namespace = o.namespace
		}
		o.fills(namespace, m.Get("secretName"), at.Key("secretName"), from, "infisical-operator")
		o.skip(m)
	}
	for i, m := range spec.Get("managedKubeSecretReferences").List() {
		managed(m, at.Key("managedKubeSecretReferences").Index(i))
	}
	if m := spec.Get("managedSecretReference"); m != nil {
		managed(m, at.Key("managedSecretReference"))
	}
	o.search()
}

// readBitwardenSecret reads a BitwardenSecret: secrets of the Secrets Manager, by id, become keys of a Secret.
func (o *object) readBitwardenSecret() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	secret := spec.Get("secretName").Str()
	for i, item := range spec.Get("map").List() {
		place := artifact.At(item, at.Key("map").Index(i))
		id := item.Get("bwSecretId").Str()
		if name(id) == "" || strings.Contains(name(id), "*") || !o.spend() {
			continue
		}
		from := o.facts.Slot(inventory.SlotRef{Store: "bws", Scope: "*", Name: id}, place)
		o.copies(o.defined(secret, item.Get("secretKeyName").Str(), "bitwarden", place), from, "bitwarden-operator", true, place)
	}
	if spec.Get("onlyMappedSecrets").Str() == "false" || len(spec.Get("map").List()) == 0 {
		o.fills(o.namespace, spec.Get("secretName"), at.Key("secretName"), inventory.SlotRef{Store: "bws", Scope: "*", Name: "*"}, "bitwarden-operator")
	}
	if token := spec.Get("authToken", "secretName"); token != nil {
		place := artifact.At(token, at.Key("authToken").Key("secretName"))
		o.reads(o.secret(o.namespace, token.Str(), spec.Get("authToken", "secretKey").Str(), place), "k8s-secret-name", inventory.Certain, place)
	}
}

// readHCPVaultSecrets reads an application of HCP Vault Secrets that becomes a Secret.
func (o *object) readHCPVaultSecrets() {
	spec, at := o.root.Get("spec"), o.at.Key("spec").Key("destination").Key("name")
	from := inventory.SlotRef{Store: "hcp-vs", Scope: known(spec.Get("appName").Str()), Name: "*"}
	o.fills(o.namespace, spec.Get("destination", "name"), at, from, "vault-secrets-operator")
}

// readPathSecret reads a VaultSecret of ricoberger's operator: a path becomes a Secret of the object's name, with all
// keys or those that are listed.
func (o *object) readPathSecret() {
	n := o.root.Get("spec", "path")
	entry, at := n.Str(), artifact.At(n, o.at.Key("spec").Key("path"))
	if entry == "" || container.Computed(entry) != entry {
		return
	}
	keys := o.root.Get("spec", "keys").List()
	for i, key := range keys {
		place := artifact.At(key, o.at.Key("spec").Key("keys").Index(i))
		to := o.defined(o.name, key.Str(), "vault", place)
		if to != "" {
			from := o.facts.Slot(detect.VaultSlot("", entry, key.Str()), place)
			o.copies(to, from, "vault-secrets-operator", true, place)
			o.copies(to, from, "vault-secrets-operator", true, at)
		}
	}
	if len(keys) == 0 {
		o.copies(o.secret(o.namespace, o.name, "", at), container.All(o.facts, detect.VaultSlot("", entry, ""), at), "vault-secrets-operator", true, at)
	}
}

// readKeyVaultSecret reads an AzureKeyVaultSecret of akv2k8s: an object of a vault becomes a key of a Secret.
func (o *object) readKeyVaultSecret() {
	vault, at := o.root.Get("spec", "vault"), o.at.Key("spec").Key("vault")
	n := vault.Get("object", "name")
	if name(n.Str()) == "" || strings.Contains(name(n.Str()), "*") || !o.spend() {
		return
	}
	place := artifact.At(n, at.Key("object").Key("name"))
	from := o.facts.Slot(inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(known(vault.Get("name").Str())), Name: strings.ToLower(n.Str())}, place)
	out := o.root.Get("spec", "output", "secret")
	key := out.Get("dataKey").Str()
	to := o.secret(o.namespace, out.Get("name").Str(), key, place)
	o.copies(to, from, "akv2k8s", key != "", place)
	if key != "" {
		o.defined(out.Get("name").Str(), key, out.Get("type").Str(), place)
		o.copies(to, from, "akv2k8s", true, on(out.Get("name"), place))
	}
}

// earlyBackends are the stores of the forerunner of External Secrets.
var earlyBackends = map[string]inventory.SlotRef{
	"secretsManager": {Store: "aws-sm", Scope: "*/*"}, "systemManager": {Store: "aws-ssm", Scope: "*/*"},
	"gcpSecretsManager": {Store: "gcp-sm", Scope: "*"}, "azureKeyVault": {Store: "azkv", Scope: "*"},
}

// readEarlyExternalSecret reads an ExternalSecret of the forerunner: entries become keys of a Secret of the object's name.
func (o *object) readEarlyExternalSecret() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	if spec == nil {
		spec, at = o.root.Get("secretDescriptor"), o.at.Key("secretDescriptor")
	}
	backend := spec.Get("backendType").Str()
	for i, item := range spec.Get("data").List() {
		place := artifact.At(item, at.Key("data").Index(i))
		from := o.earlyEntry(spec, backend, item.Get("key").Str(), item.Get("property").Str(), place)
		o.copies(o.defined(o.name, item.Get("name").Str(), "external-secret", place), from, "eso-data", true, place)
	}
	for i, item := range spec.Get("dataFrom").List() {
		place := artifact.At(item, at.Key("dataFrom").Index(i))
		o.copies(o.secret(o.namespace, o.name, "", place), o.earlyEntry(spec, backend, item.Str(), "*", place), "eso-data-from", true, place)
	}
}

func (o *object) earlyEntry(spec *tree.Node, backend, key, property string, at artifact.Place) string {
	if key = strings.TrimSpace(container.Computed(key)); key == "" || len(key) > 1000 || !o.spend() {
		return ""
	}
	if backend == "vault" {
		return o.entryOf(detect.VaultSlot("", key, property), at)
	}
	ref, ok := earlyBackends[backend]
	if !ok {
		return ""
	}
	switch {
	case backend == "azureKeyVault":
		ref.Scope, key = strings.ToLower(known(spec.Get("keyVaultName").Str())), strings.ToLower(key)
	case backend == "gcpSecretsManager":
		ref.Scope = known(spec.Get("projectId").Str())
	case spec.Get("region").Str() != "":
		ref.Scope = "*/" + known(spec.Get("region").Str())
	}
	ref.Name, ref.Key = key, property
	return o.entryOf(ref, at)
}

// entryOf adds the node of an entry whose store is known: a pattern when all its keys are meant or a part is computed.
func (o *object) entryOf(ref inventory.SlotRef, at artifact.Place) string {
	if strings.Contains(ref.Name+ref.Key, "*") {
		return container.Glob(o.facts, ref, at)
	}
	return o.facts.Slot(ref, at)
}
