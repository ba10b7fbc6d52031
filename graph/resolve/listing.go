package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// ListingRule is the rule that attributes of a names listing carry: what a store says that it holds, names only. A
// listing is complete for its scope: it adds the pattern <store>:<scope>/* and a slot for each name, both with
// AttrDefined by this rule.
const ListingRule = "names-listing"

// LevelRule is the rule of AttrDefined for what [[store]] of the register says: the names live on the level that
// Detail has.
const LevelRule = "register-store"

// settleLevels is R1 where a names listing or the register says on which level a name lives: a repository's slot that
// its listing does not have, and that the organisation's listing has, is the organisation's. So it is for
// environments, groups, contexts and folders. Where the lower level has the name itself, what it "may be" is gone.
func settleLevels(v *View) {
	l := levels{view: v, home: map[string]string{}}
	for e := range v.EdgesOf(inventory.MayBe) {
		from, to := v.Node(e.From), v.Node(e.To)
		if from == nil || to == nil || from.Kind != inventory.Slot || to.Kind != inventory.Slot {
			continue
		}
		switch home := l.of(e.From, maxNesting); {
		case home == "":
		case home == e.From || !l.leadsTo(e.To, home, maxNesting):
			v.dropEdge(e)
		default:
			at := inventory.MergeEvidence(e.Evidence, definedAt(to))
			v.copyOf(e.From, e.To, "R1-listing", inventory.Certain, at)
			v.dropEdge(e)
		}
	}
}

// definedAt is where a listing or the register says that it has a name.
func definedAt(n *inventory.Node) []inventory.Evidence {
	var out []inventory.Evidence
	for _, a := range n.All(inventory.AttrDefined) {
		if a.Rule == ListingRule || a.Rule == LevelRule {
			out = append(out, a.Evidence...)
		}
	}
	return out
}

// levels finds the slot in which a name really lives.
type levels struct {
	view *View
	home map[string]string // slot -> the slot that it is, "" unknown
}

// of returns the slot that a slot is, itself included; "" when nothing says so.
func (l levels) of(id string, depth int) string {
	if h, ok := l.home[id]; ok || depth == 0 {
		return h
	}
	l.home[id] = "" // a cycle must not hang
	l.home[id] = l.find(id, depth)
	return l.home[id]
}

func (l levels) find(id string, depth int) string {
	n := l.view.Node(id)
	if n == nil || n.Kind != inventory.Slot {
		return ""
	}
	level := registered(n)
	if listed(n) || level != "" && level == levelOf(n) {
		return id
	}
	lacks := l.lacks(n)
	for _, e := range l.view.Out(id, inventory.MayBe) {
		home := l.of(e.To, depth-1)
		if home == "" {
			continue
		}
		at := l.view.Node(home)
		if level != "" && levelOf(at) == level || level == "" && (lacks || registered(at) != "") {
			return home // the register names a level because the lower ones do not have the name
		}
	}
	return ""
}

// leadsTo reports whether a slot is the one in which the name lives, or stands on the way to it.
func (l levels) leadsTo(id, home string, depth int) bool {
	return id == home || depth > 0 && l.of(id, depth) == home
}

// lacks reports whether the listing of the slot's scope is there; the slot itself is not in it.
func (l levels) lacks(n *inventory.Node) bool {
	a, ok := addressOf(n)
	if !ok {
		return false
	}
	all := l.view.Node(inventory.SlotRef{Store: a.store, Scope: a.scope, Name: "*"}.ID())
	return all != nil && listed(all)
}

// listed reports whether a names listing has the node.
func listed(n *inventory.Node) bool {
	for _, a := range n.All(inventory.AttrDefined) {
		if a.Rule == ListingRule {
			return true
		}
	}
	return false
}

// registered returns the level on which the register says that a slot's name lives, "" for none.
func registered(n *inventory.Node) string {
	for _, a := range n.All(inventory.AttrDefined) {
		if a.Rule == LevelRule {
			return a.Detail
		}
	}
	return ""
}

// levelOf returns the level of a slot as its store and scope say it: organisation, environment or repository.
func levelOf(n *inventory.Node) string {
	store, scope := n.Attr(inventory.AttrStore), n.Attr(inventory.AttrScope)
	switch {
	case strings.HasSuffix(store, "-org"), store == "gitlab-group", store == "bb-workspace",
		strings.HasPrefix(scope, "context:"), strings.Contains(scope, "/group:"):
		return "organisation"
	case strings.Contains(scope, "@env:"):
		return "environment"
	}
	return "repository"
}
