package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Impact is everything that breaks, may break, or does not start when a credential changes.
type Impact struct {
	Schema     string      `json:"schema"`
	Credential Credential  `json:"credential"`
	Dependents []Dependent `json:"dependents"`
	Possible   []Dependent `json:"possible"` // reached through may-be edges only
	Settle     []string    `json:"settle,omitempty"`
	Coverage   Coverage    `json:"coverage"`
}

// The certainties of a dependent.
const (
	CertaintyBreaks   = "breaks"
	CertaintyMayBreak = "may-break"
	CertaintyNoStart  = "does-not-start"
)

// Dependent is one thing that depends on a credential, with the path of evidence from it to the credential.
type Dependent struct {
	ID          string               `json:"id"`
	Kind        inventory.NodeKind   `json:"kind"`
	Name        string               `json:"name"`
	Platform    string               `json:"platform"`
	Active      *bool                `json:"active"` // null: the source does not say
	State       inventory.State      `json:"state"`
	Branches    []string             `json:"branches"`
	Certainty   string               `json:"certainty"`
	Schedules   []Schedule           `json:"schedules"`
	Environment string               `json:"environment"`
	Owners      []Owner              `json:"owners"`
	Needs       []string             `json:"needs"`
	Confidence  inventory.Confidence `json:"confidence"`
	Path        []PathEdge           `json:"path"`
}

// Schedule is when an automation runs.
type Schedule struct {
	Text     string               `json:"text"`
	Timezone string               `json:"timezone"` // "" unknown
	Resolved bool                 `json:"resolved"` // whether the text is a literal schedule
	Evidence []inventory.Evidence `json:"evidence"`
}

// PathEdge is one hop of a path, from the dependent towards the credential.
type PathEdge struct {
	From       string               `json:"from"`
	To         string               `json:"to"`
	Kind       inventory.EdgeKind   `json:"kind"`
	Rule       string               `json:"rule"`
	Confidence inventory.Confidence `json:"confidence"`
	Evidence   []inventory.Evidence `json:"evidence"`
}

// Impact returns what depends on a credential.
func (g *Graph) Impact(c *Credential) Impact {
	w := g.borrowWalk()
	defer g.returnWalk(w)
	w.seed(c.nodes)
	w.reach(inventory.Breaks, CertaintyBreaks)
	w.reach(inventory.DoesNotStart, CertaintyNoStart)
	w.reach(inventory.MayBreak, CertaintyMayBreak)
	out := Impact{Schema: "rotamap/impact/1", Credential: *c, Coverage: g.Coverage(),
		Dependents: []Dependent{}, Possible: []Dependent{}, Settle: g.settle(c)}
	for _, d := range w.dependents() {
		if d.Certainty == CertaintyMayBreak {
			out.Possible = append(out.Possible, d)
		} else {
			out.Dependents = append(out.Dependents, d)
		}
	}
	return out
}

// settle says what would turn the may-be edges that leave a credential into facts.
func (g *Graph) settle(c *Credential) []string {
	var out []string
	for _, n := range c.nodes {
		for _, i := range g.out.of(n) {
			if e := &g.edges[i]; e.Kind == inventory.MayBe {
				out = append(out, e.From+" may be "+e.To+": a names listing or a [[store]] line in rotamap.toml settles it")
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// walk is one closure over the edges that carry a change. For every node reached it keeps the first hop of the
// best path towards the seeds: the one whose weakest edge is surest, and of those the shortest.
type walk struct {
	g         *Graph
	via       []int32         // edge of the first hop; -1 for a seed, -2 for not reached
	root      map[int32]int32 // seed -> edge of the copy that leads towards the root slot
	sure      []inventory.Confidence
	certainty []string
	reached   []int32 // in the order of discovery
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
	w := &walk{g: g, via: make([]int32, len(g.nodes)), sure: make([]inventory.Confidence, len(g.nodes)),
		certainty: make([]string, len(g.nodes))}
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
	w.reached = w.reached[:0]
	g.walks.Put(w)
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
			w.sure[e.from] = inventory.Weakest(w.sure[queue[0]], e.Confidence)
			queue = append(queue, e.from)
		}
	}
}

// reach extends the closure by edges that carry at least the effect, surest first, and marks what is new.
func (w *walk) reach(effect inventory.Effect, certainty string) {
	for level := inventory.Certain; level >= inventory.Low; level-- {
		frontier := slices.Clone(w.reached)
		for len(frontier) > 0 {
			var next []int32
			for _, n := range frontier {
				next = w.step(n, effect, level, certainty, next)
			}
			frontier = next
		}
	}
}

// step visits what depends on n by edges at or above the level.
func (w *walk) step(n int32, effect inventory.Effect, level inventory.Confidence, certainty string, next []int32) []int32 {
	visit := func(i, other int32) {
		e := &w.g.edges[i]
		if w.via[other] != notReached || e.Kind.Effect() < effect || e.Confidence < level {
			return
		}
		w.via[other], w.certainty[other] = i, certainty
		w.sure[other] = inventory.Weakest(w.sure[n], e.Confidence)
		w.reached = append(w.reached, other)
		next = append(next, other)
	}
	for _, i := range w.g.in.of(n) {
		if w.g.edges[i].Kind != inventory.PartOf {
			visit(i, w.g.edges[i].from)
		}
	}
	for _, i := range w.g.out.of(n) {
		if w.g.edges[i].Kind == inventory.PartOf {
			visit(i, w.g.edges[i].to)
		}
	}
	return next
}

// dependents lists what was reached and can stop working, one row for each thing: automations first.
func (w *walk) dependents() []Dependent {
	byID := map[string]Dependent{}
	for _, n := range w.reached {
		node := &w.g.nodes[n]
		if w.via[n] == isSeed || !isDependent(node.Kind) {
			continue
		}
		d := w.dependent(n)
		if old, ok := byID[d.ID]; !ok || better(d, old) {
			byID[d.ID] = d
		}
	}
	out := make([]Dependent, 0, len(byID))
	for _, d := range byID {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Dependent) int {
		return cmp.Or(cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)), strings.Compare(a.Certainty, b.Certainty),
			cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.ID, b.ID))
	})
	return out
}

