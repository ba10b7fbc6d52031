package kubernetes

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// external is an ExternalSecret while it is read. Source: the API reference of external-secrets.
type external struct {
	*object
	spec   *tree.Node
	route  tree.Path // to spec
	target string
	keys   map[string]source // of each source key
	order  []string          // of the source keys
	whole  []remote          // entries that are taken in with all their keys
	minted []source          // what generators make, with all its keys
	said   []artifact.Place  // where the Secret's name stands
}

// source is the store's slot of one source key.
type source struct {
	slot   string
	at     artifact.Place   // of the item
	remote []artifact.Place // of the entry that it names and the key in it, and of the values that say them
}

// remote is an entry of a store.
type remote struct {
	store  *tree.Node
	name   string
	at     artifact.Place   // of the item
	remote []artifact.Place // of the entry that it names, and of the values that say it

	rewrites []rewrite // of its keys
	found    bool      // it is the start of the names of entries, each of which becomes a key
}

func (o *object) readExternalSecret() {
	e := &external{object: o, spec: o.root.Get("spec"), route: o.at.Key("spec"), target: o.name, keys: map[string]source{}}
	if o.kind == "ClusterExternalSecret" {
		if n := e.spec.Get("externalSecretName").Str(); name(n) != "" {
			e.target = n
		}
		e.spec, e.route, o.namespace = e.spec.Get("externalSecretSpec"), e.route.Key("externalSecretSpec"), ""
	}
	e.said = append(given(o.root.Get("metadata", "name")), o.named())
	if n := e.spec.Get("target", "name"); name(n.Str()) != "" {
		e.target = n.Str()
		e.said = append(given(n), artifact.At(n, e.route.Key("target").Key("name")))
	}
	e.data()
	e.dataFrom()
	e.output()
}

// storeEntry returns the node of the entry of a store that a reference {name, kind} names. Which system the store
// stands for is said by the SecretStore, often in another file: until that is joined, the store's own name is
// the scope.
func (o *object) storeEntry(store *tree.Node, key, property string, at artifact.Place) string {
	storeName := name(store.Get("name").Str())
	if storeName == "" {
		storeName = "*"
	}
	if key = strings.Trim(container.Computed(strings.TrimSpace(key)), "/"); key == "" || len(key) > 1000 || !o.spend() {
		return ""
	}
	for _, r := range detect.StoreReferences(key) {
		if r.Whole && r.Slot.Key == "" { // an ARN says all by itself
			r.Slot.Key = container.Computed(property)
			return o.storeSlot(r.Slot, at)
		}
	}
	return o.storeSlot(inventory.SlotRef{Store: "eso", Scope: o.storeScope(store.Get("kind").Str(), storeName), Name: key, Key: container.Computed(property)}, at)
}

// storeSlot adds the node of an entry: a pattern when a part of its name is computed or all its keys are meant.
func (o *object) storeSlot(ref inventory.SlotRef, at artifact.Place) string {
	if strings.Contains(ref.Name+ref.Key, "*") || strings.HasSuffix(ref.Scope, "/*") {
		return container.Glob(o.facts, ref, at)
	}
	return o.facts.Slot(ref, at)
}

// storeScope is the scope of a store's entries: where the store itself is, and its name.
func (o *object) storeScope(kind, store string) string {
	if kind == "ClusterSecretStore" {
		return o.scope("cluster") + "/" + store
	}
	return o.scope(o.namespace) + "/" + store
}

// storeOf returns the store that an entry names itself, else the one of the whole object.
func (e *external) storeOf(n *tree.Node) *tree.Node {
	if own := n.Get("sourceRef", "storeRef"); own != nil {
		return own
	}
	return e.spec.Get("secretStoreRef")
}

// around returns where the store of an entry and the Secret that it fills are named.
func (e *external) around(item *tree.Node, at artifact.Place) []artifact.Place {
	return append(e.said[:len(e.said):len(e.said)], on(e.storeOf(item).Get("name"), at))
}

func (e *external) data() {
	for i, item := range e.spec.Get("data").List() {
		key := item.Get("secretKey").Str()
		at := artifact.At(item, e.route.Key("data").Index(i))
		ref := item.Get("remoteRef")
		id := e.storeEntry(e.storeOf(item), ref.Get("key").Str(), ref.Get("property").Str(), at)
		if key == "" || id == "" {
			continue
		}
		if e.keys[key].slot == "" {
			e.order = append(e.order, key)
		}
		named := artifact.At(ref.Get("key"), e.route.Key("data").Index(i).Key("remoteRef").Key("key"))
		e.keys[key] = source{id, at, slices.Concat(given(ref.Get("key")), []artifact.Place{named, on(ref.Get("property"), named)}, e.around(item, at))}
	}
}

