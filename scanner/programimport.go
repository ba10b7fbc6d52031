package scanner

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// programImport is one import as a file writes it, before it is known which file it means.
type programImport struct {
	from     string // path of the importing file
	path     string // as code.Import gives it
	takes    string // the names that are taken from it, joined; "" for all of it
	evidence inventory.Evidence
	uses     []takenAt
}

// takenAt is a place at which a file uses a name that it takes from another: in the version of the file that the import stands in.
type takenAt struct {
	name         string
	line, column int
}

// noteImports remembers what a program of the present state loads.
func (w *worker) noteImports(a *artifact.Artifact, imports []code.Import) {
	w.programs = append(w.programs, a.Path)
	list := make([]programImport, len(imports))
	for n, i := range imports {
		list[n] = programImport{from: a.Path, path: i.Path, takes: takes(i.Names), evidence: a.Evidence(a.PlaceOf(i.Offset))}
		for _, t := range i.Names {
			for _, on := range t.On {
				at := a.PlaceOf(on)
				list[n].uses = append(list[n].uses, takenAt{t.Name, at.Line, at.Column})
			}
		}
	}
	w.addImports(list)
}

// takes joins the names of an import, each with those of the importing file by which it is used ("name=by by"); a list without
// any is a comma.
func takes(names []code.Taken) string {
	if names == nil || len(names) > maxTakes {
		return ""
	}
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = n.Name + "=" + strings.Join(n.Inside, " ")
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ",") + ","
}

// attrs says on the edge of an import which names it takes.
func (i programImport) attrs() []inventory.Attr {
	if i.takes == "" {
		return nil
	}
	var out []inventory.Attr
	for _, item := range strings.Split(strings.TrimSuffix(i.takes, ","), ",") {
		name, by, _ := strings.Cut(item, "=")
		out = append(out, inventory.Attr{Key: inventory.AttrTakes, Value: name, Detail: by, Confidence: inventory.Certain, Evidence: i.used(name)})
	}
	return out
}

// used returns the places at which the file uses a name.
func (i programImport) used(name string) []inventory.Evidence {
	var out []inventory.Evidence
	for _, u := range i.uses {
		if u.name == name {
			at := i.evidence
			at.Line, at.Column = u.line, u.column
			out = append(out, at)
		}
	}
	return out
}

// maxTakes bounds the names of one import; one with more takes all.
const maxTakes = 60

// addImports adds imports of one file. A worker for one artifact keeps all of them.
func (w *worker) addImports(list []programImport) {
	if w.branch != nil {
		list = w.present.reduceImports(slices.Clone(list))
	}
	w.imports = append(w.imports, list...)
}

