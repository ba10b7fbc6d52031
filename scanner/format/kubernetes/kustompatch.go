package kubernetes

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// A kustomization changes objects that it takes in: by a partial object, or by a list of operations (JSON Patch). What it
// makes of an object that fills Secrets is read as if the object stood like that in the overlay. Source: the kustomization
// reference (patches, patchesJson6902), RFC 6902.

// kustomized names the files that a kustomization takes in and its patches, when it changes something.
func kustomized(a *artifact.Artifact) []string {
	if !a.Has("patch") {
		return nil
	}
	var out []string
	for _, d := range a.Documents() {
		out = append(out, takenIn(d.Root, "")...)
		for _, key := range patchLists {
			for _, item := range d.Root.Get(key).List() {
				if p := patchFile(item); p != "" && !strings.ContainsAny(p, "*?:[\n{$") {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

var patchLists = []string{"patches", "patchesJson6902", "patchesStrategicMerge"}

// patchFile returns the file that an item of a list of patches names: by its path, or by itself.
func patchFile(item *tree.Node) string {
	if item.IsMap() {
		return item.Get("path").Str()
	}
	return item.Str()
}

// furtherKustomized names what the kustomizations of the files take in, in turn.
func furtherKustomized(a *artifact.Artifact) []string {
	var out []string
	for p, s := range a.Siblings {
		if !isKustomization(s) {
			continue
		}
		dir, ok := relative(a.Dir(), path.Dir(p))
		if !ok {
			continue
		}
		for _, d := range s.Documents() {
			out = append(out, takenIn(d.Root, dir+"/")...)
		}
	}
	slices.Sort(out)
	return out
}

func takenIn(root *tree.Node, dir string) []string {
	var out []string
	for _, key := range []string{"resources", "bases", "components"} {
		for _, item := range root.Get(key).List() {
			p := item.Str()
			if p == "" || strings.ContainsAny(p, "*?:[\n{$") || len(out) > 100 {
				continue
			}
			if ext := path.Ext(p); ext == ".yaml" || ext == ".yml" {
				out = append(out, dir+p)
				continue
			}
			out = append(out, dir+p+"/*.yaml", dir+p+"/*.yml")
		}
	}
	return out
}

// relative returns how a folder is called from another one.
func relative(from, to string) (string, bool) {
	up := ""
	for from != "" && from != "." {
		if to == from || strings.HasPrefix(to, from+"/") {
			return up + strings.TrimPrefix(strings.TrimPrefix(to, from), "/"), true
		}
		up += "../"
		if from = path.Dir(from); len(up) > 60 {
			return "", false
		}
	}
	return up + to, true
}

// patches reads the patches of a kustomization.
func (r *file) patches(id, namespace string, root *tree.Node) {
	changed := map[*tree.Node]*tree.Node{} // object -> as the overlay makes it
	var order []*tree.Node
	files := map[*tree.Node]string{}
	for _, key := range patchLists {
		for i, item := range root.Get(key).List() {
			for _, doc := range r.patchOf(item) {
				found := r.targets(patchTarget(item, doc), files)
				if len(found) == 0 && doc.IsMap() && doc.Get("kind").Str() != "" && doc.Get("$patch").Str() != "delete" && doc.File() == "" {
					r.document(doc, tree.Path(key).Index(i).Key("patch"), 0)
				}
				for _, o := range found {
					if changed[o] == nil {
						changed[o], order = o, append(order, o)
					}
					changed[o] = patched(changed[o], doc)
				}
			}
		}
	}
	for _, o := range order {
		r.overlaid(id, namespace, o, changed[o], files[o])
	}
}

// patched applies a patch of either kind to a copy of an object.
func patched(o, patch *tree.Node) *tree.Node {
	if patch.IsSeq() {
		return operations(o, patch)
	}
	return merged(o, patch)
}

// patchOf returns the documents of a patch: of the text in place, or of the file that it names.
func (r *file) patchOf(item *tree.Node) []*tree.Node {
	var out []*tree.Node
	if text := item.Get("patch"); text.Str() != "" {
		for _, d := range tree.YAML([]byte(text.Value)) {
			if d.Err == nil && d.Root != nil {
				relocate(d.Root, text.Line, "")
				out = append(out, d.Root)
			}
		}
		return out
	}
	if strings.Contains(item.Str(), "\n") { // a partial object in place, in patchesStrategicMerge
		return r.patchOf(&tree.Node{Kind: tree.Map, Pairs: []tree.Pair{{Key: "patch", Value: item}}})
	}
	p := path.Join(r.a.Dir(), patchFile(item))
	if s := r.a.Siblings[p]; s != nil && patchFile(item) != "" {
		for _, d := range s.Documents() {
			if d.Err == nil && d.Root != nil {
				relocate(d.Root, 0, p)
				out = append(out, d.Root)
			}
		}
	}
	return out
}

// relocate moves the nodes of a text to where it stands: some lines further down, or in another file.
func relocate(n *tree.Node, lines int, file string) {
	n.Walk("", func(_ tree.Path, n *tree.Node) bool {
		n.Line += lines
		if file != "" {
			n.Note = &tree.Note{File: file}
		}
		for i := range n.Pairs {
			n.Pairs[i].Line += lines
			if file != "" {
				n.Pairs[i].File = file
			}
		}
		return true
	})
}

// targets returns the objects of the bundle that a patch is for: those that fill Secrets and that it names.
func (r *file) targets(t objectName, files map[*tree.Node]string) []*tree.Node {
	kind := t.kind
	if kind != "" && !slices.Contains(overlaidKinds, kind) || t.name == "" {
		return nil
	}
	names, err := regexp.Compile("^(?:" + t.name + ")$")
	if err != nil {
		return nil
	}
	var out []*tree.Node
	paths := make([]string, 0, len(r.a.Siblings))
	for p := range r.a.Siblings {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	for _, p := range paths {
		s := r.a.Siblings[p]
		if !s.Has("external-secrets.io") && !s.Has("secrets.hashicorp.com") || isKustomization(s) {
			continue
		}
		for _, d := range s.Documents() {
			k := d.Root.Get("kind").Str()
			if d.Err != nil || !slices.Contains(overlaidKinds, k) || kind != "" && k != kind || !names.MatchString(d.Root.Get("metadata", "name").Str()) || !r.spend() {
				continue
			}
			if files[d.Root] == "" {
				files[d.Root] = p
				relocate(d.Root, 0, p)
			}
			out = append(out, d.Root)
		}
	}
	return out
}

// overlaidKinds are the kinds that are read again as an overlay makes them.
var overlaidKinds = []string{"ExternalSecret", "ClusterExternalSecret", "PushSecret", "VaultStaticSecret", "VaultDynamicSecret"}

// overlaid reads an object as the overlay makes it. What the object says without the patches does not hold here.
func (r *file) overlaid(id, namespace string, base, root *tree.Node, file string) {
	at := artifact.Place{Line: 1, Column: 1}
	target := base.Get("spec", "target", "name").Str()
	if target == "" {
		target = base.Get("metadata", "name").Str()
	}
	if namespace == "" {
		namespace = r.namespaceAbove(file)
	}
	r.facts.Attr(id, inventory.AttrPatched, file+"#"+target, "", at)
	if r.marker == "" { // only the scope of the overlay's own path keeps it apart from other overlays of the object
		ownPlaces(root, file, r.patchPlace(root, file))
	}
	if meta := root.Get("metadata"); namespace != "" && meta != nil {
		set(meta, []string{"namespace"}, &tree.Node{Tag: "!!str", Value: namespace, Line: meta.Line, Column: meta.Column, Note: meta.Note})
	}
	r.object(root, "")
}

// patchPlace returns where the first value stands that a patch put into the object.
func (r *file) patchPlace(root *tree.Node, file string) *tree.Node {
	var found *tree.Node
	root.Walk("", func(_ tree.Path, n *tree.Node) bool {
		if found == nil && n.File() != file {
			found = n
		}
		return found == nil
	})
	return found
}

// ownPlaces lets the nodes of a file stand where a node of another file does.
func ownPlaces(root *tree.Node, file string, at *tree.Node) {
	if at == nil {
		return
	}
	root.Walk("", func(_ tree.Path, n *tree.Node) bool {
		if n.File() == file {
			n.Line, n.Column, n.Note = at.Line, at.Column, at.Note
		}
		for i := range n.Pairs {
			if n.Pairs[i].File == file {
				n.Pairs[i].Line, n.Pairs[i].Column, n.Pairs[i].File = at.Line, at.Column, at.File()
			}
		}
		return true
	})
}

// operations applies a list of operations to a copy of an object. One that does not fit is left out.
func operations(root, list *tree.Node) *tree.Node {
	root = copied(root)
	for _, op := range list.Items {
		words := strings.Split(strings.TrimPrefix(op.Get("path").Str(), "/"), "/")
		for i, w := range words {
			words[i] = strings.ReplaceAll(strings.ReplaceAll(w, "~1", "/"), "~0", "~")
		}
		switch op.Get("op").Str() {
		case "add", "replace":
			if v := op.Get("value"); v != nil && len(words) < 30 {
				set(root, words, v)
			}
		}
	}
	return root
}

func copied(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	out := *n
	out.Pairs, out.Items = slices.Clone(n.Pairs), slices.Clone(n.Items)
	for i := range out.Pairs {
		out.Pairs[i].Value = copied(out.Pairs[i].Value)
	}
	for i := range out.Items {
		out.Items[i] = copied(out.Items[i])
	}
	return &out
}

// set puts a value at the end of a route; maps on the way that are missing are not made.
func set(n *tree.Node, words []string, value *tree.Node) {
	switch last := len(words) == 1; {
	case n.IsMap():
		for i := range n.Pairs {
			if n.Pairs[i].Key != words[0] {
				continue
			}
			if !last {
				set(n.Pairs[i].Value, words[1:], value)
				return
			}
			n.Pairs[i].Value, n.Pairs[i].Line, n.Pairs[i].Column, n.Pairs[i].File = value, value.Line, value.Column, value.File()
			return
		}
		if last {
			n.Pairs = append(n.Pairs, tree.Pair{Key: words[0], Line: value.Line, Column: value.Column, File: value.File(), Value: value})
		}
	case n.IsSeq():
		i, err := strconv.Atoi(words[0])
		switch {
		case last && (words[0] == "-" || err == nil && i == len(n.Items)):
			n.Items = append(n.Items, value)
		case err != nil || i < 0 || i >= len(n.Items):
		case last:
			n.Items[i] = value
		default:
			set(n.Items[i], words[1:], value)
		}
	}
}
