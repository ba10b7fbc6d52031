package reports

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// table is one kind of thing of a document as rows: a sheet of a workbook, a table of a database.
type table struct {
	id      string // as a database names it
	title   string // as a sheet is called
	columns []field
	rows    [][]any // string, int, or nil for unknown; a label is a string
}

// field is one column of a table. A column with Refers holds the label of a credential.
type field struct {
	id     string
	title  string
	width  int // in characters
	refers bool
}

// listOf joins several texts in one cell.
func listOf(all []string) string { return strings.Join(all, "; ") }

// tables returns the document as tables, the main one first.
func (d *Document) tables(o Options) []table {
	labels := make(map[string]string, len(d.Credentials))
	for i := range d.Credentials {
		labels[d.Credentials[i].ID] = d.Credentials[i].Label
	}
	return []table{d.credentialTable(o), d.dependentTable(), d.automationTable(labels), d.findingTable(labels),
		d.literalTable(labels, o), d.slotTable(), namedTable("services", "Services", d.Services, labels),
		namedTable("owners", "Owners", d.Owners, labels), d.sourceTable(), d.leftTable()}
}

func (d *Document) credentialTable(o Options) table {
	t := table{id: "credentials", title: "Credentials", columns: []field{{"label", "Label", 9, false}, {"name", "Name", 34, false},
		{"service", "Service", 14, false}, {"exposure", "Exposure", 13, false}, {"severity", "Risk", 10, false},
		{"environment", "Environment", 14, false}, {"owners", "Owners", 22, false}, {"stores", "Lives in", 18, false},
		{"automations", "Automations", 13, false}, {"findings", "Findings", 11, false}, {"places", "Hard-coded places", 18, false},
		{"first_seen", "First seen", 12, false}, {"age_days", "Age in days", 13, false}, {"purpose", "Purpose", 30, false},
		{"temporary", "Temporary", 20, false}, {"id", "Id", 48, false}}}
	if o.Internal {
		t.columns = append(t.columns, field{"fingerprints", "Fingerprints", 44, false})
	}
	for i := range d.Credentials {
		c := &d.Credentials[i]
		temporary := ""
		if c.Temporary != nil {
			temporary = cmp.Or(c.Temporary.Why, "yes")
		}
		row := []any{c.Label, c.Name, c.Service, c.Exposure, c.Severity, c.Environment, listOf(ownersOf(c.Owners)), listOf(c.Stores),
			len(c.Automations), c.Findings, c.Literals, day(c.FirstSeen), orNil(c.AgeDays), c.Purpose, temporary, c.ID}
		if o.Internal {
			var prints []string
			for _, v := range c.Values {
				prints = append(prints, v.Fingerprint+" ("+v.State+")")
			}
			row = append(row, listOf(prints))
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// orNil is a number, or nil for an unknown one.
func orNil(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

func ownersOf(all []graph.Owner) []string {
	var out []string
	for _, o := range all {
		out = append(out, o.Name)
	}
	return out
}

// dependentTable lists, for each credential, the automations that stop, may stop or do not start when it changes.
func (d *Document) dependentTable() table {
	t := table{id: "dependents", title: "What stops", columns: []field{{"credential", "Credential", 11, true},
		{"credential_name", "Name of the credential", 30, false}, {"automation", "Automation", 34, false}, {"platform", "Platform", 16, false},
		{"certainty", "Outcome", 14, false}, {"confidence", "Confidence", 12, false}, {"schedule", "Schedule", 22, false},
		{"environment", "Environment", 14, false}, {"owners", "Owners", 22, false}, {"needs", "Must do", 18, false},
		{"evidence", "Evidence", 70, false}, {"automation_id", "Id", 48, false}}}
	for i := range d.Credentials {
		c := &d.Credentials[i]
		impact := d.Impact(c)
		names := automationNames(impact)
		for _, x := range append(impact.Dependents, impact.Possible...) {
			if x.Kind != inventory.Automation {
				continue
			}
			var path []string
			for _, h := range hops(x.Path, names) {
				path = append(path, strings.TrimSpace(h.where+" "+h.what))
			}
			t.rows = append(t.rows, []any{c.Label, c.Name, nameOr(x.Name, x.ID), x.Platform, strings.ReplaceAll(x.Certainty, "-", " "),
				x.Confidence.String(), listOf(scheduleTexts(x.Schedules)), x.Environment, listOf(ownersOf(x.Owners)), listOf(x.Needs),
				strings.Join(path, " > "), x.ID})
		}
	}
	return t
}

func scheduleTexts(all []graph.Schedule) []string {
	var out []string
	for _, s := range all {
		out = append(out, strings.TrimSpace(s.Text+" "+s.Timezone))
	}
	return out
}

func (d *Document) automationTable(labels map[string]string) table {
	t := table{id: "automations", title: "Automations", columns: []field{{"name", "Name", 34, false}, {"platform", "Platform", 16, false},
		{"active", "Active", 10, false}, {"schedule", "Schedule", 22, false}, {"triggers", "Starts on", 22, false},
		{"environment", "Environment", 14, false}, {"owners", "Owners", 22, false}, {"needs", "Credentials", 13, false},
		{"credentials", "Which", 24, false}, {"place", "Where", 48, false}, {"state", "State", 10, false}, {"id", "Id", 48, false}}}
	for _, a := range d.Automations {
		t.rows = append(t.rows, []any{nameOr(a.Name, a.ID), a.Platform, active(a.Active), listOf(scheduleTexts(a.Schedules)), listOf(a.Triggers),
			a.Environment, listOf(ownersOf(a.Owners)), len(a.Credentials), listOf(labelsOf(a.Credentials, labels)),
			listOf(d.placeTexts(a.Evidence, 3)), string(a.State), a.ID})
	}
	return t
}

// labelsOf returns the labels of credentials by their ids; those that stand in no row are left out.
func labelsOf(ids []string, labels map[string]string) []string {
	var out []string
	for _, id := range ids {
		if l := labels[id]; l != "" {
			out = append(out, l)
		}
	}
	return out
}

// placeTexts writes up to so many places, and how many more there are.
func (d *Document) placeTexts(all []inventory.Evidence, most int) []string {
	var out []string
	for _, e := range all[:min(most, len(all))] {
		out = append(out, d.place(e))
	}
	if more := len(all) - len(out); more > 0 {
		out = append(out, strconv.Itoa(more)+" more")
	}
	return out
}

func (d *Document) findingTable(labels map[string]string) table {
	t := table{id: "findings", title: "Findings", columns: []field{{"severity", "Risk", 10, false}, {"title", "Finding", 48, false},
		{"credential", "Credential", 11, true}, {"why", "Why", 48, false}, {"fix", "What to do", 48, false}, {"places", "Where", 48, false},
		{"accepted", "Accepted", 30, false}, {"rule", "Rule", 24, false}}}
	for _, f := range d.Findings {
		t.rows = append(t.rows, []any{f.Severity.String(), f.Title, labels[f.Credential], f.Why, f.Fix, listOf(d.placeTexts(f.Evidence, 20)),
			accepted(f.Suppressed), f.Rule})
	}
	return t
}

func (d *Document) literalTable(labels map[string]string, o Options) table {
	t := table{id: "places", title: "Hard-coded places", columns: []field{{"value", "Value", 10, false}, {"name", "Name", 30, false},
		{"rule", "Rule", 24, false}, {"severity", "Risk", 10, false}, {"state", "State", 10, false}, {"credential", "Credential", 11, true},
		{"place", "Where", 56, false}, {"pointer", "Pointer", 36, false}, {"first_seen", "First seen", 12, false},
		{"last_seen", "Last seen", 12, false}, {"weak", "Weak", 20, false}}}
	if o.Internal {
		t.columns = append(t.columns, field{"fingerprint", "Fingerprint", 44, false})
	}
	for _, l := range d.Literals {
		row := []any{l.Label, l.Name, l.Rule, l.Severity, string(l.Evidence.State), labels[l.Credential], d.place(l.Evidence),
			l.Evidence.Pointer, day(l.FirstSeen), day(l.LastSeen), l.Weak}
		if o.Internal {
			row = append(row, l.Fingerprint)
		}
		t.rows = append(t.rows, row)
	}
	return t
}

func (d *Document) slotTable() table {
	t := table{id: "slots", title: "Slots", columns: []field{{"id", "Id", 56, false}, {"store", "Store", 14, false}, {"name", "Name", 34, false},
		{"class", "Class", 14, false}, {"defined", "Defined", 12, false}, {"places", "Mentioned at", 56, false}}}
	for _, s := range d.Slots {
		t.rows = append(t.rows, []any{s.ID, s.Store, s.Name, string(s.Class), s.Defined, listOf(d.placeTexts(s.Evidence, 5))})
	}
	return t
}

func namedTable(id, title string, all []graph.Named, labels map[string]string) table {
	t := table{id: id, title: title, columns: []field{{"name", "Name", 34, false}, {"credentials", "Credentials", 13, false},
		{"labels", "Which", 40, false}, {"automations", "Automations", 13, false}}}
	for _, n := range all {
		t.rows = append(t.rows, []any{nameOr(n.Name, n.ID), len(n.Credentials), listOf(labelsOf(n.Credentials, labels)), len(n.Automations)})
	}
	return t
}

func (d *Document) sourceTable() table {
	t := table{id: "sources", title: "Sources", columns: []field{{"id", "Source", 48, false}, {"revision", "Revision", 44, false},
		{"files", "Files", 10, false}, {"commits", "Commits", 10, false}, {"branches", "Branches", 10, false}, {"contents", "Contents", 10, false}}}
	for _, s := range d.Coverage.Sources {
		t.rows = append(t.rows, []any{s.ID, s.Revision, s.Files, s.Commits, s.Branches, s.Blobs})
	}
	return t
}

// leftTable says what was not looked at: what could not be read first.
func (d *Document) leftTable() table {
	t := table{id: "not_read", title: "Not looked at", columns: []field{{"outcome", "Outcome", 20, false}, {"source", "Source", 40, false},
		{"what", "What", 48, false}, {"reason", "Reason", 48, false}, {"count", "Count", 10, false}}}
	for _, u := range d.Coverage.Unreadable {
		t.rows = append(t.rows, []any{"could not be read", u.Source, u.What, u.Reason, 1})
	}
	for _, s := range d.skipSummary() {
		t.rows = append(t.rows, []any{"left out by choice", s.Source, s.Path, s.Reason, s.Count})
	}
	for _, s := range d.Coverage.Suppressed {
		t.rows = append(t.rows, []any{"held to be no secret", s.Source, "", s.Reason, s.Count})
	}
	return t
}
