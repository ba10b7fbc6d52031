package reports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"charm.land/lipgloss/v2"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// ListKinds are the kinds that WriteList knows.
var ListKinds = []string{"credentials", "slots", "automations", "services", "owners", "skips"}

// Uncut is the width of a table that goes to a file or a pipe: nothing is cut.
const Uncut = 1 << 20

// WriteList writes a table of one kind, at most width cells wide. An unknown kind is an error that names those there
// are.
func WriteList(w io.Writer, d *Document, kind string, width int, color bool) error {
	t := newTerminal(w, width, color)
	d = d.visible()
	columns, ok := listColumns[kind]
	if !ok {
		return fmt.Errorf("no kind of list is called %q; there are %s", kind, strings.Join(ListKinds, ", "))
	}
	t.table(columns, listRows(d, kind))
	return t.b.Flush()
}

// listColumns are the columns of each kind.
var listColumns = map[string][]column{
	"credentials": {{"credential", 0, false}, {"service", 12, false}, {"exposure", 10, false}, {"environ.", 10, false},
		{"powers", 0, false}, {"id", 0, true}},
	"slots":       {{"slot", 0, true}, {"class", 10, false}, {"defined", 10, false}, {"values", 0, false}},
	"automations": {{"automation", 0, false}, {"platform", 14, false}, {"schedule", 12, false}, {"needs", 0, false}, {"where", 0, true}},
	"services":    {{"service", 0, false}, {"credentials", 0, false}, {"automations", 0, false}},
	"owners":      {{"owner", 0, false}, {"credentials", 0, false}, {"automations", 0, false}},
	"skips":       {{"source", 20, false}, {"path", 0, true}, {"reason", 0, false}, {"count", 0, false}},
}

func listRows(d *Document, kind string) [][]string {
	switch kind {
	case "credentials":
		return credentialRows(d)
	case "slots":
		return slotRows(d)
	case "automations":
		return automationRows(d)
	case "services":
		return namedRows(d.Services)
	case "owners":
		return namedRows(d.Owners)
	}
	return skipRows(d)
}

func credentialRows(d *Document) [][]string {
	var out [][]string
	for _, c := range d.Credentials {
		out = append(out, []string{c.Name, c.Service, c.Exposure, known(c.Environment), strconv.Itoa(len(c.Automations)), c.ID})
	}
	return out
}

func slotRows(d *Document) [][]string {
	var out [][]string
	for _, s := range d.Slots {
		out = append(out, []string{s.ID, string(s.Class), s.Defined, strconv.Itoa(len(s.Fingerprints))})
	}
	return out
}

func automationRows(d *Document) [][]string {
	var out [][]string
	for _, a := range d.Automations {
		out = append(out, []string{a.Name, a.Platform, schedules(a.Schedules),
			strconv.Itoa(len(a.Credentials)), d.firstPlace(a.Evidence)})
	}
	return out
}

func schedules(all []graph.Schedule) string {
	var out []string
	for _, s := range all {
		out = append(out, strings.TrimSpace(s.Text+" "+s.Timezone))
	}
	return strings.Join(out, "; ")
}

func (d *Document) firstPlace(all []inventory.Evidence) string {
	if len(all) == 0 {
		return ""
	}
	return d.place(all[0])
}

func known(environment string) string {
	if environment == "unknown" {
		return ""
	}
	return environment
}

func namedRows(all []graph.Named) [][]string {
	var out [][]string
	for _, n := range all {
		out = append(out, []string{n.Name, strconv.Itoa(len(n.Credentials)), strconv.Itoa(len(n.Automations))})
	}
	return out
}

// skipRows lists what could not be read first, then what was left out.
func skipRows(d *Document) [][]string {
	var out [][]string
	for _, u := range d.Coverage.Unreadable {
		out = append(out, []string{u.Source, u.What, "could not be read: " + u.Reason, "1"})
	}
	for _, s := range d.Coverage.Skipped {
		out = append(out, []string{s.Source, s.Path, s.Reason, strconv.Itoa(s.Count)})
	}
	return out
}

// column is one column of a table: its heading, and how it gives way when the terminal is narrow.
type column struct {
	head string
	most int  // widest it may be, 0 for no bound
	end  bool // of a text that does not fit, the end says the most: a path, an id
}

// table writes rows in columns; columns without a bound share what is left of the width.
func (t *terminal) table(columns []column, rows [][]string) {
	widths := columnWidths(columns, rows, t.width-2*(len(columns)-1))
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = t.paint(styleTitle, pad(strings.ToUpper(c.head), widths[i]))
	}
	t.line(strings.Join(cells, "  "))
	for _, row := range rows {
		for i, s := range row {
			if columns[i].end {
				s = tail(s, widths[i])
			}
			style := stylePlain
			if i == 0 {
				style = styleName
			}
			cells[i] = t.paint(style, pad(s, widths[i]))
		}
		t.line(strings.Join(cells, "  "))
	}
	if len(rows) == 0 {
		t.line(t.paint(styleFaint, "none"))
	}
}

// columnWidths returns the natural widths of columns; while they do not fit, the widest one without a bound shrinks,
// and when none is left, the widest of all.
func columnWidths(columns []column, rows [][]string, room int) []int {
	out := make([]int, len(columns))
	for i, c := range columns {
		out[i] = lipgloss.Width(c.head)
		for _, r := range rows {
			out[i] = max(out[i], lipgloss.Width(r[i]))
		}
		if c.most > 0 && room < Uncut/2 {
			out[i] = min(out[i], max(c.most, len(c.head)))
		}
	}
	for sum(out) > room {
		i := widest(columns, out)
		if out[i] <= 4 {
			break
		}
		out[i]--
	}
	return out
}

func widest(columns []column, widths []int) int {
	best := -1
	for i, c := range columns {
		if c.most == 0 && widths[i] > 12 && (best < 0 || widths[i] > widths[best]) {
			best = i
		}
	}
	if best < 0 {
		return slices.Index(widths, slices.Max(widths))
	}
	return best
}

func sum(all []int) int {
	n := 0
	for _, x := range all {
		n += x
	}
	return n
}

// exposureStyle makes values in files stand out; the word is always there.
func exposureStyle(e string) lipgloss.Style {
	if e == HardCoded {
		return styleWarn
	}
	return stylePlain
}
