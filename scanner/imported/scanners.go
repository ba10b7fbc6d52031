package imported

import (
	"cmp"
	"net/url"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// rowsOf are the maps of a report: those of one list, or one for each line.
func rowsOf(docs []*tree.Node, keys ...string) []*tree.Node {
	if len(docs) == 1 && (docs[0].IsSeq() || len(keys) > 0) {
		if list := items(docs[0], keys...); len(list) > 0 {
			return list
		}
	}
	var out []*tree.Node
	for _, d := range docs {
		if d.IsMap() {
			out = append(out, d)
		}
	}
	return out
}

func number(n *tree.Node) int {
	i, err := strconv.Atoi(n.Str())
	if err != nil || i < 0 {
		return 0
	}
	return i
}

// shown is the node of a value, nil where the scanner left it out.
func shown(n *tree.Node) *tree.Node {
	s := strings.Trim(n.Str(), "*")
	if s == "" || strings.Contains(strings.ToLower(s), "redacted") {
		return nil
	}
	return n
}

// isGitleaks takes what gitleaks writes since version 8, and what it wrote before; a report of nothing is an empty
// list or null.
func isGitleaks(docs []*tree.Node) bool {
	rows := rowsOf(docs)
	return every(rows, "RuleID", "File", "StartLine") || every(rows, "rule", "file", "offender") ||
		len(docs) == 1 && (docs[0].IsSeq() && len(docs[0].List()) == 0 || docs[0].Tag == "!!null")
}

func readGitleaks(docs []*tree.Node) []reported {
	var out []reported
	for _, r := range rowsOf(docs) {
		if r.Get("offender") != nil {
			out = append(out, reported{rule: strings.ReplaceAll(strings.ToLower(r.Get("rule").Str()), " ", "-"), file: r.Get("file").Str(),
				commit: r.Get("commit").Str(), line: number(r.Get("lineNumber")), value: shown(r.Get("offender"))})
			continue
		}
		out = append(out, reported{rule: r.Get("RuleID").Str(), file: r.Get("File").Str(), commit: r.Get("Commit").Str(),
			line: number(r.Get("StartLine")), column: number(r.Get("StartColumn")), value: shown(r.Get("Secret"))})
	}
	return out
}

func isTrufflehog(docs []*tree.Node) bool {
	return every(rowsOf(docs), "SourceMetadata", "DetectorName")
}

// readTrufflehog reads one finding; its place stands below the kind of source that was scanned.
func readTrufflehog(docs []*tree.Node) []reported {
	var out []reported
	for _, r := range rowsOf(docs) {
		f := reported{rule: strings.ToLower(r.Get("DetectorName").Str()), value: shown(r.Get("Raw"))}
		for _, kind := range r.Get("SourceMetadata", "Data").Entries() {
			f.file = cmp.Or(f.file, kind.Value.Get("file").Str())
			f.commit = cmp.Or(f.commit, kind.Value.Get("commit").Str())
			f.line = max(f.line, number(kind.Value.Get("line")))
		}
		if r.Get("Verified").Str() == "true" {
			f.note = "the scanner says that it is live"
		}
		out = append(out, f)
	}
	return out
}

// kingfisherRows are the findings of a report, or one for each line. Kingfisher ends both with a summary of its own.
func kingfisherRows(docs []*tree.Node) []*tree.Node {
	var out []*tree.Node
	for _, d := range docs {
		if d.Get("findings").IsSeq() {
			out = append(out, items(d, "findings")...)
		} else if d.Get("finding") != nil {
			out = append(out, d)
		}
	}
	return out
}

func isKingfisher(docs []*tree.Node) bool {
	if rows := kingfisherRows(docs); len(rows) > 0 {
		return every(rows, "rule", "finding") && rows[0].Get("finding", "path") != nil
	}
	return len(docs) > 0 && docs[0].IsMap() && (docs[0].Get("findings").IsSeq() && docs[0].Get("vulnerabilities") == nil || docs[0].Get("findings_by_rule") != nil)
}

func readKingfisher(docs []*tree.Node) []reported {
	var out []reported
	for _, r := range kingfisherRows(docs) {
		found := r.Get("finding")
		f := reported{rule: cmp.Or(r.Get("rule", "id").Str(), r.Get("rule", "name").Str()), file: found.Get("path").Str(),
			commit: found.Get("git_metadata", "commit", "id").Str(), line: number(found.Get("line")),
			column: number(found.Get("column_start")), value: shown(found.Get("snippet"))}
		f.file = cmp.Or(found.Get("git_metadata", "file", "path").Str(), f.file)
		if strings.HasPrefix(strings.ToLower(found.Get("validation", "status").Str()), "active") {
			f.note = "the scanner says that it is live"
		}
		out = append(out, f)
	}
	return out
}

func isGitLabReport(docs []*tree.Node) bool {
	return len(docs) == 1 && docs[0].Get("scan", "type").Str() == "secret_detection" && docs[0].Get("vulnerabilities").IsSeq()
}

// readGitLabReport reads places: the extract of the source that such a report may hold is more than the value.
func readGitLabReport(docs []*tree.Node) []reported {
	var out []reported
	for _, v := range items(docs[0], "vulnerabilities") {
		at := v.Get("location")
		f := reported{file: at.Get("file").Str(), line: number(at.Get("start_line")), commit: at.Get("commit", "sha").Str()}
		if strings.Trim(f.commit, "0") == "" {
			f.commit = ""
		}
		for _, i := range items(v, "identifiers") {
			f.rule = cmp.Or(f.rule, strings.ReplaceAll(strings.ToLower(i.Get("value").Str()), " ", "-"))
		}
		out = append(out, f)
	}
	return out
}

func isBaseline(docs []*tree.Node) bool {
	return len(docs) == 1 && docs[0].Get("plugins_used") != nil && docs[0].Get("results").IsMap()
}

// readBaseline reads places: a baseline holds the SHA-1 of a value in its place, and lines as they were when it was made.
// Someone may have said of a finding whether it is a secret.
func readBaseline(docs []*tree.Node) []reported {
	var out []reported
	for _, file := range docs[0].Get("results").Entries() {
		for _, r := range file.Value.List() {
			out = append(out, reported{rule: strings.ReplaceAll(strings.ToLower(r.Get("type").Str()), " ", "-"), file: file.Key,
				line: number(r.Get("line_number")), sha1: r.Get("hashed_secret").Str(), note: audited[r.Get("is_secret").Str()]})
		}
	}
	return out
}

// audited is what "detect-secrets audit" asked a person.
var audited = map[string]string{"true": "marked as a secret", "false": "marked as no secret"}

func isSARIF(docs []*tree.Node) bool {
	return len(docs) == 1 && docs[0].Get("version").Str() == "2.1.0" && docs[0].Get("runs").IsSeq()
}

func readSARIF(docs []*tree.Node) []reported {
	var out []reported
	for _, run := range docs[0].Get("runs").List() {
		tool := strings.ToLower(strings.ReplaceAll(run.Get("tool", "driver", "name").Str(), " ", "-"))
		for _, r := range run.Get("results").List() {
			for _, l := range r.Get("locations").List() {
				at := l.Get("physicalLocation")
				f := reported{rule: tool + "/" + cmp.Or(r.Get("ruleId").Str(), r.Get("rule", "id").Str()),
					file: unescaped(at.Get("artifactLocation", "uri").Str()),
					line: number(at.Get("region", "startLine")), column: number(at.Get("region", "startColumn")),
					commit: r.Get("partialFingerprints", "commitSha").Str()}
				if tool == "gitleaks" { // its snippet is the value; that of others is the line
					f.value = shown(at.Get("region", "snippet", "text"))
				}
				out = append(out, f)
			}
		}
	}
	return out
}

// unescaped is a path that is written as a URI. Scanners that write it as it is are taken at their word.
func unescaped(uri string) string {
	if p, err := url.PathUnescape(uri); err == nil {
		return p
	}
	return uri
}
