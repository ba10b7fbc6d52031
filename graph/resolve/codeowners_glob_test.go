package resolve

import "testing"

func TestMatchOwners(t *testing.T) {
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{"*", "a/b/c.go", true},
		{"*.go", "main.go", true},
		{"*.go", "a/b/c.go", true},
		{"*.go", "a/b/c.gox", false},
		{"/*.go", "main.go", true},
		{"/*.go", "a/main.go", false},
		{"/build/logs/", "build/logs/a/b.txt", true},
		{"/build/logs/", "x/build/logs/a.txt", false},
		{"apps/", "x/apps/y/z", true},
		{"apps/", "x/apps", false}, // a file of that name is no folder
		{"/apps/github", "apps/github", true},
		{"/apps/github", "apps/github/x/y", true},
		{"/apps/github", "apps/githubx", false},
		{"docs/*", "docs/getting-started.md", true},
		{"docs/*", "docs/build-app/troubleshooting.md", false},
		{"docs/*", "x/docs/a.md", false}, // a slash inside anchors
		{"docs/**", "docs/a/b.md", true},
		{"**/logs", "build/logs/x", true},
		{"**/logs", "deeply/nested/logs/x", true},
		{"**/logs", "logs/x", true},
		{"/a/**/z.txt", "a/z.txt", true},
		{"/a/**/z.txt", "a/b/c/z.txt", true},
		{"/a/**/z.txt", "a/b/c/z.txt.bak", false},
		{`/with\ space/`, "with space/x", true},
		{"/.github/workflows/", ".github/workflows/ci.yml", true},
		{"te?t.md", "x/test.md", true},
		{"te?t.md", "x/tet.md", false},
		{"", "a", false},
	} {
		if got := MatchOwners(c.glob, c.path); got != c.want {
			t.Errorf("MatchOwners(%q, %q) = %v, want %v", c.glob, c.path, got, c.want)
		}
	}
}
