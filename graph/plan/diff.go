package plan

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// Diff is what differs between two maps.
type Diff struct {
	Schema  string   `json:"schema"`
	Changes []Change `json:"changes"`
	Notes   []string `json:"notes"` // what cannot be compared, and why
}

// Change is one difference.
type Change struct {
	Kind   string `json:"kind"`   // credential, dependent, automation, environment, owner or source
	Change string `json:"change"` // added, gone or changed
	ID     string `json:"id"`
	Name   string `json:"name"`
	What   string `json:"what"` // for changed: value, owners, schedules, environments, active; for a dependent: the credential
	Before string `json:"before"`
	After  string `json:"after"`
}

// Compare lists what differs from an older graph to a newer one, sorted. Credentials are the same when they have
// the id or a slot in common. Values are compared only where one key made the fingerprints of both.
func Compare(before, after *graph.Graph) Diff {
	d := differ{before: before, after: after, out: Diff{Schema: "rotamap/diff/1", Changes: []Change{}, Notes: []string{}}}
	d.values = d.oneKey()
	d.sources()
	d.credentials()
	d.automations()
	d.environments()
	slices.SortFunc(d.out.Changes, func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.Change, b.Change), strings.Compare(a.ID, b.ID), strings.Compare(a.What, b.What))
	})
	return d.out
}

type differ struct {
	before, after *graph.Graph
	values        bool // fingerprints can be compared
	out           Diff
}

func (d *differ) add(kind, change, id, name, what, before, after string) {
	d.out.Changes = append(d.out.Changes, Change{kind, change, id, name, what, before, after})
}

// oneKey reports whether one key made the fingerprints of both maps.
func (d *differ) oneKey() bool {
	old, now := d.before.KeyIDs(), d.after.KeyIDs()
	if slices.Equal(old, now) {
		return true
	}
	d.out.Notes = append(d.out.Notes, "values are not compared: the maps were made with different keys; scan with the same --key-file")
	return false
}

func (d *differ) sources() {
	old, now := sourceIDs(d.before), sourceIDs(d.after)
	for _, s := range old {
		if !slices.Contains(now, s) {
			d.add("source", "gone", s, s, "", "", "")
			d.out.Notes = append(d.out.Notes, s+" was not scanned again: what it held counts as gone")
		}
	}
	for _, s := range now {
		if !slices.Contains(old, s) {
			d.add("source", "added", s, s, "", "", "")
		}
	}
}

func sourceIDs(g *graph.Graph) []string {
	var out []string
	for _, f := range g.Sources() {
		out = append(out, f.Source)
	}
	return out
}

func (d *differ) credentials() {
	oldUse, newUse := usage(d.before), usage(d.after)
	met := map[string]bool{}
	for i := range d.before.Credentials() {
		old := &d.before.Credentials()[i]
		now := counterpart(d.after, old)
		if now == nil {
			d.add("credential", "gone", old.ID, old.Name, "", "", "")
			continue
		}
		met[now.ID] = true
		d.credential(old, now)
		d.dependents(now, oldUse[old.ID], newUse[now.ID])
	}
	for i := range d.after.Credentials() {
		if now := &d.after.Credentials()[i]; !met[now.ID] {
			d.add("credential", "added", now.ID, now.Name, "", "", "")
		}
	}
}

// counterpart finds the credential of another map that has the id, or a slot, in common.
func counterpart(g *graph.Graph, c *graph.Credential) *graph.Credential {
	for _, id := range append([]string{c.ID}, c.Slots...) {
		if n := g.Node(id); n == nil {
			continue
		}
		if found, err := g.Find(id); err == nil {
			return found
		}
	}
	return nil
}

func (d *differ) credential(old, now *graph.Credential) {
	changed := func(what, before, after string) {
		if before != after {
			d.add("credential", "changed", now.ID, now.Name, what, before, after)
		}
	}
	if d.values {
		changed("value", currentValues(old), currentValues(now))
	}
	changed("owners", strings.Join(ownerNames(old.Owners), ", "), strings.Join(ownerNames(now.Owners), ", "))
	changed("environments", environmentNames(old), environmentNames(now))
	changed("places", strings.Join(old.Slots, ", "), strings.Join(now.Slots, ", "))
	changed("service", old.Service, now.Service)
}

func currentValues(c *graph.Credential) string {
	var out []string
	for _, v := range c.Values {
		if v.State == inventory.HeldCurrent {
			out = append(out, v.Fingerprint)
		}
	}
	return strings.Join(out, ", ")
}

