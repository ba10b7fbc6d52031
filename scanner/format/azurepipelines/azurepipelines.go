// Package azurepipelines reads Azure Pipelines: stages, jobs and steps, variables and variable groups, Key Vault
// tasks, service connections, templates of this and of other repositories, schedules.
//
// Ids: a pipeline or template is azure-pipelines:<source>/<path>, a stage <pipeline>#<stage>, a job and a step
// below it. A variable that the file does not declare is one of the variable groups that the job sees,
// ado:<owner>/group:<group>/NAME, or the pipeline's own, ado:<repository>/NAME. A service connection is
// ado:<owner>/connection/<name>. What a template is handed is a binding <template>/parameters.<name>.
package azurepipelines

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "azure-pipelines"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Azure Pipelines", Doc: "https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/",
		Match: match, Parse: parse,
	}
}

// templateLine is a file of steps, jobs, stages or variables that is taken in, of this or of another repository.
var templateLine = lazy.New(`^\s*-\s*template:\s*['"]?[\w./-]+\.ya?ml(@[\w-]+)?['"]?\s*(#.*)?$`)

var taskLine = lazy.New(`^\s*-\s*task:\s*['"]?[\w.-]+@\d`)

// match takes the files of the usual names and folders that have the keys of a pipeline, and any file with a task.
func match(a *artifact.Artifact) bool {
	if !pipeline.Yaml(a.Base()) || strings.Contains(a.Path, ".github/") {
		return false
	}
	if a.Has("task:") && pipeline.AnyLine(a.Content, "task:", taskLine) {
		return true
	}
	if a.Has("template:") && hasKeys(a.Content) && !a.Has(".gitlab-ci") && pipeline.AnyLine(a.Content, "template:", templateLine) {
		return true
	}
	p := strings.ToLower(a.Path)
	return a.Has("##vso[") && hasKeys(a.Content) || (strings.Contains(p, "azure-pipeline") || strings.Contains(p, "azuredevops") || strings.Contains(p, "azure/pipelines") || strings.Contains(p, ".vsts-ci") || strings.Contains(p, ".ado/") || strings.HasPrefix(p, "eng/")) && hasKeys(a.Content)
}

func hasKeys(text []byte) bool {
	for _, key := range []string{"steps:", "jobs:", "stages:", "\nextends:", "- group:", "- template:", "\nvariables:"} {
		if lazy.Contains(text, key) {
			return true
		}
	}
	return false
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	name := root.Get("name").Str()
	if name == "" || strings.Contains(name, "$") {
		name = a.Path
	}
	read(pipeline.New(facts, "azure", "ado", name, root), root)
	return nil
}

func read(f *pipeline.File, root *tree.Node) {
	s := &scope{Scope: &pipeline.Scope{File: f, Part: f.ID, Home: f.ID, Fold: fold}, root: root, owner: f.Owner()}
	if s.owner == "" {
		s.owner = f.Repo
	}
	s.Own = s.own
	s.Scope = s.Scope.Enter(f.ID, true, pipeline.Level{})
	s.schedules()
	s.resources(root.Get("resources"), "resources")
	s.parameters(root.Get("parameters"), "parameters")
	s.variables(root.Get("variables"), "variables")
	if e := root.Get("extends"); e != nil {
		s.template(e, "extends")
	}
	s.stages(root.Get("stages"), "stages")
	s.jobs(root.Get("jobs"), "jobs")
	if steps := root.Get("steps"); steps != nil {
		s.steps(steps, "steps")
	}
}

// parameters reads the defaults of a template's parameters.
func (s *scope) parameters(n *tree.Node, p tree.Path) {
	bind := func(name string, v *tree.Node, p tree.Path) {
		if v != nil && v.Kind == tree.Scalar && v.Str() != "" && len(s.mentioned(v, p)) > 0 {
			s.bind(s.Binding(s.ID, "parameters."+name, "argument", artifact.At(v, p)), v, p)
		}
	}
	if n.IsMap() {
		s.Entries(n, p, func(pair tree.Pair, p tree.Path) { bind(pair.Key, pair.Value, p) })
		return
	}
	s.Items(n, p, func(n *tree.Node, p tree.Path) {
		if n.Get("name").Str() != "" {
			bind(n.Get("name").Str(), n.Get("default"), p.Key("default"))
		}
	})
}

// fold returns the name of an environment variable for that of a variable. A hyphen, which a shell cannot read,
// counts as an underline too, since that is how shell text is read here.
func fold(name string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", " ", "_", "-", "_").Replace(name))
}

// schedules reads when the pipeline runs; Azure takes them in UTC.
func (s *scope) schedules() {
	s.Items(s.root.Get("schedules"), "schedules", func(n *tree.Node, p tree.Path) {
		s.Schedule(n.Get("cron"), p.Key("cron"), "UTC")
	})
}

// connection says that a part uses a service connection.
func (s *scope) connection(n *tree.Node, p tree.Path) {
	name := n.Str()
	if name == "" || strings.ContainsAny(name, "$\n") || len(name) > 200 {
		return
	}
	at := artifact.At(n, p)
	id := s.Slot(inventory.SlotRef{Store: "ado", Scope: s.owner, Name: "connection/" + name}, at)
	s.Attr(id, inventory.AttrType, "service connection", "", at)
	s.Edge(inventory.Reads, s.Part, id, "azure-connection", inventory.High, at)
}

