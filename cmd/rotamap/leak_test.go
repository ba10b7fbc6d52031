package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
)

// planted is the value that stands in every carrier of the sweep.
const planted = "ghp_{[A-Za-z0-9]:36:sweep}"

// plant writes the value into one file of every kind that a format, a detector row or the reading of text knows.
func plant(t *testing.T, dir, value string) {
	t.Helper()
	b64 := base64.StdEncoding.EncodeToString([]byte(value))
	files := map[string]string{
		"a.env":                    "API_TOKEN=" + value + "\n",
		"compose.yaml":             "services:\n  a:\n    image: x\n    environment:\n      API_TOKEN: " + value + "\n",
		"k8s.yaml":                 "apiVersion: v1\nkind: Secret\nmetadata: {name: " + "s" + "}\ndata:\n  token: " + b64 + "\nstringData:\n  other: " + value + "\n",
		"deploy.yaml":              "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    env:\n    - {name: API_TOKEN, value: " + value + "}\n",
		".github/workflows/a.yml":  "name: A\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: curl -H 'Authorization: token " + value + "' https://api.github.com\n      env: {T_TOKEN: " + value + "}\n",
		"Dockerfile":               "FROM x\nENV API_TOKEN=" + value + "\n",
		"Makefile":                 "a:\n\tAPI_TOKEN=" + value + " ./run\n",
		"package.json":             `{"scripts": {"a": "API_TOKEN=` + value + ` node a.js"}}`,
		"a.py":                     "API_TOKEN = '" + value + "'\n",
		"a.js":                     "const apiToken = `" + value + "`;\n",
		"a.go":                     "package a\nconst apiToken = \"" + value + "\"\n",
		"a.sh":                     "export API_TOKEN=" + value + "\n",
		"n8n.json":                 `{"name":"w","nodes":[{"name":"h","type":"n8n-nodes-base.httpRequest","typeVersion":4,"position":[0,0],"parameters":{"url":"https://x.example/?token=` + value + `","headerParameters":{"parameters":[{"name":"Authorization","value":"Bearer ` + value + `"}]}}}],"connections":{}}`,
		"flows.json":               `[{"id":"1","type":"tab","label":"x"},{"id":"2","z":"1","type":"http request","url":"https://u:` + value + `@x.example","wires":[]}]`,
		"creds.json":               `[{"id":"1","name":"c","type":"httpHeaderAuth","data":{"name":"X","value":"` + value + `"}}]`,
		"url.txt":                  "https://user:" + value + "@github.com/acme/x.git\n",
		".npmrc":                   "//npm.example.test/:_authToken=" + value + "\n",
		".netrc":                   "machine x.example login u password " + value + "\n",
		"percent.txt":              "token=" + url.QueryEscape(value) + "&x=1\n",
		"basic.txt":                "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("user:"+value)) + "\n",
		value + "/in-the-path.env": "X=1\n",
		"main.tf":                  "resource \"github_actions_secret\" \"a\" {\n  repository = \"x\"\n  secret_name = \"API_TOKEN\"\n  plaintext_value = \"" + value + "\"\n}\n",
		".gitlab-ci.yml":           "a:\n  variables: {API_TOKEN: " + value + "}\n  script: [\"curl -u x:" + value + " https://x.example\"]\n",
		"CODEOWNERS":               "* @" + value + "\n",
		"rotamap.toml":             "name = \"" + value + "\"\n",
		"utf16.env":                string(utf16("API_TOKEN=" + value + "\n")),
	}
	for name, text := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func utf16(s string) []byte {
	out := []byte{0xff, 0xfe}
	for i := range len(s) {
		out = append(out, s[i], 0)
	}
	return out
}

// TestNoLeakSweep plants a value in every carrier, runs the real program with every report, and searches all that
// it wrote, printed, logged or left in the temporary folder, for the value in plain and encoded.
func TestNoLeakSweep(t *testing.T) {
	value := detect.Expand(planted)
	work, temp, tree := t.TempDir(), t.TempDir(), t.TempDir()
	plant(t, tree, value)
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME"} {
		t.Setenv(name, work)
	}
	for _, name := range []string{"TMPDIR", "XDG_CACHE_HOME"} {
		t.Setenv(name, temp)
	}
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	t.Chdir(work)
	var log bytes.Buffer
	run := func(args ...string) string {
		var both bytes.Buffer
		run(context.Background(), args, strings.NewReader(""), &both, &both) // exit codes are other tests' matter
		log.Write(both.Bytes())
		return both.String()
	}
	run("scan", "acme="+tree, "-o", "map.json")
	for _, kind := range []string{"credentials", "slots", "automations", "services", "owners", "skips"} {
		run("list", kind, "map.json")
		run("list", kind, "--json", "map.json")
	}
	putFile(t, "gitleaks.json", `[{"RuleID":"github-pat","File":"new.env","StartLine":3,"Secret":"`+value+`","Match":"T=`+value+`","Commit":""}]`)
	run("scan", "acme="+tree, "--import", "gitleaks.json", "-o", "imported.json")
	if err := os.Remove("gitleaks.json"); err != nil {
		t.Fatal(err)
	}
	putFile(t, "all.tmpl", `{{printf "%+v" .}}`)
	for line := range strings.Lines(run("report", "--list")) {
		id, spec := strings.Fields(line)[0], ""
		if id == "template" {
			spec = "template=all.tmpl"
		}
		for name, flags := range map[string][]string{"report": nil, "internal": {"--internal"}} {
			file := filepath.Join(work, name+"."+id)
			args := append([]string{"report", "-f", cmp.Or(spec, id), "-o", file}, flags...)
			run(append(args, "imported.json")...)
			if info, err := os.Stat(file); err != nil || info.Size() == 0 && id != "github" && id != "ics" {
				t.Errorf("%s was not written: %v", file, err)
			}
		}
	}
	run("report", "-f", "cyclonedx@1.7=cyclonedx.17", "-f", "sarif=baseline.sarif", "--baseline", "map.json", "imported.json")
	run("report", "-f", "sarif=github.sarif", "--github", "-f", "mermaid=one.mmd", "-f", "svg=one.svg", "--credential", "API_TOKEN", "imported.json")
	run("check", "imported.json", "--json")
	run("diff", "map.json", "imported.json", "--json")
	run("explain", "API_TOKEN", "map.json")
	run("calendar", "map.json")
	run("check", "map.json")
	run("impact", "API_TOKEN", "map.json", "--json")
	run("plan", "API_TOKEN", "map.json")
	putFile(t, "log.txt", log.String())
	searchFor(t, value, work, temp)
}

