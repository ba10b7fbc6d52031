package circleci

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// job is one job as it is started.
type job struct {
	*file
	name     string
	node     *tree.Node // nil for a job of an orb
	path     tree.Path
	options  *tree.Node // what the workflow gives it
	where    tree.Path
	contexts []context
	values   map[string]string // of its parameters
	set      pipeline.Level    // variables that its steps have set
}

// read adds the job and reads its steps.
func (j *job) read(key string, at artifact.Place, line int) {
	id := j.Part(j.ID, key, j.name, "job", at)
	j.Cover(id, line, line)
	if j.node != nil {
		j.Covers(id, j.node.Line, j.node)
	}
	for _, c := range j.contexts {
		j.Attr(id, inventory.AttrTag, "context: "+c.name, "", c.at)
		if e := detect.WordEnvironment(c.name); e != "" {
			j.AttrSure(id, inventory.AttrEnvironment, e, "context "+c.name, inventory.Medium, c.at)
		}
	}
	j.values = arguments(j.node.Get("parameters"), j.options, nil)
	s := &pipeline.Scope{File: j.File, Part: j.ID, Home: j.ID, Own: j.own}
	s = s.Enter(id, true, nil)
	j.set = pipeline.Level{}
	executor := j.executor(s)
	env := s.Variables(id, j.node.Get("environment"), j.path.Key("environment"))
	s.Levels = []pipeline.Level{j.set, env, executor}
	s.Dir = folder(j.text(j.node.Get("working_directory")))
	if j.node == nil {
		j.orb(s, j.name, j.options, j.where)
		return
	}
	for _, key := range []string{"pre-steps", "steps", "post-steps"} {
		from, p := j.options, j.where
		if key == "steps" {
			from, p = j.node, j.path
		}
		j.steps(s, from.Get(key), p.Key(key), j.values, 0)
	}
}

// executor reads the containers of a job: images, logins, variables.
func (j *job) executor(s *pipeline.Scope) pipeline.Level {
	env := pipeline.Level{}
	n, p := j.node, j.path
	if e := j.node.Get("executor"); e != nil {
		name := substitute(e.Str(), j.values)
		if e.IsMap() {
			name = substitute(e.Get("name").Str(), j.values)
		}
		n, p = j.root.Get("executors", name), tree.Path("executors").Key(name)
		env = s.Variables(s.Part, n.Get("environment"), p.Key("environment"))
	}
	for _, from := range []*tree.Node{n, j.node} {
		j.Items(from.Get("docker"), p.Key("docker"), func(c *tree.Node, p tree.Path) {
			j.container(s, env, c, p)
		})
		if from == j.node && n == j.node {
			break
		}
	}
	return env
}

func (j *job) container(s *pipeline.Scope, env pipeline.Level, c *tree.Node, p tree.Path) {
	container.Image(j.Facts, s.Part, substitute(c.Get("image").Str(), j.values), "circle-image", artifact.At(c.Get("image"), p.Key("image")))
	for name, b := range s.Variables(s.Part, c.Get("environment"), p.Key("environment")) {
		env[name] = b
	}
	for _, key := range []string{"auth", "aws_auth"} {
		j.Entries(c.Get(key), p.Key(key), func(pair tree.Pair, p tree.Path) {
			s.Argument(key+"."+pair.Key, pair.Value, p, pair.Key == "password" || pair.Key == "aws_secret_access_key")
		})
	}
}

// arguments returns the values of parameters: those given, else the defaults.
func arguments(declared, given *tree.Node, outer map[string]string) map[string]string {
	out := map[string]string{}
	for _, pair := range declared.Entries() {
		out[pair.Key] = pair.Value.Get("default").Str()
	}
	for _, pair := range given.Entries() {
		if pair.Value != nil && pair.Value.Kind == tree.Scalar {
			out[pair.Key] = substitute(pair.Value.Str(), outer)
		}
	}
	return out
}

var parameter = lazy.New(`<<\s*([\w.-]+)\s*>>`)

// substitute fills in parameters. What is not known becomes a word of the same length, since << means another
// thing to a shell.
func substitute(text string, values map[string]string) string {
	if !strings.Contains(text, "<<") {
		return text
	}
	return parameter.ReplaceAllStringFunc(text, func(m string) string {
		name, ok := strings.CutPrefix(strings.Trim(m, "<> "), "parameters.")
		if v, known := values[name]; ok && known && v != "" && len(v) < 2000 {
			return strings.ReplaceAll(v, "\n", " ")
		}
		return strings.Repeat("x", len(m))
	})
}

// filled returns a scalar with its parameters filled in.
func filled(n *tree.Node, values map[string]string) *tree.Node {
	if n == nil || n.Kind != tree.Scalar || !strings.Contains(n.Value, "<<") {
		return n
	}
	out := *n
	out.Value = substitute(n.Value, values)
	return &out
}

func (j *job) text(n *tree.Node) string { return filled(n, j.values).Str() }

// folder returns a working directory from the root of the source.
func folder(dir string) string {
	for _, root := range []string{"~/project", "/home/circleci/project", "/root/project", "."} {
		if rest, ok := strings.CutPrefix(dir, root); ok {
			dir = strings.TrimPrefix(rest, "/")
		}
	}
	if dir = path.Clean(dir); dir == "." || strings.HasPrefix(dir, "/") || strings.HasPrefix(dir, "~") || strings.HasPrefix(dir, "..") || strings.Contains(dir, "$") {
		return ""
	}
	return dir
}
