package secret

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestEval scans the folder that ROTAMAP_EVAL names and writes the findings as SARIF to ROTAMAP_EVAL_OUT, one
// result per place, to be scored against labelled cases. It is skipped when the variables are not set.
func TestEval(t *testing.T) {
	root, out := os.Getenv("ROTAMAP_EVAL"), os.Getenv("ROTAMAP_EVAL_OUT")
	if root == "" || out == "" {
		t.Skip("ROTAMAP_EVAL and ROTAMAP_EVAL_OUT are not set")
	}
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	results := scanFolder(t, d, root)
	report := map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": results}}}
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// scanFolder scans every file below root on all processors.
func scanFolder(t *testing.T, d *Detector, root string) []any {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	results := []any{}
	paths := make(chan string)
	for range 2 {
		wg.Go(func() {
			for p := range paths {
				r := scanFile(d, root, p)
				mu.Lock()
				results = append(results, r...)
				mu.Unlock()
			}
		})
	}
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && !strings.Contains(p, "/.git/") {
			paths <- p
		}
		return err
	})
	close(paths)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	return results
}

func scanFile(d *Detector, root, path string) []any {
	content, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(content[:min(len(content), 8000)]), "\x00") {
		return nil
	}
	rel, err := filepath.Rel(root, path)
	if err != nil {
		return nil
	}
	a := &artifact.Artifact{Source: "eval", Path: filepath.ToSlash(rel), Content: content, State: inventory.State("head")}
	var out []any
	for _, h := range d.Scan(a) {
		r := map[string]any{
			"ruleId": "secret/" + h.Rule,
			"locations": []any{map[string]any{"physicalLocation": map[string]any{
				"artifactLocation": map[string]any{"uri": a.Path},
				"region":           map[string]any{"startLine": h.Place.Line, "endLine": h.EndLine},
			}}},
		}
		if h.Suppressed != "" {
			r["suppressions"] = []any{map[string]any{"kind": "external", "justification": h.Suppressed}}
		}
		out = append(out, r)
	}
	return out
}
