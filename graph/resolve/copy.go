package resolve

import (
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// followCopies is R9: a set of entries that is copied whole hands on whatever name is asked of it. A reference to
// key k of a Secret that an ExternalSecret fills with all keys of a store's entry means key k of that entry; an
// entry that an ExternalSecret names lies in the system that its SecretStore stands for. New names are followed in
// turn, through as many stores as copy from each other.
func followCopies(v *View) {
	f := newCopyFollower(v)
	for _, kind := range []inventory.NodeKind{inventory.Slot, inventory.Pattern} {
		f.queue = append(f.queue, v.addresses(kind, func(string) bool { return true })...)
	}
	f.run()
}

func newCopyFollower(v *View) *copyFollower {
	f := &copyFollower{v: v, stores: map[string][]address{}, depth: map[string]int{}}
	for _, a := range v.addresses(inventory.Pattern, func(store string) bool { return store == "eso" }) {
		if a.name == "*" && v.leaves(a.node.ID, inventory.CopiesFrom) {
			s := placeOf(a).store
			f.stores[s] = append(f.stores[s], a)
		}
	}
	return f
}

func (f *copyFollower) run() {
	for len(f.queue) > 0 {
		a := f.queue[0]
		f.queue = f.queue[1:]
		f.follow(a)
	}
}

// maxCopies bounds how many stores a name is followed through.
const maxCopies = 8

type copyFollower struct {
	v      *View
	stores map[string][]address // patterns of all entries of a SecretStore, by the store's name
	queue  []address
	depth  map[string]int
}

// follow gives a name its counterparts behind the patterns that cover it.
func (f *copyFollower) follow(a address) {
	if f.depth[a.node.ID] >= maxCopies || a.name == "*" {
		return
	}
	if a.key != "" && a.key != "*" {
		whole := a
		whole.key = "*"
		f.through(a, whole.ref().ID(), a.key, inventory.High)
	}
	if a.store == "eso" {
		f.throughStore(a)
		return
	}
	id := a.node.ID
	for i := strings.IndexByte(id, ':') + 1; i < len(id); i++ {
		if id[i] == '/' {
			f.through(a, id[:i+1]+"*", id[i+1:], inventory.High)
		}
	}
}

// throughStore follows an entry of a SecretStore: the one in the entry's own place, else those that may be meant.
func (f *copyFollower) throughStore(a address) {
	at := placeOf(a)
	var near, found []address
	for _, s := range f.stores[at.store] {
		p := placeOf(s)
		if p.namespace == "cluster" && p.source != at.source {
			p.source = "*" // a store of the cluster serves the objects of every repository
		}
		if !at.compatible(p) {
			continue
		}
		if s.scope == a.scope {
			near = append(near, s)
		}
		found = append(found, s)
	}
	if len(near) > 0 {
		found = near
	}
	for _, s := range found {
		sure := inventory.High
		if len(found) > 1 || placeOf(s).source != at.source {
			sure = inventory.Medium
		}
		f.through(a, s.node.ID, strings.TrimPrefix(a.ref().ID(), "eso:"+a.scope+"/"), sure)
	}
}

// through adds what a name below a pattern stands for behind the pattern's copies.
func (f *copyFollower) through(a address, pattern, rest string, sure inventory.Confidence) {
	if pattern == a.node.ID {
		return
	}
	for _, e := range f.v.Out(pattern, inventory.CopiesFrom) {
		sure := inventory.Weakest(sure, e.Confidence)
		q := f.v.Node(e.To)
		original, ok := unwritten(e, rest)
		if !ok {
			continue
		}
		target, ok := behind(q, original)
		if !ok {
			f.v.AddEdge(inventory.Edge{From: a.node.ID, To: e.To, Kind: inventory.CopiesFrom, Rule: "R9-copies", Confidence: sure,
				Evidence: e.Evidence})
			continue
		}
		known := f.v.Node(target.ID()) != nil
		to := f.v.addSlot(target, a.node, e.Evidence)
		f.v.AddEdge(inventory.Edge{From: a.node.ID, To: to, Kind: inventory.CopiesFrom, Rule: "R9-copies", Confidence: sure,
			Evidence: e.Evidence, Attrs: wholeOf(e)})
		if next, ok := addressOf(f.v.Node(to)); ok && !known {
			f.depth[to] = f.depth[a.node.ID] + 1
			f.queue = append(f.queue, next)
		}
	}
}

// unwritten returns what a set calls a name that its copy calls otherwise; false for a name that the copy does not make.
func unwritten(e inventory.Edge, name string) (string, bool) {
	written, original, ok := strings.Cut(e.Attr(inventory.AttrRewrite), "=")
	if !ok {
		return name, true
	}
	before, after, _ := strings.Cut(written, "*")
	rest, ok := strings.CutPrefix(name, before)
	if !ok || !strings.HasSuffix(rest, after) || len(rest) == len(after) {
		return "", false
	}
	return strings.Replace(original, "*", strings.TrimSuffix(rest, after), 1), true
}

func wholeOf(e inventory.Edge) []inventory.Attr {
	if e.Attr(inventory.AttrWhole) != "true" {
		return nil
	}
	return []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}}
}

// behind returns the slot that a name has behind a pattern; false when what is copied is no set of names.
func behind(q *inventory.Node, rest string) (inventory.SlotRef, bool) {
	if q.Kind != inventory.Pattern {
		return inventory.SlotRef{}, false
	}
	p, ok := addressOf(q)
	if !ok {
		return inventory.SlotRef{}, false
	}
	ref := p.ref()
	if p.key == "*" {
		ref.Key = rest
		return ref, true
	}
	prefix, open := strings.CutSuffix(p.name, "*")
	if !open {
		return inventory.SlotRef{}, false
	}
	name, key, _ := strings.Cut(rest, "#")
	ref.Name, ref.Key = prefix+entryName(p.store, prefix, name), key
	return asStored(ref), true
}

// entryName is a name as its store knows it: Vault's mount and data/ may be repeated, Key Vault's names carry what
// they are in front.
func entryName(store, prefix, name string) string {
	switch store {
	case "vault":
		name = strings.TrimPrefix(name, prefix)
		if prefix != "" {
			return strings.TrimPrefix(name, "data/")
		}
		if mount, rest, ok := strings.Cut(name, "/"); ok {
			return mount + "/" + strings.TrimPrefix(rest, "data/")
		}
	case "azkv":
		return strings.ToLower(strings.TrimPrefix(name, "secret/"))
	}
	return name
}

// asStored writes a slot in the way of its store: a field of 1Password is part of the path, a key of the stores
// that hold single values means nothing.
func asStored(r inventory.SlotRef) inventory.SlotRef {
	switch r.Store {
	case "op":
		if r.Key != "" {
			r.Name += "/" + r.Key
		}
		if words := strings.Split(r.Name, "/"); len(words) < 3 && !strings.HasPrefix(r.Name, "*") {
			r.Name = "*/" + r.Name
		}
		r.Name, r.Key = strings.ToLower(r.Name), ""
	case "azkv", "gcp-sm", "aws-ssm":
		if r.Key == "*" {
			r.Key = ""
		}
	}
	return r
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
