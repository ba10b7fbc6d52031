package airflow

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// commands reads what a task runs outside of the DAG's own program: shell text (BashOperator, SSHOperator), the image and
// words of a container (KubernetesPodOperator, DockerOperator), and the environment that it hands over. A path is looked up
// from the root of the source, since the worker's folder is not known.
//
// Sources: the documentation of airflow.operators.bash and of the providers cncf-kubernetes, docker and ssh.
func (p *file) commands(part string, c call) {
	given := map[string]bool{}
	for _, name := range []string{"env", "env_vars", "environment"} {
		p.environment(part, c.keyword(name), given)
	}
	r := container.Runner{Facts: p.f, Part: part, Sure: inventory.Medium}
	r.Read = func(name string, _ inventory.Confidence, at artifact.Place) {
		if !given[name] {
			container.Env(p.f, part, name, "airflow-command", at)
		}
	}
	if a := c.keyword("image"); p.literal(a) != "" && len(c.args) > 1 {
		container.Image(p.f, part, p.literal(a), "airflow-image", p.at(a.offset))
	}
	for _, name := range []string{"bash_command", "ssh_command"} {
		if a := c.keyword(name); a.text != "" {
			r.Shell(p.shell(a))
		}
	}
	words := append(p.words(c.keyword("cmds")), p.words(c.keyword("arguments"))...)
	if a := c.keyword("command"); strings.HasPrefix(a.text, "[") {
		words = append(words, p.words(a)...)
	} else if a.text != "" {
		r.Shell(p.shell(a))
	}
	r.Command(words)
}

// words returns the literal strings of a list.
func (p *file) words(a argument) []container.Word {
	if !strings.HasPrefix(a.text, "[") || !strings.HasSuffix(a.text, "]") {
		return nil
	}
	var out []container.Word
	for _, item := range arguments(p.text, a.offset+1, a.offset+len(a.text)-1) {
		text := p.literal(item)
		if text == "" && strings.HasPrefix(item.text, `"""`) {
			out = append(out, p.shell(item))
			continue
		}
		out = append(out, container.Word{Text: text, At: p.at(item.offset)})
	}
	return out
}

// shell returns the text of an expression of strings, on the lines on which it stands: what Python puts around and between
// strings is blank, a name is the text that it was given, on one line.
func (p *file) shell(a argument) container.Word {
	var b strings.Builder
	for i := 0; i < len(a.text); {
		switch c := a.text[i]; {
		case c == '"' || c == '\'':
			end := min(stringEnd(a.text, i), len(a.text))
			b.WriteString(unquoted(a.text[i:end]))
			i = end
		case identifierByte(c):
			n := i
			for n < len(a.text) && identifierByte(a.text[n]) {
				n++
			}
			if n == len(a.text) || a.text[n] != '"' && a.text[n] != '\'' { // not the prefix of a string
				b.WriteString(oneLine(p.assigned(a.text[i:n])))
			}
			i = n
		case c == '\n':
			b.WriteByte('\n')
			i++
		default:
			b.WriteByte(' ')
			i++
		}
	}
	return container.Word{Text: b.String(), At: p.at(a.offset)}
}

func identifierByte(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// unescaped puts what Python's escapes stand for in their place. Line ends that are written as one end a command.
var unescaped = strings.NewReplacer(`\n`, "; ", `\"`, `"`, `\'`, `'`, `\\`, `\`)

// unquoted returns what stands inside the quotes of a string.
func unquoted(s string) string {
	quote := 1
	if len(s) >= 6 && s[0] == s[1] && s[1] == s[2] {
		quote = 3
	}
	if len(s) < 2*quote {
		return ""
	}
	return unescaped.Replace(s[quote : len(s)-quote])
}

// oneLine returns the text of an assigned string on one line.
func oneLine(s string) string {
	s = strings.TrimLeft(s, "rRbBuUfF")
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return ""
	}
	s = unquoted(s[:stringEnd(s, 0)])
	return strings.ReplaceAll(strings.ReplaceAll(s, "\\\n", " "), "\n", "; ") + "; "
}

// environment reads a map of variables that a task hands to its command: {"KEY": value}, as it stands or by the name of one.
func (p *file) environment(part string, a argument, given map[string]bool) {
	handed := p.at(a.offset)
	if identifier.MatchString(a.text) {
		text := p.assigned(a.text)
		at := strings.Index(p.text, text)
		if text == "" || at < 0 {
			return
		}
		a.text, a.offset = text, at
	}
	if !strings.HasPrefix(a.text, "{") || !strings.HasSuffix(a.text, "}") {
		return
	}
	for _, e := range arguments(p.text, a.offset+1, a.offset+len(a.text)-1) {
		m := entryKey.FindStringSubmatchIndex(e.text)
		if m == nil {
			continue
		}
		name := e.text[m[2]:m[3]]
		value := argument{text: strings.TrimSpace(e.text[m[1]:]), offset: e.offset + m[1]}
		given[name] = true
		p.variableOf(part, name, value, p.at(e.offset), handed)
	}
}

var (
	entryKey = lazy.New(`^["']([A-Za-z_]\w*)["']\s*:`)
	variable = lazy.New(`\bVariable\.get\(\s*["']([^"'\n]+)["']`)
	ofWorker = lazy.New(`^[\w.]+[(\[]\s*["']([A-Za-z_]\w*)["']`)
)

// variableOf binds one variable of a task, which is handed to it at a place of its own: to a variable or connection of Airflow, to one of the worker's environment, or to
// the text that it is given.
func (p *file) variableOf(part, name string, value argument, at, handed artifact.Place) {
	b := p.f.Binding(part, name, "env", at)
	p.f.Edge(inventory.Reads, part, b, "airflow-command", inventory.Certain, handed)
	from := func(slot string) { p.f.Edge(inventory.BoundFrom, b, slot, "airflow-command", inventory.Certain, at) }
	if all := variable.FindAllStringSubmatch(value.text, 10); len(all) > 0 {
		for _, m := range all {
			from(p.f.Slot(inventory.SlotRef{Store: variables, Scope: p.f.Artifact.Source, Name: m[1]}, at))
		}
		return
	}
	if m := ofWorker.FindStringSubmatch(value.text); m != nil {
		own := inventory.FileID("code", p.f.Artifact.Source, p.f.Artifact.Path)
		from(p.f.Binding(own, m[1], "env", at))
		return
	}
	text := p.literal(value)
	if m := jinja.FindStringSubmatch(text); m != nil {
		ref := connection(p.f.Artifact.Source, m[2])
		if m[1] != "conn" {
			ref = inventory.SlotRef{Store: variables, Scope: p.f.Artifact.Source, Name: m[2]}
		}
		from(p.f.Slot(ref, at))
		return
	}
	if text != "" && !strings.Contains(text, "{{") {
		container.Value(p.f, b, part[strings.LastIndexByte(part, '#')+1:]+"."+name, name, text, at)
	}
}
