package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

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
		{"Steps", stepItems(r)},
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

// powersText counts automations, and files of code that nothing was seen to start.
func powersText(r *Rotation) string {
	n, files := 0, map[string]bool{}
	for _, p := range r.Powers {
		switch {
		case p.Kind == inventory.Code:
			file, _, _ := strings.Cut(p.ID, "#") // a target of a Makefile
			files[file] = true
		case p.Active == nil || *p.Active:
			n++
		}
	}
	code := len(files)
	switch {
	case code == 0 && n == 0:
		return "nothing that was seen in this scan"
	case code == 0:
		return counted(n, "automation")
	case n == 0:
		return counted(code, "file") + " of code that nothing was seen to start"
	}
	return counted(n, "automation") + " and " + counted(code, "file") + " of code beside them"
}

func hardCoded(yes bool, edits int) string {
	if !yes {
		return ""
	}
	return fmt.Sprintf("hard-coded in %s", counted(edits, "place"))
}

func active(r *Rotation) int {
	n := 0
	for _, p := range r.Powers {
		if p.Active == nil || *p.Active {
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

func powerItems(r *Rotation) []item {
	out := r.plainItems(r.Powers)
	if len(out) == 0 {
		out = []item{{text: "no dependent was found in what was scanned; that does not mean that there is none"}}
	}
	return out
}

// plainItems draws what depends on the credential. What uses it at the same place in the same way (the targets of one
// Makefile) stands on one line.
func (r *Rotation) plainItems(all []Power) []item {
	var out []item
	at := map[string]int{}
	for _, p := range all {
		key := p.Platform + "|" + r.where(p.At) + "|" + p.Confidence.String() + "|" + p.Environment + fmt.Sprint(p.Schedules, p.Triggers, p.Owners)
		if i, ok := at[key]; ok && p.At.Path != "" && p.Active == nil {
			out[i].names = append(out[i].names, p.Name)
			continue
		}
		at[key] = len(out)
		out = append(out, r.powerItem(p))
	}
	for i := range out {
		out[i].text = some(out[i].names, 6) + out[i].text
	}
	return out
}

func (r *Rotation) powerItem(p Power) item {
	text := " (" + p.Platform
	if p.Environment != "" && p.Environment != "unknown" {
		text += ", " + p.Environment
	}
	text += ", " + p.Confidence.String()
	if p.Active != nil && !*p.Active {
		text += ", switched off"
	}
	it := item{text: text + ")", names: []string{p.Name}}
	for _, s := range p.Schedules {
		it.below = append(it.below, scheduleText(s))
	}
	if triggers := otherTriggers(p.Triggers); len(triggers) > 0 {
		it.below = append(it.below, "starts on "+strings.Join(triggers, ", "))
	}
	if len(p.Branches) > 0 {
		it.below = append(it.below, "only at the head of "+some(p.Branches, 3)+": not in the present state")
	}
	if p.At.Path != "" {
		it.below = append(it.below, "uses it at "+r.where(p.At))
	}
	if len(p.Owners) > 0 {
		it.below = append(it.below, "owner: "+strings.Join(p.Owners, ", "))
	}
	return it
}

// otherTriggers leaves out the schedule, which is shown with its times.
func otherTriggers(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(t string) bool { return t == "schedule" })
}

// some joins up to n names, and counts the rest.
func some(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

func scheduleText(s PowerSchedule) string {
	text := "runs " + s.Text
	switch {
	case s.Unsolved != "":
		return text + ": " + s.Unsolved
	case s.Assumed:
		text += " (zone not stated, UTC assumed)"
	default:
		text += " " + s.Zone
	}
	if s.Interval != "" {
		text += ", every " + s.Interval + " at the most"
	}
	return text
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
	for _, v := range r.Verify {
		out = append(out, item{text: v.Dependent + ": " + v.How})
	}
	return out
}

func watchItems(r *Rotation) []item {
	var out []item
	for _, w := range r.Watch {
		it := item{text: w.Name + ": " + w.Expect, below: []string{"failure looks like: " + w.Failure}}
		if len(w.Tell) > 0 {
			it.below = append(it.below, "tell: "+strings.Join(w.Tell, ", "))
		}
		out = append(out, it)
	}
	return out
}

// String says when several credentials are rotated together.
func (n *Night) String() string {
	text := n.Start.In(zone(n.Zone)).Format(moment) + ": " + strings.Join(n.Credentials, ", ")
	if n.Why != "" {
		text += " (" + n.Why + ")"
	}
	return text
}
