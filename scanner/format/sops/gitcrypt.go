package sops

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// GitCrypt returns the row of .gitattributes files that have git-crypt or transcrypt encrypt files of the repository.
func GitCrypt() artifact.Format {
	return artifact.Format{
		ID: "git-crypt", Title: "Files encrypted by git-crypt or transcrypt", Doc: "https://github.com/AGWA/git-crypt",
		Match: func(a *artifact.Artifact) bool {
			return a.Base() == ".gitattributes" && a.Has("filter=") && a.Has("crypt")
		},
		Parse: attributes,
	}
}

// attributes adds a pattern for each line that names one of the filters: what it covers is encrypted, so that nothing can
// be said of it.
func attributes(a *artifact.Artifact, f *artifact.Facts) error {
	for n, text := range strings.Split(string(a.Content), "\n") {
		words := strings.Fields(text)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		for _, w := range words[1:] {
			by, ok := strings.CutPrefix(w, "filter=")
			if !ok || by != "crypt" && !strings.HasPrefix(by, "git-crypt") || len(words[0]) > 300 {
				continue
			}
			at := artifact.Place{Line: n + 1, Column: 1}
			glob := path.Join(a.Dir(), words[0])
			id := f.Node(inventory.Pattern, "git-crypt:"+a.Source+"/"+glob, "encrypted: "+glob, at)
			f.Attr(id, inventory.AttrType, "git-crypt", "", at)
			f.Attr(id, inventory.AttrGlob, glob, "gitattributes", at)
		}
	}
	return nil
}
