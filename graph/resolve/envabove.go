package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// composeFile is a Compose file, with the variables that it takes from the .env file beside it.
type composeFile struct {
	source, dir string
	slots       []*inventory.Node
	at          []inventory.Evidence // by slot
}

// shareAbove joins the variables of a Compose file in a folder without a file of variables (deploy/compose.yaml) with those of the
// nearest folder above that has one: it is started from there, or with --env-file. Only where at least three of its variables, and a
// quarter of them (others have defaults), are in that file: one name alone may be anything's.
//
// Confidence: medium, since no file says how it is started.
// Source: the documentation of Compose on --project-directory and --env-file.
func shareAbove(v *View) {
	documented := map[string]map[string]bool{} // folder of a file of variables, with source -> names
	files := map[string]*composeFile{}
	for _, n := range v.Nodes(inventory.Slot) {
		rest, ok := strings.CutPrefix(n.ID, "dotenv:")
		file, name, named := strings.Cut(rest, "#")
		if !ok || !named {
			continue
		}
		for _, at := range n.Evidence {
			whole := at.Source + "/" + at.Path
			dir := path.Dir(whole)
			switch {
			case whole == file:
				if documented[dir] == nil {
					documented[dir] = map[string]bool{}
				}
				documented[dir][name] = true
			case file == dir+"/.env" && strings.Contains(path.Base(at.Path), "compose"):
				if files[whole] == nil {
					files[whole] = &composeFile{source: at.Source, dir: dir}
				}
				f := files[whole]
				f.slots, f.at = append(f.slots, n), append(f.at, at)
			}
		}
	}
	for _, whole := range sortedKeys(files) {
		if f := files[whole]; documented[f.dir] == nil {
			f.share(v, documented)
		}
	}
}

func (f *composeFile) share(v *View, documented map[string]map[string]bool) {
	up := f.dir
	for documented[up] == nil {
		if up == f.source || up == "." {
			return
		}
		up = path.Dir(up)
	}
	var found []inventory.Edge
	names := map[string]bool{}
	all := map[string]bool{}
	for i, n := range f.slots {
		_, name, _ := strings.Cut(n.ID, "#")
		all[name] = true
		if !documented[up][name] {
			continue
		}
		names[name] = true
		found = append(found, inventory.Edge{From: n.ID, To: "dotenv:" + up + "/.env#" + name, Kind: inventory.CopiesFrom, Rule: "R16-override",
			Confidence: inventory.Medium, Evidence: []inventory.Evidence{f.at[i]}, Attrs: []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}}})
	}
	if len(names) < 3 || 4*len(names) < len(all) {
		return
	}
	for _, e := range found {
		if v.Node(e.To) != nil {
			v.AddEdge(e)
		}
	}
}
