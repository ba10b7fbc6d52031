package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	taskKey     = lazy.New(`^( *)(?:"([^"]+)"|'([^']+)'|([\w.:*/-]+)):(?:\s|$)(.*)$`)
	taskCommand = lazy.New(`^\s*-\s+(?:cmd:\s*|task:\s*)?(.*)$`)
)

// taskReader walks the lines of a Taskfile.
type taskReader struct {
	text    []byte
	out     []Target
	inTasks bool
	indent  int // of the names of tasks, -1 before the first
	section string
	depth   int // of the section's key
}

// Taskfile lists the commands of a Taskfile.yml, one target for each, line by line: its templates are often no
// YAML at all before they are expanded. A "task: x" command is listed among Needs.
func Taskfile(text []byte) []Target {
	r := &taskReader{text: text, indent: -1}
	for from := 0; from < len(text) && len(r.out) < maxTargets; {
		end := lineEnd(text, from)
		from = r.line(from, end) + 1
	}
	return r.out
}

// line reads one line and returns where it ends: a block of commands is read whole.
func (r *taskReader) line(from, end int) int {
	line := bytes.TrimRight(r.text[from:end], " \r")
	blank := bytes.TrimLeft(line, " ")
	if len(blank) == 0 || blank[0] == '#' {
		return end
	}
	depth := len(line) - len(blank)
	if depth == 0 {
		r.inTasks = bytes.HasPrefix(line, []byte("tasks:"))
		r.indent = -1
		return end
	}
	if !r.inTasks {
		return end
	}
	if m := taskKey.FindSubmatchIndex(line); m != nil && blank[0] != '-' {
		return r.key(line, m, from, end, depth)
	}
	if m := taskCommand.FindSubmatchIndex(line); m != nil && len(r.out) > 0 && depth >= r.depth {
		return r.item(line, m, from, end, depth)
	}
	return end
}

// key reads a line "name: value": the name of a task, or one of its settings.
func (r *taskReader) key(line []byte, m []int, from, end, depth int) int {
	name := strings.Trim(string(bytes.TrimSpace(bytes.TrimSuffix(line[:m[10]], []byte(" ")))), `:"' `)
	value := string(bytes.TrimSpace(line[m[10]:]))
	if r.indent < 0 || depth <= r.indent {
		r.indent, r.section, r.depth = depth, "", depth
		r.out = append(r.out, Target{Name: name, Line: lineOf(r.text, from), Offset: from})
		if value != "" && value[0] != '{' && value[0] != '[' {
			return r.command(value, from+m[10], end, depth)
		}
		return end
	}
	r.section, r.depth = name, depth
	switch {
	case name == "deps" && strings.HasPrefix(value, "["):
		last := &r.out[len(r.out)-1]
		last.Needs = append(last.Needs, strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(`[], "'`, c) })...)
	case name == "dir" && value != "":
		r.out[len(r.out)-1].Dir = strings.Trim(value, `"'`)
	case name == "cmd" && value != "", name == "cmds" && value != "" && value[0] != '[':
		return r.command(value, from+m[10], end, depth)
	}
	return end
}

// item reads "- command" of a list.
func (r *taskReader) item(line []byte, m []int, from, end, depth int) int {
	value := string(bytes.TrimSpace(line[m[2]:]))
	last := &r.out[len(r.out)-1]
	switch {
	case r.section == "deps" || bytes.Contains(line[:m[2]], []byte("task:")):
		last.Needs = append(last.Needs, strings.Trim(value, `"'`))
	case r.section == "cmds" || r.section == "cmd":
		return r.command(value, from+m[2], end, depth)
	}
	return end
}

// command adds a command to the current task: on its own line, or a block below it.
func (r *taskReader) command(value string, at, end, depth int) int {
	last := r.out[len(r.out)-1]
	t := Target{Name: last.Name, Dir: last.Dir, Line: lineOf(r.text, at), Offset: at, Script: bytes.TrimSpace(r.text[at:end])}
	if value != "" && (value[0] == '|' || value[0] == '>') {
		stop := r.block(end+1, depth)
		begin := min(end+1, len(r.text))
		t.Line, t.Offset, t.Script = lineOf(r.text, begin), begin, r.text[begin:max(begin, stop)]
		end = max(end, stop)
	} else {
		t.Offset += bytes.Index(r.text[at:], t.Script)
		t.Script, t.Offset = unquoted(t.Script, t.Offset)
	}
	r.out = append(r.out, t)
	return end
}

// block returns the end of the lines that are indented deeper than depth.
func (r *taskReader) block(from, depth int) int {
	end := from
	for from < len(r.text) {
		stop := lineEnd(r.text, from)
		line := bytes.TrimRight(r.text[from:stop], " \r")
		if len(line) > 0 && len(line)-len(bytes.TrimLeft(line, " ")) <= depth {
			break
		}
		end = stop
		from = stop + 1
	}
	return end
}

// unquoted drops the quotes around a YAML scalar.
func unquoted(script []byte, at int) ([]byte, int) {
	n := len(script)
	if n >= 2 && (script[0] == '"' || script[0] == '\'') && script[n-1] == script[0] {
		return script[1 : n-1], at + 1
	}
	return script, at
}
