package drone

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// file is one pipeline file while it is read.
type file struct {
	*pipeline.File
	system system
	scope  *pipeline.Scope
}

// document reads one document: a pipeline, or a secret that is kept elsewhere or encrypted in the file.
func (f *file) document(root *tree.Node) {
	if kind := root.Get("kind").Str(); kind == "secret" {
		f.definition(root)
		return
	} else if kind != "" && kind != "pipeline" {
		return
	}
	prefix := ""
	if name := root.Get("name").Str(); name != "" && root.Get("kind").Str() != "" {
		prefix = name + "."
	}
	f.triggers(root)
	in := *f.scope
	in.Levels = append([]pipeline.Level{f.variables(f.scope, f.ID, root.Get("environment"), "environment")}, f.scope.Levels...)
	f.Items(root.Get("image_pull_secrets"), "image_pull_secrets", func(n *tree.Node, p tree.Path) {
		if n.Str() != "" {
			f.Edge(inventory.Reads, f.ID, f.secret(n.Str(), artifact.At(n, p)), f.Rule+"-pull-secret", inventory.Certain, artifact.At(n, p))
		}
	})
	for _, key := range []string{"clone", "pipeline", "steps", "services"} {
		f.steps(&in, prefix, root.Get(key), tree.Path(key))
	}
}

// triggers reads the schedules by their names: when they run is kept on the server.
func (f *file) triggers(root *tree.Node) {
	for _, key := range []string{"trigger", "when"} {
		root.Get(key).Walk(tree.Path(key), func(p tree.Path, n *tree.Node) bool {
			if cron := n.Get("cron"); cron != nil {
				f.Attr(f.ID, inventory.AttrTrigger, "cron", strings.Join(words(cron), ", "), artifact.At(cron, p.Key("cron")))
			}
			return f.Spend()
		})
	}
}

func words(n *tree.Node) []string {
	var out []string
	for _, x := range n.List() {
		if x.Str() != "" {
			out = append(out, x.Str())
		}
	}
	return out
}

// steps reads steps: a list, or a map of names.
func (f *file) steps(s *pipeline.Scope, prefix string, n *tree.Node, p tree.Path) {
	if n.IsMap() && n.Get("image") == nil {
		f.Entries(n, p, func(pair tree.Pair, p tree.Path) { f.step(s, prefix+pair.Key, pair.Key, pair.Value, p) })
		return
	}
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		name := n.Get("name").Str()
		if name == "" {
			name = string(p)
		}
		f.step(s, prefix+name, name, n, p)
	})
}

func (f *file) step(s *pipeline.Scope, key, name string, n *tree.Node, p tree.Path) {
	if !n.IsMap() {
		return
	}
	id := f.Part(f.ID, key, name, "step", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	in := s.Enter(id, true, pipeline.Level{})
	in.Levels[0] = f.variables(in, id, n.Get("environment"), p.Key("environment"))
	f.older(in, n.Get("secrets"), p.Key("secrets"))
	container.Image(f.Facts, id, n.Get("image").Str(), f.Rule+"-image", artifact.At(n.Get("image"), p.Key("image")))
	f.settings(in, n.Get("settings"), p.Key("settings"))
	f.rest(in, n, p)
	text := pipeline.NewText(f.Artifact)
	text.AddAll(n.Get("commands"), p.Key("commands"))
	in.Script(text)
}

// variables reads environment: a map, whose values may name a secret, or a list of NAME=value.
func (f *file) variables(s *pipeline.Scope, owner string, n *tree.Node, p tree.Path) pipeline.Level {
	out := pipeline.Level{}
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		b := s.Declare(out, owner, pair.Key, f.Rule+"-env", artifact.AtPair(pair, p))
		if secret := pair.Value.Get("from_secret"); secret.Str() != "" {
			at := artifact.At(secret, p.Key("from_secret"))
			f.Edge(inventory.BoundFrom, b, f.secret(secret.Str(), at), f.Rule+"-from-secret", inventory.Certain, at)
			return
		}
		s.Value(b, pair.Key, pair.Value, p)
	})
	if n.IsSeq() {
		f.Items(n, p, func(n *tree.Node, p tree.Path) {
			name, value, ok := strings.Cut(n.Str(), "=")
			if ok && name != "" {
				b := s.Declare(out, owner, name, f.Rule+"-env", artifact.At(n, p))
				v := *n
				v.Value = value
				s.Value(b, name, &v, p)
			}
		})
	}
	return out
}

