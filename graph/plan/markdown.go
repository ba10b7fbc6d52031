package plan

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown draws the plan for a wiki or a pull request.
func (p *Plan) WriteMarkdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	p.writeNights(out, "# Calendar\n\n", "- ")
	for i := range p.Rotations {
		r := &p.Rotations[i]
		fmt.Fprintf(out, "# Rotation of %s\n\n", plain(r.Credential.Name))
		for _, l := range headline(r) {
			fmt.Fprintf(out, "- %s\n", plain(l))
		}
		for _, s := range sections(r) {
			fmt.Fprintf(out, "\n## %s\n\n", s.title)
			writeItems(out, s)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

// writeItems draws the lines of a section as a list; steps have headings of their own.
func writeItems(w io.Writer, s section) {
	for i, it := range s.lines {
		bullet := "  - "
		switch {
		case s.title != stepsTitle:
			fmt.Fprintf(w, "- %s\n", plain(it.text))
		case i == 0:
			fmt.Fprintf(w, "### %s\n\n", plain(it.text))
			bullet = "- "
		default:
			fmt.Fprintf(w, "\n### %s\n\n", plain(it.text))
			bullet = "- "
		}
		for _, b := range it.below {
			fmt.Fprintf(w, "%s%s\n", bullet, plain(b))
		}
	}
}

// WriteChecklist draws the steps as tasks for an issue tracker: one box for each thing to do.
func (p *Plan) WriteChecklist(w io.Writer) error {
	out := bufio.NewWriter(w)
	p.writeNights(out, "## Calendar\n\n", "- [ ] ")
	for i := range p.Rotations {
		r := &p.Rotations[i]
		fmt.Fprintf(out, "## Rotate %s\n\nWindow: %s, %s needed; %s.\n", plain(r.Credential.Name),
			r.at(r.Window.Start), r.Window.Needed, plain(soakText(r)))
		for _, s := range r.Steps {
			fmt.Fprintf(out, "\n### %d. %s\n\n", s.Number, plain(s.Title))
			for _, d := range s.Do {
				fmt.Fprintf(out, "- [ ] %s\n", plain(d))
			}
			fmt.Fprintf(out, "\nRollback: %s\n", plain(s.Rollback))
		}
		if len(r.Watch) > 0 {
			fmt.Fprintf(out, "\n### Seen to work\n\n")
		}
		for _, x := range r.Watch {
			fmt.Fprintf(out, "- [ ] %s\n", plain(x.Name+": "+x.Expect))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}

func (p *Plan) writeNights(w io.Writer, title, bullet string) {
	if len(p.Nights) == 0 {
		return
	}
	fmt.Fprint(w, title)
	for i := range p.Nights {
		fmt.Fprintf(w, "%s%s\n", bullet, plain(p.Nights[i].String()))
	}
	fmt.Fprintln(w)
}

var markdownMarks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`)

// plain writes text so that Markdown shows it as it is, on one line.
func plain(text string) string { return markdownMarks.Replace(clean(text)) }
