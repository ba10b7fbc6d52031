package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinUnits is R15 for Terragrunt: what a unit takes from the environment (get_env) is what the part that applies the unit has
// there under that name. A part that runs in a folder above applies every unit below it.
//
// Confidence: high for the unit's own folder, medium for those below.
func joinUnits(v *View) {
	units := map[string][]*inventory.Node{} // folder of a unit, with source -> variables that it takes in
	for _, b := range v.Nodes(inventory.Binding) {
		if consumer, ok := strings.CutPrefix(b.ID, "terragrunt:"); ok && len(b.Evidence) > 0 {
			file, _, _ := strings.Cut(consumer, "#")
			folder := file[:max(0, strings.LastIndexByte(file, '/'))]
			units[folder] = append(units[folder], b)
		}
	}
	if len(units) == 0 {
		return
	}
	folders := sortedKeys(units)
	for e := range v.EdgesOf(inventory.Runs) {
		dir, ok := strings.CutPrefix(e.To, "file:")
		if e.Rule != "R5-run" || !ok || !strings.HasSuffix(dir, "/") {
			continue
		}
		dir = strings.TrimRight(dir, "/")
		for _, r := range runners(v, e.From) {
			at := inventory.MergeEvidence(e.Evidence, r.at)
			for _, folder := range folders {
				switch {
				case folder == dir:
					fill(v, r, units[folder], "R15-unit", inventory.High, at)
				case strings.HasPrefix(folder, dir+"/") && units[dir] == nil:
					fill(v, r, units[folder], "R15-unit", inventory.Medium, at)
				}
			}
		}
	}
}
