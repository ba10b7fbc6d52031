package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// powersText counts automations, and files of code that nothing was seen to start.
func powersText(r *Rotation) string {
	n, apart, files := 0, 0, map[string]bool{}
	for _, p := range r.Powers {
		switch {
		case p.Certainty == graph.CertaintyNoStart: // it does not use the credential itself
		case len(p.Branches) > 0 && p.Kind == inventory.Automation:
			apart++
		case len(p.Branches) > 0: // code of another branch
		case p.Kind == inventory.Code:
			file, _, _ := strings.Cut(p.ID, "#") // a target of a Makefile
			files[file] = true
		case p.Active == nil || *p.Active:
			n++
		}
	}
	more := ""
	if apart > 0 {
		more = ", and " + counted(apart, "automation") + " that only other branches show"
	}
	code := len(files)
	switch {
	case code == 0 && n == 0 && apart > 0:
		return "nothing in the present state" + more
	case code == 0 && n == 0:
		return "nothing that was seen in this scan"
	case code == 0:
		return counted(n, "automation") + more
	case n == 0:
		return counted(code, "file") + " of code that nothing was seen to start" + more
	}
	return counted(n, "automation") + " and " + counted(code, "file") + " of code beside them" + more
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
		if len(p.Branches) > 0 {
			continue
		}
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
	return append(out, apartItems(all)...)
}

// apartItems draws what only the heads of other branches show, all of it together.
func apartItems(all []Power) []item {
	var names, branches []string
	files := map[string]bool{}
	for _, p := range all {
		switch {
		case len(p.Branches) == 0:
			continue
		case p.Kind == inventory.Code:
			file, _, _ := strings.Cut(p.ID, "#")
			files[file] = true
		default:
			names = append(names, p.Name)
		}
		for _, b := range p.Branches {
			branches = appendNew(branches, b)
		}
	}
	var parts []string
	if len(names) > 0 {
		parts = append(parts, some(names, 8))
	}
	if len(files) > 0 {
		parts = append(parts, counted(len(files), "file")+" of code")
	}
	if len(parts) == 0 {
		return nil
	}
	return []item{{text: strings.Join(parts, ", and "), below: []string{"only at the head of " + some(branches, 4) + ": not in the present state"}}}
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
	switch {
	case p.Certainty == graph.CertaintyNoStart:
		it.below = append(it.below, "does not use it: it starts after one that does, and does not when that fails ("+r.where(p.At)+")")
	case p.At.Path != "":
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
