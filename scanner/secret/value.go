package secret

import "bytes"

// value is where a value stands.
type value struct {
	start, end int
	quoted     bool
	escaped    int  // backslashes in front of its quotes: it stands in a string inside a string
	joined     bool // goes on with an operator behind the closing quote
}

// operator is how a name is tied to its value.
type operator struct {
	at    int // offset behind it
	sign  byte
	tight bool // no blank on either side
}

// valueAfter returns the value that follows the name between start and stop.
func (t *text) valueAfter(start, stop int) (value, bool) {
	op, ok := t.operatorAfter(start, stop)
	if !ok {
		return value{}, false
	}
	return t.valueBehind(start, op)
}

// valueBehind returns the value behind an operator whose name begins at start.
func (t *text) valueBehind(start int, op operator) (value, bool) {
	if start > 1 && t.body[start-1] == '{' && t.body[start-2] == '$' {
		return value{}, false
	}
	i := t.skipBlank(op.at, true)
	if op.sign == '>' && bytes.HasPrefix(t.body[i:], cdata) {
		return t.markupText(i)
	}
	if j := t.blockScalar(i); j > 0 && op.sign == ':' {
		return t.bareAt(j, op, start)
	}
	i = t.skipWrapper(i)
	if v, ok := t.quotedAt(i); ok {
		return v, v.end > v.start
	}
	if op.sign == ',' || op.sign == '(' || bytes.IndexByte(t.body[op.at:max(i, op.at)], '\n') >= 0 {
		return value{}, false
	}
	if t.kind == codeKind && !(op.tight && op.sign == '=' && start > 0 && bytes.IndexByte([]byte(";?&\"'`"), t.body[start-1]) >= 0) {
		return value{}, false
	}
	return t.bareAt(i, op, start)
}

var cdata = []byte("<![CDATA[")

// markupText reads the text of an XML element that begins at i: a section of characters, or what stands before the next
// tag, on one line.
func (t *text) markupText(i int) (value, bool) {
	end := []byte("<")
	if bytes.HasPrefix(t.body[i:], cdata) {
		i, end = i+len(cdata), []byte("]]>")
	}
	n := bytes.Index(t.body[i:min(len(t.body), i+maxValue)], end)
	if n <= 0 || bytes.IndexByte(t.body[i:i+n], '\n') >= 0 {
		return value{}, false
	}
	return value{start: i, end: i + n, quoted: true}, true
}

// blockScalar returns where the text of a YAML block scalar begins whose sign stands at i; 0 for none. Only one that
// holds a single line is a value.
func (t *text) blockScalar(i int) int {
	if t.kind == codeKind || i >= len(t.body) || t.body[i] != '|' && t.body[i] != '>' {
		return 0
	}
	for i++; i < len(t.body) && bytes.IndexByte([]byte("+-0123456789"), t.body[i]) >= 0; {
		i++
	}
	end := t.skipBlank(i, false)
	if end >= len(t.body) || t.body[end] != '\n' {
		return 0
	}
	at := t.skipBlank(end, true)
	line := at - 1 - bytes.LastIndexByte(t.body[:at], '\n')
	next := bytes.IndexByte(t.body[at:], '\n')
	if next < 0 || line == 0 || at >= len(t.body) || t.body[at] == '\n' {
		return at * min(line, 1)
	}
	if j := t.skipBlank(at+next, true); j < len(t.body) && t.body[j] != '\n' && j-at-next-1 >= line {
		return 0 // another line of the same text
	}
	return at
}

// operatorAfter finds the sign of assignment behind a name.
func (t *text) operatorAfter(start, stop int) (operator, bool) {
	i, inQuotes := t.closeName(stop)
	blank := i
	i = t.skipBlank(i, false)
	if i >= len(t.body) {
		return operator{}, false
	}
	tight := i == blank
	c := t.body[i]
	if !tight && !inQuotes && t.kind == codeKind && letter(c) > 0 {
		if j := t.typeBefore(i); j > 0 {
			return operator{j, '=', false}, true
		}
	}
	switch c {
	case '=', ':', '!', '?', '|', '+', '-':
		return t.signAt(i, tight)
	case ',':
		return operator{i + 1, ',', false}, inQuotes
	case '(':
		return operator{i + 1, '(', false}, tight && !inQuotes
	case '>':
		return operator{i + 1, '>', true}, t.markupName(start) && t.closed(i+1) && !bytes.HasPrefix(t.body[start:], []byte("key>"))
	}
	return operator{}, false
}

