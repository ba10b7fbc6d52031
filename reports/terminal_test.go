package reports

import (
	"bytes"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// TestTerminalGoldens: the texts for a terminal are as the goldens say, and no line is wider than the terminal.
func TestTerminalGoldens(t *testing.T) {
	d := acmeDocument(t)
	texts := map[string]func(b *bytes.Buffer, width int) error{
		"summary.txt": func(b *bytes.Buffer, width int) error { return WriteSummary(b, &d, width, false) },
		"impact.txt": func(b *bytes.Buffer, width int) error {
			return WriteImpact(b, d.Impact(&d.Credentials[0]), width, false)
		},
		"impact_slack.txt": func(b *bytes.Buffer, width int) error {
			return WriteImpact(b, d.Impact(d.Credential("gh:acme/shop/SLACK_TOKEN")), width, false)
		},
		"impact_alerts.txt": func(b *bytes.Buffer, width int) error {
			c, err := d.g.Find("token")
			if err != nil {
				return err
			}
			return WriteImpact(b, d.g.Impact(c), width, false)
		},
	}
	texts["findings.txt"] = func(b *bytes.Buffer, width int) error { return WriteFindings(b, &d, width, false) }
	for _, kind := range ListKinds {
		texts["list_"+kind+".txt"] = func(b *bytes.Buffer, width int) error { return WriteList(b, &d, kind, width, false) }
	}
	for name, write := range texts {
		t.Run(name, func(t *testing.T) {
			for _, width := range []int{60, 80, 120} {
				var b bytes.Buffer
				if err := write(&b, width); err != nil {
					t.Fatal(err)
				}
				fits(t, b.String(), width)
				if width == 80 {
					golden(t, "terminal/"+name, b.Bytes())
				}
			}
		})
	}
}

func fits(t *testing.T, text string, width int) {
	t.Helper()
	for l := range strings.SplitSeq(text, "\n") {
		if n := lipgloss.Width(l); n > width {
			t.Errorf("a line is %d wide, the terminal %d: %q", n, width, l)
		}
	}
}

// TestTerminalColor: colour changes no character of the text.
func TestTerminalColor(t *testing.T) {
	d := acmeDocument(t)
	var plain, colored bytes.Buffer
	if err := WriteSummary(&plain, &d, 80, false); err != nil {
		t.Fatal(err)
	}
	if err := WriteSummary(&colored, &d, 80, true); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[") {
		t.Error("no colour although it was asked for")
	}
	if strings.ContainsRune(plain.String(), '\x1b') {
		t.Error("an escape sequence although no colour was asked for")
	}
	if got := ansi.Strip(colored.String()); got != plain.String() {
		t.Errorf("the text with colour says something else:\n%s", got)
	}
}
