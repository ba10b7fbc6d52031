package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
)

// waves groups the places of the credential in the order in which they change.
func (s *study) waves() []Wave {
	out := []Wave{}
	for _, units := range orderUnits(s.g, s.c, s.environmentOf) {
		if units = s.toSet(units); len(units) == 0 {
			continue
		}
		w := Wave{Number: len(out) + 1, Environment: units[0].environment, Why: whyHere(units), Places: []Place{}, Consumers: []Consumer{}}
		for _, u := range units {
			w.Places = append(w.Places, s.place(u.slot))
			for _, id := range u.consumers {
				if slices.ContainsFunc(s.apart, func(d graph.Dependent) bool { return d.ID == id }) {
					continue // what only another branch shows is asked for first
				}
				if c := s.consumer(id, u.slot); !slices.ContainsFunc(w.Consumers, func(o Consumer) bool { return o.ID == c.ID && o.Need == c.Need }) {
					w.Consumers = append(w.Consumers, c)
				}
			}
		}
		out = append(out, w)
	}
	return out
}

// toSet leaves out the places that only document a name, where the credential has others.
func (s *study) toSet(units []unit) []unit {
	sample := func(slot string) bool {
		n := s.g.Node(slot)
		return n != nil && isSample(n) && len(s.literalPlaces(slot)) == 0
	}
	if !slices.ContainsFunc(s.c.Slots, func(slot string) bool { return !sample(slot) }) {
		return units
	}
	return slices.DeleteFunc(slices.Clone(units), func(u unit) bool { return sample(u.slot) })
}

func whyHere(units []unit) string {
	u := units[0]
	why := []string{u.environment}
	if u.environment == "unknown" {
		why[0] = "environment not known"
	}
	if slices.ContainsFunc(units, func(v unit) bool { return len(v.after) > 0 }) {
		why = append(why, "after what it copies from, or what is started by it")
	}
	if hub(u) == 1 {
		why = append(why, "many consumers: last")
	}
	if len(units) > 1 && slices.ContainsFunc(units[1:], func(v unit) bool { return v.group == u.group }) {
		why = append(why, "bound together in a cycle")
	}
	return strings.Join(why, "; ")
}

// environmentOf returns the environment of a slot: the register's word for its path, else what the map says.
func (s *study) environmentOf(slot string) string {
	n := s.g.Node(slot)
	if n == nil {
		return "unknown"
	}
	for _, e := range n.Evidence {
		if name := s.r.EnvironmentOf(e.Source + "/" + e.Path); name != "" {
			return name
		}
	}
	for _, e := range s.c.Environments {
		if slices.ContainsFunc(e.Evidence, func(x inventory.Evidence) bool { return heldAt(n, x) }) {
			return e.Name
		}
	}
	switch {
	case s.e.Environment != "":
		return s.e.Environment
	case (len(s.c.Slots) == 1 || len(s.c.Environments) == 1) && len(s.c.Environments) > 0:
		return s.c.Environments[0].Name
	}
	return s.environmentOfReaders(slot)
}

// environmentOfReaders is the environment of all that read the credential through a slot, unknown when they differ or
// one does not say.
func (s *study) environmentOfReaders(slot string) string {
	if s.readers == nil {
		s.readers = consumersOf(s.g, s.c)
	}
	found := ""
	for _, id := range s.readers[slot] {
		i := slices.IndexFunc(s.autos, func(d graph.Dependent) bool { return d.ID == id })
		if i < 0 || inactive(s.autos[i]) {
			continue
		}
		e := s.autos[i].Environment
		if e == "" || e == "unknown" || found != "" && found != e {
			return "unknown"
		}
		found = e
	}
	return cmp.Or(found, "unknown")
}

func heldAt(n *inventory.Node, x inventory.Evidence) bool {
	return slices.ContainsFunc(n.Evidence, func(e inventory.Evidence) bool { return e.Compare(x) == 0 }) ||
		slices.ContainsFunc(n.Attrs, func(a inventory.Attr) bool {
			return a.Key == inventory.AttrEnvironment && slices.ContainsFunc(a.Evidence, func(e inventory.Evidence) bool { return e.Compare(x) == 0 })
		})
}

