package reports

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/rotamap/rotamap/graph/inventory"
)

// markdownPictures is the number of credentials whose neighbourhood the Markdown report draws.
const markdownPictures = 3

// stepSummaryRows keeps each table short enough for the step summary of GitHub Actions, which holds 1 MiB.
const stepSummaryRows = 150

// writeMarkdown writes tables and Mermaid pictures as GitHub renders them. Whatever comes from a source stands in
// a code span: no mention, no link, no HTML.
func writeMarkdown(w io.Writer, d *Document, o Options) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "# %s\n\n", mdText(d.Title))
	if d.Client != "" {
		fmt.Fprintf(b, "For %s.\n\n", mdText(d.Client))
	}
	mdSummary(b, d)
	most := 1 << 30
	if o.GitHub {
		most = stepSummaryRows
	}
	mdFindings(b, d, most)
	mdCredentials(b, d, o, most)
	if err := mdPictures(b, d, o); err != nil {
		return err
	}
	mdAutomations(b, d, most)
	mdLiterals(b, d, o, most)
	mdCoverage(b, d)
	return b.Flush()
}

func mdSummary(b *bufio.Writer, d *Document) {
	t := d.Totals
	fmt.Fprintf(b, "**%s** (%d hard-coded, %d only in the history, %d only referenced by name), **%s**, %s.\n",
		count(t.Credentials, "credential"), t.HardCoded, t.HistoryOnly, t.Referenced, count(t.Automations, "automation"),
		count(t.Services, "service"))
	fmt.Fprintf(b, "Looked at: %s, %s, %s.", count(t.Sources, "source"), count(t.Files, "file"), count(t.Commits, "commit"))
	if !d.Coverage.Complete {
		fmt.Fprintf(b, " **Not everything could be read**: see [coverage](#coverage).")
	}
	b.WriteString("\n\n")
}

func mdFindings(b *bufio.Writer, d *Document, most int) {
	if len(d.Findings) == 0 {
		return
	}
	b.WriteString("## Findings\n\n| Severity | Finding | Why | Fix | Where |\n|---|---|---|---|---|\n")
	for _, f := range d.Findings[:min(most, len(d.Findings))] {
		severity := f.Severity.String()
		if f.Suppressed != nil {
			severity += " (accepted)"
		}
		mdRow(b, severity, mdText(f.Title), mdText(f.Why), mdText(f.Fix), d.mdPlaces(f.Evidence, 3))
	}
	mdEnd(b, len(d.Findings)-most)
}

func mdCredentials(b *bufio.Writer, d *Document, o Options, most int) {
	b.WriteString("## Credentials\n\n| | Name | Service | Exposure | Severity | Environment | Owner | Automations | Lives in | Age |\n" +
		"|---|---|---|---|---|---|---|---:|---|---:|\n")
	for i := range d.Credentials[:min(most, len(d.Credentials))] {
		c := &d.Credentials[i]
		name := mdCode(c.Name)
		if o.Internal {
			for _, v := range c.Values {
				name += "<br>" + mdCode(v.Fingerprint)
			}
		}
		mdRow(b, c.Label, name, mdCode(c.Service), c.Exposure, c.Severity, mdCode(c.Environment), mdOwners(c),
			strconv.Itoa(len(c.Automations)), mdCodes(c.Stores), age(c.AgeDays))
	}
	mdEnd(b, len(d.Credentials)-most)
}

func mdPictures(b *bufio.Writer, d *Document, o Options) error {
	chosen := d.Top(markdownPictures)
	if c := d.Credential(o.Focus); o.Focus != "" && c != nil {
		chosen = []Credential{*c}
	}
	for i := range chosen {
		p, err := d.Picture(&chosen[i])
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "### What stops when %s changes\n\n", mdCode(chosen[i].Name))
		for _, part := range mermaidParts(p) {
			b.WriteString("```mermaid\n")
			if err := part.write(b); err != nil {
				return err
			}
			b.WriteString("```\n\n")
		}
	}
	return nil
}

