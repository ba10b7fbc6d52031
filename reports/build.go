package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/policy"
)

// Severities lists the severities, worst first.
var Severities = []string{"critical", "high", "medium", "low", "info"}

// severityRank orders severities, worst first; an unknown one comes last.
func severityRank(s string) int {
	if i := slices.Index(Severities, s); i >= 0 {
		return i
	}
	return len(Severities)
}

// New computes the document of a graph.
func New(g *graph.Graph, o Options) Document {
	d := Document{
		Schema: Schema, Client: o.Client, Coverage: g.Coverage(), Automations: g.Automations(),
		Services: g.Services(), Owners: g.Owners(), Slots: append([]graph.Slot{}, g.Slots()...),
		Judged: o.Findings != nil, Findings: sortedFindings(o.Findings), Suppressed: suppressed(g),
		Change: o.Change, Plan: o.Plan, Calendar: o.Calendar, mapPath: o.Map, g: g,
	}
	b := builder{g: g, d: &d, times: commitTimes(g), now: reportTime(g, o.Now)}
	d.Title, d.Time, d.KeyIDs = cmp.Or(o.Title, title(d.Coverage.Sources)), b.now, g.KeyIDs()
	d.Literals = b.literals()
	if o.Change != nil {
		d.Literals = addedLiterals(d.Literals, d.Findings)
	}
	d.Credentials = b.credentials()
	b.labelLiterals()
	d.Totals = totals(&d)
	d.number()
	return d
}

// builder holds what the parts of a document share while it is computed.
type builder struct {
	g     *graph.Graph
	d     *Document
	times map[string]string // commit -> time
	now   string
}

func commitTimes(g *graph.Graph) map[string]string {
	out := map[string]string{}
	for _, f := range g.Sources() {
		for _, c := range f.Commits {
			out[c.ID] = c.Time
		}
	}
	return out
}

// reportTime is the day that ages are counted to: the given one, else that of the newest source.
func reportTime(g *graph.Graph, now time.Time) string {
	if !now.IsZero() {
		return now.UTC().Format(time.RFC3339)
	}
	newest := ""
	for _, f := range g.Sources() {
		newest = max(newest, f.Time)
	}
	return newest
}

func title(sources []graph.CoveredSource) string {
	switch len(sources) {
	case 0:
		return "Asset map"
	case 1:
		return "Asset map of " + sources[0].ID
	case 2:
		return "Asset map of " + sources[0].ID + " and " + sources[1].ID
	}
	return fmt.Sprintf("Asset map of %s and %d more sources", sources[0].ID, len(sources)-1)
}

func sortedFindings(all []policy.Finding) []policy.Finding {
	out := append([]policy.Finding{}, all...)
	for i := range out {
		if out[i].Evidence == nil {
			out[i].Evidence = []inventory.Evidence{} // JSON has a list, never null
		}
	}
	slices.SortStableFunc(out, func(a, b policy.Finding) int {
		return cmp.Or(
			boolCompare(a.Suppressed != nil, b.Suppressed != nil), cmp.Compare(b.Severity, a.Severity),
			strings.Compare(a.Rule, b.Rule), strings.Compare(a.Credential, b.Credential), strings.Compare(a.Title, b.Title),
			slices.CompareFunc(a.Evidence, b.Evidence, inventory.Evidence.Compare))
	})
	return out
}

// addedLiterals are the literals that a change adds: those of its findings.
func addedLiterals(all []Literal, findings []policy.Finding) []Literal {
	added := map[string]bool{}
	for _, f := range findings {
		added[f.Fingerprint] = true
	}
	return slices.DeleteFunc(all, func(l Literal) bool { return !added[l.Fingerprint] })
}

// boolCompare orders false before true.
func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func suppressed(g *graph.Graph) []Suppressed {
	out := []Suppressed{}
	for _, f := range g.Sources() {
		for _, s := range f.Coverage.Suppressed {
			out = append(out, Suppressed{f.Source, s})
		}
	}
	return out
}

func totals(d *Document) Totals {
	t := Totals{
		Sources: len(d.Coverage.Sources), Credentials: len(d.Credentials), Automations: len(d.Automations),
		Services: len(d.Services), Owners: len(d.Owners), Slots: len(d.Slots), Literals: len(d.Literals),
		Findings: map[string]int{},
	}
	for _, s := range d.Coverage.Sources {
		t.Files, t.Commits = t.Files+s.Files, t.Commits+s.Commits
	}
	for _, s := range d.Suppressed {
		t.Suppressed += s.Count
	}
	for i := range d.Credentials {
		switch d.Credentials[i].Exposure {
		case HardCoded:
			t.HardCoded++
		case HistoryOnly:
			t.HistoryOnly++
		default:
			t.Referenced++
		}
	}
	for _, f := range d.Findings {
		if f.Suppressed == nil {
			t.Findings[f.Severity.String()]++
		}
	}
	return t
}
