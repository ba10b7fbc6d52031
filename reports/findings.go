package reports

import (
	"fmt"
	"io"
	"strings"
)

// WriteFindings writes what a check found: each finding with its places and what to do, then the count.
func WriteFindings(w io.Writer, d *Document, width int, color bool) error {
	var b strings.Builder
	open, lived := 0, 0
	for _, f := range d.Findings {
		if f.Suppressed != nil {
			lived++
			continue
		}
		open++
		fmt.Fprintf(&b, "%-8s  %s\n", f.Severity, Plain(f.Title))
		explainPlaces(&b, "          ", f.Evidence)
		fmt.Fprintf(&b, "          fix: %s\n", Plain(f.Fix))
		fmt.Fprintf(&b, "          rule: policy/%s\n\n", Plain(f.Rule))
	}
	fmt.Fprintf(&b, "%s", countOf(open, "finding", "findings"))
	if lived > 0 {
		fmt.Fprintf(&b, ", %d accepted", lived)
	}
	b.WriteByte('\n')
	if !d.Coverage.Complete {
		fmt.Fprintf(&b, "%s could not be read: rotamap list skips\n", countOf(len(d.Coverage.Unreadable), "thing", "things"))
	}
	_, err := io.WriteString(w, b.String())
	return err
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
