// Package homeassistant reads the configuration of Home Assistant: automations, and values that come from its
// secrets file by name (!secret).
package homeassistant

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Platform is the id of the row, and the store of the secrets file.
const Platform = "home-assistant"

// Format is the row of configuration files that hold automations or name secrets.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Home Assistant configuration", Doc: "https://www.home-assistant.io/docs/configuration/secrets/",
		Match: func(a *artifact.Artifact) bool {
			if !a.MayBeYAML() {
				return false
			}
			if a.Has("!secret ") && export.Holds(a, namesSecret) || isDevice(a) {
				return true
			}
			return a.HasKey("trigger", "triggers") && a.HasKey("action", "actions") && export.Holds(a, isAutomation, "automation")
		},
		Parse: parse,
	}
}

// isSample reports whether a file only shows the names of the secrets file: secrets.yaml.sample, secrets.example.yaml.
func isSample(base string) bool {
	if !strings.Contains(base, "secrets") || !strings.Contains(base, ".y") {
		return false
	}
	for _, word := range []string{"sample", "example", "template", "dist", "fake", "dummy"} {
		if strings.Contains(base, word) {
			return true
		}
	}
	return false
}

// Secrets is the row of the secrets file. Home Assistant knows it by its name; so does this row.
func Secrets() artifact.Format {
	return artifact.Format{
		ID: "home-assistant-secrets", Title: "Home Assistant secrets", Doc: "https://www.home-assistant.io/docs/configuration/secrets/",
		Match: func(a *artifact.Artifact) bool {
			return (a.Base() == "secrets.yaml" || isSample(a.Base())) && !a.LooksLikeJSON() && export.Holds(a, isFlat)
		},
		Parse: parseSecrets,
	}
}

// isDevice recognises the configuration of an ESPHome device that takes in files which several devices share.
func isDevice(a *artifact.Artifact) bool {
	return a.Has("!include ") && a.HasKey("esphome", "packages") && export.Holds(a, func(n *tree.Node) bool {
		return n.Get("esphome") != nil || n.Get("packages") != nil && n.Get("substitutions") != nil
	})
}

func namesSecret(n *tree.Node) bool {
	found := false
	n.Walk("", func(_ tree.Path, c *tree.Node) bool {
		found = found || c.Tag == "!secret"
		return !found
	})
	return found
}

// isAutomation recognises an automation: what triggers it and what it does.
func isAutomation(n *tree.Node) bool {
	return (n.Get("trigger") != nil || n.Get("triggers") != nil) && (n.Get("action") != nil || n.Get("actions") != nil) &&
		(n.Get("alias") != nil || n.Get("id") != nil)
}

func isFlat(n *tree.Node) bool {
	for _, p := range n.Entries() {
		if p.Value == nil || p.Value.Kind != tree.Scalar || p.Key == "apiVersion" || p.Key == "sops" {
			return false
		}
	}
	return len(n.Entries()) > 0
}

func slot(f *artifact.Facts, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: name}
}

// parse reads automations, and the secrets that they and the rest of the file name.
func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isAutomation, "automation")
	inside := map[*tree.Node]bool{}
	for i, o := range objects {
		auto := readAutomation(f, o, i, len(objects) > 1)
		inside[o.Node] = true
		secrets(f, auto, o.Node, o.Path, nil)
		f.Cover(auto, o.Node.Line, export.LastLine(o.Node))
	}
	for _, d := range a.Documents() {
		if d.Err != nil || !namesSecretOutside(d.Root, inside) && !isDevice(a) {
			continue
		}
		whole := f.Automation(configuration, title(a, d.Root), artifact.At(d.Root, ""))
		needs := "restart"
		if d.Root.Get("esphome") != nil { // its values are built into the firmware
			needs = "redeploy"
		}
		f.Attr(whole, inventory.AttrNeeds, needs, "", artifact.At(d.Root, ""))
		secrets(f, whole, d.Root, "", inside)
		includes(f, whole, d.Root)
	}
	return err
}

// configuration is the key of what a file configures beside its automations.
const configuration = "configuration"

// title is what people call what a file configures: the device, or the part of the configuration that the file holds.
func title(a *artifact.Artifact, root *tree.Node) string {
	name := root.Get("esphome", "name").Str()
	if name == "" || strings.Contains(name, "$") {
		name = root.Get("substitutions", "name").Str()
	}
	base := strings.TrimSuffix(a.Base(), path.Ext(a.Base()))
	switch {
	case name != "":
		return export.Label(name)
	case base == configuration:
		return "Home Assistant"
	}
	return "Home Assistant: " + base
}

