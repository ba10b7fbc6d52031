package graph

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// walk is one closure over the edges that carry a change. For every node reached it keeps the first hop of the
// best path towards the seeds: the one whose weakest edge is surest, and of those the shortest.
//
// A node may be reached in two ways, see handed: the walk goes over states, which are nodes with one of the ways.
type walk struct {
	g         *Graph
	via       []int32         // edge of the first hop; -1 for a seed, -2 for not reached
	before    []int32         // state that the first hop leads to
	root      map[int32]int32 // seed -> edge of the copy that leads towards the root slot
	sure      []inventory.Confidence
	certainty []string
	reached   []int32 // in the order of discovery
	modules   entered
	shut      map[int32]bool // files that were reached, and imports of which take nothing of that
	reopened  map[int32]bool // those that were asked again; they have no further asked
}

const (
	isSeed     = -1
	notReached = -2
)

// borrowWalk returns a walk that has reached nothing; its arrays are as long as the graph and used again and again.
func (g *Graph) borrowWalk() *walk {
	if w, ok := g.walks.Get().(*walk); ok {
		return w
	}
	n := 2 * len(g.nodes)
	w := &walk{g: g, via: make([]int32, n), before: make([]int32, n), sure: make([]inventory.Confidence, n), certainty: make([]string, n)}
	for i := range w.via {
		w.via[i] = notReached
	}
	return w
}

// returnWalk forgets what a walk reached and keeps it for the next one.
func (g *Graph) returnWalk(w *walk) {
	for _, n := range w.reached {
		w.via[n] = notReached
	}
	w.reached, w.modules, w.shut, w.reopened = w.reached[:0], entered{}, nil, nil
	g.walks.Put(w)
}

// node returns the node of a state.
func (g *Graph) node(state int32) int32 {
	if n := int32(len(g.nodes)); state >= n {
		return state - n
	}
	return state
}

// eachDependent calls visit for every edge over which a change of a state's node reaches another, and with the state
// in which it does.
//
// What a callee is handed (a secret of a reusable workflow, an input of an action) belongs to the one caller that
// hands it over, and that caller reads it itself. So what is reached through a hand-over does not go on to all
// callers; what the callee needs of its own does. Of modules of Terraform the walk knows by which way it came in.
func (g *Graph) eachDependent(state int32, modules *entered, visit func(edge, dependent int32)) {
	n := g.node(state)
	handed := state - n // 0, or the offset of the states that were reached through a hand-over
	for _, i := range g.in.of(n) {
		e := &g.edges[i]
		switch {
		case e.whole:
		case e.effect == inventory.Nothing: // carries no change
		case e.border != nil && !e.border.up:
			modules.enter(e.border, handed > 0)
			visit(i, e.from+int32(len(g.nodes)))
		case e.border != nil && handed > 0:
			ways := modules.leave(e.border, state)
			if ways&stateBit(false) != 0 {
				visit(i, e.from)
			}
			if ways&stateBit(true) != 0 {
				visit(i, e.from+handed)
			}
		case e.Kind == inventory.ReceivedFrom:
			visit(i, e.from+int32(len(g.nodes)))
		case handed > 0 && e.Kind == inventory.Runs && g.calls(e):
		default:
			visit(i, e.from+handed)
		}
	}
	for _, i := range g.out.of(n) {
		if g.edges[i].whole {
			visit(i, g.edges[i].to+handed)
		}
	}
}

// calls reports whether an edge runs another automation or action, not a part of the same one. What a resource of Terraform runs
// (its container definitions) is its own, not called by many.
func (g *Graph) calls(e *edge) bool {
	if strings.HasPrefix(e.Rule, "terraform-") {
		return false
	}
	k := g.nodes[e.to].Kind
	return (k == inventory.Automation || k == inventory.Part) && g.wholeOf(e.from) != g.wholeOf(e.to)
}

