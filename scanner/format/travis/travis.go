// Package travis reads Travis CI configurations: variables, encrypted values, scripts, deployments.
//
// Ids: a configuration is travis:<source>/<path>, a job of it a part. An encrypted value is a slot by its place,
// travis:<repository>/<path>#<pointer>; a variable that the file does not declare is one of the repository's
// settings, travis:<repository>/NAME.
package travis

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "travis"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Travis CI", Doc: "https://docs.travis-ci.com/user/customizing-the-build/",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	return strings.HasPrefix(a.Base(), ".travis") && pipeline.Yaml(a.Base())
}

// file is one configuration while it is read.
type file struct{ *pipeline.File }

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	f := &file{pipeline.New(facts, "travis", "travis", a.Path, root)}
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID, Own: f.own}
	s = s.Enter(f.ID, true, pipeline.Level{})
	f.job(s, root, "")
	for _, key := range []string{"jobs", "matrix"} {
		f.Items(root.Get(key, "include"), tree.Path(key).Key("include"), func(n *tree.Node, p tree.Path) {
			title := n.Get("name").Str()
			if title == "" {
				title = n.Get("stage").Str()
			}
			id := f.Part(f.ID, string(p), title, "job", artifact.At(n, p))
			f.Covers(id, n.Line, n)
			f.job(s.Enter(id, true, pipeline.Level{}), n, p)
		})
	}
	return nil
}

func (f *file) own(name string, at artifact.Place) []pipeline.Target {
	return []pipeline.Target{{ID: f.Slot(inventory.SlotRef{Store: "travis", Scope: f.Repo, Name: name}, at), Sure: inventory.Certain}}
}

// phases are the keys that hold commands, in the order in which they run.
var phases = []string{"before_install", "install", "before_script", "script", "after_success", "after_failure", "before_deploy", "after_deploy", "after_script"}

// job reads what the file and each job of it may hold.
func (f *file) job(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.env(s, n.Get("env"), p.Key("env"), 0)
	text := pipeline.NewText(f.Artifact)
	for _, key := range phases {
		text.AddAll(n.Get(key), p.Key(key))
	}
	s.Script(text)
	f.Items(n.Get("deploy"), p.Key("deploy"), func(n *tree.Node, p tree.Path) { f.deploy(s, n, p) })
	f.encrypted(s, n.Get("notifications"), p.Key("notifications"))
	f.encrypted(s, n.Get("addons"), p.Key("addons"))
}

// env reads variables: lines of NAME=value, encrypted lines, and the maps that hold such lists.
func (f *file) env(s *pipeline.Scope, n *tree.Node, p tree.Path, depth int) {
	if depth > 5 {
		return
	}
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		if n.Kind == tree.Scalar {
			f.line(s, n, p)
			return
		}
		f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
			switch {
			case pair.Key == "secure":
				f.secure(s, pair.Value, p)
			case pair.Value.Get("secure") != nil:
				f.Edge(inventory.BoundFrom, s.Declare(s.Levels[0], s.Part, pair.Key, "travis-env", artifact.AtPair(pair, p)), f.secret(pair.Value.Get("secure"), p.Key("secure")), "travis-secure", inventory.Certain, artifact.AtPair(pair, p))
			case pair.Value.IsSeq() || pair.Value.IsMap() || pair.Key == "global" || pair.Key == "matrix" || pair.Key == "jobs":
				f.env(s, pair.Value, p, depth+1)
			default:
				b := s.Declare(s.Levels[0], s.Part, pair.Key, "travis-env", artifact.AtPair(pair, p))
				s.Value(b, pair.Key, pair.Value, p)
			}
		})
	})
}

var assignment = lazy.New(`(?:^|\s)([A-Za-z_]\w*)=("[^"]*"|'[^']*'|\S*)`)

func (f *file) line(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, m := range assignment.FindAllStringSubmatch(n.Value, 50) {
		v := *n
		v.Value = strings.Trim(m[2], `"'`)
		b := s.Declare(s.Levels[0], s.Part, m[1], "travis-env", artifact.At(n, p))
		s.Value(b, m[1], &v, p.Key(m[1]))
	}
}

// secret adds the slot of an encrypted value: what is in it only Travis knows.
func (f *file) secret(n *tree.Node, p tree.Path) string {
	at := artifact.At(n, p)
	id := f.Slot(inventory.SlotRef{Store: "travis", Scope: f.Repo, Name: f.Artifact.Path, Key: string(p)}, at)
	f.Defined(id, inventory.DefinedInScan, at)
	f.Attr(id, inventory.AttrType, "encrypted", "", at)
	f.Attr(id, inventory.AttrClass, string(inventory.ClassCredential), "its value is encrypted", at)
	return id
}

// secure reads an encrypted line, whose name is encrypted with it.
func (f *file) secure(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	if n.Str() != "" {
		f.Edge(inventory.Reads, s.Part, f.secret(n, p), "travis-secure", inventory.Certain, artifact.At(n, p))
	}
}

// encrypted reads every encrypted value below a node.
func (f *file) encrypted(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	n.Walk(p, func(p tree.Path, n *tree.Node) bool {
		if v := n.Get("secure"); v != nil {
			f.secure(s, v, p.Key("secure"))
		}
		return f.Spend()
	})
}

// deploy reads a deployment: its credentials, encrypted or not, and its script.
func (f *file) deploy(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.encrypted(s, n, p)
	text := pipeline.NewText(f.Artifact)
	text.AddAll(n.Get("script"), p.Key("script"))
	s.Script(text)
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		known := detect.ClassifyName(pair.Key).Score > 1 || pair.Key == "key"
		if known && pair.Key != "skip_cleanup" && pair.Key != "script" {
			s.Argument("deploy."+pair.Key, pair.Value, p, true)
		}
	})
}
