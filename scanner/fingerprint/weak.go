package fingerprint

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"math"
	"slices"
	"strings"
	"unicode"
)

// minBits is the estimated strength from which on a value may join by equality.
const minBits = 40

//go:embed words.txt
var wordsText string

// words is the set of common passwords, defaults and placeholders.
var words = readWords(wordsText)

func readWords(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			for _, w := range strings.Fields(line) {
				out[w] = true
			}
		}
	}
	return out
}

// samples are values that documentation shows, as SHA-256: they are no secrets, so a plain hash gives nothing
// away, and the repository holds no token-shaped text. Sources: the credential pages of AWS, Stripe, Azure
// Storage emulator, jwt.io, RFC 7617, RFC 7515.
var samples = []string{
	"0011cc25eb4320717494d2703e8cba85743e71b500283c21c8b88147992f9059",
	"1a5d44a2dca19669d72edf4c4f1c27c4c1ca4b4408fbb17f6ce4ad452d78ddb3",
	"2cafc0970149a84f3b9e62eaf169f36f59907a3b3e31f7b82e68c69cd27f7326",
	"41ef4bb0b23661e66301aac36066912dac037827b4ae63a7b1165a5aa93ed4eb",
	"465d9ad5d5528ebe287b5dce4fb51620833d09b290e49ddcc70ca6c4a0aea01b",
	"687da00b09c83361bf3a2853b3a0c7d63ca5da870c8d3cdc20905c7aa546840a",
	"78314b11be2e581549ac1c4f616563fad3fdf0c3b71678f6e2299182080e0598",
	"7f75367e7881255134e1375e723d1dea8ad5f6a4fdb79d938df1f1754a830606",
	"8b1b17a9740c068accab5c3d0d652c8e3cc13206e70bb73b42ea41d4c2de3c12",
	"aa6547439583c3a275d4542a0df6c1ad6a863971be9f2a2220f027cc02aef615",
	"b1471f544ceeea31333bde7e1ecbaad6eac0d4a749412ad29bd66ef895b81c6b",
	"c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a",
	"cbe6beb26479b568e5f15b50217c6c83c0ee051dc4e522b9840d8e291d6aaf46",
	"cf4d418ed3de92d71f767db5391d5a2dacd40e1ce49e75d1137e2ecf4982d844",
	"da816f9f2c16e6c5390e7636cadc40c43551bf0bbcf8f36c65539e6633a9c5e8",
	"f2d6ca16515033e5dce14eba840b979d27b5cbae24bb3e5bf484339667f86397",
	"f7d838701b86c5dfb57bf95fbc5ce6df204cfc9f15ad6cdb39fd22f8776e47b6",
}

// sampleWords mark a value as an example, wherever in it they stand, in capitals as documentation writes them.
var sampleWords = []string{"EXAMPLE", "XXXXXXXX", "xxxxxxxx", "00000000-0000-0000-0000-000000000000"}

// weakness returns why a canonical value must not join by equality, "" when it may. A provider's own pattern
// vouches for a value's strength, but not for its being real.
func weakness(value string, provider bool) string {
	switch {
	case isSample(value):
		return WeakSample
	case provider:
		return ""
	case isWord(value):
		return WeakWord
	case strength(value) < minBits:
		return WeakShort
	}
	return ""
}

func isSample(value string) bool {
	sum := sha256.Sum256([]byte(value))
	return slices.Contains(samples, hex.EncodeToString(sum[:])) ||
		len(value) < 256 && slices.ContainsFunc(sampleWords, func(w string) bool { return strings.Contains(value, w) })
}

var leet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// isWord reports whether a value is in the word list, less the decoration that people add.
func isWord(value string) bool {
	low := strings.ToLower(value)
	bare := strings.TrimFunc(low, func(r rune) bool { return !unicode.IsLetter(r) })
	joined := strings.Map(func(r rune) rune {
		if strings.ContainsRune("-_ .", r) {
			return -1
		}
		return r
	}, bare)
	for _, v := range []string{low, bare, joined, leet.Replace(low), leet.Replace(bare), leet.Replace(strings.TrimRight(low, "0123456789!?.#"))} {
		if words[v] {
			return true
		}
	}
	return bare == "" && len(value) < 12 // digits and signs alone
}

// strength estimates, in bits, how hard a value is to guess: a random one has the logarithm of its alphabet for
// each character; words of the list, repeats, sequences and pronounceable text have less.
func strength(value string) float64 {
	if n := period(value); n < len(value) {
		return strength(value[:n]) + math.Log2(float64(len(value)/n))
	}
	rest := []rune(value)
	if len(rest) > 256 {
		return minBits * 2
	}
	letter := alphabet(value)
	bits := 0.0
	for len(rest) > 0 {
		n, cost := step(rest, letter)
		bits += cost
		rest = rest[n:]
	}
	return bits
}

// step returns how many characters the next piece of a value has, and how many bits it adds.
func step(rest []rune, letter float64) (int, float64) {
	if n := run(rest); n >= 3 {
		return n, letter + math.Log2(float64(n))
	}
	n := 0
	for n < len(rest) && unicode.IsLetter(rest[n]) {
		n++
	}
	if n == 0 {
		return 1, letter
	}
	word := strings.ToLower(string(rest[:n]))
	for k := min(n, 24); k >= 4; k-- {
		if words[string([]rune(word)[:k])] {
			return k, min(9, letter*float64(k))
		}
	}
	if n >= 4 && pronounceable(word) && sameCase(rest[:n]) {
		return n, 2.6 * float64(n)
	}
	return 1, letter
}

// run returns the length of a repeat (aaaa) or a sequence (abcd, 4321) at the start.
func run(r []rune) int {
	if len(r) < 2 {
		return len(r)
	}
	d := r[1] - r[0]
	if d < -1 || d > 1 {
		return 1
	}
	n := 2
	for n < len(r) && r[n]-r[n-1] == d {
		n++
	}
	return n
}

// pronounceable reports whether a word of lower-case letters has vowels where speech has them.
func pronounceable(word string) bool {
	vowels, consonants, longest := 0, 0, 0
	for _, c := range word {
		if strings.ContainsRune("aeiouy", c) {
			vowels++
			consonants = 0
			continue
		}
		consonants++
		longest = max(longest, consonants)
	}
	n := len(word)
	return vowels*4 >= n && vowels*10 <= n*7 && longest <= 4
}

// sameCase reports whether letters are all of one case, but for the first.
func sameCase(r []rune) bool {
	rest := r[1:]
	return !slices.ContainsFunc(rest, unicode.IsUpper) || !slices.ContainsFunc(r, unicode.IsLower)
}

// period returns the length of the piece that a value repeats, or its whole length.
func period(s string) int {
	for n := 1; n <= len(s)/2 && n <= 64; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s {
			return n
		}
	}
	return len(s)
}

// alphabet returns the bits of one character, by the classes of characters that occur.
func alphabet(s string) float64 {
	size := 0
	hexOnly := strings.Trim(s, "0123456789abcdef") == "" || strings.Trim(s, "0123456789ABCDEF") == ""
	switch {
	case strings.Trim(s, "0123456789") == "":
		return math.Log2(10)
	case hexOnly:
		return 4
	}
	for _, class := range []struct {
		in   func(rune) bool
		size int
	}{
		{unicode.IsLower, 26}, {unicode.IsUpper, 26}, {unicode.IsDigit, 10},
		{func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }, 16},
	} {
		if strings.ContainsFunc(s, class.in) {
			size += class.size
		}
	}
	return math.Log2(float64(max(size, 2)))
}
