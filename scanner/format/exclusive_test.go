package format_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
)

// corpus is the folder of real exports, unpacked; it is not part of the repository. CORPUS names another.
func corpus(t *testing.T) string {
	dir := os.Getenv("CORPUS")
	if dir == "" {
		dir = "../../../shared/corpus/unpacked"
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the corpus of real exports is not here; CORPUS names its folder")
	}
	return dir
}

// exportRows are the rows that read a whole file as one platform's export: no file is of two of them.
var exportRows = map[string]bool{
	"n8n": true, "n8n-credentials": true, "n8n-config": true, "node-red": true, "node-red-credentials": true,
	"node-red-settings": true, "make": true, "zapier": true, "power-automate": true,
	"power-automate-solution": true, "power-automate-variable": true, "logic-apps": true, "logic-apps-connections": true, "airflow": true, "airflow-connections": true,
	"postman": true, "postman-environment": true, "insomnia": true, "step-functions": true,
	"kestra": true, "workato": true, "workato-connection": true, "alertmanager": true, "prometheus": true,
	"grafana": true, "home-assistant": true, "home-assistant-secrets": true, "dbt-profiles": true,
	"salesforce-credential": true, "salesforce-apex": true, "airflow-yaml": true, "windmill": true, "windmill-resource": true,
	"windmill-variable": true, "huginn": true, "tines": true, "activepieces": true, "pipedream": true, "pipedream-component": true,
	"retool": true, "retool-resource": true, "uipath": true, "uipath-workflow": true, "prefect": true, "prefect-flow": true, "dagster": true,
	"dagster-instance": true, "apps-script": true, "airbyte": true,
}

// folderRows says what a file of a folder of the corpus may be, first the row that its exports are.
var folderRows = map[string][]string{
	"n8n": {"n8n"}, "make": {"make"}, "postman": {"postman", "postman-environment"}, "insomnia": {"insomnia"},
	"stepfunctions": {"step-functions"}, "kestra": {"kestra"}, "workato": {"workato", "workato-connection"},
	"powerautomate": {"power-automate", "logic-apps", "power-automate-solution", "power-automate-variable"}, "logicapps": {"logic-apps", "logic-apps-connections", "power-automate"},
	"nodered":      {"node-red", "node-red-credentials", "node-red-settings"},
	"alertmanager": {"alertmanager", "prometheus"}, "airflow": {"airflow", "airflow-connections"},
	"homeassistant": {"home-assistant", "home-assistant-secrets"}, "dbt": {"dbt-profiles"}, "salesforce": {"salesforce-credential"},
	"argo": {}, "engine-exports": {"n8n", "n8n-credentials", "n8n-config", "node-red", "node-red-credentials", "node-red-settings"},
}

// TestExclusive runs every file of the corpus past every export row: at most one claims it, and it is one of its
// folder's.
func TestExclusive(t *testing.T) {
	counts := map[string]int{}
	walkCorpus(t, func(folder string, a *artifact.Artifact) {
		var claims []string
		for _, row := range format.All() {
			if exportRows[row.ID] && row.Match(a) {
				claims = append(claims, row.ID)
			}
		}
		if len(claims) > 1 {
			t.Errorf("%s is claimed by %v", a.Path, claims)
		}
		if len(claims) == 0 {
			why := explained(a)
			if why == "" {
				t.Errorf("%s is of no row, and nothing says why", a.Path)
			}
			counts[folder+" none: "+why]++
			return
		}
		counts[folder+" "+claims[0]]++
		if !strings.Contains(" "+strings.Join(folderRows[folder], " ")+" ", " "+claims[0]+" ") {
			t.Errorf("%s is claimed by %s", a.Path, claims[0])
		}
	})
	logCounts(t, counts)
}

// otherFiles say why a file of the corpus is no export: what it is instead.
var otherFiles = []struct {
	why  string
	path *regexp.Regexp
}{
	{"settings of tools that repositories have", regexp.MustCompile(`/\.(github|pre-commit|prettierrc)|ORIGINS\.tsv$|/dbt_project\.yml$`)},
	{"the engine's own files, without a secret", regexp.MustCompile(`^engine-exports/.*(_in\.json|\.config\.runtime\.json|README.*)$`)},
	{"the rest of a package: it repeats the definition", regexp.MustCompile(`^powerautomate/.*(manifest\.json|(apis|connections)Map\.json|solution\.xml|\[Content_Types\]\.xml)$`)},
	{"a list of values without a sign of whose it is", regexp.MustCompile(`^airflow/.*/dev_(variables\.json|webserver_config\.py)$`)},
	{"settings of amtool, or of a client alone", regexp.MustCompile(`^alertmanager/.*/cli/config/testdata/`)},
	{"an answer of the API that holds no workflow", regexp.MustCompile(`^engine-exports/.*/api-v1-audit\.json$`)},
	{"an endpoint of an API, which refers to a recipe", regexp.MustCompile(`^workato/.*\.api_(endpoint|group)\.json$`)},
	{"configuration that names no secret and starts nothing", regexp.MustCompile(`^homeassistant/.*\.yaml$`)},
}

