package code

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// Target is a named piece of shell text in a Makefile, a Taskfile, a Justfile or a package.json.
type Target struct {
	Name   string
	Line   int    // from 1, of the script
	Offset int    // of the script in the file
	Script []byte // shell text; where the file holds it as written, byte for byte at Offset
	Needs  []string
	Dir    string // the folder that the file sets for it, "" for the file's own
}

// maxTargets bounds what one file yields.
const maxTargets = 2000

var (
	makeRule   = lazy.New(`^([A-Za-z0-9_.%/$(){}@-][^:=#\n]*?)\s*::?(?:[^=]|$)([^#;\n]*)(;.*)?`)
	makeAssign = lazy.New(`^\s*(?:export\s+|override\s+)*([A-Za-z_][\w.-]*)\s*(\?|:{1,3}|\+|!)?=(.*)`)
	makeRef    = lazy.New(`\$(?:\(([A-Za-z_]\w*)\)|\{([A-Za-z_]\w*)\})`)
)

// lineOf returns the line of an offset, from 1.
func lineOf(text []byte, off int) int {
	return 1 + bytes.Count(text[:min(off, len(text))], []byte("\n"))
}

// Makefile lists the targets of a Makefile. Scripts are of the recipe's length, with make's own signs turned into
// shell: $(X) into ${X}, $$X into $X, and the @ and - in front of a line blanked.
func Makefile(text []byte) []Target {
	var out []Target
	var names, needs []string
	for from := 0; from < len(text) && len(out) < maxTargets; {
		end := lineEnd(text, from)
		line := text[from:end]
		switch {
		case len(line) > 0 && line[0] == '\t' && names != nil:
			end = recipeEnd(text, from)
			script := recipe(text[from:end])
			for _, n := range names {
				out = append(out, Target{Name: n, Line: lineOf(text, from), Offset: from, Script: script, Needs: needs})
			}
			names = nil
		case len(line) == 0 || line[0] == '#' || line[0] == '\t' || makeAssign.Match(line):
		default:
			if m := makeRule.FindSubmatch(line); m != nil {
				names, needs = strings.Fields(string(m[1])), strings.Fields(string(m[2]))
				if len(needs) > 0 && len(names) > 0 && names[0] != ".PHONY" && recipeEnd(text, end+1) == end+1 {
					for _, n := range names {
						out = append(out, Target{Name: n, Line: lineOf(text, from), Offset: from, Needs: needs})
					}
				}
			}
		}
		from = end + 1
	}
	return out
}

func lineEnd(text []byte, from int) int {
	if n := bytes.IndexByte(text[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(text)
}

// recipeEnd returns the end of the recipe that begins at from: lines that begin with a tab, and those that a
// backslash carries on.
func recipeEnd(text []byte, from int) int {
	end := from
	carried := false
	for from < len(text) {
		stop := lineEnd(text, from)
		if text[from] != '\t' && !carried {
			break
		}
		carried = stop > from && text[stop-1] == '\\'
		end = stop
		from = stop + 1
	}
	return end
}

// recipe turns the lines of a recipe into shell text of the same length.
func recipe(text []byte) []byte {
	out := bytes.Clone(text)
	start := true
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case start && (c == '@' || c == '-' || c == '+'):
			out[i] = ' '
			continue
		case start && (c == ' ' || c == '\t'):
			continue
		case c == '\n':
			start = true
			continue
		case c == '$' && i+1 < len(out) && out[i+1] == '$':
			out[i] = ' '
			if i > 0 && !isSpace(out[i-1]) {
				out[i] = 'x' // keeps the word whole: a$$b
			}
			i++
		case c == '$' && i+1 < len(out) && out[i+1] == '(':
			i = makeCall(out, i)
		}
		start = false
	}
	return out
}

// makeCall turns $(NAME) into ${NAME} and blanks make's functions; it returns the offset of the last byte.
func makeCall(out []byte, i int) int {
	if m := makeRef.FindIndex(out[i:min(len(out), i+200)]); m != nil && m[0] == 0 {
		out[i+1], out[i+m[1]-1] = '{', '}'
		return i + m[1] - 1
	}
	depth := 0
	for j := i + 1; j < len(out) && out[j] != '\n'; j++ {
		switch out[j] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				for k := i; k <= j; k++ {
					out[k] = expressionMark
				}
				return j
			}
		}
	}
	return i
}

