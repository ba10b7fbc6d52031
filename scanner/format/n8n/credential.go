package n8n

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// salted starts what n8n has encrypted: "Salted__" in base64, as OpenSSL writes it.
const salted = "U2FsdGVkX1"

var genericAuth = lazy.New(`^http[A-Z]\w*Auth$|^oAuth[12]Api$|(Api|OAuth2|OAuth1|Token)$`)

// isCredential recognises one exported credential: a type, a name and data that are encrypted or, when its type is
// one of n8n's, in the clear.
func isCredential(n *tree.Node) bool {
	kind, data := n.Get("type").Str(), n.Get("data")
	if kind == "" || !n.Get("name").IsString() || n.Get("nodes") != nil {
		return false
	}
	if data.IsString() {
		return strings.HasPrefix(data.Value, salted)
	}
	if !data.IsMap() {
		return false
	}
	_, known := provider.ServiceOfCredentialType(Platform, kind)
	return known || genericAuth.MatchString(kind) || n.Get("isManaged") != nil
}

func parseCredentials(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isCredential)
	for _, o := range objects {
		readCredential(f, o)
	}
	return err
}

func readCredential(f *artifact.Facts, o export.Object) {
	id, name, kind := o.Node.Get("id").Str(), o.Node.Get("name").Str(), o.Node.Get("type").Str()
	w := &workflow{scope: f.Artifact.Source}
	ref := w.credential(id, name)
	if ref.Name == "" {
		ref.Name = f.Artifact.Path + string(o.Path)
	}
	at := artifact.At(o.Node, o.Path)
	slot := f.Slot(ref, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Attr(slot, inventory.AttrType, kind, "", at)
	if name != "" {
		f.Attr(slot, inventory.AttrAlias, export.Label(name), "", at)
	}
	service, known := provider.ServiceOfCredentialType(Platform, kind)
	if known {
		f.Service(slot, service, "n8n-credential-type", inventory.Certain, at)
	}
	data := o.Node.Get("data")
	if !data.IsMap() {
		return
	}
	leaves := leavesOf(data, o.Path.Key("data"))
	for _, l := range leaves {
		if !known {
			l.service(f, slot)
		}
		l.report(f, ref, slot, secrets(leaves) == 1)
	}
}

// leaf is one value of a decrypted credential.
type leaf struct {
	name  string // the route below data
	node  *tree.Node
	place artifact.Place
	plain bool // says where or who, not how to get in
}

// plainLeaf matches the names of what a credential holds beside its secrets.
var plainLeaf = lazy.New(`(?i)^(host(name)?|port|server|url|baseUrl|domain|subdomain|region|database|schema|ssl|tls|environment|version|` +
	`authentication|grantType|scope|authUrl|accessTokenUrl|authQueryParameters|customEndpoints|allowedDomains|allowedHttpRequestDomains|` +
	`user(name)?|email|clientId|tenantId|accountSid|projectId|name|service|org(anization)?(Id)?|token_type|expires_in|allowUnauthorizedCerts|useDynamicClientRegistration)$`)

var hostLeaf = lazy.New(`(?i)^(host(name)?|server|url|baseUrl|domain)$`)

func leavesOf(data *tree.Node, at tree.Path) []leaf {
	var out []leaf
	data.Walk(at, func(p tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar && n.Str() != "" && n.Tag != "!!bool" {
			name := strings.TrimPrefix(strings.TrimPrefix(string(p), string(at)), ".")
			out = append(out, leaf{name, n, artifact.At(n, p), plainLeaf.MatchString(export.LastKey(p, "")) || !n.IsString()})
		}
		return true
	})
	return out
}

func secrets(leaves []leaf) int {
	n := 0
	for _, l := range leaves {
		if !l.plain {
			n++
		}
	}
	return n
}

// report adds the value of a leaf. A credential with one secret is that secret; one with several has a slot for
// each, and needs them all.
func (l leaf) report(f *artifact.Facts, ref inventory.SlotRef, whole string, only bool) {
	if host := l.host(); host != "" {
		f.Attr(whole, inventory.AttrHost, host, "", l.place)
	}
	slot, text := whole, l.node.Str()
	switch {
	case l.plain && !strings.Contains(text, "@"):
		return
	case l.plain || !only:
		ref.Key = l.name
		slot = f.Slot(ref, l.place)
		f.Refs--
		f.Defined(slot, inventory.DefinedInScan, l.place)
		f.Edge(inventory.CopiesFrom, whole, slot, "n8n-credential-data", inventory.Certain, l.place)
	}
	f.AddLiteral(artifact.Literal{Slot: slot, Name: l.name, Secret: artifact.Seal(text), Place: l.place, Sure: !l.plain})
}

// host returns the host that the leaf names, "" when it names none.
func (l leaf) host() string {
	if !hostLeaf.MatchString(l.name) {
		return ""
	}
	if host := export.Host(l.node.Str()); host != "" {
		return host
	}
	return export.Host("https://" + l.node.Str())
}

// service says that the credential is for the host that the leaf names.
func (l leaf) service(f *artifact.Facts, slot string) {
	if id := export.ServiceOf(l.host()); id != "" {
		f.Service(slot, id, "host", inventory.Certain, l.place)
	}
}

// isConfig recognises n8n's settings file: an object with the key and hardly anything else.
func isConfig(n *tree.Node) bool {
	if !n.Get("encryptionKey").IsString() {
		return false
	}
	for _, p := range n.Entries() {
		switch p.Key {
		case "encryptionKey", "instanceId", "tunnelSubdomain", "deploymentType":
		default:
			return false
		}
	}
	return true
}

func parseConfig(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isConfig)
	for _, o := range objects {
		n, p := o.Node.Get("encryptionKey"), o.Path.Key("encryptionKey")
		at := artifact.At(n, p)
		slot := f.Slot(inventory.SlotRef{Store: "n8n-config", Scope: a.Source, Name: a.Path, Key: "encryptionKey"}, at)
		f.Defined(slot, inventory.DefinedInScan, at)
		f.Attr(slot, inventory.AttrDetector, "n8n-encryption-key", "critical", at)
		f.Service(slot, Platform, "n8n-config", inventory.Certain, at)
		f.AddLiteral(artifact.Literal{Slot: slot, Name: "encryptionKey", Secret: artifact.Seal(n.Str()), Place: at, Sure: true})
	}
	return err
}
