package secret

import (
	"strings"
	"sync"
)

// maxPaths bounds the paths that are remembered.
const maxPaths = 1 << 15

// paths remembers what the paths of files say: a history has many contents under one path.
type paths struct {
	mu   sync.Mutex
	seen map[string]*pathFacts
}

// pathFacts is what the path of a file says of how it is read.
type pathFacts struct {
	path       string
	kind       kind
	markup     bool    // XML or HTML
	translated bool    // texts for people
	always     []*rule // rules without keywords that look at files of this path
	alone      []*rule // rules that look at nothing but the path, and hold

	mu   sync.Mutex
	want []answer[rule]
	free []answer[allowlist]

	once  sync.Once
	class string
}

// facts returns what a path says.
func (d *Detector) facts(path string) *pathFacts {
	if f := d.paths.of(path); f != nil {
		return f
	}
	f := newPathFacts(path)
	for _, r := range d.always {
		if r.path.empty() || f.wants(r) {
			f.always = append(f.always, r)
		}
	}
	for _, r := range d.alone {
		if f.wants(r) {
			f.alone = append(f.alone, r)
		}
	}
	return d.paths.keep(path, f)
}

// of returns what is known of a path, nil for nothing.
func (p *paths) of(path string) *pathFacts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[path]
}

// keep remembers what a path says, and returns what was remembered first.
func (p *paths) keep(path string, f *pathFacts) *pathFacts {
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.seen[path]; known != nil {
		return known
	}
	if p.seen == nil || len(p.seen) >= maxPaths {
		p.seen = map[string]*pathFacts{}
	}
	p.seen[path] = f
	return f
}

// answer is what a rule or an allowlist says of a path. Few are asked for one path, so that they stand in a list.
type answer[T any] struct {
	of  *T
	yes bool
}

// ask returns the answer of one of those that were asked, or asks it.
func ask[T any](list *[]answer[T], of *T, yes func() bool) bool {
	for _, a := range *list {
		if a.of == of {
			return a.yes
		}
	}
	a := answer[T]{of, yes()}
	*list = append(*list, a)
	return a.yes
}

// excepts reports whether an allowlist excepts the path, whatever the commit and the value.
func (f *pathFacts) excepts(l *allowlist) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ask(&f.free, l, func() bool { return l.allowsPath(f.path, "") })
}

// wants reports whether a rule looks at files of the path.
func (f *pathFacts) wants(r *rule) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ask(&f.want, r, func() bool { return r.path.get().MatchString(f.path) })
}

// class tells paths apart under which one content may give different hits.
func (d *Detector) class(path string) string {
	f := d.facts(path)
	f.once.Do(func() {
		var b strings.Builder
		b.WriteByte('0' + byte(f.kind))
		bit := func(v bool) {
			if v {
				b.WriteByte('+')
			} else {
				b.WriteByte('-')
			}
		}
		bit(f.markup)
		bit(f.translated)
		for _, r := range d.rules {
			if !r.path.empty() {
				bit(f.wants(r))
			}
			for _, a := range r.allow {
				bit(a.allowsPath(path, ""))
			}
		}
		for _, a := range d.allow {
			bit(a.allowsPath(path, ""))
		}
		f.class = b.String()
	})
	return f.class
}
