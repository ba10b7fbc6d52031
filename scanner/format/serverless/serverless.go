// Package serverless reads Serverless Framework services: functions with their environment and schedules, the
// variables that their values are built from, and the CloudFormation resources inside.
//
// Ids: a service is serverless:<source>/<path>, a function a part of it. ${env:X} is a variable of whoever deploys,
// env:<source>/X; ${param:x} is serverless:<source>/<path>#param.x.
package serverless

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/cloudformation"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "serverless"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Serverless Framework services", Doc: "https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	return strings.HasPrefix(a.Base(), "serverless") && pipeline.Yaml(a.Base()) &&
		(a.Has("provider:") || a.Has("functions:"))
}

// file is one service while it is read.
type file struct {
	*pipeline.File
	root *tree.Node
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	name := root.Get("service").Str()
	if name == "" || strings.Contains(name, "$") {
		name = a.Path
	}
	f := &file{pipeline.New(facts, "serverless", "", name, root), root}
	f.environment(f.ID, root.Get("provider", "environment"), "provider.environment")
	f.rest(root)
	f.Entries(root.Get("functions"), "functions", func(pair tree.Pair, p tree.Path) { f.function(pair, p) })
	f.Items(root.Get("resources"), "resources", func(n *tree.Node, p tree.Path) {
		if n.Get("Resources").IsMap() {
			cloudformation.Template(facts, n, p)
		}
	})
	return nil
}

// function reads one function: environment, schedules, the file of its handler.
func (f *file) function(pair tree.Pair, p tree.Path) {
	if !pair.Value.IsMap() {
		return
	}
	id := f.Facts.Part(f.ID, pair.Key, pair.Key, "function", artifact.AtPair(pair, p))
	f.Covers(id, pair.Line, pair.Value)
	f.environment(id, pair.Value.Get("environment"), p.Key("environment"))
	if h := pair.Value.Get("handler"); h.Str() != "" && !strings.Contains(h.Str(), "$") {
		base := strings.TrimSuffix(h.Str(), path.Ext(h.Str()))
		for _, ext := range []string{".js", ".ts", ".mjs", ".py"} {
			if file := path.Join(f.Artifact.Dir(), base+ext); !strings.HasPrefix(file, "../") {
				f.Runs(id, file, "serverless-handler", inventory.Medium, artifact.At(h, p.Key("handler")))
			}
		}
	}
	f.Items(pair.Value.Get("events"), p.Key("events"), func(n *tree.Node, p tree.Path) {
		s := n.Get("schedule")
		if s.IsMap() {
			for i, rate := range s.Get("rate").List() {
				f.schedule(id, rate, s.Get("timezone").Str(), p.Key("schedule").Key("rate").Index(i))
			}
			return
		}
		f.schedule(id, s, "", p.Key("schedule"))
	})
}

func (f *file) schedule(id string, n *tree.Node, zone string, p tree.Path) {
	if n.Str() == "" {
		return
	}
	if zone == "" {
		zone = "UTC"
	}
	f.Attr(id, inventory.AttrSchedule, n.Str(), zone, artifact.At(n, p))
	f.Schedule(n, p, zone)
}

// environment reads variables of the service or of a function.
func (f *file) environment(owner string, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		v := pair.Value
		if v == nil || v.Kind != tree.Scalar || v.Str() == "" {
			return
		}
		found := f.uses(v, p, 0)
		if len(found) == 0 && (strings.Contains(v.Value, "${") || detect.ClassifyName(pair.Key).Score < 1) {
			return
		}
		at := artifact.AtPair(pair, p)
		b := container.Env(f.Facts, owner, pair.Key, "serverless-env", at)
		f.bind(b, found)
		if len(found) == 0 {
			container.Value(f.Facts, b, string(p), pair.Key, v.Value, artifact.At(v, p))
		}
	})
}

type use struct {
	id string
	at artifact.Place
}

func (f *file) bind(b string, found []use) {
	for _, u := range found {
		f.Edge(inventory.BoundFrom, b, u.id, "serverless-variable", inventory.High, u.at)
	}
}

