package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// powers lists automations, and files of code that none of them is known to run. Names that stand twice get the file
// they are from.
func (s *study) powers(all []graph.Dependent, times map[string][]Schedule, after time.Time) []Power {
	out := []Power{}
	through := passed(all)
	for _, d := range all {
		if d.Kind != inventory.Automation && (d.Kind != inventory.Code || through[d.ID]) {
			continue
		}
		p := Power{ID: d.ID, Kind: d.Kind, Name: s.label(d), Triggers: append([]string{}, triggersOf(s.g, d.ID)...), Platform: d.Platform, Certainty: d.Certainty, Confidence: d.Confidence,
			Environment: d.Environment, Active: d.Active, Owners: ownerNames(d.Owners), Needs: d.Needs, Schedules: []PowerSchedule{}}
		p.At = usedAt(d)
		p.Branches = branchesOnly(d)
		for _, x := range times[d.ID] {
			p.Schedules = append(p.Schedules, powerSchedule(x, after))
		}
		out = append(out, p)
	}
	return out
}

// branchesOnly names the branches that alone show a dependent, or how it comes to the credential; none for what the
// present state shows.
func branchesOnly(d graph.Dependent) []string {
	if d.State == inventory.Branch && len(d.Branches) > 0 {
		return d.Branches
	}
	for _, hop := range d.Path {
		if len(hop.Evidence) > 0 && hop.Evidence[0].State == inventory.Branch {
			return append([]string{}, hop.Evidence[0].Branches()...)
		}
	}
	return []string{}
}

// usedAt is the place nearest to the credential at which a dependent's own source speaks of it; copies between the
// stores that hold it are no use of it.
func usedAt(d graph.Dependent) inventory.Evidence {
	var at inventory.Evidence
	for i, hop := range d.Path {
		if len(hop.Evidence) > 0 && (hop.Kind != inventory.CopiesFrom || i == 0) && (i == 0 || hop.Evidence[0].Source == at.Source) {
			at = hop.Evidence[0]
		}
	}
	return at
}

// passed notes the files of code that lie on the paths of automations.
func passed(all []graph.Dependent) map[string]bool {
	out := map[string]bool{}
	for _, d := range all {
		if d.Kind != inventory.Automation {
			continue
		}
		for _, hop := range d.Path {
			id, _, _ := inventory.ContextOf(hop.To)
			out[id], out[hop.To] = true, true
		}
	}
	return out
}

func powerSchedule(s Schedule, after time.Time) PowerSchedule {
	p := PowerSchedule{Text: s.Text, Zone: s.Zone, Assumed: s.Assumed, Unsolved: s.Unsolved}
	if next, ok := s.Next(after); ok && s.Every == 0 {
		p.Next = &next
	}
	if d, ok := s.Interval(); ok {
		p.Interval = span(d)
	}
	return p
}

// span says a duration as people do: 31 d, 90 min.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d d", int((d+12*time.Hour)/(24*time.Hour)))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d h", int((d+30*time.Minute)/time.Hour))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d min", int(d/time.Minute))
	}
	return fmt.Sprintf("%d s", int(d/time.Second))
}

// unseen lists what the map cannot show, and what would settle it.
func (s *study) unseen() []Unseen {
	out := []Unseen{}
	add := func(what, settle string) { out = append(out, Unseen{what, settle}) }
	for _, text := range s.impact.Settle {
		what, settle, _ := strings.Cut(text, ": ")
		add(what, settle)
	}
	for _, m := range s.impact.Mentions {
		if text := mentionText(m); text != "" {
			add(text, "read these lines before the window")
		}
	}
	for _, id := range s.c.Slots {
		if n := s.g.Node(id); n != nil && !definedInScan(n) && len(s.literalPlaces(id)) == 0 && s.filledFrom(id) == "" {
			add(id+" is defined outside this scan", "look at the store itself: who else may read it")
		}
	}
	var never []string
	for _, d := range s.autos {
		if len(d.Schedules) == 0 && len(triggersOf(s.g, d.ID)) == 0 && !serves(d) {
			never = append(never, s.label(d))
		}
		for _, x := range s.times[d.ID] {
			if x.Unsolved != "" {
				add(fmt.Sprintf("when %s runs: %q, %s", s.label(d), x.Text, x.Unsolved), "look at its recent runs")
			} else if x.Every > 0 {
				add(fmt.Sprintf("the moments at which %s runs: every %s, from a start that is not known", s.label(d), span(x.Every)), "look at its recent runs before the window")
			} else if x.Assumed {
				add(fmt.Sprintf("the time zone of %q of %s; UTC is assumed", x.Text, s.label(d)), "look at the machine's zone")
			}
		}
	}
	if len(never) > 0 {
		add("when "+some(never, 12)+" "+verb(len(never), "runs", "run"), "ask the owner, or look at the recent runs")
	}
	for _, text := range unreadable(s.impact.Coverage.Unreadable) {
		add(text, "mend it and scan again")
	}
	if n := len(s.impact.Coverage.Sources); n > 0 {
		add(fmt.Sprintf("everything outside the %s scanned", counted(n, "source")), "the provider's own record of the last use of the old value")
	}
	return dedupe(out)
}

// mentionText says where a name stands that nothing joins; "" when only tests and documentation name it.
func mentionText(m graph.Mention) string {
	var at []string
	for _, e := range m.Evidence {
		if graph.RunsOrConfigures(e.Path) {
			at = append(at, e.String())
		}
	}
	if len(at) == 0 {
		return ""
	}
	return "what " + m.Name + " is for at " + some(at, 6)
}

// unreadable says what could not be read, what has one reason in one source together.
func unreadable(all []graph.UnreadableIn) []string {
	var order []string
	count, first := map[string]int{}, map[string]string{}
	for _, x := range all {
		key := " of " + x.Source + " could not be read: " + x.Reason
		if count[key]++; count[key] == 1 {
			order = append(order, key)
			first[key] = x.What
		}
	}
	var out []string
	for _, key := range order {
		text := first[key]
		if n := count[key] - 1; n > 0 {
			text += " and " + counted(n, "other")
		}
		out = append(out, text+key)
	}
	return out
}

func dedupe(all []Unseen) []Unseen {
	out := []Unseen{}
	for _, u := range all {
		if !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

func definedInScan(n *inventory.Node) bool {
	return slices.ContainsFunc(n.All(inventory.AttrDefined), func(a inventory.Attr) bool { return a.Value == inventory.DefinedInScan })
}

func triggersOf(g *graph.Graph, id string) []string {
	var out []string
	if n := g.Node(id); n != nil {
		for _, a := range n.All(inventory.AttrTrigger) {
			if !slices.Contains(out, a.Value) {
				out = append(out, a.Value)
			}
		}
	}
	return out
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
