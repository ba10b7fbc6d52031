// Package plan turns a graph into rotation runbooks: what a credential powers, in which order its places change,
// when that is quiet, how long to wait, and how to go back.
//
// Everything is in the Plan struct; the writers (text, Markdown, checklist, alert rules, calendar) only draw it.
package plan

import (
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
)

// Plan is the runbook for one or several credentials.
type Plan struct {
	Schema    string         `json:"schema"`
	Made      time.Time      `json:"made"` // the moment from which windows are searched
	Rotations []Rotation     `json:"rotations"`
	Nights    []Night        `json:"nights"` // for several credentials: which ones together, when
	Coverage  graph.Coverage `json:"coverage"`
}

// Rotation is the runbook for one credential.
type Rotation struct {
	Credential   Subject              `json:"credential"`
	Powers       []Power              `json:"powers"`       // what stops when it changes
	Possible     []Power              `json:"possible"`     // what may stop
	Unseen       []Unseen             `json:"unseen"`       // what could not be seen, and what would settle it
	Requirements []Requirement        `json:"requirements"` // what the new token must be able to do
	Playbook     provider.Playbook    `json:"playbook"`
	TwoEnded     *TwoEnded            `json:"two_ended"` // null: only one side keeps it
	Rehearsal    Rehearsal            `json:"rehearsal"`
	Waves        []Wave               `json:"waves"`      // in which order the places change
	HandEdits    []inventory.Evidence `json:"hand_edits"` // places that somebody edits by hand
	Approvals    []string             `json:"approvals"`
	Contact      string               `json:"contact"`
	Window       Window               `json:"window"`
	Bounds       string               `json:"bounds"` // when a window may be, in words
	Zone         string               `json:"zone"`   // in which words say times: that of the team's hours
	Canary       *Canary              `json:"canary"` // null: nothing runs by itself after the window
	Soak         Soak                 `json:"soak"`
	Steps        []Step               `json:"steps"`
	Verify       []Verification       `json:"verify"`
	Emergency    []string             `json:"emergency"` // leaked: what to do at once, in this order
	Watch        []Watch              `json:"watch"`

	several bool // sources were scanned: places name theirs
}

// Subject is the credential that a runbook is about.
type Subject struct {
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Entry        string          `json:"entry"` // of the register, "" when it is not tracked
	Service      string          `json:"service"`
	Class        inventory.Class `json:"class"`
	Environments []string        `json:"environments"`
	Owners       []string        `json:"owners"`
	Purpose      string          `json:"purpose"`
	LastRotated  string          `json:"last_rotated"`
	Expires      string          `json:"expires"`
	Notes        string          `json:"notes"` // of the register's entry
	Slots        []string        `json:"slots"`
	HardCoded    bool            `json:"hard_coded"`
	Temporary    string          `json:"temporary"` // why it is held to be temporary, "" when it is not
	Chosen       string          `json:"chosen"`    // why it is in a plan for somebody who leaves, "" in any other
}

// Power is one automation that depends on the credential.
type Power struct {
	ID          string               `json:"id"`
	Kind        inventory.NodeKind   `json:"kind"` // automation, or code that nothing was seen to start
	Name        string               `json:"name"`
	Platform    string               `json:"platform"`
	Certainty   string               `json:"certainty"`
	Confidence  inventory.Confidence `json:"confidence"`
	Environment string               `json:"environment"`
	Active      *bool                `json:"active"`
	Branches    []string             `json:"branches"` // it, or its use, stands at the heads of these branches only
	Owners      []string             `json:"owners"`
	Schedules   []PowerSchedule      `json:"schedules"`
	Triggers    []string             `json:"triggers"` // events that start it
	Needs       []string             `json:"needs"`    // what it must do before it sees the new value
	At          inventory.Evidence   `json:"at"`       // where it uses the credential
}

