package graph

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/resolve"
)

// Credential is what is rotated: the slots and current values that are provably one and the same.
type Credential struct {
	ID           string            `json:"id"` // of its root slot
	Name         string            `json:"name"`
	Class        inventory.Class   `json:"class"`
	Service      string            `json:"service"` // "" unknown
	Values       []CredentialValue `json:"values"`
	Slots        []string          `json:"slots"`
	Environments []Environment     `json:"environments"`
	Temporary    *Temporary        `json:"temporary"`
	Owners       []Owner           `json:"owners"`
	Purpose      string            `json:"purpose"`
	Register     string            `json:"register"` // name of the register's entry, "" when it has none

	nodes []int32 // slots, root first, then values
}

// CredentialValue is one value that a slot of the credential holds or held.
type CredentialValue struct {
	Fingerprint string `json:"fingerprint"`
	State       string `json:"state"` // current or past
	Weak        bool   `json:"weak"`
	Was         string `json:"was,omitempty"` // its fingerprint under the previous key, where the scan had one
}

// Environment is where a credential or an automation belongs, as far as one rule can say.
type Environment struct {
	Name       string               `json:"name"` // production, staging, test, development, or as written
	Confidence inventory.Confidence `json:"confidence"`
	Evidence   []inventory.Evidence `json:"evidence"`
}

// Temporary marks something that was meant to be removed.
type Temporary struct {
	Why      string               `json:"why"`
	Evidence []inventory.Evidence `json:"evidence"`
}

// Owner is who answers for something, and which source says so.
type Owner struct {
	Name       string               `json:"name"`
	Source     string               `json:"source"` // rule: CODEOWNERS, label ...
	Confidence inventory.Confidence `json:"confidence"`
	Evidence   []inventory.Evidence `json:"evidence"`
}

// HardCoded reports whether a current, literal value of the credential stands in a scanned file.
func (c *Credential) HardCoded() bool {
	return slices.ContainsFunc(c.Values, func(v CredentialValue) bool { return v.State == inventory.HeldCurrent })
}

// Joinable returns the fingerprints of its current values that may join by equality, those under the previous key too.
func (c *Credential) Joinable() []string {
	var out []string
	for _, v := range c.Values {
		if !v.Weak && v.State == inventory.HeldCurrent {
			out = append(out, v.Fingerprint)
			if v.Was != "" {
				out = append(out, v.Was)
			}
		}
	}
	return out
}

// Credentials returns everything that can be rotated, sorted by id. Identifiers, plain configuration, pointers
// and ephemeral credentials are no credentials: they are in Slots. A slot that only may be meant (the repository's
// secret behind an environment's, the organisation's behind one repository's) is left out; Find knows it.
func (g *Graph) Credentials() []Credential { return g.listed }

// Credential returns the credential with the id, nil when there is none.
func (g *Graph) Credential(id string) *Credential {
	i, ok := slices.BinarySearchFunc(g.credentials, id, func(c Credential, id string) int { return strings.Compare(c.ID, id) })
	if !ok {
		return nil
	}
	return &g.credentials[i]
}

