package inventory

import (
	"bytes"
	"encoding/json"
	"runtime"
	"sync"
)

// blockSize is how many items one goroutine writes at a time: each place of one counts as one more, since a service may have
// as many as there are files.
const blockSize = 256

// appenders keeps the memory in which items are written.
var appenders = sync.Pool{New: func() any { return new(appender) }}

// inOrder hands out what one appends for each item of a list, with what parts them, block by block in their order; twice says
// that what json.Marshal makes of them is wanted too. Several goroutines write; what they have ahead of write is bounded.
func inOrder[T any](list []T, twice bool, one func(*appender, *T), write func(*appender) error) error {
	ends := blocksOf(list)
	blocks := len(ends)
	workers := min(runtime.GOMAXPROCS(0), blocks)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	done, free := make([]chan *appender, workers), make([]chan *appender, workers)
	for w := range workers {
		done[w], free[w] = make(chan *appender, 2), make(chan *appender, 2)
		for range 2 {
			a := appenders.Get().(*appender)
			a.twice = twice
			free[w] <- a
		}
		writers.Go(func() {
			for b := w; b < blocks; b += workers {
				select {
				case a := <-free[w]:
					a.begin()
					from := 0
					if b > 0 {
						from = ends[b-1]
					}
					a.block(from, ends[b], func(i int) { one(a, &list[i]) })
					done[w] <- a
				case <-stop:
					return
				}
			}
		})
	}
	defer func() {
		close(stop)
		writers.Wait()
		putBack(append(done, free...))
	}()
	for b := range blocks {
		a := <-done[b%workers]
		if err := write(a); err != nil {
			return err
		}
		free[b%workers] <- a
	}
	return nil
}

// block writes the items from one number to another, with what parts them.
func (a *appender) block(from, to int, one func(int)) {
	for i := from; i < to; i++ {
		if i > 0 {
			a.raw(",\n")
		}
		start := len(a.b)
		if one(i); a.twice {
			a.note(start)
		}
	}
}

// written is where an item stands in what an appender has written.
type written struct {
	from, to int
	html     bool // it stands in marshalled
}

// note notes where json.Marshal's form of the item stands that begins at start: it escapes what HTML knows.
func (a *appender) note(start int) {
	text := a.b[start:]
	if bytes.IndexByte(text, '<') < 0 && bytes.IndexByte(text, '>') < 0 && bytes.IndexByte(text, '&') < 0 {
		a.items = append(a.items, written{start, len(a.b), false})
		return
	}
	from := len(a.marshalled)
	b := bytes.NewBuffer(a.marshalled)
	json.HTMLEscape(b, text)
	a.marshalled = b.Bytes()
	a.items = append(a.items, written{from, len(a.marshalled), true})
}

// each hands out the items as json.Marshal writes them.
func (a *appender) each(visit func(text []byte)) {
	for _, i := range a.items {
		if i.html {
			visit(a.marshalled[i.from:i.to])
		} else {
			visit(a.b[i.from:i.to])
		}
	}
}

// blocksOf returns where blocks end.
func blocksOf[T any](list []T) []int {
	var ends []int
	weight := 0
	for i := range list {
		if weight += 1 + places(&list[i]); weight >= blockSize {
			ends, weight = append(ends, i+1), 0
		}
	}
	if weight > 0 {
		ends = append(ends, len(list))
	}
	return ends
}

// places counts the places of a node or an edge.
func places[T any](item *T) int {
	n, attrs := 0, []Attr(nil)
	switch x := any(item).(type) {
	case *Node:
		n, attrs = len(x.Evidence), x.Attrs
	case *Edge:
		n, attrs = len(x.Evidence), x.Attrs
	}
	for i := range attrs {
		n += len(attrs[i].Evidence)
	}
	return n
}

// putBack keeps the memory of appenders that nobody waits for any more.
func putBack(from []chan *appender) {
	for _, c := range from {
		for len(c) > 0 {
			appenders.Put(<-c)
		}
	}
}