// markupName reports whether the name at start opens an XML element.
func (t *text) markupName(start int) bool {
	for i := start; i > 0 && start-i < 20; i-- {
		if t.body[i-1] == '<' {
			return true
		}
		if !isNameByte(t.body[i-1]) && t.body[i-1] != ':' {
			return false
		}
	}
	return false
}

// closed reports whether the text of an element that begins at i ends in a closing tag.
func (t *text) closed(i int) bool {
	j := bytes.IndexByte(t.body[i:min(len(t.body), i+maxValue)], '<')
	return j >= 0 && i+j+1 < len(t.body) && (t.body[i+j+1] == '/' || t.body[i+j+1] == '!')
}

// closeName steps over what closes a quoted or bracketed name.
func (t *text) closeName(i int) (int, bool) {
	inQuotes := false
	for n := 0; i < len(t.body) && n < 6; n++ {
		switch t.body[i] {
		case '"', '\'', '`':
			inQuotes = true
		case '\\', ']':
		default:
			return i, inQuotes
		}
		i++
	}
	return i, inQuotes
}

// signAt reads =, :, :=, =>, ==, !=, ?=, ||=, += and ->, with a type between a colon and its equals sign.
func (t *text) signAt(i int, tight bool) (operator, bool) {
	c, from := t.body[i], i
	for i < len(t.body) && i-from < 3 && bytes.IndexByte([]byte("=:!?|+->"), t.body[i]) >= 0 {
		i++
	}
	signs := string(t.body[from:i])
	switch signs {
	case "=", ":", ":=", "=>", "==", "===", "!=", "!==", "?=", "||=", "??=", "+=", "->", "::=", "?:":
	default:
		return operator{}, false
	}
	tight = tight && i < len(t.body) && t.body[i] != ' ' && t.body[i] != '\t'
	if c == ':' && signs == ":" || signs == "?:" {
		if j := t.typeBefore(i); j > 0 {
			return operator{j, '=', false}, true
		}
	}
	if len(signs) > 1 {
		c, tight = '=', false
	}
	return operator{i, c, tight}, true
}

// typeBefore returns the offset behind "= " when a type annotation and an equals sign follow at i, else 0.
func (t *text) typeBefore(i int) int {
	j := t.skipBlank(i, false)
	from := j
	for j < len(t.body) && j-from < 40 && (isWord(t.body[j]) || bytes.IndexByte([]byte(".[]<>?&"), t.body[j]) >= 0) {
		j++
	}
	if j == from {
		return 0
	}
	j = t.skipBlank(j, false)
	if j+1 < len(t.body) && t.body[j] == '=' && t.body[j+1] != '=' && t.body[j+1] != '>' {
		return j + 1
	}
	return 0
}

// skipBlank steps over blanks, and over one line end when lines is set.
func (t *text) skipBlank(i int, lines bool) int {
	for n := 0; i < len(t.body) && n < 80; n++ {
		switch t.body[i] {
		case ' ', '\t', '\r':
		case '\n':
			if !lines {
				return i
			}
			lines = false
		default:
			return i
		}
		i++
	}
	return i
}

// wrappers are calls and prefixes that hand a string on as it is.
var wrappers = [][]byte{
	[]byte("Some("), []byte("Just "), []byte("[]byte("), []byte("Base64.decode("), []byte("base64.b64decode("), []byte("b64decode("),
	[]byte("SecretStr("), []byte("String("), []byte("new String("), []byte("aws.String("), []byte("pulumi.String("), []byte("ptr("),
	[]byte("bytes("), []byte("str("), []byte("Buffer.from("), []byte("to.Ptr("), []byte("Secret("), []byte("SecureString "),
	[]byte("ConvertTo-SecureString "), []byte("-String "), []byte("text("), []byte("T("), []byte("char[]"), []byte("!!str "), []byte("!!binary "),
	[]byte("["), []byte("{"), []byte("("),
}

