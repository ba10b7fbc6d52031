package plan

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

// proposedSlots is how many places of one credential a draft lists: any of them finds it again.
const proposedSlots = 4

// Propose drafts entries of a register for the credentials that automations depend on or that stand in a file, those
// with the most dependents first. What the register tracks already is left out. Owners, purposes and environments
// are guesses from the files.
func Propose(g *graph.Graph, r *register.Register) []register.Draft {
	uses := usage(g)
	var chosen []*graph.Credential
	all := g.Credentials()
	for i := range all {
		c := &all[i]
		if worthTracking(c, len(uses[c.ID])) && r.Match(viewOf(c)) == nil {
			chosen = append(chosen, c)
		}
	}
	slices.SortStableFunc(chosen, func(a, b *graph.Credential) int { return cmp.Compare(len(uses[b.ID]), len(uses[a.ID])) })
	taken := map[string]bool{}
	for _, e := range r.Credentials {
		taken[e.Name] = true
	}
	out := []register.Draft{}
	for _, c := range chosen {
		out = append(out, draft(g, c, len(uses[c.ID]), taken))
	}
	return out
}

// worthTracking leaves out what nothing was seen to use, sample values, and values that the history alone holds.
func worthTracking(c *graph.Credential, dependents int) bool {
	strong := slices.ContainsFunc(c.Values, func(v graph.CredentialValue) bool { return !v.Weak && v.State == inventory.HeldCurrent })
	return len(c.Slots) > 0 && (dependents > 0 || strong)
}

func draft(g *graph.Graph, c *graph.Credential, dependents int, taken map[string]bool) register.Draft {
	d := register.Draft{HardCoded: c.HardCoded(), Name: entryName(c, taken), Slots: c.Slots[:min(proposedSlots, len(c.Slots))], About: "no automation was seen to depend on it"}
	d.More = len(c.Slots) - len(d.Slots)
	if dependents > 0 {
		d.About = counted(dependents, "automation") + " hang on it"
	}
	if dependents == 1 {
		d.About = "1 automation hangs on it"
	}
	if c.HardCoded() {
		d.About += "; its value stands in a file"
	}
	if len(c.Owners) > 0 {
		o := c.Owners[0]
		d.Owner = register.Guess{Value: o.Name, From: guessedFrom(o.Source, o.Evidence)}
	}
	if c.Purpose != "" {
		d.Purpose = register.Guess{Value: c.Purpose, From: "the words of its source"}
	}
	if len(c.Environments) == 1 {
		e := c.Environments[0]
		d.Environment = register.Guess{Value: e.Name, From: guessedFrom("", e.Evidence)}
	}
	if c.Service != "" {
		d.Service = register.Guess{Value: c.Service, From: "its name, value or use"}
	}
	return d
}

func guessedFrom(rule string, evidence []inventory.Evidence) string {
	if len(evidence) == 0 {
		return cmp.Or(rule, "by the files")
	}
	return strings.TrimPrefix(fmt.Sprintf("%s, %s", rule, evidence[0]), ", ")
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// entryName makes a short name of a credential's; one that is taken gets a number.
func entryName(c *graph.Credential, taken map[string]bool) string {
	name := strings.Trim(notInName.ReplaceAllString(strings.ToLower(c.Name), "-"), "-")
	name = cmp.Or(name, "credential")
	for n, base := 2, name; taken[name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	taken[name] = true
	return name
}
