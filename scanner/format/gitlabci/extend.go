package gitlabci

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// maxExtends bounds how deep jobs build on each other; GitLab allows eleven levels.
const maxExtends = 11

// merged returns a job with what it takes over by extends: maps are merged deeply, the nearer one wins. What a job
// of another file gives is not known here: the part runs that job, in each of the files that are included.
func (f *file) merged(n *tree.Node, part string, depth int) *tree.Node {
	bases := n.Get("extends").List()
	if len(bases) == 0 || depth > maxExtends {
		return n
	}
	var out *tree.Node
	for _, b := range bases {
		base := f.root.Get(b.Str())
		if !base.IsMap() {
			f.elsewhere(part, b.Str(), artifact.At(b, "extends"))
			continue
		}
		f.used[b.Str()] = true
		out = f.merge(out, f.merged(base, part, depth+1), 0)
	}
	return f.merge(out, n, 0)
}

// merge lays one map over another.
func (f *file) merge(under, over *tree.Node, depth int) *tree.Node {
	if !under.IsMap() || !over.IsMap() || depth > maxExtends {
		return over
	}
	out := &tree.Node{Kind: tree.Map, Tag: over.Tag, Line: over.Line, Column: over.Column}
	for _, p := range under.Pairs {
		if !f.Spend() {
			break
		}
		if nearer := over.Get(p.Key); nearer != nil {
			p.Value = f.merge(p.Value, nearer, depth+1)
		}
		out.Pairs = append(out.Pairs, p)
	}
	for _, p := range over.Pairs {
		if under.Get(p.Key) == nil && f.Spend() {
			out.Pairs = append(out.Pairs, p)
		}
	}
	return out
}

// elsewhere says that a part takes over a job of another file: of any that this one includes.
func (f *file) elsewhere(part, job string, at artifact.Place) {
	if job == "" || part == "" || strings.Contains(job, "$") {
		return
	}
	sure := inventory.High
	if len(f.includes) > 1 {
		sure = inventory.Medium
	}
	for _, id := range f.includes {
		f.Edge(inventory.Runs, part, inventory.PartID(id, job), "gitlab-extends", sure, at)
	}
}

// deref follows !reference [job, key].
func (f *file) deref(n *tree.Node, part string, depth int) *tree.Node {
	for ; n.IsSeq() && n.Tag == "!reference" && depth < maxExtends; depth++ {
		if len(n.Items) == 0 {
			return nil
		}
		job := n.Items[0].Str()
		found := f.root.Get(job)
		if found == nil {
			f.elsewhere(part, job, artifact.At(n, "!reference"))
			return nil
		}
		if strings.HasPrefix(job, ".") {
			f.used[job] = true
		}
		found = f.merged(found, part, depth+1)
		for _, key := range n.Items[1:] {
			found = found.Get(key.Str())
		}
		n = found
	}
	return n
}
