package azurepipelines

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// scope is where a part stands: what it sees, and which variable groups.
type scope struct {
	*pipeline.Scope
	root   *tree.Node
	owner  string // scope of groups and connections
	groups []group
	vaults []vault // Key Vaults of which all entries are taken in
}

type group struct {
	name string
	at   artifact.Place
}

type vault struct {
	name string
	at   artifact.Place
}

// enter returns the scope of a part inside this one.
func (s *scope) enter(part string, home bool) *scope {
	in := *s
	in.Scope = s.Scope.Enter(part, home, pipeline.Level{})
	in.Scope.Own = in.own
	in.groups = s.groups[:len(s.groups):len(s.groups)]
	in.vaults = s.vaults[:len(s.vaults):len(s.vaults)]
	return &in
}

// predefined begin the names of variables that Azure supplies.
var predefined = lazy.New(`(?i)^(build|system|agent|pipeline|release|environment|strategy|checks|rev|date)[._:]`)

// own returns the slots in which a variable may stand that the file does not declare.
func (s *scope) own(name string, at artifact.Place) []pipeline.Target {
	if detect.Ephemeral(fold(name)) {
		id := s.Slot(inventory.SlotRef{Store: "ado", Scope: s.Repo, Name: "System.AccessToken"}, at)
		s.Attr(id, inventory.AttrClass, string(inventory.ClassEphemeral), "made by Azure Pipelines for one job", at)
		return []pipeline.Target{{ID: id, Sure: inventory.Certain}}
	}
	if predefined.MatchString(name) {
		return nil
	}
	if len(s.vaults) == 1 {
		v := s.vaults[0]
		return []pipeline.Target{{ID: s.Slot(inventory.SlotRef{Store: "azkv", Scope: v.name, Name: strings.ToLower(name)}, at), Sure: inventory.Medium}}
	}
	own := s.Slot(inventory.SlotRef{Store: "ado", Scope: s.Repo, Name: name}, at)
	if len(s.groups) == 0 {
		return []pipeline.Target{{ID: own, Sure: inventory.Certain}}
	}
	sure := inventory.Medium
	if len(s.groups) > 1 {
		sure = inventory.Low
	}
	var out []pipeline.Target
	for _, g := range s.groups {
		id := s.Level(inventory.SlotRef{Store: "ado", Scope: s.owner + "/group:" + g.name, Name: name}, at)
		s.Node(inventory.Slot, id, name, g.at)
		s.Edge(inventory.MayBe, id, own, "azure-level", inventory.Low, at)
		out = append(out, pipeline.Target{ID: id, Sure: sure, At: g.at})
	}
	return out
}

var (
	macro     = lazy.New(`\$\(([A-Za-z_][\w.-]*)\)`)
	compile   = lazy.New(`\$(?:\{\{|\[)\s*variables(?:\.([\w.-]+)|\[\s*'([^']+)'\s*\])\s*(?:\}\}|\])`)
	parameter = lazy.New(`\$\{\{\s*parameters(?:\.([\w-]+)|\[\s*'([^']+)'\s*\])\s*\}\}`)
	otherwise = lazy.New(`\$\{\{[^}]*\}\}`)
	checkout  = lazy.New(`(?i)\$\((build\.sourcesdirectory|system\.defaultworkingdirectory|build\.repository\.localpath)\)`)
)

// variable is a name that a text uses, with its offset.
type variable struct {
	name   string
	offset int
	param  bool
}

// uses lists the variables and parameters of a text.
func uses(text string) []variable {
	var out []variable
	for i, re := range []*lazy.Regexp{macro, compile, parameter} {
		for _, m := range re.FindAllStringSubmatchIndex(text, 500) {
			name := ""
			for g := 2; g < len(m); g += 2 {
				if m[g] >= 0 {
					name = text[m[g]:m[g+1]]
				}
			}
			out = append(out, variable{name, m[0], i == 2})
		}
	}
	return out
}

// named returns what a use stands for.
func (s *scope) named(v variable, at artifact.Place) []pipeline.Target {
	if v.param {
		if detect.ClassifyName(v.name).Score < 1 {
			return nil
		}
		b := s.Binding(s.ID, "parameters."+v.name, "argument", at)
		return []pipeline.Target{{ID: b, Sure: inventory.Certain}}
	}
	if predefined.MatchString(v.name) && !detect.Ephemeral(fold(v.name)) {
		return nil
	}
	if detect.Ephemeral(fold(v.name)) {
		return s.own(v.name, at)
	}
	return s.Name(v.name, at)
}

