package secret

import (
	_ "embed"
	"strings"
)

//go:embed trigrams.txt
var trigramText string

// trigrams knows which three letters follow each other in English words and in the names that programmers give.
// Each line of its table holds two letters and those that follow them in at least three common words; _ is the
// edge of a word. The table was counted over the comments and names of Go's standard library.
type trigrams [27 * 27]uint32

func newTrigrams() *trigrams {
	var t trigrams
	for line := range strings.Lines(trigramText) {
		if len(line) < 4 {
			continue
		}
		for _, c := range []byte(strings.TrimSpace(line[3:])) {
			t[letter(line[0])*27+letter(line[1])] |= 1 << letter(c)
		}
	}
	return &t
}

// letter numbers a to z from 1; anything else is the edge of a word.
func letter(c byte) int {
	if c = lower(c); 'a' <= c && c <= 'z' {
		return int(c-'a') + 1
	}
	return 0
}

// strangeFrom is the share of unusual trigrams from which a run of letters is held to be no word. It parts 93 in
// 100 random strings of eight letters from all but one in 100 words.
const strangeFrom = 0.34

// strange returns the share of trigrams in the letters of s that words do not have, and how many there were.
// Runs of letters are read one by one; a change from lower to upper case starts a new one.
func (t *trigrams) strange(s string) (share float64, of int) {
	odd := 0
	for _, run := range letterRuns(s) {
		for i := -1; i < len(run)-1; i++ {
			before, after := 0, 0
			if i >= 0 {
				before = letter(run[i])
			}
			if i+2 < len(run) {
				after = letter(run[i+2])
			}
			if t[before*27+letter(run[i+1])]&(1<<after) == 0 {
				odd++
			}
			of++
		}
	}
	if of == 0 {
		return 0, 0
	}
	return float64(odd) / float64(of), of
}

// letterRuns returns the runs of two or more letters in s, split where camel case starts a new word.
func letterRuns(s string) []string {
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end-start >= 2 {
			out = append(out, s[start:end])
		}
		start = -1
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case letter(c) == 0:
			flush(i)
		case start >= 0 && isUpper(c) && !isUpper(s[i-1]):
			flush(i)
			start = i
		case start >= 0 && i-start >= 2 && !isUpper(c) && isUpper(s[i-1]) && isUpper(s[i-2]):
			flush(i - 1)
			start = i - 1
		case start < 0:
			start = i
		}
	}
	flush(len(s))
	return out
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// wordy reports whether s reads as words, a name or a number rather than as something drawn at random.
func (t *trigrams) wordy(s string) bool {
	share, of := t.strange(s)
	if of == 0 {
		return true
	}
	switches := classChanges(s)
	return share < strangeFrom && switches*4 < len(s)
}

// classChanges counts how often s changes between letters and digits, or between cases inside a run of letters.
// Names change seldom, random strings at every third character.
func classChanges(s string) int {
	n := 0
	for i := 1; i < len(s); i++ {
		a, b := s[i-1], s[i]
		switch {
		case isDigit(a) && letter(b) > 0, letter(a) > 0 && isDigit(b):
			n++
		case letter(a) > 0 && letter(b) > 0 && !isUpper(a) && isUpper(b):
			n++
		}
	}
	return n
}
