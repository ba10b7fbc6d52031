package reports

import (
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
)

// The numbers of lines that the summary gives to each list.
const (
	summaryTop      = 6
	summaryProblems = 6
	summarySkips    = 4
)

// WriteSummary writes what a scan found, for a person at a terminal of the given width: the numbers, the credentials
// that power the most, the problems, what was skipped and why, and what to type next.
func WriteSummary(w io.Writer, d *Document, width int, color bool) error {
	t := newTerminal(w, width, color)
	d = d.visible()
	t.line(t.paint(styleTitle, d.Title))
	t.line("")
	t.numbers(d)
	t.top(d)
	t.problems(d)
	t.gaps(d)
	t.next(d)
	return t.b.Flush()
}

func (t *terminal) numbers(d *Document) {
	n := d.Totals
	t.number(n.Credentials, "credentials", fmt.Sprintf("%d hard-coded, %d only in history, %d only referenced",
		n.HardCoded, n.HistoryOnly, n.Referenced))
	t.number(n.Automations, "automations", fmt.Sprintf("%d with a schedule", scheduled(d)))
	t.number(n.Services, "services", names(d))
	t.number(n.Files, "files", fmt.Sprintf("%s, %s", count(n.Sources, "source"), count(n.Commits, "commit")))
}

func (t *terminal) number(n int, what, detail string) {
	t.line("  " + t.paint(styleName, fmt.Sprintf("%6d", n)) + " " + pad(what, 13) + t.paint(styleFaint, detail))
}

func scheduled(d *Document) int {
	n := 0
	for _, a := range d.Automations {
		if len(a.Schedules) > 0 {
			n++
		}
	}
	return n
}

// names lists the first services by name.
func names(d *Document) string {
	var out []string
	for _, s := range d.Services[:min(4, len(d.Services))] {
		out = append(out, s.Name)
	}
	if more := len(d.Services) - len(out); more > 0 {
		return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(out, ", ")
}

func (t *terminal) top(d *Document) {
	top := d.Top(summaryTop)
	if len(top) == 0 {
		return
	}
	t.heading("Credentials that power the most")
	for _, c := range top {
		name := max(16, t.width-56)
		t.line("  " + t.paint(styleName, pad(d.distinct(c, name), name)) + " " + pad(c.Service, 11) + " " +
			t.paint(exposureStyle(c.Exposure), pad(c.Exposure, 10)) + " " + pad(strings.Join(c.Stores, ", "), 14) + " " +
			count(len(c.Automations), "automation"))
	}
	if more := len(d.Credentials) - len(top); more > 0 {
		t.line("  " + t.paint(styleFaint, fmt.Sprintf("and %d more: rotamap list credentials", more)))
	}
}

// distinct is the name of a credential, or the end of its id when others have the same name; of a path, the end.
func (d *Document) distinct(c Credential, width int) string {
	for i := range d.Credentials {
		if d.Credentials[i].Name == c.Name && d.Credentials[i].ID != c.ID {
			return tail(c.ID, width)
		}
	}
	if strings.Contains(c.Name, "/") {
		return tail(c.Name, width)
	}
	return c.Name
}

// problem is one line under "Problems".
type problem struct{ severity, text, where string }

func (t *terminal) problems(d *Document) {
	all := problems(d)
	if len(all) == 0 {
		return
	}
	t.heading("Problems")
	for _, p := range all[:min(summaryProblems, len(all))] {
		where := tail(p.where, max(16, t.width*4/10))
		text := pad(p.text, max(20, t.width-13-lipgloss.Width(where)))
		t.line("  " + t.paint(severityStyle(p.severity), pad(p.severity, 8)) + " " + text + "  " + t.paint(styleFaint, where))
	}
	if more := len(all) - summaryProblems; more > 0 {
		t.line("  " + t.paint(styleFaint, fmt.Sprintf("and %d more: rotamap check", more)))
	}
}

// problems are the findings that stand; without any, the credentials that are hard-coded.
func problems(d *Document) []problem {
	var out []problem
	for _, f := range d.Findings {
		if f.Suppressed != nil {
			continue
		}
		p := problem{f.Severity.String(), f.Title, ""}
		if len(f.Evidence) > 0 {
			p.where = f.Evidence[0].String()
		}
		out = append(out, p)
	}
	if len(out) > 0 {
		return out
	}
	first := d.firstPlaces()
	for _, severity := range Severities {
		for i := range d.Credentials {
			if c := &d.Credentials[i]; c.Severity == severity && c.Literals > 0 {
				text := c.Name + " is hard-coded"
				if c.Exposure == HistoryOnly {
					text = c.Name + " is in the history"
				}
				if c.Literals > 1 {
					text += fmt.Sprintf(" in %d places", c.Literals)
				}
				out = append(out, problem{severity, text, first[c.ID]})
			}
		}
	}
	return out
}

// firstPlaces returns the first place of a literal for each credential.
func (d *Document) firstPlaces() map[string]string {
	out := map[string]string{}
	for _, l := range d.Literals {
		if out[l.Credential] == "" {
			out[l.Credential] = l.Evidence.String()
		}
	}
	return out
}

// gaps says what was skipped and why.
func (t *terminal) gaps(d *Document) {
	reasons, unreadable := d.SkipReasons(), d.Coverage.Unreadable
	if len(reasons)+len(unreadable)+d.Totals.Suppressed == 0 {
		return
	}
	t.heading("Skipped")
	for _, u := range unreadable[:min(summarySkips, len(unreadable))] {
		t.line("  " + t.paint(styleWarn, "not readable ") + u.What + ": " + u.Reason)
	}
	if more := len(unreadable) - summarySkips; more > 0 {
		t.line("  " + t.paint(styleWarn, fmt.Sprintf("and %d more not readable", more)))
	}
	for _, r := range reasons[:min(summarySkips, len(reasons))] {
		t.linef("  %6d %s", r.Count, r.Reason)
	}
	if more := len(reasons) - summarySkips; more > 0 {
		t.line("  " + t.paint(styleFaint, fmt.Sprintf("and %d more reasons: rotamap list skips", more)))
	}
	if n := d.Totals.Suppressed; n > 0 {
		t.linef("  %6d held to be no secret: placeholders, samples", n)
	}
}

// next says what to type next.
func (t *terminal) next(d *Document) {
	t.heading("Next")
	path := ""
	if d.mapPath != "" {
		path = " " + shellWord(d.mapPath)
	}
	if top := d.Top(1); len(top) > 0 {
		t.command("rotamap impact "+shellWord(d.distinct(top[0], 1<<10))+path, "what stops when it changes")
	} else {
		t.command("rotamap list credentials"+path, "all that was found")
	}
	t.command("rotamap report -f html -o report.html"+path, "the map to look at and to hand on")
	if len(problems(d)) > 0 {
		t.command("rotamap check"+path, "the problems, with an exit code for CI")
	}
}

// command writes a command whole, wider than the terminal if need be: it is there to be copied. What it does follows
// where there is room.
func (t *terminal) command(line, what string) {
	if 2+max(38, len(line))+1+lipgloss.Width(what) > t.width {
		t.b.WriteString("  " + t.paint(styleName, line) + "\n")
		return
	}
	t.line("  " + t.paint(styleName, pad(line, max(38, len(line)))) + " " + t.paint(styleFaint, what))
}

// shellWord quotes a word for a shell when it must be.
func shellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./:@%+=,#", r)
	}
	if s != "" && s[0] != '#' && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
