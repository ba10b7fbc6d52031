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
		if r.recallCommits(g) {
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
			g.keepCommits(all)
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