// PowerSchedule is a schedule of an automation with what could be computed from it.
type PowerSchedule struct {
	Text     string     `json:"text"`
	Zone     string     `json:"zone"`
	Assumed  bool       `json:"assumed"`  // the zone is not stated, UTC is assumed
	Next     *time.Time `json:"next"`     // first run after the window, null when unknown
	Interval string     `json:"interval"` // longest time between two runs, "" unknown
	Unsolved string     `json:"unsolved"` // why nothing could be computed
}

// Unseen is something that the map cannot show.
type Unseen struct {
	What   string `json:"what"`
	Settle string `json:"settle"` // what would settle it
}

// Requirement is what the new token must be able to do for one dependent.
type Requirement struct {
	Dependent  string               `json:"dependent"` // its name; "" for all of them
	Kind       string               `json:"kind"`      // api, github, aws, cloud, scope, sql or operation; "" when it is not known
	What       string               `json:"what"`
	Known      bool                 `json:"known"`   // false: the scan cannot tell
	Granted    bool                 `json:"granted"` // the old value may do it; nobody was seen to use it for that
	Confidence inventory.Confidence `json:"confidence"`
	At         []inventory.Evidence `json:"at"` // at most three places that show it
}

// TwoEnded says that two sides keep one secret, and which changes first.
type TwoEnded struct {
	Why      string `json:"why"`
	Signs    string `json:"signs"`
	Verifies string `json:"verifies"`
	First    string `json:"first"`
}

// Rehearsal is the rotation in the lower environment, before production.
type Rehearsal struct {
	Environment string   `json:"environment"` // "" when none was found
	Steps       []string `json:"steps"`
}

// Wave is a group of places that change together.
type Wave struct {
	Number      int        `json:"number"`
	Environment string     `json:"environment"`
	Why         string     `json:"why"` // why it comes here
	Places      []Place    `json:"places"`
	Consumers   []Consumer `json:"consumers"`
}

// Place is a slot that gets the new value.
type Place struct {
	Slot   string               `json:"slot"`
	Action string               `json:"action"` // what is done, with the command where one is known
	ByHand bool                 `json:"by_hand"`
	At     []inventory.Evidence `json:"at"`
}

// Consumer is a dependent with what it must do before it sees the new value.
type Consumer struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Need   string `json:"need"`
	Source string `json:"source"` // of the statement about the need, "" when the map says so
}

// Canary is the first scheduled run after the window.
type Canary struct {
	Dependent string    `json:"dependent"`
	Name      string    `json:"name"`
	At        time.Time `json:"at"`
}

// Soak is the time during which the old value stays valid: until every dependent has run once with the new one.
type Soak struct {
	Until  time.Time `json:"until"`
	Why    string    `json:"why"`
	Manual []string  `json:"manual"` // dependents that must be started by hand, since they do not run in time
}

// Step is one step of the runbook.
type Step struct {
	Number   int      `json:"number"`
	Phase    string   `json:"phase"` // before, rehearsal, window, soak, after
	Title    string   `json:"title"`
	Do       []string `json:"do"`
	Rollback string   `json:"rollback"`
	NoReturn bool     `json:"no_return"` // from here on there is no way back
}

// Verification is how one sees that a dependent works with the new value.
type Verification struct {
	Dependent string `json:"dependent"`
	How       string `json:"how"`
}

// Watch is what should happen after the cut-over, by when, and what failure looks like.
type Watch struct {
	Dependent string     `json:"dependent"` // id
	Name      string     `json:"name"`
	Object    string     `json:"object"` // what its platform calls it
	Platform  string     `json:"platform"`
	Namespace string     `json:"namespace"` // of a Kubernetes object, "" unknown
	Expect    string     `json:"expect"`
	By        *time.Time `json:"by"`     // null: it has no schedule that could be computed
	Within    string     `json:"within"` // longest time between two good runs, as "25h0m0s"; "" unknown
	Failure   string     `json:"failure"`
	Tell      []string   `json:"tell"`
}

// Night is one date on which several credentials are rotated together.
type Night struct {
	Start       time.Time `json:"start"`
	Zone        string    `json:"zone"`        // in which words say the start
	Credentials []string  `json:"credentials"` // names
	Why         string    `json:"why"`
}