// rest reads what the service itself is handed beside environments: values of custom, params, provider and plugins
// that are named for a credential.
func (f *file) rest(root *tree.Node) {
	for _, key := range []string{"custom", "params", "provider"} {
		root.Get(key).Walk(tree.Path(key), func(p tree.Path, n *tree.Node) bool {
			for _, pair := range n.Entries() {
				v := pair.Value
				if pair.Key == "environment" || v == nil || v.Kind != tree.Scalar || v.Str() == "" || detect.ClassifyName(pair.Key).Class != inventory.ClassCredential {
					continue
				}
				at, vp := artifact.AtPair(pair, p.Key(pair.Key)), p.Key(pair.Key)
				found := f.uses(v, vp, 0)
				if len(found) == 0 && (strings.Contains(v.Value, "${") || !v.IsString()) {
					continue
				}
				b := f.Binding(f.ID, string(vp), "argument", at)
				f.Edge(inventory.Reads, f.ID, b, "serverless-value", inventory.Certain, at)
				f.bind(b, found)
				if len(found) == 0 {
					container.Value(f.Facts, b, string(vp), pair.Key, v.Value, artifact.At(v, vp))
				}
			}
			return f.Spend() && !strings.HasSuffix(string(p), "environment")
		})
	}
}

var inner = lazy.New(`\$\{([^${}]*)\}`)

// maxFollow bounds how deep values refer to values.
const maxFollow = 8

// uses lists what the variables of a value stand for. Inner ones are read first; their place in an outer one is "*".
func (f *file) uses(n *tree.Node, p tree.Path, depth int) []use {
	var out []use
	text, at := n.Value, artifact.At(n, p)
	for range 20 {
		m := inner.FindStringSubmatchIndex(text)
		if m == nil || !f.Spend() {
			break
		}
		for _, alternative := range strings.Split(text[m[2]:m[3]], ",") {
			out = append(out, f.variable(strings.TrimSpace(alternative), at, depth)...)
		}
		text = text[:m[0]] + "*" + text[m[1]:]
	}
	for _, r := range detect.StoreReferences(n.Value) {
		out = append(out, use{f.Slot(r.Slot, at), at})
	}
	return out
}

// region reads ssm(eu-west-1):/path.
var region = lazy.New(`^(ssm|s3|aws|env)\(([^)]*)\):`)

// variable reads one variable: env:X, ssm:/path~true, param:x, self:custom.x.
func (f *file) variable(text string, at artifact.Place, depth int) []use {
	zone := "*"
	if m := region.FindStringSubmatch(text); m != nil {
		text = m[1] + ":" + text[len(m[0]):]
		if strings.Trim(m[2], "abcdefghijklmnopqrstuvwxyz-0123456789") == "" && m[2] != "raw" {
			zone = m[2]
		}
	}
	kind, name, ok := strings.Cut(text, ":")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.Trim(name, "*/._-") == "" {
		return nil
	}
	switch kind {
	case "env":
		if !pipeline.Credential(strings.ReplaceAll(name, "*", "X")) {
			return nil
		}
		return []use{{f.Entry(inventory.SlotRef{Store: "env", Scope: f.Artifact.Source, Name: name}, at), at}}
	case "ssm":
		name = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(name, "~true"), "~split"), "/")
		if secret, ok := strings.CutPrefix(name, "aws/reference/secretsmanager/"); ok {
			return []use{{f.Entry(inventory.SlotRef{Store: "aws-sm", Scope: "*/" + zone, Name: secret}, at), at}}
		}
		return []use{{f.Entry(inventory.SlotRef{Store: "aws-ssm", Scope: "*/" + zone, Name: name}, at), at}}
	case "param":
		if detect.ClassifyName(name).Score < 1 {
			return nil
		}
		return []use{{f.Slot(inventory.SlotRef{Store: "serverless", Scope: f.Artifact.Source, Name: f.Artifact.Path, Key: "param." + name}, at), at}}
	case "self":
		keys := strings.Split(strings.TrimPrefix(name, "root."), ".")
		v := f.root.Get(keys...)
		if v == nil && len(keys) > 1 { // a key of what the value above is
			v = f.root.Get(keys[:len(keys)-1]...)
		}
		if v != nil && v.Kind == tree.Scalar && depth < maxFollow {
			return f.uses(v, tree.Path(name), depth+1)
		}
	}
	return nil
}
