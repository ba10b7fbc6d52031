package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Terminal text: no line is wider than the width, no meaning is in the colour alone, and the sixteen colours of
// the terminal's own theme are used, so that dark and light both read well.

// terminal writes lines of at most width cells.
type terminal struct {
	b     *bufio.Writer
	width int
	color bool
}

func newTerminal(w io.Writer, width int, color bool) *terminal {
	if width < 20 {
		width = 80
	}
	return &terminal{bufio.NewWriter(w), width, color}
}

// The styles. Blue, yellow and magenta stay apart for every kind of colour vision.
var (
	styleTitle  = lipgloss.NewStyle().Bold(true)
	styleName   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Cyan)
	styleFaint  = lipgloss.NewStyle().Faint(true)
	styleWarn   = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Yellow)
	styleSevere = lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Magenta)
	stylePlain  = lipgloss.NewStyle()
)

// paint returns the text in a style, or as it is without colour.
func (t *terminal) paint(style lipgloss.Style, s string) string {
	if !t.color || s == "" {
		return s
	}
	return style.Inline(true).Render(s)
}

// line writes one line, cut to the width.
func (t *terminal) line(s string) {
	if start := strings.TrimSpace(ansi.Strip(s)); strings.HasPrefix(start, "::") || strings.HasPrefix(start, "##[") {
		s = "> " + s // a CI runner would take it for a command
	}
	t.b.WriteString(ansi.Truncate(strings.TrimRight(s, " "), t.width, "…"))
	t.b.WriteByte('\n')
}

func (t *terminal) linef(format string, args ...any) { t.line(fmt.Sprintf(format, args...)) }

// heading writes a blank line and a heading.
func (t *terminal) heading(s string) {
	t.line("")
	t.line(t.paint(styleTitle, s))
}

// wrap writes running text under an indent, broken at spaces.
func (t *terminal) wrap(indent, s string) { t.wrapIn(stylePlain, indent, s) }

func (t *terminal) wrapIn(style lipgloss.Style, indent, s string) {
	for _, l := range t.broken(indent, s) {
		t.line(indent + t.paint(style, l))
	}
}

// broken breaks running text at spaces into lines that fit beside an indent.
func (t *terminal) broken(indent, s string) []string {
	return strings.Split(ansi.Wrap(s, max(10, t.width-lipgloss.Width(indent)), ""), "\n")
}

// severityStyle makes the severe stand out; the word is always there.
func severityStyle(s string) lipgloss.Style {
	switch s {
	case "critical":
		return styleSevere
	case "high":
		return styleWarn
	}
	return stylePlain
}

// pad fills a text up to n cells, or cuts it.
func pad(s string, n int) string {
	s = ansi.Truncate(s, n, "…")
	return s + strings.Repeat(" ", max(0, n-lipgloss.Width(s)))
}

// tail cuts a text at its beginning: of a place, the file and the line say the most.
func tail(s string, n int) string {
	if w := lipgloss.Width(s); w > n {
		return ansi.TruncateLeft(s, w-n+1, "…")
	}
	return s
}
