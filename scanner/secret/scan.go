package secret

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sort"
	"unicode/utf8"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Limits on one file. They are far above what real files hold.
const (
	maxMatches = 20_000   // matches kept
	maxWindow  = 64 << 10 // bytes that one expression sees beyond a keyword
	maxBlocks  = 20_000   // places where a recogniser looks at several kilobytes
	maxPairs   = 200_000  // places where a recogniser looks back for a name
)

// scan is the work on one file.
type scan struct {
	detector *Detector
	file     *text
	found    []match
	full     bool
	limited  string // the limit that was hit, "" for none
	marks    []artifact.Range
	places   []span // buffer of regions
	inherits bool   // what the regions leave out was looked at in the base
}

type span struct{ start, end int }

// read finds the matches in some regions of a text.
func (s *scan) read(t *text, in []span) {
	p := s.detector.newPass(s, t)
	defer p.release()
	for _, r := range in {
		s.detector.words.each(t.body, r, p.hit)
	}
	for _, r := range s.file.path.always {
		if s.file.artifact.Binary != nil && !r.provider {
			continue
		}
		if t.carrier == nil || r.path.empty() {
			p.cut(r, span{0, len(t.body)})
		}
	}
	slices.SortFunc(p.touched, func(a, b *rule) int { return cmp.Compare(a.number, b.number) })
	for _, r := range p.touched {
		if r.whole && p.rules[r.number].woken {
			p.everywhere(r, in)
		}
		if list := p.rules[r.number].windows; len(list) > 0 && p.wanted(r) {
			for _, w := range list {
				p.window(r, w)
			}
		}
	}
}

// wanted reports whether a rule looks at files of this path.
func (s *scan) wanted(r *rule) bool { return r.path.empty() || s.file.path.wants(r) }

// pass is one run over one text. Passes are used again: what they hold is cleared rule by rule.
type pass struct {
	*scan
	text    *text
	hit     func(keyword uint16, end int)
	start   int // of the keyword at hand
	rules   []state
	touched []*rule
	name    assignment // the name at hand
	memo    memo
	runs    runs
}

// state is what a rule has seen of a text.
type state struct {
	touched bool
	woken   bool // a keyword of a rule that looks at whole texts was met
	old     bool // ... in text that was read before
	windows []span
	seen    int // offset behind the start of the last place that a recogniser has read
	spent   int // costly looks of a recogniser
	done    int // offset up to which values without quotes were read
}

// newPass takes a pass out of the pool.
func (d *Detector) newPass(s *scan, t *text) *pass {
	p, ok := d.passes.Get().(*pass)
	if !ok {
		p = &pass{rules: make([]state, len(d.rules)), memo: newMemo()}
		p.hit = p.keyword
	}
	p.scan, p.text, p.name, p.runs = s, t, assignment{}, runs{}
	return p
}

// release clears a pass and puts it back.
func (p *pass) release() {
	for _, r := range p.touched {
		p.rules[r.number] = state{windows: p.rules[r.number].windows[:0]}
	}
	pool := &p.detector.passes
	p.scan, p.text, p.touched = nil, nil, p.touched[:0]
	pool.Put(p)
}

// of returns the state of a rule.
func (p *pass) of(r *rule) *state {
	st := &p.rules[r.number]
	if !st.touched {
		st.touched = true
		p.touched = append(p.touched, r)
	}
	return st
}

// first reports whether a place is another one than the last that the rule has read.
func (p *pass) first(r *rule, at int) bool {
	st := p.of(r)
	if st.seen == at+1 {
		return false
	}
	st.seen = at + 1
	return true
}

// spend counts a costly look of a rule, and reports whether it may still be taken.
func (p *pass) spend(r *rule, limit int) bool {
	st := p.of(r)
	st.spent++
	if st.spent > limit {
		p.limited = "more places than one rule looks at in a file"
		return false
	}
	return true
}

// keyword handles one occurrence of a keyword.
func (p *pass) keyword(id uint16, end int) {
	if p.full {
		return
	}
	w, text := &p.detector.byWord[id], p.text.body
	binary := p.file.artifact.Binary != nil
	for _, r := range w.rules {
		if binary && !r.provider {
			continue
		}
		p.start = end - len(w.text)
		if r.recognise != nil {
			r.recognise(p, r.rule, end)
			continue
		}
		if r.find.empty() || r.check != nil && !r.check(text, end) {
			continue
		}
		if n := r.byName(); n != nil {
			p.namedValue(r.rule, n, end, w.text)
		} else if r.near(w.text, text, end, &p.runs) {
			p.wake(r, end)
		}
	}
}

