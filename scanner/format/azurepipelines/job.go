package azurepipelines

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// conditional visits the items of a list; those behind ${{ if }} and ${{ each }} count as items of the list.
func (s *scope) conditional(n *tree.Node, p tree.Path, depth int, visit func(*tree.Node, tree.Path)) {
	s.Items(n, p, func(n *tree.Node, p tree.Path) {
		if !n.IsMap() || len(n.Pairs) == 0 || !strings.HasPrefix(n.Pairs[0].Key, "${{") {
			visit(s.flat(n, 0), p)
			return
		}
		for _, pair := range n.Pairs {
			if depth < 50 {
				s.conditional(pair.Value, p.Key(pair.Key), depth+1, visit)
			}
		}
	})
}

// flat returns a map with the keys that stand behind ${{ if }} among its own.
func (s *scope) flat(n *tree.Node, depth int) *tree.Node {
	if !n.IsMap() || depth > 6 {
		return n
	}
	out := *n
	out.Pairs = nil
	for _, pair := range n.Pairs {
		if !s.Spend() {
			return n
		}
		pair.Value = s.flat(pair.Value, depth+1)
		if strings.HasPrefix(pair.Key, "${{") && pair.Value.IsMap() {
			out.Pairs = append(out.Pairs, pair.Value.Pairs...)
			continue
		}
		out.Pairs = append(out.Pairs, pair)
	}
	return &out
}

func (s *scope) stages(n *tree.Node, p tree.Path) {
	s.conditional(n, p, 0, func(n *tree.Node, p tree.Path) {
		if n.Get("template") != nil {
			s.template(n, p)
			return
		}
		in := s.part(n, p, "stage")
		in.variables(n.Get("variables"), p.Key("variables"))
		in.jobs(n.Get("jobs"), p.Key("jobs"))
	})
}

// part adds a stage or job. One without a name is known by its place.
func (s *scope) part(n *tree.Node, p tree.Path, role string) *scope {
	key := n.Get(role).Str()
	if key == "" || strings.Contains(key, "${{") {
		key = string(p)
	}
	title := n.Get("displayName").Str()
	if title == "" || strings.Contains(title, "${{") {
		title = key
	}
	id := s.child(key, title, role, n, p)
	return s.enter(id, role != "stage")
}

// child adds a part of the scope's own part, with its lines.
func (s *scope) child(key, title, role string, n *tree.Node, p tree.Path) string {
	id := s.Facts.Part(s.Scope.Part, key, title, role, artifact.At(n, p))
	s.Covers(id, n.Line, n)
	return id
}

func (s *scope) jobs(n *tree.Node, p tree.Path) {
	s.conditional(n, p, 0, func(n *tree.Node, p tree.Path) {
		switch {
		case n.Get("template") != nil:
			s.template(n, p)
		case n.Get("deployment") != nil:
			s.job(n, p, "deployment")
		default:
			s.job(n, p, "job")
		}
	})
}

// job reads a job: a plain one, or a deployment with its hooks.
func (s *scope) job(n *tree.Node, p tree.Path, role string) {
	in := s.part(n, p, role)
	env, at := n.Get("environment"), p.Key("environment")
	if env.IsMap() {
		env, at = env.Get("name"), at.Key("name")
	}
	if env.Str() != "" {
		name, _, _ := strings.Cut(env.Str(), ".")
		s.Environment(in.Part, name, artifact.At(env, at))
	}
	in.variables(n.Get("variables"), p.Key("variables"))
	in.container(n.Get("container"), p.Key("container"))
	in.steps(n.Get("steps"), p.Key("steps"))
	s.Entries(n.Get("strategy"), p.Key("strategy"), func(kind tree.Pair, p tree.Path) {
		s.Entries(kind.Value, p, func(hook tree.Pair, p tree.Path) {
			in.steps(hook.Value.Get("steps"), p.Key("steps"))
			for _, on := range []string{"failure", "success"} {
				in.steps(hook.Value.Get(on, "steps"), p.Key(on).Key("steps"))
			}
		})
	})
}

func (s *scope) container(n *tree.Node, p tree.Path) {
	image := n
	if n.IsMap() {
		s.connection(n.Get("endpoint"), p.Key("endpoint"))
		image = n.Get("image")
	}
	if strings.ContainsAny(image.Str(), "/:") {
		container.Image(s.Facts, s.Part, image.Str(), "azure-image", artifact.At(image, p))
	}
}

// steps reads the steps of a job or template.
func (s *scope) steps(n *tree.Node, p tree.Path) {
	number := 0
	s.conditional(n, p, 0, func(n *tree.Node, p tree.Path) {
		number++
		if n.Get("template") != nil {
			s.template(n, p)
			return
		}
		s.step(n, p, strconv.Itoa(number))
	})
}

// languages are the keys of steps that hold program text.
var languages = []struct{ key, language string }{
	{"script", "shell"}, {"bash", "shell"}, {"powershell", "powershell"}, {"pwsh", "powershell"},
}

func (s *scope) step(n *tree.Node, p tree.Path, number string) {
	title := n.Get("displayName").Str()
	if title == "" && len(n.Entries()) > 0 {
		title = n.Pairs[0].Key
		if t := n.Get("task").Str(); t != "" {
			title = t
		}
	}
	key := n.Get("name").Str()
	if key == "" {
		key = strings.TrimSuffix(string(p[strings.LastIndexByte(string(p), '[')+1:]), "]")
		if p == "" || key == "" {
			key = number
		}
	}
	in := s.enter(s.child(key+"-"+number, title, "step", n, p), false)
	in.variables(n.Get("env"), p.Key("env"))
	for _, l := range languages {
		if v := n.Get(l.key); v.Str() != "" {
			in.program(s, v, p.Key(l.key), l.language, n.Get("workingDirectory").Str())
		}
	}
	if n.Get("task").Str() != "" {
		in.task(s, n, p)
	}
}
