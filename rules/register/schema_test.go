package register

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"
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

// TestSchemaTakesRegisters: the schema takes what Parse takes (the example of docs/register.md, the register of the sample
// company, one with every field), and refuses what Parse refuses.
func TestSchemaTakesRegisters(t *testing.T) {
	compiled, err := jsonschema.NewCompiler().Compile("../../docs/schemas/register.json")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/register.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```toml\n")
	example, _, _ = strings.Cut(example, "```")
	company, err := txtar.ParseFile("../../testdata/acme.txtar")
	if err != nil {
		t.Fatal(err)
	}
	good := []string{example, everyField}
	for _, f := range company.Files {
		if f.Name == "rotamap.toml" {
			good = append(good, string(f.Data))
		}
	}
	if len(good) != 3 {
		t.Fatal("the sample company has no register")
	}
	for _, text := range good {
		if _, err := Parse("rotamap.toml", []byte(text)); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if err := compiled.Validate(decoded(t, text)); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
	for _, text := range []string{"[[credential]]\nname = \"a\"\nslots = [\"gh:x/y/Z\"]\nowners = \"me\"\n",
		"[[credential]]\nslots = [\"gh:x/y/Z\"]\n", "[limits]\nautomations = \"many\"\n", "[[accept]]\nrule = \"*\"\nuntil = \"soon\"\n"} {
		_, err := Parse("rotamap.toml", []byte(text))
		if bad := compiled.Validate(decoded(t, text)); err == nil || bad == nil {
			t.Errorf("Parse says %v, the schema %v of\n%s", err, bad, text)
		}
	}
}

// decoded is a TOML text as a JSON value; dates are strings, as editors show them to a schema.
func decoded(t *testing.T, text string) any {
	t.Helper()
	var raw map[string]any
	if _, err := toml.Decode(text, &raw); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(dates(raw))
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func dates(v any) any {
	switch x := v.(type) {
	case time.Time:
		return x.Format(time.DateOnly)
	case map[string]any:
		for k := range x {
			x[k] = dates(x[k])
		}
	case []map[string]any:
		out := []any{}
		for _, m := range x {
			out = append(out, dates(m))
		}
		return out
	case []any:
		for i := range x {
			x[i] = dates(x[i])
		}
	}
	return v
}

const everyField = `
[[credential]]
name = "deploy"
slots = ["gh:acme/shop/DEPLOY_TOKEN"]
owner = "@acme/platform"
purpose = "deploys"
environment = "production"
service = "github"
kind = "password"
interval = "90d"
last_rotated = 2026-09-01
expires = 2027-09-01
approvers = ["kim", "lee"]
window = {days = ["sat", "sun"], from = "20:00", to = "23:30", timezone = "Europe/Berlin"}
blackout = [{from = 2026-11-27, to = 2026-11-30, why = "Black Friday", timezone = "America/New_York"}]
rollback = "put the old one back"
verify = "the next deployment"
contact = "#platform"
notes = "ask first"
values = [{fp = "hs1:aaaa:bbbb", since = 2026-01-01, until = 2026-09-01, key = "aaaa"}]

[[team]]
name = "@acme/platform"
contact = "#platform"
members = ["kim"]

[[alias]]
id = "pG4orders0000001"
name = "Orders"
owner = "@acme/data"

[[store]]
id = "gh-org:acme"
level = "organisation"
names = ["NPM_*"]

[[environment]]
path = "github.com/acme/*/live/**"
name = "production"

[[accept]]
rule = "hard-coded-*"
match = "inline:github.com/acme/shop/test/**"
reason = "an emulator"
owner = "@acme/shop"
until = 2027-01-31

[[blackout]]
from = 2026-12-20
to = 2027-01-02
why = "Christmas"

[business]
days = ["mon", "fri"]
from = "08:00"
to = "18:00"
timezone = "Europe/Berlin"

[limits]
automations = 5
temporary = "60d"
expiring = "14d"

[scan]
exclude = ["vendor/**"]
history = true
archives = false
dependencies = false

[fingerprint]
salt = "00112233445566778899aabbccddeeff"
time = 3
memory = 65536
threads = 4
`
