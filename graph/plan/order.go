package plan

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// unit is a slot on its way into a wave.
type unit struct {
	slot        string
	environment string
	consumers   []string
	after       []int // units that come before this one
	group       int   // strongly connected units share it
	level       int   // longest way of groups before it
}

// environmentOrder puts lower environments first and production last; what is not known stands before it.
var environmentOrder = []string{"development", "test", "staging", "unknown", "production"}

func environmentRank(name string) int {
	if i := slices.Index(environmentOrder, name); i >= 0 {
		return i
	}
	return slices.Index(environmentOrder, "unknown")
}

// orderUnits returns the slots of a credential in waves: lower environments first; within one a copy after its
// source, what starts others before what is started by them only where a cycle does not bind them together, and
// slots with many consumers last.
func orderUnits(g *graph.Graph, c *graph.Credential, environmentOf func(slot string) string) [][]unit {
	consumers := consumersOf(g, c)
	units := make([]unit, 0, len(c.Slots))
	for _, s := range c.Slots {
		units = append(units, unit{slot: s, environment: environmentOf(s), consumers: consumers[s]})
	}
	link(g, units)
	condense(units)
	levels(units)
	slices.SortStableFunc(units, compareUnits)
	var out [][]unit
	for _, u := range units {
		if n := len(out); n > 0 && sameWave(out[n-1][0], u) {
			out[n-1] = append(out[n-1], u)
			continue
		}
		out = append(out, []unit{u})
	}
	return out
}

func compareUnits(a, b unit) int {
	return cmp.Or(cmp.Compare(environmentRank(a.environment), environmentRank(b.environment)),
		cmp.Compare(a.level, b.level), cmp.Compare(hub(a), hub(b)), cmp.Compare(a.group, b.group), strings.Compare(a.slot, b.slot))
}

func sameWave(a, b unit) bool {
	return a.environment == b.environment && a.level == b.level && hub(a) == hub(b)
}

// hubFrom is the number of consumers from which on a slot is a hub, which changes last.
const hubFrom = 5

func hub(u unit) int {
	if len(u.consumers) >= hubFrom {
		return 1
	}
	return 0
}

// link notes which units come before which: the source before its copy, and the consumers that are started by
// others before those that start them, so that what depends on the most changes last.
func link(g *graph.Graph, units []unit) {
	at := map[string]int{}
	byConsumer := map[string][]int{}
	for i, u := range units {
		at[u.slot] = i
		for _, a := range u.consumers {
			byConsumer[a] = append(byConsumer[a], i)
		}
	}
	for i := range units {
		for _, e := range g.Out(units[i].slot) {
			if j, ok := at[e.To]; ok && e.Kind == inventory.CopiesFrom && j != i {
				units[i].after = append(units[i].after, j)
			}
		}
		for _, a := range units[i].consumers {
			for _, e := range g.In(a) { // e.From is started by a
				if e.Kind == inventory.TriggeredBy {
					units[i].after = append(units[i].after, others(byConsumer[e.From], i)...)
				}
			}
		}
		slices.Sort(units[i].after)
		units[i].after = slices.Compact(units[i].after)
	}
}

func others(all []int, self int) []int {
	return slices.DeleteFunc(slices.Clone(all), func(i int) bool { return i == self })
}

// condense gives units that come before each other one group, so that they change together (Tarjan, iterative
// in depth by the number of slots of one credential).
func condense(units []unit) {
	t := tarjan{units: units, index: make([]int, len(units)), low: make([]int, len(units)), on: make([]bool, len(units))}
	for i := range units {
		if t.index[i] == 0 {
			t.visit(i)
		}
	}
}

type tarjan struct {
	units      []unit
	index, low []int
	on         []bool
	stack      []int
	count      int
	groups     int
}

func (t *tarjan) visit(i int) {
	t.count++
	t.index[i], t.low[i] = t.count, t.count
	t.stack, t.on[i] = append(t.stack, i), true
	for _, j := range t.units[i].after {
		if t.index[j] == 0 {
			t.visit(j)
			t.low[i] = min(t.low[i], t.low[j])
		} else if t.on[j] {
			t.low[i] = min(t.low[i], t.index[j])
		}
	}
	if t.low[i] != t.index[i] {
		return
	}
	t.groups++
	for {
		j := t.stack[len(t.stack)-1]
		t.stack, t.on[j] = t.stack[:len(t.stack)-1], false
		t.units[j].group = t.groups
		if j == i {
			return
		}
	}
}

// levels sets the longest way of groups before each unit. Tarjan numbers a group after all groups that it needs,
// so one pass in that order is enough.
func levels(units []unit) {
	order := make([]int, len(units))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(units[a].group, units[b].group) })
	level := map[int]int{}
	for _, i := range order {
		for _, j := range units[i].after {
			if units[j].group != units[i].group {
				level[units[i].group] = max(level[units[i].group], level[units[j].group]+1)
			}
		}
	}
	for i := range units {
		units[i].level = level[units[i].group]
	}
}
