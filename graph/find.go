package graph

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// NotFoundError says that a query names no credential, with the nearest names.
type NotFoundError struct {
	Query string
	Near  []string
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no credential of the map is called %q", e.Query)
}

// AmbiguousError says that a name means several credentials.
type AmbiguousError struct {
	Query      string
	Candidates []Credential
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q means %d credentials", e.Query, len(e.Candidates))
}

// Find returns the credential that a query means: the id of a credential or of any slot or value that belongs
// to it, a fingerprint, a name, or the end of a name that is a path. It returns a *NotFoundError or an *AmbiguousError otherwise. A name means a
// credential that Credentials lists before one that is only possible: the level above that a listing would settle.
func (g *Graph) Find(query string) (*Credential, error) {
	for _, id := range []string{query, inventory.ValueID(query)} {
		if n, ok := g.number(id); ok {
			if i, ok := g.credentialOf[n]; ok {
				return &g.credentials[i], nil
			}
			if c := g.holderOf(n); c != nil {
				return c, nil
			}
		}
	}
	found := g.named(query, func(a, b string) bool { return a == b })
	if len(found) == 0 {
		found = g.named(query, strings.EqualFold)
	}
	if len(found) == 0 { // the end of a path: db-password of /shop/production/db-password
		found = g.named(query, func(a, b string) bool { return strings.EqualFold(path.Base(a), b) })
	}
	if len(found) > 1 {
		found = g.preferListed(found)
	}
	switch len(found) {
	case 0:
		return nil, &NotFoundError{query, g.near(query)}
	case 1:
		return &g.credentials[found[0]], nil
	}
	e := &AmbiguousError{Query: query}
	for _, i := range found {
		e.Candidates = append(e.Candidates, g.credentials[i])
	}
	return nil, e
}

// Identifier returns the slot with the id as what it is when that is nothing to rotate (a host, a bucket, a pointer): it
// may move, and what needs it breaks then. So it returns a set of entries whose names are computed in part (jwt-key-*), for which
// its pattern stands. Nil for what is neither, or belongs to a credential.
func (g *Graph) Identifier(id string) *Credential {
	n, ok := g.number(id)
	if !ok || g.nodes[n].Kind != inventory.Slot && (g.nodes[n].Kind != inventory.Pattern || g.nodes[n].Attr(inventory.AttrStore) == "") {
		return nil
	}
	if _, ok := g.credentialOf[n]; ok {
		return nil
	}
	slots := []int32{n}
	c := &Credential{ID: g.nodes[n].ID, Name: g.slotName(n), Values: g.valuesOf(slots), Class: g.groupClass(slots),
		Slots: []string{g.nodes[n].ID}, nodes: slots}
	g.describe(c, slots)
	return c
}

// preferListed drops the credentials that are only possible when others are not.
func (g *Graph) preferListed(found []int) []int {
	var out []int
	for _, i := range found {
		if slices.ContainsFunc(g.listed, func(c Credential) bool { return c.ID == g.credentials[i].ID }) {
			out = append(out, i)
		}
	}
	if len(out) == 0 {
		return found
	}
	return out
}

// holderOf returns the one credential that holds or held a value, nil when there are none or several.
func (g *Graph) holderOf(value int32) *Credential {
	if g.nodes[value].Kind != inventory.Value {
		return nil
	}
	var found []int32
	for _, i := range g.in.of(value) {
		if c, ok := g.credentialOf[g.edges[i].from]; ok && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	if len(found) != 1 {
		return nil
	}
	return &g.credentials[found[0]]
}

// named lists the credentials that carry a name: their own, or that of one of their slots or bindings.
func (g *Graph) named(name string, equal func(a, b string) bool) []int {
	var out []int
	for i := range g.credentials {
		c := &g.credentials[i]
		if equal(c.Name, name) || slices.ContainsFunc(c.nodes, func(n int32) bool { return g.slotNamed(n, name, equal) }) {
			out = append(out, i)
		}
	}
	return out
}

func (g *Graph) slotNamed(n int32, name string, equal func(a, b string) bool) bool {
	node := &g.nodes[n]
	if equal(node.Name, name) || equal(lastSegment(node.Attr(inventory.AttrKeyName)), name) {
		return true
	}
	return slices.ContainsFunc(node.All(inventory.AttrAlias), func(a inventory.Attr) bool { return equal(a.Value, name) })
}

// near lists up to five names that contain the query or are contained in it.
func (g *Graph) near(query string) []string {
	var out []string
	q := strings.ToLower(query)
	for i := range g.credentials {
		name := strings.ToLower(g.credentials[i].Name)
		if name != "" && (strings.Contains(name, q) || strings.Contains(q, name)) {
			out = append(out, g.credentials[i].Name)
		}
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return out[:min(5, len(out))]
}
