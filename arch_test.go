// Package rotamap has no code: this test keeps the arrows between the packages, as docs/architecture.md draws
// them. A new package must be added here, so that the whole picture is read in every review.
package rotamap

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/rotamap/rotamap/"

// arrows says which of our packages each package may import. A trailing "/..." stands for all below.
var arrows = map[string][]string{
	"cmd/rotamap":           {"..."},
	"graph":                 {"graph/inventory", "graph/resolve", "rules/provider"},
	"graph/inventory":       {},
	"graph/plan":            {"graph", "graph/inventory", "rules/provider", "rules/register"},
	"graph/resolve":         {"graph/inventory", "rules/provider"},
	"reports":               {"graph", "graph/inventory", "graph/plan", "rules/policy"},
	"rules/detect":          {"graph/inventory"},
	"rules/policy":          {"graph", "graph/inventory", "graph/plan", "rules/register"},
	"rules/provider":        {"graph/inventory", "rules/detect"},
	"rules/register":        {"graph/inventory"},
	"scanner":               {"graph/inventory", "rules/detect", "rules/provider", "scanner/..."},
	"scanner/artifact":      {"graph/inventory", "scanner/artifact/tree", "scanner/lazy"},
	"scanner/artifact/tree": {},
	"scanner/cache":         {},
	"scanner/code":          {"graph/inventory", "rules/detect", "scanner/artifact", "scanner/lazy"},
	"scanner/fingerprint":   {"graph/inventory", "scanner/artifact"},
	"scanner/format":        {"scanner/artifact", "scanner/format/..."},
	"scanner/format/*":      {"graph/inventory", "rules/detect", "rules/provider", "scanner/artifact", "scanner/artifact/tree", "scanner/code", "scanner/format/...", "scanner/lazy"},
	"scanner/imported":      {"graph/inventory", "rules/detect", "scanner/artifact", "scanner/artifact/tree"},
	"scanner/lazy":          {},
	"scanner/secret":        {"graph/inventory", "rules/detect", "rules/provider", "scanner/artifact", "scanner/artifact/tree", "scanner/lazy"},
	"scanner/source":        {"graph/inventory", "scanner/artifact", "scanner/cache"},
	"testdata":              {},
	"testdata/facts":        {"graph/inventory"},
}

// soleUsers says which of our packages may import a library.
var soleUsers = map[string][]string{
	"github.com/go-git/go-git/":        {"scanner/source"},
	"github.com/zricethezav/gitleaks/": {"scanner/secret"},
	"github.com/dominikbraun/graph":    {"graph"},
	"github.com/spf13/cobra":           {"cmd/rotamap"},
	"github.com/schollz/progressbar/":  {"cmd/rotamap"},
	"os":                               {"cmd/rotamap", "scanner/source", "scanner/cache", "scanner/fingerprint", "scanner/secret", "rules/register"},
	"net/http":                         {},
	"os/exec":                          {"scanner/source"},
}

func TestArrows(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		checkFile(t, filepath.ToSlash(file), seen)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for row := range arrows {
		if !seen[row] && row != "cmd/rotamap" {
			t.Errorf("the map of arrows names %s, which does not exist", row)
		}
	}
}

func checkFile(t *testing.T, file string, seen map[string]bool) {
	pkg := path.Dir(file)
	row := pkg
	if _, ok := arrows[row]; !ok {
		row = path.Dir(pkg) + "/*"
	}
	allowed, ok := arrows[row]
	if !ok {
		t.Errorf("package %s is not in the map of arrows: add it to arch_test.go and docs/architecture.md", pkg)
		return
	}
	seen[row] = true
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range f.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if ours, ok := strings.CutPrefix(name, module); ok && !permitted(ours, allowed) {
			t.Errorf("%s imports %s: the map of arrows does not allow it", file, ours)
		}
		for library, users := range soleUsers {
			exact := !strings.HasSuffix(library, "/")
			if (name == library || !exact && strings.HasPrefix(name, library)) && !permitted(pkg, users) {
				t.Errorf("%s imports %s, which only %v may", file, name, users)
			}
		}
	}
}

func permitted(name string, allowed []string) bool {
	for _, a := range allowed {
		if prefix, all := strings.CutSuffix(a, "..."); a == name || all && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// TestRevealers keeps the value of a secret behind two packages: those that match it and those that seal it.
func TestRevealers(t *testing.T) {
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(file))
		if dir == "scanner/secret" || dir == "scanner/fingerprint" || dir == "scanner/artifact" {
			return nil
		}
		if uses(f, "artifact", "Reveal") {
			t.Errorf("%s reveals a secret", file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// uses reports whether a file names pkg.name.
func uses(f *ast.File, pkg, name string) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == name {
			if id, ok := s.X.(*ast.Ident); ok && id.Name == pkg {
				found = true
			}
		}
		return !found
	})
	return found
}
