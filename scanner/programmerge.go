package scanner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// importRoom is how many programs and imports a worker gathers before those that are the same are put together.
const importRoom = 1 << 13

// compactImports puts the same imports together, and of those at the heads of branches keeps what their edges would.
func (w *worker) compactImports() {
	if len(w.programs)+len(w.imports) < max(importRoom, w.denser) {
		return
	}
	slices.Sort(w.programs)
	w.programs = slices.Compact(w.programs)
	w.imports = mergeImports(w.imports)
	w.denser = 2 * (len(w.programs) + len(w.imports))
}

// mergeImports puts the same imports together, in order. Most of those at the heads of branches are the same, so they are grouped before
// what is left of them is sorted.
func mergeImports(list []programImport) []programImport {
	type said struct{ from, path, takes string }
	number := make(map[said]int)
	var first, last []int // places in the list, by group
	next := make([]int, len(list))
	for n := range list {
		i := &list[n]
		k := said{i.from, i.path, i.takes}
		g, ok := number[k]
		if !ok {
			number[k] = len(first)
			first, last = append(first, n), append(last, n)
		} else {
			next[last[g]], last[g] = n, n
		}
		next[n] = -1
	}
	var out, same []programImport
	var places []inventory.Evidence
	for _, n := range first {
		same, places = same[:0], places[:0]
		for ; n >= 0; n = next[n] {
			same, places = append(same, list[n]), append(places, list[n].evidence)
		}
		for _, e := range inventory.MergeEvidence(places, nil) {
			out = append(out, programImport{same[0].from, same[0].path, same[0].takes, e, usesOf(same, e)})
		}
	}
	slices.SortStableFunc(out, func(a, b programImport) int {
		return cmp.Or(strings.Compare(a.from, b.from), strings.Compare(a.path, b.path), strings.Compare(a.takes, b.takes))
	})
	return out
}

// usesOf returns the uses that stand in the version of the file in which one of the same imports stands.
func usesOf(same []programImport, at inventory.Evidence) []takenAt {
	for _, i := range same {
		if i.evidence.State == at.State && i.evidence.Commit == at.Commit && i.evidence.Line == at.Line && i.evidence.Column == at.Column {
			return i.uses
		}
	}
	return nil
}

// ofThePresent leaves out what a file imports at the head of a branch where it imports it at present, too, whatever it takes there.
func ofThePresent(list []programImport) []programImport {
	present := map[importEnds]bool{}
	for _, i := range list {
		if i.evidence.State != inventory.Branch {
			present[importEnds{i.from, i.path}] = true
		}
	}
	return slices.DeleteFunc(list, func(i programImport) bool {
		return i.evidence.State == inventory.Branch && present[importEnds{i.from, i.path}]
	})
}
