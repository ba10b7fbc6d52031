package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// fetchedBy returns the entries of stores that variables of the text hold where it stands now.
func (s *script) fetchedBy(names []string) []inventory.SlotRef {
	var out []inventory.SlotRef
	for _, name := range names {
		for _, i := range s.carried[name] {
			out = appendSlot(out, s.out.Stores[i].Slot)
		}
	}
	return out
}

// fetchedWithin adds the entries that a write fetches itself: echo "KEY=$(op read op://x)" >> .env, also in a here-document.
func (s *script) fetchedWithin(text []byte) {
	for i := range s.out.Writes {
		w := &s.out.Writes[i]
		if w.To == "export" || w.Offset > len(text) {
			continue
		}
		end := len(text)
		if n := bytes.IndexByte(text[w.Offset:], '\n'); n >= 0 {
			end = w.Offset + n
		}
		for _, o := range s.out.Writes {
			if o.Offset > w.Offset {
				end = min(end, o.Offset)
			}
		}
		for _, r := range s.out.Stores {
			if r.Offset >= w.Offset && r.Offset < end && (r.Into == "" || r.Into == w.Name) {
				w.Fetched = appendSlot(w.Fetched, r.Slot)
			}
		}
	}
}

// appendSlot appends an entry that is known in full and stands outside of the source, once.
func appendSlot(list []inventory.SlotRef, r inventory.SlotRef) []inventory.SlotRef {
	if r.Store == "dotenv" || r.Store == "sops" || strings.Contains(r.Name+r.Key, "*") || slices.Contains(list, r) || len(list) == maxFetches {
		return list
	}
	return append(list, r)
}
