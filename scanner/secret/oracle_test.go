package secret

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/config"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"
	"github.com/zricethezav/gitleaks/v8/report"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestOracle compares with gitleaks itself, on the files below the folders that ROTAMAP_ORACLE names, and on
// this repository's own sources: whatever gitleaks finds without decoding is found too, or suppressed with a
// reason.
func TestOracle(t *testing.T) {
	logging.Logger = zerolog.Nop()
	var raw config.ViperConfig
	if _, err := toml.Decode(config.DefaultConfig, &raw); err != nil {
		t.Fatal(err)
	}
	c, err := raw.Translate()
	if err != nil {
		t.Fatal(err)
	}
	oracle := detect.NewDetector(c)
	oracle.MaxDecodeDepth = 0
	d := newDetector(t)
	roots := append(filepath.SplitList(os.Getenv("ROTAMAP_ORACLE")), ".")
	files, found, missed := 0, 0, 0
	for _, root := range roots {
		walk(t, root, func(path string, content []byte) {
			files++
			f, m := compare(t, oracle, d, path, content)
			found, missed = found+f, missed+m
		})
	}
	t.Logf("%d files, %d findings of gitleaks, %d missed", files, found, missed)
	if missed > 0 {
		t.Errorf("%d findings of gitleaks are missed", missed)
	}
}

func walk(t testing.TB, root string, visit func(path string, content []byte)) {
	t.Helper()
	err := filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || strings.Contains(p, "/.git/") {
			return err
		}
		content, err := os.ReadFile(p)
		if err == nil && len(content) < 1<<20 && !strings.Contains(string(content[:min(len(content), 8000)]), "\x00") {
			visit(p, content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compare returns how many findings gitleaks has in a file, and how many of them have no hit on their lines.
func compare(t *testing.T, oracle *detect.Detector, d *Detector, path string, content []byte) (found, missed int) {
	t.Helper()
	theirs := oracle.Detect(detect.Fragment{Raw: string(content), FilePath: path})
	if len(theirs) == 0 {
		return 0, 0
	}
	ours := d.Scan(&artifact.Artifact{Path: path, Content: content})
	for _, f := range theirs {
		if !covered(f, ours) {
			missed++
			t.Logf("%s:%d: %s is missed", path, f.StartLine+1, f.RuleID)
		}
	}
	return len(theirs), missed
}

func covered(f report.Finding, hits []Hit) bool {
	for _, h := range hits {
		if h.Place.Line <= f.EndLine+1 && max(h.EndLine, h.Place.Line) >= f.StartLine+1 {
			return true
		}
	}
	return false
}
