package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// rewrite is one rule by which an ExternalSecret renames the keys of an entry that it takes in whole, where it can be undone: what
// it puts in front and behind, and what it takes away. Source: "rewriting keys" of the External Secrets documentation.
type rewrite struct {
	before, after string // of the new name
	was           string // in front of the old one
}

var (
	anything = lazy.New(`^\^?([\w./-]*)\(\.[*+]\)\$?$`)
	oneGroup = lazy.New(`^([^$]*)\$\{?1\}?([^$]*)$`)
)

// rewrites reads the rules of an entry that name all keys anew. A rule that only replaces characters is left out: which it replaced
// is not to be seen.
func rewrites(item *tree.Node) []rewrite {
	var out []rewrite
	for _, r := range item.Get("rewrite").List() {
		source := anything.FindStringSubmatch(r.Get("regexp", "source").Str())
		target := oneGroup.FindStringSubmatch(r.Get("regexp", "target").Str())
		if source != nil && target != nil {
			out = append(out, rewrite{before: target[1], after: target[2], was: source[1]})
		}
	}
	return out
}

// original returns the name that a key has in the store; false when the entry yields no such key.
func (w remote) original(key string) (string, bool) {
	for i := len(w.rewrites) - 1; i >= 0; i-- {
		r := w.rewrites[i]
		rest, ok := strings.CutPrefix(key, r.before)
		if rest, ok = cutSuffix(rest, r.after, ok); !ok || rest == "" {
			return "", false
		}
		key = r.was + rest
	}
	return key, true
}

func cutSuffix(s, suffix string, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	return strings.CutSuffix(s, suffix)
}

// written says how the rules together call a key, for graph/resolve: "PRE_*=*". "" where they do not, or where it is not one
// prefix and one suffix.
func (w remote) written() string {
	before, after, was := "", "", ""
	for i, r := range w.rewrites {
		if i > 0 && r.was != "" {
			return ""
		}
		if i == 0 {
			was = r.was
		}
		before, after = r.before+before, after+r.after
	}
	if w.found { // names stand below the path of the entries
		below := strings.TrimPrefix(strings.TrimSuffix(w.name, "*"), "/")
		switch {
		case strings.HasPrefix(was, below):
			was = was[len(below):]
		case strings.HasPrefix(below, was):
			before, was = before+below[len(was):], ""
		default:
			return ""
		}
	}
	if before+after+was == "" || strings.ContainsAny(before+after+was, "*=") {
		return ""
	}
	return before + "*" + after + "=" + was + "*"
}