func environmentNames(c *graph.Credential) string {
	var out []string
	for _, e := range c.Environments {
		out = append(out, e.Name)
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

// usage lists the automations that break with each credential: id and name.
func usage(g *graph.Graph) map[string][][2]string {
	out := map[string][][2]string{}
	for _, a := range g.Automations() {
		for _, c := range a.Credentials {
			out[c] = append(out[c], [2]string{a.ID, cmp.Or(a.Name, a.ID)})
		}
	}
	return out
}

func (d *differ) dependents(c *graph.Credential, old, now [][2]string) {
	for _, a := range old {
		if !slices.Contains(now, a) {
			d.add("dependent", "gone", a[0], a[1], c.ID, "", "")
		}
	}
	for _, a := range now {
		if !slices.Contains(old, a) {
			d.add("dependent", "added", a[0], a[1], c.ID, "", "")
		}
	}
}

func (d *differ) automations() {
	now := map[string]graph.Automation{}
	for _, a := range d.after.Automations() {
		now[a.ID] = a
	}
	old := map[string]bool{}
	for _, a := range d.before.Automations() {
		old[a.ID] = true
		if b, ok := now[a.ID]; ok {
			d.automation(a, b)
		} else {
			d.add("automation", "gone", a.ID, a.Name, "", "", "")
		}
	}
	for _, b := range d.after.Automations() {
		if !old[b.ID] {
			d.add("automation", "added", b.ID, b.Name, "", "", "")
		}
	}
}

// environments says which environments, and which owners, the newer map names and the older does not, and the other way.
func (d *differ) environments() {
	d.names("environment", environmentsIn(d.before), environmentsIn(d.after))
	d.names("owner", ownersIn(d.before), ownersIn(d.after))
}

func (d *differ) names(kind string, old, now []string) {
	for _, name := range old {
		if !slices.Contains(now, name) {
			d.add(kind, "gone", name, name, "", "", "")
		}
	}
	for _, name := range now {
		if !slices.Contains(old, name) {
			d.add(kind, "added", name, name, "", "", "")
		}
	}
}

func environmentsIn(g *graph.Graph) []string {
	var out []string
	for _, c := range g.Credentials() {
		for _, e := range c.Environments {
			out = append(out, e.Name)
		}
	}
	for _, a := range g.Automations() {
		if a.Environment != "unknown" {
			out = append(out, a.Environment)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func ownersIn(g *graph.Graph) []string {
	var out []string
	for _, n := range g.Nodes(inventory.Owner) {
		out = append(out, cmp.Or(n.Name, n.ID))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (d *differ) automation(old, now graph.Automation) {
	changed := func(what, before, after string) {
		if before != after {
			d.add("automation", "changed", now.ID, now.Name, what, before, after)
		}
	}
	changed("schedules", scheduleTexts(old.Schedules), scheduleTexts(now.Schedules))
	changed("owners", strings.Join(ownerNames(old.Owners), ", "), strings.Join(ownerNames(now.Owners), ", "))
	changed("environments", old.Environment, now.Environment)
	changed("active", activeText(old.Active), activeText(now.Active))
}

func scheduleTexts(all []graph.Schedule) string {
	var out []string
	for _, s := range all {
		out = append(out, strings.TrimSpace(s.Text+" "+s.Timezone))
	}
	return strings.Join(out, ", ")
}

func activeText(active *bool) string {
	if active == nil {
		return "unknown"
	}
	return fmt.Sprint(*active)
}

// WriteText draws the differences for people, one to a line: + added, - gone, ~ changed.
func (d *Diff) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, c := range d.Changes {
		fmt.Fprintln(out, clean(c.String()))
	}
	if len(d.Changes) == 0 {
		fmt.Fprintln(out, "nothing differs")
	}
	for _, n := range d.Notes {
		fmt.Fprintln(out, "note: "+clean(n))
	}
	return out.Flush()
}

// WriteMarkdown draws the differences as a table.
func (d *Diff) WriteMarkdown(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "| | kind | name | what | before | after |\n|---|---|---|---|---|---|\n")
	for _, c := range d.Changes {
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s |\n", c.Change, c.Kind, plain(c.Name), plain(c.What), plain(c.Before), plain(c.After))
	}
	for _, n := range d.Notes {
		fmt.Fprintf(out, "\n%s\n", plain(n))
	}
	return out.Flush()
}

// String writes a change as a line.
func (c Change) String() string {
	sign := map[string]string{"added": "+", "gone": "-", "changed": "~"}[c.Change]
	text := sign + " " + c.Kind + " " + cmp.Or(c.Name, c.ID)
	switch {
	case c.Kind == "dependent":
		return text + " of " + c.What
	case c.What != "":
		return fmt.Sprintf("%s: %s %q -> %q", text, c.What, c.Before, c.After)
	}
	return text
}
