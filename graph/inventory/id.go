package inventory

import "strings"

// SlotRef names a slot: which store, in which scope, under which name and key.
type SlotRef struct {
	Store string // gh, k8s, dotenv, n8n, vault, aws-sm, inline ...
	Scope string // the scope of the name; "*" for each unknown part; "" where the store has none
	Name  string
	Key   string // the key inside the entry, "" when the entry is the credential
}

// ID returns the canonical id: store:scope/name#key.
func (r SlotRef) ID() string {
	var b strings.Builder
	b.WriteString(r.Store)
	b.WriteByte(':')
	if r.Scope != "" {
		b.WriteString(r.Scope)
		b.WriteByte('/')
	}
	b.WriteString(r.Name)
	if r.Key != "" {
		b.WriteByte('#')
		b.WriteString(r.Key)
	}
	return b.String()
}

// FileID returns the id of a node that stands for a file: kind:source/path. The kind is "code" or "file", or
// a platform's id for an automation that is the whole file.
func FileID(kind, source, path string) string { return kind + ":" + source + "/" + path }

// PartID returns the id of a part of an automation or of another part.
func PartID(whole, key string) string {
	if strings.Contains(whole, "#") {
		return whole + "." + key
	}
	return whole + "#" + key
}

// BindingID returns the id of the binding under which a consumer sees a credential.
func BindingID(consumer, name string) string { return consumer + "/" + name }

// ValueID returns the id of the value node of a fingerprint.
func ValueID(fingerprint string) string { return "value:" + fingerprint }

// OwnerID returns the id of an owner, as written in its source (@org/team, a name).
func OwnerID(name string) string { return "owner:" + name }

// ServiceID returns the id of a service.
func ServiceID(id string) string { return "service:" + id }

// SourceID returns the id of the node that stands for a source.
func SourceID(id string) string { return "source:" + id }

// RepoScope returns the scope under which a repository names its own things: acme/shop for
// github.com/acme/shop, and the whole source id anywhere else, so that two hosts never mix.
func RepoScope(source string) string { return strings.TrimPrefix(source, "github.com/") }

// ContextOf takes the id of a file as one part runs it apart: the file's own id, and the part. A path may hold an @ itself
// (src/@types/x.ts): a part's id has a colon before its first slash, or no slash. False for any other id.
func ContextOf(id string) (file, part string, ok bool) {
	for from := 0; ; {
		n := strings.IndexByte(id[from:], '@')
		if n < 0 {
			return id, "", false
		}
		at := from + n
		rest := id[at+1:]
		slash, colon := strings.IndexByte(rest, '/'), strings.IndexByte(rest, ':')
		if slash < 0 || colon >= 0 && colon < slash {
			return id[:at], rest, true
		}
		from = at + 1
	}
}

// IsComputedEntry reports whether a node is one entry of a secret manager, or a key of one, of which only the end of the name is
// known for sure: aws-ssm:*/*/shop/*/db-password, the middle of which a file computes.
func IsComputedEntry(n *Node) bool {
	if n.Kind != Pattern {
		return false
	}
	switch n.Attr(AttrStore) {
	case "aws-sm", "aws-ssm", "gcp-sm", "azkv", "vault":
	default:
		return false
	}
	last := n.Name[strings.LastIndexAny(n.Name, "/#")+1:]
	return last != "" && !strings.Contains(last, "*") && !strings.HasPrefix(n.Name, "aws/service/") // what AWS publishes for everybody
}
