package source

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// plan is the order in which the objects of a pack are read. Deltas stand on their bases like children on their
// parents: a family is read from its base down, so that each object is inflated and built exactly once.
type plan struct {
	pack     *pack
	at       []int64         // offsets, ascending
	pos      []int32         // position in the index of the object at an offset
	child    []int32         // first child, -1 for none
	next     []int32         // next sibling, -1 for none
	size     []int32         // objects of the family, on its base
	kind     []objectKind    // 0 where it cannot be told without another store
	roots    []int32         // bases of families
	silent   []bool          // by the bases of families of commits: no message says anything; nil when they were not read
	compared []atomic.Uint32 // bits of the objects that are what the index tells of
	stray    []int32         // objects whose base is not in the pack, or whose header cannot be read
}

// plan reads the headers of all objects of a pack, once.
func (p *pack) plan() *plan {
	p.once.Do(func() { p.planned = newPlan(p) })
	return p.planned
}

// newPlan reads the headers of all objects of a pack.
func newPlan(p *pack) *plan {
	g := &plan{
		pack: p, at: make([]int64, p.n), pos: make([]int32, p.n), child: make([]int32, p.n), next: make([]int32, p.n),
		size: make([]int32, p.n), kind: make([]objectKind, p.n), compared: make([]atomic.Uint32, (p.n+31)/32),
	}
	for i, pos := range p.order() {
		g.at[i], g.pos[i], g.child[i], g.next[i] = p.offset(pos), int32(pos), -1, -1
	}
	parent := make([]int32, p.n)
	for i := range g.at {
		parent[i] = g.link(int32(i))
	}
	p.passed(int64(len(p.data)))
	for i := range g.at {
		top := g.top(parent, int32(i))
		g.size[top]++
		g.kind[i] = g.kind[top]
	}
	return g
}

// link reads one header and puts the object below its base. It returns the base, or the object itself.
func (g *plan) link(i int32) int32 {
	e, err := g.pack.entry(g.at[i])
	if err != nil {
		g.stray = append(g.stray, i)
		return i
	}
	base := e.base
	switch e.kind {
	case refDeltaKind:
		n, ok := g.pack.find(e.ref)
		if !ok {
			g.stray = append(g.stray, i)
			return i
		}
		base = g.pack.offset(n)
	case ofsDeltaKind:
	default:
		g.kind[i] = e.kind
		g.roots = append(g.roots, i)
		return i
	}
	parent, ok := slices.BinarySearch(g.at, base)
	if !ok || int32(parent) == i {
		g.stray = append(g.stray, i)
		return i
	}
	g.next[i], g.child[parent] = g.child[parent], i
	return int32(parent)
}

// top follows an object up to the base of its family, and shortens the way for the next one. In a ring of
// deltas, which only a forged pack has, it stops somewhere.
func (g *plan) top(parent []int32, i int32) int32 {
	for range maxChain {
		up := parent[i]
		if up == i {
			break
		}
		parent[i] = parent[up]
		i = up
	}
	return i
}

// count returns how many objects of one kind there are.
func (g *plan) count(kind objectKind) int {
	n := 0
	for _, k := range g.kind {
		if k == kind {
			n++
		}
	}
	return n
}

// id returns the id of an object of the plan.
func (g *plan) id(i int32) oid { return g.pack.id(int(g.pos[i])) }

// member is an object of a family that is still to be read.
type member struct {
	at    int32
	on    *buffer  // its base
	known *scanned // of its base, or of what that stands on
	via   *origin  // how the base is made of another content; nil where it is told by itself
	elder *elder   // of a family of which nothing is known yet: that other content
}

// elder is the first member of a family where that one is not visited.
type elder struct {
	made *origin // of a member that was visited
}

// built is an object of a family, or the error for which it could not be built.
type built struct {
	id     oid
	kind   objectKind
	data   []byte
	err    error
	origin origin
}

