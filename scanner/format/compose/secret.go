package compose

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// secret returns the slot of a secret that the file declares.
func (c *file) secret(name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "compose-secret", Scope: c.a.Source + "/" + c.a.Path, Name: name}
}

// secrets reads the top-level secrets: where each comes from.
func (c *file) secrets() {
	for _, p := range c.root.Get("secrets").Entries() {
		at := artifact.AtPair(p, tree.Path("secrets").Key(p.Key))
		if p.Key == "" || !c.spend() {
			continue
		}
		slot := c.facts.Slot(c.secret(p.Key), at)
		c.facts.Refs--
		if name := p.Value.Get("name").Str(); name != "" {
			c.facts.Attr(slot, inventory.AttrAlias, name, "", at)
		}
		switch {
		case p.Value.Get("file") != nil:
			c.facts.Defined(slot, inventory.DefinedInScan, at)
			c.secretFile(slot, container.Fallback(p.Value.Get("file").Str()), at)
		case p.Value.Get("environment") != nil:
			c.facts.Defined(slot, inventory.DefinedInScan, at)
			c.secretVariable(slot, p.Value.Get("environment").Str(), at)
		default:
			c.facts.Defined(slot, inventory.DefinedOutside, at)
		}
	}
}

func (c *file) secretVariable(slot, name string, at artifact.Place) {
	if name != "" {
		c.facts.EdgeWith(inventory.CopiesFrom, slot, c.variable(name, at), "compose-secret", inventory.Certain, at, inventory.AttrWhole, "true")
	}
}

func (c *file) secretFile(slot, name string, at artifact.Place) {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "~") || strings.Contains(name, "$") {
		return
	}
	if name = path.Join(c.a.Dir(), name); strings.HasPrefix(name, "../") {
		return
	}
	id := c.facts.Node(inventory.File, inventory.FileID("file", c.a.Source, name), name, at)
	c.facts.Edge(inventory.GeneratedFrom, slot, id, "compose-secret", inventory.Certain, at)
}

// mountSecrets reads the secrets of a service, which its container sees as files.
func (s *service) mountSecrets() {
	for i, item := range s.node.Get("secrets").List() {
		source, target := item.Str(), ""
		if item.IsMap() {
			source, target = item.Get("source").Str(), item.Get("target").Str()
		}
		if target == "" {
			target = source
		}
		if source == "" || !s.spend() {
			continue
		}
		if !path.IsAbs(target) {
			target = "/run/secrets/" + target
		}
		at := artifact.At(item, s.at.Key("secrets").Index(i))
		b := container.File(s.facts, s.part, target, "compose-secret", at)
		s.mounted[target] = b
		s.facts.Edge(inventory.BoundFrom, b, s.facts.Slot(s.secret(source), at), "compose-secret", inventory.Certain, at)
	}
}
