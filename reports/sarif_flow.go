package reports

import (
	"cmp"
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// sarifFlows is how many ways from a value to an automation one result spells out; its graph has all of them.
const sarifFlows = 10

// travels adds to a result how a change of the credential travels: the ways as code flows, and all of them as one
// graph. They stand at the first place of a credential only: at the others they would say the same.
func (s *sarifWriter) travels(r *sarifResult, l Literal) {
	c := s.d.Credential(l.Credential)
	if c == nil || s.flown[c.id] {
		return
	}
	s.flown[c.id] = true
	impact := s.d.Impact(c)
	names := automationNames(impact)
	g := newSARIFGraph(c)
	for _, d := range impact.Dependents {
		if d.Kind != inventory.Automation || d.Certainty != graph.CertaintyBreaks {
			continue
		}
		g.add(d, names)
		if len(r.CodeFlows) < sarifFlows {
			r.CodeFlows = append(r.CodeFlows, codeFlow(l, d, names))
		}
	}
	if len(g.Edges) > 0 {
		r.Graphs = []sarifGraph{g.sarifGraph}
	}
}

// codeFlow is the way from a value to an automation.
func codeFlow(l Literal, d graph.Dependent, names map[string]string) sarifCodeFlow {
	steps := []sarifFlowStep{{location(l.Evidence)}}
	for _, e := range slices.Backward(d.Path) {
		if e.Kind == inventory.PartOf || len(e.Evidence) == 0 {
			continue
		}
		at := location(e.Evidence[0])
		at.Message = &sarifText{Plain(hopText(e, names))}
		steps = append(steps, sarifFlowStep{at})
	}
	return sarifCodeFlow{sarifText{Plain("to " + nameOr(d.Name, d.ID))}, []sarifThreadFlow{{steps}}}
}

// sarifGraphBuilder puts the ways of one credential together.
type sarifGraphBuilder struct {
	sarifGraph
	seen map[string]bool // ids of nodes and edges
}

func newSARIFGraph(c *Credential) *sarifGraphBuilder {
	return &sarifGraphBuilder{seen: map[string]bool{}, sarifGraph: sarifGraph{Description: sarifText{Plain("how a change of " + c.Name + " travels")}}}
}

// add adds the way to a dependent: edges run as the change does, from what is needed to what needs it.
func (g *sarifGraphBuilder) add(d graph.Dependent, names map[string]string) {
	for _, e := range slices.Backward(d.Path) {
		g.node(e.To, names, nil)
		g.node(e.From, names, e.Evidence)
		id := Plain(e.To + " > " + e.From + " (" + string(e.Kind) + ")")
		if !g.seen[id] {
			g.seen[id] = true
			g.Edges = append(g.Edges, sarifGraphEdge{id, sarifText{string(e.Kind)}, Plain(e.To), Plain(e.From)})
		}
	}
}

func (g *sarifGraphBuilder) node(id string, names map[string]string, at []inventory.Evidence) {
	if g.seen[id] {
		return
	}
	g.seen[id] = true
	n := sarifGraphNode{ID: Plain(id), Label: sarifText{Plain(cmp.Or(names[id], id))}}
	if len(at) > 0 {
		place := location(at[0])
		n.Location = &place
	}
	g.Nodes = append(g.Nodes, n)
}
