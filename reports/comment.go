package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/rules/policy"
)

// commentRows keeps a comment far below the 65,536 characters that GitHub takes.
const commentRows = 30

// commentMark is how a CI job finds the comment that it wrote before, to replace it.
const commentMark = "<!-- rotamap -->"

// writeComment writes what reviewers of a pull request need: what it adds behind which credential, what that leaves
// of the quiet window, and what policy finds. Names from sources stand in code spans: nobody is notified by them.
func writeComment(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	open := openFindings(d)
	title := countOf(len(open), "finding", "findings")
	if d.Change != nil {
		title += " that this change adds"
	}
	fmt.Fprintf(b, "%s\n### Rotamap: %s\n\n", commentMark, title)
	if d.Change != nil {
		for i := range d.Change.Growth {
			commentGrowth(b, &d.Change.Growth[i])
		}
	}
	commentFindings(b, d, open)
	if d.Change != nil {
		commentAsking(b, d.Change.Asking)
		fmt.Fprintf(b, "Compared with %s by value: a new secret on an old line counts, one that has moved does not.\n", mdCode(d.Change.Base))
	}
	if n := len(d.Coverage.Unreadable); n > 0 {
		fmt.Fprintf(b, "\n**%s could not be read**: this comment may not show everything.\n", count(n, "thing"))
	}
	return b.Flush()
}

// openFindings are those that nobody lives with; what is drawn from the growth is left out.
func openFindings(d *Document) []policy.Finding {
	var out []policy.Finding
	for _, f := range d.Findings {
		if f.Suppressed == nil && (d.Change == nil || f.Rule != policy.NewDependentID) {
			out = append(out, f)
		}
	}
	return out
}

func commentGrowth(b *bufio.Writer, g *policy.Growth) {
	what := fmt.Sprintf("the %s automation to %s", policy.Ordinal(g.Is), mdCode(g.Name))
	if n := len(g.Added); n > 1 {
		what = fmt.Sprintf("%d automations to %s, %d in all", n, mdCode(g.Name), g.Is)
	}
	var who []string
	for _, a := range g.Added[:min(commentRows, len(g.Added))] {
		text := mdCode(a.Name)
		if len(a.Owners) > 0 {
			text += " of " + mdCode(a.Owners[0])
		}
		who = append(who, text)
	}
	fmt.Fprintf(b, "- **This adds %s**: %s.", what, strings.Join(who, ", "))
	switch {
	case g.Shrinks != "":
		fmt.Fprintf(b, " %s.", strings.ToUpper(g.Shrinks[:1])+g.Shrinks[1:])
	case g.After.Longest > 0:
		fmt.Fprintf(b, " The quiet window stays as it is.")
	}
	switch {
	case g.Entry == "":
		b.WriteString(" The register does not track this credential.")
	case len(g.Owners) > 0:
		fmt.Fprintf(b, " The credential is owned by %s.", mdCode(g.Owners[0]))
	}
	b.WriteString("\n")
}

func commentFindings(b *bufio.Writer, d *Document, open []policy.Finding) {
	if d.Change != nil && len(d.Change.Growth) > 0 {
		b.WriteString("\n")
	}
	if len(open) == 0 {
		return
	}
	b.WriteString("| Severity | Finding | Where |\n|---|---|---|\n")
	for _, f := range open[:min(commentRows, len(open))] {
		mdRow(b, f.Severity.String(), mdText(f.Title), d.mdPlaces(f.Evidence, 3))
	}
	mdEnd(b, len(open)-commentRows)
	b.WriteString("<details><summary>What to do</summary>\n\n")
	said := map[string]bool{}
	for _, f := range open[:min(commentRows, len(open))] {
		if line := fmt.Sprintf("- %s: %s %s", mdCode(f.Rule), mdText(f.Why), mdText(f.Fix)); !said[line] {
			said[line] = true
			b.WriteString(line + "\n")
		}
	}
	b.WriteString("\n</details>\n\n")
}

func commentAsking(b *bufio.Writer, all []policy.Asking) {
	if len(all) == 0 {
		return
	}
	b.WriteString("**Asks for agreement** (the check holds to the register of before):\n\n")
	for _, a := range all[:min(commentRows, len(all))] {
		fmt.Fprintf(b, "- %s\n", mdText(a.String()))
	}
	b.WriteString("\n")
}
