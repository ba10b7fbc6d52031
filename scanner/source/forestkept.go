package source

import "slices"

// keptTrees are the trees of one pack as they are kept. Trees are told by their places in the index of the pack, and
// their bases by how far they stand before them here, 0 for none.
type keptTrees struct {
	trees, base, size, runs []int32 // of each tree; runs counts its runs
	from, n                 []int32 // of runs; from is -1 for new entries, which follow one another
	name, to                []int32 // of new entries
	foreign                 []oid   // objects that the pack lacks
	holder, entry           []int32 // of names: a tree that has it, and the number of the entry
	names                   []string
}

// What an entry leads to is told as a place and one of these; a submodule is nowhere.
const (
	toTree = iota
	toOther
	toForeignTree
	toForeignOther
	toKinds
)

// keep keeps the trees of a pack, those from a number of the order on. One with a fault is read anew each time.
func (f *forest) keep(g *plan, from int) {
	t := g.pack.table
	trees, others := f.ids.places(g.pack), f.blobs.places(g.pack)
	if t == nil || trees == nil || len(f.faults) > 0 {
		return
	}
	k := &keptTrees{}
	at := map[int32]int32{} // by the number of a tree: its place in the list
	names := map[int32]int32{}
	for _, n := range f.order[from:] {
		if !f.keepTree(k, n, at, names, trees, others) {
			return
		}
	}
	w := &numberWriter{pack: g.pack}
	for _, list := range k.lists() {
		w.ints(*list)
	}
	w.int(int64(len(k.foreign)))
	for _, id := range k.foreign {
		w.id(id)
	}
	t.Put(t.NumberKey("trees"), w.out)
	// A name that holds somebody's password is left out, and read where it stands.
	t.PutLate(t.Key("names"), func(leaks func([]byte) bool) []byte {
		var text []byte
		for _, name := range k.names {
			if !leaks([]byte(name)) {
				text = append(text, name...)
			}
			text = append(text, 0)
		}
		return text
	})
}

func (k *keptTrees) lists() []*[]int32 {
	return []*[]int32{&k.trees, &k.base, &k.size, &k.runs, &k.from, &k.n, &k.name, &k.to, &k.holder, &k.entry}
}

// keepTree adds a tree; false when it cannot be told by places in the pack.
func (f *forest) keepTree(k *keptTrees, n int32, at, names map[int32]int32, trees, others []int32) bool {
	t := f.trees[n]
	base := int32(0)
	if t.base >= 0 {
		b, ok := at[t.base]
		if !ok {
			return false
		}
		base = int32(len(k.trees)) - b
	}
	if trees[n] < 0 {
		return false
	}
	at[n] = int32(len(k.trees))
	k.trees, k.base, k.size = append(k.trees, trees[n]), append(k.base, base), append(k.size, t.size)
	k.runs = append(k.runs, t.end-t.first)
	entry := int32(0)
	for _, x := range f.runs[t.first:t.end] {
		if x.from >= 0 {
			entry += x.n
			k.from, k.n = append(k.from, x.from), append(k.n, x.n)
			continue
		}
		k.from, k.n = append(k.from, -1), append(k.n, x.n)
		for _, l := range f.leads[^x.from : ^x.from+x.n] {
			name, ok := names[l.name]
			if !ok {
				name = int32(len(k.names))
				names[l.name] = name
				k.names = append(k.names, f.spelt[l.name])
				k.holder, k.entry = append(k.holder, trees[n]), append(k.entry, entry)
			}
			entry++
			k.name, k.to = append(k.name, name), append(k.to, f.keptTarget(k, l.to, trees, others))
		}
	}
	return true
}

// keptTarget tells what an entry leads to.
func (f *forest) keptTarget(k *keptTrees, to int32, trees, others []int32) int32 {
	foreign := func(ids *numbers, n int32, kind int32) int32 {
		id, _ := ids.id(n)
		k.foreign = append(k.foreign, id)
		return int32(len(k.foreign)-1)*toKinds + kind
	}
	switch {
	case to == nowhere:
		return nowhere
	case to >= 0 && trees[to] >= 0:
		return trees[to]*toKinds + toTree
	case to >= 0:
		return foreign(f.ids, to, toForeignTree)
	case others[^to] >= 0:
		return others[^to]*toKinds + toOther
	}
	return foreign(f.blobs, ^to, toForeignOther)
}

// recall takes over the trees of a pack from an earlier scan; false when they must be read.
func (f *forest) recall(g *plan) bool {
	t := g.pack.table
	pack := slices.Index(f.ids.packs, g.pack)
	data, ok := t.Get(t.NumberKey("trees"))
	text, ok2 := t.Get(t.Key("names"))
	if !ok || !ok2 || pack < 0 || !g.intactKind(treeKind) {
		return false
	}
	k := &keptTrees{}
	in := &numberReader{pack: g.pack, in: data}
	if !k.decode(in) {
		return false
	}
	names := f.recallNames(g.pack, k, text)
	if names == nil || !k.sound(g.pack.n, len(names)) {
		return false
	}
	f.adopt(k, pack, names)
	return true
}

