package dotenv

import (
	"regexp"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// substitution is a command whose output becomes the value: export X=$(op read op://...).
var substitution = regexp.MustCompile("^[\"']?(?:\\$\\(|`)")

// storeCommands are the commands of .envrc files that fetch a value by a literal name.
var storeCommands = []struct {
	id    string
	match *regexp.Regexp
	slot  func(m []string) inventory.SlotRef
}{
	{"op-read", regexp.MustCompile(`\bop\s+read\s+.*?op://([^"'\s)]+)`), func(m []string) inventory.SlotRef { return detect.OnePasswordSlot(m[1]) }},
	{"vault-kv-get", regexp.MustCompile(`\bvault\s+kv\s+get\s+(?:-\S+\s+)*-field[= ](\S+)\s+(?:-\S+\s+)*([\w./-]+)`), func(m []string) inventory.SlotRef { return detect.VaultSlot("", m[2], m[1]) }},
	{"aws-sm-cli", regexp.MustCompile(`\baws\s+secretsmanager\s+get-secret-value\s+.*?--secret-id[= ]["']?([\w/+=.@-]+)`), func(m []string) inventory.SlotRef {
		return inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: m[1]}
	}},
	{"pass-show", regexp.MustCompile(`\bpass\s+(?:show\s+)?([\w./-]+)`), func(m []string) inventory.SlotRef {
		return inventory.SlotRef{Store: "pass", Scope: "*", Name: m[1]}
	}},
}

// commands reads a value that a command prints, and reports whether it is one.
func (r *reader) commands(slot string, l line, at artifact.Place) bool {
	if !substitution.MatchString(l.value) {
		return false
	}
	for _, c := range storeCommands {
		if m := c.match.FindStringSubmatch(l.value); m != nil {
			from := r.facts.Slot(c.slot(m), at)
			r.facts.EdgeWith(inventory.CopiesFrom, slot, from, c.id, inventory.Certain, at, inventory.AttrWhole, "true")
			break
		}
	}
	return true
}
