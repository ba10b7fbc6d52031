package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// NodeKind says what a node is. See the glossary in docs/architecture.md.
type NodeKind string

// The kinds of node.
const (
	Slot       NodeKind = "slot"       // a named place that holds a credential, whether or not a value was seen
	Value      NodeKind = "value"      // a fingerprint
	Binding    NodeKind = "binding"    // the name under which one consumer sees a credential; id <consumer>/<NAME>
	Derived    NodeKind = "derived"    // minted from another credential at run time
	Identity   NodeKind = "identity"   // a federated role: nothing to rotate
	Pattern    NodeKind = "pattern"    // a set of slots or paths, named by a glob
	Automation NodeKind = "automation" // something that runs: a workflow, a CronJob, a DAG, a Zap
	Part       NodeKind = "part"       // a job, step, container or node of an automation
	Code       NodeKind = "code"       // program text that reads credentials
	File       NodeKind = "file"       // a file that a part runs or mounts
	Image      NodeKind = "image"      // a container image, without its tag
	Service    NodeKind = "service"    // the system that accepts the credential
	Owner      NodeKind = "owner"      // who answers for something
	SourceNode NodeKind = "source"     // where bytes come from
)

// AttrKey names an attribute of a node or an edge.
type AttrKey string

// The attributes. Each line says on what it stands, and what Value and Detail hold.
const (
	AttrStore       AttrKey = "store"       // slot: the kind of store (gh, k8s, dotenv, n8n, inline ...)
	AttrScope       AttrKey = "scope"       // slot: the scope of its name; "*" stands for each unknown part
	AttrKeyName     AttrKey = "key"         // slot: the key inside the store's entry
	AttrType        AttrKey = "type"        // slot: the store's own word for its type (slackApi, kubernetes.io/tls)
	AttrClass       AttrKey = "class"       // slot: a Class; Detail says why
	AttrDefined     AttrKey = "defined"     // slot: a Definition
	AttrWeak        AttrKey = "weak"        // value: "true" when it must not join by equality; Detail says why
	AttrAlso        AttrKey = "also"        // value: fingerprint of another form of it; Detail names the encoding
	AttrWas         AttrKey = "was"         // value: its fingerprint under the previous key
	AttrMarker      AttrKey = "marker"      // value: a public type marker such as ghp_
	AttrReportedBy  AttrKey = "reported-by" // slot: another scanner and its rule, from an imported report
	AttrDetector    AttrKey = "detector"    // value, slot: the rule that recognised a literal; Detail is its severity
	AttrEncoding    AttrKey = "encoding"    // holds edge: the carrier the value was wrapped in
	AttrHeld        AttrKey = "held"        // holds edge: "current" or "past"
	AttrPlatform    AttrKey = "platform"    // automation, part, code: the id of the format's row
	AttrRole        AttrKey = "role"        // part: job, step, container, node ...
	AttrActive      AttrKey = "active"      // automation: "true" or "false"; absent means unknown
	AttrSchedule    AttrKey = "schedule"    // automation: the schedule as written; Detail is the time zone, "" unknown
	AttrTrigger     AttrKey = "trigger"     // automation: an event that starts it
	AttrEnvironment AttrKey = "environment" // any: the environment's name as written
	AttrTemporary   AttrKey = "temporary"   // any: "true"; Detail is the reason
	AttrPurpose     AttrKey = "purpose"     // any: what it is for, in the words of its source
	AttrTag         AttrKey = "tag"         // any: a tag or label
	AttrAs          AttrKey = "as"          // binding: env, file or argument
	AttrNeeds       AttrKey = "needs"       // automation, part: what it must do to see a new value
	AttrLanguage    AttrKey = "language"    // code: the language
	AttrGlob        AttrKey = "glob"        // pattern: the glob; Detail is its dialect
	AttrOrder       AttrKey = "order"       // pattern: position in its file, zero-padded
	AttrNamespace   AttrKey = "namespace"   // any Kubernetes node: its namespace as written
	AttrNamedBy     AttrKey = "named-by"    // slot: the variable that names its entry; Detail is the store and the scope of that
	AttrNames       AttrKey = "names"       // slot of a variable: the name of an entry that it is handed
	AttrPatched     AttrKey = "patched"     // file: what it changes of another file: path#name of the Secret that is filled there
	AttrHost        AttrKey = "host"        // part, slot: a host it talks to
	AttrWhole       AttrKey = "whole"       // copies-from edge: "true" when the copy is the value itself, unchanged
	AttrInside      AttrKey = "inside"      // reads edge of a file: a name of the file by which the read is reached; none for all that load the file
	AttrTakes       AttrKey = "takes"       // import edge: a name that is taken from the file, none for all of it; Detail lists the names of the importing file by which it is used
	AttrRewrite     AttrKey = "rewrite"     // copies-from edge between sets: how the copy calls what the original calls otherwise: "PRE_*=*"
	AttrAlias       AttrKey = "alias"       // any: another name or id under which it is known
	AttrEndpoint    AttrKey = "endpoint"    // automation, part: an endpoint that it serves or calls
	AttrUse         AttrKey = "use"         // automation, part, code: something that it does at a system; Detail is a Kind of permission
	AttrGrant       AttrKey = "grant"       // any: something that it, or its holder, may do; Detail likewise
)

// HookEndpoint starts the endpoints of hooks whose URL is a secret but for whose hook it is: AttrEndpoint says
// /hook/make/<zone> or /hook/zapier/<account or user> of what waits for one and of what calls one.
const HookEndpoint = "/hook/"

// Class says what kind of thing a slot holds.
type Class string

