package tree

// Route is the way from a place in a document to a node below it. It is written out as a Path only where that is asked for:
// of most nodes of a document nothing is said. It is good for as long as the visit of its node lasts.
type Route struct {
	from  Path
	steps []step
}

// step leads to an entry of a map, or to an item of a sequence.
type step struct {
	key   string
	index int // -1 for an entry
}

// Path writes the route out.
func (r *Route) Path() Path {
	p := r.from
	for _, s := range r.steps {
		p = s.after(p)
	}
	return p
}

func (s step) after(p Path) Path {
	if s.index >= 0 {
		return p.Index(s.index)
	}
	return p.Key(s.key)
}

// Plain returns the last key of the route; false when a path writes it in another way, or when there is none.
func (r *Route) Plain() (string, bool) {
	for i := len(r.steps) - 1; i >= 0; i-- {
		if s := r.steps[i]; s.index < 0 {
			return s.key, s.key != "" && !isQuotedInPath(s.key)
		}
	}
	return "", false
}

// Visit is Walk with routes.
func (n *Node) Visit(at Path, visit func(*Route, *Node) bool) {
	(&Route{from: at}).visit(n, visit)
}

func (r *Route) visit(n *Node, visit func(*Route, *Node) bool) {
	if n == nil || !visit(r, n) {
		return
	}
	last := len(r.steps)
	r.steps = append(r.steps, step{})
	for i := range n.Pairs {
		r.steps[last] = step{n.Pairs[i].Key, -1}
		r.visit(n.Pairs[i].Value, visit)
	}
	for i, c := range n.Items {
		r.steps[last] = step{index: i}
		r.visit(c, visit)
	}
	r.steps = r.steps[:last]
}
