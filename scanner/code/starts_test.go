package code

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestBegin holds that the index finds the places that a search finds.
func TestBegin(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	const letters = "aab_.1 \n"
	draw := func(n int) []byte {
		out := make([]byte, n)
		for i := range out {
			out[i] = letters[random.IntN(len(letters))]
		}
		return out
	}
	for range 2000 {
		s := &scan{masked: &masked{code: draw(random.IntN(200))}, starts: new(starts)}
		for range 5 {
			word := draw(1 + random.IntN(6))
			var got, want []int
			s.begin(word, func(at int) bool { got = append(got, at); return len(got) < 20 })
			marksIn(s.code, word, func(at int) bool { want = append(want, at); return len(want) < 20 })
			if isWord(word[0]) && !slices.Equal(got, want) {
				t.Fatalf("%q in %q: %v, want %v", word, s.code, got, want)
			}
		}
	}
}

// TestShellText holds that a text that was read before says the same, whatever was made of the first answer.
func TestShellText(t *testing.T) {
	text := []byte("export A=$B\ncurl -H \"Authorization: Bearer $TOKEN\" https://api.example.com/v1/x\n./run.sh \"$C\"\n")
	first := shellText(text)
	want := first.clone()
	var other Result
	other.append(first, 1000)
	if got := shellText(text); !reflect.DeepEqual(got, want) || len(got.Reads) < 3 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestPythonFrom reads the forms of "from a import b".
func TestPythonFrom(t *testing.T) {
	for _, c := range []struct {
		text, module, names string
		ok                  bool
	}{
		{"from a.b import c, d as e # x\n", "a.b", "c, d as e ", true},
		{"from ..a import (c,\n  d)\nx", "..a", "c,\n  d", true},
		{"from .  import c; y", ".", "c", true},
		{"from\ta\timport\tc", "a", "c", true},
		{"from a import (c\n", "a", "(c", true},
		{"from a", "", "", false},
		{"from a import\n", "", "", false},
		{"fromage import c", "", "", false},
		{"from a b import c", "", "", false},
	} {
		module, names, ok := pythonFrom([]byte(c.text))
		if ok != c.ok || ok && (c.text[module.from:module.to] != c.module || c.text[names.from:names.to] != c.names) {
			t.Errorf("%q: %v %v %v", c.text, module, names, ok)
		}
	}
}

// TestLeftSide holds leftSide against the expression that says what it finds.
func TestLeftSide(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"a", "B9", "_", "$", "@", ".", " ", "\t", "\n", "9", "(", ",", "é", ":", "[\"k\"]", "[", "str", "\r", "-"}
	for range 50000 {
		var b strings.Builder
		for range random.IntN(8) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		m := assignedTo.FindSubmatchIndex([]byte(b.String()))
		got, ok := leftSide([]byte(b.String()))
		if ok != (m != nil) || ok && (got.from != m[2] || got.to != m[3]) {
			t.Fatalf("%q: %v %v, want %v", b.String(), got, ok, m)
		}
	}
}
