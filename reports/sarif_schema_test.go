package reports

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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
	f, err := Find("sarif")
	if err != nil {
		t.Fatal(err)
	}
	for _, github := range []bool{false, true} {
		o := acmeOptions()
		o.GitHub = github
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(render(t, f, &d, o)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("within GitHub's limits %v: %v", github, err)
		}
	}
}
