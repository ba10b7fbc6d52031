package plan

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestOrder: whatever the copies and environments, every slot is in one wave, no copy comes before its source
// unless a cycle binds them, and of what could come next the lowest environment does.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 7).Draw(t, "slots")
		text := "source s\nvalue value:hs1:aaaa:v\n"
		envs := map[string]string{}
		for i := range n {
			id := fmt.Sprintf("gh:acme/shop/S%d", i)
			envs[id] = rapid.SampledFrom([]string{"production", "staging", "test", "unknown"}).Draw(t, "environment")
			text += fmt.Sprintf("slot %s\nholds %s -> value:hs1:aaaa:v held=current\n", id, id)
		}
		source := map[string][]string{}
		for range rapid.IntRange(0, 6).Draw(t, "copies") {
			a, b := fmt.Sprintf("gh:acme/shop/S%d", rapid.IntRange(0, n-1).Draw(t, "copy")), fmt.Sprintf("gh:acme/shop/S%d", rapid.IntRange(0, n-1).Draw(t, "source"))
			if a != b {
				text += fmt.Sprintf("copies-from %s -> %s\n", a, b)
				source[a] = append(source[a], b)
			}
		}
		g, err := graphFrom(text)
		if err != nil {
			t.Fatal(err)
		}
		c := &g.Credentials()[0]
		waves := orderUnits(g, c, func(slot string) string { return envs[slot] })
		at := map[string]int{}
		for i, w := range waves {
			for _, u := range w {
				if _, twice := at[u.slot]; twice {
					t.Fatalf("%s is in two waves", u.slot)
				}
				at[u.slot] = i
			}
		}
		if len(at) != n {
			t.Fatalf("%d of %d slots are in waves", len(at), n)
		}
		for copied, all := range source {
			for _, from := range all {
				if at[copied] <= at[from] && !reaches(source, from, copied) {
					t.Fatalf("%s is in wave %d, its source %s in wave %d", copied, at[copied], from, at[from])
				}
			}
		}
		if len(source) == 0 && !slices.IsSortedFunc(waves, func(a, b []unit) int { return compareRank(a[0], b[0]) }) {
			t.Fatalf("waves are not in the order of environments: %s", strings.Join(names(waves), " "))
		}
	})
}

func names(waves [][]unit) []string {
	var out []string
	for _, w := range waves {
		out = append(out, w[0].environment)
	}
	return out
}

func reaches(edges map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	queue := []string{from}
	for len(queue) > 0 {
		x := queue[0]
		queue = queue[1:]
		if x == to {
			return true
		}
		if !seen[x] {
			seen[x] = true
			queue = append(queue, edges[x]...)
		}
	}
	return false
}

// TestNextNight: an evening and the hours after midnight are one night, on days on which the clocks change too.
func TestNextNight(t *testing.T) {
	berlin := zone("Europe/Berlin")
	for _, c := range [][2]string{{"2026-12-01 19:00", "2026-12-02 11:00"}, {"2026-12-02 00:30", "2026-12-02 11:00"},
		{"2026-12-02 11:00", "2026-12-03 11:00"}, {"2026-10-24 20:00", "2026-10-25 11:00"}, {"2026-03-28 20:00", "2026-03-29 10:00"}} {
		if got := nextNight(at(t, c[0]), berlin).Format("2006-01-02 15:04"); got != c[1] {
			t.Errorf("after %s: %s, want %s", c[0], got, c[1])
		}
	}
}
