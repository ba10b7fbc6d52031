package source

import (
	"errors"
	"io/fs"
	"testing"
	"time"
)

// TestResolve: revisions mean what git means by them; what is not there is ErrNoRevision.
func TestResolve(t *testing.T) {
	dir := t.TempDir()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	var commits []SampleCommit
	for i, text := range []string{"one", "two", "three"} {
		commits = append(commits, SampleCommit{Time: at.Add(time.Duration(i) * time.Hour), Name: "M", Mail: "m@acme.example", Message: text,
			Files: map[string]string{"dir/a.txt": text}})
	}
	if err := WriteRepository(dir, "", commits); err != nil {
		t.Fatal(err)
	}
	r := openRepository(dir, Options{Workers: 2})
	defer r.objects.close()
	second := r.commits[r.refs.headID].parents[0]
	for revision, want := range map[string]string{
		"HEAD": "three", "main": "three", "refs/heads/main": "three", "HEAD~1": "two", "main^": "two", "HEAD~2": "one", "HEAD^^": "one",
		"HEAD^0": "three", r.hash.text(second): "two", r.hash.text(second)[:12]: "two",
	} {
		got, err := FileAt(dir, revision, "dir/a.txt", nil)
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", revision, got, err, want)
		}
	}
	for _, revision := range []string{"nowhere", "HEAD~3", "HEAD^2", "", "zz", "ffff", "HEAD~999999999999999999999"} {
		if _, err := FileAt(dir, revision, "dir/a.txt", nil); !errors.Is(err, ErrNoRevision) {
			t.Errorf("%q: %v, want ErrNoRevision", revision, err)
		}
	}
	if _, err := FileAt(dir, "HEAD", "dir/b.txt", nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if id, ok := r.mergeBase(second, r.refs.headID); !ok || id != second {
		t.Error("a commit is the merge base of itself and what comes after it")
	}
}
