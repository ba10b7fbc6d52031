// Package facts reads asset maps that tests write by hand, one fact to a line:
//
//	source github.com/acme/shop 2026-11-20T08:00:00Z
//	slot gh:acme/shop/SLACK_TOKEN defined=outside @ .github/workflows/night.yml:12
//	automation gh-night name="Night report" schedule="0 3 * * *|UTC" @ .github/workflows/night.yml:1
//	reads gh-night -> gh:acme/shop/SLACK_TOKEN ~high
//	holds inline:shop/a.env#KEY -> value:hs1:aaaa:one held=past @ a.env:3 history
//
// A line starts with the kind of a node or an edge. Then come ids, attributes (key=value or key="value|detail"),
// a confidence (~low), and a place (@ path:line, and a state, branch:NAME with its name). A blank line or one that starts with # says nothing.
package facts

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

var nodeKinds = []inventory.NodeKind{inventory.Slot, inventory.Value, inventory.Binding, inventory.Derived,
	inventory.Identity, inventory.Pattern, inventory.Automation, inventory.Part, inventory.Code, inventory.File,
	inventory.Image, inventory.Service, inventory.Owner}

// Map reads the facts of a map.
func Map(text string) (inventory.Map, error) {
	r := reader{}
	for i, line := range strings.Split(text, "\n") {
		words, err := split(line)
		if err == nil && len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			err = r.line(words)
		}
		if err != nil {
			return inventory.Map{}, fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	r.finish()
	return inventory.Merge(inventory.Map{Fragments: r.done}), nil
}

type reader struct {
	source inventory.Fragment
	set    *inventory.Set
	done   []inventory.Fragment
}

// finish closes the source that is being read.
func (r *reader) finish() {
	if r.set != nil {
		r.source.Nodes, r.source.Edges = r.set.Nodes(), r.set.Edges()
		r.done = append(r.done, r.source)
	}
}

func (r *reader) line(words []string) error {
	if words[0] == "source" {
		r.finish()
		r.source = inventory.Fragment{Source: words[1], Kind: "git", Revision: "r1", Time: "2026-11-20T08:00:00Z", KeyID: "aaaa"}
		if len(words) > 2 {
			r.source.Time = words[2]
		}
		r.set = inventory.NewSet()
		return nil
	}
	if r.set == nil {
		return fmt.Errorf("a source comes first")
	}
	switch {
	case words[0] == "skip" && len(words) > 1:
		r.source.Coverage.Skip(words[1], strings.Join(words[2:], " "))
		return nil
	case words[0] == "commit" && len(words) == 3:
		r.source.Commits = append(r.source.Commits, inventory.Commit{ID: words[1], Time: words[2]})
		return nil
	}
	f, err := r.rest(words)
	if err != nil {
		return err
	}
	if slices.Contains(nodeKinds, inventory.NodeKind(words[0])) {
		r.set.AddNode(r.node(inventory.NodeKind(words[0]), f))
		return nil
	}
	if len(f.ids) != 3 || f.ids[1] != "->" {
		return fmt.Errorf("%q: an edge is written kind from -> to", strings.Join(words, " "))
	}
	r.set.AddEdge(inventory.Edge{From: f.ids[0], To: f.ids[2], Kind: inventory.EdgeKind(words[0]), Rule: "fact",
		Confidence: f.sure, Attrs: f.attrs, Evidence: f.evidence})
	return nil
}

// fact is a line without its first word.
type fact struct {
	ids      []string
	name     string
	attrs    []inventory.Attr
	sure     inventory.Confidence
	evidence []inventory.Evidence
}

func (r *reader) rest(words []string) (fact, error) {
	f := fact{sure: inventory.Certain}
	at := inventory.Evidence{Source: r.source.Source, Path: "main.yml", Line: 1, State: inventory.Head}
	for i := 1; i < len(words); i++ {
		w := words[i]
		key, value, assigned := strings.Cut(w, "=")
		switch {
		case w == "@":
			return f.placed(at, words[i+1:])
		case strings.HasPrefix(w, "~"):
			if err := f.sure.UnmarshalText([]byte(w[1:])); err != nil {
				return f, err
			}
		case assigned && key == "name":
			f.name = value
		case assigned && !strings.ContainsAny(key, ":/#"):
			value, detail, _ := strings.Cut(value, "|")
			f.attrs = append(f.attrs, inventory.Attr{Key: inventory.AttrKey(key), Value: value, Detail: detail,
				Rule: "fact", Confidence: inventory.Certain, Evidence: []inventory.Evidence{at}})
		default:
			f.ids = append(f.ids, w)
		}
	}
	return f.placed(at, nil)
}

// placed sets the place of the fact: path:line and a state.
func (f fact) placed(at inventory.Evidence, words []string) (fact, error) {
	if len(words) > 0 {
		path, line, _ := strings.Cut(words[0], ":")
		n, err := strconv.Atoi(line)
		if err != nil {
			return f, fmt.Errorf("place %q: %w", words[0], err)
		}
		at.Path, at.Line = path, n
	}
	var branches []string
	if len(words) > 1 {
		state, branch, named := strings.Cut(words[1], ":")
		if at.State = inventory.State(state); named {
			branches = []string{branch}
		}
	}
	first := ""
	if len(words) > 2 {
		first = words[2]
	}
	at.Seen = inventory.SeenAt(branches, first, "")
	f.evidence = []inventory.Evidence{at}
	for i := range f.attrs {
		f.attrs[i].Evidence = f.evidence
	}
	return f, nil
}

// node adds what an id says of itself: store, scope and key of a slot, the class of a credential.
func (r *reader) node(kind inventory.NodeKind, f fact) inventory.Node {
	id := f.ids[0]
	n := inventory.Node{ID: id, Kind: kind, Name: f.name, Attrs: f.attrs, Evidence: f.evidence}
	add := func(key inventory.AttrKey, value string) {
		if n.Attr(key) == "" && value != "" {
			n.Attrs = append(n.Attrs, inventory.Attr{Key: key, Value: value, Rule: "fact", Confidence: inventory.High})
		}
	}
	if n.Name == "" && kind != inventory.Value {
		n.Name = id[strings.LastIndexAny(id, "/:")+1:]
	}
	if kind == inventory.Slot {
		store, rest, _ := strings.Cut(id, ":")
		rest, key, _ := strings.Cut(rest, "#")
		add(inventory.AttrStore, store)
		add(inventory.AttrScope, rest[:max(0, strings.LastIndexByte(rest, '/'))])
		add(inventory.AttrKeyName, key)
		add(inventory.AttrClass, string(inventory.ClassCredential))
	}
	return n
}

// split cuts a line at blanks; a quoted part of a word keeps its blanks.
func split(line string) ([]string, error) {
	var out []string
	for rest := strings.TrimSpace(line); rest != ""; rest = strings.TrimSpace(rest) {
		end := strings.IndexByte(rest, ' ')
		quote := strings.Index(rest, `="`)
		if quote >= 0 && (end < 0 || quote < end) {
			closing := strings.IndexByte(rest[quote+2:], '"')
			if closing < 0 {
				return nil, fmt.Errorf("a quote is not closed")
			}
			out = append(out, rest[:quote+1]+rest[quote+2:quote+2+closing])
			rest = rest[quote+3+closing:]
			continue
		}
		if end < 0 {
			end = len(rest)
		}
		out = append(out, rest[:end])
		rest = rest[end:]
	}
	return out, nil
}