// place says what is done to a slot. A literal in a file is edited by hand.
func (s *study) place(slot string) Place {
	p := Place{Slot: slot, At: []inventory.Evidence{}}
	n := s.g.Node(slot)
	if n == nil {
		return p
	}
	p.At = s.literalPlaces(slot)
	if n.Attr(inventory.AttrStore) == "inline" || len(p.At) > 0 {
		p.ByHand = true
		p.Action = "edit " + s.places(p.At) + " and roll it out; better: move the value into a secret store and refer to it"
		if d := s.keptInEditor(slot); d != nil {
			p.Action = fmt.Sprintf("change it in the editor of %s, in %s (%s is an export of it); better: keep it as a credential of %s", d.Platform, s.label(*d), s.places(p.At), d.Platform)
		}
		return p
	}
	p.Action = storeAction(n)
	switch from := s.filledFrom(slot); {
	case isSample(n):
		p.Action = "nothing to set: " + strings.TrimPrefix(n.ID, "dotenv:") + " only documents the name"
	case from != "":
		p.Action = n.Name + " is filled from " + s.shortSlot(from) + ": wait until it is synchronised, or force it, and look that it is"
	}
	return p
}

// isSample reports whether a slot stands in a file that documents names, such as .env.example.
func isSample(n *inventory.Node) bool {
	file, _, _ := strings.Cut(n.ID, "#")
	return n.Attr(inventory.AttrStore) == "dotenv" && slices.ContainsFunc([]string{".example", ".sample", ".dist", ".template", ".tpl", ".defaults"},
		func(suffix string) bool { return strings.Contains(file[strings.LastIndexByte(file, '/')+1:], suffix) })
}

// shortSlot is a slot as people call it: its name and its store.
func (s *study) shortSlot(id string) string {
	n := s.g.Node(id)
	if n == nil || n.Name == "" {
		return id
	}
	return n.Name + " (" + n.Attr(inventory.AttrStore) + ")"
}

// literalPlaces lists where the slot's current value stands as text.
func (s *study) literalPlaces(slot string) []inventory.Evidence {
	out := []inventory.Evidence{}
	for _, e := range s.g.Out(slot) {
		if e.Kind == inventory.Holds && e.Attr(inventory.AttrHeld) != inventory.HeldPast {
			out = append(out, e.Evidence...)
		}
	}
	return append([]inventory.Evidence{}, inventory.MergeEvidence(out, nil)...)
}

func (s *study) places(all []inventory.Evidence) string { return places(all, s.several()) }

func places(all []inventory.Evidence, several bool) string {
	switch len(all) {
	case 0:
		return "its file"
	case 1:
		return where(all[0], several)
	}
	return fmt.Sprintf("%s and %d more", where(all[0], several), len(all)-1)
}

// editors are the platforms whose automations are changed in an editor, and scanned as exports.
var editors = []string{"n8n", "node-red", "make", "zapier", "power-automate", "logic-apps", "retool", "workato", "tines", "pipedream", "activepieces"}

// keptInEditor returns the automation in whose own export a literal stands; nil for a literal of any other file.
func (s *study) keptInEditor(slot string) *graph.Dependent {
	for i := range s.autos {
		d := &s.autos[i]
		if slices.Contains(editors, d.Platform) && slices.ContainsFunc(d.Path, func(hop graph.PathEdge) bool { return hop.To == slot }) {
			return d
		}
	}
	return nil
}

// filledFrom returns the slot of the credential from which another is filled, "" when none is known.
func (s *study) filledFrom(slot string) string {
	for _, e := range s.g.Out(slot) {
		if e.Kind == inventory.CopiesFrom && slices.Contains(s.c.Slots, e.To) {
			return e.To
		}
	}
	return ""
}

