package secret

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// TestNamed holds the readers of expressions by name to the expressions themselves, on texts made of the pieces
// that such expressions are about: each match is found, and what is found is a match.
func TestNamed(t *testing.T) {
	set, err := defaultRules()
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	read := 0
	for _, r := range set.rules {
		if n := r.byName(); n != nil {
			read++
			compareNamed(t, r, n, regexp.MustCompile(r.find.source), rnd)
		}
	}
	if read < 80 {
		t.Errorf("only %d rules are read by name", read)
	}
}

func compareNamed(t *testing.T, r *rule, n *named, re *regexp.Regexp, rnd *rand.Rand) {
	t.Helper()
	words := newAutomaton(r.keywords)
	for range 400 {
		text := pieces(rnd, r.keywords)
		got := map[span]bool{}
		words.each(text, span{0, len(text)}, func(id uint16, end int) {
			k := r.keywords[id]
			v, ok := n.find(text, end-len(k), end, k)
			if !ok {
				return
			}
			got[v] = true
			if loc := re.FindSubmatchIndex(text[max(0, end-len(k)-60):]); loc == nil {
				t.Errorf("%s: %q: no match", r.id, text)
			}
		})
		for _, loc := range re.FindAllSubmatchIndex(text, -1) {
			start, end := group(r, loc)
			if !got[span{start, end}] {
				t.Fatalf("%s: %q: %q is missed", r.id, text, text[start:end])
			}
		}
	}
}

// pieces makes a text of names, signs, blanks and values.
func pieces(rnd *rand.Rand, keywords []string) []byte {
	signs := []string{"=", ":", "=>", " = ", `": "`, "'", `"`, " ", "\n", "||", ",", "?=", ":=", "\t", ";", "`", ".", "_", "-", `\n`, ">"}
	var b strings.Builder
	for range 4 + rnd.IntN(12) {
		switch rnd.IntN(5) {
		case 0, 1:
			k := keywords[rnd.IntN(len(keywords))]
			if rnd.IntN(3) == 0 {
				k = strings.ToUpper(k)
			}
			b.WriteString(k)
		case 2, 3:
			b.WriteString(signs[rnd.IntN(len(signs))])
		default:
			n := []int{3, 10, 16, 20, 24, 32, 36, 40, 43, 64}[rnd.IntN(10)]
			set := []string{"0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789", "ABCDEFabcdef0123456789_-="}[rnd.IntN(3)]
			for range n {
				b.WriteByte(set[rnd.IntN(len(set))])
			}
		}
	}
	return []byte(b.String())
}
