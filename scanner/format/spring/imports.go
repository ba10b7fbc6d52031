package spring

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// imports reads spring.config.import: folders in which each file is a property, and entries of secret stores that
// hold properties.
func (r *reader) imports(e entry) {
	if !strings.HasPrefix(e.key, "spring.config.import") {
		return
	}
	for _, part := range strings.Split(e.value, ",") {
		kind, all, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(part), "optional:"), ":")
		for _, rest := range strings.Split(all, ";") {
			r.imported(kind, rest, e.at)
		}
	}
}

// imported reads one location that properties are imported from.
func (r *reader) imported(kind, rest string, at artifact.Place) {
	rest, _, _ = strings.Cut(rest, "?")
	name := strings.Trim(strings.TrimSpace(rest), "/")
	if strings.ContainsAny(name, "${ ") {
		return
	}
	switch kind {
	case "configtree":
		if strings.HasPrefix(rest, "/") {
			b := r.Binding(r.Node(), path.Join(strings.TrimSuffix(rest, "*/"), "*"), "file", at)
			r.Edge(inventory.Reads, r.ID, b, "spring-configtree", inventory.Certain, at)
			r.Refs++
		}
	case "vault":
		r.whole(detect.VaultSlot("", name, ""), at)
	case "aws-secretsmanager":
		r.whole(inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: name}, at)
	case "aws-parameterstore":
		r.glob(inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: name + "/*"}, at)
	}
}

// secretManager matches a placeholder of Spring Cloud GCP: ${sm://name}, ${sm@project/name/version}, and the long form.
var secretManager = lazy.New(`\$\{sm(?:://|@)(?:projects/([\w-]+)/secrets/([\w-]+)(?:/versions/[\w-]+)?|(?:([\w-]+)/)?([\w-]+)(?:/[\w-]+)?)\}`)

// secretManagers reads the entries of Google's Secret Manager that a value takes in by their names.
func (r *reader) secretManagers(e entry) {
	for _, m := range secretManager.FindAllStringSubmatch(e.value, 20) {
		ref := inventory.SlotRef{Store: "gcp-sm", Scope: m[1] + m[3], Name: m[2] + m[4]}
		if ref.Scope == "" {
			ref.Scope = "*"
		}
		r.Edge(inventory.Reads, r.Node(), r.Slot(ref, e.at), "spring-secret-manager", inventory.Certain, e.at)
	}
}

// whole says that the program takes in all keys of an entry of a store.
func (r *reader) whole(s inventory.SlotRef, at artifact.Place) {
	if s.Name != "" && s.Name != "/" {
		r.Edge(inventory.Reads, r.Node(), container.All(r.Facts, s, at), "spring-import", inventory.High, at)
	}
}

func (r *reader) glob(s inventory.SlotRef, at artifact.Place) {
	r.Edge(inventory.Reads, r.Node(), container.Glob(r.Facts, s, at), "spring-import", inventory.High, at)
}

// vault reads the settings that make a store a source of properties: Spring Cloud Vault reads <backend>/<application>,
// Azure's starter and Spring Cloud Azure every secret of a vault.
func (r *reader) vault(doc []entry) {
	get := map[string]entry{}
	for _, e := range doc {
		get[e.key] = e
		if strings.HasSuffix(e.key, ".endpoint") && strings.Contains(e.key, "keyvault") || e.key == "azure.keyvault.uri" {
			if name, _, ok := strings.Cut(strings.TrimPrefix(e.value, "https://"), ".vault."); ok && !strings.ContainsAny(name, "${/ ") {
				r.glob(inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(name), Name: "*"}, e.at)
			}
		}
	}
	const prefix = "spring.cloud.vault."
	at, ok := get[prefix+"uri"]
	if !ok || get[prefix+"enabled"].value == "false" {
		return
	}
	backend, app := "secret", get["spring.application.name"].value
	for _, kind := range []string{"generic.", "kv."} {
		if b := get[prefix+kind+"backend"]; b.value != "" {
			backend, at = b.value, b
		}
		if n := get[prefix+kind+"application-name"]; n.value != "" {
			app, at = n.value, n
		}
	}
	if app != "" && !strings.ContainsAny(backend+app, "${") {
		r.whole(detect.VaultSlot("", backend+"/"+app, ""), at.at)
	}
}