// read reads a family and calls visit for each of its objects, with an error for those that cannot be built. What
// visit returns is handed on to the objects that stand on this one. An error of visit ends the reading. Unless it is
// nil, skim is asked first, and says of what nothing must be built or visited.
func (g *plan) read(z *inflater, root int32, limit int64, skim *skim, visit func(built) (*scanned, error)) error {
	return g.readSome(z, root, limit, skim, nil, visit)
}

// readSome is read for those members of a family that some marks, unless that is nil. What stands on one that visit says
// nothing of is told against what that one stands on.
func (g *plan) readSome(z *inflater, root int32, limit int64, skim *skim, some []bool, visit func(built) (*scanned, error)) error {
	todo := []member{{at: root}}
	for len(todo) > 0 {
		m := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		var v skimmed
		if skim != nil && (m.at == root || m.on.data != nil) { // what stands on a damaged object is damaged
			if v = skim.ask(m.at, m.known); v.whole {
				z.done(m.on)
				continue
			}
		}
		b := built{id: g.id(m.at), kind: g.kind[root]}
		b.data, b.origin, b.err = g.build(z, m, m.at == root, limit)
		known := v.known
		if !v.done {
			var err error
			if known, err = visit(b); err != nil {
				return err
			}
		}
		next := member{known: known}
		if some != nil {
			next = m.heir(b, known)
		}
		z.done(m.on)
		on := &buffer{data: b.data, users: 1}
		for c := g.child[m.at]; c >= 0; c = g.next[c] {
			if some == nil || some[c] {
				on.users++
				next.at, next.on = c, on
				todo = append(todo, next)
			}
		}
		z.done(on)
	}
	return nil
}

// build inflates an object and applies it to its base. It tells the pieces that are taken over from the base, in
// a buffer that the next call uses again.
func (g *plan) build(z *inflater, m member, isBase bool, limit int64) ([]byte, origin, error) {
	e, err := g.pack.entry(g.at[m.at])
	if err != nil {
		return nil, origin{}, err
	}
	if next := int(m.at) + 1; next < len(g.at) {
		g.pack.passed(g.at[next] - g.at[m.at])
	}
	if isBase {
		if e.size > limit {
			return nil, origin{}, errLimit
		}
		data, err := z.into(z.room(e.size), g.pack.body(e), e.size, limit)
		return data, origin{}, err
	}
	if m.on.data == nil {
		return nil, origin{}, errCorrupt
	}
	delta, err := g.pack.inflateDelta(z, e, limit)
	if err != nil {
		return nil, origin{}, err
	}
	_, size, _, err := deltaSizes(delta)
	if err != nil || size > limit {
		return nil, origin{}, cmp.Or(err, errLimit)
	}
	if z.pieces == nil {
		z.pieces = make([]piece, 0, 64)
	}
	data, pieces, err := patch(z.room(size), m.on.data, delta, limit, z.pieces[:0])
	if pieces != nil {
		z.pieces = pieces
	}
	return data, m.told(origin{base: m.known, size: len(m.on.data), pieces: pieces}), err
}

// told tells what is made of the base of a member against what is known.
func (m *member) told(o origin) origin {
	if m.via != nil {
		o = o.through(m.via)
	}
	if m.elder != nil && m.elder.made != nil {
		o = o.through(m.elder.made)
	}
	return o
}

// heir says what the members that stand on this one are told against: on itself where it is known, else on what it is told
// against.
func (m *member) heir(b built, known *scanned) member {
	switch {
	case known != nil:
		if m.elder != nil && m.elder.made == nil {
			m.elder.made = b.origin.turned(known, len(b.data))
		}
		return member{known: known}
	case b.err != nil:
		return member{}
	case m.on == nil:
		return member{elder: &elder{}}
	case b.origin.pieces == nil || b.origin.base == nil && m.elder == nil:
		return member{}
	}
	o := b.origin
	o.pieces = slices.Clone(o.pieces)
	if m.elder == nil || m.elder.made != nil {
		return member{known: o.base, via: &o}
	}
	return member{via: &o, elder: m.elder}
}
