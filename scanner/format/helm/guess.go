package helm

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// known evaluates named templates of libraries that charts take in from elsewhere. Source: bitnami/common, and the
// library charts that copy it.
func (e *evaluation) known(name string, dot value) ([]span, bool) {
	if !strings.HasSuffix(name, "tplvalues.render") && !strings.HasSuffix(name, "tplvalues.merge") {
		return nil, false
	}
	v := dot.get("value")
	if v.kind == text {
		if spans := e.template(v.spans, dot.get("context")); spans != nil {
			return spans, true
		}
		return v.printed(), true
	}
	return written(e, []value{v}, nil).printed(), true
}

// guess yields what a named template that is not in the source is likely to be, by what charts call them.
func (e *evaluation) guess(name string) []span {
	switch {
	case strings.HasSuffix(name, "fullname"):
		return plain(e.release + "-" + e.name)
	case strings.HasSuffix(name, ".name"), strings.HasSuffix(name, ".chart"):
		return plain(e.name)
	case strings.HasSuffix(name, "labels"), strings.HasSuffix(name, "Labels"), strings.HasSuffix(name, "annotations"):
		return plain(e.graft(value{kind: node, node: &tree.Node{Kind: tree.Map}}, "%: 0", ""))
	}
	return plain(string(hole))
}
