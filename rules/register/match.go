package register

import "slices"

// View is what the register needs to know of a credential.
type View struct {
	Slots        []string // ids
	Fingerprints []string // of its values that may join by equality
}

// Match returns the entry that tracks a credential, nil when there is none. Of several the one that stands
// first counts; Matches tells whether there are more.
func (r *Register) Match(v View) *Entry {
	if all := r.Matches(v); len(all) > 0 {
		return all[0]
	}
	return nil
}

// Matches returns every entry that tracks a credential: by a glob over one of its slots, or by the fingerprint
// of a value that it has or had.
func (r *Register) Matches(v View) []*Entry {
	var out []*Entry
	for i := range r.Credentials {
		if r.Credentials[i].matches(v) {
			out = append(out, &r.Credentials[i])
		}
	}
	return out
}

func (e *Entry) matches(v View) bool {
	return slices.ContainsFunc(v.Slots, e.HasSlot) ||
		slices.ContainsFunc(e.Values, func(x Value) bool { return slices.Contains(v.Fingerprints, x.Fingerprint) })
}

// HasSlot reports whether a glob of the entry names a slot.
func (e *Entry) HasSlot(id string) bool {
	return slices.ContainsFunc(e.Slots, func(pattern string) bool { return Glob(pattern, id) })
}

// Entry returns the entry with the name, nil when there is none.
func (r *Register) Entry(name string) *Entry {
	i := slices.IndexFunc(r.Credentials, func(e Entry) bool { return e.Name == name })
	if i < 0 {
		return nil
	}
	return &r.Credentials[i]
}

// Team returns the team with the name, nil when there is none.
func (r *Register) Team(name string) *Team {
	i := slices.IndexFunc(r.Teams, func(t Team) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &r.Teams[i]
}

// Alias returns what the team calls an opaque id, nil when it says nothing.
func (r *Register) Alias(id string) *Alias {
	i := slices.IndexFunc(r.Aliases, func(a Alias) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return &r.Aliases[i]
}

// EnvironmentOf returns the environment that the register gives to a path (source/path), "" for none. The last
// row that matches counts.
func (r *Register) EnvironmentOf(path string) string {
	for _, env := range slices.Backward(r.Environments) {
		if Glob(env.Path, path) {
			return env.Name
		}
	}
	return ""
}
