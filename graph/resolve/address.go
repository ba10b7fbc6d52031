package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// address is the id of a slot, or of the pattern of all keys of an entry, taken apart.
type address struct {
	node               *inventory.Node
	store, scope, name string
	key                string // "" the entry itself, "*" all its keys
}

// addressOf takes the id of a node apart; false for what has no store.
func addressOf(n *inventory.Node) (address, bool) {
	store, rest, ok := strings.Cut(n.ID, ":")
	if !ok || n.Kind != inventory.Slot && n.Kind != inventory.Pattern {
		return address{}, false
	}
	a := address{node: n, store: store, scope: n.Attr(inventory.AttrScope)}
	if a.scope != "" {
		if rest, ok = strings.CutPrefix(rest, a.scope+"/"); !ok {
			return address{}, false
		}
	}
	if a.scope == "" && n.Kind == inventory.Pattern && store != "op" {
		name, _, _ := strings.Cut(rest, "#")
		if i := strings.LastIndexByte(name, '/'); i >= 0 {
			a.scope, rest = rest[:i], rest[i+1:]
		}
	}
	a.name = rest
	if key := n.Attr(inventory.AttrKeyName); key != "" {
		if name, ok := strings.CutSuffix(rest, "#"+key); ok {
			a.name, a.key = name, key
		}
	} else if i := strings.LastIndexByte(rest, '#'); i >= 0 && n.Kind == inventory.Pattern {
		a.name, a.key = rest[:i], rest[i+1:]
	}
	return a, a.name != ""
}

// ref names the slot again.
func (a address) ref() inventory.SlotRef {
	return inventory.SlotRef{Store: a.store, Scope: a.scope, Name: a.name, Key: a.key}
}

// entry is the entry that a key belongs to, whatever its scope.
func (a address) entry() string { return a.store + ":" + a.name }

// addSlot adds the slot, or the pattern of all keys, that a rule derives, with the places that led to it. Of the
// attributes of like, those that say what it holds are kept.
func (v *View) addSlot(r inventory.SlotRef, like *inventory.Node, at []inventory.Evidence) string {
	n := inventory.Node{ID: r.ID(), Kind: inventory.Slot, Name: r.Name, Evidence: at}
	if v.Node(n.ID) != nil {
		return n.ID
	}
	n.Attrs = []inventory.Attr{{Key: inventory.AttrStore, Value: r.Store}}
	if r.Scope != "" {
		n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrScope, Value: r.Scope})
	}
	if strings.Contains(r.Name+r.Key, "*") {
		n.Kind = inventory.Pattern
		n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrGlob, Value: n.ID, Detail: "slot"})
	} else if r.Key != "" {
		n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrKeyName, Value: r.Key})
	}
	if r.Key != "" {
		n.Name += "#" + r.Key
	}
	if like != nil {
		n.Attrs = append(n.Attrs, like.All(inventory.AttrClass)...)
	}
	v.AddNode(n)
	return n.ID
}

// copyOf adds an edge that says that one slot is a copy of another, whole.
func (v *View) copyOf(from, to, rule string, sure inventory.Confidence, at []inventory.Evidence) {
	v.AddEdge(inventory.Edge{From: from, To: to, Kind: inventory.CopiesFrom, Rule: rule, Confidence: sure, Evidence: at,
		Attrs: []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}}})
}

// addresses lists all slots, or all patterns, of the stores that pick accepts.
func (v *View) addresses(kind inventory.NodeKind, pick func(store string) bool) []address {
	var out []address
	for _, n := range v.Nodes(kind) {
		store, _, _ := strings.Cut(n.ID, ":")
		if !pick(store) {
			continue
		}
		if a, ok := addressOf(n); ok {
			out = append(out, a)
		}
	}
	return out
}

// place is where a Kubernetes object is, as far as its file says.
type place struct {
	source, environment, namespace string // "" no marker; "*" unknown
	store                          string // the SecretStore whose entries are meant, for eso
}

// inCluster reports whether the names of a store live in a namespace of a cluster.
func inCluster(store string) bool {
	switch store {
	case "k8s", "k8s-configmap", "spc", "eso":
		return true
	}
	return false
}

// placeOf reads the scope <source>[@<environment>]/<namespace or *>[/<store>].
func placeOf(a address) place {
	words := strings.Split(a.scope, "/")
	last := 1
	if a.store == "eso" {
		last = 2
	}
	if len(words) <= last {
		return place{source: a.scope, namespace: "*"}
	}
	p := place{namespace: words[len(words)-last]}
	if a.store == "eso" {
		p.store = words[len(words)-1]
	}
	p.source, p.environment, _ = strings.Cut(strings.Join(words[:len(words)-last], "/"), "@")
	return p
}

// scope writes the place as the scope of a slot.
func (p place) scope() string {
	s := p.source
	if p.environment != "" {
		s += "@" + p.environment
	}
	s += "/" + p.namespace
	if p.store != "" {
		s += "/" + p.store
	}
	return s
}

// compatible reports whether a reference can mean the definition: each part is equal or unknown on one side,
// and two sources must agree on a namespace that both name.
func (p place) compatible(d place) bool {
	if p.environment != "" && d.environment != "" && p.environment != d.environment {
		return false
	}
	if p.source != d.source && p.source != "*" && d.source != "*" {
		return p.namespace == d.namespace && p.namespace != "*" && p.namespace != "default"
	}
	return p.namespace == d.namespace || p.namespace == "*" || d.namespace == "*"
}

// compareStrings orders by a first pair, then by a second.
func compareStrings(a, b, c, d string) int {
	if a != b {
		return strings.Compare(a, b)
	}
	return strings.Compare(c, d)
}
