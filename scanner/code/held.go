package code

import (
	"bytes"
	"slices"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxHeld is how many uses of one name that holds a credential are shown.
const maxHeld = 3

// heldWord is the name of a variable whose uses are worth showing; others would only fill the file.
var heldWord = lazy.New(`(?i)secret|token|passw|passphrase|_pass\b|_pwd\b|credential|api_?key|private_?key|access_?key|_key\b|_dsn\b|_url\b|_uri\b|webhook`)

// held reads where a file uses a constant that a variable of the environment fills: const KEY = process.env.KEY, then
// new Client(KEY); class Config: KEY = os.getenv("KEY"), then Config.KEY. Such a place reads the variable too. Names
// of functions' own variables are left out: another function may call something else so.
func (s *scan) held(local string, at argument, r Read) {
	if len(local) < 4 || len(local) > 80 || r.Property || !heldWord.MatchString(r.Name) || !isUpper(local) && !s.atTop(at.offset) {
		return
	}
	found := 0
	s.begin([]byte(local), func(start int) bool {
		end := start + len(local)
		if isWord(s.at(end)) || start == at.offset || start == r.Offset || !s.usesHeld(start, isUpper(local)) || s.assigned(end, bare) {
			return true
		}
		r.Offset = start
		s.out.Reads = append(s.out.Reads, r)
		found++
		return found < maxHeld
	})
}

// atTop reports whether the statement that holds an offset stands at the start of its line.
func (s *scan) atTop(off int) bool {
	line := s.code[bytes.LastIndexByte(s.code[:off], '\n')+1:]
	return len(line) > 0 && isWord(line[0])
}

// usesHeld reports whether the name at an offset is one of code, alone or as the attribute of a class, also inside a
// string that takes code in.
func (s *scan) usesHeld(at int, attribute bool) bool {
	before := at - 1
	if attribute && s.at(before) == '.' {
		to := before
		for before > 0 && isWord(s.code[before-1]) {
			before--
		}
		owner := s.code[before:to]
		if len(owner) == 0 || (owner[0] < 'A' || owner[0] > 'Z') && !slices.Contains([]string{"self", "cls", "this"}, string(owner)) {
			return false
		}
		before--
	}
	c := s.at(before)
	if s.inString(at) {
		return c == '{'
	}
	return !isWord(c) && c != '.' && c != '$'
}
