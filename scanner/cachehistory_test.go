package scanner_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// long is a repository with some hundred objects: manifests with the same value in many versions, programs that load each
// other, a value in a message, branches that differ little.
func long(t *testing.T) (dir string, values []string) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 9))
	for i := range 4 {
		values = append(values, detect.Expand(fmt.Sprintf("ghp_{[A-Za-z0-9]:36:long%d}", i)))
	}
	manifest := func(n int) string {
		return fmt.Sprintf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      containers:\n      - name: shop\n"+
			"        image: acme/shop:%d\n        env:\n        - name: API_TOKEN\n          valueFrom: {secretKeyRef: {name: shop, key: token}}\n---\napiVersion: v1\nkind: Secret\n"+
			"metadata: {name: shop}\nstringData:\n  token: %s\n  password: changeme\n", n, values[n/12%2])
	}
	var commits []source.SampleCommit
	for n := range 36 {
		files := map[string]string{}
		dir := fmt.Sprintf("services/s%d/", n%4)
		switch r.IntN(4) {
		case 0:
			files[dir+"deploy.yaml"] = manifest(n)
		case 1:
			files[dir+"app.py"] = fmt.Sprintf("import os\nfrom services.common import shared, other_%d\nKEY = os.environ[\"KEY_%d\"]\nTIMEOUT = %d\n"+
				"def run():\n    return shared() + other_%d()\n", n%3, n%5, n, n%3)
		case 2:
			files[dir+".env"] = fmt.Sprintf("A_TOKEN=%s\nLEVEL=%d\nURL=postgres://shop:hunter%dx7Q@db/shop\n", values[2+n%2], n, n/10)
		default:
			files["services/common.py"] = fmt.Sprintf("import os\nN = %d\ndef shared():\n    return os.environ[\"SHARED_TOKEN\"]\n"+
				"def other_%d():\n    return os.environ[\"OTHER_TOKEN\"]\n", n, n%3)
			files[".github/workflows/deploy.yml"] = fmt.Sprintf("name: Deploy\non: push\njobs:\n  a:\n    runs-on: x\n    timeout-minutes: %d\n    steps:\n"+
				"    - run: python services/s%d/app.py\n      env: {TOKEN: \"${{ secrets.DEPLOY_TOKEN }}\"}\n", n, n%4)
		}
		c := source.SampleCommit{Time: time.Date(2026, 1, 1+n, 12, 0, 0, 0, time.UTC), Name: "Mira", Mail: "mira@acme.example",
			Message: fmt.Sprintf("Commit %d", n), Files: files}
		if n%5 == 4 {
			c.Branch = fmt.Sprintf("topic-%d", n)
		}
		if n == 20 {
			c.Message = "The token was " + values[3]
		}
		commits = append(commits, c)
	}
	dir = t.TempDir()
	if err := source.WriteRepository(dir, "https://github.com/acme/shop.git", commits); err != nil {
		t.Fatal(err)
	}
	return dir, values
}

// sameWith compares a scan with a cache with one without, twice, under some options.
func sameWith(t *testing.T, what, dir, folder string, o scanner.Options) {
	t.Helper()
	want := scanWith(t, dir, "", false, o)
	for range 2 {
		if diff := cmp.Diff(want, scanWith(t, dir, folder, false, o)); diff != "" {
			t.Errorf("%s: the cache changes the map:\n%s", what, diff)
		}
	}
}

