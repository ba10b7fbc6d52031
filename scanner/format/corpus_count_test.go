package format_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
)

// independent are counts of the corpus that a script of docs/verification makes in another way, and the sum of ours
// that must be the same.
var independent = []struct {
	script  string
	folders []string
	labels  []string // lines of the script's output that are added up
	ours    string   // of count
}{
	{"n8n.py", []string{"n8n", "engine-exports"}, []string{"nodes with credentials"}, "n8n nodes reading n8n"},
	{"make.py", []string{"make"}, []string{"modules with connections"}, "make nodes reading make"},
	{"powerautomate.py", []string{"powerautomate"}, []string{"steps with connections"}, "power-automate nodes reading power-automate"},
	{"postman.py", []string{"postman"}, []string{"folders and requests"}, "postman part"},
	{"workato.py", []string{"workato"}, []string{"connections named by recipes", "steps with a connection"}, "workato nodes reading workato"},
	{"airflow.py", []string{"airflow"}, []string{"tasks"}, "airflow part"},
	{"airflow.py", []string{"airflow"}, []string{"variables read"}, "airflow places of airflow-variable"},
	{"airflow.py", []string{"airflow"}, []string{"connections named"}, "airflow places of airflow-connection"},
	{"alertmanager.py", []string{"alertmanager"}, []string{"receivers"}, "alertmanager part"},
	{"kestra.py", []string{"kestra"}, []string{"secrets named"}, "kestra references"},
}

// TestCorpusCounts compares what was found in the corpus with the scripts, wherever both are at hand.
func TestCorpusCounts(t *testing.T) {
	dir := corpus(t)
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("python3 is not here: the scripts of docs/verification cannot count")
	}
	counts := map[string]int{}
	walkCorpus(t, func(_ string, a *artifact.Artifact) {
		for _, row := range format.All() {
			if exportRows[row.ID] && row.Match(a) {
				a.Siblings = siblings(t, row, a)
				f := artifact.NewFacts(a, row.ID)
				if err := row.Parse(a, f); err == nil {
					count(counts, row.ID, f)
				}
			}
		}
	})
	outputs := map[string]string{}
	for _, c := range independent {
		sum := 0
		for _, folder := range c.folders {
			key := c.script + " " + folder
			if _, ok := outputs[key]; !ok {
				out, err := exec.Command(python, filepath.Join("../../docs/verification", c.script), filepath.Join(dir, folder)).CombinedOutput()
				if err != nil {
					t.Fatalf("%s: %v\n%s", key, err, out)
				}
				outputs[key] = string(out)
			}
			for _, label := range c.labels {
				m := regexp.MustCompile(`(?m)^\s*(\d+) ` + regexp.QuoteMeta(label) + `$`).FindStringSubmatch(outputs[key])
				if m == nil {
					t.Fatalf("%s does not count %q", key, label)
				}
				n, err := strconv.Atoi(m[1])
				if err != nil {
					t.Fatal(err)
				}
				sum += n
			}
		}
		if counts[c.ours] != sum {
			t.Errorf("%s: %d, and %s counts %d", c.ours, counts[c.ours], c.script, sum)
		}
	}
}
