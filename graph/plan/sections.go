package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
)

// section is one part of a runbook, as the writers for people draw it.
type section struct {
	title string
	lines []item
}

// item is one line of a section, with lines below it.
type item struct {
	text  string
	below []string
	names []string // of what is joined on the line, set before its text
}

// stepsTitle is the title of the steps.
const stepsTitle = "Steps"

// moment is how runbooks write a point in time.
const moment = "Mon 2006-01-02 15:04 MST"

// at writes a point in time as people on the night read it: in the zone of the team's hours.
func (r *Rotation) at(t time.Time) string { return t.In(zone(r.Zone)).Format(moment) }

// where is a place in a file, with the source it is in where several were scanned.
func (r *Rotation) where(e inventory.Evidence) string { return where(e, r.several) }

func where(e inventory.Evidence, several bool) string {
	if !several || e.Path == "" {
		return e.String()
	}
	host, rest, ok := strings.Cut(e.Source, "/")
	if !ok || !strings.Contains(host, ".") {
		rest = e.Source
	}
	return e.String() + " in " + rest
}

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name) // the register has checked it; "" is UTC
	if err != nil {
		return time.UTC
	}
	return loc
}

// sections lists what people read of a rotation, without the sections that have nothing to say.
func sections(r *Rotation) []section {
	return slices.DeleteFunc(allSections(r), func(s section) bool { return len(s.lines) == 0 })
}

// allSections lists the sections in the order in which people need them.
func allSections(r *Rotation) []section {
	return []section{
		{"What it powers", powerItems(r)},
		{"What may stop too", r.plainItems(r.Possible)},
		{"What could not be seen", unseenItems(r)},
		{"What the new value must be able to do", requirementItems(r)},
		{"How this kind of credential is rotated", playbookItems(&r.Playbook)},
		{"Two ends", twoEndedItems(r.TwoEnded)},
		{"When", windowItems(r)},
		{stepsTitle, stepItems(r)},
		{"How to see that it works", verifyItems(r)},
		{"Watch list", watchItems(r)},
		{"If it has leaked", stringItems(r.Emergency)},
	}
}

func stringItems(lines []string) []item {
	var out []item
	for _, l := range lines {
		out = append(out, item{text: l})
	}
	return out
}

// headline says in one line what the runbook is about.
func headline(r *Rotation) []string {
	c := r.Credential
	parts := []string{}
	for _, p := range []string{c.Service, strings.Join(c.Environments, ", "), hardCoded(c.HardCoded, len(r.HandEdits))} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	out := []string{fmt.Sprintf("it powers %s; its value is kept in %s", powersText(r), counted(placesOf(r), "place"))}
	if len(parts) > 0 {
		out = append([]string{strings.Join(parts, " · ")}, out...)
	}
	out = append(out, glance(r))
	if c.Purpose != "" {
		out = append(out, "purpose: "+c.Purpose)
	}
	if len(c.Owners) > 0 {
		out = append(out, "owner: "+strings.Join(c.Owners, ", "))
	} else {
		out = append(out, "owner: nobody is named")
	}
	if r.Contact != "" {
		out = append(out, "when it goes wrong: "+r.Contact)
	}
	if c.Notes != "" {
		out = append(out, "note: "+c.Notes)
	}
	if c.Chosen != "" {
		out = append(out, "in this plan because of the one who leaves: "+c.Chosen)
	}
	if c.Temporary != "" {
		out = append(out, "temporary ("+c.Temporary+"): ask whether it is needed at all")
	}
	return out
}

// glance says when, how long, and from where on there is no way back.
func glance(r *Rotation) string {
	w := r.Window
	text := fmt.Sprintf("window %s, %s", r.at(w.Start), w.Needed)
	if !w.Quiet {
		text += ", not quiet"
	}
	for _, s := range r.Steps {
		if s.NoReturn {
			return text + fmt.Sprintf("; no way back from step %d of %d", s.Number, len(r.Steps))
		}
	}
	return text
}

func hardCoded(yes bool, edits int) string {
	if !yes {
		return ""
	}
	return fmt.Sprintf("hard-coded in %s", counted(edits, "place"))
}

// active counts the automations of the present state that run.
func active(r *Rotation) int {
	n := 0
	for _, p := range r.Powers {
		if p.Kind == inventory.Automation && p.Certainty != graph.CertaintyNoStart && len(p.Branches) == 0 && (p.Active == nil || *p.Active) {
			n++
		}
	}
	return n
}

func placesOf(r *Rotation) int {
	n := 0
	for _, w := range r.Waves {
		n += len(w.Places)
	}
	return n
}

func unseenItems(r *Rotation) []item {
	var out []item
	for _, u := range r.Unseen {
		out = append(out, item{text: u.What, below: []string{"settles it: " + u.Settle}})
	}
	return out
}

