// Package helm reads the templates of Helm charts without installing them: it follows values, includes, defaults
// and the usual functions as far as the files of the chart say, keeps every branch, and leaves a hole where only
// the installation knows. Each text keeps where in which file it stands, and which values it takes in.
package helm

import (
	"maps"
	"path"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Release stands in names for the name of the release, which only the installation knows. The chart's folder
// follows, when it is not the root of the source: "<release:charts.web>".
const Release = "<release"

// Chart returns the folder of the chart that a template belongs to, "" for the root of the source.
func Chart(a *artifact.Artifact) string {
	dir, _ := chartDir(a.Path)
	return dir
}

// Leaves visits every scalar of a values file, with its dotted path and its own key.
func Leaves(root *tree.Node, visit func(path, key string, n *tree.Node)) {
	leaves(root, "", "", 0, map[*tree.Node]bool{}, visit)
}

func leaves(n *tree.Node, at, key string, depth int, seen map[*tree.Node]bool, visit func(path, key string, n *tree.Node)) {
	if n == nil || seen[n] || depth > maxDepth {
		return
	}
	if n.Kind == tree.Scalar {
		visit(at, key, n)
		return
	}
	seen[n] = true
	for _, p := range n.Pairs {
		leaves(p.Value, below(at, p.Key), p.Key, depth+1, seen, visit)
	}
	for i, item := range n.Items {
		leaves(item, string(tree.Path(at).Index(i)), key, depth+1, seen, visit)
	}
}

// chartDir returns the folder of the chart that a template belongs to.
func chartDir(file string) (string, bool) {
	i := strings.LastIndex("/"+file, "/templates/")
	if i < 0 {
		return "", false
	}
	return strings.Trim(file[:max(i-1, 0)], "/"), true
}

// Siblings names the files of the chart around a template: its values, its other templates, what subcharts and
// libraries beside it define, and the chart above it.
func Siblings(a *artifact.Artifact) []string {
	dir, ok := chartDir(a.Path)
	if !ok {
		return nil
	}
	up := strings.Repeat("../", strings.Count(strings.Trim(strings.TrimPrefix(a.Dir(), dir), "/"), "/")+1)
	var out []string
	for _, g := range []string{"Chart.yaml", "values.yaml", "values.yml", "requirements.yaml", "*values*.yaml", "values/*.yaml", "values/*/*.yaml",
		"environments/*.yaml", "envs/*.yaml", "env/*.yaml", "templates/_*", "templates/*.tpl", "templates/*/_*",
		"charts/*/values.yaml", "charts/*/templates/_*", "../common*/templates/_*", "../common*/templates/*/_*", "../*lib*/templates/_*"} {
		out = append(out, up+g)
	}
	for _, above := range []string{"../", "../../", "../../../"} {
		for _, folder := range []string{"environments", "envs", "values"} {
			out = append(out, up+above+folder+"/*.yaml")
		}
	}
	for _, above := range []string{"", "../", "../../", "../../../"} {
		for _, name := range helmfiles {
			out = append(out, up+above+name)
		}
	}
	if path.Base(path.Dir(dir)) == "charts" {
		out = append(out, up+"../../Chart.yaml", up+"../../values.yaml", up+"../../templates/_*")
	}
	return out
}

// Further names the files of charts that a chart depends on by a folder: their named templates and their values.
func Further(a *artifact.Artifact) []string {
	dir, ok := chartDir(a.Path)
	if !ok {
		return nil
	}
	up := strings.Repeat("../", strings.Count(strings.Trim(strings.TrimPrefix(a.Dir(), dir), "/"), "/")+1)
	var out []string
	for _, d := range dependencies(a, dir) {
		for _, g := range []string{"Chart.yaml", "values.yaml", "templates/_*", "templates/*/_*", "templates/*.tpl"} {
			out = append(out, up+d.folder+"/"+g)
		}
	}
	for _, g := range releaseValues(a, dir) {
		if at, ok := strings.CutPrefix(g, dir+"/"); ok || dir == "" {
			out = append(out, up+at)
			continue
		}
		out = append(out, up+strings.Repeat("../", strings.Count(dir, "/")+1)+g)
	}
	return out
}

// dependency is a chart that another takes in from a folder.
type dependency struct{ name, folder string }

// maxDependencies bounds how many charts one chart takes in.
const maxDependencies = 20

// dependencies reads those of Chart.yaml, and of requirements.yaml as it was called before, that stand in the source.
func dependencies(a *artifact.Artifact, dir string) []dependency {
	var out []dependency
	for _, file := range []string{"Chart.yaml", "requirements.yaml"} {
		meta := a.Siblings[strings.TrimPrefix(dir+"/"+file, "/")]
		if meta == nil {
			continue
		}
		for _, d := range root(meta).Get("dependencies").List() {
			folder, ok := strings.CutPrefix(d.Get("repository").Str(), "file://")
			name := d.Get("alias").Str()
			if name == "" {
				name = d.Get("name").Str()
			}
			if ok && name != "" && folder != "" && !strings.ContainsAny(folder, "*?[{$") && len(out) < maxDependencies {
				out = append(out, dependency{name, strings.Trim(folder, "/")})
			}
		}
	}
	return out
}

// chart is a chart as its files say, without the template that is read.
type chart struct {
	dir, name string
	release   string // the name of the release, as a symbol
	values    *tree.Node
	overrides []override // values files that stand beside values.yaml
	defines   map[string]define
	files     map[string]*artifact.Artifact
	functions map[string]function
}

// override is a values file of one environment, laid over the chart's own.
type override struct {
	file   string
	values *tree.Node
}

// define is a named template.
type define struct {
	body *parse.ListNode
	file string
}

// maxOverrides bounds how many values files are tried on each template.
const maxOverrides = 8

// chartOf puts together the chart around a template. What its files say is kept with one of them, since the next
// template of the folder has the same.
func chartOf(a *artifact.Artifact) *chart {
	dir, _ := chartDir(a.Path)
	paths := make([]string, 0, len(a.Siblings))
	for p := range a.Siblings {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	meta := a.Siblings[strings.TrimPrefix(dir+"/Chart.yaml", "/")]
	if meta != nil {
		if c, ok := meta.Parsed.(*chart); ok {
			return c
		}
	}
	c := &chart{dir: dir, name: path.Base("/" + dir), defines: map[string]define{}, files: map[string]*artifact.Artifact{}, functions: table()}
	c.release = releaseSymbol(dir)
	c.read(a, paths)
	if meta != nil {
		meta.Parsed = c
	}
	return c
}

// ReleaseOf returns what stands for the name of the release that the chart in a folder is installed as.
func ReleaseOf(dir string) string { return releaseSymbol(dir) }

// releaseSymbol names the release of a chart: that of the outermost chart around it.
func releaseSymbol(dir string) string {
	if root, _, ok := strings.Cut("/"+dir, "/charts/"); ok && strings.Count(strings.TrimPrefix("/"+dir, root+"/charts/"), "/charts/") > 0 {
		first, _, _ := strings.Cut(strings.TrimPrefix("/"+dir, root+"/charts/"), "/charts/")
		dir = strings.TrimPrefix(root+"/charts/"+first, "/")
	}
	if dir == "" {
		return Release + ">"
	}
	return Release + ":" + strings.ReplaceAll(dir, "/", ".") + ">"
}

func (c *chart) read(a *artifact.Artifact, paths []string) {
	inChart := func(p string) bool { return strings.HasPrefix("/"+p, "/"+strings.TrimPrefix(c.dir+"/", "/")) }
	for _, p := range paths {
		s := a.Siblings[p]
		switch {
		case path.Base(p) == "Chart.yaml" && path.Dir("/"+p) == path.Clean("/"+c.dir):
			if n := root(s).Get("name").Str(); n != "" {
				c.name = n
			}
		case strings.Contains("/"+p, "/templates/"):
			c.files[p] = s
			for name, d := range parsed(s) {
				if _, ok := c.defines[name]; !ok || inChart(p) {
					c.defines[name] = d
				}
			}
		}
	}
	c.readValues(a, paths, inChart)
}

// readValues lays the values of the chart above over those of the chart, and lists the files of environments.
func (c *chart) readValues(a *artifact.Artifact, paths []string, inChart func(string) bool) {
	inside, below := c.inner(a, paths), map[string]*tree.Node{}
	var outer []override
	released := releaseValues(a, c.dir)
	for _, p := range paths {
		if c.released(a.Siblings[p], p, released) {
			continue
		}
		ext := path.Ext(p)
		if isHelmfile(p) || strings.Contains("/"+p, "/templates/") || path.Base(p) == "Chart.yaml" || path.Base(p) == "requirements.yaml" || ext != ".yaml" && ext != ".yml" {
			continue
		}
		values := root(a.Siblings[p])
		if !values.IsMap() {
			continue
		}
		if name := inside[path.Dir("/"+p)]; name != "" && path.Base(p) == "values.yaml" {
			note(values, p, name, 0)
			below[name] = values
			continue
		}
		note(values, p, "", 0)
		switch own := path.Dir("/"+p) == path.Clean("/"+c.dir); {
		case own && (path.Base(p) == "values.yaml" || path.Base(p) == "values.yml"):
			c.values = overlay(c.values, values)
		case !inChart(p) && path.Base(p) == "values.yaml" && path.Dir("/"+p) == path.Dir(path.Dir(path.Clean("/"+c.dir))):
			c.values = overlay(values.Get(path.Base(c.dir)), c.values)
		case len(c.overrides) == maxOverrides:
		case inChart(p):
			c.overrides = append(c.overrides, override{p, values})
		default:
			outer = append(outer, override{p, values})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(below)) {
		c.values = overlay(c.values, &tree.Node{Kind: tree.Map, Pairs: []tree.Pair{{Key: name, Value: below[name]}}})
	}
	for _, o := range outer {
		if v := c.section(o.values); v != nil && len(c.overrides) < maxOverrides {
			c.overrides = append(c.overrides, override{o.file, v})
		}
	}
}

// released takes in a file of values that a release of helmfile names for the chart.
func (c *chart) released(file *artifact.Artifact, p string, globs []string) bool {
	if !slices.ContainsFunc(globs, func(g string) bool { ok, _ := path.Match(g, p); return ok }) {
		return false
	}
	if values := filledValues(file); values.IsMap() && len(c.overrides) < maxOverrides {
		note(values, p, "", 0)
		c.overrides = append(c.overrides, override{p, values})
	}
	return true
}

// section returns what a values file outside of any chart says for this one: a file of an environment gives each chart a
// section under its name. Where the chart's own values have that name too, the section stands under it.
func (c *chart) section(values *tree.Node) *tree.Node {
	name := c.name
	own := values.Get(name)
	if own == nil {
		name = path.Base("/" + c.dir)
		own = values.Get(name)
	}
	if !own.IsMap() {
		return nil
	}
	out := &tree.Node{Kind: tree.Map}
	if global := values.Get("global"); global.IsMap() {
		out.Pairs = append(out.Pairs, tree.Pair{Key: "global", Value: global})
	}
	if c.values.Get(name).IsMap() {
		out.Pairs = append(out.Pairs, tree.Pair{Key: name, Value: own})
		return out
	}
	return overlay(own, out)
}

// inner returns the charts whose values stand below a name in those of this one, by their folders: those that it depends
// on, and those in its folder of charts.
func (c *chart) inner(a *artifact.Artifact, paths []string) map[string]string {
	out := map[string]string{}
	for _, p := range paths {
		dir := path.Dir("/" + p)
		if path.Base(p) == "values.yaml" && path.Dir(dir) == path.Clean("/"+c.dir+"/charts") {
			out[dir] = path.Base(dir)
		}
	}
	for _, d := range dependencies(a, c.dir) {
		out[path.Join("/"+c.dir, d.folder)] = d.name
	}
	return out
}

func root(a *artifact.Artifact) *tree.Node {
	if docs := a.Documents(); len(docs) > 0 {
		return docs[0].Root
	}
	return nil
}

// note says of every node of a values file where it stands. Shared nodes keep their first path.
func note(n *tree.Node, file, at string, depth int) {
	if n == nil || n.Note != nil || depth > maxDepth {
		return
	}
	n.Note = &tree.Note{File: file}
	if n.Kind == tree.Scalar && at != "" {
		n.Note.From = []tree.Origin{{Path: at, File: file, Line: n.Line, Whole: true}}
	}
	for i := range n.Pairs {
		n.Pairs[i].File = file
		note(n.Pairs[i].Value, file, below(at, n.Pairs[i].Key), depth+1)
	}
	for i, item := range n.Items {
		note(item, file, string(tree.Path(at).Index(i)), depth+1)
	}
}

// maxDepth bounds how deep values, includes and blocks nest.
const maxDepth = 60

// overlay returns the values of over laid over those of base, as Helm merges them: maps key by key, the rest whole.
func overlay(over, base *tree.Node) *tree.Node {
	switch {
	case over == nil:
		return base
	case !over.IsMap() || !base.IsMap():
		return over
	}
	out := *base
	out.Pairs = slices.Clone(base.Pairs)
	at := make(map[string]int, len(out.Pairs))
	for i, p := range out.Pairs {
		at[p.Key] = i
	}
	for _, p := range over.Pairs {
		if i, ok := at[p.Key]; ok {
			p.Value = overlay(p.Value, out.Pairs[i].Value)
			out.Pairs[i] = p
			continue
		}
		out.Pairs = append(out.Pairs, p)
	}
	return &out
}

// parsed returns the named templates of a file; what cannot be parsed has none.
func parsed(a *artifact.Artifact) map[string]define {
	if known, ok := a.Parsed.(map[string]define); ok {
		return known
	}
	out := map[string]define{}
	a.Parsed = out
	set, err := parseTemplate(a.Path, string(a.Content))
	if err != nil {
		return out
	}
	for name, t := range set {
		if name != a.Path && t.Root != nil {
			out[name] = define{t.Root, a.Path}
		}
	}
	return out
}

// parseTemplate parses the text of a template. Functions are not checked: charts may use any.
func parseTemplate(name, content string) (map[string]*parse.Tree, error) {
	set := map[string]*parse.Tree{}
	t := parse.New(name)
	t.Mode = parse.SkipFuncCheck
	_, err := t.Parse(plainText(content), "{{", "}}", set)
	return set, err
}
