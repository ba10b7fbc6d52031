package inventory_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

// TestEncodeIsJSON: what is written by hand says the same as what the encoder of the standard library writes, for every
// field of the map.
func TestEncodeIsJSON(t *testing.T) {
	if n := reflect.TypeFor[inventory.Fragment]().NumField(); n != 12 {
		t.Fatalf("a fragment has %d fields: Encode writes twelve by name, add the new one there", n)
	}
	evidence := []inventory.Evidence{{Source: "a", Path: "x<y>&\u2028.json", Line: 3}}
	full := inventory.Map{Schema: inventory.Schema, Fragments: []inventory.Fragment{
		{Source: "a", Kind: "git", Revision: "r", Time: "2026-01-01T00:00:00Z", KeyID: "k", PreviousKeyID: "o", Hash: "h",
			Commits:  []inventory.Commit{{ID: "c", Time: "2026-01-01T00:00:00Z"}, {ID: "d", Time: "x"}},
			Nodes:    []inventory.Node{{ID: "n", Kind: inventory.Slot, Name: "\"q\"", Evidence: evidence}, {ID: "m"}},
			Edges:    []inventory.Edge{{From: "n", To: "m", Kind: inventory.Reads, Evidence: evidence}},
			Mentions: []inventory.Mention{{Name: "N_M", Evidence: evidence}, {Name: "nM"}}},
		{Source: "b", Nodes: []inventory.Node{}, Edges: nil},
	}}
	for _, m := range []inventory.Map{full, {}, {Schema: "s", Fragments: []inventory.Fragment{}}} {
		var ours bytes.Buffer
		if err := m.Encode(&ours); err != nil {
			t.Fatal(err)
		}
		theirs, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var a, b any
		if err := json.Unmarshal(ours.Bytes(), &a); err != nil {
			t.Fatalf("%v in:\n%s", err, ours.String())
		}
		if err := json.Unmarshal(theirs, &b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("they differ:\n%s\n%s", ours.String(), theirs)
		}
	}
}
