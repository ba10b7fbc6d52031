package scanner_test

import (
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/source"
)

// TestBaseline: a finding of detect-secrets belongs to the value with its hash, wherever that stands by now; the hash
// itself is nowhere in the map.
func TestBaseline(t *testing.T) {
	dir := t.TempDir()
	token := detect.Expand("ghp_{[A-Za-z0-9]:36}")
	sum := sha1.Sum([]byte(token))
	hash := hex.EncodeToString(sum[:])
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("repo/.env", "# moved down since\n\nDEPLOY_TOKEN="+token+"\n")
	write("baseline.json", fmt.Sprintf(`{"version": "1.5.0", "plugins_used": [], "results": {
		".env": [{"type": "Secret Keyword", "filename": ".env", "hashed_secret": %q, "is_secret": true, "line_number": 1}],
		"was/here.env": [{"type": "GitHub Token", "filename": "was/here.env", "hashed_secret": %q, "line_number": 9}],
		"docs/a.md": [{"type": "Secret Keyword", "filename": "docs/a.md", "hashed_secret": "%040d", "line_number": 2}]}}`, hash, hash, 7))
	m, _, err := scanner.Scan(t.Context(), scanner.Options{Key: key(t), Sources: []source.Spec{{Name: "shop", Location: filepath.Join(dir, "repo")}},
		Imports: []source.Spec{{Location: filepath.Join(dir, "baseline.json")}}})
	if err != nil {
		t.Fatal(err)
	}
	saved := encode(t, m)
	for _, want := range []string{"detect-secrets:secret-keyword", "detect-secrets:github-token", "marked as a secret", "without its value"} {
		if !strings.Contains(saved, want) {
			t.Errorf("the map does not say %s", want)
		}
	}
	for _, no := range []string{token, hash} {
		if strings.Contains(saved, no) {
			t.Error("the map holds the value or its hash")
		}
	}
	slots := 0
	for _, f := range m.Fragments {
		for _, n := range f.Nodes {
			if n.Kind == inventory.Slot && n.ID != "dotenv:shop/.env#DEPLOY_TOKEN" {
				t.Errorf("a slot of its own: %s", n.ID)
			}
			slots += len(n.All(inventory.AttrReportedBy))
		}
	}
	if slots != 2 {
		t.Errorf("%d findings at the slot, want 2", slots)
	}
}
