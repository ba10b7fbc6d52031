package tree

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// samples are texts that the quick reader must read as the library does, or leave to it.
var samples = []string{
	`{"a": 1, "b": [true, false, null, -0.5e+3, 0, 10E2], "c": {"d": "e"}}`, "[]", "{}", "[{}]\n{\"x\":\n  [\n1,2]\n}\n",
	`{"a":"\"\\\/\b\f\n\r\t","b":"\u0041\u00e9\ud83d\ude00","ü":"é"}`, `{"a":1,"a":2}`, `{"x":"\ud800"}`, `{"x":"\ud800\u0041"}`,
	`{"x":"` + "\xff" + `"}`, `{"x":"` + "\t" + `"}`, `{"x":"\q"}`, `{"x":"\u12"}`, `{"x":"\u+123"}`, `{"a":01}`, `{"a":1.}`, `{"a":-}`,
	`{"a":1,}`, `[1,]`, `[1 2]`, `{"a" 1}`, `{a:1}`, `[tru]`, `[truex]`, `[nul`, `{"a":`, `"a"`, `1 2`, `{} 1`, `{},{}`, `[]]`, ``, ` `, "\n{",
	`{"a":1e}`, `[1.5.2]`, `[+1]`, `[.5]`, "{\r\n\t\"a\"\r\n:\r\n1\r\n}", `{"":""}`, `["\u0000"]`, `["` + "\x7f" + `"]`, `{"a":"b`, `{"a\`, `["\`,
	strings.Repeat("[", maxDepth+2) + strings.Repeat("]", maxDepth+2), strings.Repeat("[", 500) + strings.Repeat("]", 500),
	`{"list":[` + strings.Repeat(`{"k":"v"},`, 300) + `0]}`,
}

func TestJSONReadersAgree(t *testing.T) {
	quick := 0
	for _, s := range samples {
		if agree(t, s) {
			quick++
		}
	}
	if quick < 12 {
		t.Errorf("the quick reader read %d samples: it leaves plain text to the library", quick)
	}
}

// agree compares the quick reader with the library; it reports whether the quick one read the text.
func agree(t *testing.T, text string) bool {
	t.Helper()
	_ = (&reader{lenient: true}).read([]byte(text)) // must end
	got := new(reader).read([]byte(text))
	if got == nil {
		return false
	}
	want, err := strictJSON([]byte(text))
	if err != nil {
		t.Fatalf("%q was read although the library says %v", text, err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q is read in two ways", text)
	}
	return true
}

func TestJSONAsPeopleWriteIt(t *testing.T) {
	docs, err := JSON([]byte("// a comment\n{ /* over\n two lines */ \"a\": {{ .Values.port }}, // why\n \"b\": [1, {{x}}, ],\n}\n/* end */"))
	if err != nil || len(docs) != 1 {
		t.Fatal(docs, err)
	}
	root := docs[0]
	if a := root.Get("a"); a.Str() != "{{ .Values.port }}" || a.Line != 3 || a.Column != 20 {
		t.Errorf("an expression is %+v", a)
	}
	if b := root.Get("b"); len(b.Items) != 2 || b.Items[1].Str() != "{{x}}" || b.Items[1].Line != 4 {
		t.Errorf("a list is %+v", b)
	}
	for _, text := range []string{"{{ all }}", "{{ a }} text", `{"a": {{ b }`, `{"a": /* open`, `{,}`, `[,]`, `[1,,]`, `{"a" // b`, `{"a": {{b}}x}`, "[section]\nkey=1"} {
		if docs, err := JSON([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, docs[0])
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, s := range samples {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) { agree(t, text) })
}

func BenchmarkJSON(b *testing.B) {
	text := []byte(`[` + strings.Repeat(`{"name": "Get rows", "type": "n8n-nodes-base.postgres", "position": [120, -40.5],
  "parameters": {"query": "select *\nfrom orders", "options": {}}, "credentials": {"postgres": {"id": "1", "name": "Orders"}}},
`, 500) + `{}]`)
	for name, read := range map[string]func([]byte) ([]*Node, error){"quick": JSON, "library": strictJSON} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := read(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkMalformed reads a long line of maps that is no JSON at its very end: its speed must not fall with its length.
func BenchmarkMalformed(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		text := []byte("[" + strings.Repeat(`{"a": {"b": 1}},`, n) + "x]")
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := JSON(text); err == nil {
					b.Fatal("it was read")
				}
			}
		})
	}
}
