package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	yaml "go.yaml.in/yaml/v3"
)

// Document is one YAML document of a stream, or the reason why it could not be read.
type Document struct {
	Root *Node
	Line int // at which it starts
	Err  error
}

// YAML parses a stream of documents. A malformed document does not spoil the others. An empty document has a
// nil Root.
func YAML(text []byte) []Document {
	var docs []Document
	for _, part := range splitDocuments(text) {
		root, err := parseDocument(part.text, part.line-1)
		docs = append(docs, Document{Root: root, Line: part.line, Err: err})
	}
	return docs
}

type documentText struct {
	text []byte
	line int
}

// splitDocuments cuts at lines that start with "---": no block scalar can hold one, since its text is indented.
func splitDocuments(text []byte) []documentText {
	var out []documentText
	start, startLine, line := 0, 1, 1
	for pos := 0; pos < len(text); line++ {
		end := len(text)
		if i := bytes.IndexByte(text[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		if pos > start && isMarker(text[pos:end]) {
			out = append(out, documentText{text[start:pos], startLine})
			start, startLine = pos, line
		}
		pos = end
	}
	return append(out, documentText{text[start:], startLine})
}

func isMarker(line []byte) bool {
	return bytes.HasPrefix(line, []byte("---")) && (len(line) == 3 || bytes.IndexByte([]byte(" \t\r\n"), line[3]) >= 0)
}

func parseDocument(text []byte, lineOffset int) (root *Node, err error) {
	defer func() { // yaml.v3 is known to panic on some malformed input
		if recover() != nil {
			root, err = nil, errors.New("reading YAML: malformed")
		}
	}()
	var doc yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(text)).Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, fmt.Errorf("reading YAML: %w", yamlError(err, lineOffset))
	}
	if len(doc.Content) == 0 {
		return nil, nil
	}
	c := converter{offset: lineOffset, done: map[*yaml.Node]*Node{}, open: map[*yaml.Node]bool{}}
	root, err = c.convert(doc.Content[0], 0)
	if err == nil {
		_, err = measure(root, map[*Node]int{}, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("reading YAML: %w", err)
	}
	return root, nil
}

// yamlError keeps only the line of a parser's error: its message may quote the file.
func yamlError(err error, offset int) error {
	var line int
	if _, scan := fmt.Sscanf(err.Error(), "yaml: line %d:", &line); scan == nil {
		return fmt.Errorf("malformed near line %d", line+offset)
	}
	return errMalformed
}

// converter turns yaml.v3 nodes into ours. An alias becomes the very node of its anchor; an alias to a node
// that is still open is a cycle and becomes null.
type converter struct {
	offset int
	done   map[*yaml.Node]*Node
	open   map[*yaml.Node]bool
}

func (c *converter) convert(y *yaml.Node, depth int) (*Node, error) {
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	if y == nil || c.open[y] {
		return &Node{Tag: "!!null"}, nil
	}
	if n, ok := c.done[y]; ok {
		return n, nil
	}
	if depth > maxDepth {
		return nil, ErrTooLarge
	}
	c.open[y] = true
	defer delete(c.open, y)
	n := &Node{Tag: y.ShortTag(), Line: y.Line + c.offset, Column: y.Column}
	var err error
	switch y.Kind {
	case yaml.MappingNode:
		err = c.mapping(n, y, depth)
	case yaml.SequenceNode:
		n.Kind = Seq
		for _, item := range y.Content {
			child, e := c.convert(item, depth+1)
			if e != nil {
				return nil, e
			}
			n.Items = append(n.Items, child)
		}
	default:
		n.Value = y.Value
		n.Block = y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0
		n.Quoted = n.Block || y.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0
	}
	if err != nil {
		return nil, err
	}
	c.done[y] = n
	return n, nil
}

// mapping converts a map. Keys merged in by "<<" come last and never override those written out.
func (c *converter) mapping(n *Node, y *yaml.Node, depth int) error {
	n.Kind = Map
	var merged []*Node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		child, err := c.convert(value, depth+1)
		if err != nil {
			return err
		}
		if key.Kind == yaml.AliasNode && key.Alias != nil {
			key = key.Alias
		}
		switch {
		case key.Kind != yaml.ScalarNode:
		case key.Value == "<<" && key.Style == 0:
			merged = append(merged, child.List()...)
		default:
			n.Pairs = append(n.Pairs, Pair{Key: key.Value, Line: key.Line + c.offset, Column: key.Column, Value: child})
		}
	}
	for _, m := range merged {
		for _, p := range m.Entries() {
			if n.pair(p.Key) == nil {
				n.Pairs = append(n.Pairs, p)
			}
		}
	}
	return nil
}
