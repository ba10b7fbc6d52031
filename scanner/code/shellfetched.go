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
	if len(s.out.Stores) == 0 {
		return
	}
	starts := make([]int, len(s.out.Writes)) // a text may hold very many of both
	for i := range s.out.Writes {
		starts[i] = s.out.Writes[i].Offset
	}
	slices.Sort(starts)
	stores := slices.Clone(s.out.Stores)
	slices.SortStableFunc(stores, func(a, b StoreRead) int { return a.Offset - b.Offset })
	for i := range s.out.Writes {
		w := &s.out.Writes[i]
		if w.To == "export" || w.Offset > len(text) {
			continue
		}
		end := len(text)
		if n := bytes.IndexByte(text[w.Offset:], '\n'); n >= 0 {
			end = w.Offset + n
		}
		if n, _ := slices.BinarySearch(starts, w.Offset+1); n < len(starts) {
			end = min(end, starts[n])
		}
		first, _ := slices.BinarySearchFunc(stores, w.Offset, func(r StoreRead, at int) int { return r.Offset - at })
		for _, r := range stores[first:] {
			if r.Offset >= end {
				break
			}
			if r.Into == "" || r.Into == w.Name {
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
