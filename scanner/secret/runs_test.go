package secret

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is remembered of long repeats changes no answer, in whatever order a text is asked, and a text in which each place begins a
// repeat to its end is read once.
func TestRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	steps := func(bytes string) []step {
		many, one := setOfBytes(bytes), setOfBytes(".")
		return readGreedily([]step{{set: &many, min: 3, max: unbounded, known: true}, {set: &one, min: 1, max: 1, known: true}})
	}
	kinds := [][]step{steps("ab"), steps("abc"), steps("abcd"), steps("a")}
	for range 20 {
		var b strings.Builder
		for b.Len() < 20_000 {
			n := 1 + r.IntN(3000)
			alphabet := "abcd"[:1+r.IntN(4)]
			for range n {
				b.WriteByte(alphabet[r.IntN(len(alphabet))])
			}
			b.WriteByte(".x"[r.IntN(2)])
		}
		text, known := []byte(b.String()), new(runs)
		for range 400 {
			i, s := r.IntN(len(text)+1), kinds[r.IntN(len(kinds))]
			end, exact, ok := follows(text, i, s, nil)
			if e, x, o := follows(text, i, s, known); e != end || x != exact || o != ok {
				t.Fatalf("at %d: %d %v %v, want %d %v %v", i, e, x, o, end, exact, ok)
			}
		}
	}
	long := []byte(strings.Repeat("ab", 1<<16))
	known := new(runs)
	if follows(long, 0, kinds[0], known); known[0].to != len(long) {
		t.Errorf("the repeat to %d was remembered to %d", len(long), known[0].to)
	}
	if follows(long, 5, kinds[0], known); known[1].set != nil {
		t.Error("a repeat that is known was read again")
	}
}