// explained says why a file that no export row claims is none: another row reads it, or it is no export.
func explained(a *artifact.Artifact) string {
	for _, row := range format.All() {
		if !exportRows[row.ID] && row.Match(a) {
			return "read as " + row.ID
		}
	}
	for _, o := range otherFiles {
		if o.path.MatchString(a.Path) {
			return o.why
		}
	}
	return ""
}

// TestCorpusParse parses every file that a row claims: none fails, and the references are counted for comparison
// with docs/verification.
func TestCorpusParse(t *testing.T) {
	counts := map[string]int{}
	walkCorpus(t, func(_ string, a *artifact.Artifact) {
		for _, row := range format.All() {
			if !exportRows[row.ID] || !row.Match(a) {
				continue
			}
			a.Siblings = siblings(t, row, a)
			f := artifact.NewFacts(a, row.ID)
			if err := row.Parse(a, f); err != nil {
				t.Logf("%s: %s: %v", row.ID, a.Path, err)
				counts[row.ID+" malformed"]++
			}
			count(counts, row.ID, f)
		}
	})
	logCounts(t, counts)
}

// count adds up what one file gave.
func count(counts map[string]int, row string, f *artifact.Facts) {
	counts[row+" files"]++
	counts[row+" references"] += f.Refs
	counts[row+" literals"] += len(f.Literals)
	counts[row+" skips"] += len(f.Skips)
	referring := map[string]bool{}
	stores := map[string]string{}
	for _, n := range f.Set.Nodes() {
		counts[row+" "+string(n.Kind)]++
		if n.Kind == inventory.Slot {
			stores[n.ID] = n.Attr(inventory.AttrStore)
		}
	}
	for _, e := range f.Set.Edges() {
		counts[row+" edge "+string(e.Kind)]++
		if e.Kind != inventory.PartOf && e.Kind != inventory.TalksTo {
			counts[row+" places of "+e.Rule] += len(e.Evidence)
		}
		if s := stores[e.To]; e.Kind == inventory.Reads && s != "inline" && !referring[s+e.From] {
			referring[s+e.From] = true
			counts[row+" nodes reading "+s]++
		}
	}
}

func walkCorpus(t *testing.T, visit func(folder string, a *artifact.Artifact)) {
	dir := corpus(t)
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		folder, _, _ := strings.Cut(rel, "/")
		if strings.HasSuffix(rel, ".zip") {
			walkZip(t, folder, rel, text, visit)
			return nil
		}
		text = []byte(strings.ToValidUTF8(strings.TrimPrefix(string(text), "\uFEFF"), "?"))
		visit(folder, &artifact.Artifact{Source: "corpus", Path: rel, Content: text, State: inventory.Head})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// walkZip visits the files of an archive, under the paths that the sweep gives them.
func walkZip(t *testing.T, folder, rel string, text []byte, visit func(string, *artifact.Artifact)) {
	r, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range r.File {
		file, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		inner, err := io.ReadAll(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(inner) == 0 {
			continue
		}
		content := []byte(strings.ToValidUTF8(strings.TrimPrefix(string(inner), "\uFEFF"), "?"))
		visit(folder, &artifact.Artifact{Source: "corpus", Path: rel + "!/" + entry.Name, Content: content, State: inventory.Head})
	}
}

// siblings loads the files that the row asks for beside one of the corpus.
func siblings(t *testing.T, row artifact.Format, a *artifact.Artifact) map[string]*artifact.Artifact {
	if row.Siblings == nil {
		return nil
	}
	out := map[string]*artifact.Artifact{}
	for _, pattern := range row.Siblings(a) {
		paths, err := filepath.Glob(filepath.Join(corpus(t), filepath.FromSlash(a.Dir()), filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range paths {
			text, err := os.ReadFile(p)
			rel, relErr := filepath.Rel(corpus(t), p)
			if err != nil || relErr != nil {
				continue
			}
			rel = filepath.ToSlash(rel)
			out[rel] = &artifact.Artifact{Source: a.Source, Path: rel, Content: text, State: a.State}
		}
	}
	return out
}

func logCounts(t *testing.T, counts map[string]int) {
	var keys []string
	for k := range counts {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		t.Logf("%6d %s", counts[k], k)
	}
}
