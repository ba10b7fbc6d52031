package resolve

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// boundByNothing reports whether a binding is a name of a credential that code reads and that nothing binds.
func boundByNothing(v *View, b *inventory.Node) bool {
	code := v.Node(consumerOf(b))
	as := b.Attr(inventory.AttrAs)
	_, _, setting := inventory.SettingOf(b)
	switch {
	case setting || b.Attr(inventory.AttrClass) != string(inventory.ClassCredential) || v.comesFrom(b.ID) || len(b.Evidence) == 0:
		return false
	case b.Attr(inventory.AttrType) == "file-variable":
		return !strings.ContainsAny(b.Name, "*/$") // no command of the scan fills the file
	case code == nil || code.Kind != inventory.Code || strings.ContainsAny(b.Name, "*/$"):
		return false
	case as == "entry" && b.Attr(inventory.AttrDefined) != inventory.DefinedOutside:
		return false // something stands there
	case as == "property" && (strings.HasPrefix(b.Name, "IOptions") || strings.HasPrefix(b.Name, "ViperEnv.")):
		return false // of a class of which no file says what it is bound to
	}
	reads := v.In(b.ID, inventory.Reads) // a client program may take it from the environment, or from a file of its own
	return len(reads) == 0 || slices.ContainsFunc(reads, func(e inventory.Edge) bool { return e.Rule != "sh-client-variable" })
}

// nameEnvironment gives the names that code reads, and that nothing in the scan binds, a slot in the environment
// of their package: the credential exists though no file says where it comes from. Only names that speak of a
// credential get one. Code in one package reads one environment, hence medium.
func nameEnvironment(v *View) {
	handed := namesHanded(v)
	slots := map[string]*inventory.Node{} // added at the end: hundreds of readings of one name are joined once
	for _, b := range v.Nodes(inventory.Binding) {
		if handed[b.ID] || !boundByNothing(v, b) { // whoever runs the file binds it
			continue
		}
		at := b.Evidence[0]
		scope := at.Source
		if dir := packageFolder(v, at.Source, path.Dir(at.Path)); dir != "" {
			scope += "/" + dir
		}
		ref := inventory.SlotRef{Store: "env", Scope: scope, Name: b.Name}
		if as := b.Attr(inventory.AttrAs); as == "property" || as == "entry" {
			ref.Store = "property"
		}
		slot := slots[ref.ID()]
		if slot == nil {
			slot = &inventory.Node{ID: ref.ID(), Kind: inventory.Slot, Name: b.Name, Attrs: []inventory.Attr{
				{Key: inventory.AttrStore, Value: ref.Store}, {Key: inventory.AttrScope, Value: scope}}}
			slots[ref.ID()] = slot
		}
		slot.Attrs = append(slot.Attrs, b.All(inventory.AttrClass)...)
		slot.Evidence = append(slot.Evidence, b.Evidence...)
		v.AddEdge(inventory.Edge{From: b.ID, To: ref.ID(), Kind: inventory.BoundFrom, Rule: "env-name",
			Confidence: inventory.Medium, Evidence: b.Evidence})
	}
	for _, id := range slices.Sorted(maps.Keys(slots)) {
		s := slots[id]
		v.AddNode(inventory.MergeNodes(*s, inventory.Node{ID: s.ID}))
	}
}

// consumerOf is the id of what sees a binding: an entry of a configuration file is <file>#<key>.
func consumerOf(b *inventory.Node) string {
	if b.Attr(inventory.AttrAs) == "entry" {
		id, _, _ := strings.Cut(b.ID, "#")
		return id
	}
	return strings.TrimSuffix(b.ID, "/"+b.Name)
}

// namesHanded lists the bindings of files whose names a part that runs the file binds.
func namesHanded(v *View) map[string]bool {
	out := map[string]bool{}
	for _, n := range v.Nodes(inventory.Code) {
		file, _, ok := inventory.ContextOf(n.ID)
		if !ok {
			continue
		}
		for _, e := range v.Out(n.ID, inventory.Reads) {
			out[inventory.BindingID(file, nodeName(v, e.To))] = true
		}
	}
	return out
}

// packageFolder is the nearest folder above that a package file marks, "" for the root.
func packageFolder(v *View, source, dir string) string {
	for dir != "." && dir != "/" && dir != "" {
		for _, file := range []string{"package.json", "go.mod", "pyproject.toml", "Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "Dockerfile"} {
			if v.Node(inventory.FileID("file", source, dir+"/"+file)) != nil {
				return dir
			}
		}
		dir = path.Dir(dir)
	}
	return ""
}

// comesFrom reports whether anything says where a variable is taken from: every edge that leaves it does, but the one to the
// service that its value is for.
func (v *View) comesFrom(binding string) bool {
	return slices.ContainsFunc(v.Out(binding, ""), func(e inventory.Edge) bool { return e.Kind != inventory.TalksTo })
}
