package settings

import (
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
)

// Placeholder is a name that a value takes in: ${NAME:default}.
type Placeholder struct {
	Name string
}

// maxNested bounds placeholders in defaults of placeholders.
const maxNested = 10

// Placeholders reads the ${name:default} of a value, those in defaults too, and returns what stands there as text when
// no name is set: "" when that is nothing. Source: the page on property placeholders of the Spring Framework.
func Placeholders(value string) (refs []Placeholder, literal string) {
	if !strings.Contains(value, "${") {
		return nil, value
	}
	p := reader{}
	text := p.text(value, 0)
	if p.open && strings.IndexFunc(text, isWord) < 0 {
		text = ""
	}
	return p.refs, text
}

type reader struct {
	refs []Placeholder
	open bool // something without a default was left out
}

func (p *reader) text(value string, depth int) string {
	var b strings.Builder
	for {
		i := strings.Index(value, "${")
		if i < 0 {
			break
		}
		end := closing(value, i+2)
		if end < 0 {
			break
		}
		b.WriteString(value[:i])
		b.WriteString(p.one(value[i+2:end], depth))
		value = value[end+1:]
	}
	b.WriteString(value)
	return b.String()
}

// one reads the inside of a placeholder and returns its default. A name that is itself computed is left out.
func (p *reader) one(body string, depth int) string {
	if strings.HasPrefix(body, "sm://") || strings.HasPrefix(body, "sm@") { // an entry of a store, which the format of Spring reads
		p.open = true
		return ""
	}
	name, fallback, has := strings.Cut(body, ":")
	if i := strings.IndexByte(body, '$'); i >= 0 && i < len(name) || depth >= maxNested {
		p.open = true
		return ""
	}
	name = strings.TrimSpace(strings.TrimPrefix(name, "?"))
	if strings.HasPrefix(fallback, "-") && name == strings.ToUpper(name) {
		fallback = fallback[1:] // a shell's ${X:-default}, which templates of such files use
	}
	if validName(name) && !built(name) && !detect.Ignored(name) {
		p.refs = append(p.refs, Placeholder{Name: name})
	}
	if !has {
		p.open = true
		return ""
	}
	return p.text(fallback, depth+1)
}

// closing returns the offset of the brace that closes a placeholder, -1 for none.
func closing(text string, from int) int {
	open := 1
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// built reports whether a name is one of the build's or of the framework's own making.
func built(name string) bool {
	for _, p := range []string{"project.", "pom.", "maven.", "random.", "git.", "java.", "user.", "os.", "spring.application.name", "server.port", "local."} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

func validName(name string) bool {
	if name == "" || len(name) > maxKey || !isWord(rune(name[0])) {
		return false
	}
	return strings.IndexFunc(name, func(r rune) bool { return !isWord(r) && !strings.ContainsRune(".-[]/", r) }) < 0
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}
