package scanner_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/source"
)

// nodeRED is the folder of an installed Node-RED, from NODE_RED; the test is skipped where there is none. make node-red
// installs it.
func nodeRED(t *testing.T) (node, program string) {
	dir := os.Getenv("NODE_RED")
	if dir == "" {
		t.Skip("NODE_RED names no installed Node-RED: make node-red installs one")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here")
	}
	return node, filepath.Join(dir, "node_modules", "node-red", "red.js")
}

// made is what the test creates: a flow whose nodes log in, by way of the admin API.
type made struct {
	flows  []map[string]any
	secret map[string]string // node, or node#field of a variable -> value
}

// flowsToMake has a broker, a call with a password, a variable that is a credential, a tab that is off, a sub-flow and a
// literal in a function.
func flowsToMake() made {
	value := func(name string) string { return detect.Expand("{[A-Za-z0-9]:28:" + name + "}") }
	m := made{secret: map[string]string{
		"a1b2c3d4e5f60001":         value("broker"),
		"a1b2c3d4e5f60002":         value("call"),
		"a1b2c3d4e5f60000#API_KEY": value("tab"),
		"a1b2c3d4e5f60005":         value("off"),
	}}
	node := func(fields map[string]any) { m.flows = append(m.flows, fields) }
	node(map[string]any{"id": "a1b2c3d4e5f60000", "type": "tab", "label": "Orders", "disabled": false, "info": "owner: Shop team",
		"env": []any{map[string]any{"name": "API_KEY", "type": "cred"}}, "credentials": map[string]any{"API_KEY": m.secret["a1b2c3d4e5f60000#API_KEY"]}})
	node(map[string]any{"id": "a1b2c3d4e5f60001", "type": "mqtt-broker", "name": "Plant", "broker": "mqtt.acme.example", "port": "1883",
		"credentials": map[string]any{"user": "plant", "password": m.secret["a1b2c3d4e5f60001"]}})
	node(map[string]any{"id": "a1b2c3d4e5f60002", "type": "http request", "z": "a1b2c3d4e5f60000", "name": "Post", "method": "POST",
		"url": "https://api.stripe.com/v1/charges", "authType": "basic", "x": 300, "y": 40, "wires": []any{[]any{}},
		"credentials": map[string]any{"user": "shop", "password": m.secret["a1b2c3d4e5f60002"]}})
	node(map[string]any{"id": "a1b2c3d4e5f60003", "type": "inject", "z": "a1b2c3d4e5f60000", "name": "", "repeat": "", "crontab": "00 02 * * *",
		"once": false, "topic": "", "x": 100, "y": 40, "props": []any{}, "wires": []any{[]any{"a1b2c3d4e5f60002"}}})
	node(map[string]any{"id": "a1b2c3d4e5f60004", "type": "tab", "label": "Old", "disabled": true, "info": "", "env": []any{}})
	node(map[string]any{"id": "a1b2c3d4e5f60005", "type": "http request", "z": "a1b2c3d4e5f60004", "name": "Off", "method": "GET",
		"url": "http://old.acme.example/x", "authType": "basic", "x": 300, "y": 40, "wires": []any{[]any{}},
		"credentials": map[string]any{"user": "old", "password": m.secret["a1b2c3d4e5f60005"]}})
	node(map[string]any{"id": "a1b2c3d4e5f60006", "type": "mqtt in", "z": "a1b2c3d4e5f60000", "name": "", "topic": "orders", "qos": "2",
		"datatype": "auto-detect", "broker": "a1b2c3d4e5f60001", "x": 100, "y": 90, "wires": []any{[]any{"a1b2c3d4e5f60002"}}})
	return m
}

// TestNodeRED creates flows in a real Node-RED in each of its three modes of keeping credentials, and scans the folder
// that it leaves: every credential that can be read is found with the node that it belongs to, and nothing else is.
func TestNodeRED(t *testing.T) {
	node, program := nodeRED(t)
	for _, mode := range []struct{ name, setting string }{
		{"plain", "credentialSecret: false,"},
		{"user", `credentialSecret: "` + detect.Expand("{[a-z0-9]:24:noderedkey}") + `",`},
		{"system", ""},
	} {
		t.Run(mode.name, func(t *testing.T) {
			dir, m := t.TempDir(), flowsToMake()
			runNodeRED(t, node, program, dir, mode.setting, m)
			for _, rest := range []string{"node_modules", "package.json", "lib", ".config.nodes.json", ".config.users.json"} {
				if err := os.RemoveAll(filepath.Join(dir, rest)); err != nil {
					t.Fatal(err)
				}
			}
			got, _ := scan(t, 1, source.Spec{Name: "acme", Location: dir})
			compareNodeRED(t, got, m)
		})
	}
}

