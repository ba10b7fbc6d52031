package artifact

import (
	"github.com/rotamap/rotamap/graph/inventory"
)

// Facts gathers what one format finds in one artifact. Its methods add nodes and edges with their evidence and
// return ids, so that a format reads as a list of what it saw.
type Facts struct {
	Artifact *Artifact
	Platform string // id of the format's row
	Set      *inventory.Set
	Literals []Literal
	Skips    []inventory.Skipped
	Spans    []Span
	Refs     int // references counted, for the coverage

	last     Place // where the last fact stands
	evidence []inventory.Evidence
	trail    []inventory.Evidence // places on the way to what is read now
}

// Literal is a value that stands where a credential may stand. Whether it is a secret, a placeholder or plain
// configuration is judged later, in scanner/secret; a format reports the place and the name.
type Literal struct {
	Slot     string // id of the slot that holds it
	Name     string // the name that the value has in its file: judged with it
	Secret   Secret
	Place    Place
	Encoding string // the carrier it was wrapped in: base64, json ...; "" for raw
	Sure     bool   // the format knows it to be a credential, whatever its name (a Secret's data, a password field)
	Joins    bool   // it joins by its fingerprint even where it is not held to be a secret (the path of a webhook)
}

// Span says which lines of the artifact a node covers, so that a literal found there belongs to it.
type Span struct {
	Node        string
	First, Last int
}

// NewFacts returns an empty collection for one artifact and format. Its Set lives as long as the memory that the artifact
// was lent.
func NewFacts(a *Artifact, platform string) *Facts {
	f := &Facts{Artifact: a, Platform: platform}
	if a.lent != nil {
		f.Set = a.lent.set()
	} else {
		f.Set = inventory.NewSet()
	}
	return f
}

// at returns the evidence of a place. Facts of one place share it: a step has a node, attributes and an edge there.
func (f *Facts) at(p Place) []inventory.Evidence {
	if f.evidence == nil || p != f.last {
		f.last, f.evidence = p, []inventory.Evidence{f.Artifact.Evidence(p)}
	}
	return f.evidence
}

// Node adds a node.
func (f *Facts) Node(kind inventory.NodeKind, id, name string, at Place) string {
	f.Set.AddNode(inventory.Node{ID: id, Kind: kind, Name: name, Evidence: f.at(at)})
	return id
}

// Automation adds an automation. The key tells several in one file apart; "" means that the file is one.
func (f *Facts) Automation(key, name string, at Place) string {
	id := inventory.FileID(f.Platform, f.Artifact.Source, f.Artifact.Path)
	if key != "" {
		id += "#" + key
	}
	return f.AutomationID(id, name, at)
}

// AutomationID adds an automation under an id of the platform's own (an n8n workflow id).
func (f *Facts) AutomationID(id, name string, at Place) string {
	f.Node(inventory.Automation, id, name, at)
	f.is(id, inventory.AttrPlatform, f.Platform)
	return id
}

// Part adds a part of an automation or of another part. The role is job, step, container, node ...
func (f *Facts) Part(whole, key, name, role string, at Place) string {
	id := inventory.PartID(whole, key)
	f.Node(inventory.Part, id, name, at)
	f.is(id, inventory.AttrPlatform, f.Platform)
	f.is(id, inventory.AttrRole, role)
	f.Edge(inventory.PartOf, id, whole, "part-of", inventory.Certain, at)
	return id
}

// Binding adds the name under which a consumer sees something. As is env, file or argument.
func (f *Facts) Binding(consumer, name, as string, at Place) string {
	id := inventory.BindingID(consumer, name)
	f.Node(inventory.Binding, id, name, at)
	f.Attr(id, inventory.AttrAs, as, "", at)
	return id
}

// Slot adds a slot that is referred to or defined at the place, and counts a reference.
func (f *Facts) Slot(r inventory.SlotRef, at Place) string {
	name := r.Name
	if r.Key != "" {
		name += "#" + r.Key
	}
	id := f.Node(inventory.Slot, r.ID(), name, at)
	if r.Key != "" { // in the order of their keys: they need not be sorted
		f.is(id, inventory.AttrKeyName, r.Key)
	}
	if r.Scope != "" {
		f.is(id, inventory.AttrScope, r.Scope)
	}
	f.is(id, inventory.AttrStore, r.Store)
	f.Refs++
	return id
}

// Defined says that the slot is defined here, by its store's own file.
func (f *Facts) Defined(slot, how string, at Place) {
	f.Attr(slot, inventory.AttrDefined, how, "", at)
}

// Inline adds a slot for a literal that stands in this very file. The name is unique in the file and does not
// depend on line numbers: a pointer, or a variable's name. It is dropped again when the literal turns out to be
// no secret.
func (f *Facts) Inline(name string, at Place) string {
	id := f.Slot(inventory.SlotRef{Store: "inline", Scope: f.Artifact.Source, Name: f.Artifact.Path, Key: name}, at)
	f.Refs--
	f.Defined(id, inventory.DefinedInScan, at)
	return id
}