// TestCacheOverHistories: whatever happens to a repository between two scans, the map is the one that a scan without a
// cache makes.
func TestCacheOverHistories(t *testing.T) {
	dir, values := long(t)
	folder := filepath.Join(t.TempDir(), "cache")
	plain := scanner.Options{}
	step := func(what string, commands ...string) {
		t.Helper()
		for _, c := range commands {
			gitIn(t, dir, strings.Fields(c)...)
		}
		sameWith(t, what, dir, folder, plain)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	step("loose objects")
	step("packed", "gc -q --prune=now")
	write("services/s1/deploy.yaml", "kind: ConfigMap\n")
	step("one commit", "add .", "commit -q -m more")
	step("a second pack", "repack -q")
	other := t.TempDir()
	gitIn(t, other, "clone", "-q", dir, "clone")
	other = filepath.Join(other, "clone")
	for n := range 40 {
		if err := os.WriteFile(filepath.Join(other, fmt.Sprintf("f%d.env", n%7)), []byte(fmt.Sprintf("B_TOKEN=%s\nN=%d\n", values[n%4], n)), 0o644); err != nil {
			t.Fatal(err)
		}
		gitIn(t, other, "add", ".")
		gitIn(t, other, "commit", "-q", "-m", fmt.Sprint("there ", n))
	}
	step("a pack that a fetch adds", "-c fetch.unpackLimit=1 fetch -q "+other+" HEAD:refs/remotes/origin/far")
	step("a branch that moves", "branch -f topic-4 topic-14")
	step("a deleted branch", "branch -q -D topic-9 topic-19")
	step("a rewritten history", "reset -q --hard HEAD~3", "branch -f topic-24 HEAD~1")
	step("a moved tag", "tag v1 HEAD~2", "tag -f v1 HEAD~5")
	step("what was rewritten is gone", "reflog expire --expire=now --all", "gc -q --prune=now")
	step("a file that moved up", "mv services/common.py a.py", "commit -q -m moved")
	step("packed anew, deeper", "repack -q -a -d -f --depth=3")
	step("another branch", "checkout -q topic-14")
	for _, v := range values {
		noneOf(t, folder, v)
	}
}

// TestCacheUnderOptions: what was learned under one key, rule or choice does not stand in the way of another.
func TestCacheUnderOptions(t *testing.T) {
	dir, _ := long(t)
	gitIn(t, dir, "gc", "-q", "--prune=now")
	folder := filepath.Join(t.TempDir(), "cache")
	other, err := fingerprint.NewKey([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	for what, o := range map[string]scanner.Options{
		"plain":          {},
		"another key":    {Key: other},
		"a previous key": {Key: other.After(key(t))},
		"excluded":       {Exclude: func(p string) bool { return strings.HasSuffix(p, ".env") }},
		"no history":     {Read: source.Options{NoHistory: true}},
		"reachable":      {Read: source.Options{NoUnreachable: true}},
		"secrets only":   {Formats: []artifact.Format{}},
		"one worker":     {Read: source.Options{Workers: 1}},
	} {
		sameWith(t, what, dir, folder, o)
	}
	sameWith(t, "plain, in the end", dir, folder, scanner.Options{})
}

// TestCacheUnderRules: what was learned under one set of rules is not believed under another, whichever of them finds more.
func TestCacheUnderRules(t *testing.T) {
	dir, _ := long(t)
	gitIn(t, dir, "gc", "-q", "--prune=now")
	folder := filepath.Join(t.TempDir(), "cache")
	under := func(config string) scanner.Options { return scanner.Options{Detect: secret.Options{Gitleaks: config}} }
	const rule = "[extend]\nuseDefault = true\n%s[[rules]]\nid = \"acme-level\"\nregex = '''%s'''\nkeywords = [\"%s\"]\n"
	levels := fmt.Sprintf(rule, "", `LEVEL=(\d+)`, "level")
	steps := []struct {
		what string
		o    scanner.Options
	}{
		{"the default rules", under("")},
		{"a rule more, which finds what was clean", under(levels)},
		{"the same rule, for other text", under(fmt.Sprintf(rule, "", `TIMEOUT = (\d+)`, "timeout"))},
		{"a rule less", under(fmt.Sprintf(rule, "disabledRules = [\"github-pat\"]\n", `LEVEL=(\d+)`, "level"))},
		{"an allowlist", under(levels + "[[allowlists]]\ntargetRules = [\"acme-level\"]\npaths = ['''services/s1/''']\n")},
		{"the default rules again", under("")},
	}
	before := ""
	for _, x := range steps {
		sameWith(t, x.what, dir, folder, x.o)
		now := scanWith(t, dir, folder, true, x.o)
		if now == before {
			t.Errorf("%s: says what the rules before said", x.what)
		}
		before = now
	}
}

// TestCacheTakesRuns: the second scan of a packed repository looks at nothing again, not even at what holds a value.
func TestCacheTakesRuns(t *testing.T) {
	dir, _ := long(t)
	gitIn(t, dir, "reset", "-q", "--hard") // all files are those of HEAD
	gitIn(t, dir, "gc", "-q", "--prune=now")
	bare := filepath.Join(t.TempDir(), "bare.git")
	gitIn(t, dir, "clone", "-q", "--mirror", dir, bare)
	folder := filepath.Join(t.TempDir(), "cache")
	reads := func() int {
		n := 0
		scanWith(t, bare, folder, false, scanner.Options{Formats: []artifact.Format{counting(&n)}, Read: source.Options{Workers: 1}})
		return n
	}
	if first, second := reads(), reads(); first < 20 || second > 2 { // one for the configuration of git
		t.Errorf("%d artifacts were read by the first scan and %d by the second", first, second)
	}
}
