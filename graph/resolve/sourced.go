package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinSourced is R13 for scripts that say which file of variables they take in: source "$ROOT/.env". A name that the script
// reads and that the file has is that of the file; a file that lies outside of the scan is known by its sample.
//
// Confidence: high, since a variable of the environment may have been changed between the two lines.
func joinSourced(v *View) {
	var files map[string]map[string]*inventory.Node
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Attr(inventory.AttrAs) != "source" || !strings.Contains(path.Base(e.To), ".env") && !strings.HasSuffix(e.To, ".env") {
			continue
		}
		if files == nil {
			files = dotenvByFile(v)
		}
		keys := files["dotenv:"+strings.TrimPrefix(e.To, "code:")]
		if len(keys) == 0 {
			continue
		}
		for _, r := range v.Out(e.From, inventory.Reads) {
			name, ok := strings.CutPrefix(r.To, e.From+"/")
			if s := keys[name]; ok && s != nil {
				v.AddEdge(inventory.Edge{From: r.To, To: s.ID, Kind: inventory.BoundFrom, Rule: "R13-source",
					Confidence: inventory.Weakest(inventory.High, e.Confidence), Evidence: inventory.MergeEvidence(e.Evidence, s.Evidence)})
			}
		}
	}
}

// sourced reports whether a script says itself which file the name comes from.
func sourced(v *View, binding string) bool {
	return slices.ContainsFunc(v.Out(binding, inventory.BoundFrom), func(e inventory.Edge) bool { return e.Rule == "R13-source" })
}

// dotenvByFile lists the variables of files by file and name.
func dotenvByFile(v *View) map[string]map[string]*inventory.Node {
	out := map[string]map[string]*inventory.Node{}
	for _, s := range v.Nodes(inventory.Slot) {
		file, key, ok := strings.Cut(s.ID, "#")
		if !ok || s.Attr(inventory.AttrStore) != "dotenv" {
			continue
		}
		if out[file] == nil {
			out[file] = map[string]*inventory.Node{}
		}
		out[file][key] = s
	}
	return out
}
