package resolve

import (
	"path"
	"strings"
)

// IsTest reports whether a file is a test, which no image runs: by its name, or by a folder of tests above it.
func IsTest(p string) bool {
	base := path.Base(p)
	if strings.HasSuffix(base, "_test.go") || strings.HasPrefix(base, "test_") || strings.Contains(base, ".test.") || strings.Contains(base, ".spec.") {
		return true
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch path.Ext(base) {
	case ".java", ".kt", ".groovy", ".scala", ".cs":
		if strings.HasSuffix(stem, "Test") || strings.HasSuffix(stem, "Tests") || strings.HasSuffix(stem, "IT") && len(stem) > 2 {
			return true
		}
	}
	dirs := strings.Split(path.Dir(p), "/")
	for i, dir := range dirs {
		switch dir {
		case "test", "tests", "__tests__", "spec", "node_modules", "e2e":
			return true
		}
		// Gradle's source sets (src/integrationTest) and .NET's projects (Shop.UnitTests).
		if i > 0 && dirs[i-1] == "src" && strings.HasSuffix(dir, "Test") || strings.HasSuffix(dir, ".Tests") ||
			strings.HasSuffix(dir, "UnitTests") || strings.HasSuffix(dir, "IntegrationTests") || strings.HasSuffix(dir, ".Test") {
			return true
		}
	}
	return false
}
