package sops

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Config returns the row of .sops.yaml.
func Config() artifact.Format {
	return artifact.Format{
		ID: "sops-config", Title: "SOPS creation rules", Doc: "https://getsops.io/docs/#using-sops-yaml-conf-to-select-kms-pgp-and-age-for-new-files",
		Match: func(a *artifact.Artifact) bool { return a.Base() == ".sops.yaml" || a.Base() == ".sops.yml" },
		Parse: parseConfig,
	}
}

// parseConfig reads which files are encrypted for whom: each rule is a pattern of paths below the file's folder. The
// recipients stand as lists or as one text with commas.
func parseConfig(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
		}
		for i, rule := range d.Root.Get("creation_rules").List() {
			if i >= maxRecipients {
				f.Skip("more creation rules than the limit")
				break
			}
			creationRule(f, rule, tree.Path("creation_rules").Index(i))
		}
	}
	return failed
}

func creationRule(f *artifact.Facts, rule *tree.Node, at tree.Path) {
	if !rule.IsMap() {
		return
	}
	a := f.Artifact
	glob := rule.Get("path_regex")
	place := artifact.At(rule, at)
	if glob != nil {
		place = artifact.At(glob, at.Key("path_regex"))
	}
	id := f.Node(inventory.Pattern, "sops-rule:"+a.Source+"/"+a.Path+"#"+string(at), "encrypted: "+orAll(glob.Str()), place)
	f.Attr(id, inventory.AttrType, "sops", "", place)
	f.Attr(id, inventory.AttrGlob, orAll(glob.Str()), "regexp", place)
	for _, k := range keyFields {
		keys(f, id, k.list, rule.Get(k.list), at.Key(k.list))
	}
	for i, group := range rule.Get("key_groups").List() {
		for _, k := range keyFields {
			keys(f, id, k.list, group.Get(k.list), at.Key("key_groups").Index(i).Key(k.list))
		}
	}
}

func orAll(glob string) string {
	if glob == "" || len(glob) > 300 {
		return ".*"
	}
	return glob
}

func keys(f *artifact.Facts, id, kind string, n *tree.Node, at tree.Path) {
	for _, item := range n.List() {
		if item.IsMap() {
			for _, k := range keyFields {
				if k.list == kind {
					item = item.Get(k.field)
				}
			}
		}
		for name := range strings.SplitSeq(item.Str(), ",") {
			if name = strings.TrimSpace(name); plausible(name) {
				f.Attr(id, inventory.AttrTag, "encrypted for "+kind+": "+name, "", artifact.At(item, at))
			}
		}
	}
}
