package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// usage is what a uses: names.
type usage struct {
	owner, repo string // both "" for a folder of this repository
	path        string // inside the repository
	image       string // docker://...
}

// parseUses reads ./path, docker://image and owner/repo/path@ref. The reference after @ is left out: what is in
// the scan is taken as the version that runs.
func (f *file) parseUses(text string) (usage, bool) {
	text = strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(text, "docker://"):
		return usage{image: text}, true
	case text == "." || strings.HasPrefix(text, "./") || strings.HasPrefix(text, "../"):
		p, ok := f.local(text)
		return usage{path: p}, ok
	}
	name, _, _ := strings.Cut(text, "@")
	parts := strings.SplitN(name, "/", 3)
	if len(parts) < 2 || strings.Contains(name, "${{") {
		return usage{}, false
	}
	u := usage{owner: parts[0], repo: parts[1]}
	if len(parts) == 3 {
		u.path = strings.TrimPrefix(path.Clean("/"+parts[2]), "/")
	}
	return u, true
}

// name returns the lower-case owner/repo/path that the tables of known actions use.
func (u usage) name() string {
	name := strings.ToLower(u.owner + "/" + u.repo)
	if u.path != "" {
		name += "/" + strings.ToLower(u.path)
	}
	return name
}

// source returns the id of the source that holds what is used.
func (f *file) source(u usage) string {
	if u.owner == "" {
		return f.Artifact.Source
	}
	return f.repository(u.owner, u.repo)
}

// actionID returns the id of an action's part, by its folder.
func actionID(source, dir string) string {
	return inventory.FileID(ID, source, path.Join(dir, "action.yml"))
}

// uses reads what the step runs; ok says that it could be read.
func (st *step) uses(ok bool) {
	n := st.node.Get("uses")
	if n.Str() == "" {
		return
	}
	p := st.path.Key("uses")
	u := st.used
	switch {
	case !ok:
		st.reads(n, p, "gha-expression")
	case u.image != "":
		st.runsImage(u.image, artifact.At(n, p))
	case st.ours(u):
		st.useAction(u, n, p)
	}
	if ok && u.image == "" {
		st.knownAction(u.name())
		if u.owner != "" {
			st.actionNeed(u.name())
		}
	}
}

// ours reports whether an action may be part of the scan with more than a name: one of this repository or of
// its owner's other repositories.
func (f *file) ours(u usage) bool {
	return u.owner == "" || f.owner != "" && strings.EqualFold(u.owner, f.owner) || f.source(u) == f.Artifact.Source
}

// useAction joins the step to an action: it runs the action, hands its inputs over and gets its outputs back.
func (st *step) useAction(u usage, n *tree.Node, p tree.Path) {
	callee := actionID(st.source(u), u.path)
	st.Node(inventory.Part, callee, n.Str(), artifact.At(n, p))
	st.Edge(inventory.Runs, st.part, callee, "gha-uses", inventory.Certain, artifact.At(n, p))
	for name, in := range st.with {
		if in.binding != "" {
			at := artifact.At(in.node, in.path)
			st.Edge(inventory.ReceivedFrom, st.input(callee, name, at), in.binding, "gha-action-input", inventory.Certain, at)
		}
	}
	if st.key != "" {
		st.open[st.key] = callee
	}
}

// callWorkflow joins a job to the workflow that it calls: the secrets of the map are handed over one by one,
// "inherit" hands over all (R4). It returns the callee.
func (s *scope) callWorkflow(n, uses *tree.Node, p tree.Path) string {
	at := artifact.At(uses, p.Key("uses"))
	u, ok := s.parseUses(uses.Str())
	if !ok || u.image != "" {
		return ""
	}
	callee := inventory.FileID(ID, s.source(u), u.path)
	s.Edge(inventory.Runs, s.part, callee, "gha-call", inventory.Certain, at)
	secrets, sp := n.Get("secrets"), p.Key("secrets")
	if secrets.Str() == "inherit" {
		s.inherit(callee, artifact.At(secrets, sp))
		return callee
	}
	if !secrets.IsMap() {
		s.reads(secrets, sp, "gha-call-secrets")
	}
	s.entries(secrets, sp, func(pair tree.Pair, p tree.Path) {
		b := s.Binding(callee, "secrets."+strings.ToUpper(pair.Key), "argument", artifact.AtPair(pair, p))
		for _, x := range s.needs(pair.Value, p) {
			s.Edge(inventory.ReceivedFrom, b, x.id, "gha-call-secrets", x.sure, x.at)
		}
		s.constant(b, pair.Key, pair.Value, p, true)
	})
	return callee
}

// inherit hands every secret that the caller can see to the callee.
func (s *scope) inherit(callee string, at artifact.Place) {
	b := s.Binding(callee, "secrets.*", "argument", at)
	for _, t := range s.allSecrets("*", at) {
		s.Edge(inventory.ReceivedFrom, b, t.id, "gha-call-inherit", t.sure, at)
	}
}
