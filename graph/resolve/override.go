package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinOverrides finds the Dockerfiles of Compose files that are laid over another one (-f compose.yaml -f docker/dev.yaml):
// paths in them are seen from the folder of the first, and their variables are those of the .env file there. Where a build
// leads to no file of the scan, and a Compose file stands in a folder above from which it does, it is that one.
//
// Confidence: medium for the build, since no file need say that the two are used together; high for the variables, since the
// build shows it.
// Source: the documentation of Compose on merging files.
func joinOverrides(v *View) {
	shareAbove(v)
	folders := map[string]bool{} // those with a Compose file, with source
	for _, n := range v.Nodes(inventory.Automation) {
		if strings.HasPrefix(n.ID, "compose:") && len(n.Evidence) > 0 {
			folders[n.Evidence[0].Source+"/"+folderOf(n.Evidence[0].Path)] = true
		}
	}
	if len(folders) == 0 {
		return
	}
	moved := map[string]string{}  // Dockerfile as the file names it -> where it is
	within := map[string]string{} // Compose file, with source -> folder of the first, with source and slash
	for e := range v.EdgesOf(inventory.BuiltFrom) {
		if e.Rule != "compose-build" || !strings.HasPrefix(e.To, "dockerfile:") || len(v.Node(e.To).Evidence) > 0 || len(e.Evidence) == 0 {
			continue
		}
		source, dir := e.Evidence[0].Source, folderOf(e.Evidence[0].Path)
		file, ok := strings.CutPrefix(e.To, inventory.FileID("dockerfile", source, dir+"/"))
		for up := dir; ok && up != ""; {
			up = folderOf(up)
			recipe := inventory.FileID("dockerfile", source, path.Join(up, file))
			if n := v.Node(recipe); folders[source+"/"+up] && n != nil && len(n.Evidence) > 0 {
				moved[e.To] = recipe
				within[source+"/"+e.Evidence[0].Path] = path.Join(source, up) + "/"
				e.To, e.Rule, e.Confidence = recipe, "R16-override", inventory.Medium
				v.AddEdge(e)
				break
			}
		}
	}
	if len(moved) == 0 {
		return
	}
	shareVariables(v, within)
	for e := range v.EdgesOf(inventory.ReceivedFrom) {
		i := strings.LastIndexByte(e.From, '/')
		if recipe := moved[e.From[:max(i, 0)]]; recipe != "" {
			e.From, e.Rule, e.Confidence = recipe+e.From[i:], "R16-override", inventory.Medium
			v.AddEdge(e)
		}
	}
}

// shareVariables makes the variables of such files those of the .env file in the folder of the first.
func shareVariables(v *View, within map[string]string) {
	for _, n := range v.Nodes(inventory.Slot) {
		file, name, ok := strings.Cut(n.ID, "/.env#")
		if dir, dotenv := strings.CutPrefix(file, "dotenv:"); ok && dotenv {
			for _, at := range n.Evidence {
				if first := within[at.Source+"/"+at.Path]; first != "" && dir+"/" != first {
					e := inventory.Edge{From: n.ID, To: "dotenv:" + first + ".env#" + name, Kind: inventory.CopiesFrom, Rule: "R16-override",
						Confidence: inventory.High, Evidence: []inventory.Evidence{at}, Attrs: []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}}}
					v.AddEdge(e)
				}
			}
		}
	}
}
