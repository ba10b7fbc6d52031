package n8n

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// step is one node while it is read.
type step struct {
	w      *workflow
	n      *tree.Node
	path   tree.Path
	kind   string    // the type without its package: httpRequest
	within tree.Path // of the parameters; "" until asked for
	part   string    // "" for a sticky note, which does nothing
	idle   bool      // switched off
}

func (w *workflow) step(n *tree.Node, at tree.Path, i int) *step {
	t := n.Get("type").Str()
	s := &step{w: w, n: n, path: at, kind: t[strings.LastIndexByte(t, '.')+1:]}
	s.idle = w.idle || n.Get("disabled").Str() == "true"
	if s.kind == "stickyNote" {
		return s
	}
	name := n.Get("name").Str()
	s.part = w.f.Part(w.id, w.partKey(n, i), name, "node", artifact.At(n, at))
	if name != "" {
		w.parts[name] = s.part
	}
	return s
}

func (s *step) read() {
	params := s.n.Get("parameters")
	if s.part == "" {
		if n := params.Get("content"); n.IsString() {
			s.text(n, s.params().Key("content"))
		}
		return
	}
	if s.idle {
		s.w.f.Attr(s.part, inventory.AttrActive, "false", "disabled", artifact.At(s.n, s.path.Key("disabled")))
	} else {
		s.triggers()
		s.calls()
		s.uses()
	}
	s.service()
	s.credentials()
	s.parameters()
	if n := s.n.Get("notes"); n.IsString() {
		s.text(n, s.path.Key("notes"))
	}
}

func (s *step) holder() export.Holder {
	h := s.w.holder(s.part)
	h.Idle = s.idle
	return h
}

func (s *step) text(n *tree.Node, at tree.Path) { s.holder().Text(n.Value, artifact.At(n, at)) }

// params is the path of the parameters.
func (s *step) params() tree.Path {
	if s.within == "" {
		s.within = s.path.Key("parameters")
	}
	return s.within
}

// service says which system the node talks to, by the node's type. Hosts are read with the URLs.
func (s *step) service() {
	n := s.n.Get("type")
	if id, ok := provider.ServiceOfNode(Platform, n.Str()); ok {
		s.w.f.Service(s.part, id, "n8n-node-type", inventory.Certain, artifact.At(n, s.path.Key("type")))
	}
}

// credentials reads the references to n8n's own credentials: {type: {id, name}}, or {type: name} in old exports.
func (s *step) credentials() {
	list := s.n.Get("credentials").Entries()
	if len(list) == 0 {
		return
	}
	at := s.path.Key("credentials")
	for _, c := range list {
		id, name := c.Value.Get("id").Str(), c.Value.Get("name").Str()
		if c.Value.IsString() {
			name = c.Value.Str()
		}
		if ref := s.w.credential(id, name); ref.Name != "" {
			s.credential(ref, c.Key, name, artifact.AtPair(c, at.Key(c.Key)))
		}
	}
}

// credential names the slot of a credential: by its id where there is one, else by its name, which n8n does not
// keep unique.
func (w *workflow) credential(id, name string) inventory.SlotRef {
	ref := inventory.SlotRef{Store: Platform, Scope: w.scope}
	switch {
	case id != "" && (plainID(id) || name == ""):
		ref.Name = id
	case name != "":
		ref.Name = "name:" + export.Label(name)
	}
	return ref
}

func (s *step) credential(ref inventory.SlotRef, kind, name string, at artifact.Place) {
	f := s.w.f
	slot := f.Slot(ref, at)
	f.Attr(slot, inventory.AttrType, kind, "", at)
	if name != "" {
		f.Attr(slot, inventory.AttrAlias, export.Label(name), "", at)
	}
	s.holder().Reads(slot, "n8n-credential", inventory.Certain, at)
	if id, ok := provider.ServiceOfCredentialType(Platform, kind); ok {
		f.Service(slot, id, "n8n-credential-type", inventory.Certain, at)
		return
	}
	if host := s.host(); host != "" {
		f.AttrSure(slot, inventory.AttrHost, host, "", inventory.High, at)
		if id := export.ServiceOf(host); id != "" {
			f.Service(slot, id, "n8n-node-url", inventory.High, at)
		}
	}
}

// host returns the literal host that the node calls, "" when there is none.
func (s *step) host() string {
	return export.Host(literalURL(s.n.Get("parameters", "url").Str()))
}

// literalURL cuts off the sign of an expression.
func literalURL(s string) string { return strings.TrimPrefix(strings.TrimSpace(s), "=") }