// dataFrom reads the entries that are taken in whole, found by a pattern, or generated.
func (e *external) dataFrom() {
	for i, item := range e.spec.Get("dataFrom").List() {
		at := artifact.At(item, e.route.Key("dataFrom").Index(i))
		store := e.storeOf(item)
		if extract := item.Get("extract"); extract != nil {
			e.whole = append(e.whole, remote{store: store, name: extract.Get("key").Str(), at: at,
				remote: slices.Concat(given(extract.Get("key")), []artifact.Place{on(extract.Get("key"), at)}, e.around(item, at)), rewrites: rewrites(item)})
		}
		if find := item.Get("find"); find != nil {
			e.whole = append(e.whole, remote{store: store, name: foundBelow(find) + "*", at: at, remote: []artifact.Place{at, on(find.Get("path"), at),
				on(find.Get("name", "regexp"), at)}, rewrites: rewrites(item), found: true})
		}
		if generator := item.Get("sourceRef", "generatorRef"); generator != nil {
			if id := e.generated(generator, at); id != "" {
				e.minted = append(e.minted, source{slot: id, at: at, remote: append([]artifact.Place{on(generator.Get("name"), at)}, e.said...)})
			}
		}
	}
}

// foundBelow returns what the names of the entries that are found begin with, as far as path and expression say it.
func foundBelow(find *tree.Node) string {
	if path := find.Get("path").Str(); path != "" {
		return path
	}
	m := literalStart.FindStringSubmatch(find.Get("name", "regexp").Str())
	if m == nil {
		return ""
	}
	return m[1]
}

// literalStart matches the beginning of an expression that stands for itself, up to a part of the name's path.
var literalStart = lazy.New(`^\^((?:[\w-]+/)+)`)

// taken returns the node of one key of an entry that is taken in whole, or of the entry that the key is; "*" for all.
func (e *external) taken(w remote, key string, at artifact.Place) string {
	if !w.found {
		return e.storeEntry(w.store, w.name, key, at)
	}
	if key == "*" || !strings.HasPrefix(key, strings.TrimSuffix(w.name, "*")) {
		return e.storeEntry(w.store, w.name, "", at)
	}
	return e.storeEntry(w.store, key, "", at)
}

// output adds the keys of the Secret that is made. A template replaces the keys, unless it says that it merges.
func (e *external) output() {
	template := e.spec.Get("target", "template")
	replaced := template.Get("data") != nil || template.Get("templateFrom") != nil
	at := e.route.Key("target").Key("template")
	for _, p := range template.Get("data").Entries() {
		place := artifact.AtPair(p, at.Key("data").Key(p.Key))
		e.rendered(e.key(p.Key, template.Get("type").Str(), place), p.Value.Str(), place)
	}
	for i, item := range template.Get("templateFrom").List() {
		place := artifact.At(item, at.Key("templateFrom").Index(i))
		to := e.secret(e.namespace, e.target, "", place)
		if text := item.Get("literal").Str(); text != "" {
			e.rendered(to, text, place)
			continue
		}
		e.allInto(to, place)
	}
	if !replaced || template.Get("mergePolicy").Str() == "Merge" {
		e.plain(template.Get("type").Str())
	}
}

// plain adds the keys as they come from the store.
func (e *external) plain(kind string) {
	for _, key := range e.order {
		from := e.keys[key]
		to := e.key(key, kind, from.at)
		e.copies(to, from.slot, "eso-data", true, from.at)
		for _, place := range from.remote {
			e.copies(to, from.slot, "eso-data", true, place)
		}
	}
	for _, w := range e.whole {
		to := e.secret(e.namespace, e.target, "", w.at)
		from, written := e.taken(w, "*", w.at), w.written()
		for _, place := range append([]artifact.Place{w.at}, w.remote...) {
			e.copies(to, from, "eso-data-from", true, place)
			if to != "" && from != "" && written != "" {
				e.facts.EdgeWith(inventory.CopiesFrom, to, from, "eso-data-from", inventory.Certain, place, inventory.AttrRewrite, written)
			}
		}
	}
	for _, m := range e.minted {
		to := e.secret(e.namespace, e.target, "", m.at)
		for _, place := range append(m.remote, m.at) {
			e.copies(to, m.slot, "eso-generator", false, place)
		}
	}
}

