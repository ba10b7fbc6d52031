package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/rules/policy"
)

// FromPolicy turns the findings of policy rules into those of a document.
func FromPolicy(all []policy.Finding) []Finding {
	out := make([]Finding, 0, len(all))
	for _, f := range all {
		x := Finding{Rule: f.Rule, Severity: f.Severity.String(), Title: f.Title, Why: f.Why, Fix: f.Fix,
			Credential: f.Credential, Evidence: f.Evidence}
		if f.Suppressed != nil {
			x.Suppressed = strings.TrimSpace(f.Suppressed.Reason + " (" + f.Suppressed.Owner + ", until " + f.Suppressed.Until + ")")
		}
		out = append(out, x)
	}
	return out
}

// WriteFindings writes what a check found: each finding with its places and what to do, then the count.
func WriteFindings(w io.Writer, d *Document, width int, color bool) error {
	var b strings.Builder
	open, accepted := 0, 0
	for _, f := range d.Findings {
		if f.Suppressed != "" {
			accepted++
			continue
		}
		open++
		fmt.Fprintf(&b, "%-8s  %s\n", f.Severity, Plain(f.Title))
		explainPlaces(&b, "          ", f.Evidence)
		fmt.Fprintf(&b, "          fix: %s\n", Plain(f.Fix))
		fmt.Fprintf(&b, "          rule: policy/%s\n\n", Plain(f.Rule))
	}
	fmt.Fprintf(&b, "%s", countOf(open, "finding", "findings"))
	if accepted > 0 {
		fmt.Fprintf(&b, ", %d accepted", accepted)
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
