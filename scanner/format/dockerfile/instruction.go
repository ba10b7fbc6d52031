package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// instruction is one instruction of a Dockerfile.
type instruction struct {
	keyword     string // in lower case
	flags       []string
	rest        string // what follows keyword and flags, on one line
	text        string // the same with its lines kept, as a shell reads it
	textLine    int    // on which text begins
	heredocs    []heredoc
	first, last int
}

// heredoc is a text handed to an instruction by <<NAME.
type heredoc struct {
	text string
	line int // on which it begins
}

// keywords are the instructions; a line that begins with any other word is left out.
var keywords = map[string]bool{
	"add": true, "arg": true, "cmd": true, "copy": true, "entrypoint": true, "env": true, "expose": true, "from": true,
	"healthcheck": true, "label": true, "maintainer": true, "onbuild": true, "run": true, "shell": true,
	"stopsignal": true, "user": true, "volume": true, "workdir": true,
}

var escapeDirective = lazy.New("(?i)^#\\s*escape\\s*=\\s*(\\\\|`)\\s*$")

// instructions reads a Dockerfile line by line: one bad line spoils no other.
func instructions(text string) []instruction {
	lines := strings.Split(text, "\n")
	escape := byte('\\')
	for _, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), "#") {
			break
		}
		if m := escapeDirective.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
			escape = m[1][0]
		}
	}
	var out []instruction
	for i := 0; i < len(lines); {
		in, next, ok := readInstruction(lines, i, escape)
		if ok {
			out = append(out, in)
		}
		i = next
	}
	return out
}

// readInstruction reads the instruction that begins at line index i and returns the index behind it.
func readInstruction(lines []string, i int, escape byte) (in instruction, next int, ok bool) {
	first := strings.TrimSpace(lines[i])
	if first == "" || first[0] == '#' {
		return in, i + 1, false
	}
	var joined, kept strings.Builder
	for next = i; next < len(lines); next++ {
		line := strings.TrimRight(lines[next], " \t\r")
		if t := strings.TrimSpace(line); next > i && (t == "" || t[0] == '#') {
			kept.WriteString("\\\n")
			continue
		}
		body, more := strings.CutSuffix(line, string(escape))
		joined.WriteString(body)
		kept.WriteString(body)
		if !more {
			next++
			break
		}
		kept.WriteString("\\\n")
	}
	in = split(joined.String(), kept.String())
	in.first, in.last = i+1, next
	in.textLine = i + 1 + strings.Count(kept.String(), "\n") - strings.Count(in.text, "\n")
	switch in.keyword {
	case "run", "copy", "add":
		next = in.readHeredocs(lines, next)
	}
	return in, next, keywords[in.keyword]
}

var flag = lazy.New(`^--[a-z]+(=("[^"]*"|[^\s"]+)+)?(\s|\\\n|$)`)

// split takes keyword and flags off an instruction.
func split(joined, kept string) instruction {
	in := instruction{}
	in.keyword, in.rest = cutWord(joined)
	in.keyword = strings.ToLower(in.keyword)
	_, in.text = cutWord(kept)
	switch in.keyword {
	case "run", "copy", "add", "from", "healthcheck":
	default:
		return in
	}
	for {
		m := flag.FindString(in.rest)
		if m == "" {
			return in
		}
		in.flags = append(in.flags, strings.TrimSpace(m))
		in.rest = strings.TrimLeft(in.rest[len(m):], " \t")
		in.text = trimLeft(in.text)
		in.text = trimLeft(in.text[len(flag.FindString(in.text)):])
	}
}

// cutWord cuts the first word off a text.
func cutWord(s string) (word, rest string) {
	s = trimLeft(s)
	end := strings.IndexAny(s, " \t\\")
	if end < 0 {
		return s, ""
	}
	return s[:end], trimLeft(s[end:])
}

// trimLeft drops white space and continued lines.
func trimLeft(s string) string {
	for {
		t := strings.TrimPrefix(strings.TrimLeft(s, " \t\n"), "\\\n")
		if t == s {
			return s
		}
		s = t
	}
}

var heredocStart = lazy.New(`<<(-?)\s*["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?`)

// readHeredocs reads the texts that an instruction announces. One that never ends is none.
func (in *instruction) readHeredocs(lines []string, next int) int {
	for _, m := range heredocStart.FindAllStringSubmatch(in.rest, 20) {
		end := next
		for end < len(lines) {
			l := strings.TrimRight(lines[end], "\r")
			if m[1] == "-" {
				l = strings.TrimLeft(l, "\t")
			}
			if l == m[2] {
				break
			}
			end++
		}
		if end == len(lines) {
			return next
		}
		in.heredocs = append(in.heredocs, heredoc{strings.Join(lines[next:end], "\n"), next + 1})
		next = end + 1
		in.last = next
	}
	return next
}

// list returns the words of a JSON array of strings, false when the instruction has the shell form.
func (in *instruction) list() ([]string, bool) {
	var out []string
	if !strings.HasPrefix(in.rest, "[") || json.Unmarshal([]byte(in.rest), &out) != nil {
		return nil, false
	}
	return out, true
}

// words splits at white space outside of quotes; quotes stay.
func (in *instruction) words() []string {
	var out []string
	start, quote := -1, byte(0)
	for i := 0; i < len(in.rest); i++ {
		c := in.rest[i]
		space := c == ' ' || c == '\t'
		switch {
		case space && quote == 0:
			if start >= 0 {
				out, start = append(out, in.rest[start:i]), -1
			}
			continue
		case c == quote:
			quote = 0
		case c == '\\' && quote != '\'':
			i++
			if start < 0 {
				start = i - 1
			}
		case (c == '"' || c == '\'') && quote == 0:
			quote = c
		}
		if start < 0 {
			start = i
		}
	}
	if start >= 0 {
		out = append(out, in.rest[start:])
	}
	return out
}

// pair is one NAME=value of an instruction.
type pair struct{ name, value string }

// pairs reads NAME=value ..., or the old form NAME value.
func (in *instruction) pairs() []pair {
	words := in.words()
	if len(words) == 0 {
		return nil
	}
	if !strings.Contains(words[0], "=") {
		return []pair{{words[0], strings.TrimSpace(strings.TrimPrefix(in.rest, words[0]))}}
	}
	var out []pair
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && name != "" {
			out = append(out, pair{name, value})
		}
	}
	return out
}
