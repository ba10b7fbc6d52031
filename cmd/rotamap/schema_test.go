package main

import (
	"bytes"
	"context"
	"encoding"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/reports"
)

// The schemas of what prints JSON, made from the types that print it; those of plan, diff, verify and watch are made
// in graph/plan.
const schemaDir = "../../docs/schemas"

func schemaTypes() map[string]any {
	return map[string]any{"map": inventory.Map{}, "list": listing{}, "impact": graph.Impact{}, "check": checkResult{},
		"explanation": graph.Explanation{}, "report": reports.Document{}}
}

// listed are the types of the items of a list.
var listed = []reflect.Type{reflect.TypeFor[graph.Credential](), reflect.TypeFor[graph.Slot](), reflect.TypeFor[graph.Automation](),
	reflect.TypeFor[graph.Named](), reflect.TypeFor[graph.SkippedIn]()}

// TestSchemas keeps docs/schemas in step with the types; -update writes them.
func TestSchemas(t *testing.T) {
	for name, v := range schemaTypes() {
		d := described{}
		root := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "rotamap/" + name + "/1",
			"$ref": d.of(reflect.TypeOf(v))["$ref"], "$defs": map[string]any(d)}
		if name == "list" {
			items := []any{}
			for _, x := range listed {
				items = append(items, d.of(x))
			}
			d["main.listing"].(map[string]any)["properties"].(map[string]any)["items"] = map[string]any{"type": "array", "items": map[string]any{"anyOf": items}}
		}
		text, err := json.MarshalIndent(root, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		path, got := filepath.Join(schemaDir, name+".json"), string(text)+"\n"
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (go test ./cmd/rotamap -run TestSchemas -update)\n%s", path, diff)
		}
	}
}

// described are the definitions of a schema, by the name of their type.
type described map[string]any

// of describes a type as encoding/json writes it; a struct by its name. A null stands only where a pointer does.
func (d described) of(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return map[string]any{"anyOf": []any{d.of(t.Elem()), map[string]any{"type": "null"}}}
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return map[string]any{"type": "string"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": d.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.of(t.Elem())}
	case reflect.Struct:
		return d.structure(t)
	case reflect.Interface:
		return map[string]any{}
	}
	return map[string]any{"type": "integer"}
}

func (d described) structure(t reflect.Type) map[string]any {
	name := t.String()
	if _, ok := d[name]; !ok {
		properties, required := map[string]any{}, []string{}
		d[name] = map[string]any{"type": "object", "additionalProperties": false, "properties": properties}
		for _, f := range reflect.VisibleFields(t) {
			tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if tag == "" || tag == "-" {
				continue
			}
			properties[tag] = d.of(f.Type)
			if !strings.Contains(options, "omitempty") {
				required = append(required, tag)
			}
		}
		d[name].(map[string]any)["required"] = required
	}
	return map[string]any{"$ref": "#/$defs/" + name}
}

// TestSchemasHold: what the commands print for the sample company is what the schemas say.
func TestSchemasHold(t *testing.T) {
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	dir := filepath.Join(t.TempDir(), "demo")
	output(t, "demo", "-o", dir, "-q")
	asset := filepath.Join(dir, "rotamap.json")
	text, err := os.ReadFile(asset)
	if err != nil {
		t.Fatal(err)
	}
	holds(t, "map", text)
	for _, k := range listKinds {
		holds(t, "list", output(t, "list", k.name, asset, "--json"))
	}
	holds(t, "impact", output(t, "impact", "SLACK_BOT_TOKEN", asset, "--json"))
	holds(t, "plan", output(t, "plan", "SLACK_BOT_TOKEN", asset, "--json"))
	holds(t, "check", output(t, "check", asset, "--json"))
	holds(t, "diff", output(t, "diff", asset, asset, "--json"))
	holds(t, "verify", output(t, "verify", "SLACK_BOT_TOKEN", "--before", asset, asset, "--json"))
	holds(t, "report", output(t, "report", "-f", "json", asset))
	holds(t, "explanation", output(t, "explain", "gh:acme/shop/STRIPE_API_KEY", asset, "--json"))
}

// output runs a command that may find something, and returns what it prints.
func output(t *testing.T, args ...string) []byte {
	t.Helper()
	var out, complaints bytes.Buffer
	if code := run(context.Background(), args, strings.NewReader(""), &out, &complaints); code != exitDone && code != exitFindings {
		t.Fatalf("rotamap %s: exit code %d\n%s", strings.Join(args, " "), code, &complaints)
	}
	return out.Bytes()
}

// holds validates a text by a schema of docs/schemas.
func holds(t *testing.T, name string, text []byte) {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join(schemaDir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if got := v.(map[string]any)["schema"]; got != "rotamap/"+name+"/1" {
		t.Errorf("%s says that it is %v", name, got)
	}
}
