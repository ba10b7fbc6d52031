package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// inert are the checks of each format: that a reader of the format takes the hostile names of the shared document as
// text. Every format needs one.
var inert = map[string]func(t *testing.T, text []byte){
	"html": inertHTML, "markdown": inertMarkdown, "comment": inertMarkdown, "csv": inertCSV, "svg": inertXML, "mermaid": inertMermaid, "dot": inertDOT,
	"json": inertJSON, "jsonl": inertJSONL, "sarif": inertJSON, "junit": inertXML, "gitlab": inertJSON, "github": inertGitHub,
	"graphml": inertXML, "gexf": inertXML, "cytoscape": inertJSON, "opengraph": inertJSON, "cypher": inertCypher,
	"cyclonedx": inertJSON, "backstage": inertYAML, "template": func(*testing.T, []byte) {},
	"xlsx": inertText, "pdf": inertText, "png": inertText, "sqlite": inertText, "neo4j": inertNeo4j, "ics": inertICS,
}

// TestHostileNames: in every format hidden characters are escapes, and the syntax of the format stands.
func TestHostileNames(t *testing.T) {
	d := acmeDocument(t)
	for _, v := range variants(t) {
		t.Run(v.ID+"/"+v.name, func(t *testing.T) {
			text := readable(t, v.Format, render(t, v.Format, &d, v.options))
			noHidden(t, text)
			check, ok := inert[v.ID]
			if !ok {
				t.Fatalf("no check says that %s is inert: add one", v.ID)
			}
			check(t, text)
		})
	}
}

// noHidden fails on any character that does not show, but line breaks.
func noHidden(t *testing.T, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Error("not UTF-8")
	}
	for i, r := range string(text) {
		if r != '\n' && r != '\t' && hidden(r) {
			t.Errorf("hidden character %U at byte %d", r, i)
			return
		}
	}
}

// inertText is for what has no syntax that a name could use: TestXLSX and TestSQLite look closer.
func inertText(*testing.T, []byte) {}

var icsLine = regexp.MustCompile(`^(?: |BEGIN:|END:|[A-Z-]+[;:])`)

func inertICS(t *testing.T, text []byte) {
	for l := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n") {
		if !icsLine.MatchString(l) || len(l) > 75 {
			t.Errorf("not one content line: %s", l)
		}
	}
}

func inertHTML(t *testing.T, text []byte) {
	for _, s := range []string{"<script>alert", "<img", "</script><img"} {
		if bytes.Contains(text, []byte(s)) {
			t.Errorf("the page holds %s", s)
		}
	}
}

var (
	codeBlock = regexp.MustCompile("(?ms)^```.*?^```$")
	codeSpan  = regexp.MustCompile("`[^`\n]+`|<code>[^<>`|\\\\]*</code>|\\\\[[:punct:]]")
)

func inertMarkdown(t *testing.T, text []byte) {
	rest := codeSpan.ReplaceAll(codeBlock.ReplaceAll(text, nil), nil)
	for _, s := range []string{"<script", "<img", "@acme", "`", "*b*"} {
		if bytes.Contains(rest, []byte(s)) {
			t.Errorf("outside code the text holds %q", s)
		}
	}
	for l := range strings.SplitSeq(string(rest), "\n") {
		if strings.HasPrefix(l, "|") && !strings.HasSuffix(l, "|") {
			t.Errorf("a table row is broken: %s", l)
		}
	}
}

func inertCSV(t *testing.T, text []byte) {
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@|%\t\r") {
				t.Errorf("a spreadsheet runs the cell %q", cell)
			}
		}
	}
}

func inertXML(t *testing.T, text []byte) {
	dec := xml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
			t.Errorf("the document has an element %s", e.Name.Local)
		}
	}
}

var mermaidLine = regexp.MustCompile("^  (?:n\\d+(?:\\[|\\{|\\()+\"[^\"<>&`{}%\\\\]*\"(?:\\]|\\}|\\))+|n\\d+ -?-\\.?-?> n\\d+|%% \\d+ more (?:left out|flowcharts: -f mermaid=FILE writes all))$")

func inertMermaid(t *testing.T, text []byte) {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if lines[0] != "flowchart LR" {
		t.Errorf("the first line is %q", lines[0])
	}
	for _, l := range lines[1:] {
		if !mermaidLine.MatchString(l) {
			t.Errorf("not a plain line: %s", l)
		}
	}
}

func inertDOT(t *testing.T, text []byte) {
	program, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("no Graphviz on PATH: the DOT is not read by it")
	}
	cmd := exec.Command(program, "-Tplain")
	cmd.Stdin = bytes.NewReader(text)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("Graphviz does not take it: %v\n%s", err, out)
	}
	if n := bytes.Count(out, []byte("\nnode ")); n != bytes.Count(text, []byte("shape=")) {
		t.Errorf("Graphviz sees %d nodes", n)
	}
}

