package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinWorkspaces is R5 for scripts of packages that a command does not name by their folder: those of a workspace that it filters
// (pnpm --filter web run x, turbo run x), and those whose name it computes (npm run test:${SUITE}).
//
// Confidence: medium.
func joinWorkspaces(v *View) {
	var scripts []*inventory.Node
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule != "R5-tool" {
			continue
		}
		dir := strings.TrimRight(strings.TrimPrefix(e.To, "file:"), "/")
		for _, a := range e.Attrs {
			kind, name, _ := strings.Cut(a.Value, ":")
			if kind != "workspace" && kind != "script" {
				continue
			}
			if scripts == nil {
				scripts = packageScripts(v)
			}
			find := scriptsOf
			if kind == "script" {
				find = scriptsLike
			}
			for _, n := range find(scripts, name, dir) {
				v.AddEdge(inventory.Edge{From: e.From, To: n.ID, Kind: inventory.Runs, Rule: "R5-workspace", Confidence: inventory.Medium, Evidence: e.Evidence})
			}
		}
	}
}

// packageScripts lists the scripts of all packages, in order of their ids.
func packageScripts(v *View) []*inventory.Node {
	var out []*inventory.Node
	for _, n := range v.Nodes(inventory.Code) {
		if strings.Contains(n.ID, "/package.json#scripts.") {
			out = append(out, n)
		}
	}
	return out
}

// scriptsOf lists the scripts of one name of the packages below a folder: of the one that a filter names by its folder, else of
// all that have it, where a filter leaves no choice.
func scriptsOf(scripts []*inventory.Node, script, dir string) []*inventory.Node {
	script, member, _ := strings.Cut(script, "@")
	var all, named []*inventory.Node
	for _, n := range below(scripts, "code:"+dir+"/") {
		folder, name, _ := strings.Cut(n.ID, "/package.json#scripts.")
		if name != script || folder == "code:"+dir {
			continue
		}
		all = append(all, n)
		if path.Base(folder) == member {
			named = append(named, n)
		}
	}
	if member == "" || len(named) == 0 && len(all) == 1 {
		named = all
	}
	if len(named) > maxToolFiles {
		return nil
	}
	return named
}

// maxScripts bounds how many scripts one computed name may mean.
const maxScripts = 16

// scriptsLike lists the scripts of the package of a folder whose names a computed one may be.
func scriptsLike(scripts []*inventory.Node, name, dir string) []*inventory.Node {
	var out []*inventory.Node
	prefix := "code:" + dir + "/package.json#scripts."
	for _, n := range below(scripts, prefix) {
		if matchText(name, strings.TrimPrefix(n.ID, prefix)) {
			out = append(out, n)
		}
	}
	if len(out) > maxScripts {
		return nil
	}
	return out
}

// matchText reports whether a text is one that a name with stars may be.
func matchText(glob, text string) bool {
	parts := strings.Split(glob, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(text, p)
		if i < 0 {
			return false
		}
		text = text[i+len(p):]
	}
	return strings.HasSuffix(text, parts[len(parts)-1])
}
