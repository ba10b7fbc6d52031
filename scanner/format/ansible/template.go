package ansible

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// Templates returns the row of the files that Ansible fills in with its variables. A template is a file of its own,
// file:<source>/<path>: the tasks that fill it run it.
func Templates() artifact.Format {
	return artifact.Format{
		ID: "ansible-template", Title: "Templates of Ansible", Doc: "https://docs.ansible.com/ansible/latest/collections/ansible/builtin/template_module.html",
		Match: matchTemplate, Parse: parseTemplate,
	}
}

// matchTemplate takes files of templates of roles and playbooks. Templates of web pages have the same syntax and other
// variables.
func matchTemplate(a *artifact.Artifact) bool {
	if !a.Has("{{") {
		return false
	}
	base := strings.ToLower(a.Base())
	name, isJinja := strings.CutSuffix(base, ".j2")
	switch path.Ext(name) {
	case ".html", ".htm", ".xhtml", ".sql", ".md":
		return false
	}
	return isJinja || strings.Contains("/"+a.Path, "/roles/") && strings.Contains(a.Path, "/templates/")
}

func parseTemplate(a *artifact.Artifact, f *artifact.Facts) error {
	id := inventory.FileID("file", a.Source, a.Path)
	left, known := 5_000, false
	for i, line := range strings.Split(string(a.Content), "\n") {
		if !strings.Contains(line, "{{") {
			continue
		}
		column := strings.Index(line, "{{") + 1
		for _, u := range expression(f, line, artifact.Place{Line: i + 1, Column: column}) {
			if left--; left < 0 {
				f.Skip("more references than the limit")
				return nil
			}
			if !known {
				known = true
				at := artifact.Place{Line: 1, Column: 1}
				f.Node(inventory.File, id, a.Path, at)
				f.Attr(id, inventory.AttrPlatform, ID, "", at)
				f.Attr(id, inventory.AttrType, "template", "", at)
				if e := detect.PathEnvironment(a.Path); e != "" {
					f.AttrSure(id, inventory.AttrEnvironment, e, "path", inventory.High, at)
				}
			}
			f.Edge(inventory.Reads, id, u.id, u.rule, inventory.High, u.at)
		}
	}
	return nil
}

// template says that a task fills a template: src of the module, below the folder of templates of the role or beside the
// playbook.
func (f *file) template(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		switch pair.Key[strings.LastIndexByte(pair.Key, '.')+1:] {
		case "template", "win_template":
		default:
			continue
		}
		src := pair.Value.Get("src")
		name := src.Str()
		if pair.Value.Kind == tree.Scalar {
			src, name = pair.Value, argumentOf(pair.Value.Str(), "src")
		}
		if name == "" || strings.ContainsAny(name, "{}* ") || path.IsAbs(name) {
			continue
		}
		at := artifact.At(src, p.Key(pair.Key).Key("src"))
		for _, dir := range f.templateFolders() {
			if file := path.Join(dir, name); !strings.HasPrefix(file, "..") && f.Spend() {
				f.hits++
				f.Edge(inventory.Runs, s.Part, inventory.FileID("file", f.Artifact.Source, file), "ansible-template", inventory.High, at)
			}
		}
	}
}

// templateFolders lists where the templates of this file's tasks stand.
func (f *file) templateFolders() []string {
	dir := f.Artifact.Dir()
	if i := strings.LastIndex("/"+dir+"/", "/tasks/"); i >= 0 {
		return []string{path.Join(strings.Trim(dir[:max(i-1, 0)], "/"), "templates")}
	}
	return []string{path.Join(dir, "templates"), dir}
}

// argumentOf returns name=text of the short form of a task.
func argumentOf(text, name string) string {
	for _, word := range strings.Fields(text) {
		if v, ok := strings.CutPrefix(word, name+"="); ok {
			return strings.Trim(v, `"'`)
		}
	}
	return ""
}

// Variables lists what the variables in a text of another format stand for: a file that Ansible fills in before its own
// program reads it. Where a credential must stand, any variable counts.
func Variables(f *artifact.Facts, text string, must bool, at artifact.Place) []string {
	var out []string
	for _, u := range expressionOf(f, text, must, at) {
		out = append(out, u.id)
	}
	return out
}