// resources reads the logins of other repositories and containers, and the pipelines whose end starts this one.
func (s *scope) resources(n *tree.Node, p tree.Path) {
	for _, kind := range []string{"repositories", "containers"} {
		s.Items(n.Get(kind), p.Key(kind), func(n *tree.Node, p tree.Path) {
			s.connection(n.Get("endpoint"), p.Key("endpoint"))
		})
	}
	s.Items(n.Get("pipelines"), p.Key("pipelines"), func(n *tree.Node, p tree.Path) {
		name := n.Get("source").Str()
		if name == "" || n.Get("trigger") == nil {
			return
		}
		at := artifact.At(n, p)
		id := s.Node(inventory.Pattern, "ado-pipeline:"+s.owner+"/"+name, name, at)
		s.Attr(id, inventory.AttrGlob, name, "azure pipeline", at)
		s.Edge(inventory.TriggeredBy, s.ID, id, "azure-resource", inventory.High, at)
	})
}

// template joins a part to a template: it runs it, and hands its parameters over.
func (s *scope) template(n *tree.Node, p tree.Path) {
	ref := n.Get("template")
	s.vaulted(ref, n.Get("parameters"), p.Key("parameters"))
	callee := s.callee(ref.Str())
	if callee == "" {
		s.handed("", ref, n.Get("parameters"), p.Key("parameters"), 0)
		return
	}
	s.Edge(inventory.Runs, s.Part, callee, "azure-template", inventory.Certain, artifact.At(ref, p.Key("template")))
	s.handed(callee, ref, n.Get("parameters"), p.Key("parameters"), 0)
}

// handed reads the parameters of a template: values, and stages, jobs and steps that it puts in their place.
func (s *scope) handed(callee string, ref, n *tree.Node, p tree.Path, depth int) {
	s.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		switch {
		case pair.Value.IsSeq():
			s.listed(ref, pair.Value, p)
			if !s.embedded(pair.Value, p) && depth < 10 {
				s.conditional(pair.Value, p, 0, func(n *tree.Node, p tree.Path) { s.handed("", ref, n, p, depth+1) })
			}
		case pair.Value.IsMap() && depth < 10:
			s.handed(callee, ref, pair.Value, p, depth+1)
		case callee != "":
			s.parameter(callee, pair.Key, pair.Value, p)
		}
	})
}

// embedded reads a list by what its items are; false when they are no parts of a pipeline.
func (s *scope) embedded(n *tree.Node, p tree.Path) bool {
	role := ""
	s.conditional(n, p, 0, func(n *tree.Node, _ tree.Path) {
		for _, key := range []string{"stage", "job", "deployment", "task", "script", "bash", "pwsh", "powershell", "checkout", "group", "template"} {
			if role == "" && n.Get(key) != nil {
				role = key
			}
		}
	})
	switch role {
	case "":
		return false
	case "stage":
		s.stages(n, p)
	case "job", "deployment":
		s.jobs(n, p)
	case "group":
		s.variables(n, p)
	default:
		s.steps(n, p)
	}
	return true
}

// callee returns the id of a template: of this repository by its path, of another by its alias.
func (s *scope) callee(ref string) string {
	name, alias, other := strings.Cut(ref, "@")
	if name == "" || strings.Contains(ref, "$") {
		return ""
	}
	dir := path.Dir(s.Artifact.Path)
	source := s.Artifact.Source
	if other && alias != "self" {
		source, dir = s.repository(alias), ""
		if source == "" {
			return ""
		}
	}
	if strings.HasPrefix(name, "/") {
		dir = ""
	}
	file := path.Join(dir, name)
	if strings.HasPrefix(file, "../") {
		return ""
	}
	return inventory.FileID(ID, source, strings.TrimPrefix(file, "/"))
}

// repository returns the source id behind an alias, "" when the file does not say.
func (s *scope) repository(alias string) string {
	for _, r := range s.root.Get("resources", "repositories").List() {
		name := r.Get("name").Str()
		if r.Get("repository").Str() != alias || name == "" {
			continue
		}
		if strings.EqualFold(r.Get("type").Str(), "github") {
			return "github.com/" + name
		}
		if !strings.Contains(name, "/") {
			return s.owner + "/_git/" + name
		}
		project, repo, _ := strings.Cut(name, "/")
		return path.Join(path.Dir(s.owner), project) + "/_git/" + repo
	}
	return ""
}

// parameter hands a value to a parameter of a template.
func (s *scope) parameter(callee, name string, n *tree.Node, p tree.Path) {
	if n == nil || n.Kind != tree.Scalar || n.Str() == "" {
		return
	}
	at := artifact.At(n, p)
	if isConnection(name) {
		s.connection(n, p)
		return
	}
	for _, t := range s.mentioned(n, p) {
		b := s.Binding(callee, "parameters."+name, "argument", at)
		s.Edge(inventory.ReceivedFrom, b, t.ID, "azure-parameter", t.Sure, at)
	}
}
