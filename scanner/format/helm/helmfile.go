package helm

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// helmfiles are the files in which helmfile says which chart is installed with which values. Source: the documentation of
// helmfile (https://helmfile.readthedocs.io): releases[].chart, releases[].values, releases[].secrets.
var helmfiles = []string{"helmfile.yaml", "helmfile.yml", "helmfile.yaml.gotmpl", "helmfile.d/*.yaml", "helmfile.d/*.gotmpl"}

// isHelmfile reports whether a file is one of helmfiles.
func isHelmfile(p string) bool {
	return slices.Contains(helmfiles, path.Base(p)) || path.Base(path.Dir(p)) == "helmfile.d"
}

var computedPart = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// releaseValues returns, as globs from the root of the source, the files with which helmfile installs the chart of a folder.
func releaseValues(a *artifact.Artifact, dir string) []string {
	var out []string
	for _, p := range sortedPaths(a.Siblings) {
		if !isHelmfile(p) {
			continue
		}
		for _, part := range strings.Split(string(a.Siblings[p].Content), "\n---") {
			for _, r := range Masked([]byte(part), 1).Get("releases").List() {
				chart := r.Get("chart").Str()
				if chart == "" || strings.ContainsAny(chart, "{:") || path.Join(path.Dir(p), chart) != path.Clean(dir) {
					continue
				}
				for _, g := range releaseFiles(r, path.Dir(p)) {
					if len(out) < maxReleaseValues {
						out = append(out, g)
					}
				}
			}
		}
	}
	return out
}

// releaseFiles returns the files of values and secrets that a release names, as seen from the folder of its helmfile.
func releaseFiles(r *tree.Node, dir string) []string {
	var out []string
	for _, key := range []string{"values", "secrets"} {
		for _, v := range r.Get(key).List() {
			g := path.Join(dir, computedPart.ReplaceAllString(strings.TrimSpace(v.Str()), "*"))
			if v.Str() != "" && !strings.HasPrefix(g, "..") && !strings.Contains(g, "://") && strings.Trim(path.Base(g), "*.") != "" {
				out = append(out, g)
			}
		}
	}
	return out
}

// maxReleaseValues bounds the files of values of the releases of one chart.
const maxReleaseValues = 24

func sortedPaths(files map[string]*artifact.Artifact) []string {
	out := make([]string, 0, len(files))
	for p := range files {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// filledValues returns a file of values that may be a template itself: what helmfile fills in is a hole.
func filledValues(a *artifact.Artifact) *tree.Node {
	if !a.Has("{{") {
		return root(a)
	}
	return Masked(a.Content, 1)
}
