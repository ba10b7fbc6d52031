package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinRenamed is R4 for a repository that was renamed, moved or forked: its workflows still call each other by the former owner
// (uses: OLD/shop/.github/workflows/x.yml@main). Where nothing of that repository is in the scan and one source of its name has the
// workflow, that one is meant.
//
// Confidence: medium, for the other repository may exist.
func joinRenamed(v *View) {
	own := map[string][]string{} // name of a repository -> its sources
	for _, n := range v.Nodes(inventory.Automation) {
		if rest, ok := strings.CutPrefix(n.ID, workflowPrefix); ok {
			if source, _ := repositoryOf(rest); source != "" {
				name := path.Base(source)
				if len(n.Evidence) > 0 && n.Evidence[0].Source == source && !slices.Contains(own[name], source) {
					own[name] = append(own[name], source)
				}
			}
		}
	}
	if len(own) == 0 {
		return
	}
	for e := range v.EdgesOf(inventory.Runs) {
		if to := renamed(own, e.To); to != "" && v.Node(to) != nil && v.Node(to).Kind == inventory.Automation {
			e.To, e.Rule, e.Confidence = to, "R4-renamed", inventory.Weakest(e.Confidence, inventory.Medium)
			v.AddEdge(e)
		}
	}
	for e := range v.EdgesOf(inventory.ReceivedFrom) {
		from := renamed(own, e.From)
		callee, name, ok := cutLast(from, "/")
		if !ok || v.Node(callee) == nil || v.Node(callee).Kind != inventory.Automation {
			continue
		}
		if v.Node(from) == nil {
			b := v.Node(e.From)
			v.AddNode(inventory.Node{ID: from, Kind: inventory.Binding, Name: name, Attrs: b.Attrs, Evidence: b.Evidence})
		}
		e.From, e.Rule, e.Confidence = from, "R4-renamed", inventory.Weakest(e.Confidence, inventory.Medium)
		v.AddEdge(e)
	}
}

const workflowPrefix = "github-actions:"

// repositoryOf takes host/owner/name off the front of an id.
func repositoryOf(rest string) (source, file string) {
	parts := strings.SplitN(rest, "/", 4)
	if len(parts) < 4 {
		return "", ""
	}
	return strings.Join(parts[:3], "/"), parts[3]
}

// renamed returns the id in the only source that is called like the repository of an id which no source is.
func renamed(own map[string][]string, id string) string {
	rest, ok := strings.CutPrefix(id, workflowPrefix)
	source, file := repositoryOf(rest)
	if !ok || source == "" {
		return ""
	}
	found := own[path.Base(source)]
	if len(found) != 1 || found[0] == source {
		return ""
	}
	return workflowPrefix + found[0] + "/" + file
}

func cutLast(text, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(text, sep)
	if i < 0 {
		return "", "", false
	}
	return text[:i], text[i+len(sep):], true
}
