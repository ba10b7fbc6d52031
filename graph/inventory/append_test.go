package inventory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"testing"
)

// TestAppenderIsJSON: what the appender writes is what encoding/json writes, byte for byte, field for field.
func TestAppenderIsJSON(t *testing.T) {
	for kind, want := range map[reflect.Type]int{reflect.TypeFor[Evidence](): 8, reflect.TypeFor[Seen](): 3, reflect.TypeFor[Attr](): 6,
		reflect.TypeFor[Node](): 5, reflect.TypeFor[Edge](): 7} {
		if n := kind.NumField(); n != want {
			t.Fatalf("%v has %d fields, the appender writes %d: add the new one there", kind, n, want)
		}
	}
	f := awkward()
	for i := range f.Nodes {
		sameJSON(t, f.Nodes[i], func(a *appender) { a.node(&f.Nodes[i]) })
	}
	for i := range f.Edges {
		sameJSON(t, f.Edges[i], func(a *appender) { a.edge(&f.Edges[i]) })
	}
	for _, f := range []Fragment{f, {Source: "a"}, {Source: `x "nodes":null`, Nodes: []Node{}, Edges: []Edge{}}} {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		if err := f.Seal(); err != nil || f.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("the hash of %q is not that of its JSON: %v", f.Source, err)
		}
	}
}

func sameJSON(t *testing.T, v any, write func(*appender)) {
	t.Helper()
	for _, html := range []bool{true, false} {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(html)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		a := &appender{twice: html}
		a.block(0, 1, func(int) { write(a) })
		ours := a.b
		if html {
			a.each(func(text []byte) { ours = text })
		}
		if string(ours)+"\n" != want.String() {
			t.Errorf("ours:   %s\ntheirs: %s", ours, want.String())
		}
	}
}

// FuzzString: any string is written as encoding/json writes it.
func FuzzString(f *testing.F) {
	for _, s := range []string{"", "plain text of some length", "tab\tand \"quotes\" far behind", "\x00\x7f\b\f", "\xffü\u2028\u2029\ufffd", "<a>&\\"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(s); err != nil {
			t.Fatal(err)
		}
		var a appender
		if a.string(s); string(a.b)+"\n" != want.String() {
			t.Errorf("%q: ours %s, theirs %s", s, a.b, want.String())
		}
	})
}

// awkward is a fragment whose fields are all set, with every kind of character in them.
func awkward() Fragment {
	text := "a\"b\\c<d>&e\x00\x1f\n\t\u2028ü\U0001f600"
	places := []Evidence{{Source: "a", Path: text, Line: 1, Column: 2, Commit: "c", Pointer: "p", State: Branch,
		Seen: SeenAt([]string{"x", "<y>"}, "f", "l")}, {Source: "\xff", Path: "ü"}, {Path: "a\u2029"}}
	attrs := []Attr{{Key: AttrTag, Value: text, Detail: "d", Rule: "r", Confidence: High, Evidence: places}, {}}
	return Fragment{Source: text, Kind: "k", Coverage: Coverage{Notes: []string{text}},
		Nodes: []Node{{ID: text, Kind: Slot, Name: "<", Attrs: attrs, Evidence: places}, {}},
		Edges: []Edge{{From: "a", To: text, Kind: Reads, Rule: "r", Confidence: Low, Attrs: attrs, Evidence: places}, {}}}
}
