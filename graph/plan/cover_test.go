package plan

import (
	"reflect"
	"slices"
	"testing"
)

// TestCasesCover: every section of a plan, every field of a rotation and of what hangs on it is drawn by a case of
// testdata/plan, every phase of a step too; a window that is not quiet is among them.
func TestCasesCover(t *testing.T) {
	var titles, phases []string
	seen := map[string]bool{}
	noisy := false
	for _, p := range casePlans(t) {
		note(seen, "Plan", reflect.ValueOf(p))
		for i := range p.Rotations {
			r := &p.Rotations[i]
			noisy = noisy || !r.Window.Quiet
			for _, s := range sections(r) {
				titles = append(titles, s.title)
			}
			for _, s := range r.Steps {
				phases = append(phases, s.Phase)
			}
		}
	}
	for _, s := range allSections(&Rotation{}) {
		if !slices.Contains(titles, s.title) {
			t.Errorf("no case of testdata/plan draws the section %q", s.title)
		}
	}
	for _, phase := range []string{PhaseBefore, PhaseRehearsal, PhaseWindow, PhaseSoak, PhaseAfter} {
		if !slices.Contains(phases, phase) {
			t.Errorf("no case of testdata/plan has a step of the phase %q", phase)
		}
	}
	if !noisy {
		t.Error("no case of testdata/plan has a window that is not quiet")
	}
	for _, name := range fieldsOf("Plan", reflect.TypeFor[Plan](), map[reflect.Type]bool{}) {
		if !seen[name] && !elsewhere[name] {
			t.Errorf("no case of testdata/plan fills %s", name)
		}
	}
}

// elsewhere are the fields that other tests fill.
var elsewhere = map[string]bool{"Subject.Chosen": true} // testdata/script/plan.txtar

// note marks the fields of a value that are not empty, under the name of their type.
func note(seen map[string]bool, name string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			note(seen, name, v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			note(seen, name, v.Index(i))
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[Plan]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			f := v.Field(i)
			if !f.IsZero() && (f.Kind() != reflect.Slice || f.Len() > 0) {
				seen[v.Type().Name()+"."+v.Type().Field(i).Name] = true
			}
			note(seen, name, f)
		}
	}
}

// fieldsOf lists the fields of a type of this package and of the types in it.
func fieldsOf(name string, t reflect.Type, done map[reflect.Type]bool) []string {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Plan]().PkgPath() || done[t] {
		return nil
	}
	done[t] = true
	var out []string
	for i := range t.NumField() {
		out = append(out, t.Name()+"."+t.Field(i).Name)
		out = append(out, fieldsOf(name, t.Field(i).Type, done)...)
	}
	return out
}
