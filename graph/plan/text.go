package plan

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// WriteText draws the plan for a terminal, 80 columns wide. Control characters and those that turn the direction
// of text are shown as escapes.
func (p *Plan) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	if len(p.Nights) > 0 {
		fmt.Fprintf(out, "Calendar\n")
		for i := range p.Nights {
			wrap(out, "  ", "    ", clean(p.Nights[i].String()))
		}
		fmt.Fprintln(out)
	}
	for i := range p.Rotations {
		r := &p.Rotations[i]
		if i > 0 {
			fmt.Fprintln(out)
		}
		title := "Rotation of " + clean(r.Credential.Name)
		fmt.Fprintln(out, title)
		fmt.Fprintln(out, strings.Repeat("=", len([]rune(title))))
		for _, l := range headline(r) {
			wrap(out, "", "", clean(l))
		}
		for _, s := range sections(r) {
			fmt.Fprintf(out, "\n%s\n", s.title)
			for _, it := range s.lines {
				wrap(out, "  ", "    ", clean(it.text))
				for _, b := range it.below {
					wrap(out, "    - ", "      ", clean(b))
				}
			}
		}
	}
	return out.Flush()
}

// width is how wide text for a terminal is drawn.
const width = 80

// wrap writes a line, broken at blanks; a word that is too long stands alone.
func wrap(w io.Writer, first, rest, text string) {
	line, indent := first, first
	for _, word := range strings.Fields(text) {
		if line != indent && len([]rune(line))+1+len([]rune(word)) > width {
			fmt.Fprintln(w, line)
			line, indent = rest, rest
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	fmt.Fprintln(w, line)
}

// clean writes characters that a terminal acts upon, or that hide or turn text, as escapes.
func clean(text string) string {
	if !strings.ContainsFunc(text, acts) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if acts(r) {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// acts reports whether a character is a control, a format character (bidi, zero-width), or invalid.
func acts(r rune) bool {
	return r != ' ' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar)
}
