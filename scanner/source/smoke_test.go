package source

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

func TestSmoke(t *testing.T) {
	dir := os.Getenv("SMOKE")
	if dir == "" {
		t.Skip()
	}
	start := time.Now()
	s, err := Open(ParseSpec(dir), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s.ID, s.Kind, s.Revision, s.Time, time.Since(start))
	var mu sync.Mutex
	n := map[inventory.State]int{}
	bytes := 0
	var some []string
	cov, err := s.Walk(context.Background(), func(_ context.Context, _ int, a *artifact.Artifact) error {
		mu.Lock()
		defer mu.Unlock()
		n[a.State]++
		bytes += len(a.Content)
		if a.Blob != "" && len(some) < 3000 {
			some = append(some, a.Blob)
		}
		return nil
	})
	t.Log(n, bytes, err, time.Since(start))
	t.Log(cov.Files, cov.Blobs, cov.Bytes, cov.Commits, cov.Branches, cov.Notes)
	for i, s := range cov.Skipped {
		if i < 20 {
			t.Log(s)
		}
	}
	for i, s := range cov.Unreadable {
		if i < 20 {
			t.Log(s)
		}
	}
	occ, c, err := s.Attribute(context.Background(), some)
	t.Log(len(occ), len(c), err, time.Since(start))
}