// skipWrapper steps over wrappers and the prefixes of string literals.
func (t *text) skipWrapper(i int) int {
	for range 3 {
		for _, w := range wrappers {
			if bytes.HasPrefix(t.body[min(i, len(t.body)):], w) && (len(w) > 1 || t.kind == codeKind) {
				i = t.skipBlank(i+len(w), w[0] == '(')
			}
		}
	}
	for j := i; j < len(t.body) && j-i <= 2; j++ {
		switch t.body[j] {
		case '"', '\'', '`':
			return j
		case '@', 'r', 'b', 'u', 'R', 'B', 'U', 'N', 'L', 'f', '$':
			continue
		}
		break
	}
	return i
}

// quotedAt reads a string literal. Quotes inside strings are escaped with backslashes, at any depth.
func (t *text) quotedAt(i int) (value, bool) {
	depth := 0
	for i < len(t.body) && t.body[i] == '\\' && depth < 8 {
		depth++
		i++
	}
	if i >= len(t.body) || bytes.IndexByte([]byte("\"'`"), t.body[i]) < 0 {
		return value{}, false
	}
	quote, start := t.body[i], i+1
	if depth == 0 && bytes.HasPrefix(t.body[start:], []byte{quote, quote}) {
		start += 2
	}
	for j := start; j < len(t.body) && j-start < maxValue; j++ {
		switch t.body[j] {
		case '\n':
			return value{}, false
		case quote:
			if n := t.backslashes(j, start); n == depth || depth == 0 && n%2 == 0 {
				return value{start, j - n*min(depth, 1), true, depth, t.joins(j + 1)}, true
			}
		}
	}
	return value{}, false
}

// backslashes counts those in front of offset i.
func (t *text) backslashes(i, from int) int {
	n := 0
	for i-1-n >= from && t.body[i-1-n] == '\\' {
		n++
	}
	return n
}

// joins reports whether an operator that joins strings follows at i.
func (t *text) joins(i int) bool {
	i = t.skipBlank(i, false)
	if i >= len(t.body) {
		return false
	}
	switch c := t.body[i]; c {
	case '+', '%':
		return true
	case '.':
		return i+1 < len(t.body) && (t.body[i+1] == ' ' || t.body[i+1] == '$' || t.body[i+1] == '\n')
	}
	return false
}

// bareAt reads a value without quotes, which ends as its kind of file has it.
func (t *text) bareAt(i int, op operator, name int) (value, bool) { //nolint:gocognit // a scanner: one branch for each way a bare value ends
	start, flow := i, t.inFlow(name)
	wholeLine := t.kind == configKind && !op.tight || t.markup && op.sign == '>'
	for i < len(t.body) && i-start < maxValue {
		c := t.body[i]
		if c == '\n' || c == '\r' || c == '<' || c == '"' || c == '\'' || c == '`' {
			break
		}
		if !wholeLine && (c == ' ' || c == '\t' || c == ';' || c == '&' || c == '|' || c == ',' && !op.tight) {
			break
		}
		if wholeLine && (c == '#' || c == ';') && i > start && (t.body[i-1] == ' ' || t.body[i-1] == '\t') {
			break
		}
		if flow && (c == ',' || c == '}' || c == ')') {
			break
		}
		i++
	}
	end := i
	for end > start && bytes.IndexByte([]byte(" \t\\,;"), t.body[end-1]) >= 0 {
		end--
	}
	if t.kind == proseKind && !op.tight && !t.endsLine(end) {
		return value{}, false
	}
	return value{start: start, end: end}, end > start
}

// inFlow reports whether the name stands behind a bracket on its line, so that commas part entries.
func (t *text) inFlow(name int) bool {
	for i := name; i > 0 && name-i < 200 && t.body[i-1] != '\n'; i-- {
		if t.body[i-1] == '{' || t.body[i-1] == '(' {
			return true
		}
	}
	return false
}

func (t *text) endsLine(i int) bool {
	i = t.skipBlank(i, false)
	return i >= len(t.body) || t.body[i] == '\n' || t.body[i] == '\\' || t.body[i] == '<' || t.body[i] == '`'
}
