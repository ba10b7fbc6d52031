package code

import (
	"slices"
	"testing"
)

// TestTablesCompile uses every expression of the tables once: they are compiled when first used.
func TestTablesCompile(t *testing.T) {
	for _, row := range slices.Concat(sdks, cdks) {
		if row.match != nil {
			row.match.MatchString("")
		}
	}
	for _, rows := range importRows {
		for _, r := range rows {
			r.match.MatchString("")
		}
	}
}
