package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// settingSource is a variable of the environment that a setting comes from: the file that reads it, and the places between
// the one that asks and the one that reads.
type settingSource struct {
	file string // id of the code
	name string
	at   []inventory.Evidence
	sure inventory.Confidence
}

// maxSettingHops bounds how many modules hand a setting on to each other.
const maxSettingHops = 6

// settingSources follows a setting to the variables that it comes from.
func (v *View) settingSources(id string) []settingSource {
	n := v.Node(id)
	if n == nil {
		return nil
	}
	if _, _, ok := inventory.SettingOf(n); !ok {
		return nil
	}
	return v.settingHops(id, nil, inventory.Certain, 0)
}

func (v *View) settingHops(id string, at []inventory.Evidence, sure inventory.Confidence, depth int) []settingSource {
	if depth > 2*maxSettingHops {
		return nil
	}
	var out []settingSource
	for _, e := range v.Out(id, inventory.BoundFrom) {
		n := v.Node(e.To)
		if n == nil || n.Kind != inventory.Binding {
			continue
		}
		next, weaker := slices.Concat(at, e.Evidence), inventory.Weakest(sure, e.Confidence)
		if _, _, ok := inventory.SettingOf(n); ok {
			out = append(out, v.settingHops(e.To, next, weaker, depth+1)...)
			continue
		}
		file := strings.TrimSuffix(n.ID, "/"+n.Name)
		for _, read := range v.Out(file, inventory.Reads) {
			if read.To == n.ID {
				next = slices.Concat(next, read.Evidence)
			}
		}
		out = append(out, settingSource{file, n.Name, next, weaker})
	}
	return out
}

// joinSettingContexts carries R5 and R16 on to what asks for settings: where a part runs the file that reads a variable into
// a setting, the code of the application that asks for the setting runs there too, as far as its framework loads all code
// by itself. Tests are left out.
func joinSettingContexts(v *View) {
	asking := map[[2]string][]inventory.Edge{} // file and variable -> reads of settings that come from it
	for e := range v.EdgesOf(inventory.Reads) {
		n, code := v.Node(e.To), v.Node(e.From)
		if n == nil || code == nil || code.Kind != inventory.Code || isContext(e.From) || len(code.Evidence) == 0 ||
			IsTest(code.Evidence[0].Path) {
			continue
		}
		kind, _, ok := inventory.SettingOf(n)
		if rows := settingKinds[kind]; !ok || len(rows) == 0 || !rows[0].wide {
			continue
		}
		for _, s := range v.settingSources(e.To) {
			read := e
			read.Evidence, read.Confidence = slices.Concat(e.Evidence, s.at), inventory.Weakest(e.Confidence, s.sure)
			key := [2]string{s.file, s.name}
			asking[key] = append(asking[key], read)
		}
	}
	if len(asking) == 0 {
		return
	}
	for _, n := range v.Nodes(inventory.Code) {
		file, part, ok := inventory.ContextOf(n.ID)
		if !ok {
			continue
		}
		for _, e := range v.Out(n.ID, inventory.Reads) {
			for _, read := range asking[[2]string{file, nodeName(v, e.To)}] {
				v.askInContext(read, part, e)
			}
		}
	}
}

// askInContext adds what asks for a setting as the part runs it that runs the settings file.
func (v *View) askInContext(read inventory.Edge, part string, e inventory.Edge) {
	code := v.Node(read.From)
	here := inContext(part, code.ID)
	v.AddNode(inventory.Node{ID: here, Kind: inventory.Code, Name: code.Name, Attrs: code.Attrs, Evidence: code.Evidence})
	v.AddEdge(inventory.Edge{From: here, To: e.To, Kind: inventory.Reads, Rule: "setting-context",
		Confidence: inventory.Weakest(inventory.Weakest(read.Confidence, e.Confidence), inventory.Medium),
		Evidence:   slices.Concat(read.Evidence, e.Evidence)})
}