func searchFor(t *testing.T, value string, dirs ...string) {
	t.Helper()
	b64 := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(value)), "=")
	forms := map[string]string{"plain": value, "base64": b64[:len(b64)-1], "hex": hex.EncodeToString([]byte(value)),
		"percent": url.QueryEscape(value), "tail": value[12:]}
	files := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			files++
			parts := append(unpacked(t, text), text)
			for encoding, form := range forms {
				if strings.Contains(path, form) || slices.ContainsFunc(parts, func(p []byte) bool { return bytes.Contains(p, []byte(form)) }) {
					t.Errorf("%s holds the planted value (%s)", filepath.Base(path), encoding)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 60 {
		t.Errorf("only %d files were searched: the sweep did not write its reports", files)
	}
}

// unpacked are the files of an archive (a workbook is one), or the text of a PDF where pdftotext reads it.
func unpacked(t *testing.T, data []byte) [][]byte {
	t.Helper()
	var out [][]byte
	if z, err := zip.NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, text)
		}
	}
	if program, err := exec.LookPath("pdftotext"); err == nil && bytes.HasPrefix(data, []byte("%PDF-")) {
		cmd := exec.Command(program, "-raw", "-", "-")
		cmd.Stdin = bytes.NewReader(data)
		text, err := cmd.Output()
		if err != nil {
			t.Fatalf("pdftotext: %v", err)
		}
		out = append(out, text, bytes.ReplaceAll(text, []byte("\n"), nil))
	}
	return out
}

func putFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
