package imported

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// ReportRule is the rule of every fact that a report of another scanner yields.
const ReportRule = "scanner-report"

// reported is one finding of another scanner.
type reported struct {
	rule, file, commit string
	line, column       int
	value              *tree.Node // nil where the report does not hold it
	sha1               string     // of the value, in hexadecimal digits, where the report holds that in its place
	note               string     // what else the scanner says, "" for nothing
}

// report is one shape of a scanner's report.
type report struct {
	tool, title, command string
	match                func(docs []*tree.Node) bool
	read                 func(docs []*tree.Node) []reported
}

// reports are the shapes, the ones that say most of themselves first. The fields are those that the programs write:
// gitleaks and betterleaks (report.Finding), trufflehog (--json), kingfisher (--format json and jsonl), detect-secrets
// (a baseline), GitLab (secret detection) and SARIF 2.1.0; the last three carry places only, but for the SARIF of gitleaks.
var reports = []report{
	{tool: "sarif", title: "SARIF reports", command: "any scanner's SARIF output", match: isSARIF, read: readSARIF},
	{tool: "detect-secrets", title: "baselines of detect-secrets", command: "detect-secrets scan", match: isBaseline, read: readBaseline},
	{tool: "kingfisher", title: "reports of kingfisher", command: "kingfisher scan --format json", match: isKingfisher, read: readKingfisher},
	{tool: "trufflehog", title: "reports of trufflehog", command: "trufflehog git --json", match: isTrufflehog, read: readTrufflehog},
	{tool: "gitlab", title: "secret detection reports of GitLab", command: "gl-secret-detection-report.json of a pipeline", match: isGitLabReport, read: readGitLabReport},
	{tool: "gitleaks", title: "reports of gitleaks", command: "gitleaks git -f json -r FILE", match: isGitleaks, read: readGitleaks},
}

// reportRows turns the shapes into rows.
func reportRows() []Row {
	var out []Row
	for _, s := range reports {
		out = append(out, Row{ID: ReportRule, Title: s.title, Command: s.command,
			Match: func(a *artifact.Artifact) bool { return s.match(roots(a)) },
			Parse: func(a *artifact.Artifact, c Context) ([]*artifact.Facts, error) { return s.facts(a, c) }})
	}
	return out
}

// roots are the documents of a JSON file, one for each line of JSON Lines.
func roots(a *artifact.Artifact) []*tree.Node {
	if !a.LooksLikeJSON() && strings.TrimSpace(string(a.Content)) != "null" {
		return nil
	}
	var out []*tree.Node
	for _, d := range a.Documents() {
		if d.Err != nil {
			return nil
		}
		out = append(out, d.Root)
	}
	return out
}

// facts says of a value that Rotamap found at the place of a finding that the other scanner saw it too. Any other
// finding becomes a literal of its own; one whose value the report leaves out is counted.
func (s report) facts(a *artifact.Artifact, c Context) ([]*artifact.Facts, error) {
	source, err := c.source(a.Path)
	if err != nil {
		return nil, err
	}
	count := artifact.NewFacts(a, ReportRule)
	out := []*artifact.Facts{count}
	for _, r := range s.read(roots(a)) {
		count.Refs++
		file := c.relative(source, r.file)
		at := artifact.Place{Line: r.line, Column: r.column}
		in := &artifact.Artifact{Source: source, Path: file, State: inventory.Head, Commit: r.commit}
		if r.commit != "" {
			in.State = inventory.History // the report shows it in that commit, and no more
		}
		f := artifact.NewFacts(in, ReportRule)
		slot := c.known(source, file, r)
		switch {
		case slot != "":
		case r.value == nil || file == "":
			count.Skips = append(count.Skips, inventory.Skipped{Path: file, Count: 1,
				Reason: "a finding of " + s.tool + " without its value, where nothing was found"})
			continue
		default:
			slot = f.Inline(s.tool+":"+r.rule, at)
			f.AddLiteral(artifact.Literal{Slot: slot, Name: r.rule, Secret: artifact.Seal(r.value.Str()), Place: at, Sure: true})
		}
		f.Attr(slot, inventory.AttrReportedBy, s.tool+":"+r.rule, r.note, at)
		out = append(out, f)
	}
	return out, nil
}

// source is the source that a report speaks of.
func (c Context) source(file string) (string, error) {
	if len(c.Sources) == 1 && (c.Scope == "" || c.Scope == c.Sources[0]) {
		return c.Sources[0], nil
	}
	if slices.Contains(c.Sources, c.Scope) {
		return c.Scope, nil
	}
	return "", fmt.Errorf("the report does not say which source it speaks of\nhint: write that in front, as in --import %s=%s",
		cmp.Or(append(slices.Clone(c.Sources), "SOURCE")...), file)
}

// known is the slot whose value a finding is of: that which has the same hash, before what stands at the line.
func (c Context) known(source, file string, r reported) string {
	if c.Hashed != nil && r.sha1 != "" {
		if slot := c.Hashed(source, file, strings.ToLower(r.sha1)); slot != "" {
			return slot
		}
	}
	if c.Known == nil {
		return ""
	}
	return c.Known(source, file, r.line)
}

// relative is a path of a report as a path of the source: scanners write the path that they were given, which may be
// that of another machine or of a container.
func (c Context) relative(source, file string) string {
	file = path.Clean(strings.ReplaceAll(strings.TrimPrefix(file, "file://"), `\`, "/"))
	for _, root := range c.Roots[source] {
		if rest, ok := strings.CutPrefix(file, strings.TrimSuffix(root, "/")+"/"); ok {
			return rest
		}
	}
	rest := strings.TrimPrefix(file, "/")
	if rest == "." || rest == ".." || strings.HasPrefix(rest, "../") {
		return ""
	}
	if c.Has == nil || rest == file && !drive(file) {
		return rest
	}
	for end := rest; ; {
		if c.Has(source, end) {
			return end
		}
		_, below, ok := strings.Cut(end, "/")
		if !ok {
			return rest
		}
		end = below
	}
}

// drive reports whether a path begins with the letter of a drive.
func drive(file string) bool { return len(file) > 2 && file[1] == ':' && file[2] == '/' }
