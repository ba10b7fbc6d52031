package lazy

import (
	"sync"
	"testing"
)

// TestRegexp holds that an expression is compiled when it is first used, by whichever goroutine comes first.
func TestRegexp(t *testing.T) {
	re := New(`^(\w+)=(\d+)$`)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if m := re.FindStringSubmatch("port=80"); len(m) != 3 || m[2] != "80" {
				t.Errorf("%q", m)
			}
		})
	}
	all.Wait()
	broken := New(`(`)
	defer func() {
		if recover() == nil {
			t.Error("a broken expression does not panic when it is used")
		}
	}()
	broken.MatchString("x")
}
