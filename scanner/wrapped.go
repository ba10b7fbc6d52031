package scanner

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// The ids of what stands for functions that fetch secrets for their callers, and for calls of such, until all files of a
// source are read. No map has them.
const (
	wrapperID = "wrapper:"
	callID    = "wrapper-call:"
)

// wrapperFacts notes the functions of a file that fetch what their callers name, and calls of functions that may be such.
func wrapperFacts(f *artifact.Facts, id string, r code.Result) {
	for _, w := range r.Wraps {
		at := f.Artifact.PlaceOf(w.Offset)
		n := f.Node(inventory.Pattern, wrapperID+w.Name+" "+w.Slot.ID(), w.Name, at)
		f.Attr(n, inventory.AttrStore, w.Slot.Store, w.Via, at)
		f.Attr(n, inventory.AttrScope, w.Slot.Scope, w.Slot.Name, at)
	}
	for _, c := range r.Calls {
		at := f.Artifact.PlaceOf(c.Offset)
		n := f.Node(inventory.Pattern, callID+c.Name+" "+c.Arg, c.Arg, at)
		f.Edge(inventory.Reads, id, n, c.Name, c.Sure, at)
	}
}

// joinWrappers makes reads of a store of the calls of functions that another file defines: get_secret("shop/db"). Where
// several files define a function of the name for several stores, nobody knows which is meant. Calls of all other functions
// say nothing.
//
// Confidence: medium, since the name of the function is all that ties the two files.
func (w *worker) joinWrappers() {
	wraps := map[string]*code.Wrap{}
	found := false
	w.set.EachNode(func(n inventory.Node) {
		found = found || strings.HasPrefix(n.ID, callID)
		if !strings.HasPrefix(n.ID, wrapperID) {
			return
		}
		found = true
		wrap := wrapOf(n)
		if old, ok := wraps[n.Name]; ok && (old == nil || old.Slot != wrap.Slot) {
			wrap = nil
		}
		wraps[n.Name] = wrap
	})
	if !found {
		return
	}
	var calls []inventory.Edge
	callers := map[string]bool{}
	w.set.EachEdge(func(e inventory.Edge) {
		if !strings.HasPrefix(e.To, callID) {
			return
		}
		callers[e.From] = true
		if wraps[e.Rule] != nil {
			calls = append(calls, e)
		}
	})
	for _, e := range calls {
		_, arg, _ := strings.Cut(strings.TrimPrefix(e.To, callID), " ")
		w.fetches(e, wraps[e.Rule], arg)
	}
	w.set.Remove(func(n inventory.Node) bool {
		return strings.HasPrefix(n.ID, wrapperID) || strings.HasPrefix(n.ID, callID)
	})
	w.set.RemoveUnrelated(func(n inventory.Node) bool { return n.Kind == inventory.Code && callers[n.ID] })
}

// wrapOf reads the node of a function.
func wrapOf(n inventory.Node) *code.Wrap {
	w := &code.Wrap{Name: n.Name}
	for _, a := range n.All(inventory.AttrStore) {
		w.Slot.Store, w.Via = a.Value, a.Detail
	}
	for _, a := range n.All(inventory.AttrScope) {
		w.Slot.Scope, w.Slot.Name = a.Value, a.Detail
	}
	return w
}

// fetches adds the read of a call.
func (w *worker) fetches(e inventory.Edge, wrap *code.Wrap, arg string) {
	slot := wrap.Of(arg)
	n := inventory.Node{ID: slot.ID(), Kind: inventory.Slot, Name: slot.Name, Evidence: e.Evidence, Attrs: []inventory.Attr{
		{Key: inventory.AttrStore, Value: slot.Store, Evidence: e.Evidence}, {Key: inventory.AttrScope, Value: slot.Scope, Evidence: e.Evidence}}}
	if strings.Contains(slot.Name, "*") {
		n.Kind = inventory.Pattern
		n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrGlob, Value: slot.ID(), Detail: "slot", Evidence: e.Evidence})
	}
	w.set.AddNode(n)
	w.set.AddEdge(inventory.Edge{From: e.From, To: n.ID, Kind: inventory.Reads, Rule: wrap.Via, Confidence: inventory.Weakest(e.Confidence, inventory.Medium), Evidence: e.Evidence})
}