// scanMakefile reads a Makefile: its recipes as shell, and the variables that it does not set itself.
func scanMakefile(src []byte) Result {
	var r Result
	set := makeVariables(src, &r)
	seen := -1
	for _, t := range Makefile(src) {
		if t.Offset == seen || t.Script == nil {
			continue
		}
		seen = t.Offset
		inner := shellText(t.Script)
		kept := inner.Reads[:0]
		for _, read := range inner.Reads {
			if !set[read.Name] {
				kept = append(kept, read)
			}
		}
		inner.Reads = kept
		r.append(inner, t.Offset)
	}
	return r
}

// makeVariables lists the variables that a Makefile sets; those set with ?= are read from the environment, as are
// those that a value uses and nobody sets.
func makeVariables(src []byte, r *Result) map[string]bool {
	set := map[string]bool{}
	type use struct {
		name string
		at   int
	}
	var uses []use
	for from := 0; from < len(src); {
		end := lineEnd(src, from)
		line := src[from:end]
		m := makeAssign.FindSubmatchIndex(line)
		if m != nil && line[0] != '\t' {
			name := string(line[m[2]:m[3]])
			if m[4] >= 0 && line[m[4]] == '?' {
				if !ignored(name) && validName(name) {
					r.Reads = append(r.Reads, Read{Name: name, Via: "make-default", Offset: from + m[2], Sure: certain})
				}
			} else {
				set[name] = true
			}
			for _, u := range makeRef.FindAllSubmatchIndex(line[m[6]:], 100) {
				at := max(u[2], u[4])
				uses = append(uses, use{string(line[m[6]+at : m[6]+max(u[3], u[5])]), from + m[6] + at})
			}
		}
		from = end + 1
	}
	for _, u := range uses {
		if !set[u.name] && isUpper(u.name) && !ignored(u.name) {
			r.Reads = append(r.Reads, Read{Name: u.name, Via: "make-variable", Offset: u.at, Sure: high})
		}
	}
	return set
}

// NPMScripts lists the scripts of a package.json; nothing when the text is none. A script's text stands in the
// file with JSON escapes, so offsets within it are those of its line only.
func NPMScripts(text []byte) []Target {
	d := json.NewDecoder(bytes.NewReader(text))
	if !enter(d, "scripts") {
		return nil
	}
	var out []Target
	for d.More() && len(out) < maxTargets {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			break
		}
		before := int(d.InputOffset())
		var script string
		if d.Decode(&script) != nil {
			break
		}
		at := before + max(0, bytes.IndexByte(text[before:], '"')) + 1
		out = append(out, Target{Name: name, Line: lineOf(text, at), Offset: at, Script: []byte(script)})
	}
	return out
}

// enter moves a decoder into the object that a key of the outermost object holds.
func enter(d *json.Decoder, key string) bool {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return false
		}
		if t == key {
			t, err = d.Token()
			return err == nil && t == json.Delim('{')
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}

var justRule = lazy.New(`^@?([A-Za-z_][\w-]*)((?:\s+[+*$]?\w+(?:=\S+)?)*)\s*:([^=].*|)$`)

// Justfile lists the recipes of a justfile. {{ }} is left for Scan to mask.
func Justfile(text []byte) []Target {
	var out []Target
	for from := 0; from < len(text) && len(out) < maxTargets; {
		end := lineEnd(text, from)
		m := justRule.FindSubmatch(text[from:end])
		from = end + 1
		if m == nil {
			continue
		}
		stop := min(from, len(text))
		for next := stop; next < len(text) && (text[next] == ' ' || text[next] == '\t' || text[next] == '\n'); {
			stop = lineEnd(text, next)
			next = stop + 1
		}
		begin := min(from, len(text))
		script := bytes.Clone(text[begin:max(begin, stop)])
		quieten(script)
		out = append(out, Target{Name: string(m[1]), Line: lineOf(text, begin), Offset: begin, Script: script, Needs: strings.Fields(string(m[3]))})
		from = max(from, stop+1)
	}
	return out
}

// quieten blanks the @ and - in front of the lines of a recipe.
func quieten(script []byte) {
	start := true
	for i, c := range script {
		switch {
		case c == '\n':
			start = true
		case start && (c == '@' || c == '-'):
			script[i] = ' '
		case c != ' ' && c != '\t':
			start = false
		}
	}
}
