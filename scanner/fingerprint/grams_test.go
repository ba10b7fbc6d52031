package fingerprint

import (
	"reflect"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestCleanFragment puts a value into one text of a fragment after the other: the search for any hit, which knows the
// fields of nodes and edges by name, forgets none.
func TestCleanFragment(t *testing.T) {
	const value = "wq8Zk2mRt5Lx9Pbv"
	g := NewGate(testKey(t, 'k'))
	g.Add(artifact.Seal(value))
	f := inventory.Fragment{Nodes: make([]inventory.Node, 3), Edges: make([]inventory.Edge, 3)}
	count := 0
	var each func(v reflect.Value)
	each = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			count++
			v.SetString(value)
			if g.CleanFragment(&f) == 0 || v.String() == value {
				t.Errorf("text %d: the value is left in it", count)
			}
			v.SetString("x")
		case reflect.Struct:
			for i := range v.NumField() {
				each(v.Field(i))
			}
		case reflect.Slice:
			if v.Len() == 0 {
				v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			}
			for i := range v.Len() {
				each(v.Index(i))
			}
		}
	}
	each(reflect.ValueOf(&f.Nodes).Elem())
	each(reflect.ValueOf(&f.Edges).Elem())
	if count < 100 {
		t.Errorf("only %d texts were tried", count)
	}
}
