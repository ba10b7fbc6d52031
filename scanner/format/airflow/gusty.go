package airflow

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Tasks is the row of DAGs that are a folder of YAML files, as gusty reads them: METADATA.yml says when, each other file
// is a task with its operator.
func Tasks() artifact.Format {
	return artifact.Format{
		ID: "airflow-yaml", Title: "Airflow DAG in YAML (gusty)", Doc: "https://github.com/pipeline-tools/gusty",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && (a.HasKey("operator") || a.HasKey("default_args")) && export.Holds(a, isPart)
		},
		Parse:    parseTasks,
		Siblings: func(*artifact.Artifact) []string { return []string{"METADATA.yml", "METADATA.yaml"} },
	}
}

var operatorName = lazy.New(`^(airflow|local)\.[\w.]+$|^[\w.]*(Operator|Sensor)$`)

// isPart recognises a task by its operator, and what a folder says of its DAG by the arguments of all tasks.
func isPart(n *tree.Node) bool { return isTask(n) || isFolder(n) }

func isTask(n *tree.Node) bool { return operatorName.MatchString(n.Get("operator").Str()) }

func isFolder(n *tree.Node) bool {
	return n.Get("default_args").IsMap() && (n.Get("schedule_interval") != nil || n.Get("schedule") != nil || n.Get("tags") != nil ||
		n.Get("description") != nil || n.Get("default_args", "owner") != nil)
}

func parseTasks(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isPart)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		if !isTask(n) {
			folder(f, o)
			continue
		}
		dag := inventory.FileID(Platform, a.Source, path.Base("/"+dagFolder(a)))
		name := n.Get("task_id").Str()
		if name == "" {
			name = strings.TrimSuffix(strings.TrimSuffix(a.Base(), ".yaml"), ".yml")
		}
		f.AutomationID(dag, path.Base("/"+dagFolder(a)), at)
		f.Attr(dag, inventory.AttrPlatform, Platform, "", at)
		part := f.Part(dag, name, name, "task", at)
		f.Cover(part, n.Line, export.LastLine(n))
		n.Walk(o.Path, func(q tree.Path, v *tree.Node) bool {
			if v.IsString() {
				yamlReference(f, part, export.LastKey(q, ""), v, q)
			}
			return true
		})
		export.Holder{Facts: f, Node: part}.Leaves("", n, o.Path)
	}
	return err
}

// dagFolder is the folder of the DAG: that of the file, or the one above when the file's own is a group of tasks.
func dagFolder(a *artifact.Artifact) string {
	for _, name := range []string{"METADATA.yml", "METADATA.yaml"} {
		m := a.Siblings[path.Join(a.Dir(), name)]
		if m == nil {
			continue
		}
		for _, d := range m.Documents() {
			if isFolder(d.Root) || d.Root.Get("schedule_interval") != nil {
				return a.Dir()
			}
		}
		return path.Dir(a.Dir())
	}
	return a.Dir()
}

// folder reads what METADATA.yml says: when, whose, what for.
func folder(f *artifact.Facts, o export.Object) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	name := path.Base("/" + f.Artifact.Dir())
	id := f.AutomationID(inventory.FileID(Platform, f.Artifact.Source, name), name, at)
	f.Attr(id, inventory.AttrPlatform, Platform, "", at)
	f.Attr(id, inventory.AttrNeeds, "next run", "", at)
	f.Attr(id, inventory.AttrEndpoint, "/dags/"+name, "", at)
	export.Purpose(f, id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
	for _, key := range []string{"schedule_interval", "schedule"} {
		if s := n.Get(key); s.IsString() && s.Str() != "None" {
			f.Attr(id, inventory.AttrSchedule, s.Str(), "", artifact.At(s, o.Path.Key(key)))
		}
	}
	for i, t := range n.Get("tags").List() {
		f.Attr(id, inventory.AttrTag, export.Label(t.Str()), "", artifact.At(t, o.Path.Key("tags").Index(i)))
	}
	if owner := n.Get("default_args", "owner"); owner.Str() != "" {
		if who := export.Person(owner.Str()); who != "" && who != "airflow" {
			f.Owner(id, who, "airflow-owner", inventory.Certain, artifact.At(owner, o.Path.Key("default_args").Key("owner")))
		}
	}
}

// yamlReference reads a connection that a setting names, and those in templates.
func yamlReference(f *artifact.Facts, part, key string, v *tree.Node, q tree.Path) {
	place, h := artifact.At(v, q), export.Holder{Facts: f, Node: part}
	if connEnd.MatchString(key) && v.Value != "" && !strings.Contains(v.Value, "{{") {
		h.Reads(f.Slot(connection(f.Artifact.Source, v.Value), place), "airflow-connection", inventory.Certain, place)
	}
	for _, m := range jinja.FindAllStringSubmatch(v.Value, 50) {
		ref := inventory.SlotRef{Store: variables, Scope: f.Artifact.Source, Name: m[2]}
		if m[1] == "conn" {
			ref = connection(f.Artifact.Source, m[2])
		}
		h.Reads(f.Slot(ref, place), "airflow-jinja", inventory.Certain, place)
	}
}