// runNodeRED starts the program on a free port of loopback, deploys the flows and ends the program again.
func runNodeRED(t *testing.T, node, program, dir, setting string, m made) {
	port := freePort(t)
	settings := filepath.Join(dir, "settings.js")
	text := fmt.Sprintf("module.exports = {\n  flowFile: 'flows.json', flowFilePretty: true,\n  uiHost: '127.0.0.1', uiPort: %d,\n  %s\n"+
		"  telemetry: {enabled: false, updateNotification: false},\n}\n", port, setting)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	var log bytes.Buffer
	cmd := exec.CommandContext(ctx, node, program, "--userDir", dir, "--settings", settings)
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &log, &log, 5*time.Second
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("http://127.0.0.1:%d", port)
	err := deploy(ctx, base, m)
	cancel() // it ends with the interrupt, and writes nothing more
	_ = cmd.Wait()
	if err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
}

func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// deploy waits for the admin API, posts the flows and waits until they are on the disk.
func deploy(ctx context.Context, base string, m made) error {
	for {
		if err := call(ctx, http.MethodGet, base+"/settings", nil); err == nil {
			break
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the admin API: %w", ctx.Err())
		case <-time.After(300 * time.Millisecond):
		}
	}
	body, err := json.Marshal(m.flows)
	if err != nil {
		return err
	}
	return call(ctx, http.MethodPost, base+"/flows", body)
}

func call(ctx context.Context, method, url string, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(io.LimitReader(answer.Body, 300)); answer.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s %s", method, url, answer.Status, text)
	}
	return nil
}

// compareNodeRED holds the map against what was created.
func compareNodeRED(t *testing.T, m inventory.Map, want made) {
	f := m.Fragments[0]
	held := map[string][]string{} // fingerprint of a value -> slots
	for _, e := range f.Edges {
		if e.Kind == inventory.Holds {
			held[e.To] = append(held[e.To], e.From)
		}
	}
	found := 0
	for name, value := range want.secret {
		id := inventory.ValueID(key(t).Of(artifact.Seal(value), false).ID)
		slot := "node-red:acme/" + name
		if !slices.Contains(held[id], slot) {
			t.Errorf("%s: the value is held by %v, not by %s", name, held[id], slot)
			continue
		}
		found++
	}
	for id, slots := range held {
		for _, s := range slots {
			if _, name, ok := bytes.Cut([]byte(s), []byte("node-red:acme/")); ok && want.secret[string(name)] == "" {
				t.Errorf("%s holds %s, which nobody created", s, id)
			}
		}
	}
	reads, active, schedule, owner := map[string]bool{}, map[string]string{}, "", false
	for _, n := range f.Nodes {
		if n.Kind == inventory.Automation {
			active[n.Name] = n.Attr(inventory.AttrActive)
			schedule += n.Attr(inventory.AttrSchedule)
		}
	}
	for _, e := range f.Edges {
		reads[e.From+" "+e.To] = reads[e.From+" "+e.To] || e.Kind == inventory.Reads
		owner = owner || e.Kind == inventory.OwnedBy && e.To == inventory.OwnerID("Shop team")
	}
	for _, want := range []string{
		"node-red:acme/a1b2c3d4e5f60000#a1b2c3d4e5f60002 node-red:acme/a1b2c3d4e5f60002",
		"node-red:acme/a1b2c3d4e5f60000#a1b2c3d4e5f60006 node-red:acme/a1b2c3d4e5f60001",
		"node-red:acme/a1b2c3d4e5f60000 node-red:acme/a1b2c3d4e5f60000#API_KEY",
	} {
		if !reads[want] {
			t.Errorf("no node reads: %s", want)
		}
	}
	for edge := range reads {
		if bytes.HasPrefix([]byte(edge), []byte("node-red:acme/a1b2c3d4e5f60004#")) && reads[edge] {
			t.Errorf("a node of a tab that is off reads: %s", edge)
		}
	}
	if active["Orders"] != "true" || active["Old"] != "false" || schedule != "00 02 * * *" || !owner {
		t.Errorf("active %v, schedule %q, owner known: %v", active, schedule, owner)
	}
	t.Logf("%d of %d credentials found where they were created", found, len(want.secret))
}