// consumer says what an automation must do before it sees the value of a slot.
func (s *study) consumer(id, slot string) Consumer {
	c := Consumer{ID: id, Name: id[strings.LastIndexByte(id, '/')+1:]}
	var d graph.Dependent
	if i := slices.IndexFunc(s.autos, func(d graph.Dependent) bool { return d.ID == id }); i >= 0 {
		d = s.autos[i]
		c.Name = s.label(d)
	}
	as := s.handedAs(id)
	if d.Platform == "kubernetes" && len(d.Schedules) > 0 {
		as = "job"
	}
	if need, ok := objectNeeds[objectKind(d)]; ok {
		c.Need = s.named(need, d)
		return c
	}
	if row, ok := provider.ReloadOf(d.Platform, as); ok {
		c.Need, c.Source = row.Need, row.Source
		if row.Command != "" {
			c.Need += ": " + s.named(row.Command, d)
		}
		return c
	}
	c.Need = cmp.Or(strings.Join(d.Needs, ", "), "not known: ask its owner how it takes up a changed value")
	return c
}

// objectNeeds are the needs of Kubernetes objects that run nothing themselves: what reads the value is made from them.
var objectNeeds = map[string]string{
	"helmrelease":   "a restart of what the release made: kubectl rollout restart deployment,statefulset,daemonset -l app.kubernetes.io/instance=NAME",
	"clusterissuer": "nothing: cert-manager reads the Secret when it orders next",
	"issuer":        "nothing: cert-manager reads the Secret when it orders next",
	"kustomization": "a restart of what it applies, where that reads the value when it starts",
	"application":   "a restart of what it applies, where that reads the value when it starts",
}

// objectKind is the kind of a dependent that is a Kubernetes object, in small letters; "" for any other.
func objectKind(d graph.Dependent) string {
	_, object, ok := strings.Cut(d.ID, "#")
	kind, _, named := strings.Cut(object, "/")
	if d.Platform != "kubernetes" || !ok || !named {
		return ""
	}
	return strings.ToLower(kind)
}

// named fills the kind and the name of a dependent into a command, where its id says them.
func (s *study) named(command string, d graph.Dependent) string {
	if d.Platform == "ansible" {
		return strings.Replace(command, "FILE", word(pathOf(d.ID)), 1)
	}
	_, object, ok := strings.Cut(d.ID, "#")
	if !ok {
		return command
	}
	parts := strings.Split(object, "/")
	name := parts[len(parts)-1]
	if d.Platform == "kubernetes" && len(parts) >= 2 {
		command = strings.Replace(command, "KIND/NAME", word(strings.ToLower(parts[0])+"/"+name), 1)
		command = strings.Replace(command, "instance=NAME", "instance="+word(name), 1)
		if len(parts) == 3 && strings.Contains(command, "kubectl ") && !strings.ContainsAny(parts[1], "*?") {
			command += " -n " + word(parts[1])
		}
	}
	if d.Platform == "compose" {
		command = strings.Replace(command, "SERVICE", word(name), 1)
	}
	if d.Platform == "cloud-foundry" || d.Platform == "supervisor" || d.Platform == "systemd" {
		command = strings.Replace(strings.Replace(command, "NAME", word(name), 1), "UNIT", word(name), 1)
	}
	return command
}

// handedAs says how an automation is handed the credential: the first binding on its path says env, file or
// argument.
func (s *study) handedAs(id string) string {
	i := slices.IndexFunc(s.autos, func(d graph.Dependent) bool { return d.ID == id })
	if i < 0 {
		return ""
	}
	for _, hop := range s.autos[i].Path {
		if n := s.g.Node(hop.To); n != nil && n.Kind == inventory.Binding {
			return n.Attr(inventory.AttrAs)
		}
	}
	return ""
}

// handEdits lists every place that somebody edits by hand, over all waves.
func (s *study) handEdits() []inventory.Evidence {
	var out []inventory.Evidence
	for _, slot := range s.c.Slots {
		out = append(out, s.literalPlaces(slot)...)
	}
	return append([]inventory.Evidence{}, inventory.MergeEvidence(out, nil)...)
}
