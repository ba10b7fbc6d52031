package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

type confidence = inventory.Confidence

var parameterPath = lazy.New(`^(?:aws-ssm|ssm|awsssm|aws-parameterstore):(?://)?(/?[\w./-]+)$`)

// StoreAddress reads a text that is nothing but the address of a store's entry: op://vault/item/field, an ARN, a
// Google or Azure resource name, vault:path#key, ref+vault://path#/key, ssm:/path.
func StoreAddress(text string) (inventory.SlotRef, bool) {
	if !strings.ContainsAny(text, ":/") || len(text) > 4*maxName {
		return inventory.SlotRef{}, false
	}
	for _, r := range detect.StoreReferences(text) {
		if r.Whole {
			return r.Slot, true
		}
	}
	if m := parameterPath.FindStringSubmatch(strings.TrimSpace(text)); m != nil {
		return parameterSlot(m[1]), true
	}
	return inventory.SlotRef{}, false
}

// parameterSlot returns the slot of a parameter of AWS SSM in an unknown account and region.
func parameterSlot(name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(name, "/")}
}

// addressMarks are texts one of which stands in every store address.
var addressMarks = [][]byte{[]byte("op://"), []byte("arn:aws"), []byte("/secrets/"), []byte("VaultName="), []byte("<path:"), []byte("vault:"), []byte("ref+")}

// addresses reads the store addresses among the strings of the text.
func (s *scan) addresses() {
	seen := 0
	for _, mark := range addressMarks {
		if !s.may(string(mark)) {
			continue
		}
		for from := 0; from < len(s.code) && seen < 500; {
			n := lazy.Index(s.code[from:], mark)
			if n < 0 {
				break
			}
			at := from + n
			from = at + len(mark)
			content, ok := s.stringAt(at)
			if !ok {
				continue
			}
			seen++
			for _, r := range detect.StoreReferences(string(s.code[content.from:content.to])) {
				s.store(r.Slot, r.Via, content.from+r.Start, certain)
			}
			from = max(from, content.to)
		}
	}
}

// stringAt returns the string literal around an offset, cut to a bearable length.
func (s *scan) stringAt(off int) (span, bool) {
	if !s.inString(off) {
		return span{}, false
	}
	from, to := off, off
	for from > 0 && off-from < 2*maxName && s.inString(from-1) {
		from--
	}
	for to < len(s.code) && to-off < 4*maxName && s.inString(to) {
		to++
	}
	return span{from, to}, true
}

func (s *scan) store(slot inventory.SlotRef, via string, off int, sure confidence) {
	s.out.Stores = append(s.out.Stores, StoreRead{Slot: slot, Via: via, Offset: off, Sure: sure})
}
