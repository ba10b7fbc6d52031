package source

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// forge writes repositories object by object, so that tests can make what no git would.
type forge struct {
	t    *testing.T
	root string // work tree
	git  string // git directory
	hash hashKind
	tick int
}

func newForge(t *testing.T) *forge {
	t.Helper()
	root := t.TempDir()
	f := &forge{t: t, root: root, git: filepath.Join(root, ".git"), hash: sha1Kind}
	f.file(".git/HEAD", "ref: refs/heads/main\n")
	f.file(".git/config", "[core]\n\trepositoryformatversion = 0\n")
	f.dir(".git/refs/heads")
	f.dir(".git/objects")
	return f
}

func (f *forge) dir(name string) {
	f.t.Helper()
	if err := os.MkdirAll(filepath.Join(f.root, name), 0o755); err != nil {
		f.t.Fatal(err)
	}
}

func (f *forge) file(name, content string) {
	f.t.Helper()
	f.dir(filepath.Dir(name))
	if err := os.WriteFile(filepath.Join(f.root, name), []byte(content), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

func (f *forge) loose(id oid) string {
	name := f.hash.text(id)
	return ".git/objects/" + name[:2] + "/" + name[2:]
}

// object writes a loose object.
func (f *forge) object(kind, data string) oid {
	f.t.Helper()
	full := fmt.Sprintf("%s %d\x00%s", kind, len(data), data)
	h := f.hash.new()
	h.Write([]byte(full))
	id := f.hash.from(h.Sum(nil))
	if _, err := os.Stat(filepath.Join(f.root, f.loose(id))); err == nil {
		return id
	}
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(full))
	_ = z.Close()
	f.file(f.loose(id), b.String())
	return id
}

func (f *forge) blob(content string) oid { return f.object("blob", content) }

// node is an entry for forge.tree.
type node struct {
	mode, name string
	id         oid
}

func (f *forge) tree(nodes ...node) oid {
	var b strings.Builder
	for _, n := range nodes {
		fmt.Fprintf(&b, "%s %s\x00%s", n.mode, n.name, n.id[:f.hash])
	}
	return f.object("tree", b.String())
}

// files makes the tree of a flat folder of path -> content pairs.
func (f *forge) files(pairs ...string) oid {
	var nodes []node
	for i := 0; i < len(pairs); i += 2 {
		nodes = append(nodes, node{"100644", pairs[i], f.blob(pairs[i+1])})
	}
	return f.tree(nodes...)
}

// commit makes a commit one minute after the last one.
func (f *forge) commit(tree oid, message string, parents ...oid) oid {
	f.tick += 60
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", f.hash.text(tree))
	for _, p := range parents {
		fmt.Fprintf(&b, "parent %s\n", f.hash.text(p))
	}
	who := fmt.Sprintf("A <a@x> %d +0000", 1700000000+f.tick)
	fmt.Fprintf(&b, "author %s\ncommitter %s\n\n%s", who, who, message)
	return f.object("commit", b.String())
}

func (f *forge) ref(name string, id oid) { f.file(".git/"+name, f.hash.text(id)+"\n") }

// swept is what a walk of a source gave.
type swept struct {
	source *Source
	files  map[string]string // "state path" -> content
	all    map[string]artifact.Artifact
	list   []artifact.Artifact
	binary []string // "path: text"
	cov    inventory.Coverage
}

func sweep(t *testing.T, location string, o Options) swept {
	t.Helper()
	if o.Workers == 0 {
		o.Workers = 4
	}
	s, err := Open(ParseSpec(location), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	out := swept{source: s, files: map[string]string{}, all: map[string]artifact.Artifact{}}
	var mu sync.Mutex
	out.cov, err = s.Walk(context.Background(), func(_ context.Context, worker int, a *artifact.Artifact) error {
		mu.Lock()
		defer mu.Unlock()
		key := string(a.State) + " " + a.Path
		if a.Binary != nil {
			out.binary = append(out.binary, a.Path+": "+string(a.Content))
			return nil
		}
		if worker < 0 || worker >= o.Workers || a.Source != s.ID {
			t.Errorf("%s: worker %d, source %q", key, worker, a.Source)
		}
		if old, ok := out.files[key]; ok && old == string(a.Content) {
			t.Errorf("%s was handed out twice", key)
		}
		a.Content = bytes.Clone(a.Content)
		out.files[key] = string(a.Content)
		out.all[key] = *a
		out.list = append(out.list, *a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// want fails unless exactly these files were handed out, .git/config left out of the account.
func (s swept) want(t *testing.T, want ...string) {
	t.Helper()
	got := slices.Sorted(maps.Keys(s.files))
	got = slices.DeleteFunc(got, func(k string) bool { return k == "head .git/config" })
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("handed out\n %q, want\n %q", got, want)
	}
}

// skipped fails unless one of the skips has the path and a reason with the text.
func (s swept) skipped(t *testing.T, path, reason string, count int) {
	t.Helper()
	for _, k := range s.cov.Skipped {
		if k.Path == path && strings.Contains(k.Reason, reason) && k.Count == count {
			return
		}
	}
	t.Errorf("no %d skips of %q for %q in %+v", count, path, reason, s.cov.Skipped)
}

// unreadable fails unless exactly these could not be read, each "what: reason".
func (s swept) unreadable(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for _, u := range s.cov.Unreadable {
		got = append(got, u.What+": "+u.Reason)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("unreadable\n %q, want\n %q", got, want)
	}
}
