package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Visible returns the binding under which a part sees a name: its own, else that of the part or automation it
// belongs to, and so on outwards. Nil when no level binds the name.
func (v *View) Visible(part, name string) *inventory.Node {
	for range maxNesting {
		if b := v.bindings(part)[name]; b != nil || part == "" {
			return b
		}
		part = v.whole(part)
	}
	return nil
}

// levels returns what a part binds by name, and what those it belongs to do, outwards.
func (v *View) levels(part string) []map[string]*inventory.Node {
	out := []map[string]*inventory.Node{}
	for n := 0; n < maxNesting; n++ {
		if names := v.bindings(part); names != nil {
			out = append(out, names)
		}
		if part == "" {
			break
		}
		part = v.whole(part)
	}
	return out
}

// maxNesting bounds how deep parts nest; a cycle must not hang.
const maxNesting = 20

// whole returns what a part belongs to, "" for none.
func (v *View) whole(part string) string {
	e, ok := v.nodes[part]
	if !ok {
		return ""
	}
	whole := ""
	for _, i := range e.out {
		if v.edges[i].Kind == inventory.PartOf {
			whole = v.edges[i].To
		}
	}
	return whole
}

// consume puts a binding into the index of its consumer.
func (v *View) consume(b *inventory.Node) {
	consumer, ok := strings.CutSuffix(b.ID, b.Name)
	if !ok || !strings.HasSuffix(consumer, "/") {
		return
	}
	consumer = consumer[:len(consumer)-1]
	names := v.consumers[consumer]
	if names == nil {
		names = map[string]*inventory.Node{}
		v.consumers[consumer] = names
	}
	names[b.Name] = b
}

// bindings returns the bindings of a consumer by name.
func (v *View) bindings(consumer string) map[string]*inventory.Node {
	if v.consumers == nil {
		v.consumers = map[string]map[string]*inventory.Node{}
		if l := v.kinds[inventory.Binding]; l != nil {
			for _, b := range l.nodes {
				v.consume(b)
			}
		}
	}
	return v.consumers[consumer]
}
