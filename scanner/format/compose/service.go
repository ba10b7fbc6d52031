package compose

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/ansible"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// service is one service, with the part that stands for its container.
type service struct {
	*file
	name       string
	node       *tree.Node
	at         tree.Path
	automation string
	part       string
	mounted    map[string]string // binding of each secret that the container sees as a file, by path
}

func (c *file) service(p tree.Pair) {
	at := tree.Path("services").Key(p.Key)
	place := artifact.AtPair(p, at)
	s := &service{file: c, name: p.Key, node: p.Value, at: at, mounted: map[string]string{}}
	s.automation = c.facts.Automation(p.Key, p.Key, place)
	s.part = c.facts.Part(s.automation, "container", p.Key, "container", place)
	c.facts.Cover(s.part, p.Line, max(p.Line, c.extents.Last(p.Value)))
	if c.environment != "" {
		c.facts.AttrSure(s.automation, inventory.AttrEnvironment, c.environment, "path", inventory.High, place)
	}
	c.facts.Attr(s.part, inventory.AttrNeeds, "restart", "env", place)
	s.image()
	s.mountSecrets()
	s.variables(s.node.Get("environment"), at.Key("environment"), s.part)
	s.envFiles()
	s.commands()
	s.labels()
	s.rest()
}

// rest adds the variables interpolated anywhere but in the environment and the build's arguments, which have
// bindings of their own.
func (s *service) rest() {
	for _, p := range s.node.Entries() {
		if p.Key == "environment" {
			continue
		}
		if p.Key != "build" {
			s.readBy(s.part, p.Value, s.at.Key(p.Key))
		}
	}
	for _, n := range s.node.Get("configs").List() {
		name := n.Str()
		if n.IsMap() {
			name = n.Get("source").Str()
		}
		s.readBy(s.part, s.root.Get("configs", name), tree.Path("configs").Key(name))
	}
	build := s.node.Get("build")
	if !build.IsMap() {
		s.readBy(s.automation, build, s.at.Key("build"))
	}
	for _, p := range build.Entries() {
		if p.Key != "args" {
			s.readBy(s.automation, p.Value, s.at.Key("build").Key(p.Key))
		}
	}
}

// readBy lets a node read the variables interpolated below n.
func (s *service) readBy(reader string, n *tree.Node, at tree.Path) {
	s.interpolated(n, at, func(slot string, at artifact.Place) {
		s.facts.Edge(inventory.Reads, reader, slot, "compose-interpolation", inventory.Certain, at)
	})
}

// variables reads a map or list of variables, such as environment and build.args.
func (s *service) variables(n *tree.Node, at tree.Path, part string) {
	for _, p := range n.Entries() {
		place := artifact.AtPair(p, at.Key(p.Key))
		if p.Value.Tag == "!!null" {
			s.passed(part, p.Key, place)
			continue
		}
		s.variable(part, p.Key, p.Value.Str(), place)
	}
	if !n.IsSeq() {
		return
	}
	for i, item := range n.Items {
		name, value, set := strings.Cut(item.Str(), "=")
		place := artifact.At(item, at.Index(i))
		switch {
		case strings.TrimSpace(name) == "":
		case set:
			place.Pointer = string(at.Key(name))
			s.variable(part, name, value, place)
		default:
			s.passed(part, name, place)
		}
	}
}

// passed adds a variable that is named without a value: Compose looks it up like one that is interpolated.
func (s *service) passed(part, name string, at artifact.Place) {
	if name == "" || !s.spend() || len(detect.Variables(name)) > 0 {
		return
	}
	b := container.Env(s.facts, part, name, "compose-environment", at)
	s.facts.Edge(inventory.BoundFrom, b, s.file.variable(name, at), "compose-pass-through", inventory.Certain, at)
}

