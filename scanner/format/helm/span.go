package helm

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Runes of the private use area that stand in rendered text for what text cannot say. Those of the input are
// replaced before they can be mistaken.
const (
	hole      = '\uE000' // a part that is not known before the chart is installed
	graft     = '\uE001' // a map or list of the values stands here; the next rune numbers it
	firstMark = '\uE100' // the text that follows takes in a value; the rune numbers it
	lastMark  = '\uF8FF'
)

// span is a stretch of rendered text with the place that it comes from.
type span struct {
	text  string
	file  string // "" not said yet: the action that prints it
	off   int
	fixed bool // the whole stretch comes from off
	from  []tree.Origin
}

func plain(text string) []span { return []span{{text: text, fixed: true}} }

func textOf(spans []span) string {
	if len(spans) == 1 {
		return spans[0].text
	}
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.text)
	}
	return b.String()
}

func fromOf(spans []span) []tree.Origin {
	var out []tree.Origin
	for _, s := range spans {
		for _, o := range s.from {
			if !slices.Contains(out, o) && len(out) < maxOrigins {
				out = append(out, o)
			}
		}
	}
	return out
}

// maxOrigins bounds how many values one text is said to take in.
const maxOrigins = 20

// flat makes spans one: a text that is cut or changed comes from where it began.
func flat(spans []span, change func(string) string) []span {
	out := span{text: change(textOf(spans)), fixed: true, from: fromOf(spans)}
	if len(spans) > 0 {
		out.file, out.off = spans[0].file, spans[0].off
	}
	return []span{out}
}

// lines cuts spans so that a newline stands only at the end of one.
func lines(spans []span) []span {
	var out []span
	for _, s := range spans {
		for {
			i := strings.IndexByte(s.text, '\n')
			if i < 0 || i == len(s.text)-1 {
				break
			}
			head := s
			head.text = s.text[:i+1]
			out = append(out, head)
			s.text = s.text[i+1:]
			if !s.fixed {
				s.off += i + 1
			}
		}
		out = append(out, s)
	}
	return out
}

// indent puts spaces in front of every line.
func indent(spans []span, n int) []span {
	n = min(max(n, 0), 100)
	pad := strings.Repeat(" ", n)
	var out []span
	start := true
	for _, s := range lines(spans) {
		if start && s.text != "" {
			out = append(out, span{text: pad, file: s.file, off: s.off, fixed: true})
		}
		if s.text != "" {
			start = strings.HasSuffix(s.text, "\n")
		}
		out = append(out, s)
	}
	return out
}

// trim cuts white space off both ends and leaves what is between as it is.
func trim(spans []span) []span {
	out := slices.Clone(spans)
	for len(out) > 0 {
		before := len(out[0].text)
		if out[0].text = strings.TrimLeft(out[0].text, " \t\r\n"); out[0].text != "" || len(out) == 1 {
			if !out[0].fixed {
				out[0].off += before - len(out[0].text)
			}
			break
		}
		out = out[1:]
	}
	for len(out) > 0 {
		last := len(out) - 1
		if out[last].text = strings.TrimRight(out[last].text, " \t\r\n"); out[last].text != "" || last == 0 {
			break
		}
		out = out[:last]
	}
	return out
}

// plainText replaces runes of the input that stand for something else here by one of the same length.
func plainText(text string) string {
	if !strings.ContainsFunc(text, isPrivate) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isPrivate(r) {
			return utf8.RuneError
		}
		return r
	}, text)
}

func isPrivate(r rune) bool { return r >= hole && r <= lastMark }