func mdAutomations(b *bufio.Writer, d *Document, most int) {
	if len(d.Automations) == 0 {
		return
	}
	b.WriteString("## Automations\n\n| Name | Platform | Active | Schedule | Environment | Credentials | Where |\n|---|---|---|---|---|---:|---|\n")
	for _, a := range d.Automations[:min(most, len(d.Automations))] {
		var schedules []string
		for _, s := range a.Schedules {
			schedules = append(schedules, strings.TrimSpace(s.Text+" "+s.Timezone))
		}
		mdRow(b, mdCode(a.Name), mdCode(a.Platform), active(a.Active), mdCodes(schedules), mdCode(a.Environment),
			strconv.Itoa(len(a.Credentials)), d.mdPlaces(a.Evidence, 1))
	}
	mdEnd(b, len(d.Automations)-most)
}

func mdLiterals(b *bufio.Writer, d *Document, o Options, most int) {
	if len(d.Literals) == 0 {
		return
	}
	b.WriteString("## Hard-coded values\n\nA value with one label is the same value wherever it stands.\n\n" +
		"| Value | Name | Rule | Severity | Where | State |\n|---|---|---|---|---|---|\n")
	for _, l := range d.Literals[:min(most, len(d.Literals))] {
		label := l.Label
		if o.Internal {
			label += " " + mdCode(l.Fingerprint)
		}
		mdRow(b, label, mdCode(l.Name), mdCode(l.Rule), l.Severity, mdCode(d.place(l.Evidence)), string(l.Evidence.State))
	}
	mdEnd(b, len(d.Literals)-most)
}

func mdCoverage(b *bufio.Writer, d *Document) {
	b.WriteString("## Coverage\n\nNo reference found means: none in what was looked at here.\n\n" +
		"| Source | Revision | Files | Commits | Contents |\n|---|---|---:|---:|---:|\n")
	for _, s := range d.Coverage.Sources {
		mdRow(b, mdCode(s.ID), mdCode(cut(s.Revision, 13)), strconv.Itoa(s.Files), strconv.Itoa(s.Commits), strconv.Itoa(s.Blobs))
	}
	b.WriteString("\n")
	if len(d.Coverage.Unreadable) > 0 {
		b.WriteString("Could not be read:\n\n")
		for _, u := range d.Coverage.Unreadable {
			fmt.Fprintf(b, "- %s: %s\n", mdCode(u.Source+"/"+u.What), mdText(u.Reason))
		}
		b.WriteString("\n")
	}
	if reasons := d.SkipReasons(); len(reasons) > 0 {
		b.WriteString("Left out:\n\n")
		for _, r := range reasons {
			fmt.Fprintf(b, "- %d: %s\n", r.Count, mdText(r.Reason))
		}
		b.WriteString("\n")
	}
}

// mdEnd ends a table, and says how many rows it leaves out.
func mdEnd(b *bufio.Writer, left int) {
	if left > 0 {
		fmt.Fprintf(b, "\n%d more.\n", left)
	}
	b.WriteString("\n")
}

// mdRow writes a table row of finished cells.
func mdRow(b *bufio.Writer, cells ...string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// mdCode puts text that comes from a source in a code span that it cannot leave, also inside a table. What backticks
// cannot hold for sure stands in a code element, with all punctuation as entities.
func mdCode(s string) string {
	switch {
	case s == "":
		return ""
	case !strings.ContainsAny(s, "`|\\") && strings.TrimSpace(s) == s:
		return "`" + s + "`"
	}
	var b strings.Builder
	for _, r := range s {
		if r < 0x80 && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			fmt.Fprintf(&b, "&#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return "<code>" + b.String() + "</code>"
}

func mdCodes(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = mdCode(s)
	}
	return strings.Join(out, ", ")
}

func mdOwners(c *Credential) string {
	var out []string
	for _, o := range c.Owners[:min(3, len(c.Owners))] {
		out = append(out, o.Name)
	}
	return mdCodes(out)
}

func (d *Document) mdPlaces(all []inventory.Evidence, most int) string {
	var out []string
	for _, e := range all[:min(most, len(all))] {
		out = append(out, d.place(e))
	}
	if more := len(all) - len(out); more > 0 {
		return mdCodes(out) + fmt.Sprintf(" and %d more", more)
	}
	return mdCodes(out)
}

// mdSpecial are the characters of Markdown, GitHub's mentions and HTML.
var mdSpecial = strings.NewReplacer("\\", `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;",
	"&", "&amp;", "#", `\#`, "|", `\|`, "~", `\~`, "$", `\$`, "@", "@<!-- -->", "!", `\!`,
	"://", ":<!-- -->//", "www.", "www<!-- -->.")

// mdText escapes running text.
func mdText(s string) string { return mdSpecial.Replace(s) }