// The classes. Store and name are two signals, kept apart: being in a secret store alone gives ClassUnknown.
const (
	ClassCredential Class = "credential" // something to rotate
	ClassIdentifier Class = "identifier" // an id, a host, a bucket: mapped, nothing to rotate
	ClassConfig     Class = "config"     // plain configuration
	ClassPointer    Class = "pointer"    // names the place where a credential is (X_FILE, X_ARN)
	ClassEphemeral  Class = "ephemeral"  // minted by the platform for one run (GITHUB_TOKEN)
	ClassUnknown    Class = "unknown"    // a secret store holds it and its name does not say what it is
)

// The kinds of permission, for AttrUse and AttrGrant: they say how Value is to be read.
const (
	PermitAPI       = "api"       // a method and an address: POST api.stripe.com/v1/charges; "*" stands for what is not known
	PermitGitHub    = "github"    // a permission of a token, or "*": contents: write
	PermitAWS       = "aws"       // an action of IAM: s3:PutObject
	PermitCloud     = "cloud"     // a command of another cloud's tool: gcloud run deploy
	PermitScope     = "scope"     // a scope of OAuth, or a method of an API that has one: chat.postMessage
	PermitSQL       = "sql"       // a verb: SELECT
	PermitOperation = "operation" // what a node of a workflow engine is set to do: message: post
)

// UseUnseen is the value of an AttrUse whose holder uses its permissions in a way that nothing shows.
const UseUnseen = "?"

// The definitions of a slot.
const (
	DefinedInScan     = "in-scan"    // the scan saw where it is defined
	DefinedOutside    = "outside"    // a normal state: it lives where the scan could not look
	DefinedDocumented = "documented" // a sample file names it (.env.example)
)

// The states of a value in a slot, for AttrHeld.
const (
	HeldCurrent = "current"
	HeldPast    = "past"
)

// Attr is one thing said of a node or an edge, by one rule, with the places that say it.
type Attr struct {
	Key        AttrKey    `json:"key"`
	Value      string     `json:"value"`
	Detail     string     `json:"detail,omitempty"` // what qualifies the value; see the key
	Rule       string     `json:"rule,omitempty"`
	Confidence Confidence `json:"confidence,omitempty"`
	Evidence   []Evidence `json:"evidence,omitempty"`
}

func (a Attr) compare(b Attr) int {
	switch { // one after the other: the key decides nearly always
	case a.Key != b.Key:
		return strings.Compare(string(a.Key), string(b.Key))
	case a.Value != b.Value:
		return strings.Compare(a.Value, b.Value)
	case a.Detail != b.Detail:
		return strings.Compare(a.Detail, b.Detail)
	case a.Rule != b.Rule:
		return strings.Compare(a.Rule, b.Rule)
	}
	return cmp.Compare(b.Confidence, a.Confidence)
}

// Node is a thing in the map.
type Node struct {
	ID       string     `json:"id"` // canonical: same input, same ID, on any machine; never empty
	Kind     NodeKind   `json:"kind"`
	Name     string     `json:"name,omitempty"` // for people
	Attrs    []Attr     `json:"attrs,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Attr returns the value of the first attribute with the key, or "".
func (n *Node) Attr(key AttrKey) string {
	for i := range n.Attrs {
		if n.Attrs[i].Key == key {
			return n.Attrs[i].Value
		}
	}
	return ""
}

// All returns every attribute with the key.
func (n *Node) All(key AttrKey) []Attr {
	var out []Attr
	for _, a := range n.Attrs {
		if a.Key == key {
			out = append(out, a)
		}
	}
	return out
}

// MergeNodes joins nodes with one ID. It is commutative, associative and idempotent: attributes and
// evidence become sorted sets, and of names or kinds the least non-empty one stands. Many are joined at once for less
// than one by one, which copies what is there each time.
func MergeNodes(n Node, more ...Node) Node {
	var attrs []Attr
	var evidence []Evidence
	for _, m := range more {
		n.Kind, n.Name = least(n.Kind, m.Kind), least(n.Name, m.Name)
		attrs, evidence = grown(attrs, m.Attrs), grown(evidence, m.Evidence)
	}
	n.Attrs, n.Evidence = MergeAttrs(n.Attrs, attrs), MergeEvidence(n.Evidence, evidence)
	return n
}

// MergeAttrs returns the sorted set of two lists; attributes that differ only in evidence become one.
func MergeAttrs(a, b []Attr) []Attr {
	if len(a)+len(b) == 0 {
		return nil
	}
	if len(b) == 0 && isSet(a, Attr.compare) && plainEvidence(a) {
		return slices.Clip(a)
	}
	return sortedAttrs(slices.Concat(a, b))
}

// sortedAttrs makes a list a sorted set, in its memory.
func sortedAttrs(all []Attr) []Attr {
	if isSet(all, Attr.compare) && plainEvidence(all) {
		return all
	}
	slices.SortStableFunc(all, Attr.compare)
	out := all[:0]
	for i := 0; i < len(all); {
		x, j := all[i], i+1
		evidence := x.Evidence
		places := len(evidence)
		for ; j < len(all) && all[j].compare(x) == 0; j++ {
			places += len(all[j].Evidence)
		}
		if j > i+1 {
			evidence = make([]Evidence, 0, places)
			for _, same := range all[i:j] {
				evidence = append(evidence, same.Evidence...)
			}
		}
		x.Evidence = MergeEvidence(evidence, nil)
		out = append(out, x)
		i = j
	}
	return out
}

// plainEvidence reports whether each attribute has at most one place, so that there is nothing to merge in it.
func plainEvidence(attrs []Attr) bool {
	for _, a := range attrs {
		if len(a.Evidence) > 1 || len(a.Evidence) == 1 && a.Evidence[0].State == Branch {
			return false
		}
	}
	return true
}

func least[S ~string](a, b S) S {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return min(a, b)
}
