package scanner_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// BenchmarkExports scans folders of generated n8n workflows and writes the map, as a team's backup would be scanned. Its
// MB/s are of the exports: a scan is linear when they do not fall from 1x to 4x. B/op grows with the map, which holds
// what all workflows need.
func BenchmarkExports(b *testing.B) {
	for _, c := range []struct {
		name  string
		files int
	}{{"1x", 500}, {"4x", 2000}} {
		b.Run(c.name, func(b *testing.B) {
			dir, size := exports(b, c.files)
			key, err := fingerprint.NewKey(bytes.Repeat([]byte{7}, 32))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				o := scanner.Options{Sources: []source.Spec{{Name: "x", Location: dir}}, Key: key}
				m, _, err := scanner.Scan(context.Background(), o)
				if err != nil {
					b.Fatal(err)
				}
				if err := m.Encode(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// exports writes workflows of some 18 kB with twenty nodes, of which one in five has a credential: what public
// collections have on average. It returns the folder and how large they are together.
func exports(b *testing.B, files int) (dir string, size int64) {
	b.Helper()
	dir = b.TempDir()
	for n := range files {
		text := exported(n)
		size += int64(len(text))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("w%05d.json", n)), []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	return dir, size
}

func exported(n int) string {
	var nodes []string
	node := func(kind, params, rest string) {
		i := len(nodes)
		nodes = append(nodes, fmt.Sprintf("    {\n      \"id\": \"%08x-%04x\",\n      \"name\": \"Step %d\",\n      \"type\": %q,\n"+
			"      \"typeVersion\": 1,\n      \"position\": [%d, %d],\n      \"parameters\": {%s}%s\n    }", n, i, i, kind, i*200, n%50, params, rest))
	}
	node("n8n-nodes-base.scheduleTrigger", `"rule": {"interval": [{"field": "hours"}]}`, "")
	for i := range 4 {
		node("n8n-nodes-base.httpRequest", fmt.Sprintf(`"url": "https://api%d.acme.example/v1/orders/{{ $json.id }}", "sendHeaders": true,
        "headerParameters": {"parameters": [{"name": "Authorization", "value": "=Bearer {{ $json.token }}"}, {"name": "Accept", "value": "application/json"}]}`, i), "")
		node("n8n-nodes-base.slack", `"resource": "message", "channel": "#orders", "text": "=Order {{ $json.id }} is {{ $json.state }}", "otherOptions": {}`,
			fmt.Sprintf(",\n      \"credentials\": {\"slackApi\": {\"id\": \"%d\", \"name\": \"Orders bot %d\"}}", n%97, n%97))
		node("n8n-nodes-base.set", `"assignments": {"assignments": [{"id": "a", "name": "state", "type": "string", "value": "={{ $json.state || 'new' }}"},
        {"id": "b", "name": "total", "type": "number", "value": "={{ $json.items.length }}"}]}, "options": {}`, "")
		node("n8n-nodes-base.code", `"jsCode": "`+strings.Repeat(`for (const item of $input.all()) {\n  item.json.sum = (item.json.sum || 0) + item.json.price * item.json.count;\n}\n`, 14)+`return $input.all();"`, "")
		node("n8n-nodes-base.stickyNote", `"content": "## Orders\n`+strings.Repeat("This part takes the orders of the day, adds them up and tells the team. ", 8)+`", "height": 300, "width": 500`, "")
	}
	return fmt.Sprintf("{\n  \"id\": \"w%015d\",\n  \"name\": \"Workflow %d\",\n  \"active\": %t,\n  \"nodes\": [\n%s\n  ],\n  \"connections\": {},\n"+
		"  \"settings\": {\"executionOrder\": \"v1\"}\n}\n", n, n, n%8 == 0, strings.Join(nodes, ",\n"))
}
