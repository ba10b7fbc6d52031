package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinSettings joins a place that asks for a setting of its application (settings.STRIPE_KEY, config('mail.key')) and the
// line of a settings file that gives it its value. Each framework has a row: where its files stand, and whether the code
// says which file it means. Settings of two applications in one source never join.
//
// Confidence: high where the whole name is defined in one file, medium for several files or part of the name.
func joinSettings(v *View) {
	j := settingJoin{v: v, defined: map[[3]string][]settingLine{}}
	var asked []*inventory.Node
	for _, b := range v.Nodes(inventory.Binding) {
		kind, name, ok := inventory.SettingOf(b)
		if !ok || len(b.Evidence) == 0 {
			continue
		}
		if b.Attr(inventory.AttrAs) == inventory.AsSetting {
			asked = append(asked, b)
			continue
		}
		d := settingLine{b, strings.Split(name, "."), b.Evidence[0].Path}
		for _, word := range append(unique(d.name), "") {
			key := [3]string{b.Evidence[0].Source, kind, word}
			j.defined[key] = append(j.defined[key], d)
		}
	}
	for _, b := range asked {
		j.join(b)
	}
}

type settingJoin struct {
	v       *View
	whole   map[string][]*inventory.Node // source -> files that take in the whole environment; nil until asked for
	defined map[[3]string][]settingLine  // by source, kind and word of the name
}

// settingLine is a setting in the file that gives it its value.
type settingLine struct {
	node *inventory.Node
	name []string
	file string
}

// found is a definition that a place may mean; of several, those with the greatest nearness count.
type found struct {
	settingLine
	near int
	sure inventory.Confidence
}

// join gives a place that asks the definitions that it means.
func (j *settingJoin) join(b *inventory.Node) {
	kind, full, _ := inventory.SettingOf(b)
	name := strings.Split(full, ".")
	var all []found
	for _, row := range settingKinds[kind] {
		for _, d := range j.candidates(b.Evidence[0].Source, row.defines, name) {
			sure, ok := sameSetting(name, d.name)
			if !ok || row.file != nil && !row.file(d.file) {
				continue
			}
			near, ok := j.nearness(b, row, d)
			if ok {
				all = append(all, found{d, near, sure})
			}
		}
	}
	if len(all) == 0 && kind == "js" {
		j.fromWhole(b, name)
		return
	}
	files := map[string]bool{}
	all = nearest(all)
	for _, f := range all {
		files[f.file] = true
	}
	for _, f := range all {
		if len(files) > 1 {
			f.sure = min(f.sure, inventory.Medium)
		}
		j.v.AddEdge(inventory.Edge{From: b.ID, To: f.node.ID, Kind: inventory.BoundFrom, Rule: "setting", Confidence: f.sure,
			Evidence: inventory.MergeEvidence(b.Evidence, f.node.Evidence)})
	}
}

// candidates lists the definitions that have one of the last words of a name.
func (j *settingJoin) candidates(source, kind string, name []string) []settingLine {
	var out []settingLine
	seen := map[string]bool{}
	for _, word := range name[max(0, len(name)-2):] {
		for _, d := range j.defined[[3]string{source, kind, word}] {
			if !seen[d.node.ID] {
				seen[d.node.ID] = true
				out = append(out, d)
			}
		}
	}
	return out
}

func unique(words []string) []string {
	words = slices.Clone(words)
	slices.Sort(words)
	return slices.Compact(words)
}

// nearest keeps the definitions that are nearest, and of those the ones that have the whole name.
func nearest(all []found) []found {
	near, sure := 0, inventory.Low
	for _, f := range all {
		near = max(near, f.near)
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.near < near })
	for _, f := range all {
		sure = max(sure, f.sure)
	}
	all = slices.DeleteFunc(all, func(f found) bool { return f.sure < sure })
	if len(all) > maxCandidates {
		return nil
	}
	return all
}

// nearness says how near a settings file is to the place that asks; false when it is not of its application.
func (j *settingJoin) nearness(b *inventory.Node, row settingKind, d settingLine) (int, bool) {
	from := b.Evidence[0].Path
	if !row.wide {
		for _, a := range b.All(inventory.AttrAs) {
			for _, module := range strings.Split(a.Detail, "|") {
				if imports(from, module, d.file) {
					return 1 + len(commonFolder(from, d.file)), true
				}
			}
		}
		return 0, false
	}
	if row.close {
		return 2 + 2*len(commonFolder(from, d.file)), true
	}
	root := row.root(d.file)
	if within(from, root) {
		return 2 + 2*len(root), true
	}
	// A Python project's package of settings stands beside the packages that ask for them.
	parent := folderOf(root)
	if !row.beside || root == "" || !within(from, parent) || j.hasOwn(row, b.Evidence[0].Source, parent, from) {
		return 0, false
	}
	return 1 + 2*len(parent), true
}

