package buildkite

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// plugins reads the plugins of a step: a list of maps, or one map.
func (f *file) plugins(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
			name, _, _ := strings.Cut(pair.Key, "#")
			f.plugin(s, name[strings.LastIndexByte(name, '/')+1:], pair.Value, p)
		})
	})
}

// plugin reads one plugin: stores by their own grammar, and for any plugin the options that name a variable.
func (f *file) plugin(s *pipeline.Scope, name string, n *tree.Node, p tree.Path) {
	switch strings.TrimSuffix(name, "-buildkite-plugin") {
	case "vault-secrets":
		f.Items(n.Get("path"), p.Key("path"), func(n *tree.Node, p tree.Path) {
			if n.Str() != "" && !strings.Contains(n.Str(), "$") {
				_, address, _ := strings.Cut(n.Get("server").Str(), "://")
				slot := f.Slot(detect.VaultSlot(address, n.Str(), ""), artifact.At(n, p))
				f.Edge(inventory.Reads, s.Part, slot, "buildkite-vault", inventory.Certain, artifact.At(n, p))
			}
		})
	case "aws-sm", "seek-oss/aws-sm":
		f.awsSecrets(s, n, p)
	case "aws-assume-role", "aws-assume-role-with-web-identity":
		for _, key := range []string{"role", "role-arn"} {
			if role := n.Get(key); role.Str() != "" && !strings.Contains(role.Str(), "$") {
				s.Identity("aws", role.Str(), artifact.At(role, p.Key(key)))
			}
		}
	}
	f.options(s, n, p)
}

// awsSecrets reads env: {VARIABLE: secret | {secret-id, json-key}}.
func (f *file) awsSecrets(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Entries(n.Get("env"), p.Key("env"), func(pair tree.Pair, p tree.Path) {
		r := inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: pair.Value.Str()}
		if pair.Value.IsMap() {
			r.Name, r.Key = pair.Value.Get("secret-id").Str(), strings.TrimPrefix(pair.Value.Get("json-key").Str(), ".")
		}
		if found := detect.StoreReferences(r.Name); len(found) > 0 {
			key := r.Key
			r = found[0].Slot
			r.Key = key
		}
		if r.Name != "" {
			at := artifact.AtPair(pair, p)
			s.Fetched(s.Levels[0], s.Part, pair.Key, f.Slot(r, at), "buildkite-aws-sm", at)
		}
	})
}

// options reads options whose value is the name of a variable (password-env: X), lists of variables that a container
// is handed (environment: [X]), and values that refer to variables.
func (f *file) options(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	n.Walk(p, func(p tree.Path, n *tree.Node) bool {
		for _, pair := range n.Entries() {
			key := strings.ToLower(pair.Key)
			switch {
			case strings.HasSuffix(key, "-env") || strings.HasSuffix(key, "_env") || strings.HasSuffix(key, "-env-var"):
				f.variable(s, pair.Value, p.Key(pair.Key))
			case key == "environment" || key == "env" || key == "propagate-environment-variables":
				for i, item := range pair.Value.List() {
					f.variable(s, item, p.Key(pair.Key).Index(i))
				}
			case pair.Value != nil && pair.Value.Kind == tree.Scalar && (strings.Contains(pair.Value.Value, "$") || detect.ClassifyName(key).Score > 1):
				s.Argument(pair.Key, pair.Value, p.Key(pair.Key), false)
			}
		}
		return f.Spend()
	})
}

func (f *file) variable(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	name, _, set := strings.Cut(n.Str(), "=")
	if name == "" || set || strings.Contains(name, "$") {
		return
	}
	for _, t := range s.Name(name, artifact.At(n, p)) {
		f.Edge(inventory.Reads, s.Part, t.ID, "buildkite-plugin", t.Sure, artifact.At(n, p))
	}
}
