package reports

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// GitLab's report for secret detection, security-report-schemas 15.0.4. The name of a vulnerability says nothing of
// the single finding, and raw_source_code_extract is never filled.

type gitlabReport struct {
	Version         string                `json:"version"`
	Scan            gitlabScan            `json:"scan"`
	Vulnerabilities []gitlabVulnerability `json:"vulnerabilities"`
}

type gitlabScan struct {
	Analyzer gitlabTool `json:"analyzer"`
	Scanner  gitlabTool `json:"scanner"`
	Type     string     `json:"type"`
	Start    string     `json:"start_time"`
	End      string     `json:"end_time"`
	Status   string     `json:"status"`
}

type gitlabTool struct {
	ID      string       `json:"id"`
	Name    string       `json:"name"`
	Version string       `json:"version"`
	Vendor  gitlabVendor `json:"vendor"`
}

type gitlabVendor struct {
	Name string `json:"name"`
}

type gitlabVulnerability struct {
	ID          string             `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description"`
	Severity    string             `json:"severity"`
	Location    gitlabLocation     `json:"location"`
	Identifiers []gitlabIdentifier `json:"identifiers"`
}

type gitlabLocation struct {
	File      string       `json:"file"`
	StartLine int          `json:"start_line,omitempty"`
	EndLine   int          `json:"end_line,omitempty"`
	Commit    gitlabCommit `json:"commit"`
}

type gitlabCommit struct {
	SHA string `json:"sha"`
}

type gitlabIdentifier struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// writeGitLab writes one vulnerability for each place of a literal.
func writeGitLab(w io.Writer, d *Document, o Options) error {
	tool := gitlabTool{"rotamap", "Rotamap", cmp.Or(o.Version, "0"), gitlabVendor{"Rotamap"}}
	at := strings.TrimSuffix(cmp.Or(d.Time, "1970-01-01T00:00:00Z"), "Z")
	out := gitlabReport{Version: "15.0.4", Vulnerabilities: []gitlabVulnerability{},
		Scan: gitlabScan{tool, tool, "secret_detection", at, at, "success"}}
	revisions := map[string]string{}
	for _, s := range d.Coverage.Sources {
		revisions[s.ID] = s.Revision
	}
	for _, l := range d.Literals {
		out.Vulnerabilities = append(out.Vulnerabilities, gitlabLiteral(d, l, revisions[l.Evidence.Source]))
	}
	return encodeJSON(w, out, " ")
}

func gitlabLiteral(d *Document, l Literal, revision string) gitlabVulnerability {
	description := "A hard-coded secret stands in this place."
	if l.State == inventory.HeldPast {
		description = "A hard-coded secret stood in this place and is still in the history."
	}
	if c := d.Credential(l.Credential); c != nil && len(c.Automations) > 0 {
		description += " " + count(len(c.Automations), "automation") + " will break when it is changed."
	}
	return gitlabVulnerability{
		ID: stableID(place(l.Evidence), l.Slot, l.Fingerprint), Name: title1(strings.ReplaceAll(l.Rule, "-", " ")),
		Description: description, Severity: title1(cmp.Or(l.Severity, "unknown")),
		Location: gitlabLocation{l.Evidence.Path, l.Evidence.Line, l.Evidence.Line,
			gitlabCommit{cmp.Or(l.Evidence.Commit, revision, strings.Repeat("0", 40))}},
		Identifiers: []gitlabIdentifier{{"rotamap_rule_id", "Rotamap rule " + l.Rule, l.Rule}},
	}
}

// stableID is an id in the form of a UUID that is the same for the same parts.
func stableID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// title1 writes the first letter large.
func title1(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
