package dotenv

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// substitution is a command whose output becomes the value: export X=$(op read op://...).
var substitution = lazy.New("^[\"']?(?:\\$\\(|`)")

// fetched lists what direnv's file, which is a shell script, fetches from stores, by the variable it lands in.
func fetched(a *artifact.Artifact) map[string]code.StoreRead {
	out := map[string]code.StoreRead{}
	for _, s := range code.Scan("shell", a.Content).Stores {
		if s.Into != "" {
			out[s.Into] = s
		}
	}
	return out
}

// command reads a value that a command prints, and reports whether it is one.
func (r *reader) command(slot string, l line, at artifact.Place) bool {
	if !substitution.MatchString(l.value) {
		return false
	}
	if s, ok := r.fetched[l.name]; ok {
		from := r.facts.Slot(s.Slot, at)
		r.facts.EdgeWith(inventory.CopiesFrom, slot, from, s.Via, s.Sure, at, inventory.AttrWhole, "true")
	}
	return true
}
