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

// templateKey matches a key that a Vault agent template takes from its secret: .Data.data.password. templatePath
// matches where it names the secret: with secret "kv/data/db".
var (
	templateKey  = lazy.New(`\.Data\.(?:data\.)?(\w+)`)
	templatePath = lazy.New("\\bsecret\\s+[\"`]([^\"`]+)[\"`]")
)

// injected reads the annotations of the Vault agent injector: each secret becomes a file in the pod. Source:
// the annotations page of the injector's documentation.
func (o *object) injected(n *tree.Node, at tree.Path) {
	for _, p := range n.Entries() {
		key, ok := strings.CutPrefix(p.Key, injector)
		if !ok || p.Value.Str() == "" || !o.spend() {
			continue
		}
		place := artifact.AtPair(p, at.Key(p.Key))
		label, secret := strings.CutPrefix(key, "agent-inject-secret-")
		templated, template := strings.CutPrefix(key, "agent-inject-template-")
		switch {
		case key == "agent-extra-secret" || key == "tls-secret":
			o.reads(o.secret(o.namespace, p.Value.Str(), "", place), "vault-injector", inventory.Certain, place)
		case secret && label != "":
			text := n.Get(injector + "agent-inject-template-" + label).Str()
			o.injectedSecret(injectedFile(n, label), p.Value.Str(), text, place)
		case template && n.Get(injector+"agent-inject-secret-"+templated).Str() == "":
			o.injectedSecret(injectedFile(n, templated), "", p.Value.Str(), place)
		}
	}
}

// injectedSecret adds the file that a secret becomes. A template says which keys it takes, of the secret that it names
// itself or else of that of the annotation; without one the file has all keys.
func (o *object) injectedSecret(file, entry, template string, at artifact.Place) {
	b := container.File(o.facts, o.automation(), file, "vault-injector", at)
	taken := false
	take := func(entry, text string) {
		for _, m := range templateKey.FindAllStringSubmatch(text, 100) {
			taken = true
			slot := o.facts.Slot(detect.VaultSlot("", entry, m[1]), at)
			o.facts.Edge(inventory.BoundFrom, b, slot, "vault-injector", inventory.Certain, at)
		}
	}
	named := templatePath.FindAllStringSubmatchIndex(template, 100)
	for i, m := range named {
		end := len(template)
		if i+1 < len(named) {
			end = named[i+1][0]
		}
		if path := template[m[2]:m[3]]; container.Computed(path) == path {
			take(path, template[m[1]:end])
			entry = path
		}
	}
	if len(named) == 0 && entry != "" {
		take(entry, template)
	}
	if !taken && entry != "" {
		all := container.All(o.facts, detect.VaultSlot("", entry, ""), at)
		o.facts.Edge(inventory.BoundFrom, b, all, "vault-injector", inventory.Certain, at)
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
	for _, n := range []*tree.Node{nil, spec.Get("mount"), spec.Get("path"), spec.Get("role"), spec.Get("destination", "name")} {
		o.copies(to, from, "vault-secrets-operator", true, on(n, at))
	}
	o.transformed(mount + "/" + entry)
}

// secretField matches a key that a template of the operator takes: get .Secrets "key", index .Secrets "key", .Secrets.key.
var secretField = lazy.New("\\.Secrets(?:\\.(\\w+)|\\s+[\"`]([^\"`]+)[\"`])")

// transformed reads the keys that the operator makes by templates from those of the entry.
func (o *object) transformed(entry string) {
	at := o.at.Key("spec").Key("destination").Key("transformation").Key("templates")
	for _, p := range o.root.Get("spec", "destination", "transformation", "templates").Entries() {
		place := artifact.AtPair(p, at.Key(p.Key))
		key := p.Key
		if named := p.Value.Get("name").Str(); named != "" {
			key = named
		}
		to := o.defined(o.root.Get("spec", "destination", "name").Str(), key, "vault", place)
		if to == "" {
			continue
		}
		for _, m := range secretField.FindAllStringSubmatch(p.Value.Get("text").Str(), 100) {
			o.copies(to, o.facts.Slot(detect.VaultSlot("", entry, m[1]+m[2]), place), "vault-secrets-operator", false, place)
		}
	}
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
	to := o.secret(o.namespace, o.name, "", at)
	from := container.Glob(o.facts, detect.OnePasswordSlot(words[1]+"/"+words[3]+"/*"), at)
	for _, n := range []*tree.Node{nil, o.root.Get("spec", "itemPath"), o.root.Get("metadata", "name")} {
		o.copies(to, from, "onepassword-operator", true, on(n, at))
	}
}
