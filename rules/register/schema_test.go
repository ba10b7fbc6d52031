package register

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// schema is as much of a JSON Schema as names keys.
type schema struct {
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
}

// TestSchema: docs/schemas/register.json knows the keys that Parse knows, in every table.
func TestSchema(t *testing.T) {
	text, err := os.ReadFile("../../docs/schemas/register.json")
	if err != nil {
		t.Fatal(err)
	}
	var root schema
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	compareKeys(t, root, nil)
}

func compareKeys(t *testing.T, s schema, table []string) {
	t.Helper()
	if s.Items != nil {
		s = *s.Items
	}
	if len(s.Properties) == 0 {
		return
	}
	want := keysOf(table)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(s.Properties))); diff != "" {
		t.Errorf("table %v\n%s", table, diff)
	}
	for key, inner := range s.Properties {
		compareKeys(t, inner, append(slices.Clone(table), key))
	}
}
