package source

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// company is a repository with something in every place that a walk must look at.
func company(t *testing.T) (f *forge, merge oid) {
	f = newForge(t)
	first := f.commit(f.files("app.txt", "one", "gone.txt", "deleted later"), "first")
	left := f.commit(f.files("app.txt", "two"), "token: leaked in a message", first)
	right := f.commit(f.files("app.txt", "three"), "right", first)
	merge = f.commit(f.files("app.txt", "two and three", "merged.txt", "only in the merge"), "merge", left, right)
	last := f.commit(f.files("app.txt", "two and three"), "after the merge", merge)
	f.ref("refs/heads/main", last)
	f.ref("refs/heads/topic", f.commit(f.files("app.txt", "two and three", "topic.txt", "only on topic"), "topic", last))
	wip := f.commit(f.files("topic.txt", "only on topic"), "wip", last)
	f.ref("refs/remotes/origin/wip", wip)
	f.ref("refs/remotes/origin/HEAD", wip) // says which is the remote's default, and is no branch
	f.ref("refs/stash", f.commit(f.files("stash.txt", "stashed"), "stash", last))
	tag := f.object("tag", "object "+f.hash.text(first)+"\ntype commit\ntag v1\ntagger A <a@x> 1 +0000\n\npassword in a tag")
	f.ref("refs/tags/v1", tag)
	f.commit(f.files("lost.txt", "in a commit without ref"), "lost")
	f.blob("dangling")
	f.file("app.txt", "two and three")
	f.file("new.txt", "not in git")
	f.file(".gitignore", "*.env\n")
	f.file("local.env", "ignored by git")
	f.file(".git/hooks/pre-push", "#!/bin/sh\n")
	f.file(".git/hooks/update.sample", "#!/bin/sh\n")
	f.file(".git/config", "[remote \"origin\"]\n\turl = https://user:pw@GitHub.com/acme/shop.git\n")
	return f, merge
}

func TestRepository(t *testing.T) {
	f, _ := company(t)
	s := sweep(t, f.root, Options{})
	var messages []string
	for key := range s.files {
		if strings.HasPrefix(key, "history .git/") {
			messages = append(messages, strings.SplitN(key, " ", 2)[1])
			delete(s.files, key)
		}
	}
	s.want(t, "head app.txt", "head new.txt", "head .gitignore", "head local.env", "head .git/hooks/pre-push",
		"branch topic.txt", "history app.txt", "history gone.txt", "history merged.txt", "history stash.txt", "history lost.txt")
	slices.Sort(messages)
	if len(messages) != 3 || !strings.HasPrefix(messages[0], ".git/commits/") || !strings.HasPrefix(messages[1], ".git/objects/") || !strings.HasPrefix(messages[2], ".git/tags/") {
		t.Errorf("messages and objects: %q", messages)
	}
	if got := s.all["branch topic.txt"].Branches; !slices.Equal(got, []string{"origin/wip", "topic"}) {
		t.Errorf("branches of topic.txt: %q", got)
	}
	if s.source.ID != "github.com/acme/shop" || s.source.Kind != KindGit || s.all["head app.txt"].Commit != s.source.Revision || s.all["head new.txt"].Commit != "" {
		t.Errorf("%+v", s.source)
	}
	if s.source.Time != "2023-11-14T22:21:20Z" || s.cov.Branches != 2 || s.cov.Commits != 8 {
		t.Errorf("time %s, coverage %+v", s.source.Time, s.cov)
	}
	s.unreadable(t)
}

