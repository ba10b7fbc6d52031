package reports

import (
	"cmp"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

func (w *webWriter) automationRow(a *graph.Automation) webAutomation {
	out := webAutomation{ID: w.text(a.ID), Name: w.text(nameOr(a.Name, a.ID)), Platform: w.text(a.Platform),
		Active: w.text(active(a.Active)), Triggers: w.list(a.Triggers), Environment: w.text(a.Environment),
		Places: w.places(a.Evidence, 3), State: w.text(string(a.State)), Branches: a.Branches}
	for _, s := range a.Schedules {
		out.Schedules = append(out.Schedules, w.text(strings.TrimSpace(s.Text+" "+s.Timezone)))
	}
	for _, o := range a.Owners {
		out.Owners = append(out.Owners, w.text(o.Name))
	}
	for _, id := range a.Credentials {
		if i, ok := w.credential[id]; ok {
			out.Credentials = append(out.Credentials, i)
		}
	}
	return out
}

func (w *webWriter) literals() []webLiteral {
	out := []webLiteral{}
	for _, l := range w.d.Literals {
		row := webLiteral{Label: l.Label, Name: w.text(l.Name), Rule: w.text(l.Rule), Severity: w.text(l.Severity),
			Place: w.text(w.d.place(l.Evidence)), Pointer: w.text(l.Evidence.Pointer), State: w.text(string(l.Evidence.State)),
			Weak: w.text(l.Weak), Credential: w.credentialIndex(l.Credential), FirstSeen: day(l.FirstSeen)}
		if w.o.Internal {
			row.Print = l.Fingerprint
		}
		out = append(out, row)
	}
	return out
}

// findingPlaces is the number of places that the page lists for one finding.
const findingPlaces = 20

func (w *webWriter) findings() []webFinding {
	out := []webFinding{}
	for _, f := range w.d.Findings {
		out = append(out, webFinding{Rule: w.text(f.Rule), Severity: w.text(f.Severity.String()), Title: w.text(f.Title),
			Why: w.text(f.Why), Fix: w.text(f.Fix), Credential: w.credentialIndex(f.Credential),
			Places: w.places(f.Evidence, findingPlaces), More: max(0, len(f.Evidence)-findingPlaces), Suppressed: w.text(accepted(f.Suppressed))})
	}
	return out
}

func (w *webWriter) credentialIndex(id string) int {
	if i, ok := w.credential[id]; ok {
		return i
	}
	return -1
}

// linkLists gives each credential the indexes of its literals and findings.
func (w *webWriter) linkLists(out *webData) {
	for i, l := range out.Literals {
		if l.Credential >= 0 {
			c := &out.Credentials[l.Credential]
			c.Literals = append(c.Literals, i)
		}
	}
	for i, f := range out.Findings {
		if f.Credential >= 0 {
			c := &out.Credentials[f.Credential]
			c.Findings = append(c.Findings, i)
		}
	}
}

// skipSummary sums up what was left out by source and reason: a page does not list every path.
func (d *Document) skipSummary() []graph.SkippedIn {
	out := []graph.SkippedIn{}
	at := map[[2]string]int{}
	for _, s := range d.Coverage.Skipped {
		k := [2]string{s.Source, s.Reason}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k] = i
			out = append(out, graph.SkippedIn{Source: s.Source, Path: s.Path, Reason: s.Reason})
		}
		out[i].Count += s.Count
	}
	return out
}

// automationNames are the names of the automations of an impact by id.
func automationNames(impact graph.Impact) map[string]string {
	names := map[string]string{}
	for _, d := range impact.Dependents {
		if d.Kind == inventory.Automation {
			names[d.ID] = d.Name
		}
	}
	return names
}

func nameOr(name, id string) string { return cmp.Or(name, id) }

// day is the date of a time.
func day(t string) string {
	date, _, _ := strings.Cut(t, "T")
	return date
}
