package githubactions

import (
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// variables reads an env map. The owner (workflow, job, step or container) is handed every name in it; values
// see the levels outside.
func (s *scope) variables(owner string, n *tree.Node, p tree.Path) variables {
	out := variables{}
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
		s.bind(b, pair.Value, p, "gha-env")
		s.constant(b, pair.Key, pair.Value, p, false)
	})
	return out
}

// argument reads an input of a step, or another named value handed to a part. It returns the binding, "" when
// the value is nothing that could matter.
func (s *scope) argument(name string, pair tree.Pair, p tree.Path, sure bool) string {
	found := s.needs(pair.Value, p)
	if len(found) == 0 && !sure && !credentialName(pair.Key) && !isOnePassword(pair.Value.Str()) {
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

// constant reads a value without expressions: a reference to 1Password, or a literal to be judged.
func (s *scope) constant(binding, name string, n *tree.Node, p tree.Path, sure bool) {
	value := n.Str()
	at := artifact.At(n, p)
	switch {
	case isOnePassword(value):
		if r, ok := onePassword(value); ok {
			s.Edge(inventory.BoundFrom, binding, s.Slot(r, at), "gha-op-reference", inventory.Certain, at)
		}
	case value == "" || strings.Contains(value, "${{"):
	case sure || credentialName(name) || n.IsString() && len(value) >= minLiteral:
		slot := s.Inline(string(p), at)
		s.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(value), Place: at, Sure: sure})
		s.Edge(inventory.BoundFrom, binding, slot, "gha-literal", inventory.Certain, at)
	}
}

// minLiteral is the length from which a string may be a credential though its name does not speak of one.
const minLiteral = 16

var credentialWord = regexp.MustCompile(`(?i)token|secret|passw|passphrase|pwd|credential|creds|auth|webhook|dsn|` +
	`api[-_]?key|(access|private|signing|encryption|master|deploy|ssh|gpg)[-_]?key|key[-_]?base|\bpat\b|connection[-_]?string`)

// credentialName reports whether a name speaks of a credential.
func credentialName(name string) bool { return credentialWord.MatchString(name) }

const onePasswordScheme = "op://"

func isOnePassword(value string) bool { return strings.HasPrefix(value, onePasswordScheme) }

// onePassword reads op://vault/item/[section/]field; computed parts become "*".
func onePassword(value string) (inventory.SlotRef, bool) {
	path, _, _ := strings.Cut(strings.TrimPrefix(mask(value, "*"), onePasswordScheme), "?")
	parts := strings.SplitN(path, "/", 3)
	if len(parts) < 3 {
		return inventory.SlotRef{}, false
	}
	return inventory.SlotRef{Store: "op", Scope: parts[0], Name: parts[1], Key: parts[2]}, true
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
