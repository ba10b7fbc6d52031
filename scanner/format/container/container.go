// Package container holds what the formats about containers share: how the value of a variable becomes facts,
// how an image is named, what a command runs, and which lines a node covers.
package container

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Env adds the environment variable of a part, which the part reads, and returns its binding.
func Env(f *artifact.Facts, part, name, rule string, at artifact.Place) string {
	return bind(f, part, name, "env", rule, at)
}

// File adds the file that a part sees at a path, and returns its binding.
func File(f *artifact.Facts, part, path, rule string, at artifact.Place) string {
	return bind(f, part, path, "file", rule, at)
}

func bind(f *artifact.Facts, part, name, as, rule string, at artifact.Place) string {
	b := f.Binding(part, name, as, at)
	f.Edge(inventory.Reads, part, b, rule, inventory.Certain, at)
	return b
}

// All adds the pattern that stands for every key of an entry, under the id that graph/resolve expands: the
// slot's id with the key "*".
func All(f *artifact.Facts, r inventory.SlotRef, at artifact.Place) string {
	r.Key = "*"
	return Glob(f, r, at)
}

// Glob adds the pattern of a slot of which a part is computed; "*" stands for that part.
func Glob(f *artifact.Facts, r inventory.SlotRef, at artifact.Place) string {
	name := r.Name
	if r.Key != "" {
		name += "#" + r.Key
	}
	id := f.Node(inventory.Pattern, r.ID(), name, at)
	f.Attr(id, inventory.AttrStore, r.Store, "", at)
	f.Attr(id, inventory.AttrScope, r.Scope, "", at)
	f.Attr(id, inventory.AttrGlob, r.ID(), "slot", at)
	f.Refs++
	return id
}

// Value says what the value of a binding, written in the file itself, is: a reference to a store, or a literal
// in an inline slot of the name. The name is unique in the file.
func Value(f *artifact.Facts, binding, inline, name, value string, at artifact.Place) {
	if strings.TrimSpace(value) == "" {
		return
	}
	whole := false
	for _, r := range detect.StoreReferences(value) {
		f.Edge(inventory.BoundFrom, binding, f.Slot(r.Slot, at), r.Via, inventory.Certain, at)
		whole = whole || r.Whole
	}
	if whole {
		return
	}
	slot := f.Inline(inline, at)
	f.Edge(inventory.BoundFrom, binding, slot, "inline", inventory.Certain, at)
	f.Literal(slot, name, value, at)
}

// Copy says what the value of a slot, written in the file itself, is: references to a store, from which the
// slot copies, or a literal of its own. It reports whether it is a literal.
func Copy(f *artifact.Facts, slot, value string, at artifact.Place) bool {
	whole := false
	for _, r := range detect.StoreReferences(value) {
		from := f.Slot(r.Slot, at)
		if r.Whole {
			whole = true
			f.EdgeWith(inventory.CopiesFrom, slot, from, r.Via, inventory.Certain, at, inventory.AttrWhole, "true")
			continue
		}
		f.Edge(inventory.CopiesFrom, slot, from, r.Via, inventory.Certain, at)
	}
	return !whole && strings.TrimSpace(value) != ""
}

var computed = regexp.MustCompile(`\$\{\{[^}]*\}\}|\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*`)

// Computed replaces the parts of a name that are computed (${X}, {{ x }}, $(X)) by "*".
func Computed(name string) string {
	name = computed.ReplaceAllString(name, "*")
	for strings.Contains(name, "**") {
		name = strings.ReplaceAll(name, "**", "*")
	}
	return name
}

// Image says that a part runs an image. The image is named by its repository, without tag and digest.
func Image(f *artifact.Facts, part, image, rule string, at artifact.Place) string {
	id := ImageNode(f, image, at)
	if id != "" {
		f.Edge(inventory.Runs, part, id, rule, inventory.Certain, at)
	}
	return id
}

// ImageNode adds an image and returns its id, "" when the text names none.
func ImageNode(f *artifact.Facts, image string, at artifact.Place) string {
	repo := Repository(image)
	if repo == "" {
		return ""
	}
	return f.Node(inventory.Image, "image:"+repo, repo, at)
}

// Repository returns the repository of an image reference: without tag and digest, with computed parts as "*";
// "" when nothing of it is literal.
func Repository(image string) string {
	image = Computed(strings.TrimSpace(image))
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	if strings.Trim(image, "*/:.-") == "" || strings.ContainsAny(image, " \t\r\n\"'{}") || len(image) > 500 {
		return ""
	}
	return image
}

// Extents finds the lines that nodes cover. Shared nodes are measured once.
type Extents map[*tree.Node]int

// Last returns the last line of a node and all below it.
func (e Extents) Last(n *tree.Node) int {
	if n == nil {
		return 0
	}
	if l, ok := e[n]; ok {
		return l
	}
	last := n.Line
	if n.Kind == tree.Scalar && n.Block {
		last += strings.Count(n.Value, "\n")
	}
	for i := range n.Pairs {
		last = max(last, n.Pairs[i].Line, e.Last(n.Pairs[i].Value))
	}
	for _, c := range n.Items {
		last = max(last, e.Last(c))
	}
	e[n] = last
	return last
}

// maxFallback bounds how deep defaults hold defaults.
const maxFallback = 20

// Fallback returns the literal text of a value that may interpolate variables: ${NAME:-default} becomes its
// default, a variable without one stays as it is. "" when nothing literal remains.
func Fallback(value string) string {
	text := fallback(value, 0)
	rest := text
	for _, v := range detect.Variables(text) {
		rest = strings.Replace(rest, text[v.Start:v.End], "", 1)
	}
	if strings.IndexFunc(rest, isWordRune) < 0 {
		return ""
	}
	return text
}

func fallback(value string, depth int) string {
	var b strings.Builder
	end := 0
	for _, v := range detect.Variables(value) {
		if v.Start < end || !v.HasDefault || depth > maxFallback {
			continue
		}
		b.WriteString(value[end:v.Start])
		b.WriteString(fallback(v.Default, depth+1))
		end = v.End
	}
	b.WriteString(value[end:])
	return b.String()
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
