package make

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Hooks is the row of the listing of hooks that Make's API answers: blueprints name their hook by its number, and only
// this listing says under which URL it waits.
func Hooks() artifact.Format {
	return artifact.Format{
		ID: "make-hooks", Title: "Make list of hooks", Doc: "https://developers.make.com/api-documentation/api-reference/hooks",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"url"`) && a.Has("hook.") && a.Has(`"typeName"`) &&
				(export.Malformed(a) && a.Has("gateway-") || export.Holds(a, isHook, hookWrappers...))
		},
		Parse: parseHooks,
	}
}

var hookWrappers = []string{"hooks", "hook", "response"}

// isHook recognises a hook by its number, its type and its URL, which stands on a host of Make.
func isHook(n *tree.Node) bool {
	return n.Get("id").Str() != "" && n.Get("typeName").IsString() && export.Capability(n.Get("url").Str()) &&
		hookZone(n.Get("url").Str()) != ""
}

// hookZone is the zone of a hook's URL: eu1.make.com of hook.eu1.make.com.
func hookZone(url string) string {
	zone, ok := strings.CutPrefix(export.Host(url), "hook.")
	if !ok {
		return ""
	}
	return zone
}

func parseHooks(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isHook, hookWrappers...)
	for _, o := range objects {
		n, p := o.Node.Get("url"), o.Path.Key("url")
		at, zone := artifact.At(n, p), hookZone(n.Str())
		slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: zone, Name: hookWord + o.Node.Get("id").Str()}, at)
		f.Defined(slot, inventory.DefinedInScan, at)
		f.Attr(slot, inventory.AttrType, o.Node.Get("typeName").Str(), "", at)
		f.Attr(slot, inventory.AttrEndpoint, export.MakeHook(zone), "", at)
		if name := o.Node.Get("name"); name.Str() != "" {
			f.Attr(slot, inventory.AttrAlias, export.Label(name.Str()), "", artifact.At(name, o.Path.Key("name")))
		}
		f.Service(slot, Platform, "make-hook", inventory.Certain, at)
		f.AddLiteral(artifact.Literal{Slot: slot, Name: "url", Secret: artifact.Seal(n.Str()), Place: at, Sure: true})
	}
	return err
}
