package reports

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// Lanes are the headings of a picture, left to right: a change of the credential travels from left to right.
var Lanes = []string{"where it lives", "credential", "reference", "automation", "service, schedule, owner"}

// The numbers of the lanes.
const (
	laneSlot = iota
	laneCredential
	laneReference
	laneAutomation
	laneContext
)

// Picture is the neighbourhood of one credential, or of several, as people look at it. Nodes and edges are sorted;
// Place gives the nodes their coordinates.
type Picture struct {
	Title  string
	Nodes  []PictureNode
	Edges  []PictureEdge
	Left   int // nodes left out because the picture would be too large
	Width  int
	Height int
}

// PictureNode is a box of a picture.
type PictureNode struct {
	ID    string
	Kind  string // credential, schedule, or a kind of node
	Name  string
	Note  string // second line: the platform, the store
	Lane  int
	Count int // how many equal things it stands for
	X, Y  int // upper left corner
}

// PictureEdge is a line of a picture, from left to right.
type PictureEdge struct {
	From, To int // indexes of nodes
	Sure     inventory.Confidence
	Route    []Point // from the right side of From to the left side of To
}

// Point is a place in a picture.
type Point struct{ X, Y int }

// Picture returns the neighbourhood of a credential of the document, laid out.
func (d *Document) Picture(c *Credential) (Picture, error) { return d.pictureOf(c, d.impact(c)) }

func (d *Document) pictureOf(c *Credential, impact graph.Impact) (Picture, error) {
	p, err := d.sketch(c, impact)
	if err != nil {
		return Picture{}, err
	}
	out := p.picture(c.Name)
	out.Place()
	return out, nil
}

// Pictures returns the neighbourhoods of several credentials as one picture, without coordinates: the focused one,
// or else those that the most depends on, as long as there are at most so many edges.
func (d *Document) Pictures(o Options, edges int) (Picture, error) {
	all := newSketch()
	left := 0
	chosen := d.drawn(o)
	for i, c := range chosen {
		p, err := d.sketch(c, d.impact(c))
		if err != nil {
			return Picture{}, err
		}
		if len(all.edges)+len(p.edges) > edges && len(all.edges) > 0 {
			left = len(chosen) - i
			break
		}
		all.merge(p)
	}
	out := all.picture(d.Title)
	out.Left += left
	return out, nil
}

// drawn lists the credentials that a picture of the document shows.
func (d *Document) drawn(o Options) []*Credential {
	if o.Focus != "" {
		if c := d.Credential(o.Focus); c != nil {
			return []*Credential{c}
		}
	}
	out := make([]*Credential, 0, len(d.Credentials))
	for i := range d.Credentials {
		out = append(out, &d.Credentials[i])
	}
	return out
}

// sketch is a picture while it is put together.
type sketch struct {
	nodes map[string]PictureNode
	edges map[[2]string]inventory.Confidence // from the left node to the right one
	left  int
}

func newSketch() *sketch {
	return &sketch{nodes: map[string]PictureNode{}, edges: map[[2]string]inventory.Confidence{}}
}

// sketch draws the neighbourhood of a credential as the graph condenses it, with its service and with the schedules
// and owners of its automations.
func (d *Document) sketch(c *Credential, impact graph.Impact) (*sketch, error) {
	s := newSketch()
	if impact.Credential.ID == "" {
		return s, nil
	}
	p, err := d.g.NeighbourhoodOf(impact)
	if err != nil {
		return nil, err
	}
	if d.show != nil {
		p = rewrite(p, d.show)
	}
	own := map[string]bool{}
	for _, id := range c.Slots {
		own[id] = true
	}
	for _, n := range p.Nodes {
		s.add(d.pictureNode(n, own, c))
	}
	for _, e := range p.Edges {
		s.connect(e.To, e.From, e.Confidence)
	}
	s.left = p.Left
	d.context(s, c)
	return s, nil
}