// findCredentials groups slots by R17: through a current value that may join by equality, and through copies
// that are the value itself.
func (g *Graph) findCredentials() {
	sets := newUnion(len(g.nodes))
	origins := map[int32][]int32{} // slot -> what it is a whole copy of
	for i := range g.edges {
		e := &g.edges[i]
		switch {
		case !g.unites(e):
		case e.Kind == inventory.CopiesFrom:
			origins[e.from] = append(origins[e.from], e.to)
		default:
			sets.join(e.from, e.to)
		}
	}
	sets.joinCopies(origins)
	groups := map[int32][]int32{}
	for i := range g.nodes {
		if k := g.nodes[i].Kind; k == inventory.Slot || k == inventory.Value {
			r := sets.find(int32(i))
			groups[r] = append(groups[r], int32(i))
		}
	}
	for _, members := range groups {
		if c, ok := g.credential(members); ok {
			g.credentials = append(g.credentials, c)
		}
	}
	slices.SortFunc(g.credentials, func(a, b Credential) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range g.credentials {
		if g.stands(&c) {
			g.listed = append(g.listed, c)
		}
	}
	g.credentialOf = map[int32]int32{}
	for i, c := range g.credentials {
		for _, n := range c.nodes {
			g.credentialOf[n] = int32(i)
		}
	}
}

// stands reports whether something holds or needs the credential outright, or several slots may mean it.
func (g *Graph) stands(c *Credential) bool {
	may := 0
	for _, n := range c.nodes {
		used := false
		if g.nodes[n].Kind == inventory.Value || g.nodes[n].Attr(inventory.AttrDefined) != "" {
			return true
		}
		for _, i := range g.out.of(n) {
			if g.edges[i].Kind == inventory.Holds {
				return true
			}
		}
		for _, i := range g.in.of(n) {
			if g.edges[i].Rule == resolve.CounterpartRule {
				continue // a guess at a common value says nothing of this one
			}
			used = true
			if g.edges[i].Kind != inventory.MayBe {
				return true
			}
			if g.nodes[g.edges[i].from].Kind == inventory.Slot {
				may++
			}
		}
		if g.nodes[n].Attr(inventory.AttrStore) != "gh-org" && may == 0 && !used {
			return true // listed by its store, used by nothing that was seen
		}
	}
	return may > 1
}

// unites reports whether an edge makes its two ends one credential.
func (g *Graph) unites(e *edge) bool {
	switch e.Kind {
	case inventory.Holds:
		return e.Attr(inventory.AttrHeld) != inventory.HeldPast && g.nodes[e.to].Attr(inventory.AttrWeak) == ""
	case inventory.CopiesFrom:
		return e.Attr(inventory.AttrWhole) == "true" && e.Confidence >= inventory.High
	}
	return false
}

// credential builds the credential of one group; false when the group is nothing to rotate.
func (g *Graph) credential(members []int32) (Credential, bool) {
	var slots []int32
	for _, n := range members {
		if g.nodes[n].Kind == inventory.Slot {
			slots = append(slots, n)
		}
	}
	if len(slots) == 0 {
		return Credential{}, false
	}
	slices.SortFunc(slots, g.byRoot)
	c := Credential{
		ID: g.nodes[slots[0]].ID, Name: g.credentialName(slots), Values: g.valuesOf(slots),
		Class: g.groupClass(slots), nodes: slots,
	}
	if c.Class != inventory.ClassCredential && c.Class != inventory.ClassUnknown {
		return Credential{}, false
	}
	for _, n := range slots {
		c.Slots = append(c.Slots, g.nodes[n].ID)
	}
	for _, n := range members {
		if g.nodes[n].Kind == inventory.Value {
			c.nodes = append(c.nodes, n)
		}
	}
	g.describe(&c, slots)
	return c, true
}

// byRoot orders the slots of a group: what others copy from first, then real stores before literals in files.
func (g *Graph) byRoot(a, b int32) int {
	return cmp.Or(cmp.Compare(g.rootRank(a), g.rootRank(b)), strings.Compare(g.nodes[a].ID, g.nodes[b].ID))
}

func (g *Graph) rootRank(n int32) int {
	rank := 0
	for _, e := range g.out.of(n) {
		if g.edges[e].Kind == inventory.CopiesFrom && g.edges[e].Attr(inventory.AttrWhole) == "true" {
			rank += 2
			break
		}
	}
	if g.nodes[n].Attr(inventory.AttrStore) == "inline" {
		rank++
	}
	return rank
}

// groupClass is the first class of classOrder that any slot has with the greatest confidence.
func (g *Graph) groupClass(slots []int32) inventory.Class {
	var all, stored inventory.Node
	for _, n := range slots {
		classes := g.nodes[n].All(inventory.AttrClass)
		all.Attrs = append(all.Attrs, classes...)
		if resolve.KeepsSecrets(g.nodes[n].Attr(inventory.AttrStore)) {
			stored.Attrs = append(stored.Attrs, classes...)
		}
	}
	c, _ := classOf(&all)
	if c == inventory.ClassPointer { // it points at what the others are
		if rest := without(all.Attrs, inventory.ClassPointer); len(rest) > 0 {
			c, _ = classOf(&inventory.Node{Attrs: rest})
		}
	}
	if c == inventory.ClassConfig && len(stored.Attrs) > 0 { // what a secret store hands out is no plain setting
		c, _ = classOf(&stored)
	}
	return c
}

// without returns the classes other than one.
func without(classes []inventory.Attr, c inventory.Class) []inventory.Attr {
	return slices.DeleteFunc(slices.Clone(classes), func(a inventory.Attr) bool { return a.Value == string(c) })
}

func (g *Graph) valuesOf(slots []int32) []CredentialValue {
	state := map[int32]string{}
	for _, n := range slots {
		for _, i := range g.out.of(n) {
			e := &g.edges[i]
			if e.Kind != inventory.Holds {
				continue
			}
			if e.Attr(inventory.AttrHeld) == inventory.HeldPast {
				if state[e.to] == "" {
					state[e.to] = inventory.HeldPast
				}
				continue
			}
			state[e.to] = inventory.HeldCurrent
		}
	}
	out := []CredentialValue{}
	for n, s := range state {
		v := &g.nodes[n]
		out = append(out, CredentialValue{fingerprintOf(v.ID), s, v.Attr(inventory.AttrWeak) != "", v.Attr(inventory.AttrWas)})
	}
	slices.SortFunc(out, func(a, b CredentialValue) int {
		return cmp.Or(strings.Compare(a.State, b.State), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out
}

// credentialName picks the name that people use: of a real store before that of a literal in a file, and a word
// that says something before "value".
func (g *Graph) credentialName(slots []int32) string {
	for _, n := range slots {
		if name := g.slotName(n); !saysNothing[strings.ToLower(name)] {
			return name
		}
	}
	return g.slotName(slots[0])
}

// saysNothing are names that a file format gives to any value.
var saysNothing = map[string]bool{"": true, "value": true, "key": true, "default": true, "data": true, "raw": true,
	"authorization": true, "text": true, "content": true, "body": true}

func (g *Graph) slotName(n int32) string {
	node := &g.nodes[n]
	switch node.Attr(inventory.AttrStore) {
	case "inline", "dotenv", "env":
		if key := node.Attr(inventory.AttrKeyName); key != "" {
			return lastSegment(withoutNumber(key))
		}
	}
	if !opaqueNames[node.Attr(inventory.AttrStore)] {
		return node.Name
	}
	if alias := node.Attr(inventory.AttrAlias); alias != "" {
		return alias
	}
	if key := node.Attr(inventory.AttrKeyName); key != "" { // a field of an entry that people know by its label
		if entry := g.Node(strings.TrimSuffix(node.ID, "#"+key)); entry != nil && entry.Attr(inventory.AttrAlias) != "" {
			return entry.Attr(inventory.AttrAlias) + "#" + key
		}
	}
	return node.Name
}

// withoutNumber drops the number that tells equal names of one file apart: password~198.
func withoutNumber(name string) string {
	if i := strings.LastIndexByte(name, '~'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		return name[:i]
	}
	return name
}

// opaqueNames are the stores that name their credentials by ids: people know them by the label beside.
var opaqueNames = map[string]bool{"n8n": true, "make": true, "node-red": true, "zapier": true, "retool": true, "pipedream": true,
	"airbyte": true, "power-automate": true, "logic-apps": true}

// lastSegment returns the last key of a pointer: TOKEN of jobs.build.steps[2].env.TOKEN.
func lastSegment(pointer string) string {
	name := strings.TrimSuffix(pointer, "]")
	if i := strings.LastIndexAny(name, ".[/"); i >= 0 && i+1 < len(name) {
		name = name[i+1:]
	}
	return strings.Trim(name, `"`)
}

// union is a disjoint-set forest.
type union []int32

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = int32(i)
	}
	return u
}

func (u union) find(i int32) int32 {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

// joinCopies joins each slot with what it is a whole copy of. A slot with several origins that are not one and the
// same (an entry whose account is not known, filled in two accounts) joins none of them: it stays a dependent.
func (u union) joinCopies(origins map[int32][]int32) {
	slots := slices.Sorted(maps.Keys(origins))
	for _, s := range slots {
		if to := origins[s]; len(to) == 1 {
			u.join(s, to[0])
		}
	}
	for _, s := range slots {
		to := origins[s]
		if !slices.ContainsFunc(to, func(n int32) bool { return u.find(n) != u.find(to[0]) }) {
			u.join(s, to[0])
		}
	}
}

func (u union) join(a, b int32) {
	a, b = u.find(a), u.find(b)
	u[max(a, b)] = min(a, b)
}
