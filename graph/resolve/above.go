package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinAbove finds the targets that a Dockerfile runs by name (npm run build) where its own folder has none of that name: a
// Dockerfile that stands in a folder of its own is built from the root of the program, and the nearest package.json or Makefile
// above is the one that the image gets.
//
// Confidence: medium, for the context of the build is not stated.
func joinAbove(v *View) {
	for e := range v.EdgesOf(inventory.Runs) {
		file, target, named := strings.Cut(e.To, "#")
		if !named || !strings.HasPrefix(e.From, "dockerfile:") || !strings.HasPrefix(file, "code:") || len(e.Evidence) == 0 || isSeen(v.Node(e.To)) {
			continue
		}
		root := inventory.FileID("code", e.Evidence[0].Source, "")
		place, ok := strings.CutPrefix(file, root)
		for dir := folderOf(place); ok && dir != ""; {
			dir = folderOf(dir)
			id := inventory.FileID("code", e.Evidence[0].Source, path.Join(dir, path.Base(place))) + "#" + target
			if isSeen(v.Node(id)) {
				v.AddEdge(inventory.Edge{From: e.From, To: id, Kind: inventory.Runs, Rule: "R5-above", Confidence: inventory.Weakest(e.Confidence, inventory.Medium),
					Evidence: e.Evidence})
				break
			}
		}
	}
}

// isSeen reports whether a node is more than an id that some edge names.
func isSeen(n *inventory.Node) bool { return n != nil && len(n.Evidence) > 0 }
