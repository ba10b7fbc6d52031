package kubernetes

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// scope is what holds below a node: the volumes that containers there can mount, and what tells containers of
// one name apart.
type scope struct {
	volumes map[string]volume
	prefix  string
}

// search walks the object for pods and for fields that name a Secret. A node that several places share is read
// once.
func (o *object) search() {
	o.node(o.root, o.at, scope{}, 0)
}

// maxDepth bounds the walk; the tree's own limit is far higher.
const maxDepth = 200

func (o *object) node(n *tree.Node, at tree.Path, in scope, depth int) {
	if n == nil || n.Kind == tree.Scalar || o.seen[n] || depth > maxDepth || o.left <= 0 {
		return
	}
	o.seen[n] = true
	for i, item := range n.Items {
		o.node(item, at.Index(i), in, depth+1)
	}
	if !n.IsMap() {
		return
	}
	in, own := o.withVolumes(n, at, in)
	for _, p := range n.Entries() {
		o.pair(n, p, at.Key(p.Key), in)
	}
	for _, p := range n.Entries() {
		if p.Value.Kind != tree.Scalar {
			o.node(p.Value, at.Key(p.Key), in.below(p), depth+1)
		}
	}
	o.unmounted(own)
}

// below narrows the scope under a key: containers of two templates may share a name.
func (s scope) below(p tree.Pair) scope {
	if template := p.Value.Get("name").Str(); p.Key == "template" && template != "" {
		s.prefix = name(template) + "."
	}
	return s
}

// pair reads one entry of a map, if its key says that it holds containers or names a Secret.
func (o *object) pair(parent *tree.Node, p tree.Pair, at tree.Path, in scope) {
	if p.Value.Kind != tree.Scalar && o.seen[p.Value] {
		return
	}
	switch p.Key {
	case "containers", "initContainers", "ephemeralContainers", "sidecars", "steps":
		o.containers(parent, p, at, in)
	case "container", "script", "stepTemplate":
		if p.Value.IsMap() && (p.Value.Get("image") != nil || p.Value.Get("env") != nil) {
			o.container(p.Value, at, in.named(parent, p.Key), artifact.AtPair(p, at), p.Line)
		}
	case "imagePullSecrets":
		o.pullSecrets(p.Value, at)
	case "serviceAccountName":
		o.serviceAccount(p.Value.Str(), artifact.AtPair(p, at))
	case "annotations":
		o.annotations(p.Value, at)
	case "env", "extraEnv", "extraEnvVars":
		o.looseEnv(p.Value, at)
	case "envFrom":
		o.looseEnvFrom(p.Value, at)
	default:
		if !o.chartValue(parent, p, at) {
			o.field(parent, p, at)
		}
	}
}

// containers reads a list of containers, or a map of them by name as chart values have it.
func (o *object) containers(parent *tree.Node, p tree.Pair, at tree.Path, in scope) {
	if template := parent.Get("name").Str(); template != "" {
		in.prefix = name(template) + "."
	}
	if p.Value.IsSeq() {
		for i, c := range p.Value.Items {
			if isContainer(c) {
				key := name(c.Get("name").Str())
				if key == "" {
					key = strings.TrimSuffix(p.Key, "s") + "-" + strconv.Itoa(i)
				}
				o.container(c, at.Index(i), in.with(key), artifact.At(c, at.Index(i)), c.Line)
			}
		}
	}
	for _, c := range p.Value.Entries() {
		if key := name(c.Key); key != "" && isContainer(c.Value) {
			o.container(c.Value, at.Key(c.Key), in.with(key), artifact.AtPair(c, at.Key(c.Key)), c.Line)
		}
	}
}

func (s scope) with(key string) scope {
	s.prefix += key
	return s
}

// named names the single container of an Argo template, which is called after the template.
func (s scope) named(parent *tree.Node, key string) scope {
	if template := name(parent.Get("name").Str()); template != "" {
		key = template
	}
	return s.with(key)
}

// isContainer reports whether a map looks like a container: steps and sidecars have other meanings too.
func isContainer(n *tree.Node) bool {
	for _, key := range []string{"image", "env", "envFrom", "volumeMounts", "command", "args", "script"} {
		if n.Get(key) != nil {
			return true
		}
	}
	return false
}

func (o *object) pullSecrets(n *tree.Node, at tree.Path) {
	for i, item := range n.List() {
		named := item
		if item.IsMap() {
			named = item.Get("name")
		}
		place := artifact.At(item, at.Index(i))
		o.readsAt(o.secret(o.namespace, named.Str(), ".dockerconfigjson", place), "k8s-image-pull-secret", inventory.Certain, place, named)
	}
	o.skip(n)
}

// skip marks a node and all below it as read.
func (o *object) skip(n *tree.Node) {
	if n == nil || o.seen[n] {
		return
	}
	o.seen[n] = true
	for i := range n.Pairs {
		o.skip(n.Pairs[i].Value)
	}
	for _, c := range n.Items {
		o.skip(c)
	}
}

// looseEnv reads variables that stand outside of a container, as operators and chart values have them.
func (o *object) looseEnv(n *tree.Node, at tree.Path) {
	if !hasReference(n) {
		return
	}
	c := &part{object: o, id: o.automation(), name: "", files: map[string]string{}, names: map[string]string{}}
	c.variables(n, at)
	o.skip(n)
}

// hasReference reports whether any variable of a list or map takes its value from a Secret or ConfigMap.
func hasReference(n *tree.Node) bool {
	for _, item := range append(values(n.Entries()), n.List()...) {
		if item.Get("valueFrom") != nil || item.Get("secretKeyRef") != nil {
			return true
		}
	}
	return false
}

func values(pairs []tree.Pair) []*tree.Node {
	var out []*tree.Node
	for _, p := range pairs {
		out = append(out, p.Value)
	}
	return out
}

func (o *object) looseEnvFrom(n *tree.Node, at tree.Path) {
	if len(n.List()) == 0 {
		return
	}
	c := &part{object: o, id: o.automation(), files: map[string]string{}, names: map[string]string{}}
	c.sources(n, at)
	o.skip(n)
}

// serviceAccount joins the object to the identity of its service account.
func (o *object) serviceAccount(account string, at artifact.Place) {
	if account = name(account); account == "" || account == "default" {
		return
	}
	o.reads(o.identity(account, o.namespace, at), "k8s-service-account", inventory.Certain, at)
}

// identity adds a service account.
func (o *object) identity(account, namespace string, at artifact.Place) string {
	id := inventory.SlotRef{Store: "k8s-sa", Scope: o.scope(namespace), Name: account}.ID()
	o.facts.Node(inventory.Identity, id, account, at)
	o.describe(id, namespace, at)
	return id
}
