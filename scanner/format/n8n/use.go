package n8n

import (
	"cmp"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// uses says what the node does: the operation that it is set to, the address that it calls, the verbs of its query.
func (s *step) uses() {
	h, params, p := s.holder(), s.n.Get("parameters"), s.params()
	if op := params.Get("operation"); op.Str() != "" && s.kind != "httpRequest" {
		at := artifact.At(op, p.Key("operation"))
		h.Operation(cmp.Or(params.Get("resource").Str(), s.kind)+": "+op.Str(), at)
	}
	if url := params.Get("url"); url.Str() != "" {
		h.Call(cmp.Or(params.Get("method").Str(), params.Get("requestMethod").Str()), literalURL(url.Str()), artifact.At(url, p.Key("url")))
	}
	if q := params.Get("query"); q.IsString() {
		h.SQL(literalURL(q.Value), artifact.At(q, p.Key("query")))
	}
}
