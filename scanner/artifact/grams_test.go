package artifact

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestHas holds that Has says what a search says, for words that are in a text and for words that are not.
func TestHas(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	lent := new(Scratch)
	for i := range 300 {
		size := 2 * middleText
		if i%20 == 0 { // small and large ones take turns in the same memory
			size = 3 * largeText
		}
		text := make([]byte, random.IntN(size))
		for i := range text {
			text[i] = byte(random.IntN(20)) * 13
		}
		a := &Artifact{Content: text}
		a.Lend(lent)
		for range 200 {
			word := make([]byte, random.IntN(6))
			for i := range word {
				word[i] = byte(random.IntN(20)) * 13
			}
			if at := random.IntN(len(text) + 1); random.IntN(2) == 0 {
				word = text[at:min(len(text), at+random.IntN(12))]
			}
			if got, want := a.Has(string(word)), bytes.Contains(text, word); got != want {
				t.Fatalf("Has(%q) is %v in a text of %d bytes", word, got, len(text))
			}
		}
	}
}

func BenchmarkGrams(b *testing.B) {
	text := bytes.Repeat([]byte("const value = process.env.SOMETHING ?? fallback(1, 2);\n"), 200)
	g := new(Grams)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		g.Fill(text)
	}
}