// decode reads a record; false when it is not whole.
func (k *keptTrees) decode(in *numberReader) bool {
	for _, list := range k.lists() {
		*list = in.ints()
	}
	k.foreign = make([]oid, in.count())
	for i := range k.foreign {
		k.foreign[i] = in.id()
	}
	return in.done()
}

// recallNames gives names their numbers; nil when one cannot be had. One that was left out is read from a tree.
func (f *forest) recallNames(p *pack, k *keptTrees, text []byte) []int32 {
	out := make([]int32, 0, len(k.holder))
	for from, i := 0, 0; i < len(text); i++ {
		if text[i] != 0 {
			continue
		}
		name := text[from:i]
		if n := len(out); len(name) == 0 {
			if n >= len(k.holder) || n >= len(k.entry) || k.holder[n] < 0 || int(k.holder[n]) >= p.n {
				return nil
			}
			list, err := f.repo.tree(p.id(int(k.holder[n])))
			if err != nil || k.entry[n] < 0 || int(k.entry[n]) >= len(list) {
				return nil
			}
			name = []byte(list[k.entry[n]].name)
		}
		out = append(out, f.name(name))
		from = i + 1
	}
	return out
}

// sound reports whether all numbers of a record are within what they count. It carries an HMAC; but a reader of records
// trusts no number all the same.
func (k *keptTrees) sound(objects, names int) bool {
	n := len(k.trees)
	if len(k.base) != n || len(k.size) != n || len(k.runs) != n || len(k.n) != len(k.from) || len(k.to) != len(k.name) {
		return false
	}
	runs := 0
	for i := range n {
		if k.trees[i] < 0 || int(k.trees[i]) >= objects || k.base[i] < 0 || k.base[i] > int32(i) || k.size[i] < 0 || k.runs[i] < 0 {
			return false
		}
		runs += int(k.runs[i])
	}
	fresh := int64(0)
	for i, from := range k.from {
		if k.n[i] < 0 || from < -1 || from > 1<<30 || k.n[i] > 1<<30 {
			return false
		}
		if from < 0 {
			fresh += int64(k.n[i])
		}
	}
	if runs != len(k.from) || fresh != int64(len(k.name)) {
		return false
	}
	for i, to := range k.to {
		limit := objects
		if to%toKinds >= toForeignTree {
			limit = len(k.foreign)
		}
		if k.name[i] < 0 || int(k.name[i]) >= names || to != nowhere && (to < 0 || int(to/toKinds) >= limit) {
			return false
		}
	}
	return true
}

// adopt numbers the trees of a record.
func (f *forest) adopt(k *keptTrees, pack int, names []int32) {
	next := int32(len(f.leads)) // of new entries
	f.leads = slices.Grow(f.leads, len(k.to))
	f.trees = slices.Grow(f.trees, len(k.trees)+len(k.trees)/8)
	for i, to := range k.to {
		f.leads = append(f.leads, lead{names[k.name[i]], f.adoptTarget(k, pack, to)})
	}
	numbers := make([]int32, len(k.trees))
	f.runs = slices.Grow(f.runs, len(k.from))
	at := 0
	for i, place := range k.trees {
		n, fresh := f.ids.giveAt(pack, int(place))
		if fresh {
			f.trees = append(f.trees, unread)
		}
		numbers[i] = n
		shape := treeShape{base: -1, first: int32(len(f.runs)), size: k.size[i]}
		if b := k.base[i]; b > 0 {
			shape.base = numbers[int32(i)-b]
		}
		for end := at + int(k.runs[i]); at < end; at++ {
			x := run{k.from[at], k.n[at]}
			if x.from < 0 {
				x.from = ^next
				next += x.n
			}
			f.runs = append(f.runs, x)
		}
		if f.trees[n] != unread { // another pack has it too
			f.runs = f.runs[:shape.first]
			continue
		}
		shape.end = int32(len(f.runs))
		f.trees[n] = shape
		f.order = append(f.order, n)
	}
}

func (f *forest) adoptTarget(k *keptTrees, pack int, to int32) int32 {
	if to == nowhere {
		return nowhere
	}
	at := to / toKinds
	switch to % toKinds {
	case toTree:
		n, fresh := f.ids.giveAt(pack, int(at))
		if fresh {
			f.trees = append(f.trees, unread)
		}
		return n
	case toForeignTree:
		return f.number(k.foreign[at])
	case toOther:
		n, _ := f.blobs.giveAt(pack, int(at))
		return ^n
	}
	n, _ := f.blobs.give(k.foreign[at])
	return ^n
}
