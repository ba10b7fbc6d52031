package kubernetes

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// part is one container, or the object itself where variables stand outside of one.
type part struct {
	*object
	id    string
	name  string
	files map[string]string // binding of each mounted path
	names map[string]string // binding of each variable so far
}

// maxTwins bounds how many containers of one object share a name.
const maxTwins = 100

// container reads a container. The scope's prefix is its full name in the object.
func (o *object) container(n *tree.Node, at tree.Path, in scope, place artifact.Place, line int) {
	if !o.spend() {
		return
	}
	c := &part{object: o, name: in.prefix, files: map[string]string{}, names: map[string]string{}}
	c.id = inventory.PartID(o.automation(), c.name)
	for i := 2; o.parts[c.id] != nil && o.parts[c.id] != n; i++ {
		if i > maxTwins {
			return
		}
		c.name = in.prefix + "~" + strconv.Itoa(i)
		c.id = inventory.PartID(o.automation(), c.name)
	}
	o.parts[c.id] = n
	o.facts.Part(o.automation(), c.name, c.name, "container", place)
	o.facts.Cover(c.id, line, max(line, o.extents.Last(n)))
	c.image(n.Get("image"), at.Key("image"))
	c.mounts(n.Get("volumeMounts"), at.Key("volumeMounts"), in)
	c.variables(n.Get("env"), at.Key("env"))
	c.sources(n.Get("envFrom"), at.Key("envFrom"))
	c.commands(n, at)
	for _, key := range []string{"env", "envFrom", "volumeMounts"} {
		o.skip(n.Get(key))
	}
}

// image reads repository:tag, or a map with the repository as chart values have it.
func (c *part) image(n *tree.Node, at tree.Path) {
	text := n.Str()
	if n.IsMap() {
		if text = n.Get("repository").Str(); n.Get("registry").Str() != "" {
			text = n.Get("registry").Str() + "/" + text
		}
	}
	container.Image(c.facts, c.id, text, "k8s-image", artifact.At(n, at))
}

func (c *part) commands(n *tree.Node, at tree.Path) {
	runner := container.Runner{Facts: c.facts, Part: c.id, Sure: inventory.Low}
	words := container.Words(n.Get("command"), at.Key("command"))
	words = append(words, container.Words(n.Get("args"), at.Key("args"))...)
	c.arguments(words)
	for i := range words {
		words[i].At.Pointer = c.key() + ":" + c.name + ".command"
	}
	runner.Command(words)
	for _, key := range []string{"script", "source"} {
		if text := n.Get(key); text.Str() != "" && !otherLanguage(text.Str()) {
			runner.Shell(container.WordOf(text, at.Key(key)))
		}
	}
	for _, route := range [][]string{{"livenessProbe", "exec"}, {"readinessProbe", "exec"}, {"startupProbe", "exec"},
		{"lifecycle", "postStart", "exec"}, {"lifecycle", "preStop", "exec"}} {
		runner.Command(container.Words(n.Get(append(route, "command")...), at.Key(route[0])))
	}
}

// arguments finds the words that Kubernetes fills in with a variable of the container, written $(NAME): the value is part
// of the command then.
// Source: https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
func (c *part) arguments(words []container.Word) {
	for _, w := range words {
		for _, m := range dependentVariable.FindAllStringSubmatch(w.Text, 100) {
			if b := c.names[m[1]]; b != "" && !strings.HasPrefix(m[0], "$$") {
				c.facts.Edge(inventory.Reads, c.id, b, "k8s-argument", inventory.Certain, w.At)
			}
		}
	}
}

// otherLanguage reports whether a script names an interpreter that is no shell.
func otherLanguage(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	return strings.HasPrefix(first, "#!") && !strings.Contains(first, "sh")
}

// variables reads env: a list of names with values or sources, or a map by name as chart values have it.
func (c *part) variables(n *tree.Node, at tree.Path) {
	for _, p := range n.Entries() {
		c.variable(p.Key, p.Value, artifact.AtPair(p, at.Key(p.Key)))
	}
	if !n.IsSeq() {
		return
	}
	for i, item := range n.Items {
		c.variable(item.Get("name").Str(), item, artifact.At(item, at.Index(i)))
	}
}

