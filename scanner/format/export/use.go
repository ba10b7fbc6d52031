package export

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Call says that the node calls an address: with which method, "" for GET, as far as its host is literal.
func (h Holder) Call(method, url string, at artifact.Place) {
	if method == "" || h.template(method) {
		method = "GET"
	}
	h.use(inventory.PermitAPI, code.Endpoint(method, url), at)
}

// SQL says which verbs the statements of a text have.
func (h Holder) SQL(text string, at artifact.Place) {
	for _, verb := range code.Statements(text) {
		h.use(inventory.PermitSQL, verb, at)
	}
}

// operation matches what the platforms call an operation: words, an id of a few words, a module.
var operation = lazy.New(`^[A-Za-z][\w .-]{0,60}(?:: ?[A-Za-z][\w .-]{0,80})?$`)

// Operation says what the node is set to do, in the words of its platform: message: post.
func (h Holder) Operation(what string, at artifact.Place) {
	if operation.MatchString(what) {
		h.use(inventory.PermitOperation, strings.TrimSpace(what), at)
	}
}

func (h Holder) use(kind, what string, at artifact.Place) {
	if h.Node != "" && !h.Idle {
		h.Facts.Use(h.Node, kind, what, at)
	}
}
