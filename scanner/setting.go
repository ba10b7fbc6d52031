package scanner

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/appconfig"
)

// settingFacts adds what a program asks its configuration for, and what it defines there. Which definition a place
// means is for graph/resolve to say.
func settingFacts(f *artifact.Facts, id, language string, r code.Result) {
	a := f.Artifact
	for _, s := range r.Settings {
		at := a.PlaceOf(s.Offset)
		b := f.Node(inventory.Binding, inventory.BindingID(id, inventory.SettingName(s.Kind, s.Name)), inventory.SettingName(s.Kind, s.Name), at)
		f.Attr(b, inventory.AttrAs, inventory.AsSetting, s.Import, at)
		f.Edge(inventory.Reads, id, b, language+"-setting", s.Sure, at)
	}
	for _, d := range r.Definitions {
		if d.Kind == "laravel" {
			if d.Name = laravelName(a.Path, d.Name); d.Name == "" {
				continue
			}
		}
		at := a.PlaceOf(d.Offset)
		name := inventory.DefinitionName(d.Kind, d.Name)
		b := f.Node(inventory.Binding, inventory.BindingID(id, name), name, at)
		f.Attr(b, inventory.AttrAs, inventory.AsDefinition, "", at)
		from := d.From
		if d.FromKind != "" {
			from = inventory.SettingName(d.FromKind, d.From)
		}
		for _, on := range append([]int{d.Offset}, d.On...) {
			f.Edge(inventory.BoundFrom, b, inventory.BindingID(id, from), language+"-definition", d.Sure, a.PlaceOf(on))
		}
	}
}

// laravelName puts the name of a file of the folder config in front of what the file returns.
func laravelName(file, name string) string {
	dir, base := path.Split(strings.TrimSuffix(file, ".php"))
	_, below, ok := strings.Cut("/"+dir, "/config/")
	if !ok {
		return ""
	}
	return strings.ReplaceAll(below, "/", ".") + base + "." + name
}

// railsFolders are those that an application of Rails has at its root.
var railsFolders = []string{"app", "config", "lib", "extras", "db", "spec", "test", "bin", "script"}

// ownStore gives an entry of the encrypted files of a Rails application its place: they are the application's own.
func ownStore(a *artifact.Artifact, ref inventory.SlotRef) inventory.SlotRef {
	if ref.Store == "pulumi" && ref.Scope == "*" { // of any stack of the project in the program's folder
		ref.Scope = path.Join(a.Source, a.Dir(), "*")
		return ref
	}
	if (ref.Store == "airflow" || ref.Store == "airflow-var") && ref.Scope == "*" { // of the installation that runs the source
		ref.Scope = a.Source
		return ref
	}
	if !strings.HasPrefix(ref.Store, "rails-") || ref.Scope != "*" {
		return ref
	}
	root := ""
	words := strings.Split(a.Path, "/")
	for i, w := range words[:len(words)-1] {
		if slices.Contains(railsFolders, w) {
			root = strings.Join(words[:i], "/")
			break
		}
	}
	ref.Scope, ref.Name = a.Source, path.Join(root, "config", ref.Name)
	return ref
}

// handedOn reports whether a member of an object may be a credential's variable of the environment.
func handedOn(name string) bool {
	return name == strings.ToUpper(name) && detect.ClassifyName(name).Class == inventory.ClassCredential
}

// dropSettings leaves out what programs ask of their configuration where no file of the source defines it: most of it
// is no credential's, and a repository has thousands. Definitions that nothing asks for go too.
func (w *worker) dropSettings() {
	asked, defined, last := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var settings []inventory.Node
	whole := false // some program takes in the environment as a whole, and may hand it on under its names
	for _, n := range w.set.Nodes() {
		whole = whole || n.Name == "*" && n.Kind == inventory.Binding && strings.HasPrefix(n.ID, "code:")
		_, name, ok := inventory.SettingOf(&n)
		if !ok {
			continue
		}
		settings = append(settings, n)
		words := strings.Split(name, ".")
		into := asked
		if n.Attr(inventory.AttrAs) == inventory.AsDefinition {
			into = defined
			last[words[len(words)-1]] = true
		}
		for _, word := range words {
			into[word] = true
		}
	}
	gone, readers := map[string]bool{}, map[string]bool{}
	for _, n := range settings {
		kind, name, _ := inventory.SettingOf(&n)
		words := strings.Split(name, ".")
		kept := whole && kind == "js" && handedOn(words[len(words)-1]) || defined[words[len(words)-1]] || len(words) > 1 && (words[len(words)-1] == "*" || last[words[len(words)-2]])
		if n.Attr(inventory.AttrAs) == inventory.AsDefinition {
			kept = slices.ContainsFunc(words[min(1, len(words)-1):], func(word string) bool { return asked[word] })
		}
		if !kept {
			gone[n.ID] = true
			if kind == "rails-settings" { // nor does anybody ask for the variable that may stand for it
				gone[strings.TrimSuffix(n.ID, n.Name)+appconfig.RubyVariable(name)] = true
			}
			readers[strings.TrimSuffix(n.ID, "/"+n.Name)] = true
		}
	}
	if len(gone) == 0 {
		return
	}
	w.set.Remove(func(n inventory.Node) bool { return gone[n.ID] })
	w.set.RemoveUnrelated(func(n inventory.Node) bool { return n.Kind == inventory.Code && readers[n.ID] })
}