// pictureNode puts a node of the condensed graph in its lane: places that are not the credential's own are
// references to it.
func (d *Document) pictureNode(n graph.PictureNode, own map[string]bool, c *Credential) PictureNode {
	out := PictureNode{ID: n.ID, Kind: string(n.Kind), Name: cmp.Or(n.Name, n.ID), Lane: n.Lane, Count: n.Count}
	prefix, _, _ := strings.Cut(n.ID, ":")
	switch {
	case n.Count > 1: // its name says what it stands for
	case n.Lane == laneCredential:
		out.Note = c.Exposure
	case n.Kind == inventory.Slot:
		out.Name, out.Note = slotText(strings.TrimPrefix(out.Name, prefix+" "), prefix)
		if _, environment, ok := strings.Cut(strings.TrimSuffix(n.ID, "/"+out.Name), "@env:"); ok {
			out.Note = prefix + " of " + environment
		}
		if !own[n.ID] {
			out.Lane = laneReference
		}
	case n.Kind == inventory.Automation:
		out.Note = prefix
	}
	return out
}

// slotText splits the name of a slot: the key says what it is, the rest where it is.
func slotText(name, store string) (text, note string) {
	if entry, key, ok := strings.Cut(name, "#"); ok && key != "" {
		return lastKey(key), store + " " + entry
	}
	return name, store
}

// context adds what stands in the last lane.
func (d *Document) context(s *sketch, c *Credential) {
	root, service := "credential:"+c.ID, ""
	if c.Service != "" {
		service = inventory.ServiceID(c.Service)
		s.add(PictureNode{ID: service, Kind: "service", Name: c.Service, Lane: laneContext, Count: 1})
	}
	linked := false
	for _, id := range slices.Sorted(maps.Keys(s.nodes)) {
		i, ok := d.at[id]
		if !ok {
			continue
		}
		a := d.Automations[i]
		if slices.Contains(a.Credentials, c.ID) {
			linked = true
			s.connect(a.ID, service, inventory.Certain)
		}
		for _, t := range a.Schedules {
			id := "schedule:" + t.Text + " " + t.Timezone
			s.add(PictureNode{ID: id, Kind: "schedule", Name: t.Text, Note: t.Timezone, Lane: laneContext, Count: 1})
			s.connect(a.ID, id, inventory.Certain)
		}
		for _, o := range a.Owners[:min(2, len(a.Owners))] {
			s.add(PictureNode{ID: inventory.OwnerID(o.Name), Kind: "owner", Name: o.Name, Lane: laneContext, Count: 1})
			s.connect(a.ID, inventory.OwnerID(o.Name), o.Confidence)
		}
	}
	if !linked {
		s.connect(root, service, inventory.Certain)
	}
}

func (s *sketch) add(n PictureNode) {
	if _, ok := s.nodes[n.ID]; !ok && n.ID != "" {
		s.nodes[n.ID] = n
	}
}

// connect draws a line between two nodes, from the left one to the right one.
func (s *sketch) connect(a, b string, sure inventory.Confidence) {
	left, okLeft := s.nodes[a]
	right, okRight := s.nodes[b]
	if !okLeft || !okRight || a == b {
		return
	}
	if left.Lane > right.Lane {
		a, b = b, a
	}
	if _, ok := s.edges[[2]string{b, a}]; ok {
		return // the same line, drawn the other way
	}
	s.edges[[2]string{a, b}] = max(s.edges[[2]string{a, b}], sure)
}

func (s *sketch) merge(o *sketch) {
	for id, n := range o.nodes {
		if old, ok := s.nodes[id]; ok && old.Lane < n.Lane {
			n = old
		}
		s.nodes[id] = n
	}
	for e, sure := range o.edges {
		if _, ok := s.edges[[2]string{e[1], e[0]}]; !ok {
			s.edges[e] = max(s.edges[e], sure)
		}
	}
	s.left += o.left
}

// picture lists the nodes and edges in order.
func (s *sketch) picture(title string) Picture {
	out := Picture{Title: title, Left: s.left}
	for _, n := range s.nodes {
		out.Nodes = append(out.Nodes, n)
	}
	slices.SortFunc(out.Nodes, func(a, b PictureNode) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), strings.Compare(a.ID, b.ID))
	})
	at := make(map[string]int, len(out.Nodes))
	for i, n := range out.Nodes {
		at[n.ID] = i
	}
	for e, sure := range s.edges {
		out.Edges = append(out.Edges, PictureEdge{From: at[e[0]], To: at[e[1]], Sure: sure})
	}
	slices.SortFunc(out.Edges, func(a, b PictureEdge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}
