package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// secrets resolves a mention of the secrets context (R1, R4): one name, or all of them when the name is
// computed or the whole context is handed on.
func (s *scope) secrets(r ref, at artifact.Place) []referent {
	if len(r.path) == 0 || r.path[0].all {
		return s.allSecrets("*", at)
	}
	names := []candidate{{text: r.path[0].name}}
	if r.path[0].computed != nil {
		names = s.fold(r.path[0].computed)
	}
	var out []referent
	for _, n := range names {
		name := strings.ToUpper(n.text)
		switch {
		case name == "GITHUB_TOKEN":
			out = append(out, referent{s.token(at), inventory.Certain})
		case n.open():
			out = append(out, s.allSecrets(name, at)...)
		default:
			out = append(out, weaken(s.secret(name, at), len(names) > 1)...)
		}
	}
	return out
}

// weaken caps the confidence of what holds for one of several values only.
func weaken(list []referent, several bool) []referent {
	for i := range list {
		if several {
			list[i].sure = inventory.Weakest(list[i].sure, inventory.High)
		}
	}
	return list
}

// secret resolves one name. In a workflow that can be called it stands for what the caller hands over, and for
// the repository's own secret where that can be meant; a job's environment goes before both.
func (s *scope) secret(name string, at artifact.Place) []referent {
	out := s.environmentSlots("gh", name, at)
	if !s.call.callable {
		if len(out) == 0 {
			out = certain(s.slot("gh", name, at))
		}
		return s.inAction(out)
	}
	handed := s.Binding(s.id, "secrets."+name, "argument", at)
	s.Refs++
	switch {
	case !s.call.only:
		s.Edge(inventory.BoundFrom, handed, s.slot("gh", name, at), "gha-own-secret", inventory.Certain, at)
		s.Refs--
	case !s.call.declared[name]:
		s.Edge(inventory.BoundFrom, handed, s.slot("gh", name, at), "gha-inherited-secret", inventory.Medium, at)
		s.Refs--
	}
	if len(out) == 0 {
		return certain(handed)
	}
	for i := range out {
		out[i].sure = inventory.Weakest(out[i].sure, inventory.Medium)
	}
	return append(out, referent{handed, inventory.Medium})
}

// inAction lowers what an action says of secrets: GitHub does not show it any.
func (s *scope) inAction(list []referent) []referent {
	for i := range list {
		if s.action {
			list[i].sure = inventory.Low
		}
	}
	return list
}

// vars resolves a configuration variable; it has the levels of a secret, but is not handed to callees.
func (s *scope) vars(r ref, at artifact.Place) []referent {
	name := strings.ToUpper(r.name(0))
	if name == "" {
		return nil
	}
	if out := s.environmentSlots("gh-var", name, at); len(out) > 0 {
		return out
	}
	return certain(s.slot("gh-var", name, at))
}

// slot adds the repository's slot of a name, which may be the organisation's.
func (f *file) slot(store, name string, at artifact.Place) string {
	id := f.Slot(inventory.SlotRef{Store: store, Scope: f.repo, Name: name}, at)
	if f.owner != "" {
		org := f.level(inventory.SlotRef{Store: store + "-org", Scope: f.owner, Name: name}, at)
		f.Edge(inventory.MayBe, id, org, "gha-level", inventory.Low, at)
	}
	return id
}

// level adds a slot that is no reference of its own: another level at which a name may be defined.
func (f *file) level(r inventory.SlotRef, at artifact.Place) string {
	id := f.Slot(r, at)
	f.Refs--
	return id
}

// environmentSlots adds the slots of a name in each environment that the job may run in; each may be the
// repository's slot. An environment that is computed stands as a glob in the scope.
func (s *scope) environmentSlots(store, name string, at artifact.Place) []referent {
	var out []referent
	for _, e := range s.environments {
		id := s.Slot(inventory.SlotRef{Store: store, Scope: s.repo + "@env:" + e.text, Name: name}, at)
		if s.named.Line > 0 && !e.open() {
			s.Attr(id, inventory.AttrEnvironment, e.text, "", s.named)
		}
		sure := inventory.Certain
		switch {
		case e.open():
			sure = inventory.Medium
		case len(s.environments) > 1:
			sure = inventory.High
		}
		out = append(out, referent{id, sure})
		if !s.call.only || !s.call.declared[name] || store != "gh" {
			s.Edge(inventory.MayBe, id, s.slot(store, name, at), "gha-level", inventory.Medium, at)
			s.Refs--
		}
		if len(out) > 1 {
			s.Refs--
		}
	}
	return out
}

// token adds the token that GitHub makes for each run.
func (f *file) token(at artifact.Place) string {
	id := f.Slot(inventory.SlotRef{Store: "gh", Scope: f.repo, Name: "GITHUB_TOKEN"}, at)
	f.Attr(id, inventory.AttrClass, string(inventory.ClassEphemeral), "made by GitHub for one run", at)
	return id
}

// allSecrets adds the pattern that stands for every secret whose name fits the glob, at each level.
func (s *scope) allSecrets(glob string, at artifact.Place) []referent {
	var out []referent
	for _, e := range s.environments {
		out = append(out, referent{s.pattern(s.repo+"@env:"+e.text, glob, at), inventory.Certain})
	}
	if s.call.callable {
		out = append(out, referent{s.Binding(s.id, "secrets."+glob, "argument", at), inventory.Certain})
	}
	sure := inventory.Certain
	if s.call.only {
		sure = inventory.Medium
	}
	s.Refs++
	return append(out, referent{s.pattern(s.repo, glob, at), sure})
}

// pattern adds the set of secrets of a scope whose names fit a glob.
func (f *file) pattern(scope, glob string, at artifact.Place) string {
	id := f.entry(inventory.SlotRef{Store: "gh", Scope: scope, Name: glob}, at)
	f.Refs--
	return id
}
