package scanner

import (
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

// The notes of a worker stay few when versions of a file repeat them, and none of their counts is lost.
func TestCompact(t *testing.T) {
	w := &worker{}
	const versions = 3 * roomy
	for i := range versions {
		w.suppressed = append(w.suppressed, inventory.Suppressed{Path: "a", Line: i % 7, Rule: "r", Reason: "placeholder", Count: 1})
		w.past = append(w.past, inventory.Node{ID: "slot" + string(rune('a'+i%5)), Name: "n"})
		w.compact()
	}
	if len(w.suppressed) > roomy || len(w.past) > roomy {
		t.Errorf("%d and %d notes are kept", len(w.suppressed), len(w.past))
	}
	sum := 0
	for _, s := range w.suppressed {
		sum += s.Count
	}
	if sum != versions {
		t.Errorf("%d of %d are counted", sum, versions)
	}
	slots := map[string]bool{}
	for _, n := range w.past {
		slots[n.ID] = true
	}
	if len(slots) != 5 {
		t.Errorf("%d slots of 5 are kept", len(slots))
	}
}
