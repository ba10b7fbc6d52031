package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// variables reads an env map. The owner (workflow, job, step or container) is handed every name in it; values
// see the levels outside.
func (s *scope) variables(owner string, n *tree.Node, p tree.Path) variables {
	out := newVariables()
	in := *s
	in.part = owner
	if !n.IsMap() {
		in.reads(n, p, "gha-env")
		return out
	}
	s.entries(n, p, func(pair tree.Pair, p tree.Path) {
		at := artifact.AtPair(pair, p)
		b := s.Binding(owner, pair.Key, "env", at)
		s.Edge(inventory.Reads, owner, b, "gha-env", inventory.Certain, at)
		out.add(pair.Key, b)
		if pair.Value == nil || pair.Value.Kind != tree.Scalar {
			in.reads(pair.Value, p, "gha-env")
			return
		}
		out.texts[strings.ToUpper(pair.Key)] = pair.Value.Str()
		s.bind(b, pair.Value, p, "gha-env")
		s.constant(b, pair.Key, pair.Value, p, false)
	})
	return out
}

// argument reads an input of a step, or another named value handed to a part. It returns the binding, "" when
// the value is nothing that could matter.
func (s *scope) argument(name string, pair tree.Pair, p tree.Path, sure bool) string {
	found := s.needs(pair.Value, p)
	if len(found) == 0 && !sure && !credentialName(pair.Key) && len(storeSlots(pair.Value.Str())) == 0 {
		return ""
	}
	at := artifact.AtPair(pair, p)
	b := s.Binding(s.part, name, "argument", at)
	s.Edge(inventory.Reads, s.part, b, "gha-with", inventory.Certain, at)
	for _, x := range found {
		s.Edge(inventory.BoundFrom, b, x.id, "gha-with", x.sure, x.at)
	}
	s.constant(b, pair.Key, pair.Value, p, sure)
	return b
}

// constant reads a value without expressions: references to secret stores, or a literal to be judged.
func (s *scope) constant(binding, name string, n *tree.Node, p tree.Path, sure bool) {
	value := n.Str()
	at := artifact.At(n, p)
	if found := storeSlots(value); len(found) > 0 {
		for _, r := range found {
			s.Edge(inventory.BoundFrom, binding, s.entry(r, at), "gha-store-reference", inventory.Certain, at)
		}
		return
	}
	if value == "" || strings.Contains(value, "${{") {
		return
	}
	if sure || credentialName(name) || n.IsString() && len(value) >= minLiteral {
		slot := s.Inline(string(p), at)
		s.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(value), Place: at, Sure: sure})
		s.Edge(inventory.BoundFrom, binding, slot, "gha-literal", inventory.Certain, at)
	}
}

// minLiteral is the length from which a string may be a credential though its name does not speak of one.
const minLiteral = 16

var credentialWord = lazy.New(`(?i)token|secret|passw|passphrase|pwd|credential|creds|auth|webhook|dsn|` +
	`api[-_]?key|(access|private|signing|encryption|master|deploy|ssh|gpg)[-_]?key|key[-_]?base|\bpat\b|connection[-_]?string`)

// credentialName reports whether a name speaks of a credential.
func credentialName(name string) bool { return credentialWord.MatchString(name) }

// onePassword is how a reference to 1Password begins.
const onePassword = "op://"

// storeSlots lists the entries of secret stores that a value refers to. In a reference to 1Password computed
// parts become "*".
func storeSlots(value string) []inventory.SlotRef {
	if path, ok := strings.CutPrefix(value, onePassword); ok {
		path, _, _ = strings.Cut(mask(path, "*"), "?")
		return []inventory.SlotRef{detect.OnePasswordSlot(path)}
	}
	var out []inventory.SlotRef
	for _, r := range detect.StoreReferences(value) {
		out = append(out, r.Slot)
	}
	return out
}

// entry adds the entry of a store; one whose name is not known in full is a pattern.
func (f *file) entry(r inventory.SlotRef, at artifact.Place) string {
	if !strings.Contains(r.Name+r.Key, "*") {
		return f.Slot(r, at)
	}
	return container.Glob(f.Facts, r, at)
}

// mask replaces every expression of a text.
func mask(text, by string) string {
	var b strings.Builder
	pos := 0
	for _, e := range expressions(text) {
		b.WriteString(text[pos:e.start])
		b.WriteString(by)
		pos = e.end
	}
	b.WriteString(text[pos:])
	return b.String()
}
