package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinPlatforms is R16 for programs that run on a platform: a variable that a command sets there (heroku config:set, fly
// secrets set, az webapp config appsettings set) is what the program of the folder from which it is deployed reads. Tests are left
// out, and what is no part of a program.
//
// Confidence: medium, for the folder says which program is meant.
func joinPlatforms(v *View) {
	var set []*inventory.Node
	for _, s := range v.Nodes(inventory.Slot) {
		if s.Attr(inventory.AttrStore) == "app-env" {
			set = append(set, s)
		}
	}
	if len(set) == 0 {
		return
	}
	readers := readersByName(v, set)
	handed := namesHanded(v)
	for _, s := range set {
		key := s.Attr(inventory.AttrKeyName)
		folder := platformFolder(s)
		var found []inventory.Edge
		for _, e := range readers[key] {
			n := v.Node(e.From)
			if file, ok := strings.CutPrefix(n.ID, "code:"+folder); ok && !IsTest(file) && !asideOf(file) {
				found = append(found, e)
			}
		}
		if len(found) > maxReaders {
			continue
		}
		for _, e := range found {
			linkAlone(v, v.Node(e.From), e, dotenvSlot{s, inventory.Medium}, handed[e.To], "R16-platform", "@"+path.Base(fileOf(s)))
		}
	}
}

// platformFolder is the folder, with its source and a slash, from which a platform's program is deployed.
func platformFolder(s *inventory.Node) string {
	file := strings.TrimPrefix(fileOf(s), "app-env:")
	return file[:strings.LastIndexByte(file, '/')+1]
}

// asideOf reports whether a file lies in a folder that is no part of a program.
func asideOf(file string) bool {
	return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(dir string) bool { return aside[dir] })
}

// readersByName lists the reads of program files of the names that some slots have as keys.
func readersByName(v *View, slots []*inventory.Node) map[string][]inventory.Edge {
	want := map[string]bool{}
	for _, s := range slots {
		want[s.Attr(inventory.AttrKeyName)] = true
	}
	out := map[string][]inventory.Edge{}
	for e := range v.EdgesOf(inventory.Reads) {
		n := v.Node(e.From)
		if n == nil || n.Kind != inventory.Code || len(n.Evidence) == 0 || strings.Contains(n.ID, "#") || isContext(n.ID) {
			continue
		}
		if name, ok := strings.CutPrefix(e.To, n.ID+"/"); ok && want[name] && n.Attr(inventory.AttrLanguage) != "shell" {
			out[name] = append(out[name], e)
		}
	}
	return out
}