func TestRepositoryWithout(t *testing.T) {
	f, _ := company(t)
	s := sweep(t, f.root, Options{NoHistory: true})
	s.want(t, "head app.txt", "head new.txt", "head .gitignore", "head local.env", "head .git/hooks/pre-push", "branch topic.txt")
	if len(s.cov.Notes) != 1 {
		t.Errorf("notes: %q", s.cov.Notes)
	}
	s = sweep(t, f.root, Options{NoUnreachable: true})
	for _, key := range []string{"history lost.txt", "history app.txt"} {
		if _, ok := s.files[key]; ok != (key == "history app.txt") {
			t.Errorf("--no-unreachable: %s is there: %v", key, ok)
		}
	}
	for _, a := range s.all {
		if strings.HasPrefix(a.Path, ".git/objects/") {
			t.Errorf("--no-unreachable handed out %s", a.Path)
		}
	}
}

func TestDeterminism(t *testing.T) {
	f, _ := company(t)
	one, many := sweep(t, f.root, Options{Workers: 1}), sweep(t, f.root, Options{Workers: 8})
	view := func(s swept) (out []string) {
		for _, a := range s.list {
			out = append(out, fmt.Sprint(a.State, a.Path, string(a.Content), a.Blob, a.Commit, a.Branches))
		}
		slices.Sort(out)
		return append(out, fmt.Sprintf("%+v", s.cov))
	}
	if diff := cmp.Diff(view(one), view(many)); diff != "" {
		t.Error(diff)
	}
}

func TestNothingIsWritten(t *testing.T) {
	f, _ := company(t)
	list := func() (out []string) {
		_ = filepath.WalkDir(f.root, func(name string, d os.DirEntry, _ error) error {
			info, _ := d.Info()
			out = append(out, fmt.Sprint(name, info.Size(), info.ModTime()))
			return nil
		})
		return out
	}
	before := list()
	sweep(t, f.root, Options{})
	if diff := cmp.Diff(before, list()); diff != "" {
		t.Error(diff)
	}
}

func TestAttribute(t *testing.T) {
	f, merge := company(t)
	s := sweep(t, f.root, Options{})
	blob := func(key string) string { return s.all[key].Blob }
	got, commits, err := s.source.Attribute(context.Background(), []string{blob("history merged.txt"), blob("history gone.txt"), blob("branch topic.txt"), blob("head app.txt"), blob("head new.txt"), "no id"})
	if err != nil {
		t.Fatal(err)
	}
	id := f.hash.text(merge)
	if diff := cmp.Diff([]Occurrence{{Path: "merged.txt", State: "history", FirstSeen: id, LastSeen: id}}, got[blob("history merged.txt")]); diff != "" {
		t.Error(diff)
	}
	topic := got[blob("branch topic.txt")]
	if len(topic) != 1 || topic[0].State != "branch" || !slices.Equal(topic[0].Branches, []string{"origin/wip", "topic"}) || topic[0].FirstSeen == topic[0].LastSeen {
		t.Errorf("topic: %+v", topic)
	}
	app := got[blob("head app.txt")]
	if len(app) != 1 || app[0].State != "head" || app[0].FirstSeen != id || app[0].Branches != nil {
		t.Errorf("app: %+v", app)
	}
	if _, ok := got[blob("head new.txt")]; ok {
		t.Error("a file that is in no commit has occurrences")
	}
	if !slices.IsSortedFunc(commits, func(a, b inventory.Commit) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("commits are not sorted")
	}
}

func TestStagedOnly(t *testing.T) {
	f := newForge(t)
	f.ref("refs/heads/main", f.commit(f.files("a", "x"), "m"))
	id := f.blob("staged, then removed from disk")
	f.file(".git/index", testIndex(id, "staged.txt"))
	f.file("a", "x")
	s := sweep(t, f.root, Options{})
	s.want(t, "head a", "head staged.txt")
	s.unreadable(t)
}

