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

// add appends to the lists, and sorts them when they have doubled.
func (p *said) add(attrs []Attr, evidence []Evidence) {
	p.shown = p.shown && len(p.attrs)+len(attrs) <= cap(p.attrs) // else it is copied now
	p.attrs = append(p.attrs, attrs...)
	p.evidence = grown(p.evidence, evidence)
	p.grew()
}

func (p *said) grew() {
	if n := len(p.attrs) + len(p.evidence); n > 2*p.sorted+32 {
		p.settle()
	}
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
