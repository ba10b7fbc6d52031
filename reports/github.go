package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// annotationsShown is how many annotations of one level GitHub shows for a step.
const annotationsShown = 10

// writeGitHub writes workflow commands that GitHub Actions shows beside the lines: findings of policy, then hard-coded
// values of the present files. The Markdown report is the step summary.
func writeGitHub(w io.Writer, d *Document, _ Options) error {
	a := annotations{b: bufio.NewWriter(w), shown: map[string]int{}}
	for _, f := range d.Findings {
		if f.Suppressed != nil {
			continue
		}
		at := inventory.Evidence{}
		if len(f.Evidence) > 0 {
			at = f.Evidence[0]
		}
		a.write(f.Severity.String(), at, f.Title, strings.TrimSpace(f.Why+" "+f.Fix))
	}
	for _, l := range d.Literals {
		if l.Evidence.State == inventory.History {
			continue
		}
		text := "a value recognised as " + l.Rule + " stands here"
		if c := d.Credential(l.Credential); c != nil && len(c.Automations) > 0 {
			text += "; " + count(len(c.Automations), "automation") + " will break when it is changed"
		}
		a.write(l.Severity, l.Evidence, l.Name+" is hard-coded", text)
	}
	if a.left > 0 {
		fmt.Fprintf(a.b, "::notice title=Rotamap::%d more: see the step summary\n", a.left)
	}
	return a.b.Flush()
}

type annotations struct {
	b     *bufio.Writer
	shown map[string]int
	left  int
}

func (a *annotations) write(severity string, at inventory.Evidence, title, text string) {
	level := sarifLevel(severity)
	if level == "note" {
		level = "notice"
	}
	if a.shown[level]++; a.shown[level] > annotationsShown {
		a.left++
		return
	}
	properties := []string{"title=" + githubProperty.Replace(title)}
	if at.Path != "" {
		properties = append(properties, "file="+githubProperty.Replace(at.Path))
		if at.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", at.Line))
		}
	}
	fmt.Fprintf(a.b, "::%s %s::%s\n", level, strings.Join(properties, ","), githubData.Replace(text))
}

// The escapes of workflow commands.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