func (w *walk) seed(nodes []int32) {
	for _, n := range nodes {
		w.via[n], w.sure[n], w.certainty[n] = isSeed, inventory.Certain, CertaintyBreaks
		w.reached = append(w.reached, n)
	}
	w.towardsRoot(nodes)
}

// towardsRoot finds, for each slot of the credential, the copy that leads to its root: all of them are the one
// credential, and the path of a dependent shows every copy on the way.
func (w *walk) towardsRoot(nodes []int32) {
	w.root = map[int32]int32{}
	if len(nodes) == 0 {
		return
	}
	seen := map[int32]bool{nodes[0]: true}
	for queue := nodes[:1:1]; len(queue) > 0; queue = queue[1:] {
		for _, i := range w.g.in.of(queue[0]) {
			e := &w.g.edges[i]
			if w.via[e.from] != isSeed || seen[e.from] || !w.g.unites(e) || e.Kind != inventory.CopiesFrom {
				continue
			}
			seen[e.from] = true
			w.root[e.from] = i
			w.sure[e.from] = inventory.Weakest(w.sure[queue[0]], e.sure)
			queue = append(queue, e.from)
		}
	}
}

// reach extends the closure by edges that carry at least the effect, surest first, and marks what is new. A state of
// which no edge was left aside for being less sure is not asked again.
func (w *walk) reach(effect inventory.Effect, certainty string) {
	frontier := slices.Clone(w.reached)
	for level := inventory.Certain; level >= inventory.Low; level-- {
		var left []int32
		for len(frontier) > 0 {
			var next []int32
			for _, n := range frontier {
				var some bool
				if next, some = w.step(n, effect, level, certainty, next); some {
					left = append(left, n)
				}
			}
			frontier = next
		}
		frontier = left
	}
}

// taken reports whether an import takes anything by which its file needs what was reached.
func (w *walk) taken(e *edge) bool {
	names, _ := e.Taken("")
	for _, name := range names {
		if w.needsBy(e.to, name, 0) {
			return true
		}
	}
	return false
}

// maxTaken bounds how many imports are followed from a name: real chains are shorter.
const maxTaken = 6

// needsBy reports whether a file needs what was reached in the part of it that a name leads to.
func (w *walk) needsBy(file int32, name string, depth int) bool {
	for _, i := range w.g.out.of(file) {
		e := &w.g.edges[i]
		if e.effect == inventory.Nothing || !w.has(e.to) {
			continue
		}
		if !e.takes || depth == maxTaken {
			if e.Inside(name) {
				return true
			}
			continue
		}
		names, _ := e.Taken(name)
		for _, n := range names {
			if w.needsBy(e.to, n, depth+1) {
				return true
			}
		}
	}
	return false
}

// step visits what depends on a state by edges at or above the level, and reports whether edges below it are left.
func (w *walk) step(n int32, effect inventory.Effect, level inventory.Confidence, certainty string, next []int32) ([]int32, bool) {
	left := false
	w.g.eachDependent(n, &w.modules, func(i, other int32) {
		e := &w.g.edges[i]
		if e.effect < effect || w.via[w.g.node(other)] == isSeed {
			return
		}
		if w.via[other] != notReached {
			if w.shut[other] && !w.reopened[n] { // reached in a second way: who imports it may take that
				delete(w.shut, other)
				w.reopened[other] = true
				next = append(next, other)
			}
			return
		}
		if e.takes && !w.taken(e) {
			if w.shut == nil {
				w.shut, w.reopened = map[int32]bool{}, map[int32]bool{}
			}
			w.shut[n] = true
			return
		}
		if e.sure < level {
			left = true
			return
		}
		w.via[other], w.before[other], w.certainty[other] = i, n, certainty
		w.sure[other] = inventory.Weakest(w.sure[n], e.sure)
		w.reached = append(w.reached, other)
		next = append(next, other)
	})
	next = append(next, w.modules.take()...)
	return next, left
}