// includes says which other files a file takes in: what they need, it needs. A path is seen from the file.
func includes(f *artifact.Facts, whole string, root *tree.Node) {
	root.Walk("", func(p tree.Path, n *tree.Node) bool {
		if n.Tag != "!include" {
			return true
		}
		file := n.Str()
		if n.IsMap() {
			file = n.Get("file").Str()
		}
		file = path.Join(f.Artifact.Dir(), file)
		if strings.HasSuffix(file, ".yaml") && !strings.HasPrefix(file, "../") {
			f.Edge(inventory.Runs, whole, inventory.FileID(Platform, f.Artifact.Source, file)+"#"+configuration, "home-assistant-include", inventory.Certain, artifact.At(n, p))
		}
		return true
	})
}

func namesSecretOutside(n *tree.Node, inside map[*tree.Node]bool) bool {
	found := false
	n.Walk("", func(_ tree.Path, c *tree.Node) bool {
		if inside[c] {
			return false
		}
		found = found || c.Tag == "!secret"
		return true
	})
	return found
}

func readAutomation(f *artifact.Facts, o export.Object, i int, several bool) string {
	at := artifact.At(o.Node, o.Path)
	id := o.Node.Get("id").Str()
	name := o.Node.Get("alias").Str()
	if id == "" && several {
		id = string(o.Path)
	}
	auto := f.Automation(id, export.Label(name), at)
	f.Attr(auto, inventory.AttrNeeds, "restart", "", at)
	if off := o.Node.Get("initial_state"); off.Str() == "false" || off.Str() == "off" {
		f.Attr(auto, inventory.AttrActive, "false", "", artifact.At(off, o.Path.Key("initial_state")))
	}
	for _, key := range []string{"trigger", "triggers"} {
		for j, t := range o.Node.Get(key).List() {
			kind := t.Get("platform").Str()
			if kind == "" {
				kind = t.Get("trigger").Str()
			}
			place := artifact.At(t, o.Path.Key(key).Index(j))
			if text := schedule(kind, t); text != "" {
				f.Attr(auto, inventory.AttrSchedule, text, "", place)
			} else if kind != "" {
				f.Attr(auto, inventory.AttrTrigger, kind, "", place)
			}
			if id := t.Get("webhook_id"); kind == "webhook" && id.Str() != "" && !strings.HasPrefix(id.Tag, "!secret") {
				export.Holder{Facts: f, Node: auto}.Serves(auto, "/api/webhook/", id.Str(), artifact.At(id, o.Path.Key(key).Index(j).Key("webhook_id")))
			}
		}
	}
	return auto
}

// schedule writes a time and a time pattern as cron.
func schedule(kind string, t *tree.Node) string {
	switch kind {
	case "time":
		hour, rest, ok := strings.Cut(t.Get("at").Str(), ":")
		minute, _, _ := strings.Cut(rest, ":")
		if h, m := strings.TrimLeft(hour, "0"), strings.TrimLeft(minute, "0"); ok && digits(hour) && digits(minute) {
			return zero(m) + " " + zero(h) + " * * *"
		}
	case "time_pattern":
		minutes, hours := t.Get("minutes").Str(), t.Get("hours").Str()
		if minutes != "" || hours != "" {
			if hours == "" {
				hours = "*"
			}
			return pattern(zero(minutes)) + " " + pattern(hours) + " * * *"
		}
	}
	return ""
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func zero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func pattern(s string) string {
	if strings.HasPrefix(s, "/") {
		return "*" + s
	}
	return s
}

// secrets reads the names below n, without those inside other automations.
func secrets(f *artifact.Facts, node string, n *tree.Node, p tree.Path, without map[*tree.Node]bool) {
	n.Walk(p, func(at tree.Path, c *tree.Node) bool {
		if without[c] {
			return false
		}
		if c.Tag == "!secret" && c.Value != "" {
			place := artifact.At(c, at)
			f.Edge(inventory.Reads, node, f.Slot(slot(f, c.Value), place), "home-assistant-secret", inventory.Certain, place)
		}
		return true
	})
	export.Holder{Facts: f, Node: node}.Secrets(n, p)
}

func parseSecrets(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isFlat)
	for _, o := range objects {
		for _, p := range o.Node.Entries() {
			at := artifact.AtPair(p, o.Path.Key(p.Key))
			id := f.Slot(slot(f, p.Key), at)
			if isSample(a.Base()) {
				f.Defined(id, inventory.DefinedDocumented, at)
				continue
			}
			f.Defined(id, inventory.DefinedInScan, at)
			f.AddLiteral(artifact.Literal{Slot: id, Name: p.Key, Secret: artifact.Seal(p.Value.Str()), Place: artifact.At(p.Value, o.Path.Key(p.Key)), Sure: export.SecretField(p.Key)})
		}
	}
	return err
}
