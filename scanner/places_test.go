package scanner_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/source"
)

// hidden is a repository with a token of its own in every place where git keeps something.
type hidden struct {
	t      *testing.T
	dir    string
	tokens map[string]string // place -> token
}

// token makes the token of a place.
func (h *hidden) token(place string) string {
	seed := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, place)
	h.tokens[place] = detect.Expand("ghp_{[A-Za-z0-9]:36:" + seed + "}")
	return h.tokens[place]
}

func (h *hidden) git(args ...string) string { return h.gitWith("", args...) }

func (h *hidden) gitWith(stdin string, args ...string) string {
	h.t.Helper()
	c := exec.Command("git", append([]string{"-C", h.dir, "-c", "user.name=A", "-c", "user.email=a@acme.example", "-c", "commit.gpgsign=false",
		"-c", "protocol.file.allow=always"}, args...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + h.t.TempDir(), "GIT_CONFIG_NOSYSTEM=1"}
	c.Stdin = strings.NewReader(stdin)
	out, err := c.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (h *hidden) write(name, text string) {
	h.t.Helper()
	file := filepath.Join(h.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
		h.t.Fatal(err)
	}
}

func (h *hidden) commit(message string) {
	h.git("add", "-A")
	h.git("commit", "-q", "--allow-empty", "-m", message)
}

// hide makes the repository.
func hide(t *testing.T, format string) *hidden {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	h := &hidden{t: t, dir: t.TempDir(), tokens: map[string]string{}}
	h.git("init", "-q", "-b", "main", "--object-format="+format)
	h.write("README", "x\n")
	h.write(".gitattributes", "*.min.js -diff\n*.dat binary\n")
	h.write(".gitignore", "ignored.env\n")
	h.commit("first")
	h.history()
	h.besides(format)
	return h
}

// history hides tokens in commits.
func (h *hidden) history() {
	for _, place := range []string{"deleted file", "undiffed file.min.js", "marked as binary.dat", "odd\nname", "spaces at the end ", "-dash", "quote\"'"} {
		h.write(place, "token "+h.token(place)+"\n")
	}
	h.write("binary.bin", "\x00\x01\x02\x03\xff\xfe\x00"+h.token("binary blob")+"\x00\x00\x01")
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("in/app.env")
	fmt.Fprintf(w, "A_TOKEN=%s\n", h.token("archive"))
	_ = z.Close()
	h.write("lib.zip", b.String())
	h.commit("second, with " + h.token("commit message"))
	h.git("rm", "-q", "-r", ".")
	h.write("README", "y\n")
	h.write(".gitignore", "ignored.env\n")
	h.commit("third")
	h.git("checkout", "-q", "-b", "left")
	h.commit("left")
	h.git("checkout", "-q", "-b", "right", "main")
	h.commit("right")
	h.git("merge", "-q", "--no-commit", "--no-ff", "left")
	h.write("merge.txt", h.token("merge commit")+"\n")
	h.commit("merge")
	h.git("rm", "-q", "merge.txt")
	h.commit("after the merge")
	h.git("checkout", "-q", "-b", "topic", "main")
	h.write("topic.env", "A_TOKEN="+h.token("other branch")+"\n")
	h.commit("topic")
	h.git("checkout", "-q", "main")
	h.git("tag", "-a", "v1", "-m", "release with "+h.token("tag message"))
	h.write("amended.txt", h.token("reflog")+"\n")
	h.commit("to be amended")
	h.git("rm", "-q", "amended.txt")
	h.git("commit", "-q", "--amend", "--allow-empty", "-m", "amended")
	h.git("notes", "add", "-m", "note "+h.token("note"))
	replaced := h.gitWith(h.token("replaced object")+"\n", "hash-object", "-w", "--stdin")
	other := h.gitWith("harmless\n", "hash-object", "-w", "--stdin")
	h.git("replace", replaced, other)
	h.gitWith(h.token("dangling blob")+"\n", "hash-object", "-w", "--stdin")
}

// besides hides tokens outside commits.
func (h *hidden) besides(format string) {
	h.write("README", h.token("stash")+"\n")
	h.git("stash", "-q")
	h.write("staged.env", "A_TOKEN="+h.token("index")+"\n")
	h.git("add", "staged.env")
	if err := os.Remove(filepath.Join(h.dir, "staged.env")); err != nil {
		h.t.Fatal(err)
	}
	h.write("untracked.env", "A_TOKEN="+h.token("untracked file")+"\n")
	h.write("ignored.env", "A_TOKEN="+h.token("ignored file")+"\n")
	h.git("remote", "add", "backup", "https://user:"+h.token("remote url")+"@git.acme.example/shop.git")
	h.git("config", "--local", "http.extraHeader", "Authorization: token "+h.token("extra header"))
	h.write(".git/hooks/pre-push", "#!/bin/sh\ncurl -H 'X: "+h.token("hook")+"'\n")
	h.git("config", "extensions.worktreeConfig", "true")
	h.git("config", "--worktree", "http.proxy", "http://u:"+h.token("worktree config")+"@proxy.acme.example")
	linked := filepath.Join(h.t.TempDir(), "linked")
	h.git("worktree", "add", "-q", linked, "topic")
	if err := os.WriteFile(filepath.Join(linked, "in-linked.env"), []byte("A_TOKEN="+h.token("index of a linked work tree")+"\n"), 0o644); err != nil {
		h.t.Fatal(err)
	}
	l := &hidden{t: h.t, dir: linked}
	l.git("add", "-A")
	l.git("config", "--worktree", "http.proxy", "http://u:"+h.token("config of a linked work tree")+"@proxy.acme.example")
	sub := &hidden{t: h.t, dir: h.t.TempDir(), tokens: h.tokens}
	sub.git("init", "-q", "-b", "main", "--object-format="+format)
	sub.write("sub.env", "A_TOKEN="+h.token("submodule work tree")+"\n")
	sub.commit("sub")
	h.git("submodule", "--quiet", "add", sub.dir, "vendored")
}

// missing returns the places whose token is not in the map of the repository.
func (h *hidden) missing(o scanner.Options) []string {
	h.t.Helper()
	m := scanWith(h.t, h.dir, "", false, o)
	var out []string
	for place, token := range h.tokens {
		if !strings.Contains(m, key(h.t).Of(artifact.Seal(token), true).ID) {
			out = append(out, place)
		}
	}
	slices.Sort(out)
	return out
}

func TestEveryPlaceOfGit(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			h := hide(t, format)
			if gone := h.missing(scanner.Options{}); len(gone) > 0 {
				t.Errorf("loose: not found: %q", gone)
			}
			h.git("update-index", "--split-index")
			h.write("split.env", "A_TOKEN="+h.token("split index")+"\n")
			h.git("add", "split.env")
			_ = os.Remove(filepath.Join(h.dir, "split.env"))
			h.git("repack", "-q", "-a", "-d", "-k")
			if gone := h.missing(scanner.Options{}); len(gone) > 0 {
				t.Errorf("packed: not found: %q", gone)
			}
			m := scanWith(t, h.dir, "", false, scanner.Options{})
			if strings.Contains(m, `"what"`) {
				t.Errorf("something is unreadable: %s", m[strings.Index(m, `"unreadable"`):][:300])
			}
		})
	}
}

// TestPlacesLeftOut leaves places out by choice.
func TestPlacesLeftOut(t *testing.T) {
	h := hide(t, "sha1")
	for name, c := range map[string]struct {
		options source.Options
		want    []string
	}{
		"--no-archives":    {source.Options{NoArchives: true}, []string{"archive"}},
		"--no-binary":      {source.Options{NoBinary: true}, []string{"binary blob"}},
		"--no-unreachable": {source.Options{NoUnreachable: true}, []string{"dangling blob", "index of a linked work tree", "reflog", "replaced object"}},
	} {
		if got := h.missing(scanner.Options{Read: c.options}); !slices.Equal(got, c.want) {
			t.Errorf("%s leaves out %q, want %q", name, got, c.want)
		}
	}
}
