package code

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// DenoTasks lists the tasks of a deno.json: each is a text, or an object that has one as command. Comments are left out.
// Source: docs.deno.com on tasks.
func DenoTasks(text []byte) []Target {
	var out []Target
	jsonTargets(plainJSON(text), "tasks", func(name string, at int, raw json.RawMessage) {
		t := Target{Name: name, Line: lineOf(text, at), Offset: at}
		var command string
		var task struct {
			Command      string
			Dependencies []string
		}
		if json.Unmarshal(raw, &command) != nil {
			if json.Unmarshal(raw, &task) != nil {
				return
			}
			command, t.Needs = task.Command, task.Dependencies
		}
		t.Script = []byte(command)
		out = append(out, t)
	})
	return out
}

// ComposerScripts lists the scripts of a composer.json: each is a text or a list of texts; @name is another of them, @php the
// interpreter. Source: getcomposer.org on scripts.
func ComposerScripts(text []byte) []Target {
	var out []Target
	jsonTargets(text, "scripts", func(name string, at int, raw json.RawMessage) {
		var one string
		list := []string{}
		if json.Unmarshal(raw, &one) == nil {
			list = append(list, one)
		} else if json.Unmarshal(raw, &list) != nil {
			return
		}
		t := Target{Name: name, Line: lineOf(text, at), Offset: at}
		var lines []string
		for _, line := range list {
			first, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch other, referred := strings.CutPrefix(first, "@"); {
			case first == "@php" || first == "@composer":
				lines = append(lines, first[1:]+" "+rest)
			case referred && first != "@putenv":
				t.Needs = append(t.Needs, other)
			case !strings.Contains(first, "::"):
				lines = append(lines, line)
			}
		}
		t.Script = []byte(strings.Join(lines, " ; "))
		out = append(out, t)
	})
	return out
}

// jsonTargets visits the entries of the object that a key of the outermost object holds, with the offset of each value.
func jsonTargets(text []byte, key string, visit func(name string, at int, raw json.RawMessage)) {
	d := json.NewDecoder(bytes.NewReader(text))
	if !enter(d, key) {
		return
	}
	for n := 0; d.More() && n < maxTargets; n++ {
		k, err := d.Token()
		name, ok := k.(string)
		if err != nil || !ok {
			return
		}
		before := int(d.InputOffset())
		var raw json.RawMessage
		if d.Decode(&raw) != nil {
			return
		}
		visit(name, before+max(0, bytes.IndexByte(text[before:], ':'))+1, raw)
	}
}

// CDKApp returns the program of a cdk.json, which every command of the CDK runs, under the name app. Source:
// docs.aws.amazon.com/cdk/v2/guide on the CLI.
func CDKApp(text []byte) []Target {
	var file struct{ App string }
	at := lazy.Index(text, `"app"`)
	if at < 0 || json.Unmarshal(text, &file) != nil || file.App == "" {
		return nil
	}
	return []Target{{Name: "app", Line: lineOf(text, at), Offset: at, Script: []byte(file.App)}}
}

// plainJSON blanks the comments of a text, and commas in front of a closing bracket.
func plainJSON(text []byte) []byte {
	out := bytes.Clone(text)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			for i++; i < len(out) && out[i] != '"'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
			comma = -1
		case c == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			end := commentEnd(out, i)
			for ; i < end; i++ {
				if out[i] != '\n' {
					out[i] = ' '
				}
			}
			i--
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			out[comma] = ' '
			comma = -1
		case !isSpace(c):
			comma = -1
		}
	}
	return out
}

// commentEnd returns where a comment ends that begins at an offset.
func commentEnd(text []byte, at int) int {
	mark := []byte("\n")
	if text[at+1] == '*' {
		mark = []byte("*/")
	}
	if n := bytes.Index(text[at+2:], mark); n >= 0 {
		return at + 2 + n + len(mark) - bytes.Count(mark, []byte("\n"))
	}
	return len(text)
}