func (e *external) key(key, kind string, at artifact.Place) string {
	if kind == "" {
		kind = "external-secret"
	}
	return e.defined(e.target, key, kind, at)
}

// allInto copies every source into a node: what a template from elsewhere takes is not known here.
func (e *external) allInto(to string, at artifact.Place) {
	for _, key := range e.order {
		e.copies(to, e.keys[key].slot, "eso-template", false, at)
	}
	for _, w := range e.whole {
		e.copies(to, e.taken(w, "*", at), "eso-template", false, at)
	}
	for _, m := range e.minted {
		e.copies(to, m.slot, "eso-template", false, at)
	}
}

var (
	action    = lazy.New(`(?s)\{\{(.*?)\}\}`)
	dotKey    = lazy.New(`(?:^|[\s(|{"` + "`" + `])\.([A-Za-z_]\w*)`)
	indexKey  = lazy.New(`index\s+\.\s+["` + "`" + `]([^"` + "`" + `]+)["` + "`" + `]`)
	onlyField = lazy.New(`^\s*(?:\{\{\s*["` + "`" + `])?\{\{-?\s*\.([A-Za-z_]\w*)\s*-?\}\}(?:["` + "`" + `]\s*\}\})?\s*$`)
)

// rendered copies what a template's text takes: each .X is a source key, taken from data or from an entry that
// is taken in whole. Templates escaped for Helm ({{ "{{ .X }}" }}) say the same.
func (e *external) rendered(to, text string, at artifact.Place) {
	whole := onlyField.MatchString(text)
	for _, key := range templateKeys(text) {
		e.takes(to, key, whole, at)
	}
}

// templateKeys lists the keys that a template's text takes, each once.
func templateKeys(text string) []string {
	var out []string
	for _, a := range action.FindAllStringSubmatch(text, 1000) {
		for _, m := range append(dotKey.FindAllStringSubmatch(a[1], 100), indexKey.FindAllStringSubmatch(a[1], 100)...) {
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
	}
	return out
}

// takes copies one source key. A key that no data names comes from an entry that is taken in whole: of several,
// any may hold it.
func (e *external) takes(to, key string, whole bool, at artifact.Place) {
	if id := e.keys[key].slot; id != "" {
		e.copies(to, id, "eso-template", whole, at)
		for _, place := range e.keys[key].remote {
			e.copies(to, id, "eso-template", whole, place)
		}
		return
	}
	var entries []remote
	for _, w := range e.whole {
		if _, ok := w.original(key); ok {
			entries = append(entries, w)
		}
	}
	for _, w := range entries {
		named, _ := w.original(key)
		from := e.taken(w, named, at)
		if from == "" || to == "" {
			continue
		}
		for _, place := range append([]artifact.Place{at}, w.remote...) {
			e.takesFrom(to, from, whole, len(entries)+len(e.minted) > 1, place)
		}
	}
	for _, m := range e.minted {
		for _, place := range append([]artifact.Place{at, m.at}, m.remote...) {
			if to != "" {
				e.takesFrom(to, m.slot, false, len(entries)+len(e.minted) > 1, place)
			}
		}
	}
}

// takesFrom copies a source key of an entry that is taken in whole; open says that another entry may have it too.
func (e *external) takesFrom(to, from string, whole, open bool, at artifact.Place) {
	switch {
	case open:
		e.facts.Edge(inventory.MayBe, to, from, "eso-template", inventory.Medium, at)
	case whole:
		e.facts.EdgeWith(inventory.CopiesFrom, to, from, "eso-template", inventory.High, at, inventory.AttrWhole, "true")
	default:
		e.facts.Edge(inventory.CopiesFrom, to, from, "eso-template", inventory.High, at)
	}
}

// readPushSecret reads a PushSecret, which copies keys of a Secret into stores.
func (o *object) readPushSecret() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	secret := spec.Get("selector", "secret", "name").Str()
	for i, item := range spec.Get("data").List() {
		place := artifact.At(item, at.Key("data").Index(i))
		match := item.Get("match")
		ref := match.Get("remoteRef")
		from := o.generated(spec.Get("selector", "generatorRef"), artifact.At(spec.Get("selector", "generatorRef"), at.Key("selector").Key("generatorRef")))
		if from == "" {
			from = o.secret(o.namespace, secret, match.Get("secretKey").Str(), place)
		}
		for _, store := range spec.Get("secretStoreRefs").List() {
			to := o.storeEntry(store, ref.Get("remoteKey").Str(), ref.Get("property").Str(), place)
			o.copies(to, from, "eso-push", true, place)
		}
	}
}
