// Package export reads what all workflow exports share: credentials that stand in HTTP calls, in URLs, in JSON
// text inside a string, in code and in notes, and the text of schedules.
//
// A URL that lets its holder in (a Slack or Make hook) is a secret: it becomes a literal, and only its host is
// kept in the clear.
package export

import (
	"encoding/base64"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Limits on a value that may be a credential; far outside what credentials are.
const (
	minValue = 4
	maxValue = 16 << 10
)

// Holder is the node that holds the literals and the calls it is asked to read: a step of a workflow, or the
// workflow itself.
type Holder struct {
	Facts *artifact.Facts
	Node  string // id of the part or automation; "" for none
	Idle  bool   // the node is switched off: what it holds is reported, but breaks nothing

	// Template reports whether a text is filled in when the workflow runs, so that it is no literal. Nil means
	// that {{ }} and ${ } are such marks.
	Template func(string) bool
}

// Reads says that the node needs a slot.
func (h Holder) Reads(slot, rule string, sure inventory.Confidence, at artifact.Place) {
	if h.Node != "" && !h.Idle {
		h.Facts.Edge(inventory.Reads, h.Node, slot, rule, sure, at)
	}
}

// Literal reports a value under the name that it has in its file. The pointer names its slot. Templates and
// values that are too short or too long to be a credential are left out.
func (h Holder) Literal(name, value string, at artifact.Place) {
	h.literal(name, value, at, false)
}

// Sure reports a value that the format knows to be a credential.
func (h Holder) Sure(name, value string, at artifact.Place) {
	h.literal(name, value, at, true)
}

// literal returns the id of the slot that holds the value, "" when it is left out.
func (h Holder) literal(name, value string, at artifact.Place, sure bool) string {
	value, encoding := bare(value)
	if len(value) < minValue || len(value) > maxValue || h.template(value) {
		return ""
	}
	slot := h.Facts.Inline(inlineName(name, at.Pointer), at)
	h.Facts.AddLiteral(artifact.Literal{
		Slot: slot, Name: name, Secret: artifact.Seal(value), Place: at, Encoding: encoding, Sure: sure,
	})
	h.Reads(slot, "inline-literal", inventory.Certain, at)
	return slot
}

// inlineName names the slot of a literal by its pointer. Where the last key only says that a value follows, the name
// that the entry gives it stands there instead: headers[0].Authorization for headers[0].value.
func inlineName(name, pointer string) string {
	for _, last := range []string{".value", ".stringValue", ".valueValue", ".to", ".v"} {
		if entry, ok := strings.CutSuffix(pointer, last); ok && name != "" && len(name) <= maxName {
			return string(tree.Path(entry).Key(name))
		}
	}
	return pointer
}

func (h Holder) template(s string) bool {
	if h.Template != nil {
		return h.Template(s)
	}
	return strings.Contains(s, "{{") || strings.Contains(s, "${")
}

// schemes are the words in front of a credential in an Authorization header.
var schemes = []string{"bearer", "token", "basic", "apikey", "api-key", "key", "bot", "digest", "oauth", "splunk", "geniekey"}

// bare cuts the scheme off the value of an Authorization header; a Basic credential is decoded to user:password.
func bare(value string) (text, encoding string) {
	value = strings.TrimSpace(value)
	word, rest, ok := strings.Cut(value, " ")
	if !ok {
		return value, ""
	}
	word, rest = strings.ToLower(strings.TrimSuffix(word, ":")), strings.TrimSpace(rest)
	for _, s := range schemes {
		if word == s && !strings.ContainsAny(rest, " \t\n") {
			return basic(word, rest)
		}
	}
	return value, ""
}

func basic(scheme, value string) (text, encoding string) {
	if scheme != "basic" {
		return value, ""
	}
	decoded, err := base64.StdEncoding.DecodeString(value)
	if _, password, ok := strings.Cut(string(decoded), ":"); err == nil && ok && password != "" {
		return password, "basic"
	}
	return value, ""
}

// Pairs reads a list of {name, value} objects, or a map from name to value: headers, query or body parameters.
// Both keys may differ by platform; the first that is there counts.
func (h Holder) Pairs(n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		if v := pair.Value; v != nil && v.Kind == tree.Scalar {
			h.Value(pair.Key, v, p.Key(pair.Key))
		}
	}
	if !n.IsSeq() {
		return
	}
	for i, item := range n.Items {
		name := first(item, "name", "key", "keyValue", "parameterName")
		at := p.Index(i)
		for _, key := range []string{"value", "stringValue", "valueValue"} {
			if v := item.Get(key); v.IsString() {
				h.Value(name.Str(), v, at.Key(key))
			}
		}
	}
}

func first(n *tree.Node, keys ...string) *tree.Node {
	for _, k := range keys {
		if v := n.Get(k); v != nil && v.Kind == tree.Scalar {
			return v
		}
	}
	return nil
}

