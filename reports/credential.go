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

// credentials returns the rows of the main table, what the most depends on first, and labels them.
func (b *builder) credentials() []Credential {
	known := b.g.Credentials()
	automations, literals, findings := b.automationsOf(), b.literalsOf(), b.findingsOf()
	out := make([]Credential, 0, len(known))
	for _, k := range known {
		c := Credential{Credential: k, id: k.ID, Exposure: exposure(&k), Environment: environment(k.Environments),
			Stores: b.stores(k.Slots), Automations: append([]string{}, automations[k.ID]...),
			Literals: len(literals[k.ID]), Findings: len(findings[k.ID])}
		c.Name = cmp.Or(k.Name, k.ID)
		for _, l := range literals[k.ID] {
			c.Severity = worse(c.Severity, l.Severity)
			c.FirstSeen = earliest(c.FirstSeen, l.FirstSeen)
		}
		for _, f := range findings[k.ID] {
			c.Severity = worse(c.Severity, f.Severity.String())
		}
		c.FirstSeen = b.firstSeen(c.FirstSeen, k.Slots)
		c.AgeDays = days(c.FirstSeen, b.now)
		out = append(out, c)
	}
	slices.SortFunc(out, byWeight)
	for i := range out {
		out[i].Label = fmt.Sprintf("S-%03d", i+1)
	}
	return out
}

// byWeight orders credentials: by automations that break, then exposure, then severity, then id.
func byWeight(a, b Credential) int {
	return cmp.Or(cmp.Compare(len(b.Automations), len(a.Automations)),
		cmp.Compare(exposureRank(a.Exposure), exposureRank(b.Exposure)),
		cmp.Compare(severityRank(a.Severity), severityRank(b.Severity)), strings.Compare(a.ID, b.ID))
}

func exposureRank(e string) int { return slices.Index([]string{HardCoded, HistoryOnly, Referenced}, e) }

func exposure(c *graph.Credential) string {
	switch {
	case c.HardCoded():
		return HardCoded
	case len(c.Values) > 0:
		return HistoryOnly
	}
	return Referenced
}

func environment(all []graph.Environment) string {
	if len(all) == 0 {
		return "unknown"
	}
	return all[0].Name
}

func worse(a, b string) string {
	if b != "" && severityRank(b) < severityRank(a) {
		return b
	}
	return a
}

// earliest returns the lesser of two times, of which "" is unknown.
func earliest(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

// days returns the whole days between two times, nil when one is unknown.
func days(from, to string) *int {
	a, errFrom := time.Parse(time.RFC3339, from)
	b, errTo := time.Parse(time.RFC3339, to)
	if errFrom != nil || errTo != nil || b.Before(a) {
		return nil
	}
	n := int(b.Sub(a).Hours() / 24)
	return &n
}

func (b *builder) automationsOf() map[string][]string {
	out := map[string][]string{}
	for _, a := range b.d.Automations {
		for _, c := range a.Credentials {
			out[c] = append(out[c], a.ID)
		}
	}
	return out
}

func (b *builder) literalsOf() map[string][]*Literal {
	out := map[string][]*Literal{}
	for i := range b.d.Literals {
		l := &b.d.Literals[i]
		if l.Credential != "" {
			out[l.Credential] = append(out[l.Credential], l)
		}
	}
	return out
}

// findingsOf lists the findings that stand, by credential.
func (b *builder) findingsOf() map[string][]policy.Finding {
	out := map[string][]policy.Finding{}
	for _, f := range b.d.Findings {
		if f.Suppressed == nil && f.Credential != "" {
			out[f.Credential] = append(out[f.Credential], f)
		}
	}
	return out
}

// stores returns the kinds of the places where a credential lives, sorted.
func (b *builder) stores(slots []string) []string {
	out := []string{}
	for _, id := range slots {
		store, _, _ := strings.Cut(id, ":")
		if n := b.g.Node(id); n != nil {
			store = cmp.Or(n.Attr(inventory.AttrStore), store)
		}
		out = append(out, store)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// firstSeen is the time of the oldest commit that the places of the slots name.
func (b *builder) firstSeen(first string, slots []string) string {
	for _, id := range slots {
		n := b.g.Node(id)
		if n == nil {
			continue
		}
		for _, e := range n.Evidence {
			first = earliest(first, b.times[e.FirstSeen()])
		}
	}
	return first
}
