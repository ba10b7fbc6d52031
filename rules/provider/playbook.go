package provider

import (
	_ "embed"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// Playbook is one row of playbooks.toml: how a provider's credential is rotated. Every statement is from its
// sources. A field that begins with "none" says that there is nothing of the kind, one that begins with "unknown:" says
// why it is not known; see Usable.
type Playbook struct {
	ID         string   `toml:"id" json:"id"`
	Name       string   `toml:"name" json:"name"`
	Services   []string `toml:"services" json:"services"` // ids of services.toml; none for a row that goes by name alone
	Names      []string `toml:"names" json:"-"`           // globs over the plain name of a slot, in capitals with "_"
	Class      string   `toml:"class" json:"class"`       // A to E, see Class; "" unknown
	Live       string   `toml:"live" json:"live"`         // how many may be valid at a time
	Mint       string   `toml:"mint" json:"mint"`
	Disable    string   `toml:"disable" json:"disable"` // reversible
	Restore    string   `toml:"restore" json:"restore"` // how to take the old one back into use
	Delete     string   `toml:"delete" json:"delete"`
	Verify     string   `toml:"verify" json:"verify"` // read-only command, with the value in $NEW_VALUE
	Expiry     string   `toml:"expiry" json:"expiry"`
	Limits     string   `toml:"limits" json:"limits"`
	TwoEnded   string   `toml:"two_ended" json:"two_ended"` // who signs and who verifies, "" when one side keeps it
	Notes      string   `toml:"notes" json:"notes"`
	Sources    []string `toml:"sources" json:"sources"`
	Confidence string   `toml:"confidence" json:"confidence"` // high: read in the provider's own text; medium: in another's; low: partly
}

// Class is a way in which credentials are rotated.
type Class struct {
	ID      string
	Title   string
	Meaning string
}

// Classes returns the ways of rotation, A to E.
func Classes() []Class {
	return []Class{
		{"A", "many in parallel", "Mint a second one, move the dependents one by one, then disable and delete the old one."},
		{"B", "exactly two", "Only two can exist: make sure that the second place is free before anything else, then move over and free the first."},
		{"C", "roll with overlap", "The provider rolls the value and keeps the old one valid for a set time: every dependent must move within it."},
		{"D", "in place", "The old value dies the moment the new one is made: all dependents change together, in a quiet window."},
		{"E", "short-lived", "The value is renewed by a refresh token: what is rotated is the refresh token, which works once."},
	}
}

//go:embed playbooks.toml
var playbooksText string

// Playbooks returns the rows, in the order of their file.
func Playbooks() []Playbook { return loadPlaybooks() }

var loadPlaybooks = sync.OnceValue(func() []Playbook {
	var file struct {
		Playbook []Playbook `toml:"playbook"`
	}
	if _, err := toml.Decode(playbooksText, &file); err != nil {
		return nil // a test reads the table
	}
	for i := range file.Playbook {
		if file.Playbook[i].Services == nil {
			file.Playbook[i].Services = []string{} // a list, in JSON too
		}
	}
	return file.Playbook
})

// PlaybookFor returns the row for a credential by the service that accepts it and by its name. A row that fits
// both counts before one that fits the name alone (a webhook's secret is no API key, whoever signs with it), and
// that before one that fits the service alone. Without any the row "unknown" says what to find out.
func PlaybookFor(service, name string) Playbook {
	plainName := strings.NewReplacer("-", "_", ".", "_", "/", "_", "#", "_").Replace(strings.ToUpper(name))
	best, rank := Playbook{}, -1
	for _, p := range Playbooks() {
		if r := p.fits(service, plainName); r > rank {
			best, rank = p, r
		}
	}
	return best
}

// fits ranks a row: 3 service and name, 2 name, 1 service, 0 the row for everything else, -1 not at all.
func (p *Playbook) fits(service, name string) int {
	byName := slices.ContainsFunc(p.Names, func(glob string) bool {
		ok, err := path.Match(glob, name)
		return err == nil && ok
	})
	switch served := slices.Contains(p.Services, service); {
	case len(p.Services) > 0 && !served, len(p.Names) > 0 && !byName:
		return -1
	case served && byName:
		return 3
	case byName:
		return 2
	case served:
		return 1
	case p.ID == "unknown":
		return 0
	}
	return -1
}

// Usable returns the row with the fields empty that are unknown or that say that there is nothing: what is left can be
// done.
func (p Playbook) Usable() Playbook {
	for _, f := range p.Fields() {
		if f.Unknown() || f.None() {
			*f.text = ""
		}
	}
	return p
}

// Field is one statement of a row.
type Field struct {
	Name string // as people read it
	Text string
	text *string
}

// Fields lists the statements that every row makes, in the order in which people need them.
func (p *Playbook) Fields() []Field {
	var out []Field
	for _, f := range []struct {
		name string
		text *string
	}{{"live at a time", &p.Live}, {"make", &p.Mint}, {"disable", &p.Disable}, {"take back", &p.Restore}, {"delete", &p.Delete},
		{"try", &p.Verify}, {"ends", &p.Expiry}, {"limits", &p.Limits}} {
		out = append(out, Field{f.name, *f.text, f.text})
	}
	return out
}

// Unknown reports whether the sources do not say; Why then says so.
func (f *Field) Unknown() bool { return strings.HasPrefix(f.Text, "unknown") }

// None reports whether the sources say that there is nothing of the kind.
func (f *Field) None() bool { return f.Text == "none" || strings.HasPrefix(f.Text, "none:") }

// Why is the reason that a statement gives for being unknown.
func (f *Field) Why() string { return strings.TrimSpace(strings.TrimPrefix(f.Text, "unknown:")) }

// ClassOf returns the class of the row; false when it is unknown.
func (p *Playbook) ClassOf() (Class, bool) {
	all := Classes()
	i := slices.IndexFunc(all, func(c Class) bool { return c.ID == p.Class })
	if i < 0 {
		return Class{}, false
	}
	return all[i], true
}
