package reports

import (
	"cmp"
	"slices"
)

// Layout of pictures: lanes are columns, a lane with chains inside it has a column for each step. A line that
// crosses a column gets a point in it, so that lines never run behind boxes. The order in a column is the average
// place of the neighbours (barycentres, a few sweeps to and fro), which leaves few crossings. The same picture
// gets the same coordinates.

// Sizes of a picture, in pixels.
const (
	BoxWidth  = 168
	BoxHeight = 44
	columnGap = 40
	rowGap    = 12
	bendSize  = 10 // height of a place where a line passes a column
	margin    = 12
	headRoom  = 26 // for the headings of the lanes
	maxSteps  = 3  // columns of one lane
)

// cell is a box, or a place where a line passes a column.
type cell struct {
	node   int // index of a node, -1 for a bend
	height int
	y      int
	left   []*cell
	right  []*cell
	order  float64
}

func (c *cell) center() int { return c.y + c.height/2 }

// Place gives nodes and lines their coordinates.
func (p *Picture) Place() {
	column := p.columns()
	count := 0
	for _, c := range column {
		count = max(count, c+1)
	}
	cells := make([][]*cell, count)
	boxes := make([]*cell, len(p.Nodes))
	for i := range p.Nodes {
		boxes[i] = &cell{node: i, height: BoxHeight}
		cells[column[i]] = append(cells[column[i]], boxes[i])
	}
	routes := p.routes(boxes, column, cells)
	for range 6 {
		sweep(cells)
	}
	stack(cells)
	for range 4 {
		align(cells)
	}
	p.write(cells, boxes, routes, column)
}

// columns numbers the columns of the nodes: lanes in order, empty ones left out, chains inside a lane spread out.
func (p *Picture) columns() []int {
	step := make([]int, len(p.Nodes))
	for range maxSteps - 1 {
		for _, e := range p.Edges {
			if p.Nodes[e.From].Lane == p.Nodes[e.To].Lane {
				step[e.To] = min(maxSteps-1, max(step[e.To], step[e.From]+1))
			}
		}
	}
	key := func(i int) int { return p.Nodes[i].Lane*maxSteps + step[i] }
	var used []int
	for i := range p.Nodes {
		used = append(used, key(i))
	}
	slices.Sort(used)
	used = slices.Compact(used)
	out := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		out[i], _ = slices.BinarySearch(used, key(i))
	}
	return out
}

// routes links the cells of each line, with a bend in every column between its ends.
func (p *Picture) routes(boxes []*cell, column []int, cells [][]*cell) [][]*cell {
	out := make([][]*cell, len(p.Edges))
	for i, e := range p.Edges {
		route := []*cell{boxes[e.From]}
		for c := column[e.From] + 1; c < column[e.To]; c++ {
			bend := &cell{node: -1, height: bendSize}
			cells[c] = append(cells[c], bend)
			route = append(route, bend)
		}
		route = append(route, boxes[e.To])
		for j := 1; j < len(route); j++ {
			route[j-1].right = append(route[j-1].right, route[j])
			route[j].left = append(route[j].left, route[j-1])
		}
		out[i] = route
	}
	return out
}

// sweep orders every column by its left neighbours, then back by its right ones.
func sweep(cells [][]*cell) {
	for i := 1; i < len(cells); i++ {
		reorder(cells[i], cells[i-1], func(c *cell) []*cell { return c.left })
	}
	for i := len(cells) - 2; i >= 0; i-- {
		reorder(cells[i], cells[i+1], func(c *cell) []*cell { return c.right })
	}
}

// reorder sorts a column by the average rank of the neighbours in the fixed one; cells without any keep their place.
func reorder(column, fixed []*cell, neighbours func(*cell) []*cell) {
	rank := make(map[*cell]int, len(fixed))
	for i, c := range fixed {
		rank[c] = i
	}
	for i, c := range column {
		total, n := 0, 0
		for _, o := range neighbours(c) {
			if r, ok := rank[o]; ok {
				total, n = total+r, n+1
			}
		}
		c.order = float64(i)
		if n > 0 {
			c.order = float64(total) / float64(n)
		}
	}
	slices.SortStableFunc(column, func(a, b *cell) int { return cmp.Compare(a.order, b.order) })
}

// stack puts the cells of each column one under the other.
func stack(cells [][]*cell) {
	for _, column := range cells {
		y := margin + headRoom
		for _, c := range column {
			c.y = y
			y += c.height + rowGap
		}
	}
}

// align moves the cells of each column towards their neighbours, without changing their order or touching.
func align(cells [][]*cell) {
	for _, column := range cells {
		settle(column)
	}
	for _, column := range slices.Backward(cells) {
		settle(column)
	}
}

func settle(column []*cell) {
	want := make([]int, len(column))
	shift, bottom := 0, margin+headRoom
	for i, c := range column {
		want[i] = wish(c)
	}
	for i, c := range column {
		c.y = max(bottom, want[i])
		shift += want[i] - c.y
		bottom = c.y + c.height + rowGap
	}
	if len(column) == 0 {
		return
	}
	shift = max(shift/len(column), margin+headRoom-column[0].y)
	for _, c := range column {
		c.y += shift
	}
}

// wish is where a cell would stand if it were alone: beside the middle of its neighbours.
func wish(c *cell) int {
	total, n := 0, 0
	for _, side := range [][]*cell{c.left, c.right} {
		for _, o := range side {
			total, n = total+o.center(), n+1
		}
	}
	if n == 0 {
		return c.y
	}
	return total/n - c.height/2
}

// write copies the coordinates into the picture.
func (p *Picture) write(cells [][]*cell, boxes []*cell, routes [][]*cell, column []int) {
	top := 1 << 30
	for _, c := range slices.Concat(cells...) {
		top = min(top, c.y)
	}
	lift := max(0, top-margin-headRoom)
	x := func(column int) int { return margin + column*(BoxWidth+columnGap) }
	p.Width, p.Height = x(len(cells))-columnGap+margin, 0
	for _, c := range slices.Concat(cells...) {
		c.y -= lift
		p.Height = max(p.Height, c.y+c.height+margin)
	}
	for i, b := range boxes {
		p.Nodes[i].X, p.Nodes[i].Y = x(column[i]), b.y
	}
	for i := range p.Edges {
		p.Edges[i].Route = route(routes[i], column[p.Edges[i].From], column[p.Edges[i].To], x)
	}
}

// route lists the points of a line: out of the right side of the first box, straight through each bend, into the
// left side of the last box; into its right side when that box is no column further.
func route(cells []*cell, first, last int, x func(int) int) []Point {
	out := []Point{{x(first) + BoxWidth, cells[0].center()}}
	for j := 1; j < len(cells)-1; j++ {
		y := cells[j].center()
		out = append(out, Point{x(first + j), y}, Point{x(first+j) + BoxWidth, y})
	}
	end := Point{x(last), cells[len(cells)-1].center()}
	if last <= first {
		end.X += BoxWidth
	}
	return append(out, end)
}