func TestIndexes(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git to write them")
	}
	for _, hash := range []string{"sha1", "sha256"} {
		for _, version := range []string{"2", "3", "4"} {
			f := &forge{t: t, root: t.TempDir()}
			git := func(args ...string) {
				t.Helper()
				cmd := exec.Command("git", append([]string{"-C", f.root, "-c", "index.version=" + version}, args...)...)
				cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Skipf("git %v: %v: %s", args, err, out)
				}
			}
			git("init", "-q", "--object-format="+hash)
			f.file("dir/one.txt", "1")
			f.file("dir/one-more.txt", "2")
			f.file("intent.txt", "3")
			git("add", "dir")
			git("add", "-N", "intent.txt")
			for _, name := range []string{"dir/one.txt", "dir/one-more.txt"} {
				_ = os.Remove(filepath.Join(f.root, name))
			}
			s := sweep(t, f.root, Options{NoUnreachable: true})
			if s.files["head dir/one.txt"] != "1" || s.files["head dir/one-more.txt"] != "2" || len(s.cov.Unreadable) > 0 {
				t.Errorf("%s, version %s: %q, %+v", hash, version, s.files, s.cov.Unreadable)
			}
		}
	}
}

func FuzzIndex(f *testing.F) {
	f.Add([]byte(testIndex(oid{1}, "staged.txt")))
	f.Fuzz(func(t *testing.T, b []byte) {
		if out, _ := parseIndex(sha1Kind, b, func(oid) ([]byte, bool) { return []byte(testIndex(oid{1}, "base")), true }); len(out) > len(b)+1 {
			t.Error("more entries than bytes")
		}
	})
}

// testIndex writes an index of one entry (version 2).
func testIndex(id oid, name string) string {
	var b strings.Builder
	b.WriteString("DIRC\x00\x00\x00\x02\x00\x00\x00\x01")
	b.WriteString(strings.Repeat("\x00", 24) + "\x00\x00\x81\xa4" + strings.Repeat("\x00", 12))
	b.Write(id[:20])
	b.WriteString("\x00" + string(rune(len(name))) + name)
	b.WriteString(strings.Repeat("\x00", 8-(62+len(name))%8))
	sum := sha1Kind.new()
	sum.Write([]byte(b.String()))
	return b.String() + string(sum.Sum(nil))
}

func TestUnbornAndEmpty(t *testing.T) {
	f := newForge(t)
	f.file("a.txt", "x")
	s := sweep(t, f.root, Options{})
	s.want(t, "head a.txt")
	s.unreadable(t)
	if s.source.Revision != "" || s.source.Time != "" || s.source.ID != filepath.Base(f.root) {
		t.Errorf("%+v", s.source)
	}
}

func TestBare(t *testing.T) {
	f, _ := company(t)
	bare := filepath.Join(t.TempDir(), "shop.git")
	if err := os.Rename(f.git, bare); err != nil {
		t.Fatal(err)
	}
	s := sweep(t, bare, Options{})
	for _, key := range []string{"head app.txt", "head config", "head hooks/pre-push", "branch topic.txt", "history merged.txt"} {
		if _, ok := s.files[key]; !ok {
			t.Errorf("%s is missing", key)
		}
	}
	s.unreadable(t)
}

func TestLinkedWorkTree(t *testing.T) {
	f, _ := company(t)
	linked := filepath.Join(t.TempDir(), "linked")
	f.file(".git/worktrees/linked/HEAD", "ref: refs/heads/topic\n")
	f.file(".git/worktrees/linked/commondir", "../..\n")
	g := &forge{t: t, root: linked, hash: sha1Kind}
	g.file(".git", "gitdir: "+filepath.Join(f.git, "worktrees", "linked")+"\n")
	g.file("mine.txt", "x")
	s := sweep(t, linked, Options{})
	for _, key := range []string{"head mine.txt", "head topic.txt", "history merged.txt"} {
		if _, ok := s.files[key]; !ok {
			t.Errorf("%s is missing", key)
		}
	}
	if s.source.ID != "github.com/acme/shop" || len(s.cov.Notes) != 1 {
		t.Errorf("%s, notes %q", s.source.ID, s.cov.Notes)
	}
}

