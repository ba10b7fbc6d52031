package imported

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestReports reads one small report of every shape, as its program writes it. A place where the scan holds a value
// keeps its slot; any other finding is a literal of its own, or counted where the report leaves the value out.
func TestReports(t *testing.T) {
	known := func(_, file string, line int) string {
		if file == "app/config.py" && line == 3 {
			return "inline:shop/app/config.py#TOKEN"
		}
		return ""
	}
	for name, c := range map[string]struct{ text, want string }{
		"gitleaks": {`[{"RuleID":"generic-api-key","File":"app/config.py","StartLine":3,"StartColumn":5,"Secret":"x","Commit":""},
			{"RuleID":"slack-bot-token","File":"old.sh","StartLine":9,"Secret":"not-a-real-value","Commit":"abc"},
			{"RuleID":"jwt","File":"gone.py","StartLine":1,"Secret":"REDACTED"}]`,
			"inline:shop/app/config.py#TOKEN=gitleaks:generic-api-key inline:shop/old.sh#gitleaks:slack-bot-token=gitleaks:slack-bot-token+literal skip:gone.py"},
		"gitleaks, nothing found":   {`[]`, ""},
		"gitleaks 7, nothing found": {"null\n", ""},
		"gitleaks 7": {`[{"line":"x","lineNumber":3,"offender":"REDACTED","commit":"abc","rule":"AWS Access Key","file":"app/config.py"},
			{"line":"x","lineNumber":4,"offender":"not-a-real-value","commit":"abc","rule":"Slack","file":"n.sh"}]`,
			"inline:shop/app/config.py#TOKEN=gitleaks:aws-access-key inline:shop/n.sh#gitleaks:slack=gitleaks:slack+literal"},
		"gitleaks in a container": {`[{"RuleID":"r","File":"/repo/mounted/app/config.py","StartLine":3,"Secret":"x"},{"RuleID":"r","File":"C:\\work\\app\\config.py","StartLine":3,"Secret":"x"}]`,
			"inline:shop/app/config.py#TOKEN=gitleaks:r inline:shop/app/config.py#TOKEN=gitleaks:r"},
		"trufflehog": {`{"SourceMetadata":{"Data":{"Filesystem":{"file":"/home/a/shop/app/config.py","line":3}}},"DetectorName":"Slack","Verified":true,"Raw":"x"}
{"SourceMetadata":{"Data":{"Git":{"commit":"abc","file":"k.env","line":2}}},"DetectorName":"AWS","Verified":false,"Raw":"not-a-real-value"}`,
			"inline:shop/app/config.py#TOKEN=trufflehog:slack inline:shop/k.env#trufflehog:aws=trufflehog:aws+literal"},
		"kingfisher": {`{"findings":[{"rule":{"id":"kingfisher.slack.1","name":"Slack"},"finding":{"snippet":"not-a-real-value","line":4,"column_start":2,"path":"./n.sh","validation":{"status":"Inactive"}}}]}`,
			"inline:shop/n.sh#kingfisher:kingfisher.slack.1=kingfisher:kingfisher.slack.1+literal"},
		"kingfisher, lines": {`{"rule":{"id":"a","name":"A"},"finding":{"snippet":"not-a-real-value","line":4,"path":"n.sh"}}
{"rule":{"id":"b","name":"B"},"finding":{"snippet":"another-value","line":5,"path":"n.sh"}}`,
			"inline:shop/n.sh#kingfisher:a=kingfisher:a+literal inline:shop/n.sh#kingfisher:b=kingfisher:b+literal"},
		"kingfisher, lines and a summary": {`{"rule":{"id":"a","name":"A"},"finding":{"snippet":"not-a-real-value","line":4,"path":"n.sh"}}
{"findings":1,"rules_applied":9,"findings_by_rule":[["A",1]]}`, "inline:shop/n.sh#kingfisher:a=kingfisher:a+literal"},
		"kingfisher, report and a summary": {"{\n  \"findings\": [\n    {\"rule\":{\"id\":\"a\"},\"finding\":{\"snippet\":\"not-a-real-value\",\"line\":4,\"path\":\"n.sh\"}}\n  ],\n  \"metadata\": {}\n}\n{\n  \"findings\": 1,\n  \"findings_by_rule\": []\n}\n",
			"inline:shop/n.sh#kingfisher:a=kingfisher:a+literal"},
		"kingfisher, nothing found": {`{"findings":0,"rules_applied":9,"findings_by_rule":[]}`, ""},
		"gitlab": {`{"version":"15.0.4","scan":{"type":"secret_detection"},"vulnerabilities":[{"location":{"file":"app/config.py","start_line":3,"commit":{"sha":"0000000"}},"identifiers":[{"type":"gitleaks_rule_id","name":"n","value":"AWS"}]},
			{"location":{"file":"x.py","start_line":8},"identifiers":[{"value":"jwt"}]}]}`,
			"inline:shop/app/config.py#TOKEN=gitlab:aws skip:x.py"},
		"sarif of gitleaks": {`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"gitleaks"}},"results":[{"ruleId":"r1","locations":[{"physicalLocation":{"artifactLocation":{"uri":"n.sh"},"region":{"startLine":3,"snippet":{"text":"not-a-real-value"}}}}],"partialFingerprints":{"commitSha":"abc"}}]}]}`,
			"inline:shop/n.sh#sarif:gitleaks/r1=sarif:gitleaks/r1+literal"},
		"sarif, a path as a URI": {`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"S"}},"results":[{"rule":{"id":"r1"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"file:///home/a/shop/app/%63onfig.py"},"region":{"startLine":3}}}]}]}]}`,
			"inline:shop/app/config.py#TOKEN=sarif:s/r1"},
		"detect-secrets": {`{"version":"1.5.0","plugins_used":[],"results":{"app/config.py":[{"type":"Secret Keyword","filename":"app/config.py","hashed_secret":"00","line_number":3}],
			"x.py":[{"type":"JWT","filename":"x.py","hashed_secret":"00","line_number":8}]}}`,
			"inline:shop/app/config.py#TOKEN=detect-secrets:secret-keyword skip:x.py"},
		"sarif": {`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"My Scanner"}},"results":[{"ruleId":"r1","message":{"text":"m"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"app/config.py"},"region":{"startLine":3}}}]}]}]}`,
			"inline:shop/app/config.py#TOKEN=sarif:my-scanner/r1"},
	} {
		a := &artifact.Artifact{Source: "import:x", Path: "x.json", Content: []byte(c.text), State: inventory.Head}
		all, row, err := Read(a, Context{Sources: []string{"shop"}, Roots: map[string][]string{"shop": {"/home/a/shop"}}, Known: known,
			Has: func(_, file string) bool { return file == "app/config.py" }})
		if err != nil || row.ID != ReportRule {
			t.Errorf("%s: read as %q: %v", name, row.ID, err)
			continue
		}
		if got := describe(all); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func describe(all []*artifact.Facts) string {
	var out []string
	for _, f := range all {
		for _, n := range f.Set.Nodes() {
			for _, a := range n.All(inventory.AttrReportedBy) {
				s := n.ID + "=" + a.Value
				if len(f.Literals) > 0 {
					s += "+literal"
				}
				out = append(out, s)
			}
		}
		for _, s := range f.Skips {
			out = append(out, "skip:"+s.Path)
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// TestReportOfSeveralSources: which source a report speaks of must be said when there are several.
func TestReportOfSeveralSources(t *testing.T) {
	a := &artifact.Artifact{Path: "r.json", Content: []byte(`[{"RuleID":"r","File":"f","StartLine":1,"Secret":"not-a-real-value"}]`)}
	c := Context{Sources: []string{"a", "b"}}
	if _, _, err := Read(a, c); err == nil || !strings.Contains(err.Error(), "hint: write that in front, as in --import a=r.json") {
		t.Errorf("no hint: %v", err)
	}
	c.Scope = "b"
	all, _, err := Read(a, c)
	if err != nil || !strings.HasPrefix(fmt.Sprint(describe(all)), "inline:b/f#") {
		t.Errorf("not of the source that was named: %v %s", err, describe(all))
	}
}
