package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinEncryptedFiles is R19 for files that SOPS has encrypted: what a command or a module decrypts by the file's path is
// what the file holds, be it a list of values, the variables of a .env file or a Kubernetes Secret. The file of that very
// path joins at high; where the folder that a script runs in is not known, one whose path ends so joins at medium.
func joinEncryptedFiles(v *View) {
	held := map[file][]*inventory.Node{}
	for _, n := range v.Nodes(inventory.Slot) {
		if n.Attr(inventory.AttrType) == "sops" {
			for f := range byFile(n.Evidence) {
				held[f] = append(held[f], n)
			}
		}
	}
	if len(held) == 0 {
		return
	}
	for _, kind := range []inventory.NodeKind{inventory.Slot, inventory.Pattern} {
		for _, a := range v.addresses(kind, func(store string) bool { return store == "sops" }) {
			if a.node.Attr(inventory.AttrType) != "sops" {
				decrypted(v, a, held)
			}
		}
	}
}

// decrypted joins what is read from a file to what the file holds.
func decrypted(v *View, a address, held map[file][]*inventory.Node) {
	for _, f := range filesOf(held) {
		sure := inventory.High
		switch {
		case a.scope == f.source && a.name == f.path:
		case a.scope == "*" && sourceOf(a.node) == f.source && endsIn(f.path, strings.TrimLeft(a.name, "./")):
			sure = inventory.Medium
		default:
			continue
		}
		for _, n := range held[f] {
			if a.key == "*" || a.key == "" || lastKey(a.key) == lastKey(n.Attr(inventory.AttrKeyName)) {
				v.AddEdge(inventory.Edge{From: a.node.ID, To: n.ID, Kind: inventory.CopiesFrom, Rule: "R19-sops", Confidence: sure,
					Evidence: inventory.MergeEvidence(a.node.Evidence, n.Evidence)})
			}
		}
	}
}

// endsIn reports whether a path ends in another one, which may have computed parts within its elements.
func endsIn(file, end string) bool {
	if !strings.Contains(end, "*") {
		return strings.HasSuffix("/"+file, "/"+end)
	}
	words, want := strings.Split(file, "/"), strings.Count(end, "/")+1
	if len(words) < want {
		return false
	}
	ok, _ := path.Match(end, strings.Join(words[len(words)-want:], "/"))
	return ok
}

func sourceOf(n *inventory.Node) string {
	if len(n.Evidence) == 0 {
		return ""
	}
	return n.Evidence[0].Source
}

// lastKey is the last word of a key's path: that of a Secret stands below data or stringData.
func lastKey(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }
