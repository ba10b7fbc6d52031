package scanner_test

import (
	"archive/zip"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// TestZipOfExports: what consultants are sent is a zip of zips, one for each platform. Each export is read as what it is,
// with the route through the archives as its place.
func TestZipOfExports(t *testing.T) {
	flows := zipped(t, map[string][]byte{
		"backup/w1.json": []byte(`{"id": "a1", "name": "Orders", "active": true, "connections": {}, "nodes": [{"name": "Post", "type": "n8n-nodes-base.slack",
			"typeVersion": 1, "position": [0, 0], "parameters": {}, "credentials": {"slackApi": {"id": "7", "name": "bot"}}}]}`),
	})
	account := zipped(t, map[string][]byte{
		"Zapfile.json": []byte(`{"metadata": {"version": "gdpr_v1"}, "zaps": [{"id": 9, "title": "Digest", "nodes": {
			"1": {"id": 1, "account_id": 5, "selected_api": "SlackCLIAPI@1.0.0", "action": "x", "parent_id": null, "authentication_id": 31, "params": {}}}}]}`),
		"task_history_download_urls.csv": []byte("url\n"),
	})
	all := zipped(t, map[string][]byte{
		"n8n/flows.zip": flows, "zapier/account.zip": account,
		"make/sync.blueprint.json": []byte(`{"name": "Sync", "flow": [{"id": 1, "module": "slack:CreateMessage", "parameters": {"__IMTCONN__": 12}}], "metadata": {"version": 1, "zone": "eu1.make.com"}}`),
	})
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "exports.zip"), all, 0o600); err != nil {
		t.Fatal(err)
	}
	key, err := fingerprint.RandomKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, location := range map[string]string{"folder": dir, "archive": filepath.Join(dir, "exports.zip")} {
		m, _, err := scanner.Scan(context.Background(), scanner.Options{Sources: []source.Spec{{Name: "acme", Location: location}}, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range m.Fragments[0].Nodes {
			if n.Kind == inventory.Automation {
				got = append(got, n.Attr(inventory.AttrPlatform)+" "+n.Name+" "+filepath.Base(n.Evidence[0].Path))
			}
		}
		slices.Sort(got)
		want := []string{"make Sync sync.blueprint.json", "n8n Orders w1.json", "zapier Digest Zapfile.json"}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q; skipped %v", name, got, want, m.Fragments[0].Coverage.Skipped)
		}
	}
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
