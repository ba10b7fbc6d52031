package fingerprint

import (
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// minGated is the length from which on a value is gated: shorter ones occur by chance.
const minGated = 8

// Gate is the exit gate: it has seen every value of a run and takes them out of whatever leaves it. Values
// under 8 bytes, those of the word list and weak ones of letters alone are let through, because words like "postgres" are in every file
// name. All methods are safe for concurrent use.
type Gate struct {
	key Key

	mu     sync.Mutex
	prints map[string]string // value or carrier -> fingerprint of the value
	auto   *automaton        // of prints; nil when it must be built anew
}

// NewGate returns an empty gate whose replacements are fingerprints under the key.
func NewGate(k Key) *Gate { return &Gate{key: k, prints: map[string]string{}} }

// isProse reports whether a weak value is made of letters and the signs that join words: it stands in paths and
// names by chance, and taking it out there would destroy evidence.
func isProse(value string) bool {
	letters := func(r rune) bool { return unicode.IsLetter(r) || strings.ContainsRune(" -_./", r) }
	return weakness(value, false) != "" && strings.IndexFunc(value, func(r rune) bool { return !letters(r) }) < 0
}

// Add makes the gate watch for a value and for the carriers in which it may travel.
func (g *Gate) Add(s artifact.Secret) {
	raw := artifact.Reveal(s)
	value := canonical(raw)
	if len(value) < minGated || isWord(value) || isProse(value) {
		return
	}
	id := g.key.id(value)
	all := append(carriers(value), strings.TrimSpace(raw))
	g.mu.Lock()
	defer g.mu.Unlock()
	if _, known := g.prints[value]; known && g.prints[strings.TrimSpace(raw)] != "" {
		return
	}
	for _, text := range all {
		if len(text) >= minGated && g.prints[text] == "" {
			g.prints[text] = id
		}
	}
	g.auto = nil
}

// carriers returns the texts that give a value away: itself and its encodings. Base64 is cut before its last
// group, which depends on what follows.
func carriers(value string) []string {
	b := []byte(value)
	whole := len(b) - len(b)%3
	out := []string{
		value, base64.StdEncoding.EncodeToString(b), base64.StdEncoding.EncodeToString(b[:whole]),
		base64.RawURLEncoding.EncodeToString(b[:whole]), hex.EncodeToString(b), strings.ToUpper(hex.EncodeToString(b)),
		url.QueryEscape(value), url.PathEscape(value), jsonEscape(value),
	}
	for _, p := range parts(value) {
		if !isWord(p.text) {
			out = append(out, p.text)
		}
	}
	return out
}

// Clean returns s with every value in it replaced by its fingerprint, and how many there were.
func (g *Gate) Clean(s string) (string, int) {
	if len(s) < minGated {
		return s, 0
	}
	auto := g.build()
	if !auto.may(s) {
		return s, 0
	}
	hits := auto.find(s)
	if len(hits) == 0 {
		return s, 0
	}
	var b strings.Builder
	at := 0
	for _, h := range hits {
		b.WriteString(s[at:h.start])
		b.WriteString(h.print)
		at = h.end
	}
	b.WriteString(s[at:])
	return b.String(), len(hits)
}

// SHA1 returns the fingerprint of each value that was added, by the SHA-1 of the value in hexadecimal digits: other
// scanners write that down in place of a value. It is for looking up, and never leaves the scan.
func (g *Gate) SHA1() map[string]string {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make(map[string]string, len(g.prints))
	for value, print := range g.prints {
		sum := sha1.Sum([]byte(value))
		out[hex.EncodeToString(sum[:])] = print
	}
	return out
}

// Holds reports whether a value stands in some text.
func (g *Gate) Holds(text []byte) bool {
	return len(text) >= minGated && len(g.build().find(string(text))) > 0
}

// build returns the automaton of all values added so far.
func (g *Gate) build() *automaton {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.auto == nil {
		g.auto = newAutomaton(g.prints)
	}
	return g.auto
}

// CleanFragment cleans every string of a fragment in place and returns how many values it took out. After a
// hit the order of nodes and edges may have changed: put them through a Set again before the fragment is sealed.
func (g *Gate) CleanFragment(f *inventory.Fragment) int {
	if nodes, edges := f.Nodes, f.Edges; g.build().clean(nodes, edges) { // nearly always: there is a hit when we have a defect
		f.Nodes, f.Edges = nil, nil
		defer func() { f.Nodes, f.Edges = nodes, edges }()
	}
	return g.clean(reflect.ValueOf(f).Elem())
}

// clean walks a value by its type, so that a field that is added to the inventory cannot be forgotten here.
func (g *Gate) clean(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.String:
		s, hits := g.Clean(v.String())
		if hits > 0 {
			v.SetString(s)
		}
		return hits
	case reflect.Struct:
		for i := range v.NumField() {
			n += g.clean(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			n += g.clean(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			n = g.clean(v.Elem())
		}
	}
	return n
}

// hit is a value found in a text.
type hit struct {
	start, end int
	print      string
}

// merged joins hits that overlap: what stands in the place of both is the print of the longer one.
func merged(hits []hit) []hit {
	slices.SortFunc(hits, func(a, b hit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	var out []hit
	longest := 0
	for _, h := range hits {
		last := len(out) - 1
		if last < 0 || h.start >= out[last].end {
			out, longest = append(out, h), h.end-h.start
			continue
		}
		if n := h.end - h.start; n > longest {
			out[last].print, longest = h.print, n
		}
		out[last].end = max(out[last].end, h.end)
	}
	return out
}
