package helm

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// kind is the kind of a value of a template.
type kind uint8

const (
	unknown kind = iota // only the installation says it
	text                // a scalar, as spans
	node                // a map or list of the values
	dict                // a map that the template made
	list                // a list that the template made
	object              // one of Helm's own: root, release, chart
)

// value is what an expression of a template yields.
type value struct {
	kind   kind
	spans  []span
	node   *tree.Node
	dict   map[string]value
	list   []value
	object string
	path   string // dotted path in the values, for what stands there or may
}

func textValue(s string) value { return value{kind: text, spans: plain(s)} }

func boolValue(b bool) value {
	if b {
		return textValue("true")
	}
	return textValue("")
}

// truth says whether a condition holds, as far as it can be known.
type truth uint8

const (
	maybe truth = iota
	yes
	no
)

func (v value) truth() truth {
	switch v.kind {
	case unknown:
		return maybe
	case text:
		switch textOf(v.spans) {
		case "", "false", "0":
			return no
		}
		return yes
	case node:
		if len(v.node.Pairs)+len(v.node.Items) == 0 {
			return no
		}
	case dict:
		if len(v.dict) == 0 {
			return no
		}
	case list:
		if len(v.list) == 0 {
			return no
		}
	}
	return yes
}

// fromNode makes a value of a node of the values file. Scalars keep where they stand.
func fromNode(n *tree.Node, path string) value {
	switch {
	case n == nil || n.Tag == "!!null":
		return value{kind: text, path: path, spans: []span{{fixed: true, from: []tree.Origin{{Path: path, Whole: true}}}}}
	case n.Kind == tree.Scalar:
		from := n.From()
		if from == nil {
			from = []tree.Origin{{Path: path, Whole: true}}
		}
		return value{kind: text, path: path, node: n, spans: []span{{text: plainText(n.Value), fixed: true, from: from}}}
	}
	return value{kind: node, node: n, path: path}
}

// get follows a key or field.
func (v value) get(key string) value {
	switch v.kind {
	case node:
		if v.node.IsSeq() {
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v.node.Items) {
				return value{}
			}
			return fromNode(v.node.Items[i], string(tree.Path(v.path).Index(i)))
		}
		return fromNode(v.node.Get(key), below(v.path, key))
	case dict:
		if got, ok := v.dict[key]; ok {
			return got
		}
		return textValue("")
	case list:
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v.list) {
			return v.list[i]
		}
	case text:
		if v.path != "" {
			return fromNode(nil, below(v.path, key))
		}
	case unknown:
		if v.path != "" {
			return value{path: below(v.path, key)}
		}
	}
	return value{}
}

func below(path, key string) string {
	if len(path)+len(key) > 400 {
		return path
	}
	return strings.TrimPrefix(path+"."+key, ".")
}

// items returns what a range goes over, with the keys.
func (v value) items() (keys []string, items []value) {
	switch v.kind {
	case node:
		for _, p := range v.node.Pairs {
			keys, items = append(keys, p.Key), append(items, fromNode(p.Value, below(v.path, p.Key)))
		}
		for i, n := range v.node.Items {
			keys, items = append(keys, strconv.Itoa(i)), append(items, fromNode(n, string(tree.Path(v.path).Index(i))))
		}
	case list:
		for i, x := range v.list {
			keys, items = append(keys, strconv.Itoa(i)), append(items, x)
		}
	}
	return keys, items
}

// printed is the text that an action prints for the value.
func (v value) printed() []span {
	switch v.kind {
	case text:
		if textOf(v.spans) == "" && len(fromOf(v.spans)) > 0 {
			return []span{{text: string(hole), fixed: true, from: fromOf(v.spans)}}
		}
		return v.spans
	case unknown:
		s := span{text: string(hole), fixed: true}
		if v.path != "" {
			s.from = []tree.Origin{{Path: v.path, Whole: true}}
		}
		return []span{s}
	}
	return []span{{text: string(hole), fixed: true}}
}
