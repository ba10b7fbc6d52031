package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/rules/policy"
)

// WriteFindings writes what a check found: each finding with its places and what to do, then the count.
func WriteFindings(w io.Writer, d *Document, width int, color bool) error {
	t := newTerminal(w, width, color)
	open, lived := 0, 0
	for _, f := range d.Findings {
		if f.Suppressed != nil {
			lived++
			continue
		}
		open++
		t.finding(f)
	}
	if d.Change != nil {
		t.change(d.Change)
	}
	total := countOf(open, "finding", "findings")
	if d.Change != nil {
		total = countOf(open, "new finding", "new findings") + ", compared with " + Plain(d.Change.Base)
	}
	if lived > 0 {
		total += fmt.Sprintf(", %d accepted", lived)
	}
	t.line(t.paint(styleTitle, total))
	if !d.Coverage.Complete {
		t.line(t.paint(styleWarn, countOf(len(d.Coverage.Unreadable), "thing", "things")+" could not be read: rotamap list skips"))
	}
	return t.b.Flush()
}

// findingIndent is the column of what belongs to a finding; its severity stands before it.
const findingIndent = "          "

func (t *terminal) finding(f policy.Finding) {
	severity := f.Severity.String()
	for i, l := range t.broken(findingIndent, Plain(f.Title)) {
		before := findingIndent
		if i == 0 {
			before = t.paint(severityStyle(severity), pad(severity, len(findingIndent)))
		}
		t.line(before + t.paint(styleTitle, l))
	}
	var places strings.Builder
	explainPlaces(&places, findingIndent, f.Evidence)
	for l := range strings.Lines(places.String()) {
		t.line(findingIndent + tail(strings.TrimSpace(l), t.width-len(findingIndent)))
	}
	if f.Fix != "" {
		t.wrap(findingIndent, "fix: "+Plain(f.Fix))
	}
	t.line(findingIndent + t.paint(styleFaint, "rule: policy/"+Plain(f.Rule)))
	t.line("")
}

// change writes which lines of the register the change asks for.
func (t *terminal) change(c *policy.Change) {
	if len(c.Asking) == 0 {
		return
	}
	t.line(t.paint(styleTitle, "asks for agreement") + " (the check holds to the register of before)")
	for i := range c.Asking {
		t.wrap("  ", Plain(c.Asking[i].String()))
	}
	t.line("")
}

func countOf(n int, one, many string) string {
	switch n {
	case 0:
		return "no " + many
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
