package reports

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// WriteImpact writes what stops when a credential changes as a tree that fits the width: the automations, each with
// the path of evidence to it, then what else reads the credential.
func WriteImpact(w io.Writer, impact graph.Impact, width int, color bool) error {
	t := newTerminal(w, width, color)
	impact = rewrite(impact, Plain)
	t.impactHead(impact)
	names := automationNames(impact)
	for _, part := range []struct{ certainty, heading string }{
		{graph.CertaintyBreaks, "Breaks"},
		{graph.CertaintyNoStart, "Is not started any more"},
		{graph.CertaintyMayBreak, "May break"},
	} {
		t.impactPart(part.heading, dependents(impact, part.certainty), names)
	}
	t.impactRest(impact)
	t.mentions(impact.Mentions)
	t.impactFoot(impact)
	return t.b.Flush()
}

func (t *terminal) impactHead(impact graph.Impact) {
	c := impact.Credential
	facts := []string{}
	if c.Class != inventory.ClassCredential && c.Class != inventory.ClassUnknown {
		facts = append(facts, string(c.Class)+": nothing to rotate")
	}
	for _, s := range []string{c.Service, exposure(&c), environment(c.Environments)} {
		if s != "" && s != "unknown" {
			facts = append(facts, s)
		}
	}
	if n := len(c.Owners); n > 1 {
		facts = append(facts, fmt.Sprintf("owner %s +%d", c.Owners[0].Name, n-1))
	} else if n == 1 {
		facts = append(facts, "owner "+c.Owners[0].Name)
	}
	t.line(t.paint(styleName, c.Name) + "  " + t.paint(styleFaint, strings.Join(facts, " · ")))
	for _, s := range c.Slots[:min(6, len(c.Slots))] {
		t.line("  " + tail(s, t.width-2))
	}
	if more := len(c.Slots) - 6; more > 0 {
		t.line("  " + t.paint(styleFaint, fmt.Sprintf("and %d more places", more)))
	}
	if len(impact.Places) > 0 && len(impact.Dependents)+len(impact.Possible) == 0 {
		t.heading("Stands at")
		for _, e := range impact.Places[:min(6, len(impact.Places))] {
			t.line("  " + tail(e.String(), t.width-2))
		}
	}
}

// dependents returns the automations of a certainty.
func dependents(impact graph.Impact, certainty string) []graph.Dependent {
	var out []graph.Dependent
	for _, d := range slices.Concat(impact.Dependents, impact.Possible) {
		if d.Kind == inventory.Automation && d.Certainty == certainty {
			out = append(out, d)
		}
	}
	return out
}

func (t *terminal) impactPart(heading string, all []graph.Dependent, names map[string]string) {
	if len(all) == 0 {
		return
	}
	t.heading(fmt.Sprintf("%s (%s)", heading, count(len(all), "automation")))
	for i, d := range all {
		branch, below := "├─ ", "│  "
		if i == len(all)-1 {
			branch, below = "└─ ", "   "
		}
		t.dependent(d, branch, below, names)
	}
}

func (t *terminal) dependent(d graph.Dependent, branch, below string, names map[string]string) {
	line := branch + t.paint(styleTitle, d.Name)
	if d.Name == "" {
		line = branch + t.paint(styleTitle, d.ID)
	}
	facts := dependentFacts(d)
	if t.width-lipgloss.Width(line)-2 < lipgloss.Width(facts) {
		t.line(line)
		t.wrapIn(styleFaint, below, facts)
	} else {
		t.line(line + "  " + t.paint(styleFaint, facts))
	}
	where := max(20, (t.width-lipgloss.Width(below))*45/100)
	for _, h := range hops(d.Path, names) {
		if lipgloss.Width(h.where) <= where && lipgloss.Width(below)+where+1+lipgloss.Width(h.what) <= t.width {
			t.line(below + pad(h.where, where) + " " + t.paint(styleFaint, h.what))
			continue
		}
		t.line(below + tail(h.where, t.width-lipgloss.Width(below))) // the whole place, to open it
		t.wrapIn(styleFaint, below+"  ", h.what)
	}
}

// dependentFacts are the platform, the schedule, the environment and what must be done.
func dependentFacts(d graph.Dependent) string {
	facts := []string{d.Platform}
	if d.Active != nil && !*d.Active {
		facts = append(facts, "inactive")
	}
	if d.State != inventory.Head && d.State != "" {
		facts = append(facts, "only on "+strings.Join(append([]string{string(d.State)}, d.Branches...), " "))
	}
	for _, s := range d.Schedules {
		facts = append(facts, strings.TrimSpace(s.Text+" "+s.Timezone))
	}
	if d.Environment != "" && d.Environment != "unknown" {
		facts = append(facts, d.Environment)
	}
	for _, n := range d.Needs {
		if n != "nothing" {
			facts = append(facts, "needs: "+n)
		}
	}
	if d.Confidence < inventory.High {
		facts = append(facts, d.Confidence.String()+" confidence")
	}
	return strings.Join(facts, " · ")
}

// hop is one line of a path: where it is seen, and what is seen there.
type hop struct{ where, what string }

// hops words a path from the dependent to the credential, one line for each place. Hops that only say that a part
// belongs to a whole are left out.
func hops(path []graph.PathEdge, names map[string]string) []hop {
	var out []hop
	for _, e := range path {
		if e.Kind == inventory.PartOf && len(path) > 1 || len(e.Evidence) == 0 {
			continue
		}
		h := hop{e.Evidence[0].String(), hopText(e, names)}
		if n := len(out); n > 0 && out[n-1].where == h.where {
			out[n-1].what = joinHops(out[n-1].what, h.what)
			continue
		}
		out = append(out, h)
	}
	return out
}

