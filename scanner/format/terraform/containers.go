package terraform

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// containersID is the id of the row of container definitions and the platform of its tasks.
const containersID = "ecs-task"

// Containers is the row of the container definitions of Amazon ECS: a task definition as JSON, or the list of its containers,
// which may be a template that Terraform fills in.
//
// Ids: a task is ecs-task:<source>/<path>, a container a part of it. What fills ${K} of a template is
// tf-template:<source>/<path>#K.
func Containers() artifact.Format {
	return artifact.Format{
		ID: containersID, Title: "ECS task definitions", Doc: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html",
		Match: matchContainers, Parse: parseContainers,
	}
}

func matchContainers(a *artifact.Artifact) bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".json", ".tpl", ".tmpl", ".tftpl", ".template", ".j2":
	default:
		return false
	}
	return a.LooksLikeJSON() && (a.Has(`"containerDefinitions"`) || a.Has(`"image"`) && (a.Has(`"valueFrom"`) || a.Has(`"logConfiguration"`) || a.Has(`"portMappings"`))) &&
		!a.Has(`"apiVersion"`)
}

var (
	hole      = lazy.New(`\$\{[^}"\n]*\}`)
	directive = lazy.New(`%\{[^}\n]*\}`)
)

// plainJSON fills the holes of a template that stand outside of texts, at equal length, so that the rest can be parsed.
func plainJSON(text []byte) []byte {
	out := bytes.Clone(text)
	for _, m := range directive.FindAllIndex(out, -1) {
		copy(out[m[0]:m[1]], bytes.Repeat([]byte(" "), m[1]-m[0]))
	}
	quoted, next := false, 0
	for _, m := range hole.FindAllIndex(out, -1) {
		for i := next; i < m[0]; i++ {
			switch out[i] {
			case '\\':
				i++
			case '"':
				quoted = !quoted
			}
		}
		if next = m[1]; !quoted {
			copy(out[m[0]:m[1]], append([]byte("0"), bytes.Repeat([]byte(" "), m[1]-m[0]-1)...))
		}
	}
	return out
}

func parseContainers(a *artifact.Artifact, f *artifact.Facts) error {
	roots, err := tree.JSON(plainJSON(a.Content))
	if err != nil {
		return err
	}
	for _, root := range roots {
		list, at := root, tree.Path("")
		if root.IsMap() {
			list, at = root.Get("containerDefinitions"), "containerDefinitions"
		}
		if !list.IsSeq() || len(list.Items) == 0 || list.Items[0].Get("image") == nil {
			continue
		}
		name := root.Get("family").Str()
		if name == "" || strings.Contains(name, "${") {
			name = path.Base(a.Path)
		}
		id := f.Automation("", name, artifact.At(root, ""))
		f.Attr(id, inventory.AttrNeeds, "redeploy", "", artifact.At(root, ""))
		for i, n := range list.Items {
			if i == maxInstances {
				f.Skip("more entries than the limit: the rest of the file is left out")
				break
			}
			if n.IsMap() {
				oneContainer(f, id, n, at.Index(i))
			}
		}
	}
	return nil
}

// oneContainer adds one container with its image, its variables and its command.
func oneContainer(f *artifact.Facts, task string, n *tree.Node, at tree.Path) {
	name := container.Computed(n.Get("name").Str())
	if name == "" {
		name = "container"
	}
	part := f.Part(task, name, name, "container", artifact.At(n, at))
	container.Image(f, part, n.Get("image").Str(), "ecs-image", artifact.At(n.Get("image"), at.Key("image")))
	for _, list := range [][]string{{"secrets"}, {"logConfiguration", "secretOptions"}} {
		where := at
		for _, key := range list {
			where = where.Key(key)
		}
		for i, s := range n.Get(list...).List() {
			from := s.Get("valueFrom")
			if key := s.Get("name").Str(); key != "" && from.Str() != "" {
				place := artifact.At(from, where.Index(i).Key(key))
				b := container.Env(f, part, key, "ecs-secret", place)
				f.Edge(inventory.BoundFrom, b, valueFrom(f, from.Str(), place), "ecs-secret", inventory.Certain, place)
			}
		}
	}
	for i, v := range n.Get("environment").List() {
		if key := v.Get("name").Str(); key != "" {
			variableOf(f, part, key, v.Get("value"), at.Key("environment").Index(i).Key(key))
		}
	}
	if c := n.Get("repositoryCredentials", "credentialsParameter"); c.Str() != "" {
		place := artifact.At(c, at.Key("repositoryCredentials"))
		f.Edge(inventory.Reads, part, valueFrom(f, c.Str(), place), "ecs-registry", inventory.Certain, place)
	}
	r := container.Runner{Facts: f, Part: part, Sure: inventory.Medium}
	for _, key := range []string{"entryPoint", "command"} {
		r.Command(container.Words(n.Get(key), at.Key(key)))
	}
}

// valueFrom returns the entry that a task takes a value from: an ARN, a parameter's name, or what fills the template.
func valueFrom(f *artifact.Facts, text string, place artifact.Place) string {
	if m := hole.FindString(text); m != "" && strings.HasPrefix(text, m) {
		whole := f.Slot(templateVariable(f.Artifact.Source, f.Artifact.Path, strings.Trim(m, "${ }")), place)
		key, _, _ := strings.Cut(strings.TrimPrefix(text[len(m):], ":"), ":")
		if key == "" || strings.Contains(key, "$") || !strings.HasPrefix(text[len(m):], ":") {
			return whole
		}
		r := templateVariable(f.Artifact.Source, f.Artifact.Path+"#"+strings.Trim(m, "${ }"), key)
		f.Edge(inventory.CopiesFrom, f.Slot(r, place), whole, "ecs-secret", inventory.Certain, place)
		f.Refs--
		return r.ID()
	}
	r, ok := arn(hole.ReplaceAllString(text, "*"))
	if !ok {
		r = inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(hole.ReplaceAllString(text, "*"), "/")}
	}
	if strings.Contains(r.Name+r.Key, "*") {
		return container.Glob(f, r, place)
	}
	return f.Slot(r, place)
}

// templateVariable is the slot of what fills ${name} of a template.
func templateVariable(source, file, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "tf-template", Scope: source, Name: file, Key: name}
}

// variableOf adds a variable with its value written down, or filled in when its name speaks of a credential.
func variableOf(f *artifact.Facts, part, key string, n *tree.Node, at tree.Path) {
	place := artifact.At(n, at)
	holes := hole.FindAllString(n.Str(), 10)
	if len(holes) == 0 {
		if detect.ClassifyName(key).Score > 0 || urlWithUser(n.Str()) {
			container.Value(f, container.Env(f, part, key, "ecs-environment", place), string(at), key, n.Str(), place)
		}
		return
	}
	for _, h := range holes {
		if name := strings.Trim(h, "${ }"); strong(key) || strong(name) {
			b := container.Env(f, part, key, "ecs-environment", place)
			f.Edge(inventory.BoundFrom, b, f.Slot(templateVariable(f.Artifact.Source, f.Artifact.Path, name), place), "ecs-environment", inventory.Certain, place)
		}
	}
}
