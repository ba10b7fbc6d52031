package kubernetes

import (
	"net/url"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// readSecretStore reads a SecretStore: which system its entries are in, and the credential that it logs in with,
// which is the root of all of them. Source: the provider pages of external-secrets.
func (o *object) readSecretStore() {
	at := o.place()
	for _, p := range o.root.Get("spec", "provider").Entries() {
		real, ok := storeOf(p)
		if !ok || o.name == "" {
			continue
		}
		here := container.Glob(o.facts, inventory.SlotRef{Store: "eso", Scope: o.storeScope(o.kind, o.name), Name: "*"}, at)
		o.facts.Refs--
		o.facts.Attr(here, inventory.AttrType, o.kind, "", at)
		provider := artifact.AtPair(p, o.at.Key("spec").Key("provider").Key(p.Key))
		there := container.Glob(o.facts, real, provider)
		o.facts.Refs--
		o.copies(here, there, "eso-store", true, o.named())
		o.copies(here, there, "eso-store", true, provider)
		if role := p.Value.Get("role"); p.Key == "aws" && role.Str() != "" && container.Computed(role.Str()) == role.Str() {
			at := artifact.At(role, o.at.Key("spec").Key("provider").Key(p.Key).Key("role"))
			o.reads(o.facts.Node(inventory.Identity, "identity:"+role.Str(), role.Str(), at), "eso-role", inventory.Certain, at)
		}
	}
	o.node(o.root.Get("spec"), o.at.Key("spec"), scope{}, 0)
}

// storeOf returns the pattern of all entries of a provider; unknown parts of its scope are "*".
func storeOf(p tree.Pair) (inventory.SlotRef, bool) {
	n := p.Value
	ref := inventory.SlotRef{Name: "*"}
	switch p.Key {
	case "aws":
		ref.Store, ref.Scope = "aws-sm", "*/"+known(n.Get("region").Str())
		if n.Get("service").Str() == "ParameterStore" {
			ref.Store = "aws-ssm"
		}
	case "vault":
		ref.Store, ref.Scope = "vault", known(host(n.Get("server").Str()))
		if mount := name(n.Get("path").Str()); mount != "" {
			ref.Name = strings.Trim(mount, "/") + "/*"
		}
	case "gcpsm":
		ref.Store, ref.Scope = "gcp-sm", known(n.Get("projectID").Str())
	case "azurekv":
		vault, _, _ := strings.Cut(host(n.Get("vaultUrl").Str()), ".")
		ref.Store, ref.Scope = "azkv", known(vault)
	case "onepassword", "onepasswordSDK":
		ref.Store = "op"
		if vault := onlyVault(n); vault != "" {
			ref.Name = strings.ToLower(vault) + "/*"
		}
	case "doppler":
		ref.Store, ref.Scope = "doppler", known(n.Get("project").Str())+"/"+known(n.Get("config").Str())
	case "infisical":
		in := n.Get("secretsScope")
		ref.Store = "infisical"
		ref.Scope = known(in.Get("projectSlug").Str()) + "/" + known(in.Get("environmentSlug").Str()) + strings.TrimSuffix(in.Get("secretsPath").Str(), "/")
	case "bitwardensecretsmanager":
		ref.Store, ref.Scope = "bws", "*"
	case "gitlab", "ibm", "akeyless", "conjur", "keepersecurity", "passbolt", "pulumi":
		ref.Store, ref.Scope = p.Key, "*"
	case "kubernetes":
		ref.Store, ref.Scope = "k8s", "*/"+known(n.Get("remoteNamespace").Str())
	default:
		return ref, false
	}
	return ref, true
}

// onlyVault returns the vault of a 1Password store that has only one.
func onlyVault(n *tree.Node) string {
	if vault := name(n.Get("vault").Str()); vault != "" {
		return vault
	}
	if vaults := n.Get("vaults").Entries(); len(vaults) == 1 {
		return name(vaults[0].Key)
	}
	return ""
}

// known returns a literal name, "*" for one that is absent or computed.
func known(s string) string {
	if s = name(s); s == "" || strings.Contains(s, "*") {
		return "*"
	}
	return s
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