func better(a, b Dependent) bool {
	return cmp.Or(strings.Compare(a.Certainty, b.Certainty), cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(len(a.Path), len(b.Path))) < 0
}

// dependentKinds are the kinds that a list of dependents shows; the rest stands in the paths.
var dependentKinds = []inventory.NodeKind{inventory.Automation, inventory.Part, inventory.Code, inventory.Slot,
	inventory.Derived, inventory.File, inventory.Image}

func isDependent(k inventory.NodeKind) bool { return slices.Contains(dependentKinds, k) }

func kindRank(k inventory.NodeKind) int { return slices.Index(dependentKinds, k) }

func (w *walk) dependent(n int32) Dependent {
	g, node := w.g, &w.g.nodes[n]
	id, _, _ := strings.Cut(node.ID, "@")
	if node.Kind != inventory.Code {
		id = node.ID
	}
	d := Dependent{
		ID: id, Kind: node.Kind, Name: node.Name, Platform: platformOf(node), Certainty: w.certainty[n],
		Active: activeOf(node), State: inventory.Head, Branches: []string{}, Schedules: schedulesOf(node),
		Owners: g.owners(n), Confidence: w.sure[n], Path: w.path(n), Needs: []string{},
	}
	if len(node.Evidence) > 0 {
		d.State = node.Evidence[0].State
		d.Branches = append(d.Branches, node.Evidence[0].Branches...)
	}
	d.Environment = w.environment(n)
	d.Needs = w.needs(n)
	return d
}

// path returns the hops from a node to the root of the credential.
func (w *walk) path(n int32) []PathEdge {
	out := []PathEdge{}
	for {
		i := w.via[n]
		if i < 0 {
			copied, ok := w.root[n]
			if !ok {
				return out
			}
			i = copied
		}
		e := &w.g.edges[i]
		n = w.next(n, e)
		out = append(out, PathEdge{e.From, e.To, e.Kind, e.Rule, e.Confidence, w.g.withDefinition(e.Evidence, n)})
	}
}

// withDefinition adds the places where a slot is defined to the hop that leads to it.
func (g *Graph) withDefinition(at []inventory.Evidence, n int32) []inventory.Evidence {
	if g.nodes[n].Kind != inventory.Slot {
		return at
	}
	for _, a := range g.nodes[n].All(inventory.AttrDefined) {
		if len(a.Evidence) <= maxDefinitions {
			at = inventory.MergeEvidence(at, a.Evidence)
		}
	}
	return at
}

// maxDefinitions bounds the places of a definition that a hop shows.
const maxDefinitions = 5

// towards returns the next node on the way to the seeds.
func (w *walk) towards(n int32) int32 { return w.next(n, &w.g.edges[w.via[n]]) }

func (w *walk) next(n int32, e *edge) int32 {
	if e.from == n && e.Kind != inventory.PartOf {
		return e.to
	}
	return e.from
}

// environment is the surest word of the nodes between the dependent and the credential, the dependent first.
func (w *walk) environment(n int32) string {
	for {
		if env := environmentsOf(&w.g.nodes[n]); len(env) > 0 {
			return env[0].Name
		}
		if w.via[n] < 0 {
			return "unknown"
		}
		n = w.towards(n)
	}
}

// needs lists what must be done on the way from the credential to the dependent before it sees a new value.
func (w *walk) needs(n int32) []string {
	out := []string{}
	for {
		for _, a := range w.g.nodes[n].All(inventory.AttrNeeds) {
			out = append(out, a.Value)
		}
		if w.via[n] < 0 {
			slices.Sort(out)
			return slices.Compact(out)
		}
		n = w.towards(n)
	}
}

func platformOf(n *inventory.Node) string {
	for _, key := range []inventory.AttrKey{inventory.AttrPlatform, inventory.AttrStore, inventory.AttrLanguage} {
		if p := n.Attr(key); p != "" {
			return p
		}
	}
	prefix, _, _ := strings.Cut(n.ID, ":")
	return prefix
}

func activeOf(n *inventory.Node) *bool {
	switch n.Attr(inventory.AttrActive) {
	case "true":
		yes := true
		return &yes
	case "false":
		no := false
		return &no
	}
	return nil
}

func schedulesOf(n *inventory.Node) []Schedule {
	out := []Schedule{}
	for _, a := range n.All(inventory.AttrSchedule) {
		resolved := a.Value != "" && !strings.ContainsAny(a.Value, "${}<>")
		out = append(out, Schedule{a.Value, a.Detail, resolved, a.Evidence})
	}
	return out
}
