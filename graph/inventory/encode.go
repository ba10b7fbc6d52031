package inventory

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
)

// Encode writes the map as JSON with a final newline: each node, edge and commit on a line of its own, so that two maps
// can be compared line by line and a large one takes no second copy in memory. The same map gives the same bytes. It sets
// the hash of a fragment that has none.
func (m *Map) Encode(w io.Writer) error {
	e := newMapEncoder(w)
	e.text("{\n\"schema\": ")
	e.value(m.Schema)
	e.text(",\n\"fragments\": ")
	if m.Fragments == nil {
		e.text("null")
	} else {
		list(e, m.Fragments, e.fragment)
	}
	e.text("\n}\n")
	if e.err != nil {
		return e.err
	}
	return e.out.Flush()
}

type mapEncoder struct {
	out  *bufio.Writer
	line bytes.Buffer
	json *json.Encoder
	seal *seal // of the fragment that is written, nil when its hash is known
	err  error
}

func newMapEncoder(w io.Writer) *mapEncoder {
	e := &mapEncoder{out: bufio.NewWriterSize(w, 1<<16)}
	e.json = json.NewEncoder(&e.line)
	e.json.SetEscapeHTML(false)
	return e
}

func (e *mapEncoder) text(s string) {
	if e.err == nil {
		_, e.err = e.out.WriteString(s)
	}
}

func (e *mapEncoder) value(v any) {
	if e.err != nil {
		return
	}
	e.line.Reset()
	if e.err = e.json.Encode(v); e.err == nil {
		_, e.err = e.out.Write(bytes.TrimSuffix(e.line.Bytes(), []byte("\n")))
	}
}

// quickly writes a list of many items, with one on each line.
func quickly[T any](e *mapEncoder, name string, items []T, one func(*appender, *T)) {
	e.text(",\n\"" + name + "\": ")
	switch {
	case items == nil:
		e.text("null")
	case len(items) == 0:
		e.text("[]")
	default:
		e.text("[\n")
		if e.err == nil {
			e.err = inOrder(items, e.seal != nil, one, e.block)
		}
		e.text("]")
	}
}

// block writes some items of a list.
func (e *mapEncoder) block(a *appender) error {
	if e.seal != nil {
		a.each(e.seal.item)
	}
	_, err := e.out.Write(a.b)
	return err
}

// list writes a list with one item on each line.
func list[T any](e *mapEncoder, items []T, write func(*T)) {
	e.text("[")
	for i := range items {
		if i > 0 {
			e.text(",")
		}
		e.text("\n")
		write(&items[i])
	}
	e.text("]")
}

func field[T any](e *mapEncoder, name string, items []T, write func(*T)) {
	e.text(",\n\"" + name + "\": ")
	if items == nil {
		e.text("null")
		return
	}
	list(e, items, write)
}

func (e *mapEncoder) fragment(f *Fragment) {
	if f.Hash == "" && e.err == nil {
		e.seal, e.err = newSeal(f)
	}
	e.text("{\"source\": ")
	e.value(f.Source)
	e.text(",\n\"kind\": ")
	e.value(f.Kind)
	for _, s := range []struct{ name, value string }{{"revision", f.Revision}, {"time", f.Time}} {
		if s.value != "" {
			e.text(",\n\"" + s.name + "\": ")
			e.value(s.value)
		}
	}
	e.text(",\n\"key_id\": ")
	e.value(f.KeyID)
	if f.PreviousKeyID != "" {
		e.text(",\n\"previous_key_id\": ")
		e.value(f.PreviousKeyID)
	}
	if len(f.Commits) > 0 {
		field(e, "commits", f.Commits, func(c *Commit) { e.value(c) })
	}
	quickly(e, "nodes", f.Nodes, (*appender).node)
	e.seal.next(f.Edges == nil, len(f.Edges))
	quickly(e, "edges", f.Edges, (*appender).edge)
	if len(f.Mentions) > 0 {
		field(e, "mentions", f.Mentions, func(m *Mention) { e.value(m) })
	}
	e.text(",\n\"coverage\": ")
	e.value(f.Coverage)
	if e.seal != nil {
		f.Hash = e.seal.end()
		e.seal = nil
	}
	e.text(",\n\"hash\": ")
	e.value(f.Hash)
	e.text("}")
}