func (s *service) variable(part, name, value string, at artifact.Place) {
	if name == "" || !s.spend() {
		return
	}
	b := container.Env(s.facts, part, name, "compose-environment", at)
	for _, v := range detect.Variables(value) {
		s.facts.Edge(inventory.BoundFrom, b, s.file.variable(v.Name, at), "compose-interpolation", inventory.Certain, at)
	}
	if strings.Contains(value, "{{") {
		for _, id := range ansible.Variables(s.facts, value, detect.ClassifyName(name).Class == inventory.ClassCredential, at) {
			s.facts.Edge(inventory.BoundFrom, b, id, "ansible-variable", inventory.High, at)
		}
	}
	literal := strings.ReplaceAll(container.Fallback(value), "$$", "$")
	if file := s.mounted[literal]; file != "" {
		s.facts.Edge(inventory.BoundFrom, b, file, "R19-file-pointer", inventory.Certain, at)
		return
	}
	container.Value(s.facts, b, at.Pointer, name, literal, at)
}

// envFiles reads env_file: a path, a list of paths, or maps with a path. Each adds all its variables.
func (s *service) envFiles() {
	at := s.at.Key("env_file")
	for i, item := range s.node.Get("env_file").List() {
		place := artifact.At(item, at.Index(i))
		name := item.Str()
		if item.IsMap() {
			name = item.Get("path").Str()
		}
		name = container.Fallback(name)
		if name == "" || path.IsAbs(name) || !s.spend() {
			continue
		}
		name = path.Join(s.a.Dir(), container.Computed(name))
		if strings.HasPrefix(name, "..") {
			continue
		}
		b := container.Env(s.facts, s.part, "*", "compose-env-file", place)
		all := container.All(s.facts, inventory.SlotRef{Store: "dotenv", Scope: s.a.Source, Name: name}, place)
		s.facts.Edge(inventory.BoundFrom, b, all, "compose-env-file", inventory.Certain, place)
	}
}

// commands reads what the container starts.
func (s *service) commands() {
	runner := container.Runner{Facts: s.facts, Part: s.part, Dir: s.contextDir(), Sure: inventory.Medium}
	for _, key := range []string{"entrypoint", "command"} {
		s.command(runner, s.node.Get(key), s.at.Key(key))
	}
	test := s.node.Get("healthcheck", "test")
	if !test.IsSeq() {
		s.command(runner, test, s.at.Key("healthcheck").Key("test"))
		return
	}
	if len(test.Items) > 1 && test.Items[0].Str() == "CMD-SHELL" {
		runner.Shell(unescaped(container.WordOf(test.Items[1], s.at.Key("healthcheck").Key("test"))))
	}
}

func (s *service) command(r container.Runner, n *tree.Node, at tree.Path) {
	if !n.IsSeq() {
		r.Shell(unescaped(container.WordOf(n, at)))
		return
	}
	words := container.Words(n, at)
	for i := range words {
		words[i] = unescaped(words[i])
	}
	r.Command(words)
}

// unescaped turns $$, which Compose leaves to the container, into the shell's $.
func unescaped(w container.Word) container.Word {
	w.Text = strings.ReplaceAll(w.Text, "$$", "$")
	return w
}

// secretLabel matches labels that hold credentials, such as the users of a proxy's basic authentication.
var secretLabel = lazy.New(`(?i)(basicauth\.users|digestauth\.users|password|token|secret)$`)

func (s *service) labels() {
	at := s.at.Key("labels")
	labels := s.node.Get("labels")
	for _, p := range labels.Entries() {
		s.label(p.Key, p.Value.Str(), artifact.AtPair(p, at.Key(p.Key)))
	}
	if labels.IsSeq() {
		for _, item := range labels.Items {
			key, value, _ := strings.Cut(item.Str(), "=")
			s.label(key, value, artifact.At(item, at.Key(key)))
		}
	}
}

func (s *service) label(key, value string, at artifact.Place) {
	if !secretLabel.MatchString(key) || !s.spend() {
		return
	}
	if value = strings.ReplaceAll(container.Fallback(value), "$$", "$"); value == "" {
		return
	}
	slot := s.facts.Inline(at.Pointer, at)
	s.facts.Edge(inventory.Reads, s.part, slot, "inline", inventory.Certain, at)
	s.facts.Literal(slot, key, value, at)
}
