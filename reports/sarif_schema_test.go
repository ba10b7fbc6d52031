package reports

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	_ "github.com/owenrumney/go-sarif/v3/pkg/report/utils" // keeps the module, and so its schema, among the requirements
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestSARIFSchema: what is written is valid by the schema of SARIF 2.1.0 (errata 01), as the module go-sarif has it.
func TestSARIFSchema(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil || len(bytes.TrimSpace(dir)) == 0 {
		t.Skip("the module go-sarif is not downloaded: its copy of the schema is not used")
	}
	source, err := os.ReadFile(filepath.Join(string(bytes.TrimSpace(dir)), "pkg/report/v210/sarif/schema.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(source), "`")
	text = text[:strings.LastIndexByte(text, '`')]
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", schema); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	d := acmeDocument(t)
	f, _, err := Find("sarif")
	if err != nil {
		t.Fatal(err)
	}
	before := acmeDocument(t)
	for i, github := range []bool{false, true, false} {
		o := acmeOptions()
		o.GitHub = github
		if i == 2 {
			o.Baseline = &before
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, f, &d, o)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("within GitHub's limits %v: %v", github, err)
		}
	}
}

// TestSARIFBaseline: against an earlier map each result is new, unchanged, updated or absent.
func TestSARIFBaseline(t *testing.T) {
	d, before := acmeDocument(t), acmeDocument(t)
	before.Literals = slices.Clone(before.Literals[1:])
	before.Literals[0].Evidence.Line += 3
	gone := before.Literals[1]
	gone.Evidence.Path, gone.Slot = "removed.env", "dotenv:removed"
	before.Literals = append(before.Literals, gone)
	before.Findings = before.Findings[1:]
	o := acmeOptions()
	o.Baseline = &before
	f, _, err := Find("sarif")
	if err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(render(t, f, &d, o), &log); err != nil {
		t.Fatal(err)
	}
	states := map[string]int{}
	for _, run := range log.Runs {
		for _, r := range run.Results {
			kind, _, _ := strings.Cut(r.RuleID, "/")
			states[kind+" "+r.Baseline]++
			if absent := r.Baseline == baselineAbsent; absent != (len(r.Locations) > 0 && r.Locations[0].Physical.Artifact.URI == "removed.env") {
				t.Errorf("%s at %v is %s", r.RuleID, r.Locations, r.Baseline)
			}
		}
	}
	literals, findings := len(d.Literals), len(d.Findings)
	want := map[string]int{"secret new": 1, "secret updated": 1, "secret absent": 1,
		"secret unchanged": literals - 2 + len(d.Suppressed), "policy new": 1, "policy unchanged": findings - 1}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("states of the results (-want +got):\n%s", diff)
	}
}