// joinImports adds "file loads file" edges (R5, second ring). Only those that lead from a file that something
// runs to a file that reads a credential's name are kept: the rest says nothing about credentials, and a
// repository has tens of thousands.
func (w *worker) joinImports(source string) {
	if len(w.programs) == 0 {
		return
	}
	j := importJoin{source: source, stems: map[string]stem{}, folders: map[string][]string{}, asked: map[[2]string][]string{}}
	slices.Sort(w.programs)
	for _, p := range slices.Compact(w.programs) {
		j.know(p)
		j.folders[path.Dir(p)] = append(j.folders[path.Dir(p)], p)
	}
	out := map[string][]inventory.Edge{}
	whole := map[[2]string]bool{} // imports that take all of a file
	for _, i := range ofThePresent(mergeImports(w.imports)) {
		for _, to := range j.find(i) {
			e := inventory.Edge{From: j.id(i.from), To: j.id(to), Kind: inventory.Runs, Rule: "R5-import",
				Confidence: inventory.High, Evidence: []inventory.Evidence{i.evidence}}
			e.Attrs = i.attrs()
			out[e.From] = append(out[e.From], e)
			whole[[2]string{e.From, e.To}] = whole[[2]string{e.From, e.To}] || i.takes == ""
		}
	}
	started, reading := w.ends()
	j.openFolders(started, out)
	forward := closure(started, func(id string) []string { return ends(out[id], func(e inventory.Edge) string { return e.To }) })
	back := map[string][]string{}
	for from, edges := range out {
		for _, e := range edges {
			back[e.To] = append(back[e.To], from)
		}
	}
	backward := closure(reading, func(id string) []string { return back[id] })
	var kept []inventory.Edge
	for from, edges := range out {
		for _, e := range edges {
			if forward[from] && backward[e.To] {
				if whole[[2]string{e.From, e.To}] {
					e.Attrs = nil
				}
				kept = append(kept, e)
			}
		}
	}
	// The first edge names the nodes: in an order that no worker decides, the freshest first.
	slices.SortFunc(kept, func(a, b inventory.Edge) int {
		return cmp.Or(a.Evidence[0].Compare(b.Evidence[0]), strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	for _, e := range kept {
		w.keepImport(e)
	}
}

func (w *worker) keepImport(e inventory.Edge) {
	for _, id := range []string{e.From, e.To} {
		if _, ok := w.set.Node(id); !ok {
			name := strings.TrimPrefix(id, "code:"+e.Evidence[0].Source+"/")
			at := inventory.Evidence{Source: e.Evidence[0].Source, Path: strings.TrimSuffix(name, "/"), State: e.Evidence[0].State}
			w.set.AddNode(inventory.Node{ID: id, Kind: inventory.Code, Name: name, Evidence: []inventory.Evidence{at}})
		}
	}
	w.set.AddEdge(e)
}

// ends returns the code that a part, a target or a program starts, and the code that reads a name or a slot.
func (w *worker) ends() (started, reading []string) {
	w.set.EachEdge(func(e inventory.Edge) {
		switch {
		case e.Kind == inventory.Runs && strings.HasPrefix(e.To, "code:"):
			started = append(started, e.To)
		case e.Kind == inventory.Reads && strings.HasPrefix(e.From, "code:"):
			reading = append(reading, e.From)
		}
	})
	slices.Sort(started)
	slices.Sort(reading)
	return started, reading
}

func ends(edges []inventory.Edge, end func(inventory.Edge) string) []string {
	var out []string
	for _, e := range edges {
		out = append(out, end(e))
	}
	return out
}

// closure returns all that next reaches from the seeds.
func closure(seeds []string, next func(string) []string) map[string]bool {
	seen := map[string]bool{}
	queue := slices.Clone(seeds)
	for len(queue) > 0 {
		id := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !seen[id] {
			seen[id] = true
			queue = append(queue, next(id)...)
		}
	}
	return seen
}

// importJoin knows which program files a source has.
type importJoin struct {
	source  string
	stems   map[string]stem        // by what an import may call them
	folders map[string][]string    // folder -> its program files; "." is the root
	asked   map[[2]string][]string // folder and import -> targets: the branches repeat them
}

func (j *importJoin) id(p string) string { return inventory.FileID("code", j.source, p) }

// stem is the file that a path without its ending means: that with the first of importEndings.
type stem struct {
	ending int
	file   string
}

// know notes a program file under all that an import may call it.
func (j *importJoin) know(p string) {
	for i, ending := range importEndings {
		if base, ok := strings.CutSuffix(p, ending); ok {
			if old, known := j.stems[base]; !known || i < old.ending {
				j.stems[base] = stem{i, p}
			}
		}
	}
}

// importRoots are the folders under which an import that is not relative is looked for.
var importRoots = []string{"", "src", "lib", "app"}

// importEndings are what languages leave out of the path of a file.
var importEndings = []string{"", ".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".py", ".rb", ".php", ".rs", ".sh", "/index.js",
	"/index.ts", "/index.tsx", "/__init__.py", "/mod.rs"}

// find is targets, and asks once for what the files of one folder import alike.
func (j *importJoin) find(i programImport) []string {
	key := [2]string{path.Dir(i.from), i.path}
	to, ok := j.asked[key]
	if !ok {
		to = j.targets(i)
		j.asked[key] = to
	}
	return to
}

// targets returns the files, or the folder, that an import means; none for packages from outside.
func (j *importJoin) targets(i programImport) []string {
	dir := path.Dir(i.from)
	switch {
	case i.path == "." && scriptFile[path.Ext(i.from)]: // the index of its own folder
		if s, ok := j.stems[dir]; ok {
			return []string{s.file}
		}
		return nil
	case i.path == ".":
		return []string{folderName(dir)}
	case strings.HasPrefix(i.path, "./") || strings.HasPrefix(i.path, "../") || i.path == "..":
		return j.existing(path.Join(dir, i.path))
	}
	p := strings.TrimPrefix(strings.TrimPrefix(i.path, "@/"), "~/")
	for up := dir; ; up = path.Dir(up) {
		for _, root := range importRoots {
			if found := j.existing(path.Join(up, root, p)); found != nil {
				return found
			}
		}
		if up == "." || up == "/" {
			return j.suffix(p)
		}
	}
}

// scriptFile are the endings of files whose imports name files, never all of a folder.
var scriptFile = map[string]bool{".js": true, ".ts": true, ".tsx": true, ".jsx": true, ".mjs": true, ".cjs": true, ".mts": true, ".cts": true}

// existing returns the file that a path without its ending means, or the folder of that name.
func (j *importJoin) existing(base string) []string {
	if s, ok := j.stems[base]; ok {
		return []string{s.file}
	}
	if len(j.folders[base]) > 0 {
		return []string{folderName(base)}
	}
	return nil
}

// suffix finds the folder that a Go import path ends in: the module path stands in front of it. The path of the source itself is
// the most usual one.
func (j *importJoin) suffix(p string) []string {
	if rest, ok := strings.CutPrefix(p, j.source+"/"); ok {
		if i := strings.IndexByte(rest, '/'); i > 1 && rest[0] == 'v' && rest[1] >= '2' && rest[1] <= '9' {
			rest = rest[i+1:] // its major version
		}
		if len(j.folders[rest]) > 0 {
			return []string{folderName(rest)}
		}
	}
	for strings.Count(p, "/") > 1 {
		_, rest, _ := strings.Cut(p, "/")
		if len(j.folders[rest]) > 0 && strings.Contains(rest, "/") {
			return []string{folderName(rest)}
		}
		p = rest
	}
	return nil
}

// folderName is the path by which a folder as a whole is known.
func folderName(dir string) string {
	if dir == "." {
		return ""
	}
	return dir + "/"
}

// openFolders lets every folder that is run or loaded as a whole load its files: those in the language of who loads it,
// all of them where a command runs it.
func (j *importJoin) openFolders(started []string, out map[string][]inventory.Edge) {
	const every = ""
	whole := map[string]map[string]bool{} // folder -> languages
	open := func(id, language string) {
		if whole[id] == nil {
			whole[id] = map[string]bool{}
		}
		whole[id][language] = true
	}
	for _, id := range started {
		open(id, every)
	}
	for from, edges := range out {
		for _, e := range edges {
			open(e.To, languageOf(from))
		}
	}
	for dir, files := range j.folders {
		id := j.id(folderName(dir))
		for _, p := range files {
			if !whole[id][every] && !whole[id][languageOf(p)] {
				continue
			}
			out[id] = append(out[id], inventory.Edge{From: id, To: j.id(p), Kind: inventory.Runs, Rule: "R5-package",
				Confidence: inventory.High, Evidence: []inventory.Evidence{{Source: j.source, Path: p, State: inventory.Head}}})
		}
	}
}

// together are the endings of languages whose programs load each other.
var together = map[string]string{".kt": ".java", ".kts": ".java", ".groovy": ".java", ".scala": ".java", ".fs": ".cs", ".vb": ".cs"}

// languageOf tells programs apart that cannot load each other, by an ending.
func languageOf(file string) string {
	ext := strings.ToLower(path.Ext(file))
	return cmp.Or(together[ext], ext)
}