// older reads secrets: [name, {source: name, target: VARIABLE}].
func (f *file) older(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		source, target := n.Str(), strings.ToUpper(n.Str())
		if n.IsMap() {
			source, target = n.Get("source").Str(), strings.ToUpper(n.Get("target").Str())
		}
		if source == "" || target == "" {
			return
		}
		at := artifact.At(n, p)
		s.Fetched(s.Levels[0], s.Part, target, f.secret(source, at), f.Rule+"-secrets", at)
	})
}

// settings reads the settings of a plugin, which it gets as PLUGIN_<NAME>.
func (f *file) settings(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) { f.setting(s, pair, p) })
}

func (f *file) setting(s *pipeline.Scope, pair tree.Pair, p tree.Path) {
	name := "PLUGIN_" + strings.ToUpper(strings.ReplaceAll(pair.Key, "-", "_"))
	found := false
	pair.Value.Walk(p, func(p tree.Path, n *tree.Node) bool {
		secret := n.Get("from_secret")
		if secret.Str() == "" {
			return f.Spend()
		}
		at := artifact.At(secret, p.Key("from_secret"))
		s.Fetched(s.Levels[0], s.Part, name, f.secret(secret.Str(), at), f.Rule+"-from-secret", at)
		found = true
		return true
	})
	v := pair.Value
	if found || v == nil || v.Kind != tree.Scalar || v.Str() == "" {
		return
	}
	if refers := len(detect.Variables(v.Value)) > 0; refers || detect.ClassifyName(pair.Key).Score > 1 {
		b := s.Declare(s.Levels[0], s.Part, name, f.Rule+"-settings", artifact.AtPair(pair, p))
		s.Value(b, pair.Key, v, p)
	}
}

// rest reads from_secret at any other place of a step: the plugins of older versions take settings beside image.
func (f *file) rest(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		switch pair.Key {
		case "environment", "settings", "secrets", "commands", "image", "name", "when", "group", "pull", "volumes", "depends_on":
		default:
			f.setting(s, pair, p)
		}
	})
}

// definition reads a secret that is a document: kept in an external store, or encrypted in the file.
func (f *file) definition(root *tree.Node) {
	name := root.Get("name")
	if name.Str() == "" {
		return
	}
	at := artifact.At(name, "name")
	slot := f.secret(name.Str(), at)
	f.Defined(slot, inventory.DefinedInScan, at)
	if path := root.Get("get", "path").Str(); path != "" {
		r := detect.VaultSlot("", path, root.Get("get", "name").Str())
		if !strings.Contains(path, "/") { // a Kubernetes Secret and its key
			r = inventory.SlotRef{Store: "k8s", Scope: "*/*", Name: path, Key: root.Get("get", "name").Str()}
		}
		from := f.Slot(r, artifact.At(root.Get("get", "path"), "get.path"))
		f.EdgeWith(inventory.CopiesFrom, slot, from, f.Rule+"-secret", inventory.High, at, inventory.AttrWhole, "true")
	}
	if data := root.Get("data"); data.Str() != "" {
		f.Attr(slot, inventory.AttrType, "encrypted", "", artifact.At(data, "data"))
	}
}

var fromSecret = lazy.New(`from_secret['"]?\s*(?:[:=,(]|\)\s*:)\s*['"]([\w./-]{1,100})['"]`)

// program reads a pipeline that is a program: the names of secrets that stand in it.
func (f *file) program() {
	for _, m := range fromSecret.FindAllSubmatchIndex(f.Artifact.Content, 1000) {
		at := f.Artifact.PlaceOf(m[2])
		id := f.secret(string(f.Artifact.Content[m[2]:m[3]]), at)
		f.Edge(inventory.Reads, f.ID, id, f.Rule+"-from-secret", inventory.High, at)
	}
}
