package inventory

import (
	"runtime"
	"sync"
)

// blockSize is how many items one goroutine writes at a time.
const blockSize = 64

// appenders keeps the memory in which items are written.
var appenders = sync.Pool{New: func() any { return new(appender) }}

// inOrder hands out what one appends for each item of a list, with what parts them, block by block in their order. Several
// goroutines write; what they have ahead of write is bounded.
func inOrder[T any](list []T, html bool, between string, one func(*appender, *T), write func([]byte) error) error {
	blocks := (len(list) + blockSize - 1) / blockSize
	workers := min(runtime.GOMAXPROCS(0), blocks)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	done, free := make([]chan *appender, workers), make([]chan *appender, workers)
	for w := range workers {
		done[w], free[w] = make(chan *appender, 2), make(chan *appender, 2)
		for range 2 {
			a := appenders.Get().(*appender)
			a.html = html
			free[w] <- a
		}
		writers.Go(func() {
			for b := w; b < blocks; b += workers {
				select {
				case a := <-free[w]:
					a.begin()
					for i := b * blockSize; i < min(len(list), (b+1)*blockSize); i++ {
						if i > 0 {
							a.raw(between)
						}
						one(a, &list[i])
					}
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
		for w := range workers {
			for _, c := range []chan *appender{done[w], free[w]} {
				for len(c) > 0 {
					appenders.Put(<-c)
				}
			}
		}
	}()
	for b := range blocks {
		a := <-done[b%workers]
		if err := write(a.b); err != nil {
			return err
		}
		free[b%workers] <- a
	}
	return nil
}
