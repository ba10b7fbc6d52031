package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxClientText bounds how far in front of a read its calls are looked for, and maxClientCalls how many around it.
const (
	maxClientText  = 400
	maxClientCalls = 4
)

// required matches a module that is called where it is taken in: require("stripe")(
var required = lazy.New(`\brequire\(\s*["'](?:@[\w-]+/)?([\w-]+)["']\s*\)\s*$`)

// clients notes for each read the words of the calls that it is an argument of, and of the object whose attribute it
// becomes: stripe of new Stripe(process.env.X) and of stripe.api_key = os.environ["X"].
func (s *scan) clients() {
	for i := range s.out.Reads {
		if r := &s.out.Reads[i]; r.Offset <= len(s.code) {
			r.Clients = s.clientsOf(r.Offset)
		}
	}
}

func (s *scan) clientsOf(off int) []string {
	var out []string
	low, depth, calls := max(0, off-maxClientText), 0, 0
	for i := off - 1; i >= low && calls < maxClientCalls; i-- {
		c := s.code[i]
		if c != '\n' && s.inString(i) {
			continue
		}
		switch c {
		case ')', ']', '}':
			depth++
		case '[', '{', '(':
			if depth > 0 {
				depth--
				continue
			}
			if c == '{' && !s.isLiteral(i) {
				return out
			}
			if c == '(' {
				calls++
				out = append(out, clientWords(s.pathBefore(i))...)
			}
		case ';':
			if depth == 0 {
				return out
			}
		case '=':
			if depth == 0 && s.plainAssign(i) {
				return append(out, clientWords(s.pathBefore(i))...)
			}
		}
	}
	return out
}

// isLiteral reports whether a brace opens an object that is an argument, a value or an element, not a block.
func (s *scan) isLiteral(at int) bool {
	before := bytes.TrimRight(s.code[max(0, at-40):at], " \t\r\n")
	return len(before) > 0 && strings.IndexByte("(,:=[&", before[len(before)-1]) >= 0 || s.isGoStruct(before)
}

// isGoStruct reports whether a text ends in the type of a composite literal: &stripe.Config{.
func (s *scan) isGoStruct(before []byte) bool {
	return s.lang.id == "go" && len(before) > 0 && isWord(before[len(before)-1]) && bytes.LastIndexByte(before, '.') > bytes.LastIndexByte(before, ' ')
}

func (s *scan) plainAssign(at int) bool {
	return at > 0 && strings.IndexByte("=!<>+-|&?", s.code[at-1]) < 0 && strings.IndexByte("=>", s.at(at+1)) < 0
}

// pathBefore returns the dotted name that ends in front of an offset, blanks between left out.
func (s *scan) pathBefore(at int) string {
	if m := required.FindSubmatch(s.code[max(0, at-80):at]); m != nil {
		return string(m[1])
	}
	end := at
	for end > 0 && (s.code[end-1] == ' ' || s.code[end-1] == ':') {
		end--
	}
	start := end
	for start > 0 && end-start < 100 && (isWord(s.code[start-1]) || strings.IndexByte(".:>-", s.code[start-1]) >= 0) {
		start--
	}
	return string(s.code[start:end])
}

// clientWords returns the words of a dotted name in small letters, without what every client is called.
func clientWords(path string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune(".:>-", r) }) {
		w = strings.ToLower(w)
		for _, suffix := range []string{"apiclient", "client", "api", "sdk"} {
			w = strings.TrimSuffix(w, suffix)
		}
		if len(w) > 3 {
			out = append(out, w)
		}
	}
	return out
}