func (c *part) variable(variable string, n *tree.Node, at artifact.Place) {
	if variable == "" || len(variable) > 1000 || !c.spend() {
		return
	}
	b := container.Env(c.facts, c.id, variable, "k8s-env", at)
	c.needs(c.id, "env", at)
	from := n.Get("valueFrom")
	if from == nil {
		from = n
	}
	switch {
	case from.Get("secretKeyRef") != nil:
		c.bound(b, "secret-key-ref", from.Get("secretKeyRef"), c.secret, at)
	case from.Get("configMapKeyRef") != nil:
		c.bound(b, "config-map-key-ref", from.Get("configMapKeyRef"), c.configMap, at)
	case n.IsMap():
		c.value(b, variable, n.Get("value"), at)
	default:
		c.value(b, variable, n, at)
	}
	c.names[variable] = b
}

type entry func(namespace, name, key string, at artifact.Place) string

// on is a place at the line of another node, which says a part of the same fact.
func on(n *tree.Node, at artifact.Place) artifact.Place {
	if n != nil && n.Line != at.Line {
		at.Line, at.Column, at.File = n.Line, n.Column, n.File()
	}
	return at
}

// bound binds a variable to one key.
func (c *part) bound(binding, rule string, ref *tree.Node, find entry, at artifact.Place) {
	id := find(c.namespace, ref.Get("name").Str(), ref.Get("key").Str(), at)
	if id == "" {
		return
	}
	c.facts.Edge(inventory.BoundFrom, binding, id, rule, inventory.Certain, at)
	named := on(ref.Get("name"), at)
	for _, place := range []artifact.Place{named, on(ref.Get("key"), named)} {
		c.facts.Edge(inventory.BoundFrom, binding, id, rule, inventory.Certain, place)
	}
	for _, place := range append(given(ref.Get("name")), given(ref.Get("key"))...) {
		c.facts.Edge(inventory.BoundFrom, binding, id, rule, inventory.Certain, place)
	}
}

var dependentVariable = lazy.New(`\$?\$\(([A-Za-z_][\w.-]*)\)`)

// value reads a literal value: it may take in earlier variables as $(NAME), or be the path of a mounted file.
func (c *part) value(binding, variable string, n *tree.Node, at artifact.Place) {
	value := n.Str()
	if value == "" {
		return
	}
	if c.takesValues(inventory.BoundFrom, binding, variable, n, false, at) && len(detect.StoreReferences(value)) == 0 {
		return
	}
	for _, m := range dependentVariable.FindAllStringSubmatch(value, 100) {
		if from := c.names[m[1]]; from != "" && !strings.HasPrefix(m[0], "$$") {
			c.facts.Edge(inventory.BoundFrom, binding, from, "k8s-dependent-variable", inventory.Certain, at)
		}
	}
	if file := c.fileAt(value); file != "" {
		c.facts.Edge(inventory.BoundFrom, binding, file, "R19-file-pointer", inventory.Certain, at)
		return
	}
	if literal := container.Fallback(value); container.Computed(literal) != "*" {
		container.Value(c.facts, binding, c.key()+":"+c.name+"."+variable, variable, literal, at)
	}
}

// sources reads envFrom: every key of a Secret or ConfigMap becomes a variable, behind a prefix.
func (c *part) sources(n *tree.Node, at tree.Path) {
	for i, item := range n.List() {
		place := artifact.At(item, at.Index(i))
		c.source(item, item.Get("secretRef"), item.Get("secret"), c.secret, "k8s-env-from", place)
		c.source(item, item.Get("configMapRef"), item.Get("configMap"), c.configMap, "k8s-env-from", place)
	}
}

// source reads {secretRef: {name}} or, as some chart values have it, {secret: name}.
func (c *part) source(item, ref, short *tree.Node, find entry, rule string, at artifact.Place) {
	named := ref.Get("name")
	if named.Str() == "" {
		named = short
	}
	if id := find(c.namespace, named.Str(), "", at); id != "" {
		b := container.Env(c.facts, c.id, item.Get("prefix").Str()+"*", rule, at)
		c.facts.Edge(inventory.BoundFrom, b, id, rule, inventory.Certain, at)
		for _, place := range append(given(named), on(named, at)) {
			c.facts.Edge(inventory.BoundFrom, b, id, rule, inventory.Certain, place)
		}
		c.needs(c.id, "env", at)
	}
}
