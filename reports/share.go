package reports

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// mail finds mail addresses.
var mail = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)

// visible returns the document with every character of every text visible. See Plain.
func (d *Document) visible() *Document { return d.through(Plain) }

// forSharing returns the document as it may be handed on: every fingerprint, wherever it stands in a text, is the
// report-local label of its value, and every mail address is a number. Every character is visible.
func (d *Document) forSharing() *Document {
	prints, mails := d.printLabels(), d.mailLabels()
	out := d.through(func(s string) string {
		if s = Plain(s); strings.Contains(s, "@") {
			s = mail.ReplaceAllStringFunc(s, func(m string) string { return cmp.Or(mails[m], "mail-000") })
		}
		return prints.Replace(s)
	})
	out.KeyIDs = []string{}
	return out
}

// printLabels replaces the fingerprints of all values of the map by labels.
func (d *Document) printLabels() *strings.Replacer {
	labels := map[string]string{}
	for _, l := range d.Literals {
		labels[l.Fingerprint] = l.Label
	}
	var pairs []string
	for _, n := range d.g.Nodes(inventory.Value) {
		prints := []string{strings.TrimPrefix(n.ID, inventory.ValueID(""))}
		for _, key := range []inventory.AttrKey{inventory.AttrAlso, inventory.AttrWas} {
			for _, a := range n.All(key) {
				prints = append(prints, a.Value)
			}
		}
		for _, p := range prints {
			if p == "" {
				continue
			}
			if labels[p] == "" && p == n.Attr(inventory.AttrWas) {
				labels[p] = labels[prints[0]] // the same value
			}
			if labels[p] == "" {
				labels[p] = fmt.Sprintf("V-%03d", len(labels)+1)
			}
			pairs = append(pairs, p, labels[p])
		}
	}
	return strings.NewReplacer(pairs...)
}

// mailLabels numbers all mail addresses of the map, in alphabetical order.
func (d *Document) mailLabels() map[string]string {
	found := map[string]bool{}
	look := func(s string) {
		if strings.Contains(s, "@") {
			for _, m := range mail.FindAllString(Plain(s), -1) {
				found[m] = true
			}
		}
	}
	visit(reflect.ValueOf(*d), look)
	for _, n := range d.g.Nodes("") {
		visit(reflect.ValueOf(*n), look)
	}
	all := make([]string, 0, len(found))
	for m := range found {
		all = append(all, m)
	}
	slices.Sort(all)
	out := make(map[string]string, len(all))
	for i, m := range all {
		out[m] = fmt.Sprintf("mail-%03d", i+1)
	}
	return out
}

// through returns a copy of the document in which every text passed a function.
func (d *Document) through(show func(string) string) *Document {
	known := map[string]string{}
	remembered := func(s string) string {
		out, ok := known[s]
		if !ok {
			out = show(s)
			known[s] = out
		}
		return out
	}
	out := rewrite(*d, remembered)
	out.show = remembered
	out.number()
	return &out
}

// rewrite returns a deep copy of a value in which every exported text passed a function. It is done by reflection
// so that no field can be forgotten.
func rewrite[T any](v T, show func(string) string) T {
	out, ok := rewritten(reflect.ValueOf(v), show).Interface().(T)
	if !ok {
		return v
	}
	return out
}

// visit shows a function every exported text of a value.
func visit(v reflect.Value, look func(string)) {
	switch v.Kind() {
	case reflect.String:
		look(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), look)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), look)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				visit(v.Field(i), look)
			}
		}
	}
}

func rewritten(v reflect.Value, show func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(show(v.String()))
	case reflect.Slice:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(rewritten(v.Index(i), show))
		}
	case reflect.Pointer:
		if v.IsNil() {
			return out
		}
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(rewritten(v.Elem(), show))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out.Field(i).Set(rewritten(v.Field(i), show))
			}
		}
	}
	return out
}
