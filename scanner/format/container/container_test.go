package container_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

func TestRepository(t *testing.T) {
	for image, want := range map[string]string{
		"nginx":                               "nginx",
		"ghcr.io/acme/web:1.2@sha256:00":      "ghcr.io/acme/web",
		"localhost:5000/web":                  "localhost:5000/web",
		"${REGISTRY}/web:${TAG}":              "*/web",
		"{{ .Values.image }}:{{ .Values.t }}": "",
		"$IMAGE":                              "",
		"":                                    "",
		"two words":                           "",
	} {
		if got := container.Repository(image); got != want {
			t.Errorf("Repository(%q) = %q, want %q", image, got, want)
		}
	}
}

// A default is literal text, a variable is not; a value without letters of its own is nothing.
func TestFallback(t *testing.T) {
	for value, want := range map[string]string{
		"plain":                    "plain",
		"${A}":                     "",
		"${A}:${B}":                "",
		"${A:-x}":                  "x",
		"${A:-${B:-${C:-y}}}":      "y",
		"u:${A:-p}@${HOST}":        "u:p@${HOST}",
		"${A:-}":                   "",
		"${A:?is needed}":          "",
		"p$$w":                     "p$$w",
		"${A:-${B}}/${C:-d}${D:-e": "${B}/d${D:-e",
	} {
		if got := container.Fallback(value); got != want {
			t.Errorf("Fallback(%q) = %q, want %q", value, got, want)
		}
	}
}

func TestFallbackTakesAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[${}:\-=?+Aa$"\\]{0,40}`).Draw(t, "text")
		once := container.Fallback(text)
		if len(once) > len(text) {
			t.Fatalf("Fallback(%q) grew to %q", text, once)
		}
		container.Computed(text)
		container.Repository(text)
	})
}

// A script in a usual working folder of an image is low, one elsewhere in the image is no file of the source,
// and the text after -c is a shell script.
func TestCommand(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"python", "-u", "jobs/sync.py"}, "code:acme/web/jobs/sync.py medium"},
		{[]string{"tini", "--", "/app/run.sh"}, "code:acme/web/run.sh low"},
		{[]string{"/usr/bin/backup.sh"}, ""},
		{[]string{"node", "../../../etc/x.js"}, ""},
		{[]string{"bash", "-ec", "set -e\npython tool.py"}, "code:acme/web/tool.py medium"},
		{[]string{"sh", "-c"}, ""},
		{nil, ""},
	} {
		f := artifact.NewFacts(&artifact.Artifact{Source: "acme", Path: "x"}, "test")
		var words []container.Word
		for _, w := range c.words {
			words = append(words, container.Word{Text: w})
		}
		container.Runner{Facts: f, Part: "p", Dir: "web", Sure: inventory.Medium}.Command(words)
		got := ""
		for _, e := range f.Set.Edges() {
			got += e.To + " " + e.Confidence.String()
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q:\n%s", c.words, diff)
		}
	}
}