func playbookItems(p *provider.Playbook) []item {
	head := p.Name
	if c, ok := p.ClassOf(); ok {
		head += ": class " + c.ID + ", " + c.Title
	}
	it := item{text: head}
	if c, ok := p.ClassOf(); ok {
		it.below = append(it.below, c.Meaning)
	} else if p.ID != "unknown" {
		it.below = append(it.below, "whether two values can be valid at a time is not known: find out first")
	}
	for _, f := range p.Fields() {
		if !f.Unknown() {
			it.below = append(it.below, f.Name+": "+f.Text)
		}
	}
	it.below = append(it.below, notKnown(p)...)
	for _, row := range [][2]string{{"note", p.Notes}, {"source", strings.Join(p.Sources, " ")}, {"how sure", p.Confidence}} {
		if row[1] != "" {
			it.below = append(it.below, row[0]+": "+row[1])
		}
	}
	return []item{it}
}

// notKnown names what the playbook does not know, those with one reason together.
func notKnown(p *provider.Playbook) []string {
	var order []string
	names := map[string][]string{}
	for _, f := range p.Fields() {
		if !f.Unknown() {
			continue
		}
		if names[f.Why()] == nil {
			order = append(order, f.Why())
		}
		names[f.Why()] = append(names[f.Why()], f.Name)
	}
	var out []string
	for _, why := range order {
		out = append(out, "not known: "+strings.Join(names[why], ", ")+" ("+why+")")
	}
	return out
}

func twoEndedItems(t *TwoEnded) []item {
	if t == nil {
		return nil
	}
	return []item{{text: t.Why}, {text: "signs: " + t.Signs}, {text: "verifies: " + t.Verifies}, {text: "changes first: " + t.First}}
}

func windowItems(r *Rotation) []item {
	w := r.Window
	head := fmt.Sprintf("%s to %s, quiet for %s; the steps need %s", r.at(w.Start), r.at(w.End), span(w.End.Sub(w.Start)), w.Needed)
	if !w.Quiet {
		head = fmt.Sprintf("no quiet window: the least bad one is %s to %s (the steps need %s)", r.at(w.Start), r.at(w.End), w.Needed)
	}
	out := []item{{text: head}}
	if w.Why != "" {
		out = append(out, item{text: w.Why})
	}
	out = append(out, item{text: r.Bounds})
	if r.Canary != nil {
		out = append(out, item{text: fmt.Sprintf("canary: %s at %s, the first run after the steps", r.Canary.Name, r.at(r.Canary.At))})
	}
	return append(out, item{text: soakText(r)})
}

// soakText says how long the old value must wait; a value that is rotated in place is gone already.
func soakText(r *Rotation) string {
	what := "the old value must stay valid until "
	if r.Playbook.Class == "D" {
		what = "every dependent has run with the new value by "
	}
	return what + r.at(r.Soak.Until) + ": " + r.Soak.Why
}

func stepItems(r *Rotation) []item {
	var out []item
	for _, s := range r.Steps {
		title := fmt.Sprintf("%d. %s", s.Number, s.Title)
		if s.NoReturn {
			title += " (no way back from here)"
		}
		out = append(out, item{text: title, below: append(append([]string{}, s.Do...), "rollback: "+s.Rollback)})
	}
	return out
}

func verifyItems(r *Rotation) []item {
	var out []item
	at := map[string]int{}
	for _, v := range r.Verify {
		i, ok := at[v.How]
		if !ok {
			i = len(out)
			at[v.How] = i
			out = append(out, item{text: ": " + v.How})
		}
		out[i].names = append(out[i].names, v.Dependent)
	}
	return joined(out)
}

func watchItems(r *Rotation) []item {
	var out []item
	at := map[string]int{}
	for _, w := range r.Watch {
		key := w.Expect + "|" + w.Failure + "|" + strings.Join(w.Tell, ",")
		if i, ok := at[key]; ok {
			out[i].names = append(out[i].names, w.Name)
			continue
		}
		at[key] = len(out)
		it := item{text: ": " + w.Expect, names: []string{w.Name}, below: []string{"failure looks like: " + w.Failure}}
		if len(w.Tell) > 0 {
			it.below = append(it.below, "tell: "+strings.Join(w.Tell, ", "))
		}
		out = append(out, it)
	}
	return joined(out)
}

// joined puts the names of what is joined on a line before its text: all of them, since each is looked at.
func joined(all []item) []item {
	for i := range all {
		all[i].text = strings.Join(all[i].names, ", ") + all[i].text
	}
	return all
}

// String says when several credentials are rotated together.
func (n *Night) String() string {
	text := n.Start.In(zone(n.Zone)).Format(moment) + ": " + strings.Join(n.Credentials, ", ")
	if n.Why != "" {
		text += " (" + n.Why + ")"
	}
	return text
}
