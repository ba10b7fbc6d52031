package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxHeld is how many uses of one name that holds a credential are shown.
const maxHeld = 3

// heldWord is the name of a variable whose uses are worth showing; others would only fill the file.
var heldWord = lazy.New(`(?i)secret|token|passw|passphrase|_pass\b|_pwd\b|credential|api_?key|private_?key|access_?key|_key\b|_dsn\b|_url\b|_uri\b|webhook`)

// held reads where a file uses what a variable of the environment fills: const KEY = process.env.KEY, then new Client(KEY);
// class Config: KEY = os.getenv("KEY"), then Config.KEY; this.key = process.env.KEY, then this.key. Such a place reads the
// variable too. A function's own variable counts up to the end of its block, by indentation: another function may call something else so.
func (s *scan) held(local string, at argument, r Read) {
	if len(local) < 4 || len(local) > 80 || r.Property || !heldWord.MatchString(r.Name) {
		return
	}
	field, until := s.attribute(local, at), len(s.code)
	if !field && !isUpper(local) && !s.atTop(at.offset) {
		if until = s.block(at.offset); strings.ContainsAny(local, ".[") || until == 0 {
			return
		}
	}
	found, several := 0, false
	var places []int
	s.begin([]byte(local), func(start int) bool {
		end := start + len(local)
		if start > until || until < len(s.code) && start < at.offset {
			return start <= until
		}
		if isWord(s.at(end)) || start == at.offset || start == r.Offset || !s.usesHeld(start, isUpper(local) || field) {
			return true
		}
		if s.assigned(end, bare) {
			several = several || field && isWord(s.at(s.skipSpace(s.skipBlank(end)+1)))
			return true
		}
		places = append(places, start)
		found++
		return found < maxHeld
	})
	if several && !isUpper(local) {
		return // the attribute of another class, or one that something else fills as well
	}
	for _, start := range places {
		r.Offset = start
		s.out.Reads = append(s.out.Reads, r)
	}
}

// maxBlock bounds how far the uses of a function's own variable are looked for.
const maxBlock = 8 << 10

// block returns where the block ends in which a function's own variable is declared: at the next line that is indented less.
func (s *scan) block(off int) int {
	indent := indentOf(wholeLine(s.code, off))
	if indent == 0 {
		return 0
	}
	for at := off; at < min(len(s.code), off+maxBlock); {
		n := bytes.IndexByte(s.code[at:], '\n')
		if n < 0 {
			return len(s.code) - 1
		}
		at += n + 1
		line := s.code[at:min(len(s.code), at+200)]
		if e := bytes.IndexByte(line, '\n'); e >= 0 {
			line = line[:e]
		}
		if len(bytes.TrimSpace(line)) > 0 && indentOf(line) < indent {
			return at
		}
	}
	return min(len(s.code)-1, off+maxBlock)
}

// fieldWord are words in front of the name of a field where it is declared.
var fieldWord = lazy.New(`(?:^|\s)(?:private|protected|public|internal|static|final|readonly|const|val|var|let|pub)\s`)

// attribute reports whether a name that is assigned to is the attribute of an object: self.key, this.key, @key, or a field of a
// class that is declared where it is filled.
func (s *scan) attribute(local string, at argument) bool {
	if strings.HasPrefix(local, "self.") || strings.HasPrefix(local, "this.") || local[0] == '@' {
		return strings.Count(local, ".") < 2
	}
	if bytes.HasSuffix(s.code[:at.offset], []byte("$this->")) {
		return true
	}
	switch s.lang.syntax {
	case javaSyntax, kotlinSyntax, sharpSyntax:
	default:
		return false
	}
	before := lineStart(s.code, at.offset)
	return local[0] == '_' && len(before) == 0 || indentOf(wholeLine(s.code, at.offset)) <= 4 && fieldWord.Match(append(before, ' '))
}

// wholeLine returns the line that holds an offset, from its begin.
func wholeLine(code []byte, off int) []byte {
	return code[bytes.LastIndexByte(code[:off], '\n')+1:]
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
	if c == '>' && bytes.HasSuffix(s.code[:at], []byte("$this->")) {
		return true
	}
	return !isWord(c) && c != '.' && c != '$' && c != '>'
}
