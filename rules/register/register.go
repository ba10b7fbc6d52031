// Package register reads rotamap.toml: the team's own list of tracked credentials, with their owners, purposes,
// intervals and windows, and the findings that the team has accepted.
//
// Unknown keys are errors with their line. The file is edited as text (see outline.go), so that comments and
// order stay as people wrote them.
package register

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// FileName is the name of the register in the folder of a run.
const FileName = "rotamap.toml"

// Register is the content of one rotamap.toml.
type Register struct {
	Credentials  []Entry       `toml:"credential"`
	Teams        []Team        `toml:"team"`
	Aliases      []Alias       `toml:"alias"`
	Stores       []Store       `toml:"store"`
	Environments []Environment `toml:"environment"`
	Accepts      []Accept      `toml:"accept"`
	Blackouts    []Blackout    `toml:"blackout"` // for all credentials
	Business     Hours         `toml:"business"` // when nothing is rotated; the zero value means DefaultBusiness
	Limits       Limits        `toml:"limits"`
	Scan         Scan          `toml:"scan"`
	Fingerprint  Fingerprint   `toml:"fingerprint"`

	File string `toml:"-"` // path as given to Load, "" for the default
}

// Entry is one tracked credential.
type Entry struct {
	Name        string     `toml:"name"`         // unique in the file
	Slots       []string   `toml:"slots"`        // globs over slot ids, each with its store and scope
	Owner       string     `toml:"owner"`        // a team's name, or as CODEOWNERS writes it
	Purpose     string     `toml:"purpose"`      // what it is for
	Environment string     `toml:"environment"`  // production, staging ...
	Service     string     `toml:"service"`      // the system that accepts it
	Kind        string     `toml:"kind"`         // "password" of a person: never nagged about its age (NIST 800-63)
	Interval    Period     `toml:"interval"`     // how often it is rotated
	LastRotated Date       `toml:"last_rotated"` // when it was rotated last
	Expires     Date       `toml:"expires"`      // when it stops working by itself
	Approvers   []string   `toml:"approvers"`    // who must agree to a rotation
	Window      Hours      `toml:"window"`       // when it may be rotated
	Blackout    []Blackout `toml:"blackout"`     // when it may not
	Rollback    string     `toml:"rollback"`     // in plain words
	Verify      string     `toml:"verify"`       // how one sees that the new value works
	Contact     string     `toml:"contact"`      // whom to call when it goes wrong
	Notes       string     `toml:"notes"`
	Values      []Value    `toml:"values"` // history of fingerprints, newest last

	Line int `toml:"-"` // of its [[credential]] header
}

// Value is one value that the credential had: its fingerprint, never itself.
type Value struct {
	Fingerprint string `toml:"fp"`
	Since       Date   `toml:"since"`
	Until       Date   `toml:"until"` // zero while it is current
	Key         string `toml:"key"`   // id of the key that made the fingerprint
}

// Team is who owns credentials.
type Team struct {
	Name    string   `toml:"name"` // as in owner
	Contact string   `toml:"contact"`
	Members []string `toml:"members"`
}

// Alias gives an opaque id (of an n8n credential, a Zap) its name and owner.
type Alias struct {
	ID    string `toml:"id"`
	Name  string `toml:"name"`
	Owner string `toml:"owner"`
}

// Store says on which level names of a store live, where files cannot say it.
type Store struct {
	ID    string   `toml:"id"`    // store and scope: gh-org:acme
	Level string   `toml:"level"` // organisation, repository or environment
	Names []string `toml:"names"` // globs over the names kept there; none means all

	Line int `toml:"-"`
}

// Environment says to which environment the files under a path belong.
type Environment struct {
	Path string `toml:"path"` // glob over source/path
	Name string `toml:"name"`
}

// Accept is a finding that the team lives with until a date.
type Accept struct {
	Rule   string `toml:"rule"`  // id of the policy rule, glob
	Match  string `toml:"match"` // glob over the credential's id, its slots, or the finding's place
	Reason string `toml:"reason"`
	Owner  string `toml:"owner"`
	Until  Date   `toml:"until"` // the last day on which it holds

	Line int `toml:"-"`
}

// Limits are the numbers from which on policy speaks. Zero means the default; see the methods.
type Limits struct {
	Automations int    `toml:"automations"` // most automations behind one credential
	Temporary   Period `toml:"temporary"`   // how long something temporary may stay
	Expiring    Period `toml:"expiring"`    // how long before its end a credential counts as about to expire
}

// Scan chooses what a sweep looks at.
type Scan struct {
	Exclude      []string `toml:"exclude"`      // globs over paths
	History      *bool    `toml:"history"`      // nil means true
	Archives     *bool    `toml:"archives"`     // nil means true
	Dependencies *bool    `toml:"dependencies"` // nil means false: folders of vendored code are left out
}

// Fingerprint holds what Argon2id needs beside the passphrase. None of it is secret.
type Fingerprint struct {
	Salt    string `toml:"salt"`   // 32 hex digits
	Time    int    `toml:"time"`   // passes
	Memory  int    `toml:"memory"` // KiB
	Threads int    `toml:"threads"`
}

// Default returns the register of a run that has none: nothing is tracked.
func Default() *Register { return &Register{} }

// Load reads the register at a path. A missing file is an error that errors.Is(err, fs.ErrNotExist) knows.
func Load(path string) (*Register, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the register %q: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the register %q: %w", path, err)
	}
	return Parse(path, text)
}

// MaxAutomations is the number of automations behind one credential beyond which policy speaks.
func (l Limits) MaxAutomations() int { return orDefault(l.Automations, 10) }

// MaxTemporary is how long something temporary may stay.
func (l Limits) MaxTemporary() Period { return orDefault(l.Temporary, Period{Days: 90}) }

// Expiry is how long before its end a credential counts as about to expire.
func (l Limits) Expiry() Period { return orDefault(l.Expiring, Period{Days: 14}) }

func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}
