package reports

import (
	"cmp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// wholeGraph is the graph, as tools take it: every node and edge of the map after joining, and the credentials,
// each joined to the slots in which it lives.
type wholeGraph struct {
	nodes []graphNode
	edges []graphEdge
}

type graphNode struct {
	id, kind, name, platform, service, exposure, severity string
	place                                                 string
}

type graphEdge struct {
	from, to             int
	kind, rule, sure, at string
}

// network lists nodes sorted by id and edges sorted by ends; each node is numbered by its position.
func (d *Document) network() wholeGraph {
	var out wholeGraph
	number := map[string]int{}
	add := func(n graphNode) {
		if _, ok := number[n.id]; !ok {
			number[n.id] = len(out.nodes)
			out.nodes = append(out.nodes, n)
		}
	}
	for i := range d.Credentials {
		c := &d.Credentials[i]
		add(graphNode{id: "credential:" + c.ID, kind: "credential", name: c.Name, service: c.Service, exposure: c.Exposure, severity: c.Severity})
	}
	all := d.g.Nodes("")
	for _, n := range all {
		x := d.shownNode(n)
		add(x)
	}
	for i := range d.Credentials {
		c := &d.Credentials[i]
		for _, s := range c.Slots {
			if to, ok := number[s]; ok {
				out.edges = append(out.edges, graphEdge{from: number["credential:"+c.ID], to: to, kind: "lives-in", sure: "certain"})
			}
		}
	}
	for _, n := range all {
		for _, e := range d.g.Out(n.ID) {
			out.edges = append(out.edges, graphEdge{number[d.text(e.From)], number[d.text(e.To)], string(e.Kind), e.Rule,
				e.Confidence.String(), d.text(d.firstPlace(e.Evidence))})
		}
	}
	return out
}

// text is a text of the graph as the document shows it.
func (d *Document) text(s string) string {
	if d.show == nil {
		return s
	}
	return d.show(s)
}

func (d *Document) shownNode(n *inventory.Node) graphNode {
	out := graphNode{id: d.text(n.ID), kind: string(n.Kind), name: d.text(cmp.Or(n.Name, n.ID)), platform: n.Attr(inventory.AttrPlatform)}
	if n.Kind == inventory.Slot {
		out.platform, _, _ = strings.Cut(n.ID, ":")
	}
	if len(n.Evidence) > 0 {
		out.place = d.text(place(n.Evidence[0]))
	}
	return out
}
