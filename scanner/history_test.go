package scanner_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// valueAt is a value in a file, whatever its revision. It stays in memory.
type valueAt struct{ path, value string }

// TestWholeHistories reads the histories of the repositories that ROTAMAP_HISTORIES lists twice, by the changed
// lines of each blob and whole, and tells every value that only one way finds. With ROTAMAP_HISTORY_ORACLE set it
// also asks gitleaks for each whole blob, without decoding, and tells what it finds and we do not. That is slow.
func TestWholeHistories(t *testing.T) {
	list := filepath.SplitList(os.Getenv("ROTAMAP_HISTORIES"))
	if len(list) == 0 {
		t.Skip("ROTAMAP_HISTORIES lists no repositories")
	}
	for _, dir := range list {
		t.Run(filepath.Base(filepath.Dir(dir)), func(t *testing.T) { compareHistory(t, dir) })
	}
}

// comparison gathers what the two ways of reading found.
type comparison struct {
	mu           sync.Mutex
	whole, dirty map[valueAt]string // to one blob that holds it, and the rule
	held         map[valueAt]bool   // suppressed, when read whole
	blobs, parts int
	differ       int // blobs whose hits differ
	oracle       *detect.Detector
	theirs       map[valueAt]string
}

func compareHistory(t *testing.T, dir string) {
	t.Helper()
	s, err := source.Open(source.Spec{Location: dir}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	d, err := secret.New(secret.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := &comparison{whole: map[valueAt]string{}, dirty: map[valueAt]string{}, held: map[valueAt]bool{}, theirs: map[valueAt]string{}}
	if os.Getenv("ROTAMAP_HISTORY_ORACLE") != "" {
		c.oracle = newOracle(t)
	}
	_, err = s.Walk(context.Background(), func(_ context.Context, _ int, a *artifact.Artifact) error {
		c.visit(d, a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.report(t)
}

// newOracle returns gitleaks' own detector.
func newOracle(t *testing.T) *detect.Detector {
	t.Helper()
	logging.Logger = zerolog.Nop()
	var raw config.ViperConfig
	if _, err := toml.Decode(config.DefaultConfig, &raw); err != nil {
		t.Fatal(err)
	}
	c, err := raw.Translate()
	if err != nil {
		t.Fatal(err)
	}
	d := detect.NewDetector(c)
	d.MaxDecodeDepth = 0
	return d
}

func (c *comparison) visit(d *secret.Detector, a *artifact.Artifact) {
	b := *a
	b.Change, b.Marks = nil, nil
	dirty, whole := d.Scan(a), d.Scan(&b)
	var oracle []valueAt
	var rules []string
	if c.oracle != nil {
		for _, f := range c.oracle.Detect(detect.Fragment{Raw: string(a.Content), FilePath: a.Path}) {
			oracle, rules = append(oracle, valueAt{a.Path, f.Secret}), append(rules, f.RuleID)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.blobs++
	if a.Change != nil {
		c.parts++
	}
	if c.add(c.dirty, dirty, a) != c.add(c.whole, whole, a) {
		c.differ++
	}
	for _, h := range append(dirty, whole...) {
		c.held[valueAt{a.Path, artifact.Reveal(h.Secret)}] = true
	}
	for i, v := range oracle {
		c.theirs[v] = rules[i] + " in " + a.Blob
	}
}

// add notes the findings, and returns how many there are.
func (c *comparison) add(to map[valueAt]string, hits []secret.Hit, a *artifact.Artifact) int {
	n := 0
	for _, h := range hits {
		if h.Suppressed == "" {
			n++
			to[valueAt{a.Path, artifact.Reveal(h.Secret)}] = h.Rule + " in " + a.Blob
		}
	}
	return n
}

func (c *comparison) report(t *testing.T) {
	t.Logf("%d blobs, %d of them by their changes; values found whole %d, by changes %d; blobs with other numbers of hits %d; values of gitleaks %d",
		c.blobs, c.parts, len(c.whole), len(c.dirty), c.differ, len(c.theirs))
	for v, where := range c.whole {
		if _, ok := c.dirty[v]; !ok {
			t.Errorf("%s: only whole: %s", v.path, where)
		}
	}
	for v, where := range c.dirty {
		if _, ok := c.whole[v]; !ok {
			t.Errorf("%s: only by changes: %s", v.path, where)
		}
	}
	for v, where := range c.theirs {
		if !c.covers(v) {
			t.Errorf("%s: only gitleaks: %s", v.path, where)
		}
	}
}

// covers reports whether a value that gitleaks found is one of ours, a part of one or the other way round; the
// suppressed ones count.
func (c *comparison) covers(v valueAt) bool {
	if c.held[v] {
		return true
	}
	for o := range c.held {
		if o.path == v.path && o.value != "" && (strings.Contains(o.value, v.value) || strings.Contains(v.value, o.value)) {
			return true
		}
	}
	return false
}
