// Package pulumi reads the configuration of Pulumi stacks: encrypted values, plain ones that are named for a
// credential, and the provider that holds the key of the encryption.
//
// Ids: a stack is pulumi:<source>/<path>; a value is pulumi:<source>[/<folder>]/<stack>/<key>, or <namespace:key> for
// one of another namespace than the project's own. The folder is that of the project, the stack is the environment.
package pulumi

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "pulumi"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Pulumi stack configuration", Doc: "https://www.pulumi.com/docs/iac/concepts/config/",
		Match: match, Parse: parse, Siblings: func(*artifact.Artifact) []string { return []string{"Pulumi.yaml", "Pulumi.yml"} },
	}
}

func match(a *artifact.Artifact) bool {
	base := a.Base()
	return strings.HasPrefix(base, "Pulumi.") && pipeline.Yaml(base) &&
		(a.Has("config:") || a.Has("encryptionsalt") || a.Has("environment:"))
}

// file is one stack while it is read.
type file struct {
	*pipeline.File
	scope string
	stack string // "" for the project's own file
	own   string // what the keys of the project's own namespace begin with
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	stack := strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(a.Base(), ".yaml"), ".yml"), "Pulumi")
	f := &file{File: pipeline.New(facts, "pulumi", "", a.Path, root), stack: strings.TrimPrefix(stack, ".")}
	f.scope = path.Join(a.Source, a.Dir(), f.stack)
	f.own = project(a, root) + ":"
	if f.stack != "" {
		f.Environment(f.ID, f.stack, artifact.At(root, ""))
	}
	for _, key := range []string{"secretsprovider", "encryptedkey", "encryptionsalt"} {
		if n := root.Get(key); n.Str() != "" {
			f.Attr(f.ID, inventory.AttrTag, "encrypted: "+key, "", artifact.At(n, tree.Path(key)))
		}
	}
	f.Entries(root.Get("config"), "config", func(pair tree.Pair, p tree.Path) { f.value(pair, p, pair.Key, 0) })
	f.Items(root.Get("environment"), "environment", func(n *tree.Node, p tree.Path) {
		if n.Str() != "" { // an environment of Pulumi ESC gives the stack more values
			f.Attr(f.ID, inventory.AttrTag, "esc: "+n.Str(), "", artifact.At(n, p))
		}
	})
	return nil
}

// value reads one value: encrypted, declared as secret, plain, or an object of such.
func (f *file) value(pair tree.Pair, p tree.Path, key string, depth int) {
	v, at := pair.Value, artifact.AtPair(pair, p)
	switch {
	case v.Get("secure") != nil:
		id := f.slot(key, at)
		f.Attr(id, inventory.AttrType, "encrypted", "", artifact.At(v.Get("secure"), p.Key("secure")))
	case v.Get("secret").Str() == "true":
		f.Attr(f.slot(key, at), inventory.AttrTag, "secret", "", at)
	case v.IsMap() && depth < 20:
		f.Entries(v, p, func(inner tree.Pair, p tree.Path) { f.value(inner, p, key+"."+inner.Key, depth+1) })
	case v.IsSeq() && depth < 20:
		f.Items(v, p, func(n *tree.Node, p tree.Path) {
			f.value(tree.Pair{Key: pair.Key, Line: n.Line, Column: n.Column, Value: n}, p, key, depth+1)
		})
	default:
		f.plain(pair, p, key, at)
	}
}

var projectName = lazy.New(`(?m)^name:\s*["']?([\w.-]+)`)

// project returns the name of the project, "" unknown.
func project(a *artifact.Artifact, root *tree.Node) string {
	if name := root.Get("name").Str(); name != "" {
		return name
	}
	for _, base := range []string{"Pulumi.yaml", "Pulumi.yml"} {
		if other := a.Siblings[path.Join(a.Dir(), base)]; other != nil {
			if m := projectName.FindSubmatch(other.Content); m != nil {
				return string(m[1])
			}
		}
	}
	return ""
}

func (f *file) slot(key string, at artifact.Place) string {
	if rest, ok := strings.CutPrefix(key, f.own); ok {
		key = rest
	}
	id := f.Slot(inventory.SlotRef{Store: "pulumi", Scope: f.scope, Name: key}, at)
	f.Defined(id, inventory.DefinedInScan, at)
	f.Edge(inventory.Reads, f.ID, id, "pulumi-config", inventory.Certain, at)
	return id
}

func (f *file) plain(pair tree.Pair, p tree.Path, key string, at artifact.Place) {
	v := pair.Value
	name := key[strings.LastIndexAny(key, ":.")+1:]
	found := detect.StoreReferences(v.Str())
	if v.Str() == "" || !v.IsString() || len(found) == 0 && detect.ClassifyName(name).Class != inventory.ClassCredential {
		return
	}
	id := f.slot(key, at)
	for _, r := range found {
		f.Edge(inventory.CopiesFrom, id, f.Slot(r.Slot, at), r.Via, inventory.Certain, at)
	}
	if len(found) == 0 {
		f.Literal(id, name, v.Value, artifact.At(v, p))
	}
}
