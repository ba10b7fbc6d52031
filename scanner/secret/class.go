package secret

import (
	"strings"
	"sync"
)

// maxPaths bounds the paths that are remembered.
const maxPaths = 1 << 13

// paths remembers what the paths of files say: a history has many contents under one path.
type paths struct {
	mu   sync.Mutex
	seen map[string]*pathFacts
}

// pathFacts is what the path of a file says of how it is read.
type pathFacts struct {
	kind       kind
	markup     bool // XML or HTML
	test       bool // it says that it holds tests, fixtures or examples
	translated bool // texts for people

	once  sync.Once
	class string
}

// facts returns what a path says.
func (d *Detector) facts(path string) *pathFacts {
	d.paths.mu.Lock()
	defer d.paths.mu.Unlock()
	if f, ok := d.paths.seen[path]; ok {
		return f
	}
	if d.paths.seen == nil || len(d.paths.seen) >= maxPaths {
		d.paths.seen = map[string]*pathFacts{}
	}
	f := newPathFacts(path)
	d.paths.seen[path] = f
	return f
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
		bit(f.test)
		bit(f.translated)
		for _, r := range d.rules {
			if !r.path.empty() {
				bit(r.path.get().MatchString(path))
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
