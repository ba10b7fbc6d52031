package inventory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
)

// seal computes the hash of a fragment: of what json.Marshal makes of it, of which the nodes and the edges come item by item,
// as they are written.
type seal struct {
	sum          hash.Hash
	close        string // of the list that is open
	within       bool   // it has items
	middle, tail []byte // what stands behind the nodes, and behind the edges
}

// newSeal begins with what stands in front of the first node.
func newSeal(f *Fragment) (*seal, error) {
	shell := *f
	shell.Nodes, shell.Edges = nil, nil
	text, err := json.Marshal(shell)
	if err != nil {
		return nil, err
	}
	const nodes, edges = `"nodes":`, `"edges":`
	head, rest, _ := bytes.Cut(text, []byte(nodes+"null"))
	middle, tail, _ := bytes.Cut(rest, []byte(edges+"null"))
	s := &seal{sum: sha256.New(), middle: append(bytes.Clone(middle), edges...), tail: tail}
	s.text(append(bytes.Clone(head), nodes...))
	s.open(f.Nodes == nil, len(f.Nodes))
	return s, nil
}

func (s *seal) text(b []byte) { _, _ = s.sum.Write(b) } // never fails

// item takes in an item of the list that is open.
func (s *seal) item(text []byte) {
	if s.within {
		s.text([]byte(","))
	}
	s.within = true
	s.text(text)
}

// open begins a list.
func (s *seal) open(null bool, items int) {
	s.within = false
	switch {
	case null:
		s.text([]byte("null"))
	case items == 0:
		s.text([]byte("[]"))
	default:
		s.text([]byte("["))
		s.close = "]"
	}
}

// next goes on from the nodes to the edges. A nil seal has nothing to do.
func (s *seal) next(null bool, items int) {
	if s == nil {
		return
	}
	s.text(append([]byte(s.close), s.middle...))
	s.close = ""
	s.open(null, items)
}

// end returns the hash.
func (s *seal) end() string {
	s.text(append([]byte(s.close), s.tail...))
	return hex.EncodeToString(s.sum.Sum(nil))
}
