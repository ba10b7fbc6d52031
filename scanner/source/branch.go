package source

import (
	"maps"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// branches hands out what stands at the heads of other branches and not in head. The trees of all branches are
// walked together, level by level: a folder that is the same in HEAD is passed over, one that is the same in
// many branches is read once.
func (w *walk) branches(p *present) error {
	if w.opt.NoHistory {
		w.tally.note("history was not read (--no-history): HEAD, the work tree, the index and the heads of other branches were")
	}
	heads := w.src.repo.otherHeads()
	w.tally.cov.Branches = len(heads)
	tops := map[placed][]int{}
	for i, h := range heads {
		if c, ok := w.src.repo.commits[h.id]; ok {
			at := placed{"", c.tree}
			tops[at] = append(tops[at], i)
		}
	}
	files := w.spread(p, tops)
	order := slices.SortedFunc(maps.Keys(files), placed.compare)
	for _, at := range order {
		p.blobs[at.id] = true
	}
	list := make([]file, 0, len(order))
	known := map[*int][]string{} // by the first of the numbers: most files share them with their folder
	for _, at := range order {
		f := file{path: at.path, blob: at.id, state: inventory.Branch, commit: w.hash.text(heads[files[at][0]].id)}
		if f.branches = known[&files[at][0]]; f.branches == nil {
			f.branches = firstNames(heads, files[at])
			known[&files[at][0]] = f.branches
		}
		list = append(list, f)
	}
	if w.src.table != nil {
		stubs := make([]*artifact.Artifact, len(list))
		for i := range list {
			stubs[i] = list[i].artifact(w, nil)
		}
		w.src.memory.Heads(stubs)
	}
	if w.waits() {
		return w.wait(list)
	}
	return w.some(list)
}

// firstNames returns the names of some branches, as many of the first as a place names.
func firstNames(heads []ref, numbers []int) []string {
	var out []string
	for _, i := range numbers {
		if name := heads[i].short(); len(out) == 0 || name != out[len(out)-1] {
			out = append(out, name)
		}
		if len(out) == inventory.MaxBranches {
			break
		}
	}
	return slices.Clip(out)
}

// spread expands trees into files, each with the sorted numbers of the branches that hold it.
func (w *walk) spread(p *present, level map[placed][]int) map[placed][]int {
	files := map[placed][]int{}
	repeats := map[oid]int{}
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		next := map[placed][]int{}
		for _, at := range slices.SortedFunc(maps.Keys(level), placed.compare) {
			if p.trees[at.path] == at.id {
				continue
			}
			if repeats[at.id]++; repeats[at.id] > maxRepeats || len(files) > maxPaths {
				w.repeated(at.id)
				continue
			}
			w.spreadTree(p, at, level[at], next, files)
		}
		level = next
	}
	return files
}

// spreadTree adds the entries of one tree.
func (w *walk) spreadTree(p *present, t placed, who []int, next, files map[placed][]int) {
	entries, err := w.src.repo.tree(t.id)
	if err != nil {
		w.object("tree", t.id, err)
	}
	for _, e := range entries {
		at := placed{join(t.path, e.name), e.id}
		switch {
		case e.isTree():
			next[at] = union(next[at], who)
		case e.isLink():
			if !p.blobs[e.id] {
				p.blobs[e.id] = true
				w.tally.count("symbolic link, not followed")
			}
		case e.isGitlink(), p.done[at]:
		default:
			files[at] = union(files[at], who)
		}
	}
}

// union joins two sorted sets of numbers.
func union(a, b []int) []int {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
