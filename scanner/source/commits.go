package source

import (
	"context"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// readCommits reads the commits that stand in packs, by several workers, each family of deltas from its base down:
// one commit after the other would inflate a base again for each that stands on it. What cannot be read is left to
// those who ask for it. A family in which no message says anything need not be read again.
func (r *repository) readCommits(workers int) {
	for _, p := range r.objects.packs {
		g := p.plan()
		g.silent = make([]bool, len(g.at))
		known := false
		_ = guarded(func() error { known = r.recallCommits(g); return nil }, func() {})
		if known {
			continue
		}
		var mu sync.Mutex
		whole := true
		var all []commit
		err := g.families(context.Background(), commitKind, workers, func(z *inflater, roots []int32) error {
			list := make([]commit, 0, len(roots))
			good := true
			for _, root := range roots {
				list = r.readFamily(z, g, root, list, &good)
			}
			mu.Lock()
			defer mu.Unlock()
			whole = whole && good
			if p.table != nil {
				all = append(all, list...)
			}
			for _, c := range list {
				r.packed[c.id] = c
			}
			return nil
		})
		if err == nil && whole {
			_ = guarded(func() error { g.keepCommits(all); return nil }, func() {})
		}
	}
}

// readFamily appends the commits of a family. What cannot be read makes whole false.
func (r *repository) readFamily(z *inflater, g *plan, root int32, list []commit, whole *bool) []commit {
	silent := true
	_ = g.read(z, root, maxMeta, nil, func(b built) (*scanned, error) {
		if b.err != nil {
			silent, *whole = false, false
			return nil, nil
		}
		c, message, ok := parseCommit(r.hash, b.id, b.data)
		if ok {
			list = append(list, c)
		}
		silent, *whole = silent && ok && !telling(message), *whole && ok
		return nil, nil
	})
	g.silent[root] = silent
	return list
}

// families hands the families of one kind to several workers, some at a time.
func (g *plan) families(ctx context.Context, kind objectKind, workers int, read func(*inflater, []int32) error) error {
	var roots []int32
	for _, root := range g.roots {
		if g.kind[root] == kind {
			roots = append(roots, root)
		}
	}
	var next atomic.Int64
	team, ctx := errgroup.WithContext(ctx)
	for range workers {
		team.Go(func() error {
			return guarded(func() error {
				z := new(inflater)
				for ctx.Err() == nil {
					from := int(next.Add(batch)) - batch
					if from >= len(roots) {
						return nil
					}
					if err := read(z, roots[from:min(from+batch, len(roots))]); err != nil {
						return err
					}
				}
				return ctx.Err()
			}, func() {})
		})
	}
	return team.Wait()
}

// loadCommits reads every commit that is reachable from a ref.
func (r *repository) loadCommits() {
	if len(r.packed) > 0 {
		r.commits = make(map[oid]commit, len(r.packed))
	}
	tips := []ref{{"HEAD", r.refs.headID}}
	if r.refs.headID == (oid{}) && r.refs.head == "" {
		r.troubles = append(r.troubles, trouble{r.path("HEAD"), "names no branch and no commit"})
	}
	tips = append(append(tips, r.refs.named...), r.refs.others...)
	r.reach(tips, r.commits, nil, true)
	left := map[oid]commit{}
	for id, c := range r.packed {
		if _, ok := r.commits[id]; !ok {
			left[id] = c
		}
	}
	r.packed = left
}

// reach adds the commits that the tips lead to. Tips that are tags are followed; trees and blobs are not
// commits. It stops at those that are known. When strict, what is missing is trouble.
func (r *repository) reach(tips []ref, into, known map[oid]commit, strict bool) {
	var todo []oid
	for _, t := range tips {
		if id, ok := r.peel(t.id, strict); ok {
			todo = append(todo, id)
		}
	}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if _, done := into[id]; done {
			continue
		}
		if _, done := known[id]; done {
			continue
		}
		c, err := r.commit(id)
		if err != nil {
			if strict {
				r.broken("commit "+r.hash.text(id), err)
			}
			into[id] = commit{id: id}
			continue
		}
		if r.shallow[id] {
			c.parents = nil
		}
		into[id] = c
		todo = append(todo, c.parents...)
	}
	for id, c := range into {
		if c.tree == (oid{}) {
			delete(into, id)
		}
	}
}

// peel follows tags to what they point at; false when it is no commit or not there.
func (r *repository) peel(id oid, strict bool) (oid, bool) {
	for range 16 {
		if id == (oid{}) {
			return id, false
		}
		if _, ok := r.known(id); ok {
			return id, true
		}
		kind, data, err := r.objects.get(id, maxMeta)
		if err != nil {
			if strict {
				r.broken("object "+r.hash.text(id), err)
			}
			return id, false
		}
		if kind != tagKind {
			return id, kind == commitKind
		}
		if id, _, _ = parseTag(r.hash, data); id == (oid{}) {
			return id, false
		}
	}
	return id, false
}

// known returns a commit that was read before.
func (r *repository) known(id oid) (commit, bool) {
	if c, ok := r.packed[id]; ok {
		return c, true
	}
	c, ok := r.commits[id]
	return c, ok && c.tree != (oid{})
}

// commit reads one commit.
func (r *repository) commit(id oid) (commit, error) {
	if c, ok := r.known(id); ok {
		return c, nil
	}
	kind, data, err := r.objects.get(id, maxMeta)
	if err != nil {
		return commit{}, err
	}
	c, _, ok := parseCommit(r.hash, id, data)
	if kind != commitKind || !ok {
		return commit{}, errCorrupt
	}
	return c, nil
}
