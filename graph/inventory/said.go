package inventory

import "slices"

// said are the attributes and the evidence of a node or an edge. The list of attributes is its own, that of evidence may be
// shared: facts of one place have the same, and most things have one place.
type said struct {
	attrs    []Attr
	evidence []Evidence
	sorted   int  // how long the lists were when they were sorted last
	shown    bool // the lists were handed out: they are not sorted in place any more
}

// add appends to the lists, and sorts them when they have doubled. What other heads of branches repeat is joined at once.
func (p *said) add(attrs []Attr, evidence []Evidence) {
	for n := range attrs {
		if p.joinAttr(&attrs[n]) {
			continue
		}
		p.shown = p.shown && len(p.attrs) < cap(p.attrs) // else it is copied now
		p.attrs = append(p.attrs, attrs[n])
	}
	out, done := joined(p.evidence, evidence)
	switch {
	case !done:
		out = grown(p.evidence, evidence)
	case len(out) > 1:
		p.sorted = -1
	}
	p.evidence = out
	p.grew()
}

// fewAttrs is how many attributes are looked through for one that is the same.
const fewAttrs = 16

// joinAttr gives an attribute that is there already the place of another; false where it must be added.
func (p *said) joinAttr(a *Attr) bool {
	if p.shown || len(a.Evidence) != 1 || len(p.attrs) > fewAttrs {
		return false
	}
	for n := range p.attrs {
		same := &p.attrs[n]
		if len(same.Evidence) != 1 || same.Value != a.Value || same.compare(*a) != 0 {
			continue
		}
		out, done := joined(same.Evidence, a.Evidence)
		if done {
			same.Evidence = out
		}
		return done
	}
	return false
}

func (p *said) grew() {
	if n := len(p.attrs) + len(p.evidence); n > 2*p.sorted+32 {
		p.settle()
	}
}

// joined joins places in a file at the head of a branch with those in the file at another, which is what a repository with hundreds of
// branches gives most of the time, as MergeEvidence would; false where it is not as simple. The lists are left as they are.
func joined(list, more []Evidence) ([]Evidence, bool) {
	if !ofOneHead(list) || !ofOneHead(more) || list[0].Commit == more[0].Commit || list[0].compareFile(more[0]) != 0 {
		return nil, false
	}
	kept := list
	if more[0].Commit < list[0].Commit {
		kept = more
	} else if names(list[0].Branches(), more[0].Branches()) {
		return list, true
	}
	branches := MergeBranches(list[0].Branches(), more[0].Branches())
	out, seen := make([]Evidence, len(kept)), Seen{On: branches}
	for n, e := range kept {
		if seen.First, seen.Last = e.FirstSeen(), e.LastSeen(); n > 0 && out[n-1].Seen.compare(&seen) == 0 {
			e.Seen = out[n-1].Seen
		} else {
			e.Seen = SeenAt(branches, seen.First, seen.Last)
		}
		out[n] = e
	}
	return out, true
}

// ofOneHead reports whether there are places, and all of them in one file at the heads of the same branches.
func ofOneHead(list []Evidence) bool {
	for n := range list {
		e := &list[n]
		if e.State != Branch || n > 0 && (e.Commit != list[0].Commit || e.compareFile(list[0]) != 0 || !slices.Equal(e.Branches(), list[0].Branches())) {
			return false
		}
	}
	return len(list) > 0
}

// names reports whether MergeBranches would add none of further branches to a sorted list.
func names(list, further []string) bool {
	if !slices.IsSorted(list) || len(list) > MaxBranches {
		return false
	}
	for _, name := range further {
		if len(list) == MaxBranches && name >= list[MaxBranches-1] {
			continue
		}
		if _, known := slices.BinarySearch(list, name); !known {
			return false
		}
	}
	return true
}

func grown[E any](list, more []E) []E {
	if len(list) == 0 {
		return slices.Clip(more)
	}
	return append(list, more...)
}

// settle makes the lists sorted sets.
func (p *said) settle() {
	if len(p.attrs)+len(p.evidence) == p.sorted {
		return
	}
	if p.shown {
		p.attrs = slices.Clone(p.attrs)
		p.shown = false
	}
	p.attrs, p.evidence = sortedAttrs(p.attrs), MergeEvidence(p.evidence, nil)
	p.sorted = len(p.attrs) + len(p.evidence)
}

// show hands the lists out, sorted.
func (p *said) show() ([]Attr, []Evidence) {
	p.settle()
	p.shown = true
	if len(p.attrs) == 0 {
		return nil, p.evidence
	}
	return slices.Clip(p.attrs), p.evidence
}

// emptied is what an item is left with: nothing, or the memory of its lists.
func (p *said) emptied(again bool) said {
	if !again {
		return said{}
	}
	clear(p.attrs)
	return said{attrs: p.attrs[:0]}
}
