package policy

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/register"
)

// Growth is what a change does to one credential: which automations it adds behind it, and what that leaves of the
// quiet window.
type Growth struct {
	Credential string      `json:"credential"` // id
	Name       string      `json:"name"`
	Entry      string      `json:"entry"`   // of the register, "" when it is not tracked
	Owners     []string    `json:"owners"`  // of the credential, the entry's first
	Was        int         `json:"was"`     // automations behind it before the change
	Is         int         `json:"is"`      // and after it
	Added      []Dependent `json:"added"`   // never empty
	Before     plan.Room   `json:"before"`  // the longest quiet window before the change
	After      plan.Room   `json:"after"`   // and after it
	Shrinks    string      `json:"shrinks"` // what the change does to the quiet window, in words; "" for nothing
}

// Dependent is an automation that a change adds behind a credential.
type Dependent struct {
	ID       string               `json:"id"`
	Name     string               `json:"name"`
	Owners   []string             `json:"owners"`
	Evidence []inventory.Evidence `json:"evidence"`
}

// growths compares the automations behind each credential with those of the baseline, made once for a pass. What the
// baseline does not have at all is new as a credential, and left out.
func (p *pass) growths() []Growth {
	if p.grown == nil && p.baseline != nil {
		p.grown = []Growth{}
		before := usageOf(p.baseline)
		p.credentials(func(c *graph.Credential, entries []*register.Entry) {
			if g, ok := p.growth(c, entries, before); ok {
				p.grown = append(p.grown, g)
			}
		})
	}
	return p.grown
}

func (p *pass) growth(c *graph.Credential, entries []*register.Entry, before usage) (Growth, bool) {
	old, was := p.dependentsBefore(before, c)
	if was == nil {
		return Growth{}, false
	}
	out := Growth{Credential: c.ID, Name: c.Name, Owners: []string{}, Was: len(old), Is: len(p.used(c)), Added: []Dependent{}}
	for _, a := range p.used(c) {
		if !slices.Contains(old, a.ID) {
			out.Added = append(out.Added, Dependent{a.ID, names([]graph.Automation{a})[0], ownersOf(a.Owners), a.Evidence})
		}
	}
	if len(out.Added) == 0 {
		return out, false
	}
	if len(entries) > 0 {
		out.Entry = entries[0].Name
		if entries[0].Owner != "" {
			out.Owners = append(out.Owners, entries[0].Owner)
		}
	}
	for _, name := range ownersOf(c.Owners) {
		if !slices.Contains(out.Owners, name) {
			out.Owners = append(out.Owners, name)
		}
	}
	if !p.now.IsZero() {
		o := plan.Options{Now: p.now}
		out.Before, out.After = plan.RoomFor(p.baseline, was, p.register, o), plan.RoomFor(p.g, c, p.register, o)
		out.Shrinks = shrinks(out.Before, out.After)
	}
	return out, true
}

// dependentsBefore lists the automations that the baseline shows behind a credential, and the credential there; nil
// when the baseline does not have it.
func (p *pass) dependentsBefore(before usage, c *graph.Credential) ([]string, *graph.Credential) {
	out := []string{}
	var first *graph.Credential
	for _, id := range c.Slots {
		if p.baseline.Node(id) == nil {
			continue
		}
		old, err := p.baseline.Find(id)
		if err != nil {
			continue
		}
		first = cmp.Or(first, old)
		for _, a := range before[old.ID] {
			out = append(out, a.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), first
}

// ownersOf names the owners that are more than a guess.
func ownersOf(all []graph.Owner) []string {
	out := []string{}
	for _, o := range all {
		if o.Confidence >= inventory.Medium && !slices.Contains(out, o.Name) {
			out = append(out, o.Name)
		}
	}
	return out
}

// shrinks says what happens to the quiet window; less than a quarter of an hour is nothing.
func shrinks(before, after plan.Room) string {
	switch {
	case after.Longest+15 > before.Longest && after.Fits() == before.Fits():
		return ""
	case after.Longest == 0:
		return fmt.Sprintf("no quiet window is left (it was %s)", before.Longest)
	case !after.Fits():
		return fmt.Sprintf("the quiet window shrinks from %s to %s, and the steps need %s", before.Longest, after.Longest, after.Needed)
	}
	return fmt.Sprintf("the quiet window shrinks from %s to %s", before.Longest, after.Longest)
}

// String says it in one sentence.
func (g *Growth) String() string {
	var who []string
	for _, a := range g.Added {
		text := a.Name
		if len(a.Owners) > 0 {
			text += " (" + a.Owners[0] + ")"
		}
		who = append(who, text)
	}
	text := fmt.Sprintf("adds the %s automation to %s: %s", Ordinal(g.Is), g.Name, listed(who))
	if n := len(g.Added); n > 1 {
		text = fmt.Sprintf("adds %d automations to %s, %d in all: %s", n, g.Name, g.Is, listed(who))
	}
	if g.Shrinks != "" {
		text += "; " + g.Shrinks
	}
	return text
}

// Ordinal writes 1st, 2nd, 3rd, 4th, 11th.
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprint(n) + suffix
}

// Grown lists what a change does to the credentials that were there before it. The register may be nil.
func Grown(g *graph.Graph, r *register.Register, o Options) []Growth {
	p := newPass(g, r, o)
	return append([]Growth{}, p.growths()...)
}