func TestBrokenRepositories(t *testing.T) {
	t.Run("corrupt and missing objects", func(t *testing.T) {
		f := newForge(t)
		bad, missing := f.blob("will be corrupt"), f.blob("will be gone")
		tree := f.tree(node{"100644", "bad", bad}, node{"100644", "good", f.blob("good")}, node{"100644", "missing", missing}, node{"40000", "sub", f.files("x", "lost")})
		f.ref("refs/heads/main", f.commit(f.files("now", "y"), "second", f.commit(tree, "first")))
		f.file(f.loose(bad), "no zlib")
		_ = os.Remove(filepath.Join(f.root, f.loose(missing)))
		sub := f.files("x", "lost")
		_ = os.Remove(filepath.Join(f.root, f.loose(sub)))
		s := sweep(t, f.root, Options{})
		s.unreadable(t, "object "+f.hash.text(bad)+": corrupt object", "object "+f.hash.text(missing)+": missing object", "tree "+f.hash.text(sub)+": missing object")
		if s.files["history good"] != "good" || s.files["head now"] != "y" {
			t.Errorf("the walk did not go on: %v", s.files)
		}
	})
	t.Run("missing parent", func(t *testing.T) {
		f := newForge(t)
		parent := f.commit(f.files("a", "x"), "first")
		f.ref("refs/heads/main", f.commit(f.files("a", "y"), "second", parent))
		_ = os.Remove(filepath.Join(f.root, f.loose(parent)))
		sweep(t, f.root, Options{}).unreadable(t, "commit "+f.hash.text(parent)+": missing object")
		f.file(".git/shallow", f.hash.text(parent)+"\n")
		s := sweep(t, f.root, Options{})
		if len(s.cov.Notes) != 1 || !strings.Contains(s.cov.Notes[0], "shallow") {
			t.Errorf("notes %q", s.cov.Notes)
		}
	})
	t.Run("odd refs", func(t *testing.T) {
		f := newForge(t)
		f.ref("refs/heads/main", f.commit(f.files("a", "x"), "m"))
		f.file(".git/refs/heads/empty", "")
		f.file(".git/refs/heads/odd name.lock", "zzz")
		f.file(".git/refs/tags/dir/deep/loop", "ref: refs/tags/dir/deep/loop")
		s := sweep(t, f.root, Options{})
		s.want(t, "head a")
		s.unreadable(t)
	})
	t.Run("no HEAD", func(t *testing.T) {
		f := newForge(t)
		f.ref("refs/heads/main", f.commit(f.files("a", "x"), "m"))
		_ = os.Remove(filepath.Join(f.git, "HEAD"))
		s := sweep(t, f.root, Options{})
		s.want(t, "branch a")
		s.unreadable(t, ".git/HEAD: names no branch and no commit")
	})
	t.Run("corrupt pack", func(t *testing.T) {
		f := newForge(t)
		f.ref("refs/heads/main", f.commit(f.files("a", "x"), "m"))
		f.file(".git/objects/pack/pack-1.pack", "PACK")
		f.file(".git/objects/pack/pack-1.idx", "x")
		s := sweep(t, f.root, Options{})
		s.want(t, "head a")
		s.unreadable(t, "objects/pack/pack-1: corrupt pack or index")
	})
}

func TestOddNames(t *testing.T) {
	f := newForge(t)
	tree := f.tree(node{"100644", "..", f.blob("1")}, node{"100644", "a/b", f.blob("2")}, node{"100644", "nl\n", f.blob("3")},
		node{"100644", "\xff", f.blob("4")}, node{"100644", ".git", f.blob("5")}, node{"120000", "link", f.blob("/etc/passwd")}, node{"160000", "sub", f.blob("unused")})
	f.ref("refs/heads/main", f.commit(tree, "m"))
	s := sweep(t, f.root, Options{NoUnreachable: true})
	s.want(t, "head ..", "head a/b", "head nl\n", "head \uFFFD", "head .git")
	s.skipped(t, "sub", "submodule", 1)
	s.skipped(t, "", "symbolic link", 1)
}

