package code

import "testing"

// TestTablesCompile uses every expression of the tables once: they are compiled when first used.
func TestTablesCompile(t *testing.T) {
	for i := range sdks {
		if m := sdks[i].match; m != nil {
			m.MatchString("")
		}
	}
	for _, rows := range importRows {
		for _, r := range rows {
			r.match.MatchString("")
		}
	}
}
