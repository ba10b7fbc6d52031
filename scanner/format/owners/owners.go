// Package owners reads who answers for the folders of a repository: Backstage's catalog and Prow's OWNERS. CODEOWNERS has
// a package of its own, for it speaks of patterns of files.
//
// Ids: an entry is a pattern owners:<source>/<path>#<name>, with the folder that it speaks for as its glob.
package owners

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Backstage returns the row of catalog-info.yaml. Source: Backstage's descriptor format of catalog entities.
func Backstage() artifact.Format {
	return artifact.Format{
		ID: "backstage", Title: "Backstage catalog entities", Doc: "https://backstage.io/docs/features/software-catalog/descriptor-format/",
		Match: func(a *artifact.Artifact) bool {
			base := a.Base()
			return (strings.HasPrefix(base, "catalog-info") || strings.HasPrefix(base, "catalog.y")) && a.Has("backstage.io/") && a.MayBeYAML()
		},
		Parse: catalog,
	}
}

// Prow returns the row of OWNERS files. Source: the specification of OWNERS files of the Kubernetes community.
func Prow() artifact.Format {
	return artifact.Format{
		ID: "prow-owners", Title: "OWNERS of Prow", Doc: "https://www.kubernetes.dev/docs/guide/owners/",
		Match: func(a *artifact.Artifact) bool {
			return a.Base() == "OWNERS" && (a.Has("approvers") || a.Has("reviewers"))
		},
		Parse: prow,
		Siblings: func(*artifact.Artifact) []string {
			return []string{aliasFile, "../" + aliasFile, "../../" + aliasFile, "../../../" + aliasFile}
		},
	}
}

// maxOwners bounds the owners of one entry.
const maxOwners = 100

// catalog reads the entities of a file: each has one owner, [kind:][namespace/]name.
func catalog(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
		}
		root := d.Root
		who, name := root.Get("spec", "owner"), root.Get("metadata", "name").Str()
		if !strings.HasPrefix(root.Get("apiVersion").Str(), "backstage.io/") || !person(who.Str()) || !person(name) {
			continue
		}
		at := artifact.At(who, "spec.owner")
		id := entry(f, root.Get("kind").Str()+":"+name, name, at)
		f.Owner(id, who.Str(), "backstage", inventory.Certain, at)
		if text := root.Get("metadata", "description").Str(); text != "" && len(text) < 500 {
			f.Attr(id, inventory.AttrPurpose, text, "", artifact.At(root.Get("metadata", "description"), "metadata.description"))
		}
	}
	return failed
}

// prow reads the approvers of a folder, its reviewers where it has none. What filters give stands for the whole folder.
func prow(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	members := aliases(a)
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
		}
		people(f, d.Root, "", members)
		for _, p := range d.Root.Get("filters").Entries() {
			people(f, p.Value, tree.Path("filters").Key(p.Key), members)
		}
	}
	return failed
}

// aliasFile stands at the root of a repository and says who is meant by an alias.
const aliasFile = "OWNERS_ALIASES"

// aliases returns the members of each alias that a file of aliases in this folder or one above gives.
func aliases(a *artifact.Artifact) map[string][]string {
	out := map[string][]string{}
	for _, s := range a.Siblings {
		for _, d := range s.Documents() {
			for _, p := range d.Root.Get("aliases").Entries() {
				for _, who := range p.Value.List() {
					if person(who.Str()) && len(out[p.Key]) < maxOwners {
						out[p.Key] = append(out[p.Key], who.Str())
					}
				}
			}
		}
	}
	return out
}

func people(f *artifact.Facts, n *tree.Node, at tree.Path, members map[string][]string) {
	role := "approvers"
	if len(n.Get(role).List()) == 0 {
		role = "reviewers"
	}
	for i, who := range n.Get(role).List() {
		if i >= maxOwners || !person(who.Str()) {
			continue
		}
		place := artifact.At(who, at.Key(role).Index(i))
		id := entry(f, string(at), "owners", place)
		f.Owner(id, who.Str(), "prow-owners", inventory.Certain, place)
		for _, member := range members[who.Str()] {
			f.Owner(id, member, "prow-owners", inventory.High, place)
		}
	}
}

// person reports whether a text can name who answers.
func person(who string) bool {
	return who != "" && len(who) < 200 && !strings.ContainsAny(who, "\n{}<>\"' ")
}

// entry adds the pattern of a folder.
func entry(f *artifact.Facts, key, name string, at artifact.Place) string {
	a := f.Artifact
	id := f.Node(inventory.Pattern, "owners:"+a.Source+"/"+a.Path+"#"+key, name, at)
	folder := a.Dir()
	if a.Base() == repositorySettings { // its file lies in .github and speaks of the whole
		folder = strings.TrimSuffix(strings.TrimSuffix(folder, ".github"), "/")
	}
	f.Attr(id, inventory.AttrGlob, folder, "folder", at)
	f.Refs++
	return id
}
