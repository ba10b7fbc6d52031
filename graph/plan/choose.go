package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

// Due lists the credentials that are due on a day: past their interval, or about to expire, by the register. What
// has an interval and no last rotation is due.
func Due(g *graph.Graph, r *register.Register, now time.Time) []*graph.Credential {
	return choose(g, r, func(_ *graph.Credential, e *register.Entry) bool {
		if e == nil || e.Kind == "password" {
			return false
		}
		late := !e.Interval.IsZero() && (e.LastRotated.IsZero() || now.After(e.Interval.After(e.LastRotated.Time)))
		return late || !e.Expires.IsZero() && now.After(r.Limits.Expiry().Before(e.Expires.Time))
	})
}

// Leaver lists the credentials that somebody who leaves knows or answers for: as owner, as approver, as member of
// the owning team, as owner by the files, or as the author of a commit that brought one of its values. A name is taken
// with and without "@", and a single word of it as part of an author's name.
func Leaver(g *graph.Graph, r *register.Register, name string) []*graph.Credential {
	committed := authors(g, name)
	return choose(g, r, func(c *graph.Credential, e *register.Entry) bool {
		return knows(c, e, r, name) != "" || committed[c.ID] != ""
	})
}

// WhyLeaver says for each credential, by id, why somebody who leaves has to do with it.
func WhyLeaver(g *graph.Graph, r *register.Register, name string) map[string]string {
	out := authors(g, name)
	all := g.Credentials()
	for i := range all {
		if why := knows(&all[i], r.Match(viewOf(&all[i])), r, name); why != "" {
			out[all[i].ID] = why
		}
	}
	return out
}

func same(who, name string) bool {
	return who != "" && strings.EqualFold(strings.TrimPrefix(who, "@"), strings.TrimPrefix(name, "@"))
}

// knows says as what the register or the files name somebody, "" when they do not.
func knows(c *graph.Credential, e *register.Entry, r *register.Register, name string) string {
	is := func(who string) bool { return same(who, name) }
	if slices.ContainsFunc(c.Owners, func(o graph.Owner) bool { return is(o.Name) }) {
		return "owner by the files"
	}
	if e == nil {
		return ""
	}
	switch t := r.Team(e.Owner); {
	case is(e.Owner):
		return "owner"
	case slices.ContainsFunc(e.Approvers, is):
		return "approver"
	case t != nil && slices.ContainsFunc(t.Members, is):
		return "member of " + e.Owner
	}
	return ""
}

// authors says of which credentials somebody has committed a value, by their ids: the first commit that shows a value
// at a place is where it came in.
func authors(g *graph.Graph, name string) map[string]string {
	commits := map[string]string{} // commits of that author, with their day
	for _, f := range g.Sources() {
		for _, c := range f.Commits {
			if wrote(c.Author, name) {
				day, _, _ := strings.Cut(c.Time, "T")
				commits[f.Source+"@"+c.ID] = day
			}
		}
	}
	out := map[string]string{}
	all := g.Credentials()
	for i := range all {
		for _, slot := range all[i].Slots {
			for _, e := range g.Out(slot) {
				for _, at := range e.Evidence {
					if day := commits[at.Source+"@"+at.FirstSeen()]; e.Kind == inventory.Holds && day != "" && day > out[all[i].ID] {
						out[all[i].ID] = day
					}
				}
			}
		}
	}
	for id, day := range out {
		out[id] = "committed a value on " + day
	}
	return out
}

// wrote reports whether an author is the one who is meant: by the whole name, or by one word of it.
func wrote(author, name string) bool {
	name = strings.TrimPrefix(name, "@")
	return same(author, name) || !strings.Contains(name, " ") && slices.ContainsFunc(strings.Fields(author), func(w string) bool { return strings.EqualFold(w, name) })
}

func choose(g *graph.Graph, r *register.Register, want func(*graph.Credential, *register.Entry) bool) []*graph.Credential {
	var out []*graph.Credential
	all := g.Credentials()
	for i := range all {
		if want(&all[i], r.Match(viewOf(&all[i]))) {
			out = append(out, &all[i])
		}
	}
	return out
}

// viewOf is what the register sees of a credential.
func viewOf(c *graph.Credential) register.View {
	return register.View{Slots: c.Slots, Fingerprints: c.Joinable()}
}
