package airflow

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// call is a call in Python text, with its arguments. Offsets are those of the file.
type call struct {
	name       string
	decorator  bool
	start, end int
	args       []argument
}

type argument struct {
	name   string // "" for a positional one
	text   string
	offset int
}

// keyword returns the argument with the name.
func (c call) keyword(name string) argument {
	for _, a := range c.args {
		if a.name == name {
			return a
		}
	}
	return argument{}
}

// positional returns the argument at the position, or the one with the name.
func (c call) positional(i int, name string) argument {
	if a := c.keyword(name); a.text != "" {
		return a
	}
	if i < len(c.args) && c.args[i].name == "" {
		return c.args[i]
	}
	return argument{}
}

// uncomment blanks out comments, so that offsets stay.
func uncomment(text string) string {
	out := []byte(text)
	for i := 0; i < len(out); {
		switch out[i] {
		case '"', '\'':
			i = stringEnd(text, i)
		case '#':
			for i < len(out) && out[i] != '\n' {
				out[i] = ' '
				i++
			}
		default:
			i++
		}
	}
	return string(out)
}

// stringEnd returns the offset behind the string that starts at i.
func stringEnd(text string, i int) int {
	quote := text[i : i+1]
	if strings.HasPrefix(text[i:], quote+quote+quote) {
		if end := strings.Index(text[i+3:], quote+quote+quote); end >= 0 {
			return i + 3 + end + 3
		}
		return len(text)
	}
	for j := i + 1; j < len(text); j++ {
		switch text[j] {
		case '\\':
			j++
		case '\n':
			return j
		case quote[0]:
			return j + 1
		}
	}
	return len(text)
}

var callStart = lazy.New(`(@?)([A-Za-z_][A-Za-z0-9_.]*)\(`)

// Limits that keep the work on a hostile file small.
const (
	maxCalls    = 10_000
	maxCallSize = 50_000
	maxName     = 200
)

// calls lists the calls of a text in the order of their starts, nested ones too. All brackets are matched in one
// pass.
func calls(text string) []call {
	ends := matches(text)
	var out []call
	for _, m := range callStart.FindAllStringSubmatchIndex(text, maxCalls) {
		open := m[1] - 1
		end, ok := ends[open]
		if !ok || end-open > maxCallSize || open-m[4] > maxName {
			continue
		}
		out = append(out, call{
			name: text[m[4]:m[5]], decorator: m[3] > m[2], start: m[4], end: end,
			args: arguments(text, open+1, end-1),
		})
	}
	return out
}

// matches returns, for each opening bracket outside of strings, the offset behind the bracket that closes it.
func matches(text string) map[int]int {
	ends, open := map[int]int{}, []int{}
	for i := 0; i < len(text); {
		switch text[i] {
		case '"', '\'':
			i = stringEnd(text, i)
			continue
		case '(', '[', '{':
			open = append(open, i)
		case ')', ']', '}':
			if n := len(open); n > 0 {
				ends[open[n-1]] = i + 1
				open = open[:n-1]
			}
		}
		i++
	}
	return ends
}

var keywordStart = lazy.New(`^\s*([A-Za-z_]\w*)\s*=([^=]|$)`)

// maxArguments bounds one call.
const maxArguments = 200

// arguments splits the text of a call at the commas that stand outside of brackets and strings.
func arguments(text string, from, to int) []argument {
	var out []argument
	depth, start := 0, from
	add := func(end int) {
		part := text[start:end]
		a := argument{text: strings.TrimSpace(part), offset: start}
		if m := keywordStart.FindStringSubmatchIndex(part); m != nil {
			a.name = part[m[2]:m[3]]
			eq := m[3] + strings.IndexByte(part[m[3]:], '=') + 1
			a.text, a.offset = strings.TrimSpace(part[eq:]), start+eq
		}
		a.offset += len(text[a.offset:end]) - len(strings.TrimLeft(text[a.offset:end], " \t\r\n"))
		if a.text != "" && len(out) < maxArguments {
			out = append(out, a)
		}
		start = end + 1
	}
	for i := from; i < to; {
		switch text[i] {
		case '"', '\'':
			i = min(stringEnd(text, i), to)
			continue
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ',':
			if depth == 0 {
				add(i)
			}
		}
		i++
	}
	if start <= to {
		add(to)
	}
	return out
}

var constant = lazy.New(`(?m)^([A-Za-z_]\w*)\s*(?::\s*str\s*)?=\s*["']([^"'\n{}]*)["']\s*$|^[ \t]+([A-Za-z_]\w*)(?:\s*:\s*str)? = ["']([^"'\n{}]*)["']\s*$`)

// constants lists the names that are assigned one literal string in the whole text, and where each string stands.
func constants(text string) (out map[string]string, at map[string]int) {
	out, at = map[string]string{}, map[string]int{}
	twice := map[string]bool{}
	for _, m := range constant.FindAllStringSubmatchIndex(text, -1) {
		if m[2] < 0 { // in a function or a block; an argument has no blanks round its sign
			m = append(m[:2:2], m[6:]...)
		}
		name, value := text[m[2]:m[3]], text[m[4]:m[5]]
		if old, ok := out[name]; ok && old != value {
			twice[name] = true
		}
		out[name] = value
		if _, ok := at[value]; !ok {
			at[value] = m[4]
		}
	}
	for name := range twice {
		delete(at, out[name])
		delete(out, name)
	}
	return out, at
}

var (
	stringLiteral = lazy.New(`^[rRbBuU]{0,2}(?:"([^"\n]*)"|'([^'\n]*)')$`)
	identifier    = lazy.New(`^[A-Za-z_]\w*$`)
)

// literal returns the text of an argument that is a string, or the name of one; "" for anything computed.
func (p *file) literal(a argument) string {
	if m := stringLiteral.FindStringSubmatch(a.text); m != nil {
		return m[1] + m[2]
	}
	if identifier.MatchString(a.text) {
		return p.constants[a.text]
	}
	return ""
}
