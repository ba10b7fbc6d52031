package plan

import (
	"encoding"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph"
)

// TestSchemas keeps docs/schemas in step with the types that are printed as JSON; -update writes them.
func TestSchemas(t *testing.T) {
	for name, v := range map[string]any{"plan": Plan{}, "diff": Diff{}, "verify": Verified{}, "watch": Progress{}} {
		root := map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "rotamap/" + name + "/1"}
		for k, x := range schemaOf(reflect.TypeOf(v)) {
			root[k] = x
		}
		text, err := json.MarshalIndent(root, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		path, got := "../../docs/schemas/"+name+".json", string(text)+"\n"
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
			t.Errorf("%s (go test ./graph/plan -update)\n%s", path, diff)
		}
	}
}

var textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()

// schemaOf describes a type as encoding/json writes it. A null stands only where a pointer does.
func schemaOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return map[string]any{"anyOf": []any{schemaOf(t.Elem()), map[string]any{"type": "null"}}}
	case t.Implements(textMarshaler), t.Kind() == reflect.String:
		return map[string]any{"type": "string"}
	case t.Kind() == reflect.Bool:
		return map[string]any{"type": "boolean"}
	case t.Kind() == reflect.Int:
		return map[string]any{"type": "integer"}
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem())}
	}
	properties, required := map[string]any{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		properties[name] = schemaOf(f.Type)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	return map[string]any{"type": "object", "additionalProperties": false, "properties": properties, "required": required}
}

// TestNoNullLists: what the schema calls a list is one, even when it is empty.
func TestNoNullLists(t *testing.T) {
	g := graphOf(t, "source s\nslot gh:acme/shop/KEY\n")
	c, err := g.Find("KEY")
	if err != nil {
		t.Fatal(err)
	}
	p := New(g, []*graph.Credential{c}, nil, Options{Now: now})
	a, err := txtar.ParseFile("../../testdata/plan/company.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{p, planOf(t, a), Compare(g, g), Verify(g, g, c), Follow(&p.Rotations[0], nil, now, now)} {
		nullLists(t, reflect.ValueOf(v), reflect.TypeOf(v).Name())
	}
}

func nullLists(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			nullLists(t, v.Elem(), path)
		}
	case reflect.Slice:
		if v.IsNil() {
			t.Errorf("%s is null", path)
		}
		for i := range v.Len() {
			nullLists(t, v.Index(i), path+"[]")
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			tag := v.Type().Field(i).Tag.Get("json")
			if tag != "" && tag != "-" && !strings.HasSuffix(tag, ",omitempty") {
				nullLists(t, v.Field(i), path+"."+v.Type().Field(i).Name)
			}
		}
	}
}
