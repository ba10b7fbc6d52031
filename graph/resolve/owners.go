package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinOwners gives every automation, slot and code node the owners that CODEOWNERS names for its file. In a
// file the last match wins, for GitLab in each section; a pattern without owners clears them. Of several files in
// one source only the first counts, as on both hosts. Backstage's catalog and Prow's OWNERS speak for the folder that they
// lie in; all that is said is kept, with how sure it is.
func joinOwners(v *View) {
	patterns, folders := ownerPatterns(v), folderOwners(v)
	if len(patterns)+len(folders) == 0 {
		return
	}
	for _, kind := range []inventory.NodeKind{inventory.Automation, inventory.Slot, inventory.Code} {
		for _, n := range v.Nodes(kind) {
			own(v, n, patterns)
			ownFolder(v, n, folders)
		}
	}
}

// ownerPattern is one line of a CODEOWNERS file.
type ownerPattern struct {
	file, glob, section, order string
	owners                     []inventory.Edge
}

// ownerFiles are the places where the hosts look, in their order: GitHub takes .github, the root and docs, GitLab the
// root, docs and .gitlab.
var ownerFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"}

// ownerPatterns lists the lines of the one file that counts by source, last line first.
func ownerPatterns(v *View) map[string][]ownerPattern {
	out := map[string][]ownerPattern{}
	for _, n := range v.Nodes(inventory.Pattern) {
		globs := n.All(inventory.AttrGlob)
		if !strings.HasPrefix(n.ID, "codeowners:") || len(globs) == 0 || len(n.Evidence) == 0 {
			continue
		}
		_, section, _ := strings.Cut(globs[0].Detail, " ")
		at := n.Evidence[0]
		out[at.Source] = append(out[at.Source], ownerPattern{at.Path, globs[0].Value, section, n.Attr(inventory.AttrOrder),
			v.Out(n.ID, inventory.OwnedBy)})
	}
	for source, p := range out {
		first := slices.MinFunc(p, func(a, b ownerPattern) int {
			return cmp.Compare(slices.Index(ownerFiles, a.file), slices.Index(ownerFiles, b.file))
		})
		p = slices.DeleteFunc(p, func(o ownerPattern) bool { return o.file != first.file })
		out[source] = p
		slices.SortFunc(p, func(a, b ownerPattern) int { return cmp.Compare(b.order, a.order) })
	}
	return out
}

func own(v *View, n *inventory.Node, patterns map[string][]ownerPattern) {
	if len(n.Evidence) == 0 {
		return
	}
	at := n.Evidence[0]
	settled := map[string]bool{}
	for _, p := range patterns[at.Source] {
		if settled[p.section] || !MatchOwners(p.glob, at.Path) {
			continue
		}
		settled[p.section] = true
		sure := inventory.High
		if p.glob == "*" {
			sure = inventory.Medium
		}
		for _, o := range p.owners {
			v.AddEdge(inventory.Edge{From: n.ID, To: o.To, Kind: inventory.OwnedBy, Rule: "CODEOWNERS",
				Confidence: sure, Evidence: o.Evidence})
		}
	}
}
