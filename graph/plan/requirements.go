package plan

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// requirements lists what the new token must be able to do: for each dependent what files show that it does, then
// what the old one may do, then for whom nothing can be seen.
func (s *study) requirements() []Requirement {
	out, open := []Requirement{}, []Requirement{}
	known := map[string]bool{}
	names := map[string]string{}
	sure := map[string]inventory.Confidence{}
	for _, d := range s.impact.Dependents {
		names[d.ID] = s.label(d)
		sure[d.ID] = d.Confidence
	}
	for _, u := range s.g.Uses(&s.impact) {
		id := u.Automation
		if id == "" {
			id = u.Node
		}
		if u.Kind == inventory.PermitSQL && s.c.Service == "" && !strings.HasPrefix(s.play.ID, "database") {
			continue // code that reads a setting may speak to a database with another one
		}
		known[id] = true
		if !u.Seen() {
			open = append(open, Requirement{Dependent: names[id], Kind: u.Kind, What: "what the files do not show (" + kindWords[u.Kind] + ")", Confidence: sure[id], At: placesOfUse(&u)})
		} else {
			out = append(out, Requirement{Dependent: names[id], Kind: u.Kind, What: inWords(&u), Known: true, Confidence: sure[id], At: placesOfUse(&u)})
		}
	}
	for _, a := range s.g.Grants(&s.impact) {
		out = append(out, Requirement{Kind: a.Kind, What: inWords(&a), Known: true, Granted: true, Confidence: inventory.High, At: placesOfUse(&a)})
	}
	for _, d := range s.autos {
		if !known[d.ID] && !inactive(d) {
			open = append(open, Requirement{Dependent: s.label(d), What: s.unseenUse(d), At: []inventory.Evidence{}})
		}
	}
	out = append(out, open...)
	if len(out) == 0 {
		out = append(out, Requirement{What: "what the old value may do, and no more: the files do not say what it is used for", At: []inventory.Evidence{}})
	}
	return out
}

// kindWords say what of a kind the files do not show.
var kindWords = map[string]string{inventory.PermitSQL: "the statements stand elsewhere", inventory.PermitGitHub: "an action or a call whose permissions are not known"}

// inWords says a permission as people speak of it.
func inWords(p *graph.Permission) string {
	switch p.Kind {
	case inventory.PermitAPI:
		return "call " + p.What
	case inventory.PermitGitHub:
		return p.What
	case inventory.PermitCloud:
		return "what " + p.What + " needs"
	case inventory.PermitSQL:
		return p.What
	case inventory.PermitScope:
		_, method, _ := strings.Cut(p.What, " ")
		return "the scope of " + method
	}
	return p.What
}

// unseenUse says that nothing shows what a dependent does, with the hosts that it reaches where they are known.
func (s *study) unseenUse(d graph.Dependent) string {
	var hosts []string
	for _, id := range append(s.g.PartsOf(d.ID), d.ID) {
		if n := s.g.Node(id); n != nil && len(hosts) < 3 {
			for _, a := range n.All(inventory.AttrHost) {
				hosts = appendNew(hosts, a.Value)
			}
		}
	}
	text := "what it does with the value cannot be seen in the files: compare with what the old one may do"
	if len(hosts) > 0 {
		text += fmt.Sprintf(" (it reaches %s)", strings.Join(hosts, ", "))
	}
	return text
}

func appendNew(list []string, word string) []string {
	for _, w := range list {
		if w == word {
			return list
		}
	}
	return append(list, word)
}

func placesOfUse(p *graph.Permission) []inventory.Evidence {
	return append([]inventory.Evidence{}, p.Evidence[:min(3, len(p.Evidence))]...)
}

// mayDo stands before what the old value may do, where dependents stand before what they do.
const mayDo = "the old one may"

// requirementItems joins the dependents that need the same, with the place that shows it.
func requirementItems(r *Rotation) []item {
	var order []string
	who, at := map[string][]string{}, map[string]string{}
	for _, q := range r.Requirements {
		if _, seen := who[q.What]; !seen {
			order = append(order, q.What)
			who[q.What] = nil
		}
		if q.Granted {
			who[q.What] = []string{mayDo}
		} else if q.Dependent != "" {
			who[q.What] = appendNew(who[q.What], q.Dependent)
		}
		if len(q.At) > 0 && at[q.What] == "" {
			at[q.What] = " (" + r.where(q.At[0]) + ")"
		}
	}
	var out []item
	same := map[string]int{} // what the same dependents need stands on one line
	for _, what := range order {
		names := some(who[what], 6)
		if i, ok := same[names]; ok && names != "" {
			out[i].text += ", " + what + at[what]
			continue
		}
		same[names] = len(out)
		text := what + at[what]
		if names != "" {
			text = names + ": " + text
		}
		out = append(out, item{text: text})
	}
	return out
}
