package inventory

import (
	"bytes"
	"encoding/json"
	"runtime"
	"sync"
)

// blockSize is how many items one goroutine writes at a time.
const blockSize = 64

// appenders keeps the memory in which items are written.
var appenders = sync.Pool{New: func() any { return new(appender) }}

// inOrder hands out what one appends for each item of a list, with what parts them, block by block in their order; twice says
// that what json.Marshal makes of them is wanted too. Several goroutines write; what they have ahead of write is bounded.
func inOrder[T any](list []T, twice bool, one func(*appender, *T), write func(*appender) error) error {
	blocks := (len(list) + blockSize - 1) / blockSize
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
					a.block(b*blockSize, min(len(list), (b+1)*blockSize), func(i int) { one(a, &list[i]) })
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
		if one(i); !a.twice {
			continue
		}
		if i > 0 {
			a.marshalled = append(a.marshalled, ',')
		}
		a.marshalled = appendMarshalled(a.marshalled, a.b[start:])
	}
}

// appendMarshalled appends what json.Marshal writes, which escapes what HTML knows, in the place of a text that an encoder
// without that has written.
func appendMarshalled(out, text []byte) []byte {
	if bytes.IndexByte(text, '<') < 0 && bytes.IndexByte(text, '>') < 0 && bytes.IndexByte(text, '&') < 0 {
		return append(out, text...)
	}
	b := bytes.NewBuffer(out)
	json.HTMLEscape(b, text)
	return b.Bytes()
}

// putBack keeps the memory of appenders that nobody waits for any more.
func putBack(from []chan *appender) {
	for _, c := range from {
		for len(c) > 0 {
			appenders.Put(<-c)
		}
	}
}
