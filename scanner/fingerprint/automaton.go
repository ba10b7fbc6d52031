package fingerprint

import (
	"maps"
	"slices"
	"strings"
)

// maxTrie is how many bytes of a pattern stand in the automaton; the rest is compared when these were met.
const maxTrie = 64

// automaton finds many texts in one pass (Aho and Corasick, 1975). Edges are sibling lists: the tries here are
// deep and narrow.
type automaton struct {
	root     [256]int32
	nodes    []trieNode
	patterns []string
	prints   []string
	grams    grams
}

// trieNode is a prefix of patterns. Node 0 is the root; 0 also stands for "none" among child and next.
type trieNode struct {
	child, next int32 // first child, next sibling
	fail        int32 // longest proper suffix that is a prefix too
	report      int32 // nearest node along fail, itself included, where a pattern ends; 0 for none
	first       int32 // patterns that end here: first of them, they are neighbours
	count       int32
	depth       int32
	char        byte
}

// newAutomaton builds the automaton of the keys of prints.
func newAutomaton(prints map[string]string) *automaton {
	a := &automaton{nodes: make([]trieNode, 1)}
	for _, text := range slices.Sorted(maps.Keys(prints)) {
		a.grams.add(text)
		node := a.insert(text[:min(len(text), maxTrie)])
		n := &a.nodes[node]
		if n.count == 0 {
			n.first = int32(len(a.patterns))
		}
		n.count++
		a.patterns = append(a.patterns, text)
		a.prints = append(a.prints, prints[text])
	}
	a.link()
	return a
}

// insert adds a prefix and returns its node. Texts come in sorted order, so those that share a prefix of
// maxTrie bytes are neighbours.
func (a *automaton) insert(prefix string) int32 {
	node := int32(0)
	for i := range len(prefix) {
		c := prefix[i]
		next := a.child(node, c)
		if next == 0 {
			next = int32(len(a.nodes))
			a.nodes = append(a.nodes, trieNode{char: c, depth: int32(i + 1), next: a.nodes[node].child})
			a.nodes[node].child = next
			if node == 0 {
				a.root[c] = next
			}
		}
		node = next
	}
	return node
}

// child returns the child of a node for a byte, 0 for none.
func (a *automaton) child(node int32, c byte) int32 {
	if node == 0 {
		return a.root[c]
	}
	for n := a.nodes[node].child; n != 0; n = a.nodes[n].next {
		if a.nodes[n].char == c {
			return n
		}
	}
	return 0
}

// link sets the suffix links, level by level.
func (a *automaton) link() {
	queue := []int32{0}
	for len(queue) > 0 {
		node := queue[0]
		queue = queue[1:]
		for n := a.nodes[node].child; n != 0; n = a.nodes[n].next {
			if node != 0 {
				a.nodes[n].fail = a.step(a.nodes[node].fail, a.nodes[n].char)
			}
			if a.nodes[n].report = n; a.nodes[n].count == 0 {
				a.nodes[n].report = a.nodes[a.nodes[n].fail].report
			}
			queue = append(queue, n)
		}
	}
}

// step moves on by one byte.
func (a *automaton) step(node int32, c byte) int32 {
	for {
		if next := a.child(node, c); next != 0 || node == 0 {
			return next
		}
		node = a.nodes[node].fail
	}
}

// find returns the places of all patterns in s, those that overlap joined.
func (a *automaton) find(s string) []hit {
	var hits []hit
	node := int32(0)
	for i := range len(s) {
		node = a.step(node, s[i])
		for r := a.nodes[node].report; r != 0; r = a.nodes[a.nodes[r].fail].report {
			start := i + 1 - int(a.nodes[r].depth)
			if h, ok := a.longest(r, s, start); ok {
				hits = append(hits, h)
			}
		}
	}
	return merged(hits)
}

// longest returns the longest pattern of a node that stands at start.
func (a *automaton) longest(node int32, s string, start int) (best hit, ok bool) {
	n := a.nodes[node]
	for i := n.first; i < n.first+n.count; i++ {
		if p := a.patterns[i]; len(p) > best.end-best.start && strings.HasPrefix(s[start:], p) {
			best, ok = hit{start, start + len(p), a.prints[i]}, true
		}
	}
	return best, ok
}
