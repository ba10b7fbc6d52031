package register

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // windows have time zones, on machines without a zone database too

	"github.com/BurntSushi/toml"
)

// ParseError says what is wrong with a register, on which line, and what to type instead.
type ParseError struct {
	File string
	Line int // from 1; 0 when the whole file is meant
	What string
	Hint string // "" for none
}

func (e *ParseError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	if e.Hint == "" {
		return at + ": " + e.What
	}
	return at + ": " + e.What + "\n  " + e.Hint
}

// Parse reads the text of a register. The name stands in errors, which are of type *ParseError.
func Parse(name string, text []byte) (*Register, error) {
	r := &Register{File: name}
	meta, err := toml.Decode(string(text), r)
	if err != nil {
		return nil, decodeError(name, err)
	}
	lines := outline(string(text))
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, unknownKey(name, lines, unknown[0])
	}
	for i := range r.Credentials {
		r.Credentials[i].Line = headerLine(lines, "credential", i)
	}
	for i := range r.Accepts {
		r.Accepts[i].Line = headerLine(lines, "accept", i)
	}
	for i := range r.Stores {
		r.Stores[i].Line = headerLine(lines, "store", i)
	}
	if e := r.check(lines); e != nil {
		e.File = name
		return nil, e
	}
	return r, nil
}

func decodeError(name string, err error) error {
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		what := syntax.Message
		if what == "" {
			what = err.Error()
		}
		return &ParseError{File: name, Line: syntax.Position.Line, What: strings.TrimPrefix(what, "toml: ")}
	}
	return &ParseError{File: name, What: strings.TrimPrefix(err.Error(), "toml: ")}
}

// unknownKey says where a key stands that the register does not know, and which known one is nearest.
func unknownKey(file string, lines []line, key toml.Key) error {
	table, last := strings.Join(key[:len(key)-1], "."), key[len(key)-1]
	number := keyLine(lines, table, last)
	if number == 0 {
		number = keyLine(lines, key[0], last)
	}
	if number == 0 {
		number = headerLine(lines, key.String(), 0)
	}
	e := &ParseError{File: file, Line: number, What: fmt.Sprintf("unknown key %q", key.String())}
	known := keysOf(key[:len(key)-1])
	if near := nearest(last, known); near != "" {
		e.Hint = fmt.Sprintf("did you mean %q?", near)
	} else if len(known) > 0 {
		e.Hint = "known keys: " + strings.Join(known, ", ")
	}
	return e
}

// check holds the register to what its types cannot say. The lines serve to say where.
func (r *Register) check(lines []line) *ParseError {
	names := map[string]bool{}
	for i := range r.Credentials {
		c := &r.Credentials[i]
		fail := func(key, what, hint string) *ParseError {
			return &ParseError{Line: lineOfEntry(lines, i, key), What: what, Hint: hint}
		}
		switch {
		case c.Name == "":
			return fail("", "a [[credential]] has no name", `write name = "..."`)
		case names[c.Name]:
			return fail("name", fmt.Sprintf("the name %q stands twice", c.Name), "give each [[credential]] a name of its own")
		case len(c.Slots)+len(c.Values) == 0:
			return fail("name", fmt.Sprintf("%q has neither slots nor values", c.Name), `write slots = ["gh:owner/repo/NAME"]; rotamap list slots shows the ids`)
		}
		names[c.Name] = true
		if bare := slices.IndexFunc(c.Slots, isBare); bare >= 0 {
			return fail("slots", fmt.Sprintf("the slot %q has no scope", c.Slots[bare]),
				fmt.Sprintf("write its store and scope: \"gh:owner/repo/%s\", or \"**/%s\" for every scope", c.Slots[bare], c.Slots[bare]))
		}
		if e := checkTimes(c.Window, c.Blackout, func(what, hint string) *ParseError { return fail("window", what, hint) }); e != nil {
			return e
		}
	}
	return r.checkRest(lines)
}

// levelNames are the levels on which a store keeps names.
var levelNames = []string{"organisation", "repository", "environment"}

func (s Store) check() *ParseError {
	if store, scope, ok := strings.Cut(s.ID, ":"); !ok || store == "" || scope == "" {
		return &ParseError{Line: s.Line, What: "a [[store]] needs the id of a store with its scope", Hint: `write id = "gh-org:acme"`}
	}
	if !slices.Contains(levelNames, s.Level) {
		return &ParseError{Line: s.Line, What: fmt.Sprintf("the [[store]] %s has the level %q", s.ID, s.Level),
			Hint: `write level = "organisation", "repository" or "environment"`}
	}
	return nil
}

func (r *Register) checkRest(lines []line) *ParseError {
	for i, a := range r.Accepts {
		at := headerLine(lines, "accept", i)
		if a.Rule == "" || a.Reason == "" || a.Owner == "" || a.Until.IsZero() {
			return &ParseError{Line: at, What: "an [[accept]] needs rule, reason, owner and until",
				Hint: "an accepted finding says who lives with it, why, and to which day"}
		}
	}
	for _, st := range r.Stores {
		if e := st.check(); e != nil {
			return e
		}
	}
	e := checkTimes(r.Business, r.Blackouts, func(what, hint string) *ParseError {
		return &ParseError{Line: max(headerLine(lines, "business", 0), headerLine(lines, "blackout", 0)), What: what, Hint: hint}
	})
	if e != nil {
		return e
	}
	for i, env := range r.Environments {
		if env.Name == "" || env.Path == "" {
			return &ParseError{Line: headerLine(lines, "environment", i), What: "an [[environment]] needs path and name"}
		}
	}
	return nil
}

// checkTimes finds an unknown time zone and a blackout that ends before it starts.
func checkTimes(h Hours, out []Blackout, fail func(what, hint string) *ParseError) *ParseError {
	zones := []string{h.Timezone}
	for _, b := range out {
		if b.From.IsZero() || b.To.Before(b.From.Time) {
			return fail("a blackout needs from and to, in this order", "write {from = 2026-12-20, to = 2027-01-06}")
		}
		zones = append(zones, b.Timezone)
	}
	for _, z := range zones {
		if _, err := time.LoadLocation(z); err != nil || z == "Local" {
			return fail(fmt.Sprintf("%q is no time zone", z), `write one as in "Europe/Berlin"`)
		}
	}
	return nil
}

// isBare reports whether a slot pattern names no scope.
func isBare(pattern string) bool { return !strings.ContainsAny(pattern, ":/") }

// lineOfEntry returns the line of a key of the nth [[credential]], else that of its header.
func lineOfEntry(lines []line, nth int, key string) int {
	for i, l := range lines {
		if l.table == "credential" && l.nth == nth && l.key == key && key != "" {
			return i + 1
		}
	}
	return headerLine(lines, "credential", nth)
}
