package imported

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// ListingRule is the rule of every fact that a names listing yields; graph/resolve settles levels by it.
const ListingRule = "names-listing"

// entry is one name that a store says it holds.
type entry struct {
	slot inventory.SlotRef
	kind string // the store's own word for its type, "" for none
	at   artifact.Place
}

// listing is one shape of a names listing.
type listing struct {
	title, command string
	match          func(root *tree.Node) bool
	read           func(l *lister, root *tree.Node)
	scope          string // what stands in front of the file when the listing does not say its scope; "" when it does
}

// listings turns the shapes into rows. Values that stand in a listing are not read: names and keys only.
func listings() []Row {
	var out []Row
	for _, s := range shapes {
		out = append(out, Row{ID: ListingRule, Title: s.title, Command: s.command,
			Match: func(a *artifact.Artifact) bool { r := root(a); return r != nil && s.match(r) },
			Parse: func(a *artifact.Artifact, c Context) ([]*artifact.Facts, error) {
				l := &lister{context: c}
				s.read(l, root(a))
				f := artifact.NewFacts(a, ListingRule)
				return []*artifact.Facts{f}, l.write(f, s)
			}})
	}
	return out
}

// root is the only document of a JSON or YAML file, nil for anything else.
func root(a *artifact.Artifact) *tree.Node {
	docs := a.Documents()
	if len(docs) != 1 || docs[0].Err != nil {
		return nil
	}
	return docs[0].Root
}

// lister gathers what one listing names.
type lister struct {
	context Context
	entries []entry
	scopes  []inventory.SlotRef // the whole of each scope that the listing is complete for, with the name *
	missing bool                // the scope is not known
}

// scoped returns the store and scope that stand in front of the file, when they name one of the stores.
func (l *lister) scoped(stores ...string) (store, scope string, ok bool) {
	store, scope, ok = strings.Cut(l.context.Scope, ":")
	return store, scope, ok && scope != "" && slices.Contains(stores, store)
}

// repository is the scope of the one repository of the scan, "" when there are several or none of the host.
func (l *lister) repository() string {
	if len(l.context.Sources) != 1 {
		return ""
	}
	return inventory.RepoScope(l.context.Sources[0])
}

func (l *lister) add(r inventory.SlotRef, kind string, at artifact.Place) {
	l.entries = append(l.entries, entry{r, kind, at})
}

// complete says that the listing holds every name of the scope.
func (l *lister) complete(store, scope string) {
	r := inventory.SlotRef{Store: store, Scope: scope, Name: "*"}
	if !slices.Contains(l.scopes, r) {
		l.scopes = append(l.scopes, r)
	}
}

// write adds the facts: a slot for each name and the pattern of each scope that is known as a whole.
func (l *lister) write(f *artifact.Facts, s listing) error {
	if l.missing {
		return fmt.Errorf("%s does not say where its names live\nhint: write that in front, as in --import %s=%s", s.title, s.scope, f.Artifact.Path)
	}
	for _, r := range l.scopes {
		f.Node(inventory.Pattern, r.ID(), r.Name, artifact.Place{})
		f.Attr(r.ID(), inventory.AttrGlob, r.ID(), "slot", artifact.Place{})
		f.Attr(r.ID(), inventory.AttrStore, r.Store, "", artifact.Place{})
		f.Attr(r.ID(), inventory.AttrScope, r.Scope, "", artifact.Place{})
		f.Defined(r.ID(), inventory.DefinedInScan, artifact.Place{})
	}
	for _, e := range l.entries {
		id := f.Slot(e.slot, e.at)
		f.Defined(id, inventory.DefinedInScan, e.at)
		if e.kind != "" {
			f.Attr(id, inventory.AttrType, e.kind, "", e.at)
		}
	}
	return nil
}

// items are the maps of a list, which may stand below one of the keys.
func items(n *tree.Node, keys ...string) []*tree.Node {
	list := n
	for _, k := range keys {
		if v := n.Get(k); v.IsSeq() {
			list = v
		}
	}
	var out []*tree.Node
	for _, i := range list.List() {
		if i.IsMap() {
			out = append(out, i)
		}
	}
	return out
}

// every reports whether there are items and each has all of the keys.
func every(all []*tree.Node, keys ...string) bool {
	for _, i := range all {
		for _, k := range keys {
			if i.Get(k) == nil {
				return false
			}
		}
	}
	return len(all) > 0
}

// some reports whether an item has one of the keys.
func some(all []*tree.Node, keys ...string) bool {
	return slices.ContainsFunc(all, func(i *tree.Node) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return i.Get(k) != nil })
	})
}

// place is where an item says its name.
func place(i *tree.Node, key string) artifact.Place {
	for _, p := range i.Entries() {
		if p.Key == key {
			return artifact.AtPair(p, tree.Path("").Key(key))
		}
	}
	return artifact.At(i, "")
}

var (
	selected  = regexp.MustCompile(`/orgs/([^/]+)/`)
	secretARN = regexp.MustCompile(`^arn:aws[\w-]*:secretsmanager:([a-z0-9-]*):(\d*):secret:`)
	paramARN  = regexp.MustCompile(`^arn:aws[\w-]*:ssm:([a-z0-9-]*):(\d*):parameter/`)
	googleID  = regexp.MustCompile(`^projects/([^/]+)/secrets/([^/]+)$`)
	azureID   = regexp.MustCompile(`^https://([\w-]+)\.vault\.[\w.]+/secrets/([^/]+)`)
)
