package postman

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// The dump of all data is one file: collections in format 1, which lists requests and folders side by side, with the
// environments and globals that format 2 keeps apart. Source: schema.postman.com, collection format 1.0.0, and the help
// page on exporting data.

// isFlat recognises a collection in format 1.
func isFlat(n *tree.Node) bool {
	requests := n.Get("requests")
	if !requests.IsSeq() || !n.Get("name").IsString() || n.Get("order") == nil && n.Get("folders") == nil {
		return false
	}
	for _, r := range requests.Items {
		if !r.Get("url").IsString() || r.Get("id").Str() == "" {
			return false
		}
	}
	return true
}

// isDump recognises a dump by its lists of collections and of environments.
func isDump(n *tree.Node) bool {
	return n.Get("version") != nil && n.Get("collections").IsSeq() && n.Get("environments").IsSeq()
}

// mayBeFlat looks for the words of format 1.
func mayBeFlat(a *artifact.Artifact) bool {
	return a.LooksLikeJSON() && a.Has(`"requests"`) && a.Has(`"url"`) && (a.Has(`"headerData"`) || a.Has(`"dataMode"`) || a.Has(`"collectionId"`))
}

func parseFlat(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isFlat, "collections")
	for _, o := range objects {
		name, at := export.Label(o.Node.Get("name").Str()), artifact.At(o.Node, o.Path)
		c := &collection{f: f, set: map[string]bool{}, used: map[string]int{}}
		if key := o.Node.Get("id").Str(); key != "" {
			c.id, c.scope = f.AutomationID(inventory.FileID(Platform, a.Source, key), name, at), path.Join(a.Source, key)
		} else {
			c.id, c.scope = f.Automation(string(o.Path), name, at), path.Join(a.Source, a.Path, string(o.Path))
		}
		c.variables(o.Node, o.Path)
		c.shared(c.id, o.Node, o.Path)
		c.flat(o.Node, o.Path)
		export.Cover(f, c.spans)
	}
	return err
}

// flat reads the folders and requests of a collection in format 1. A request names its folder.
func (c *collection) flat(n *tree.Node, p tree.Path) {
	folders := map[string]string{}
	for i, folder := range n.Get("folders").List() {
		name, at := export.Label(folder.Get("name").Str()), p.Key("folders").Index(i)
		if id := folder.Get("id").Str(); id != "" {
			folders[id] = c.f.Part(c.id, c.key(c.id, name), name, "folder", artifact.At(folder, at))
			c.shared(folders[id], folder, at)
		}
	}
	for i, r := range n.Get("requests").List() {
		name, at := export.Label(r.Get("name").Str()), p.Key("requests").Index(i)
		whole := folders[r.Get("folder").Str()]
		if whole == "" {
			whole = c.id
		}
		part := c.f.Part(whole, c.key(whole, name), name, "request", artifact.At(r, at))
		c.shared(part, r, at)
		c.flatRequest(part, r, at)
		c.spans = append(c.spans, artifact.Span{Node: part, First: r.Line, Last: export.LastLine(r)})
	}
}

func (c *collection) flatRequest(part string, r *tree.Node, p tree.Path) {
	h := c.holder(part)
	h.Mentions(r, p, braces, "postman-variable", c.variable)
	h.URL("url", r.Get("url").Str(), artifact.At(r.Get("url"), p.Key("url")))
	if r.Get("headerData").IsSeq() {
		h.Pairs(r.Get("headerData"), p.Key("headerData"))
	} else {
		c.headerLines(h, r.Get("headers"), p.Key("headers"))
	}
	h.Login(r.Get("helperAttributes"), p.Key("helperAttributes"))
	h.Pairs(r.Get("data"), p.Key("data"))
	for _, key := range []string{"rawModeData", "data"} {
		if body := r.Get(key); body.IsString() {
			h.JSONText(body, p.Key(key))
		}
	}
	for _, key := range []string{"preRequestScript", "tests"} {
		c.script(h, r.Get(key), p.Key(key))
	}
}

// headerLines reads headers that stand in one text, each on a line.
func (c *collection) headerLines(h export.Holder, n *tree.Node, p tree.Path) {
	for line := range strings.Lines(n.Str()) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			name = strings.TrimSpace(name)
			h.Literal(name, strings.TrimSpace(value), artifact.At(n, p.Key(name)))
		}
	}
}

// parseDump reads the environments and the globals of a dump.
func parseDump(f *artifact.Facts, o export.Object) {
	for i, e := range o.Node.Get("environments").List() {
		readEnvironment(f, e, o.Path.Key("environments").Index(i))
	}
	for i, v := range o.Node.Get("globals").List() {
		readValue(f, "globals", v, o.Path.Key("globals").Index(i))
	}
}
