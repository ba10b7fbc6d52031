package container

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// feedStores are the stores whose entries are the variables of a file, by the kind of a feed.
var feedStores = map[string]string{"cloud-foundry": "cf-var"}

// Made adds what a text says of what it makes: files whose values become the variables of another, and images. Resolve says where
// in the source a path stands.
func Made(f *artifact.Facts, r code.Result, resolve func(code.Run) (string, bool), place func(int) artifact.Place) {
	feeds(f, r.Feeds, resolve, place)
	for _, x := range r.Images {
		at := place(x.Offset)
		if x.From != "" {
			if id, from := ImageNode(f, x.Name, at), ImageNode(f, x.From, at); id != "" && from != "" && id != from {
				f.Edge(inventory.BuiltFrom, id, from, "R16-tag", inventory.High, at)
			}
			continue
		}
		context, ok := resolve(code.Run{Path: x.Context, Dir: x.Dir})
		if !ok {
			continue
		}
		id := ImageNode(f, x.Name, at)
		if id == "" {
			continue
		}
		BuiltFrom(f, id, context, "R16-build", inventory.High, at)
		if recipe, ok := resolve(code.Run{Path: x.Recipe, Dir: x.Dir}); ok && x.Recipe != "" {
			f.Edge(inventory.BuiltFrom, id, inventory.FileID("dockerfile", f.Artifact.Source, recipe), "R16-build", inventory.High, at)
		}
	}
}

// feeds adds what a text says of files whose values become the variables of another: the whole set of the one is copied
// from that of the other.
func feeds(f *artifact.Facts, all []code.Feed, resolve func(code.Run) (string, bool), place func(int) artifact.Place) {
	for _, x := range all {
		to, ok := resolve(code.Run{Path: x.To, Dir: x.Dir})
		from, found := resolve(code.Run{Path: x.From, Dir: x.Dir})
		if !ok || !found || to == "" || from == "" {
			continue
		}
		at, store := place(x.Offset), feedStores[x.Kind]
		set := All(f, inventory.SlotRef{Store: store, Scope: f.Artifact.Source, Name: to}, at)
		values := All(f, inventory.SlotRef{Store: store, Scope: f.Artifact.Source, Name: from}, at)
		f.Refs -= 2
		f.EdgeWith(inventory.CopiesFrom, set, values, "vars-file", inventory.High, at, inventory.AttrWhole, "true")
	}
}