func inertJSON(t *testing.T, text []byte) {
	if !json.Valid(text) {
		t.Error("not JSON")
	}
}

func inertJSONL(t *testing.T, text []byte) {
	for l := range bytes.SplitSeq(bytes.TrimSpace(text), []byte("\n")) {
		inertJSON(t, l)
	}
}

var githubLine = regexp.MustCompile(`^::(error|warning|notice) title=[^,:]*(,file=[^,:]*)?(,line=\d+)?::`)

func inertGitHub(t *testing.T, text []byte) {
	for l := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n") {
		if !githubLine.MatchString(l) {
			t.Errorf("not one command: %s", l)
		}
	}
}

// cypherString is a string of Cypher with its escapes.
var cypherString = regexp.MustCompile(`'(?:[^'\\]|\\.)*'`)

func inertCypher(t *testing.T, text []byte) {
	rest := cypherString.ReplaceAllString(string(text), "")
	if i := strings.IndexAny(rest, `'"\<|`+"`"); i >= 0 {
		t.Errorf("outside strings stands %q", rest[i:min(len(rest), i+60)])
	}
	for statement := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(rest), ";"), ";") {
		if word, _, _ := strings.Cut(strings.TrimSpace(statement), " "); word != "CREATE" && word != "UNWIND" {
			t.Errorf("not one of our statements: %s", statement)
		}
	}
}

// inertNeo4j: every line has as many cells as its head, and every relationship joins two nodes.
func inertNeo4j(t *testing.T, text []byte) {
	_, rest, _ := strings.Cut(string(text), "# nodes.csv\n")
	nodeText, rest, _ := strings.Cut(rest, "# relationships.csv\n")
	edgeText, _, _ := strings.Cut(rest, "# IMPORT.txt\n")
	nodes, err := csv.NewReader(strings.NewReader(nodeText)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, n := range nodes[1:] {
		if known[n[0]] {
			t.Errorf("two nodes have the id %q", n[0])
		}
		known[n[0]] = true
	}
	edges, err := csv.NewReader(strings.NewReader(edgeText)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(edges) < 10 {
		t.Errorf("%d relationships", len(edges))
	}
	for _, e := range edges[1:] {
		if !known[e[0]] || !known[e[1]] {
			t.Errorf("a relationship joins %q and %q", e[0], e[1])
		}
	}
}

func inertYAML(t *testing.T, text []byte) {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var e struct {
			Kind     string
			Metadata struct{ Name, Title string }
		}
		err := dec.Decode(&e)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^[a-zA-Z0-9]([-a-zA-Z0-9_.]*[a-zA-Z0-9])?$`).MatchString(e.Metadata.Name) || len(e.Metadata.Name) > 63 {
			t.Errorf("Backstage does not take the name %q", e.Metadata.Name)
		}
	}
}

// TestSharing: formats made to be handed on hold no fingerprint and no mail address, unless they are asked to.
func TestSharing(t *testing.T) {
	d := acmeDocument(t)
	for _, v := range variants(t) {
		f := v.Format
		text := readable(t, f, render(t, f, &d, v.options))
		found := bytes.Contains(text, []byte(print(1)[:7])) || bytes.Contains(text, []byte("ana@acme.example"))
		if f.Shared && found {
			t.Errorf("%s (%s) holds a fingerprint or a mail address", f.ID, v.name)
		}
		o := v.options
		o.Internal = true
		internal := bytes.Contains(readable(t, f, render(t, f, &d, o)), []byte(print(1)))
		if show := f.ID == "html" || f.ID == "markdown" || f.ID == "csv" || f.ID == "xlsx"; show && !internal {
			t.Errorf("%s holds no fingerprint although it was asked to", f.ID)
		}
	}
}

// TestPlain: what does not show becomes an escape, the rest stays.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"plain text, ünïcode 日本": "plain text, ünïcode 日本",
		"a\nb\r\tc":              `a\nb\r\tc`,
		"\x1b[31m\x00\x7f":       `\x1b[31m\x00\x7f`,
		"\u202eabc\u200b\ufeff":  `\u202eabc\u200b\ufeff`,
		"bad\xff":                `bad\xff`,
		"\U000e0041\u3164":       `\U000e0041\u3164`,
		"a\u00a0b\u2028":         `a\u00a0b\u2028`,
	} {
		if got := Plain(in); got != want {
			t.Errorf("Plain(%q) is %q, want %q", in, got, want)
		}
	}
}
