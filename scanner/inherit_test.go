package scanner_test

import (
	"encoding/base64"
	"fmt"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
	"github.com/rotamap/rotamap/scanner/source"
)

// manifests are versions of a file with two secrets that other lines change round: most of them have the secrets as they
// were, some call a secret otherwise, give it another value, or put the documents in another order.
func manifests() []string {
	value := func(seed string) string { return detect.Expand("{[A-Za-z0-9]:24:" + seed + "}") }
	var out []string
	for i := range 24 {
		login, pin, mail := "orders-login", value("pin"), value("mail")
		if i >= 6 {
			login = "orders-db"
		}
		if i >= 12 {
			mail = value("another")
		}
		quiet := "" // an entry whose name does not say what it is: the format alone knows
		if i >= 9 {
			quiet = "  shelf: " + base64.StdEncoding.EncodeToString([]byte(value(fmt.Sprint("shelf", i/15)))) + "\n"
		}
		docs := []string{
			fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  labels:\n    build: \"%d\"\nstringData:\n  password: %s\n", login, i, value("login")),
			fmt.Sprintf("apiVersion: v1\nkind: Secret\nmetadata:\n  name: mail\n  labels:\n    build: \"%d\"\ndata:\n  pin: %s\n  password: %s\n",
				i, base64.StdEncoding.EncodeToString([]byte(pin)), base64.StdEncoding.EncodeToString([]byte(mail))) + quiet,
			fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: orders\n  labels:\n    build: \"%d\"\nspec:\n%s", i,
				strings.Repeat("  # nothing of this is anybody's business\n", 20)),
		}
		if i%5 == 4 {
			docs[0], docs[2] = docs[2], docs[0]
		}
		if i >= 18 {
			docs = docs[1:]
		}
		out = append(out, strings.Join(docs, "---\n"))
	}
	return out
}

// TestHistoryInherits reads the versions of a file as git stores them on each other, where what was parsed once is taken
// over, and one by one.
func TestHistoryInherits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	h := &hidden{t: t, dir: t.TempDir()}
	h.git("init", "-q", "-b", "main")
	h.git("config", "gc.auto", "0")
	for i, text := range manifests() {
		h.write("deploy/all.yaml", text)
		if i%3 == 0 {
			h.write("other/mail.yml", text[strings.Index(text, "---\n")+4:])
		}
		h.commit(fmt.Sprint(i))
	}
	h.git("rm", "-q", "-r", "deploy", "other")
	h.commit("gone")
	apart, many := h.facts()
	h.git("repack", "-q", "-a", "-d", "-f", "--depth=50", "--window=50")
	together, few := h.facts()
	if apart != together {
		t.Errorf("versions that stand on each other give other facts:\n%s", firstDifference(apart, together))
	}
	if few > many/2 {
		t.Errorf("%d files were parsed, of %d that were read one by one", few, many)
	}
	for _, want := range []string{"orders-", "mail", "mail#shelf"} {
		if !strings.Contains(apart, want) {
			t.Errorf("%s is not in the map", want)
		}
	}
}

// facts scans the repository, and counts what the format of manifests has parsed.
func (h *hidden) facts() (string, int64) {
	h.t.Helper()
	var n atomic.Int64
	rows := format.All()
	for i, row := range rows {
		if row.ID == "kubernetes" {
			rows[i].Parse = func(a *artifact.Artifact, f *artifact.Facts) error { n.Add(1); return row.Parse(a, f) }
		}
	}
	m, _, err := scanner.Scan(h.t.Context(), scanner.Options{
		Sources: []source.Spec{{Location: h.dir, Name: "shop"}}, Key: key(h.t), Formats: rows,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	m.Fragments[0].Coverage, m.Fragments[0].Hash = inventory.Coverage{}, ""
	return encode(h.t, m), n.Load()
}

// firstDifference shows the lines of two texts that come after what they share.
func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			return fmt.Sprintf("- %s\n+ %s", x[i], y[min(i, len(y)-1)])
		}
	}
	return ""
}