// wake cuts a window for a rule. Rules that look far, or whose matches need not hold the keyword, leave a mark at
// it.
func (p *pass) wake(r *waking, end int) {
	if r.whole {
		p.far(p.start, end)
		st := p.of(r.rule)
		st.woken, st.old = true, st.old || p.text.carrier == nil && p.unchanged(p.start, end)
		return
	}
	before, after := r.reach()
	if r.long || r.anchor == nil {
		p.far(p.start, end)
	}
	p.widen(r.rule, end, before, after)
}

// everywhere cuts the windows of a rule that looks at whole texts. Where its keyword stood before, what is new is
// enough: the matches elsewhere carry marks.
func (p *pass) everywhere(r *rule, in []span) {
	before, after := r.reach()
	if !p.rules[r.number].old || r.long {
		p.cut(r, span{0, len(p.text.body)})
		return
	}
	for _, w := range in {
		p.widen(r, w.end, w.end-w.start+before, after)
	}
}

// unchanged reports whether a stretch of a file stood in the content that it was made of.
func (p *pass) unchanged(start, end int) bool {
	c := p.file.artifact.Change
	if c == nil || !p.inherits {
		return false
	}
	i := sort.Search(len(c.Dirty), func(i int) bool { return c.Dirty[i].End > start })
	return i == len(c.Dirty) || c.Dirty[i].Start >= end
}

// far marks a place that was read together with text that is further off than the lines round it.
func (p *pass) far(start, end int) {
	if c := p.text.carrier; c != nil {
		start, end = c.start, c.end
	}
	p.marks = append(p.marks, artifact.Range{Start: start, End: end})
}

// widen cuts a window round a keyword.
func (p *pass) widen(r *rule, end, before, after int) {
	w := span{max(0, end-before), min(len(p.text.body), end+after)}
	for w.start > 0 && !utf8.RuneStart(p.text.body[w.start]) {
		w.start--
	}
	for w.end < len(p.text.body) && !utf8.RuneStart(p.text.body[w.end]) {
		w.end++
	}
	p.cut(r, w)
}

// cut adds a window of a rule, joined with the one before when they touch.
func (p *pass) cut(r *rule, w span) {
	st := p.of(r)
	if n := len(st.windows); n > 0 && st.windows[n-1].end >= w.start {
		last := &st.windows[n-1]
		last.end, last.start = max(last.end, w.end), min(last.start, w.start)
		return
	}
	st.windows = append(st.windows, w)
}

// window runs an expression over a window. A match that touches the end of the window is read again with more
// text behind it.
func (p *pass) window(r *rule, w span) {
	body := p.text.body
	if !r.may(body[w.start:w.end]) {
		return
	}
	re := r.find.get()
	for more := 1024; w.start < w.end && !p.full; {
		loc := re.FindSubmatchIndex(body[w.start:w.end])
		if loc == nil {
			return
		}
		if w.start+loc[1] == w.end && w.end < len(body) && more < maxWindow {
			w.end = min(len(body), w.end+more)
			more *= 4
			continue
		}
		p.matched(r, body, w.start, loc)
		w.start += max(loc[1], loc[0]+1, 1)
	}
}

// keep adds a match. Text that was decoded has the place of what it was decoded from.
func (p *pass) keep(m match) {
	if len(p.found) >= maxMatches {
		p.full, p.limited = true, "more matches than are kept of one file"
		return
	}
	if c := p.text.carrier; c != nil {
		m.start, m.end, m.encoding = c.start, c.end, c.encoding
		m.why += fmt.Sprintf(", decoded from %s", c.encoding)
	}
	if m.suppressed == "" {
		m.suppressed = p.excused(m)
	}
	if m.suppressed == "" && !m.rule.provider {
		m.suppressed = p.digest(m)
	}
	if m.suppressed == "" {
		p.mark(m)
	}
	p.found = append(p.found, m)
}

// mark notes where a match and its keyword stand.
func (p *pass) mark(m match) {
	if p.text.carrier != nil {
		p.far(m.start, m.end)
		return
	}
	p.far(min(p.start, m.start), m.end)
}

// allowComment is gitleaks' mark for a line that is known to be harmless.
const allowComment = "gitleaks:allow"

// excused applies what the path and the line say.
func (p *pass) excused(m match) string {
	if p.detector.trusted && bytes.Contains(p.file.line(m.start, 2000), []byte(allowComment)) {
		return "a " + allowComment + " comment"
	}
	a := p.file.artifact
	lists := m.rule.allow
	if a.Binary == nil { // the global lists name the endings of binary files
		lists = append(slices.Clip(p.detector.allow), lists...)
	}
	for _, l := range lists {
		excepts := false
		if len(l.commits) > 0 {
			excepts = l.allowsPath(a.Path, a.Commit)
		} else {
			excepts = p.file.path.excepts(l)
		}
		if excepts {
			return because("the path is on an allowlist", l.description)
		}
	}
	return ""
}
