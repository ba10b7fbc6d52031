package export

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/code"
)

// Code reads program text that stands in a string: its literals, the stores and hosts that it calls, and the
// variables of the environment, which are slots like env with the variable's name. An env without a store
// leaves them out.
func (h Holder) Code(language string, n *tree.Node, p tree.Path, env inventory.SlotRef) {
	if !n.IsString() {
		return
	}
	at := artifact.At(n, p)
	h.Text(n.Value, at)
	r := code.Scan(language, []byte(n.Value))
	for _, read := range r.Reads {
		if env.Store != "" && !strings.ContainsAny(read.Name, "*?{}$ ") {
			env.Name = read.Name
			h.Reads(h.Facts.Slot(env, at), read.Via, read.Sure, at)
		}
	}
	for _, s := range r.Stores {
		h.Reads(h.Facts.Slot(s.Slot, at), s.Via, s.Sure, at)
	}
	for _, u := range r.Uses {
		if !h.Idle {
			h.Facts.Use(h.Node, u.Kind, u.What, at)
		}
	}
	for _, host := range r.Hosts {
		h.Talks(host.Name, at)
	}
}
