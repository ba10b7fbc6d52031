package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/resolve"
)

// Impact is everything that breaks, may break, or does not start when a credential changes.
type Impact struct {
	Schema     string               `json:"schema"`
	Credential Credential           `json:"credential"`
	Places     []inventory.Evidence `json:"places"` // where its slots are defined or mentioned, definitions first
	Dependents []Dependent          `json:"dependents"`
	Possible   []Dependent          `json:"possible"`           // reached through may-be edges only
	Also       []PathEdge           `json:"also"`               // hops between them that no path shows
	AlsoCut    bool                 `json:"also_cut,omitempty"` // there are more such hops than are listed
	Mentions   []Mention            `json:"mentions"`           // where it is named and nothing says what for
	Settle     []string             `json:"settle,omitempty"`
	Coverage   Coverage             `json:"coverage"`
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
	out := Impact{Schema: "rotamap/impact/1", Credential: *c, Places: g.places(c), Coverage: g.Coverage(),
		Dependents: []Dependent{}, Possible: []Dependent{}, Settle: g.settle(c)}
	for _, d := range w.dependents() {
		if d.Certainty == CertaintyMayBreak {
			out.Possible = append(out.Possible, d)
		} else {
			out.Dependents = append(out.Dependents, d)
		}
	}
	out.Also, out.AlsoCut = g.also(w, &out)
	out.Mentions = g.mentions(w, &out)
	return out
}

