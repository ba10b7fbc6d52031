package export

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// secretField matches the settings of a login that are the secret itself, whatever the value looks like.
var secretField = lazy.New(`(?i)^(\w*pass(word|phrase)?|pwd|\w*secret|\w*token|credentials?|bearer|(api|routing|service|user|secret|private|integration|license|shared|auth|access_?secret)_?key|secretAccessKey|basicAuthPassword)$`)

// SecretField reports whether a setting of that name is a secret itself.
func SecretField(name string) bool {
	return secretField.MatchString(name) && !notSecret.MatchString(name)
}

var notSecret = lazy.New(`(?i)^(add_?token_?to|send_?token|refresh_?token_?url|access_?token_?url|token_?(url|type|name|prefix)|header_?prefix|use_?pass|\w*_secret_?name)$`)

// Login reads the settings of a login: a map, or a list of {key, value}. Secret fields are sure literals, others
// are judged by their names.
func (h Holder) Login(n *tree.Node, p tree.Path) {
	field := func(name string, v *tree.Node, at tree.Path) {
		switch {
		case !v.IsString():
			h.Login(v, at)
		case SecretField(name):
			h.Sure(name, v.Value, artifact.At(v, at))
		case Suggests(name):
			h.Literal(name, v.Value, artifact.At(v, at))
		}
	}
	for _, e := range n.Entries() {
		field(e.Key, e.Value, p.Key(e.Key))
	}
	if n.IsSeq() {
		for i, item := range n.Items {
			if key := item.Get("key").Str(); key != "" {
				field(key, item.Get("value"), p.Index(i).Key("value"))
			}
		}
	}
}

// Secrets reads the secret fields anywhere in a configuration, and their twins that name a file to read it from:
// password and password_file.
func (h Holder) Secrets(n *tree.Node, p tree.Path) {
	for _, e := range n.Entries() {
		at := p.Key(e.Key)
		switch {
		case e.Value == nil:
		case e.Value.Kind != tree.Scalar:
			h.Secrets(e.Value, at)
		case e.Value.Str() == "" || isReference(e.Value):
		case strings.HasSuffix(e.Key, "_file") && Suggests(e.Key):
			place := artifact.At(e.Value, at)
			slot := h.Facts.Slot(inventory.SlotRef{Store: "file", Name: e.Value.Str()}, place)
			h.Reads(slot, "secret-file", inventory.Certain, place)
		case SecretField(e.Key):
			h.Sure(e.Key, e.Value.Str(), artifact.At(e.Value, at))
		case isURL(e.Value.Str()):
			h.secretURL(e.Key, e.Value.Str(), artifact.At(e.Value, at))
		}
	}
	if n.IsSeq() {
		for i, item := range n.Items {
			h.Secrets(item, p.Index(i))
		}
	}
}

// isReference reports whether a YAML value has a tag of its own: !secret name is no literal.
func isReference(n *tree.Node) bool {
	return strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!")
}

// hookKeys are the settings whose URL is a secret as a whole.
var hookKeys = map[string]bool{"api_url": true, "slack_api_url": true, "webhook_url": true, "mattermost_webhook_url": true}

// secretURL reads a URL; one that is posted to as a webhook is a secret when its path is long.
func (h Holder) secretURL(key, text string, at artifact.Place) {
	if hookKeys[key] && len(Path(text)) > 12 {
		if host := Host(text); host != "" {
			h.Talks(host, at)
		}
		h.Literal(key, text, at)
		return
	}
	h.URL(key, text, at)
}

// Pattern is an expression of which all matches are asked for.
type Pattern interface {
	FindAllStringSubmatch(s string, n int) [][]string
}

// Mentions adds a reference for each variable that the strings below n name in the pattern's first group.
func (h Holder) Mentions(n *tree.Node, p tree.Path, pattern Pattern, rule string, slot func(name string) (inventory.SlotRef, bool)) {
	n.Walk(p, func(at tree.Path, c *tree.Node) bool {
		if c.IsString() {
			for _, m := range pattern.FindAllStringSubmatch(c.Value, 100) {
				if ref, ok := slot(m[1]); ok {
					place := artifact.At(c, at)
					h.Reads(h.Facts.Slot(ref, place), rule, inventory.Certain, place)
				}
			}
		}
		return true
	})
}