// Literal adds the value of a slot, to be judged.
func (f *Facts) Literal(slot, name, value string, at Place) {
	f.AddLiteral(Literal{Slot: slot, Name: name, Secret: Seal(value), Place: at})
}

// AddLiteral adds a value with all that is known of it. An empty value is left out.
func (f *Facts) AddLiteral(l Literal) {
	if Reveal(l.Secret) != "" {
		f.Literals = append(f.Literals, l)
	}
}

// Edge adds an edge from a dependent to what it needs.
func (f *Facts) Edge(kind inventory.EdgeKind, from, to, rule string, sure inventory.Confidence, at Place) {
	f.Set.AddEdge(inventory.Edge{
		From: from, To: to, Kind: kind, Rule: rule, Confidence: sure,
		Evidence: f.way(at),
	})
}

// Within adds a place to the evidence of every edge that visit makes: where a command is called that stands elsewhere.
func (f *Facts) Within(at Place, visit func()) {
	f.trail = append(f.trail, f.Artifact.Evidence(at))
	visit()
	f.trail = f.trail[:len(f.trail)-1]
}

// way returns the evidence of a place and of those on the way to it.
func (f *Facts) way(at Place) []inventory.Evidence {
	if len(f.trail) == 0 {
		return f.at(at)
	}
	return inventory.MergeEvidence(f.at(at), f.trail)
}

// EdgeWith adds an edge that carries one attribute.
func (f *Facts) EdgeWith(kind inventory.EdgeKind, from, to, rule string, sure inventory.Confidence, at Place, key inventory.AttrKey, value string) {
	f.Set.AddEdge(inventory.Edge{
		From: from, To: to, Kind: kind, Rule: rule, Confidence: sure,
		Evidence: f.way(at),
		Attrs:    []inventory.Attr{{Key: key, Value: value}},
	})
}

// is adds an attribute that says what a node is, wherever it stands: its evidence is that of the node, and to say it once
// more for each place would make a third of a large map.
func (f *Facts) is(id string, key inventory.AttrKey, value string) {
	f.Set.AddAttr(id, inventory.Attr{Key: key, Value: value, Rule: f.Platform, Confidence: inventory.Certain})
}

// Attr adds an attribute that the file states outright.
func (f *Facts) Attr(id string, key inventory.AttrKey, value, detail string, at Place) {
	f.AttrSure(id, key, value, detail, inventory.Certain, at)
}

// AttrSure adds an attribute with its confidence. An attribute of a node that was not added is kept and joins
// the node when another file adds it.
func (f *Facts) AttrSure(id string, key inventory.AttrKey, value, detail string, sure inventory.Confidence, at Place) {
	f.Set.AddAttr(id, inventory.Attr{Key: key, Value: value, Detail: detail, Rule: f.Platform, Confidence: sure, Evidence: f.at(at)})
}

// Use says what a node does at a system. The kind is one of package inventory; without a statement nothing is said.
func (f *Facts) Use(id, kind, what string, at Place) {
	if what != "" {
		f.Attr(id, inventory.AttrUse, what, kind, at)
	}
}

// Grant says what a node, or who holds it, may do, likewise.
func (f *Facts) Grant(id, kind, what string, at Place) {
	if what != "" {
		f.Attr(id, inventory.AttrGrant, what, kind, at)
	}
}

// Owner says who answers for a node.
func (f *Facts) Owner(id, owner, rule string, sure inventory.Confidence, at Place) {
	f.Node(inventory.Owner, inventory.OwnerID(owner), owner, at)
	f.Edge(inventory.OwnedBy, id, inventory.OwnerID(owner), rule, sure, at)
}

// Service says which system a node talks to; id is the provider's row, or a host.
func (f *Facts) Service(node, id, rule string, sure inventory.Confidence, at Place) {
	f.Node(inventory.Service, inventory.ServiceID(id), id, at)
	f.Edge(inventory.TalksTo, node, inventory.ServiceID(id), rule, sure, at)
}

// Runs says that a part runs a file of this source, by its path from the source's root.
func (f *Facts) Runs(part, path, rule string, sure inventory.Confidence, at Place) {
	id := inventory.FileID("code", f.Artifact.Source, path)
	f.Edge(inventory.Runs, part, id, rule, sure, at)
}

// Sources is Runs for a file that is taken in: what it sets, the part has.
func (f *Facts) Sources(part, path, rule string, sure inventory.Confidence, at Place) {
	f.EdgeWith(inventory.Runs, part, inventory.FileID("code", f.Artifact.Source, path), rule, sure, at, inventory.AttrAs, "source")
}

// Cover says that the node covers the lines first to last.
func (f *Facts) Cover(node string, first, last int) {
	f.Spans = append(f.Spans, Span{node, first, last})
}

// Skip counts something that was left out.
func (f *Facts) Skip(reason string) {
	f.Skips = append(f.Skips, inventory.Skipped{Path: f.Artifact.Path, Reason: reason, Count: 1})
}
