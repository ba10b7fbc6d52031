package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinCalls is R4. What a job hands to a reusable workflow, or a step to an action, it needs itself: the caller reads
// it. With "secrets: inherit" every name that the callee uses is bound to the caller's slot of that name, declared or
// not; only to workflows that are called directly, so each hop must pass on.
func joinCalls(v *View) {
	c := calls{v: v, callers: map[string][]inventory.Edge{}, handed: map[string][]inventory.Edge{}, uses: bindingsByConsumer(v)}
	for e := range v.EdgesOf(inventory.Runs) {
		if n := v.Node(e.To); n != nil && (n.Kind == inventory.Automation || n.Kind == inventory.Part) {
			c.callers[e.To] = append(c.callers[e.To], e)
		}
	}
	for e := range v.EdgesOf(inventory.ReceivedFrom) {
		callee := strings.TrimSuffix(e.From, "/"+nodeName(v, e.From))
		c.handed[callee] = append(c.handed[callee], e)
		c.read(callee, e)
		if b := v.Node(e.From); b != nil {
			declared := e
			if declared.Evidence = declarations(b); len(declared.Evidence) > 0 {
				v.AddEdge(declared)
			}
		}
	}
	for range maxCalls {
		if !c.inherit() {
			return
		}
	}
}

// declarations returns where a callee says that it takes a value: the input of an action, the secret of a workflow that can
// be called.
func declarations(b *inventory.Node) []inventory.Evidence {
	var out []inventory.Evidence
	for _, at := range b.Evidence {
		key, ok := strings.CutPrefix(at.Pointer, "inputs.")
		if !ok {
			key, ok = strings.CutPrefix(at.Pointer, "on.workflow_call.secrets.")
		}
		if ok && !strings.Contains(key, ".") {
			out = append(out, at)
		}
	}
	return out
}

// maxCalls bounds how often workflows that inherit call each other.
const maxCalls = 10

type calls struct {
	v       *View
	callers map[string][]inventory.Edge  // callee -> who runs it
	handed  map[string][]inventory.Edge  // callee -> what its bindings receive
	uses    map[string][]*inventory.Node // consumer -> its bindings
}

func nodeName(v *View, id string) string {
	if n := v.Node(id); n != nil {
		return n.Name
	}
	return ""
}

// read lets the caller read what it hands over.
func (c *calls) read(callee string, e inventory.Edge) {
	for _, run := range c.callers[callee] {
		if sameCall(run, e) && !strings.HasPrefix(e.To, run.From+"/") {
			c.v.AddEdge(inventory.Edge{From: run.From, To: e.To, Kind: inventory.Reads, Rule: "R4-call", Confidence: e.Confidence, Evidence: e.Evidence})
		}
	}
}

// sameCall reports whether a hand-over stands beside the place that calls: in the same job or step.
func sameCall(run, handed inventory.Edge) bool {
	for _, r := range run.Evidence {
		at := strings.TrimSuffix(r.Pointer, ".uses")
		for _, h := range handed.Evidence {
			if r.Source == h.Source && r.Path == h.Path && at != r.Pointer && strings.HasPrefix(h.Pointer, at+".") {
				return true
			}
		}
	}
	return false
}

func bindingsByConsumer(v *View) map[string][]*inventory.Node {
	out := map[string][]*inventory.Node{}
	for _, b := range v.Nodes(inventory.Binding) {
		if strings.HasPrefix(b.Name, "secrets.") {
			consumer := strings.TrimSuffix(b.ID, "/"+b.Name)
			out[consumer] = append(out[consumer], b)
		}
	}
	return out
}

const allSecrets = "secrets.*"

// inherit binds the names that callees use to the slots of callers that hand over everything. It reports whether it
// found something new: a name that one workflow passes on becomes a name of the next.
func (c *calls) inherit() bool {
	added := false
	for _, callee := range sortedKeys(c.handed) {
		for _, e := range c.handed[callee] {
			if nodeName(c.v, e.From) != allSecrets {
				continue
			}
			for _, b := range c.uses[callee] {
				if b.Name != allSecrets && !strings.Contains(b.Name, "*") && c.hand(callee, b, e) {
					added = true
				}
			}
		}
	}
	return added
}

// hand binds one name of a callee to what the caller's set holds under it.
func (c *calls) hand(callee string, b *inventory.Node, e inventory.Edge) bool {
	name := strings.TrimPrefix(b.Name, "secrets.")
	from := c.v.Node(e.To)
	if from == nil {
		return false
	}
	to := ""
	at := inventory.MergeEvidence(e.Evidence, b.Evidence)
	if from.Kind == inventory.Binding {
		caller := strings.TrimSuffix(from.ID, "/"+from.Name)
		to = inventory.BindingID(caller, "secrets."+name)
		if c.v.Node(to) == nil {
			c.v.AddNode(inventory.Node{ID: to, Kind: inventory.Binding, Name: "secrets." + name, Attrs: b.Attrs, Evidence: e.Evidence})
			c.uses[caller] = append(c.uses[caller], c.v.Node(to))
		}
	} else if a, ok := addressOf(from); ok && a.name == "*" {
		r := a.ref()
		r.Name = name
		to = c.v.addSlot(r, b, at)
	}
	if to == "" || c.has(b.ID, to) {
		return false
	}
	sure := inventory.Weakest(e.Confidence, inventory.High)
	c.v.AddEdge(inventory.Edge{From: b.ID, To: to, Kind: inventory.ReceivedFrom, Rule: "R4-inherit", Confidence: sure, Evidence: at})
	c.read(callee, inventory.Edge{From: b.ID, To: to, Confidence: sure, Evidence: at})
	return true
}

func (c *calls) has(from, to string) bool {
	for _, e := range c.v.Out(from, inventory.ReceivedFrom) {
		if e.To == to {
			return true
		}
	}
	return false
}