// hasOwn reports whether the folder below parent that holds a file has settings of its own.
func (j *settingJoin) hasOwn(row settingKind, source, parent, file string) bool {
	child, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(file, parent), "/"), "/")
	if rest == "" {
		return false
	}
	child = path.Join(parent, child)
	return slices.ContainsFunc(j.defined[[3]string{source, row.defines, ""}], func(d settingLine) bool {
		return within(d.file, child) && (row.file == nil || row.file(d.file))
	})
}

func within(file, folder string) bool { return folder == "" || strings.HasPrefix(file, folder+"/") }

// commonFolder is the folder that two files share.
func commonFolder(a, b string) string {
	dir := folderOf(a)
	for dir != "" && !within(b, dir) {
		dir = folderOf(dir)
	}
	return dir
}

// sameSetting reports whether a name that is asked for and one that is defined are the same setting, or one is part of the
// other. Names of modules begin with what the module exports: "default" for the export without a name, "*" for an object
// that a schema validates.
func sameSetting(asked, defined []string) (inventory.Confidence, bool) {
	switch {
	case defined[0] == "*":
		return samePath(asked[min(1, len(asked)-1):], defined[1:])
	case defined[0] == "default":
		if asked[0] == "default" {
			asked = asked[1:]
		}
		return samePath(asked, defined[1:])
	case asked[0] == "default":
		if sure, ok := samePath(asked[1:], defined); ok {
			return sure, ok
		}
		return samePath(asked[1:], defined[1:])
	}
	return samePath(asked, defined)
}

func samePath(asked, defined []string) (inventory.Confidence, bool) {
	if n := len(asked); n > 0 && asked[n-1] == "*" {
		asked = asked[:n-1]
	}
	n := min(len(asked), len(defined))
	if n == 0 || !slices.Equal(asked[:n], defined[:n]) {
		return 0, false
	}
	if len(asked) == len(defined) {
		return inventory.High, true
	}
	return inventory.Medium, true
}

// imports reports whether what a file imports, as it writes it, is another file.
func imports(from, module, file string) bool {
	if module == "" {
		return false
	}
	if strings.HasPrefix(module, ".") {
		want := path.Join(path.Dir(from), module)
		return slices.Contains(moduleNames(file), moduleNames(want)[0])
	}
	want := module
	switch {
	case strings.HasPrefix(module, "@/"), strings.HasPrefix(module, "~/"):
		want = module[2:]
	case strings.HasPrefix(module, "$"): // an alias of a folder: $lib/server/config
		_, want, _ = strings.Cut(module, "/")
	case strings.HasPrefix(module, "@"):
		_, want, _ = strings.Cut(module, "/")
	}
	want = "/" + strings.TrimPrefix(moduleNames(strings.TrimPrefix(want, "#"))[0], "/")
	return slices.ContainsFunc(moduleNames(file), func(name string) bool {
		return strings.HasSuffix("/"+name, want) && (strings.Contains(module, "/") || path.Ext(file) != ".py" || onPath(from, folderOf(name)))
	})
}

// onPath reports whether a Python program may find a module of one name in a folder: in one above itself, or in the source
// folder of such a one. The module of that name beside another program is another.
func onPath(from, dir string) bool {
	switch path.Base(dir) {
	case "src", "lib", "app":
		dir = folderOf(dir)
	}
	return dir == "" || within(from, dir)
}

// moduleEndings are what an import leaves out of the path of a file.
var moduleEndings = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".py"}

// moduleNames are the names under which a file may be imported.
func moduleNames(file string) []string {
	for _, e := range moduleEndings {
		if name, ok := strings.CutSuffix(file, e); ok {
			file = name
			break
		}
	}
	out := []string{file}
	for _, e := range []string{"/index", "/__init__"} {
		if name, ok := strings.CutSuffix(file, e); ok {
			out = append(out, name)
		}
	}
	last := out[len(out)-1]
	for _, folder := range []string{"/src", "/lib", "/dist"} {
		if name, ok := strings.CutSuffix(last, folder); ok {
			out = append(out, name) // the package's entry
		} else if i := strings.LastIndex(last, folder+"/"); i > 0 {
			out = append(out, last[:i]+last[i+len(folder):])
		}
	}
	return out
}
