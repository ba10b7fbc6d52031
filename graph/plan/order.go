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
}

// environmentOrder puts lower environments first and production last; what is not known stands before it.
var environmentOrder = []string{"development", "test", "staging", "unknown", "production"}

func environmentRank(name string) int {
	if i := slices.Index(environmentOrder, name); i >= 0 {
		return i
	}
	return slices.Index(environmentOrder, "unknown")
}

// orderUnits returns the slots of a credential in waves. A copy never comes before its source. Among what may come
// next, lower environments come first and slots with many consumers last; slots that need each other in a cycle
// change together.
func orderUnits(g *graph.Graph, c *graph.Credential, environmentOf func(slot string) string) [][]unit {
	consumers := consumersOf(g, c)
	units := make([]unit, 0, len(c.Slots))
	for _, s := range c.Slots {
		units = append(units, unit{slot: s, environment: environmentOf(s), consumers: consumers[s]})
	}
	link(g, units)
	condense(units)
	var out [][]unit
	done := map[int]bool{} // groups
	for left := units; len(left) > 0; {
		wave := nextWave(left, units, done)
		for _, u := range wave {
			done[u.group] = true
		}
		out = append(out, wave)
		left = slices.DeleteFunc(slices.Clone(left), func(u unit) bool { return done[u.group] })
	}
	return out
}

// nextWave takes all units whose predecessors are done and that rank equal to the first of them, with the rest of
// their groups.
func nextWave(left, all []unit, done map[int]bool) []unit {
	var ready []unit
	for _, u := range left {
		if !slices.ContainsFunc(left, func(v unit) bool { return v.group == u.group && waits(v, all, done) }) {
			ready = append(ready, u)
		}
	}
	slices.SortStableFunc(ready, func(a, b unit) int { return cmp.Or(compareRank(a, b), strings.Compare(a.slot, b.slot)) })
	first := ready[0]
	return slices.DeleteFunc(ready, func(u unit) bool {
		return compareRank(first, u) != 0 && !slices.ContainsFunc(ready, func(v unit) bool { return v.group == u.group && compareRank(first, v) == 0 })
	})
}

// waits reports whether a unit comes after one that is not done, outside its own group.
func waits(u unit, all []unit, done map[int]bool) bool {
	return slices.ContainsFunc(u.after, func(i int) bool { return all[i].group != u.group && !done[all[i].group] })
}

func compareRank(a, b unit) int {
	return cmp.Or(cmp.Compare(environmentRank(a.environment), environmentRank(b.environment)), cmp.Compare(hub(a), hub(b)))
}

// hubFrom is the number of consumers from which on a slot is a hub, which changes last.
const hubFrom = 5

func hub(u unit) int {
	if len(u.consumers) >= hubFrom {
		return 1
	}
	return 0
}

// link notes which units come before which: the source before its copy, and within one environment the places of
// automations that are started by others before the places of those that start them, so that what most depends on
// changes last.
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
					units[i].after = append(units[i].after, sameEnvironment(units, byConsumer[e.From], i)...)
				}
			}
		}
		slices.Sort(units[i].after)
		units[i].after = slices.Compact(units[i].after)
	}
}

func sameEnvironment(units []unit, all []int, self int) []int {
	return slices.DeleteFunc(slices.Clone(all), func(i int) bool { return i == self || units[i].environment != units[self].environment })
}

// condense gives units that come before each other one group, so that they change together (Tarjan's strongly
// connected components; the depth is bounded by the slots of one credential).
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
