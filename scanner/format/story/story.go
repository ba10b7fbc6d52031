// Package story reads what Huginn and Tines export: agents that hand events to each other, with the credentials that
// they name. Tines grew out of Huginn, and both write the same file.
//
// Shapes: Huginn's own default scenario and its exporter; Tines' help page on importing and exporting stories. Neither
// export holds a credential's value.
package story

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// The ids of the rows, and the stores of their credentials.
const (
	huginn = "huginn"
	tines  = "tines"
)

// Huginn is the row of scenarios.
func Huginn() artifact.Format {
	return row(huginn, "Huginn scenario", "https://github.com/huginn/huginn/wiki", func(n *tree.Node) bool { return isStory(n) && !isTines(n) })
}

// Tines is the row of stories.
func Tines() artifact.Format {
	return row(tines, "Tines story", "https://www.tines.com/docs/stories/importing-and-exporting/", func(n *tree.Node) bool { return isStory(n) && isTines(n) })
}

func row(id, title, doc string, is func(*tree.Node) bool) artifact.Format {
	return artifact.Format{
		ID: id, Title: title, Doc: doc,
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"agents"`) && a.Has(`"schema_version"`) &&
				export.Holds(a, is)
		},
		Parse: func(a *artifact.Artifact, f *artifact.Facts) error {
			objects, err := export.Unwrap(a, is)
			for _, o := range objects {
				read(f, id, o)
			}
			return err
		},
	}
}

// isStory recognises a version of the schema and a list of agents.
func isStory(n *tree.Node) bool {
	agents := n.Get("agents")
	if n.Get("schema_version") == nil || !agents.IsSeq() {
		return false
	}
	for _, a := range agents.Items {
		if !strings.HasPrefix(a.Get("type").Str(), "Agents::") {
			return false
		}
	}
	return len(agents.Items) > 0 || n.Get("guid").IsString()
}

// isTines recognises the keys that only Tines writes.
func isTines(n *tree.Node) bool {
	for _, key := range []string{"standard_lib_version", "action_runtime_version", "slug", "story_library_metadata", "diagram_notes"} {
		if n.Get(key) != nil {
			return true
		}
	}
	return false
}

// story is one export while it is read.
type story struct {
	f        *artifact.Facts
	platform string
	id       string
	used     map[string]bool
}

func read(f *artifact.Facts, platform string, o export.Object) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	s := &story{f: f, platform: platform, used: map[string]bool{}}
	key := n.Get("slug").Str()
	if key == "" {
		key = n.Get("guid").Str()
	}
	name := export.Label(n.Get("name").Str())
	if key == "" {
		s.id = f.Automation(string(o.Path), name, at)
	} else {
		s.id = f.AutomationID(inventory.FileID(platform, f.Artifact.Source, key), name, at)
	}
	f.Attr(s.id, inventory.AttrNeeds, "next run", "", at)
	export.Purpose(f, s.id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
	if off := n.Get("disabled"); off.Str() == "true" || off.Str() == "false" {
		f.Attr(s.id, inventory.AttrActive, map[string]string{"true": "false", "false": "true"}[off.Str()], "", artifact.At(off, o.Path.Key("disabled")))
	}
	var spans []artifact.Span
	for i, agent := range n.Get("agents").List() {
		part := s.agent(agent, o.Path.Key("agents").Index(i))
		spans = append(spans, artifact.Span{Node: part, First: agent.Line, Last: export.LastLine(agent)})
	}
	export.Cover(f, spans)
}

func (s *story) agent(n *tree.Node, p tree.Path) string {
	key, name := n.Get("guid").Str(), n.Get("name").Str()
	if key == "" || s.used[key] {
		key = string(p)
	}
	s.used[key] = true
	place := artifact.At(n, p)
	part := s.f.Part(s.id, key, export.Label(name), "agent", place)
	h := export.Holder{Facts: s.f, Node: part, Idle: n.Get("disabled").Str() == "true", Template: isTemplate}
	if h.Idle {
		s.f.Attr(part, inventory.AttrActive, "false", "", place)
	}
	kind := strings.TrimSuffix(strings.TrimPrefix(n.Get("type").Str(), "Agents::"), "Agent")
	if id, ok := provider.ServiceOfNode(s.platform, kind); ok {
		s.f.Service(part, id, s.platform+"-agent", inventory.Certain, artifact.At(n.Get("type"), p.Key("type")))
	}
	if !h.Idle {
		s.starts(kind, n, p)
	}
	s.options(h, kind, n.Get("options"), p.Key("options"))
	return part
}

// starts says what wakes the story: a clock, a call, or mail.
func (s *story) starts(kind string, n *tree.Node, p tree.Path) {
	list := n.Get("schedule")
	for i, entry := range list.List() {
		at := artifact.At(entry, p.Key("schedule").Index(i))
		if text := entry.Get("cron").Str(); text != "" {
			s.f.Attr(s.id, inventory.AttrSchedule, text, entry.Get("timezone").Str(), at)
		} else if text := huginnSchedule(entry.Str()); text != "" {
			s.f.Attr(s.id, inventory.AttrSchedule, text, "", at)
		}
	}
	switch kind {
	case "Webhook", "IMAPFolder", "Imap", "IMAP", "Form":
		s.f.Attr(s.id, inventory.AttrTrigger, strings.ToLower(kind), "", artifact.At(n, p))
	}
}

var everyWord = lazy.New(`^every_(\d+)([mhd])$`)

// huginnSchedule turns Huginn's words (every_2h, 5am, midnight) into a cron expression.
func huginnSchedule(word string) string {
	if m := everyWord.FindStringSubmatch(word); m != nil {
		unit := map[string]string{"m": "minutes", "h": "hours", "d": "days"}[m[2]]
		return export.Every(export.Whole(m[1], 0), unit)
	}
	hour := 0
	switch {
	case word == "midnight":
	case word == "noon":
		hour = 12
	case strings.HasSuffix(word, "am"):
		hour = export.Whole(strings.TrimSuffix(word, "am"), 0)
	case strings.HasSuffix(word, "pm"):
		hour = export.Whole(strings.TrimSuffix(word, "pm"), 0) + 12
	default:
		return ""
	}
	return export.At(hour, 0)
}

// isTemplate reports whether a text is filled in when the story runs.
func isTemplate(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "{%") || strings.Contains(s, "<<") || strings.HasPrefix(s, "=")
}

var (
	credential = lazy.New(`(?:\{%-?\s*credential\s+|\bCREDENTIAL\.)([A-Za-z0-9_{][\w{}-]{0,100})`)
	subStory   = lazy.New(`\bSTORY\.([A-Za-z0-9_-]{1,100})`)
)

func (s *story) options(h export.Holder, kind string, n *tree.Node, p tree.Path) {
	h.Mentions(n, p, credential, s.platform+"-credential", func(name string) (inventory.SlotRef, bool) {
		return inventory.SlotRef{Store: s.platform, Scope: s.f.Artifact.Source, Name: name}, !strings.Contains(name, "{")
	})
	if kind == "Webhook" {
		s.webhook(h, n, p)
	}
	for _, e := range n.Entries() {
		at := p.Key(e.Key)
		switch e.Key {
		case "headers":
			h.Pairs(e.Value, at)
		case "basic_auth":
			for i, v := range e.Value.List() {
				if i == 1 || len(e.Value.List()) == 1 {
					h.Sure("basic_auth", v.Str(), artifact.At(v, at))
				}
			}
		case "code":
			h.Code("javascript", e.Value, at, inventory.SlotRef{})
		case "secret", "path":
			if kind == "Webhook" {
				continue
			}
			h.Leaves(e.Key, e.Value, at)
		case "story":
			if m := subStory.FindStringSubmatch(e.Value.Str()); m != nil && !h.Idle {
				s.f.Edge(inventory.Runs, h.Node, inventory.FileID(s.platform, s.f.Artifact.Source, m[1]), "tines-story", inventory.High, artifact.At(e.Value, at))
			}
		default:
			h.Leaves(e.Key, e.Value, at)
		}
	}
}

// webhook reads the address under which an agent waits. Its path and secret let anyone in.
func (s *story) webhook(h export.Holder, n *tree.Node, p tree.Path) {
	path, secret := n.Get("path"), n.Get("secret")
	if text := strings.Trim(path.Str(), "/"); text != "" && s.platform == tines && !isTemplate(text) && secret.Str() != "" {
		h.Serves(s.id, "/webhook/", text+"/"+secret.Str(), artifact.At(secret, p.Key("secret")))
		return
	}
	if v := secret.Str(); v != "" && !isTemplate(v) {
		h.Sure("secret", v, artifact.At(secret, p.Key("secret")))
	}
}
