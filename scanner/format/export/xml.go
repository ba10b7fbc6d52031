package export

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Limits on an XML file; far above what exports hold.
const (
	maxXMLDepth = 200
	maxXMLNodes = 1_000_000
)

var errXML = errors.New("reading XML: malformed")

// LooksLikeXML reports whether the first byte that is no white space opens an element.
func LooksLikeXML(a *artifact.Artifact) bool {
	return bytes.HasPrefix(bytes.TrimLeft(a.Content[:min(len(a.Content), 200)], " \t\r\n"), []byte("<"))
}

// XML parses an XML file into a tree: an element with only text is a scalar, any other a map of its attributes,
// under "@name", and its children; children of one name are a list. The root map has the root element's name as
// its one key.
func XML(a *artifact.Artifact) (*tree.Node, error) {
	x := &xmlParser{a: a, dec: xmlDecoder(a.Content)}
	for {
		at := x.dec.InputOffset()
		tok, err := x.dec.Token()
		if err != nil {
			return nil, errXML
		}
		if start, ok := tok.(xml.StartElement); ok {
			n, err := x.element(start, int(at), 0)
			if err != nil {
				return nil, err
			}
			root := x.node(int(at), tree.Map)
			root.Pairs = []tree.Pair{{Key: start.Name.Local, Line: n.Line, Column: n.Column, Value: n}}
			return root, nil
		}
	}
}

// xmlDecoder reads a text, which is UTF-8 by now whatever it says of itself.
func xmlDecoder(text []byte) *xml.Decoder {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return d
}

// XMLTokens calls visit for each token of an XML file, with the place where it begins, for formats that ask for a few
// of many elements. It fails on malformed text and on elements that are nested too deep, after the tokens before.
func XMLTokens(text []byte, visit func(xml.Token, artifact.Place)) error {
	d := xmlDecoder(text)
	depth := 0
	for {
		line, column := d.InputPos()
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errXML
		}
		switch t.(type) {
		case xml.StartElement:
			if depth++; depth > maxXMLDepth {
				return tree.ErrTooLarge
			}
		case xml.EndElement:
			depth--
		}
		visit(t, artifact.Place{Line: line, Column: column})
	}
}

type xmlParser struct {
	a     *artifact.Artifact
	dec   *xml.Decoder
	nodes int
}

func (x *xmlParser) node(offset int, kind tree.Kind) *tree.Node {
	place := x.a.PlaceOf(offset)
	return &tree.Node{Kind: kind, Line: place.Line, Column: place.Column}
}

func (x *xmlParser) element(start xml.StartElement, offset, depth int) (*tree.Node, error) {
	if x.nodes++; depth > maxXMLDepth || x.nodes > maxXMLNodes {
		return nil, tree.ErrTooLarge
	}
	n := x.node(offset, tree.Map)
	n.Tag = "!!map"
	for _, attr := range start.Attr {
		v := x.scalar(offset, attr.Value)
		n.Pairs = append(n.Pairs, tree.Pair{Key: "@" + attr.Name.Local, Line: n.Line, Column: n.Column, Value: v})
	}
	var text strings.Builder
	textAt := int(x.dec.InputOffset())
	for {
		at := int(x.dec.InputOffset())
		tok, err := x.dec.Token()
		if err != nil {
			return nil, errXML
		}
		switch t := tok.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			child, err := x.element(t, at, depth+1)
			if err != nil {
				return nil, err
			}
			addChild(n, t.Name.Local, child)
		case xml.EndElement:
			if len(n.Pairs) == 0 {
				return x.scalar(textAt, strings.TrimSpace(text.String())), nil
			}
			if s := strings.TrimSpace(text.String()); s != "" {
				n.Pairs = append(n.Pairs, tree.Pair{Key: "#text", Line: n.Line, Column: n.Column, Value: x.scalar(textAt, s)})
			}
			return n, nil
		}
	}
}

func (x *xmlParser) scalar(offset int, text string) *tree.Node {
	n := x.node(offset, tree.Scalar)
	n.Tag, n.Value, n.Quoted = "!!str", text, true
	return n
}

// addChild adds a child; the second of a name makes a list of both.
func addChild(n *tree.Node, name string, child *tree.Node) {
	for i := range n.Pairs {
		p := &n.Pairs[i]
		if p.Key != name {
			continue
		}
		if p.Value.Kind != tree.Seq {
			p.Value = &tree.Node{Kind: tree.Seq, Tag: "!!seq", Line: p.Line, Column: p.Column, Items: []*tree.Node{p.Value}}
		}
		p.Value.Items = append(p.Value.Items, child)
		return
	}
	n.Pairs = append(n.Pairs, tree.Pair{Key: name, Line: child.Line, Column: child.Column, Value: child})
}
