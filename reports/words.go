package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/policy"
)

// place is where a fact was seen, with its source.
func place(e inventory.Evidence) string {
	if e.Path == "" {
		return e.Source
	}
	return e.Source + "/" + e.String()
}

// place is where a fact was seen; a document of one source does not repeat its name.
func (d *Document) place(e inventory.Evidence) string {
	if len(d.Coverage.Sources) == 1 && e.Path != "" {
		return e.String()
	}
	return place(e)
}

// count writes a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// age writes a number of days as people say it; "" for unknown.
func age(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days >= 730:
		return fmt.Sprintf("%d years", *days/365)
	case *days >= 60:
		return fmt.Sprintf("%d months", *days/30)
	}
	return count(*days, "day")
}

func active(a *bool) string {
	switch {
	case a == nil:
		return "unknown"
	case *a:
		return "yes"
	}
	return "no"
}

// accepted words who lives with a finding, why, and until when; "" when nobody does.
func accepted(s *policy.Suppression) string {
	if s == nil {
		return ""
	}
	out := s.Reason
	if s.Owner != "" {
		out += " (" + s.Owner + ")"
	}
	if s.Until != "" {
		out += ", until " + s.Until
	}
	return out
}

// SkipReason says how many things were left out for one reason.
type SkipReason struct {
	Reason string
	Count  int
}

// SkipReasons sums up what was left out, the most frequent reason first.
func (d *Document) SkipReasons() []SkipReason {
	counts := map[string]int{}
	for _, s := range d.Coverage.Skipped {
		counts[s.Reason] += s.Count
	}
	out := make([]SkipReason, 0, len(counts))
	for r, n := range counts {
		out = append(out, SkipReason{r, n})
	}
	slices.SortFunc(out, func(a, b SkipReason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Reason, b.Reason))
	})
	return out
}