// joinHops words two hops at one place: "reads TOKEN" and "from gh TOKEN" are "reads TOKEN from gh". Of more than
// two, the first and the last say enough.
func joinHops(first, next string) string {
	first, _, _ = strings.Cut(first, ", ")
	if i := strings.LastIndexByte(next, ' '); i > 0 && strings.HasPrefix(next, "from ") && strings.HasSuffix(first, next[i:]) {
		return first + ", " + next[:i]
	}
	return first + ", " + next
}

// hopWords says of each kind of edge what a dependent does with what it needs.
var hopWords = map[inventory.EdgeKind]string{
	inventory.CopiesFrom: "a copy of", inventory.MayBe: "may be", inventory.BoundFrom: "from", inventory.Reads: "reads",
	inventory.ReceivedFrom: "is given", inventory.MintedFrom: "minted from", inventory.Runs: "runs",
	inventory.TriggeredBy: "started by", inventory.PartOf: "part of",
}

func hopText(e graph.PathEdge, names map[string]string) string {
	to := e.To
	if name := names[to]; name != "" {
		to = name
	}
	store, rest, ok := strings.Cut(to, ":")
	switch {
	case !ok || names[e.To] != "":
	case store == "inline":
		return "literal value of " + lastKey(lastPart(rest, "#"))
	case store == "code" || store == "file":
		to = lastPart(rest, "/")
	case e.Kind == inventory.Reads && strings.Contains(rest, "#") && strings.LastIndexByte(rest, '/') > strings.IndexByte(rest, '#'):
		to = lastPart(rest, "/") // the name that a part sees
	default:
		to = store + " " + lastPart(rest, "/")
	}
	return strings.TrimSpace(hopWords[e.Kind] + " " + to)
}

// lastKey is the end of a long pointer: TOKEN of jobs.build.steps[2].env.TOKEN.
func lastKey(pointer string) string {
	for len(pointer) > 28 {
		i := strings.IndexAny(pointer, "./:")
		if i < 0 || i+1 == len(pointer) {
			return pointer
		}
		pointer = pointer[i+1:]
	}
	return pointer
}

// lastPart is what stands behind the last separator.
func lastPart(s, separator string) string {
	if i := strings.LastIndex(s, separator); i >= 0 && i+1 < len(s) {
		return s[i+1:]
	}
	return s
}

// impactRest lists what reads the credential and belongs to no automation that is listed.
func (t *terminal) impactRest(impact graph.Impact) {
	all := slices.Concat(impact.Dependents, impact.Possible)
	named := map[string]bool{}
	for _, d := range all {
		if d.Kind == inventory.Automation {
			for _, e := range d.Path {
				named[nodeOf(e.From)], named[nodeOf(e.To)] = true, true
			}
		}
	}
	var rest []graph.Dependent
	for _, d := range all {
		if d.Kind != inventory.Automation && d.Kind != inventory.Part && !named[d.ID] {
			rest = append(rest, d)
		}
	}
	if len(rest) == 0 {
		return
	}
	t.heading("Also depends on it")
	for _, d := range rest {
		where := placeIn(d)
		kind := d.Kind
		if kind == inventory.Pattern { // a Secret with whatever keys it is filled with
			kind = inventory.Slot
		}
		t.line("   " + pad(string(kind), 8) + tail(where, t.width-11))
	}
}

// shownMentions is the number of places of names that the terminal lists; --json has them all.
const shownMentions = 12

// mentions lists where the credential is named and nothing joins it.
func (t *terminal) mentions(all []graph.Mention) {
	total, wide, left := 0, 0, shownMentions
	for _, m := range all {
		total += len(m.Evidence) + m.More
		wide = max(wide, lipgloss.Width(m.Name))
	}
	if total == 0 {
		return
	}
	t.heading(fmt.Sprintf("Named, joined to nothing: read these lines (%d)", total))
	wide = min(wide, t.width/3)
	for _, m := range all {
		for _, e := range m.Evidence[:min(left, len(m.Evidence))] {
			t.line("   " + pad(tail(m.Name, wide), wide) + "  " + tail(e.String(), t.width-wide-5))
			left--
		}
	}
	if more := total - shownMentions; more > 0 {
		t.line("   " + t.paint(styleFaint, fmt.Sprintf("and %d more: --json lists them", more)))
	}
}

// placeIn is where a dependent mentions what it needs: in its own file, where the evidence has that beside others.
func placeIn(d graph.Dependent) string {
	if len(d.Path) == 0 || len(d.Path[0].Evidence) == 0 {
		return d.ID
	}
	for _, e := range d.Path[0].Evidence {
		if d.Name == e.Path {
			return e.String()
		}
	}
	return d.Path[0].Evidence[0].String()
}

// nodeOf is the id of a program text without the name of the function.
func nodeOf(id string) string {
	if strings.HasPrefix(id, "code:") {
		id, _, _ = strings.Cut(id, "@")
	}
	return id
}

func (t *terminal) impactFoot(impact graph.Impact) {
	if len(impact.Dependents)+len(impact.Possible) == 0 {
		t.line("")
		t.wrap("", fmt.Sprintf("No reference found in the %s scanned. That does not say that nothing uses it.",
			count(len(impact.Coverage.Sources), "source")))
	}
	if len(impact.Settle) > 0 {
		t.heading("What would settle it")
		for _, s := range impact.Settle[:min(5, len(impact.Settle))] {
			t.wrap("  ", s)
		}
	}
	if len(impact.Coverage.Sources) > 0 && !impact.Coverage.Complete {
		t.line("")
		t.line(t.paint(styleWarn, "Not everything could be read: rotamap list skips"))
	}
}
