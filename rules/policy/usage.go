package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// usage says which automations break with each credential, by the credential's id.
type usage map[string][]graph.Automation

func usageOf(g *graph.Graph) usage {
	out := usage{}
	for _, a := range g.Automations() {
		for _, c := range a.Credentials {
			out[c] = append(out[c], a)
		}
	}
	return out
}

// used returns the automations behind a credential. The index is made once for a pass.
func (p *pass) used(c *graph.Credential) []graph.Automation {
	if p.usage == nil {
		p.usage = usageOf(p.g)
	}
	return p.usage[c.ID]
}

// names lists what automations are called, sorted.
func names(all []graph.Automation) []string {
	var out []string
	for _, a := range all {
		if a.Name != "" {
			out = append(out, a.Name)
		} else {
			out = append(out, a.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// commitTimes gives the times of the commits that evidence names.
func commitTimes(g *graph.Graph) map[string]time.Time {
	out := map[string]time.Time{}
	for _, f := range g.Sources() {
		for _, c := range f.Commits {
			if t, err := time.Parse(time.RFC3339, c.Time); err == nil {
				out[f.Source+"@"+c.ID] = t
			}
		}
	}
	return out
}

// slotStore returns the kind of store of a slot.
func slotStore(n *inventory.Node) string {
	if s := n.Attr(inventory.AttrStore); s != "" {
		return s
	}
	store, _, _ := strings.Cut(n.ID, ":")
	return store
}

// lastName is the name under which people know a slot: the key of its entry, else the entry.
func lastName(n *inventory.Node) string {
	name := n.Attr(inventory.AttrKeyName)
	if name == "" {
		name = n.Name
	}
	return name[strings.LastIndexAny(name, "/.[#")+1:]
}
