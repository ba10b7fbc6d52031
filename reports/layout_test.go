package reports

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestPlace: whatever the picture, boxes do not overlap, lines run from left to right between the sides of boxes,
// everything lies inside the picture, and the same picture gets the same coordinates.
func TestPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPicture(t)
		again := Picture{Nodes: slices.Clone(p.Nodes), Edges: slices.Clone(p.Edges)}
		p.Place()
		again.Place()
		if diff := cmp.Diff(p, again); diff != "" {
			t.Fatalf("two layouts of one picture differ:\n%s", diff)
		}
		for i, a := range p.Nodes {
			if a.X < 0 || a.Y < 0 || a.X+BoxWidth > p.Width || a.Y+BoxHeight > p.Height {
				t.Fatalf("box %d lies outside", i)
			}
			for _, b := range p.Nodes[:i] {
				if a.X == b.X && a.Y < b.Y+BoxHeight && b.Y < a.Y+BoxHeight {
					t.Fatalf("boxes overlap: %v %v", a, b)
				}
			}
		}
		for _, e := range p.Edges {
			checkRoute(t, p, e)
		}
	})
}

func anyPicture(t *rapid.T) Picture {
	var p Picture
	n := rapid.IntRange(1, 30).Draw(t, "nodes")
	for i := range n {
		p.Nodes = append(p.Nodes, PictureNode{ID: string(rune('a' + i)), Lane: rapid.IntRange(0, len(Lanes)-1).Draw(t, "lane"), Count: 1})
	}
	for range rapid.IntRange(0, 60).Draw(t, "edges") {
		a, b := rapid.IntRange(0, n-1).Draw(t, "from"), rapid.IntRange(0, n-1).Draw(t, "to")
		if p.Nodes[a].Lane > p.Nodes[b].Lane || p.Nodes[a].Lane == p.Nodes[b].Lane && a > b {
			a, b = b, a
		}
		if a != b {
			p.Edges = append(p.Edges, PictureEdge{From: a, To: b})
		}
	}
	return p
}

func checkRoute(t *rapid.T, p Picture, e PictureEdge) {
	first, last := e.Route[0], e.Route[len(e.Route)-1]
	from, to := p.Nodes[e.From], p.Nodes[e.To]
	end := Point{to.X, to.Y + BoxHeight/2}
	if to.X <= from.X {
		end.X += BoxWidth
	}
	if first != (Point{from.X + BoxWidth, from.Y + BoxHeight/2}) || last != end {
		t.Fatalf("a line ends beside its box: %v", e)
	}
	for i := 1; i < len(e.Route); i++ {
		if from.X < to.X && e.Route[i].X <= e.Route[i-1].X {
			t.Fatalf("a line runs back: %v", e)
		}
	}
}
