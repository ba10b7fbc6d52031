package lazy

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestIndex holds Index against bytes.Index, over texts of few letters in which words stand often, nearly, and not at all.
func TestIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		letters := []string{"ab", "env", "xe \n", "tes", "é="}[random.IntN(5)]
		make := func(n int) string {
			var b strings.Builder
			for range n {
				b.WriteByte(letters[random.IntN(len(letters))])
			}
			return b.String()
		}
		text, word := make(random.IntN(300)), make(random.IntN(6))
		if got, want := Index([]byte(text), word), strings.Index(text, word); got != want {
			t.Fatalf("Index(%q, %q) = %d, want %d", text, word, got, want)
		}
		if Contains([]byte(text), word) != strings.Contains(text, word) {
			t.Fatalf("Contains(%q, %q)", text, word)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	text := []byte(strings.Repeat("    assert response.json()['template'] == notify_db_session.query(Template).one()\n", 300))
	for _, word := range []string{"env", "ecret", "import", "://"} {
		b.Run(word, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Index(text, word)
			}
		})
		b.Run(word+"-bytes", func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				bytes.Index(text, []byte(word))
			}
		})
	}
}