// mentioned lists what a scalar refers to.
func (s *scope) mentioned(n *tree.Node, p tree.Path) []pipeline.Target {
	var out []pipeline.Target
	place := pipeline.PlacesOf(s.Artifact, n, p)
	for _, v := range uses(n.Value) {
		out = append(out, s.named(v, place(v.offset))...)
	}
	return out
}

// bind joins a binding to what a scalar refers to; false when it refers to nothing.
func (s *scope) bind(binding string, n *tree.Node, p tree.Path) bool {
	list := uses(n.Value)
	place := pipeline.PlacesOf(s.Artifact, n, p)
	for _, v := range list {
		for _, t := range s.named(v, place(v.offset)) {
			if t.ID != binding {
				s.Need(inventory.BoundFrom, binding, t, "azure-variable", t.Sure, place(v.offset))
			}
		}
	}
	return len(list) > 0
}

// variables reads the variables of a level: a map, or a list of names, groups and templates.
func (s *scope) variables(n *tree.Node, p tree.Path) {
	if n.IsMap() {
		s.Entries(n, p, func(pair tree.Pair, p tree.Path) { s.variable(pair.Key, pair.Value, artifact.AtPair(pair, p), p) })
		return
	}
	s.Items(n, p, func(n *tree.Node, p tree.Path) {
		switch {
		case n.Get("group").Str() != "":
			at := artifact.At(n.Get("group"), p.Key("group"))
			s.Attr(s.Part, inventory.AttrTag, "variable group: "+n.Get("group").Str(), "", at)
			if !strings.Contains(n.Get("group").Str(), "$") {
				s.groups = append(s.groups, group{n.Get("group").Str(), at})
			}
		case n.Get("template") != nil:
			s.template(n, p)
		case n.Get("name").Str() != "":
			s.variable(n.Get("name").Str(), n.Get("value"), artifact.At(n.Get("name"), p), p.Key("value"))
		default:
			s.Entries(n, p, func(pair tree.Pair, p tree.Path) {
				if strings.HasPrefix(pair.Key, "${{") {
					s.variables(pair.Value, p)
				}
			})
		}
	})
}

func (s *scope) variable(name string, n *tree.Node, at artifact.Place, p tree.Path) {
	if strings.HasPrefix(name, "${{") {
		s.variables(n, p)
		return
	}
	own := pipeline.Level{} // the value sees the name from outside
	b := s.Declare(own, s.Part, name, "azure-env", at)
	if n != nil && n.Kind == tree.Scalar && !s.bind(b, n, p) {
		s.Value(b, name, n, p)
	}
	s.Levels[0][fold(name)] = b
}

// shellText turns what Azure fills in into shell, byte for byte. $(name) may also be a command of the shell: it is a
// variable where one is visible, or where its name speaks of a credential.
func (s *scope) shellText(text string) string {
	text = checkout.ReplaceAllStringFunc(text, func(m string) string { return root(len(m)) })
	text = macro.ReplaceAllStringFunc(text, func(m string) string {
		name := m[2 : len(m)-1]
		if s.Visible(name) == "" && !pipeline.Credential(name) && !strings.Contains(name, ".") {
			return m
		}
		return "${" + strings.NewReplacer(".", "_", "-", "_").Replace(name) + "}"
	})
	text = compile.ReplaceAllStringFunc(text, func(m string) string {
		parts := compile.FindStringSubmatch(m)
		out := "${" + strings.NewReplacer(".", "_", "-", "_").Replace(parts[1]+parts[2]) + "}"
		return out + strings.Repeat("_", max(0, len(m)-len(out)))
	})
	return otherwise.ReplaceAllStringFunc(text, func(m string) string { return strings.Repeat("x", len(m)) })
}

// root returns a path of a length that means the current folder.
func root(length int) string {
	out := "." + strings.Repeat("/.", (length-1)/2)
	if len(out) < length {
		out = "./" + out[1:]
	}
	return out
}