// Value reads one named string: a URL as such, JSON text and code by what they assign, anything else as a literal.
func (h Holder) Value(name string, n *tree.Node, p tree.Path) {
	if !n.IsString() {
		return
	}
	switch text := strings.TrimSpace(n.Value); {
	case isURL(text):
		h.URL(name, n.Value, artifact.At(n, p))
	case looksLikeJSON(text):
		h.JSONText(n, p)
	case strings.Contains(text, "\n") || strings.Count(text, " ") > 1 && !Suggests(name):
		h.Text(text, artifact.At(n, p))
	default:
		h.Literal(name, n.Value, artifact.At(n, p))
	}
}

// LastKey returns the last map key of a path, or name when there is none.
func LastKey(p tree.Path, name string) string {
	s := string(p)
	for strings.HasSuffix(s, "]") && !strings.HasSuffix(s, `"]`) {
		open := strings.LastIndexByte(s, '[')
		if open < 0 {
			return name // a key of the file that ends in a bracket
		}
		s = s[:open]
	}
	if i := strings.LastIndex(s, `["`); i >= 0 && strings.HasSuffix(s, `"]`) && i+2 <= len(s)-2 {
		return s[i+2 : len(s)-2]
	}
	if s = s[strings.LastIndexByte(s, '.')+1:]; s != "" {
		return s
	}
	return name
}

func looksLikeJSON(s string) bool {
	return len(s) > 1 && (s[0] == '{' && s[len(s)-1] == '}' || s[0] == '[' && s[len(s)-1] == ']') && !strings.HasPrefix(s, "{{")
}

// JSONText reads a string that holds JSON: its leaves when it parses, its assignments otherwise (a template
// makes it malformed).
func (h Holder) JSONText(n *tree.Node, p tree.Path) {
	inner := Inner(h.Facts.Artifact, n)
	if inner == nil {
		h.Text(n.Str(), artifact.At(n, p))
		return
	}
	h.Leaves("", inner, p)
}

// Leaves reads the strings below n whose name suggests a credential, and all URLs. An item of a list has the name
// of the list.
func (h Holder) Leaves(name string, n *tree.Node, p tree.Path) {
	n.Visit(p, func(r *tree.Route, c *tree.Node) bool {
		if c.IsString() {
			if key := KeyOf(r, name); Suggests(key) || isURL(c.Value) || looksLikeJSON(c.Value) {
				h.Value(key, c, r.Path())
			}
		}
		return true
	})
}

// KeyOf is LastKey of a route.
func KeyOf(r *tree.Route, name string) string {
	if key, ok := r.Plain(); ok {
		return key
	}
	return LastKey(r.Path(), name)
}

// suggestive are the words of a name that may be that of a credential, by the first two letters.
var suggestive = func() map[[2]byte][]string {
	words := map[[2]byte][]string{}
	for _, w := range strings.Fields("pass pwd secret token key auth cred cookie sign webhook dsn jwt bearer session conn salt") {
		head := [2]byte{w[0], w[1]}
		words[head] = append(words[head], w)
	}
	return words
}()

// suggestiveHeads are the first letters of those words.
const suggestiveHeads = "pstkacwdjb"

// Suggests reports whether a name may be that of a credential. It is wide: the judge decides.
func Suggests(name string) bool {
	for i := 0; i+2 < len(name); i++ {
		c := name[i] | 0x20
		if strings.IndexByte(suggestiveHeads, c) < 0 {
			continue
		}
		for _, word := range suggestive[[2]byte{c, name[i+1] | 0x20}] {
			if len(name)-i >= len(word) && strings.EqualFold(name[i:i+len(word)], word) {
				return true
			}
		}
	}
	return false
}

var mail = lazy.New(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+`)

// Label returns a name that people gave, without the mail addresses in it.
func Label(name string) string {
	if !strings.Contains(name, "@") {
		return name
	}
	return mail.ReplaceAllString(name, "<mail>")
}

// maxPurpose bounds a description that is kept.
const maxPurpose = 300

// Purpose says what a node is for, in the words of its source: a short description on one line, without mail
// addresses. A long one is documentation and is left out.
func Purpose(f *artifact.Facts, node, text string, at artifact.Place) {
	text = Label(strings.Join(strings.Fields(text), " "))
	if text != "" && len(text) <= maxPurpose {
		f.Attr(node, inventory.AttrPurpose, text, "", at)
	}
}

// Person returns the name in a mail address or in front of one: the part before the @ when there is no other.
func Person(text string) string {
	name, _, _ := strings.Cut(text, "<")
	name = strings.TrimSpace(name)
	local, _, _ := strings.Cut(name, "@")
	return strings.TrimSpace(local)
}
