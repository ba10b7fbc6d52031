package code

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxEncrypted bounds how many reads of encrypted files are looked for in one text.
const maxEncrypted = 100

var (
	encryptedCall = lazy.New(`(?i)(?:\b(\w+)(?:\s*:\s*[\w\[\], .]+)?\s*:?=\s*)?\b[\w.]*(?:secrets?|sops|decrypt)[\w.]*\(\s*(?:[\w.]+\(\s*)?[rf]?["'` + "`" + `]([\w./${}-]+\.(?:ya?ml|json|env|ini))["'` + "`" + `]`)
	fileHole      = lazy.New(`\$?\{[^{}]*\}`)
	keyBehind     = lazy.New(`^[^\n"'\[]{0,40}?\)?\s*\[\s*["']([\w./-]{1,100})["']`)
)

// encrypted reads calls whose name speaks of secrets, and that are handed the path of a file: read_secrets("live/shop.yaml"),
// sops.decrypt(...). Whether SOPS has encrypted such a file, graph/resolve knows. What is taken out of the result by a literal
// key is that key alone.
func (s *scan) encrypted() {
	if !s.may("sops") && !s.may("ecret") && !s.may("ecrypt") || !s.may(".y") && !s.may(".json") && !s.may(".env") {
		return
	}
	for _, m := range s.encryptedCalls() {
		s.encryptedFile(m)
	}
}

// encryptedWords are those one of which stands in the name of such a call.
var encryptedWords = []string{"ecret", "ECRET", "sops", "Sops", "SOPS", "ecrypt", "ECRYPT"}

// encryptedReach is how far the expression looks on either side of a name.
const encryptedReach = 160

// encryptedCalls returns the matches of the expression, which is tried only round names that are called: over a whole text it
// would cost more than everything else.
func (s *scan) encryptedCalls() [][]int {
	var out [][]int
	done := 0
	for _, at := range s.calledWith(encryptedWords) {
		if at.from < done || len(out) >= maxEncrypted || !s.handedText(at.to+1) {
			continue
		}
		from := max(done, at.from-encryptedReach)
		from += bytes.LastIndexByte(s.code[from:at.from], '\n') + 1
		m := encryptedCall.FindSubmatchIndex(s.code[from:min(len(s.code), at.to+2*encryptedReach)])
		if m == nil {
			continue
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += from
			}
		}
		out, done = append(out, m), m[1]
	}
	return out
}

// handedText reports whether a string is the first argument of the call whose bracket ends at an offset, or of another call there.
func (s *scan) handedText(off int) bool {
	off = s.skipSpace(off)
	end := off
	for isWord(s.at(end)) || s.at(end) == '.' {
		end++
	}
	if s.at(end) == '(' {
		off = s.skipSpace(end + 1)
	}
	if c := s.at(off) | 0x20; c == 'r' || c == 'f' {
		off++
	}
	return bytes.IndexByte([]byte("\"'`"), s.at(off)) >= 0
}

// calledWith returns the names, with their members, that hold one of the words and stand in front of a bracket, in order.
func (s *scan) calledWith(words []string) []span {
	var out []span
	for _, word := range words {
		if !s.may(word) {
			continue
		}
		for from := 0; len(out) < maxCalls; {
			n := lazy.Index(s.code[from:], word)
			if n < 0 {
				break
			}
			start, end := from+n, from+n+len(word)
			for start > 0 && (isWord(s.code[start-1]) || s.code[start-1] == '.') {
				start--
			}
			for end < len(s.code) && (isWord(s.code[end]) || s.code[end] == '.') {
				end++
			}
			if from = end; s.at(end) == '(' {
				out = append(out, span{start, end})
			}
		}
	}
	slices.SortFunc(out, func(a, b span) int { return a.from - b.from })
	return out
}

// encryptedFile reads one call.
func (s *scan) encryptedFile(m []int) {
	name := fileHole.ReplaceAllString(string(s.code[m[4]:m[5]]), "*")
	if strings.Trim(name, "*./") == "" || s.inString(m[0]) {
		return
	}
	taken, sure := 0, medium
	read := func(key string, at int) {
		taken++
		s.out.Stores = append(s.out.Stores, StoreRead{Slot: inventory.SlotRef{Store: "sops", Scope: "*", Name: strings.TrimPrefix(name, "./"), Key: key},
			Via: "encrypted-file", Offset: at, Sure: sure})
	}
	if k := keyBehind.FindSubmatchIndex(s.code[m[1]:min(m[1]+160, len(s.code))]); k != nil {
		read(string(s.code[m[1]+k[2]:m[1]+k[3]]), m[4])
		return
	}
	if m[2] >= 0 {
		s.keysOf(string(s.code[m[2]:m[3]]), m[1], read)
	}
	if taken > 0 {
		sure = low // the rest is decrypted too, and most likely not used
	}
	read("*", m[4])
}

// keysOf finds what is taken out of a variable by a literal key.
func (s *scan) keysOf(variable string, from int, read func(key string, at int)) {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(variable) + `(?:\[\s*|\.get\(\s*)["']([\w./-]{1,100})["']`)
	if !lazy.Contains(s.code[from:], variable) {
		return
	}
	for _, m := range word.FindAllSubmatchIndex(s.code[from:], maxEncrypted) {
		read(string(s.code[from+m[2]:from+m[3]]), from+m[0])
	}
}