func TestTreeBomb(t *testing.T) {
	f := newForge(t)
	id := f.files("a", "bomb")
	for range 10 {
		var nodes []node
		for i := range 10 {
			nodes = append(nodes, node{"40000", fmt.Sprint("d", i), id})
		}
		id = f.tree(nodes...)
	}
	f.ref("refs/heads/main", f.commit(f.files("a", "x"), "second", f.commit(id, "first")))
	f.ref("refs/heads/bomb", f.commit(id, "third"))
	s := sweep(t, f.root, Options{})
	if len(s.cov.Unreadable) == 0 || !strings.Contains(s.cov.Unreadable[0].Reason, "limit") || len(s.files) > 20*maxRepeats {
		t.Errorf("%d files, %+v", len(s.files), s.cov.Unreadable)
	}
	got, _, err := s.source.Attribute(context.Background(), []string{f.hash.text(f.blob("bomb"))})
	if n := len(got[f.hash.text(f.blob("bomb"))]); err != nil || n != maxOccurrences {
		t.Errorf("%d occurrences, %v", n, err)
	}
}

func TestAlternatesAreForLookUpsOnly(t *testing.T) {
	other := newForge(t)
	shared := other.blob("shared")
	other.blob("of the other repository alone")
	f := newForge(t)
	f.file(".git/objects/info/alternates", filepath.Join(other.git, "objects")+"\n")
	f.ref("refs/heads/main", f.commit(f.files("a", "y"), "second", f.commit(f.tree(node{"100644", "s", shared}), "first")))
	s := sweep(t, f.root, Options{})
	s.want(t, "head a", "history s")
	s.unreadable(t)
	if len(s.cov.Notes) != 1 {
		t.Errorf("notes %q", s.cov.Notes)
	}
}

func TestSHA256Repository(t *testing.T) {
	f := newForge(t)
	f.hash = sha256Kind
	f.file(".git/config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n")
	f.ref("refs/heads/main", f.commit(f.files("a", "y"), "second", f.commit(f.files("old", "z"), "first")))
	s := sweep(t, f.root, Options{})
	s.want(t, "head a", "history old")
	s.unreadable(t)
}

func TestNames(t *testing.T) {
	for remote, want := range map[string]string{
		"https://user:pw@GitHub.com:443/acme/Shop.git/": "github.com/acme/Shop", "git@github.com:acme/shop.git": "github.com/acme/shop",
		"ssh://git@host.example:2222/a/b": "host.example:2222/a/b", "ssh://git@host.example:22/a/b": "host.example/a/b",
		"/srv/git/x.git": "", "../x": "", `C:\repo`: "", "file:///srv/x": "", "https://[": "", "": "",
	} {
		if got := normalRemote(remote); got != want {
			t.Errorf("%q is %q, want %q", remote, got, want)
		}
	}
	f := newForge(t)
	root := f.commit(f.files("a", "x"), "m")
	f.ref("refs/heads/main", f.commit(f.files("a", "y"), "n", root))
	if s := sweep(t, f.root, Options{}); s.source.ID != "git-"+f.hash.text(root)[:12] {
		t.Errorf("without remote: %s", s.source.ID)
	}
	if s := sweep(t, "shop="+f.root, Options{}); s.source.ID != "shop" {
		t.Errorf("named: %s", s.source.ID)
	}
}

// A pack that is cut short while it is mapped is counted; the program goes on.
func TestPackCutUnderOurFeet(t *testing.T) {
	f := newForge(t)
	growing(f, 60)
	f.repack(false)
	s, err := Open(ParseSpec(f.root), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, _ := filepath.Glob(filepath.Join(f.git, "objects/pack/*.pack"))
	if err := os.Truncate(files[0], 0); err != nil {
		t.Fatal(err)
	}
	cov, err := s.Walk(context.Background(), func(context.Context, int, *artifact.Artifact) error { return nil })
	if err != nil || len(cov.Unreadable) == 0 {
		t.Errorf("%v, %+v", err, cov.Unreadable)
	}
}
