// Package reports draws an asset map: for people (terminal, HTML, Markdown, pictures) and for tools (JSON, SARIF,
// graph formats).
//
// One Document is computed once, by New; an encoder only draws it. If two encoders need the same number, it
// belongs in the document. An encoder is one file and one line in All.
//
// Labels come from scanned sources and are hostile: every encoder shows control, bidirectional and zero-width
// characters as escapes, and escapes the syntax of its own format. Formats that are made to be handed on (Shared)
// get a document without fingerprints and mail addresses, so that they cannot leak them; see Document.forSharing.
package reports

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/policy"
)

// Options are the wishes of one run. The zero value is a good choice.
type Options struct {
	Title    string           // title of the report, "" for one made from the sources
	Client   string           // for whom the report is made
	Version  string           // of this program, for formats that name their tool
	Now      time.Time        // the day that ages are counted to; zero for the time of the newest source
	Internal bool             // show fingerprints and mail addresses in formats made to be handed on
	GitHub   bool             // cut SARIF to the limits of GitHub code scanning
	Focus    string           // id of the one credential that pictures show, "" for those that the most depends on
	Template string           // text of the user's template, for the format "template"
	Findings []policy.Finding // what policy says of the map; nil when it was not asked
	Change   *policy.Change   // what the findings were compared with; nil when they are those of the whole map
	Plan     *plan.Plan       // runbooks of some credentials; nil when nothing was planned
	Calendar []plan.Event     // when the entries of the register are due
	Map      string           // path of the map, for what to type next; "" for the default one
	Baseline *Document        // an earlier map, for what is new and what is gone (sarif); nil for none
	Further  furtherFiles     // takes what does not fit in one file (mermaid); nil where there is but one
	Spec     string           // version of the format that was asked for, "" for its usual one
	Logo     []byte           // PNG or JPEG for the title page, nil for none
	Style    *Style           // how a PDF looks and what it says beside the facts; nil for our own look
}

// A format that does not fit in one file writes the others through Options.Further, whose number starts with 2.
type furtherFiles = func(number int, write func(io.Writer) error) error

// Format is one way to write a document.
type Format struct {
	ID        string // as given to report -f
	Title     string // what it is and for whom
	Extension string // with the dot
	Shared    bool   // made to be handed on: no fingerprints, no mail addresses unless Options.Internal
	Plans     bool   // shows runbooks: making Options.Plan for it is worth the time
	Write     func(w io.Writer, d *Document, o Options) error
}

// All returns every format: those for people first, then those for tools.
func All() []Format {
	return []Format{
		{"html", "the report to look at and hand on: one file, no network", ".html", true, true, shared(writeHTML)},
		{"markdown", "tables and pictures for GitHub and wikis", ".md", true, false, shared(writeMarkdown)},
		{"csv", "the table of credentials", ".csv", true, false, shared(writeCSV)},
		{"pdf", "the document for a client, with --client, --logo and --template", ".pdf", true, true, shared(writePDF)},
		{"xlsx", "the tables as a workbook", ".xlsx", true, false, shared(writeXLSX)},
		{"svg", "picture of what the most depends on, or of one credential", ".svg", true, false, shared(writeSVG)},
		{"png", "the same picture as points, for slides", ".png", true, false, shared(writePNG)},
		{"mermaid", "the same picture for Markdown", ".mmd", true, false, shared(writeMermaid)},
		{"dot", "the same picture for Graphviz", ".dot", true, false, shared(writeDOT)},
		{"json", "everything, schema rotamap/report/1", ".json", false, false, writeJSON},
		{"jsonl", "everything, one object on each line", ".jsonl", false, false, writeJSONL},
		{"sarif", "code scanning, SARIF 2.1.0", ".sarif", false, false, writeSARIF},
		{"junit", "test results for CI servers", ".xml", false, false, shown(writeJUnit)},
		{"gitlab", "GitLab secret detection, schema 15.0.4", ".json", false, false, shown(writeGitLab)},
		{"comment", "what a pull request adds, as a comment on it", ".md", true, false, shared(writeComment)},
		{"github", "annotations for GitHub Actions", ".txt", false, false, shown(writeGitHub)},
		{"graphml", "the whole graph for yEd and NetworkX", ".graphml", false, false, shown(writeGraphML)},
		{"gexf", "the whole graph for Gephi", ".gexf", false, false, shown(writeGEXF)},
		{"cytoscape", "the whole graph for Cytoscape", ".cyjs", false, false, shown(writeCytoscape)},
		{"opengraph", "the whole graph for BloodHound", ".json", false, false, shown(writeOpenGraph)},
		{"cypher", "the whole graph for Neo4j", ".cypher", false, false, shown(writeCypher)},
		{"neo4j", "the whole graph as CSV for neo4j-admin, in an archive", ".zip", false, false, shown(writeNeo4j)},
		{"cyclonedx", "CycloneDX 1.6; cyclonedx@1.7 for 1.7", ".cdx.json", false, false, shown(writeCycloneDX)},
		{"sqlite", "tables and the whole graph as a database", ".sqlite", false, false, shown(writeSQLite)},
		{"ics", "calendar: when the register's entries are due", ".ics", true, true, shared(writeICS)},
		{"backstage", "entities for a Backstage catalogue", ".yaml", true, false, shared(writeBackstage)},
		{"template", "your own Go template", ".txt", true, false, shared(writeTemplate)},
	}
}

// versions are the versions of formats that have several, the usual one first.
var versions = map[string][]string{"cyclonedx": {"1.6", "1.7"}}

// Find returns the format with the id, which may name a version: cyclonedx@1.7. version is "" for the usual one. The
// error lists the ids, or the versions, that there are.
func Find(id string) (f Format, version string, err error) {
	id, version, versioned := strings.Cut(id, "@")
	var ids []string
	for _, f := range All() {
		if f.ID == id {
			if versioned && !slices.Contains(versions[id], version) {
				return Format{}, "", fmt.Errorf("the format %s has no version %q; it has %s", id, version,
					cmp.Or(strings.Join(versions[id], ", "), "one only"))
			}
			return f, version, nil
		}
		ids = append(ids, f.ID)
	}
	return Format{}, "", fmt.Errorf("no report format is called %q; there are %s", id, strings.Join(ids, ", "))
}

// encoder writes a document.
type encoder func(w io.Writer, d *Document, o Options) error

// shown hands an encoder the document with every character visible.
func shown(write encoder) encoder {
	return func(w io.Writer, d *Document, o Options) error { return write(w, d.visible(), o) }
}

// shared hands an encoder the document as it may be handed on, with every character visible.
func shared(write encoder) encoder {
	return func(w io.Writer, d *Document, o Options) error {
		if o.Internal {
			return write(w, d.visible(), o)
		}
		return write(w, d.forSharing(), o)
	}
}
