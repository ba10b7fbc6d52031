package detect

import (
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// StoreReference is a mention of a secret store's entry inside a text.
type StoreReference struct {
	Slot       inventory.SlotRef
	Via        string // id of the syntax: op-uri, aws-sm-arn, avp ...
	Whole      bool   // the text is nothing but the reference
	Start, End int    // byte offsets of the mention
}

// storeSyntax is one row: how a reference is written, and which slot it means.
type storeSyntax struct {
	id    string
	hint  string // must stand in the text: cheaper than the expression
	match *regexp.Regexp
	slot  func(m []string) inventory.SlotRef
}

// storeSyntaxes are the references that carry their store with them. Sources: the documentation of 1Password
// secret references, AWS ARNs, Google Cloud resource names, Azure Key Vault identifiers and App Service
// references, argocd-vault-plugin placeholders, Bank-Vaults environment values, and vals.
var storeSyntaxes = []storeSyntax{
	{"op-uri", "op://", regexp.MustCompile(`op://([\w.-]+/[\w.-]+(?:/[\w.-]+)*)(?:\?[a-z=-]+)?`), opSlot},
	{"aws-sm-arn", ":secretsmanager:", regexp.MustCompile(`arn:aws[\w-]*:secretsmanager:([a-z0-9-]+):(\d{12}):secret:([\w/+=.@-]+)(?::([\w.-]*))?(?::[\w.-]*){0,2}`), awsSecretSlot},
	{"aws-ssm-arn", ":ssm:", regexp.MustCompile(`arn:aws[\w-]*:ssm:([a-z0-9-]+):(\d{12}):parameter(/[\w./-]+)`), awsParameterSlot},
	{"gcp-sm-name", "/secrets/", regexp.MustCompile(`projects/([\w:.-]+)/secrets/([\w-]+)(?:/versions/[\w-]+)?`), gcpSlot},
	{"azkv-uri", ".vault.", regexp.MustCompile(`https://([A-Za-z0-9-]+)\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)(?::443)?/secrets/([A-Za-z0-9-]+)(?:/[0-9a-f]+)?`), azureSlot},
	{"azkv-app-service", "VaultName=", regexp.MustCompile(`VaultName=([A-Za-z0-9-]+);\s*SecretName=([A-Za-z0-9-]+)`), azureSlot},
	{"avp", "<path:", regexp.MustCompile(`<path:([^#<>\s]+)#([^#<>\s|]+)(?:#[^<>\s|]*)?(?:\s*\|[^<>]*)?>`), vaultSlot},
	{"bank-vaults", "vault:", regexp.MustCompile(`(?:>>)?\bvault:([\w-]+/[\w./-]+)#(?:([\w.-]+)|\$\{\s*\.([\w-]+)[^{}]*\})(?:#\d+)?`), bankSlot},
	{"vals-vault", "ref+vault://", regexp.MustCompile(`ref\+vault://([\w./-]+)(?:\?[^#\s]*)?(?:#/?([\w./-]+))?\+?`), vaultSlot},
	{"vals-aws-sm", "ref+awssecrets://", regexp.MustCompile(`ref\+awssecrets://([\w./-]+)(?:\?[^#\s]*)?(?:#/?([\w./-]+))?\+?`), wildcardSlot("aws-sm")},
	{"vals-aws-ssm", "ref+awsssm://", regexp.MustCompile(`ref\+awsssm://([\w./-]+)(?:\?[^#\s]*)?(?:#/?([\w./-]+))?\+?`), wildcardSlot("aws-ssm")},
	{"vals-gcp", "ref+gcpsecrets://", regexp.MustCompile(`ref\+gcpsecrets://([\w.-]+)/([\w-]+)(?:\?[^#\s]*)?\+?`), gcpSlot},
	{"vals-azkv", "ref+azurekeyvault://", regexp.MustCompile(`ref\+azurekeyvault://([\w.-]+)/([\w-]+)(?:/\w+)?\+?`), azureSlot},
}

// spacedReference is a 1Password reference that is the whole text: only there may its names hold spaces.
var spacedReference = regexp.MustCompile(`^\s*["']?(?:\{\{\s*)?op://([\w. -]+/[\w. -]+?(?:/[\w. -]+?){0,2})(?:\?[a-z=-]+)?(?:\s*\}\})?["']?\s*$`)

// maxStoreReferences bounds what one text yields.
const maxStoreReferences = 200

// StoreReferences lists the references to secret stores in a text: op://, ARNs, Key Vault addresses,
// <path:...#...>, vault:path#key, ref+vault:// and their like.
func StoreReferences(text string) []StoreReference {
	if m := spacedReference.FindStringSubmatch(text); m != nil {
		return []StoreReference{{Slot: opSlot(m), Via: "op-uri", Whole: true, End: len(text)}}
	}
	var out []StoreReference
	for _, s := range storeSyntaxes {
		if !strings.Contains(text, s.hint) {
			continue
		}
		for _, at := range s.match.FindAllStringSubmatchIndex(text, maxStoreReferences) {
			m := make([]string, len(at)/2)
			for i := range m {
				if at[2*i] >= 0 {
					m[i] = text[at[2*i]:at[2*i+1]]
				}
			}
			out = append(out, StoreReference{Slot: s.slot(m), Via: s.id, Start: at[0], End: at[1],
				Whole: isWhole(text, at[0], at[1])})
		}
	}
	return out
}

// isWhole reports whether nothing but white space, quotes and the brackets of a placeholder surround the match.
func isWhole(text string, start, end int) bool {
	const around = " \t\r\n\"'"
	before, after := strings.Trim(text[:start], around), strings.Trim(text[end:], around)
	switch {
	case before == "" && after == "", before == "{{" && after == "}}", before == "${" && after == "}":
		return true
	}
	return strings.HasPrefix(before, "@Microsoft.KeyVault(") && after == ")"
}

func opSlot(m []string) inventory.SlotRef { return OnePasswordSlot(m[1]) }

// OnePasswordSlot returns the slot of vault/item/[section/]field as it stands in a secret reference. Names in
// it do not depend on case.
func OnePasswordSlot(path string) inventory.SlotRef {
	return inventory.SlotRef{Store: "op", Name: strings.ToLower(strings.TrimSpace(path))}
}

var arnSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`)

// withoutSuffix drops the six random characters that Secrets Manager puts behind a name. A word of six small
// letters is part of the name.
func withoutSuffix(name string) string {
	suffix := arnSuffix.FindString(name)
	if suffix == "" || strings.ToLower(suffix) == suffix && !strings.ContainsAny(suffix, "0123456789") {
		return name
	}
	return strings.TrimSuffix(name, suffix)
}

func awsSecretSlot(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "aws-sm", Scope: m[2] + "/" + m[1], Name: withoutSuffix(m[3]), Key: m[4]}
}

// awsParameterSlot leaves out the slash that opens a hierarchical name: an ARN does not tell it from its own.
func awsParameterSlot(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "aws-ssm", Scope: m[2] + "/" + m[1], Name: strings.TrimPrefix(m[3], "/")}
}

func gcpSlot(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "gcp-sm", Scope: m[1], Name: m[2]}
}

func azureSlot(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(m[1]), Name: strings.ToLower(m[2])}
}

func vaultSlot(m []string) inventory.SlotRef { return VaultSlot("", m[1], m[2]) }

// bankSlot is for an entry whose key stands bare or in a template: #KEY, #${.KEY}.
func bankSlot(m []string) inventory.SlotRef { return VaultSlot("", m[1], m[2]+m[3]) }

// VaultSlot returns the slot of a Vault path and key at an address, "" when that is unknown. The data/ that the
// second version of the key-value engine inserts behind the mount is dropped, as both spellings name one entry.
func VaultSlot(address, path, key string) inventory.SlotRef {
	if address == "" {
		address = "*"
	}
	path = strings.Trim(path, "/")
	if mount, rest, ok := strings.Cut(path, "/"); ok {
		path = mount + "/" + strings.TrimPrefix(rest, "data/")
	}
	return inventory.SlotRef{Store: "vault", Scope: address, Name: path, Key: key}
}

// wildcardSlot is for references that name neither account nor region.
func wildcardSlot(store string) func(m []string) inventory.SlotRef {
	return func(m []string) inventory.SlotRef {
		return inventory.SlotRef{Store: store, Scope: "*/*", Name: m[1], Key: m[2]}
	}
}
