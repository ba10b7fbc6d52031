package register

import (
	"reflect"
	"slices"
	"strings"
)

// keysOf lists the keys that a table of the register knows, in the order of the struct.
func keysOf(table []string) []string {
	t := reflect.TypeFor[Register]()
	for _, name := range table {
		f, ok := field(t, name)
		if !ok {
			return nil
		}
		t = f
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
	}
	var out []string
	if t.Kind() == reflect.Struct {
		for i := range t.NumField() {
			if tag := t.Field(i).Tag.Get("toml"); tag != "" && tag != "-" {
				out = append(out, tag)
			}
		}
	}
	return out
}

func field(t reflect.Type, key string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("toml") == key {
			return t.Field(i).Type, true
		}
	}
	return nil, false
}

// nearest returns the known word that differs from a word by a slip of the hand, "" for none.
func nearest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < least {
			best, least = k, d
		}
	}
	if i := slices.IndexFunc(known, func(k string) bool { return k+"s" == word || word+"s" == k }); i >= 0 {
		return known[i]
	}
	return best
}

// Distance counts the slips of the hand between two names: insertions, deletions and replacements.
func Distance(a, b string) int { return distance(a, b) }

// distance counts the insertions, deletions and replacements between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
