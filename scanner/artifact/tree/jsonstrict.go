package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/go-json-experiment/json/jsontext"
)

// strictJSON is JSON for any text. It says what is wrong with one that is malformed.
func strictJSON(text []byte) ([]*Node, error) {
	p := &jsonParser{
		dec: jsontext.NewDecoder(bytes.NewReader(text),
			jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)),
		text: text,
	}
	for i, b := range text {
		if b == '\n' {
			p.lines = append(p.lines, i+1)
		}
	}
	var docs []*Node
	for {
		n, err := p.value(0)
		if errors.Is(err, io.EOF) && len(docs) > 0 {
			return docs, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading JSON at line %d: %w", p.line(int(p.dec.InputOffset())), cause(err))
		}
		docs = append(docs, n)
	}
}

// cause keeps text of the input out of the error: a syntax error quotes what it met.
func cause(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, ErrTooLarge):
		return ErrTooLarge
	}
	return errMalformed
}

var errMalformed = errors.New("malformed")

type jsonParser struct {
	dec   *jsontext.Decoder
	text  []byte
	lines []int // offsets at which lines 2, 3 ... start
}

func (p *jsonParser) line(offset int) int {
	return sort.Search(len(p.lines), func(i int) bool { return p.lines[i] > offset }) + 1
}

// place returns line and column of the token that ends at the decoder's offset and is size bytes long.
func (p *jsonParser) place(start int) (line, column int) {
	line = p.line(start)
	if line == 1 {
		return 1, start + 1
	}
	return line, start - p.lines[line-2] + 1
}

func (p *jsonParser) value(depth int) (*Node, error) {
	if depth > maxDepth {
		return nil, ErrTooLarge
	}
	tok, start, err := p.token()
	if err != nil {
		return nil, err
	}
	n := &Node{}
	n.Line, n.Column = p.place(start)
	switch tok.Kind() {
	case '{':
		return n, p.object(n, depth)
	case '[':
		return n, p.array(n, depth)
	case '"':
		n.Tag, n.Value, n.Quoted = "!!str", tok.String(), true
	case '0':
		n.Tag, n.Value = "!!float", tok.String()
	case 't', 'f':
		n.Tag, n.Value = "!!bool", tok.String()
	default:
		n.Tag = "!!null"
	}
	return n, nil
}

func (p *jsonParser) object(n *Node, depth int) error {
	n.Kind, n.Tag = Map, "!!map"
	for p.dec.PeekKind() != '}' {
		key, start, err := p.token()
		if err != nil {
			return err
		}
		pair := Pair{Key: key.String()}
		pair.Line, pair.Column = p.place(start)
		if pair.Value, err = p.value(depth + 1); err != nil {
			return err
		}
		n.Pairs = append(n.Pairs, pair)
	}
	_, _, err := p.token()
	return err
}

func (p *jsonParser) array(n *Node, depth int) error {
	n.Kind, n.Tag = Seq, "!!seq"
	for p.dec.PeekKind() != ']' {
		item, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		n.Items = append(n.Items, item)
	}
	_, _, err := p.token()
	return err
}

// token reads the next token and finds where it starts: after the white space and the separator that precede it.
func (p *jsonParser) token() (jsontext.Token, int, error) {
	start := int(p.dec.InputOffset())
	for start < len(p.text) && bytes.IndexByte([]byte(" \t\r\n,:"), p.text[start]) >= 0 {
		start++
	}
	tok, err := p.dec.ReadToken()
	return tok, start, err
}
