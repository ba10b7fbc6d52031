package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// passPlacesDown is the part of R7 about kustomizations, Flux and Argo CD: they give the files that they take in a
// namespace and, by their own path, an environment. A name in a file without a namespace gets that of the
// kustomization; a base that several take in yields one slot for each of them, and what refers to it joins each
// at medium.
func passPlacesDown(v *View) {
	k := newKustomizations(v)
	if len(k.places) == 0 {
		return
	}
	v.rewrite(k)
}

// maxPlaces bounds into how many places the names of one file are written out.
const maxPlaces = 12

// givenPlace is one place that a kustomization gives to a file.
type givenPlace struct {
	environment, namespace string // "" not said
	word                   string // the environment in Rotamap's words
	at                     []inventory.Evidence
	patched                []string // path#Secret of objects that are read as the kustomization changes them
}

func (g givenPlace) key() string { return g.environment + "/" + g.namespace }

// kustomizations knows which places each file gets.
type kustomizations struct {
	v      *View
	own    map[string]givenPlace       // by kustomization
	into   map[string][]inventory.Edge // kustomization -> those that take it in
	places map[string][]givenPlace     // by id of a file, or of a folder with its final slash
	memo   map[string][]givenPlace
}

// kustomizationFiles are the names under which a folder says what it takes in.
var kustomizationFiles = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

func newKustomizations(v *View) *kustomizations {
	k := &kustomizations{v: v, own: map[string]givenPlace{}, into: map[string][]inventory.Edge{},
		places: map[string][]givenPlace{}, memo: map[string][]givenPlace{}}
	for _, n := range v.Nodes(inventory.File) {
		if t := n.Attr(inventory.AttrType); t != "kustomization" && t != "gitops" {
			continue
		}
		k.own[n.ID] = ownPlace(n)
	}
	ids := sortedKeys(k.own)
	for _, id := range ids {
		for _, e := range v.Out(id, inventory.BuiltFrom) {
			if inner := k.folder(e.To); inner != "" {
				k.into[inner] = append(k.into[inner], e)
			}
		}
	}
	for _, id := range ids {
		k.give(id)
	}
	return k
}

func ownPlace(n *inventory.Node) givenPlace {
	g := givenPlace{namespace: n.Attr(inventory.AttrNamespace), word: n.Attr(inventory.AttrEnvironment)}
	for _, a := range n.All(inventory.AttrPatched) {
		g.patched = append(g.patched, a.Value)
	}
	for _, a := range n.All(inventory.AttrNamespace) {
		g.at = inventory.MergeEvidence(g.at, a.Evidence)
	}
	scope := n.Attr(inventory.AttrScope)
	if i := strings.LastIndexByte(scope, '/'); i >= 0 {
		_, g.environment, _ = strings.Cut(scope[:i], "@")
	}
	return g
}

// folder returns the kustomization that a folder's id stands for, "" for a file or a folder without one.
func (k *kustomizations) folder(id string) string {
	if _, ok := k.own[id]; ok {
		return id
	}
	for _, name := range kustomizationFiles {
		inner := strings.TrimSuffix(id, "/") + "/" + name
		if _, ok := k.own[inner]; ok {
			return inner
		}
	}
	return ""
}

// give notes the places of the files that a kustomization takes in itself.
func (k *kustomizations) give(id string) {
	all := k.placesOf(id, 0)
	whole := k.v.Node(id).Attr(inventory.AttrType) == "gitops"
	for _, e := range k.v.Out(id, inventory.BuiltFrom) {
		if k.folder(e.To) != "" {
			continue
		}
		to := e.To
		if whole {
			to = strings.TrimSuffix(to, "/") + "/"
		}
		for _, g := range all {
			g.at = inventory.MergeEvidence(g.at, e.Evidence)
			if g.key() != "/" {
				k.places[to] = addPlace(k.places[to], g)
			}
		}
	}
	k.places[id] = all // its generators
}

// placesOf returns the places of a kustomization: its own, overridden by those that take it in.
func (k *kustomizations) placesOf(id string, depth int) []givenPlace {
	if got, ok := k.memo[id]; ok {
		return got
	}
	own := k.own[id]
	if len(k.into[id]) == 0 || depth > maxRunDepth {
		return []givenPlace{own}
	}
	k.memo[id] = []givenPlace{own} // cuts cycles
	var out []givenPlace
	for _, e := range k.into[id] {
		for _, g := range k.placesOf(e.From, depth+1) {
			g.at = inventory.MergeEvidence(inventory.MergeEvidence(g.at, own.at), e.Evidence)
			g.patched = append(g.patched[:len(g.patched):len(g.patched)], own.patched...)
			if g.environment == "" {
				g.environment, g.word = own.environment, own.word
			}
			if g.namespace == "" {
				g.namespace = own.namespace
			}
			out = addPlace(out, g)
		}
	}
	k.memo[id] = out
	return out
}

func addPlace(all []givenPlace, g givenPlace) []givenPlace {
	for i := range all {
		if all[i].key() == g.key() {
			all[i].at = inventory.MergeEvidence(all[i].at, g.at)
			all[i].patched = slices.DeleteFunc(slices.Clone(all[i].patched), func(p string) bool { return !slices.Contains(g.patched, p) })
			return all
		}
	}
	return append(all, g)
}

// of returns the places of a file: those given to it, else those given to a folder above it.
func (k *kustomizations) of(source, file string) []givenPlace {
	if got := k.places[inventory.FileID("file", source, file)]; len(got) > 0 {
		return got
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if got := k.places[inventory.FileID("file", source, dir)+"/"]; len(got) > 0 {
			return got
		}
	}
	return nil
}

// written returns the slot as its files mean it: one for each place, none when the file says all itself.
func (k *kustomizations) written(a address, source, file string) []inventory.SlotRef {
	given := k.of(source, file)
	if len(given) > maxPlaces {
		return nil
	}
	own := placeOf(a)
	if own.source != source {
		return nil
	}
	var out []inventory.SlotRef
	for _, g := range given {
		p := own
		if p.environment != "" && g.environment != "" && p.environment != g.environment {
			continue
		}
		if p.environment == "" {
			p.environment = g.environment
		}
		if p.namespace == "*" && g.namespace != "" {
			p.namespace = g.namespace
		}
		ref := a.ref()
		ref.Scope = p.scope()
		if !slices.Contains(out, ref) {
			out = append(out, ref)
		}
	}
	return out
}