// settle says what would turn the may-be edges that leave a credential into facts.
func (g *Graph) settle(c *Credential) []string {
	var out []string
	for _, n := range c.nodes {
		for _, i := range g.out.of(n) {
			if e := &g.edges[i]; e.Kind == inventory.MayBe && e.Rule != resolve.CounterpartRule {
				out = append(out, e.From+" may be "+e.To+": a names listing or a [[store]] line in rotamap.toml settles it")
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// dependents lists what was reached and can stop working, one row for each thing: automations first.
func (w *walk) dependents() []Dependent {
	out := []Dependent{}
	at := map[string]int{} // by id
	for _, n := range w.reached {
		node := &w.g.nodes[w.g.node(n)]
		if w.via[n] == isSeed || !isDependent(node.Kind) && !w.g.isFilledSet(node) {
			continue
		}
		if node.Kind == inventory.Code && w.onlyPassed(n) || w.g.unusedElement(w.g.node(n)) {
			continue
		}
		d := w.dependent(n)
		if i, ok := at[d.ID]; !ok {
			at[d.ID] = len(out)
			out = append(out, d)
		} else if better(d, out[i]) {
			out[i] = d
		}
	}
	slices.SortFunc(out, func(a, b Dependent) int {
		c := cmp.Or(cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)), strings.Compare(a.Certainty, b.Certainty),
			cmp.Compare(b.Confidence, a.Confidence))
		if c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}

// unusedElement reports whether a node is an element of a map that a module is handed whole, and takes nothing of: var.secret_arns[db].
func (g *Graph) unusedElement(n int32) bool {
	node := &g.nodes[n]
	return node.Kind == inventory.Slot && strings.HasPrefix(node.Name, "var.") && strings.HasSuffix(node.Name, "]") && len(g.in.of(n)) == 0
}

// onlyPassed reports whether a file does nothing with what was reached but import the file that does, while another file
// imports it in turn: such a file stands in the paths of what it leads to. A settings module is imported by hundreds.
func (w *walk) onlyPassed(n int32) bool {
	if w.via[n] < 0 || w.g.edges[w.via[n]].Rule != resolve.ImportRule {
		return false
	}
	for _, i := range w.g.in.of(w.g.node(n)) {
		e := &w.g.edges[i]
		if e.Rule == resolve.ImportRule && (w.via[e.from] != notReached || w.via[e.from+int32(len(w.g.nodes))] != notReached) {
			return true
		}
	}
	return false
}

func better(a, b Dependent) bool {
	return cmp.Or(strings.Compare(a.Certainty, b.Certainty), cmp.Compare(b.Confidence, a.Confidence),
		cmp.Compare(len(a.Path), len(b.Path))) < 0
}

// dependentKinds are the kinds that a list of dependents shows; the rest stands in the paths.
var dependentKinds = []inventory.NodeKind{inventory.Automation, inventory.Part, inventory.Code, inventory.Slot,
	inventory.Derived, inventory.File, inventory.Image}

func isDependent(k inventory.NodeKind) bool { return slices.Contains(dependentKinds, k) }

// isFilledSet reports whether a node is a Secret of a cluster that is filled from elsewhere with whatever keys there are: it
// is listed like a key of one.
func (g *Graph) isFilledSet(n *inventory.Node) bool {
	return n.Kind == inventory.Pattern && n.Attr(inventory.AttrStore) == "k8s" && strings.HasSuffix(n.ID, "#*") &&
		!strings.Contains(strings.TrimSuffix(n.Name, "#*"), "*")
}

func kindRank(k inventory.NodeKind) int { return slices.Index(dependentKinds, k) }

func (w *walk) dependent(n int32) Dependent {
	g, node := w.g, &w.g.nodes[w.g.node(n)]
	id, _, _ := inventory.ContextOf(node.ID)
	if node.Kind != inventory.Code {
		id = node.ID
	}
	d := Dependent{
		ID: id, Kind: node.Kind, Name: node.Name, Platform: platformOf(node), Certainty: w.certainty[n],
		Active: activeOf(node), State: inventory.Head, Branches: []string{}, Schedules: schedulesOf(node),
		Owners: g.owners(g.node(n)), Confidence: w.sure[n], Path: w.path(n), Needs: []string{},
	}
	if len(node.Evidence) > 0 {
		d.State = node.Evidence[0].State
	}
	if aside := w.aside(n); aside != nil {
		d.State, d.Branches = inventory.Branch, aside
	}
	d.Environment = w.environment(n)
	d.Needs = w.needs(n)
	return d
}

// aside returns the branches that alone have a hop of the way from a node to the credential, nil when the present has
// all of it.
func (w *walk) aside(n int32) []string {
	for w.via[n] >= 0 {
		if out := w.g.edges[w.via[n]].aside; out != nil {
			return out
		}
		n = w.before[n]
	}
	return nil
}

// path returns the hops from a node to the root of the credential.
func (w *walk) path(n int32) []PathEdge {
	out := []PathEdge{}
	for {
		i, next := w.via[n], w.before[n]
		if i < 0 {
			copied, ok := w.root[n]
			if !ok {
				return out
			}
			i, next = copied, w.g.edges[copied].to
		}
		e := &w.g.edges[i]
		out = append(out, PathEdge{e.From, e.To, e.Kind, e.Rule, e.Confidence, w.g.withDefinition(w.withUses(e, w.g.alongside(e)), w.g.node(next))})
		n = next
	}
}

// withUses adds to the places of an import those at which its file uses what it takes of the other.
func (w *walk) withUses(e *edge, at []inventory.Evidence) []inventory.Evidence {
	if !e.takes {
		return at
	}
	for _, a := range e.All(inventory.AttrTakes) {
		if len(a.Evidence) > 0 && w.needsBy(e.to, a.Value, 0) {
			at = append(at[:len(at):len(at)], a.Evidence...)
		}
	}
	return at
}

// alongside returns the places of a hop, and behind them those of the other ways between the same nodes: a step may see a
// secret in its environment, and name it in its script as well.
func (g *Graph) alongside(hop *edge) []inventory.Evidence {
	at := hop.Evidence
	add := func(e *edge) {
		for _, x := range e.Evidence {
			if len(at) < maxAlongside && !slices.ContainsFunc(at, func(o inventory.Evidence) bool { return o.Compare(x) == 0 }) {
				at = append(at[:len(at):len(at)], x)
			}
		}
	}
	for _, i := range g.out.of(hop.from) {
		e := &g.edges[i]
		switch {
		case e == hop || e.Kind.Effect() < hop.Kind.Effect():
		case e.to == hop.to:
			add(e)
		case g.nodes[e.to].Kind == inventory.Binding:
			for _, j := range g.out.of(e.to) {
				if next := &g.edges[j]; next.to == hop.to && next.Kind.Effect() >= hop.Kind.Effect() {
					add(e)
					add(next)
				}
			}
		}
	}
	return at
}

// maxAlongside bounds the places of one hop.
const maxAlongside = 30

// withDefinition adds the places where a slot is defined to the hop that leads to it, behind the hop's own, and that where
// the file of the hop names the environment to which the slot belongs.
func (g *Graph) withDefinition(at []inventory.Evidence, n int32) []inventory.Evidence {
	if g.nodes[n].Kind != inventory.Slot {
		return at
	}
	out := slices.Clone(at)
	for _, a := range g.nodes[n].All(inventory.AttrEnvironment) {
		for _, e := range a.Evidence {
			if slices.ContainsFunc(at, func(o inventory.Evidence) bool { return o.Source == e.Source && o.Path == e.Path }) && len(out) < len(at)+maxDefinitions {
				out = append(out, e)
			}
		}
	}
	for _, a := range g.nodes[n].All(inventory.AttrDefined) {
		for _, e := range a.Evidence[:min(len(a.Evidence), maxDefinitions)] {
			if !slices.ContainsFunc(at, func(o inventory.Evidence) bool { return o.Compare(e) == 0 }) {
				out = append(out, e)
			}
		}
	}
	return out
}

// maxDefinitions bounds the places of a definition that a hop shows.
const maxDefinitions = 5

// environment is the surest word of the nodes between the dependent and the credential, the dependent first. What lies between
// and is seen in several environments, such as the variable of a module that all of them call, does not say which this one is.
func (w *walk) environment(n int32) string {
	for first := n; ; {
		env := environmentsOf(&w.g.nodes[w.g.node(n)])
		if len(env) == 1 || len(env) > 1 && (n == first || env[0].Confidence > env[1].Confidence) {
			return env[0].Name
		}
		if w.via[n] < 0 {
			return "unknown"
		}
		n = w.before[n]
	}
}

// needs lists what must be done on the way from the credential to the dependent before it sees a new value.
func (w *walk) needs(n int32) []string {
	out := []string{}
	for {
		for _, a := range w.g.nodes[w.g.node(n)].All(inventory.AttrNeeds) {
			out = append(out, a.Value)
		}
		if w.via[n] < 0 {
			slices.Sort(out)
			return slices.Compact(out)
		}
		n = w.before[n]
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
