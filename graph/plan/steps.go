package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// The phases of a rotation.
const (
	PhaseBefore    = "before"
	PhaseRehearsal = "rehearsal"
	PhaseWindow    = "window"
	PhaseSoak      = "soak"
	PhaseAfter     = "after"
)

// steps writes the runbook, with the way back for each step.
func (s *study) steps(r *Rotation) []Step {
	var out []Step
	add := func(x Step) {
		x.Number = len(out) + 1
		x.Rollback = cmp.Or(x.Rollback, "nothing has changed yet")
		out = append(out, x)
	}
	add(s.prepare(r))
	if s.do.Class != "D" {
		add(s.mint(r, PhaseBefore))
	}
	if len(r.Rehearsal.Steps) > 0 {
		add(Step{Phase: PhaseRehearsal, Title: "Rehearse " + orLower(r.Rehearsal.Environment), Do: r.Rehearsal.Steps,
			Rollback: undoRehearsal(r.Rehearsal.Environment)})
	}
	paused := s.paused(&r.Window)
	if len(paused) > 0 {
		add(s.pause(paused))
	}
	if s.do.Class == "D" {
		mint := s.mint(r, PhaseWindow)
		mint.NoReturn = s.do.Restore == ""
		mint.Rollback = cmp.Or(s.do.Restore, "none: the old value is gone with this step; go forward")
		add(mint)
	}
	for _, w := range r.Waves {
		add(s.cutOver(w, w.Number == len(r.Waves)))
	}
	if len(paused) > 0 {
		add(s.resume(paused))
	}
	add(s.observe(r))
	for _, x := range s.retire(r) {
		add(x)
	}
	return out
}

func (s *study) prepare(r *Rotation) Step {
	x := Step{Phase: PhaseBefore, Title: "Agree and prepare"}
	if len(r.Approvals) > 0 {
		x.Do = append(x.Do, "get the agreement of "+strings.Join(r.Approvals, ", "))
	} else {
		x.Do = append(x.Do, "find the owner: nobody is named as one who must agree")
	}
	announce := "announce the window " + s.at(r.Window.Start)
	switch n := active(r); {
	case n == 1:
		announce = "tell the owner of the automation; " + announce
	case n > 1:
		announce = fmt.Sprintf("tell the owners of the %s; %s", counted(n, "automation"), announce)
	}
	x.Do = append(x.Do, announce,
		"freeze changes to the places below until the soak has ended")
	if len(s.apart) > 0 {
		x.Do = append(x.Do, s.askApart())
	}
	if s.canGoBack() {
		x.Do = append(x.Do, "make sure that the old value can be read again, for the way back")
	}
	if s.do.Live == "2" || strings.HasPrefix(s.do.Live, "2 ") {
		x.Do = append(x.Do, "make sure that the second place for a live value is free ("+s.do.Live+")")
	}
	if n := placesOf(r); s.do.Class == "D" && n > 0 {
		x.Do = append(x.Do, fmt.Sprintf("have the changes of %s ready: between the new value and the last of them the dependents fail", counted(n, "place")))
	}
	if _, known := s.do.ClassOf(); !known {
		x.Do = append(x.Do, "find out whether a second value can be valid beside the old one; if not, make the new one inside the window, and there is no way back")
	}
	if !r.Window.Quiet && r.Window.Why != "" {
		x.Do = append(x.Do, "the window is not quiet: "+r.Window.Why)
	}
	return x
}

// canGoBack reports whether the old value can be taken back into use once the new one is made.
func (s *study) canGoBack() bool { return s.do.Class != "D" || s.do.Restore != "" }

// askApart asks after what only other branches show: it may run from there, and is no part of the steps.
func (s *study) askApart() string {
	var names, branches []string
	for _, d := range s.apart {
		names = append(names, s.label(d))
		for _, b := range branchesOnly(d) {
			branches = appendNew(branches, b)
		}
	}
	return fmt.Sprintf("ask whether anything still runs from %s: only there it is seen that %s %s it; if so, it is one more place to restart and to watch",
		some(branches, 4), some(names, 8), verb(len(names), "uses", "use"))
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

func (s *study) mint(r *Rotation, phase string) Step {
	x := Step{Phase: phase, Title: "Make the new value", Rollback: "delete the new value"}
	if _, known := s.do.ClassOf(); !known {
		x.Do = append(x.Do, "only if the old value stays valid beside it; if it does not, do this step inside the window, just before the first wave")
	}
	x.Do = append(x.Do, cmp.Or(s.do.Mint, "make a new value at the provider; what it must be able to do stands above"))
	if s.do.Verify != "" {
		x.Do = append(x.Do, "try it by itself, read-only: "+s.do.Verify)
	}
	keep := "keep it in the team's secret manager; never in a file, a chat or a command line"
	if slices.ContainsFunc(r.Waves, func(w Wave) bool {
		return slices.ContainsFunc(w.Places, func(p Place) bool { return strings.Contains(p.Action, "new-value") })
	}) {
		keep = "keep it in the team's secret manager; never in a chat or a command line; a command below reads it from the file new-value: umask 077 before it is written, and delete it after the last wave"
	}
	x.Do = append(x.Do, keep)
	return x
}

// cutOver is one wave: its places, then its consumers, then a look at them.
func (s *study) cutOver(w Wave, last bool) Step {
	x := Step{Phase: PhaseWindow, Title: fmt.Sprintf("Wave %d: %s (%s)", w.Number, counted(len(w.Places), "place"), w.Why)}
	for _, p := range w.Places {
		x.Do = append(x.Do, p.Action)
	}
	if code := s.codeAlone(); len(s.autos) == 0 && len(code) > 0 && w.Number == 1 {
		x.Do = append(x.Do, "restart whatever runs this code, which nothing in the scan starts: "+some(code, 6))
	}
	nothing := 0
	for _, c := range w.Consumers {
		if strings.HasPrefix(c.Need, "nothing") {
			nothing++
			continue
		}
		x.Do = append(x.Do, c.Name+": "+c.Need)
	}
	if nothing > 0 {
		x.Do = append(x.Do, fmt.Sprintf("%s nothing to do: the next run takes the new value", have(nothing)))
	}
	if s.allServe(w) {
		x.Do = append(x.Do, "look at the log of the first that is up again before you restart the next")
	} else if len(w.Consumers) > 0 {
		then := "before the next wave"
		if last {
			then = "before you go on"
		}
		x.Do = append(x.Do, "start one of them by hand and look at its result "+then)
	}
	x.Rollback = s.wayBack("put the old value back in these places and restart the same consumers")
	return x
}

// allServe reports whether the consumers of a wave run all the time: there is nothing to start by hand.
func (s *study) allServe(w Wave) bool {
	return len(w.Consumers) > 0 && !slices.ContainsFunc(w.Consumers, func(c Consumer) bool {
		i := slices.IndexFunc(s.autos, func(d graph.Dependent) bool { return d.ID == c.ID })
		return i < 0 || !serves(s.autos[i]) || strings.HasPrefix(c.Need, "nothing")
	})
}

// codeAlone names the code that reads the credential and that no automation is known to run.
func (s *study) codeAlone() []string {
	var out []string
	through := passed(s.impact.Dependents)
	for _, d := range s.impact.Dependents {
		if d.Kind == inventory.Code && !through[d.ID] {
			out = append(out, label(d))
		}
	}
	return out
}

// wayBack says how to go back while the old value may still be valid.
func (s *study) wayBack(how string) string {
	if s.e.Rollback != "" {
		return "as the register says: " + s.e.Rollback
	}
	switch s.do.Class {
	case "A", "B", "C":
		return how + "; it is still valid"
	case "D":
		if s.do.Restore != "" {
			return s.do.Restore
		}
		return "none: the old value is gone; correct the place and go on"
	}
	return how + ", if it is still valid: find that out before the window"
}

func have(n int) string {
	if n == 1 {
		return "1 consumer has"
	}
	return fmt.Sprintf("%d consumers have", n)
}

func (s *study) observe(r *Rotation) Step {
	x := Step{Phase: PhaseSoak, Title: "Let every dependent run once", Rollback: s.wayBack("put the old value back where a dependent fails")}
	if r.Canary != nil {
		x.Do = append(x.Do, fmt.Sprintf("watch the canary: %s at %s", r.Canary.Name, s.at(r.Canary.At)))
	}
	if len(r.Soak.Manual) > 0 {
		x.Do = append(x.Do, s.startsByHand()...)
	}
	if s.last != nil {
		x.Do = append(x.Do, "to wait for a day only, do not wait for its next run: "+s.startHow(*s.last)+": "+s.label(*s.last))
	}
	x.Do = append(x.Do, fmt.Sprintf("wait until %s: %s", s.at(r.Soak.Until), r.Soak.Why),
		"rotamap verify "+s.ref()+" --before OLD.json NEW.json: the old value is gone from every place")
	return x
}

// startsByHand says how the dependents are started that do not run in time, those with one way together.
func (s *study) startsByHand() []string {
	var order []string
	who := map[string][]string{}
	for _, d := range s.manual {
		how := s.startHow(d)
		if who[how] == nil {
			order = append(order, how)
		}
		who[how] = append(who[how], s.label(d))
	}
	var out []string
	for _, how := range order {
		out = append(out, how+": "+some(who[how], 8))
	}
	return out
}

// startHow is how a dependent is started by hand on its platform.
func (s *study) startHow(d graph.Dependent) string {
	switch triggers := triggersOf(s.g, d.ID); {
	case d.Platform == "github-actions" && slices.Contains(triggers, "workflow_dispatch"):
		return "start by hand (gh workflow run " + word(fileOf(d.ID)) + repoFlag(repoOf(d.ID)) + ")"
	case d.Platform == "github-actions":
		return "it does not start by hand: push a small change, or run its last run again (gh run rerun)"
	case d.Platform == "kubernetes" && len(d.Schedules) > 0:
		return "start by hand (kubectl create job --from=cronjob/NAME NAME-by-hand" + namespaceFlag(d.ID) + ")"
	case d.Platform == "n8n":
		return "execute the workflow once in the editor"
	}
	return "start by hand, since nothing says that it runs in time"
}

// retire takes the old value out of use: disabled first where the provider can, then deleted.
func (s *study) retire(r *Rotation) []Step {
	var out []Step
	if s.canGoBack() {
		if s.do.Disable != "" {
			out = append(out, Step{Phase: PhaseAfter, Title: "Disable the old value", Do: []string{s.do.Disable, "watch for failed authentications for a day"},
				Rollback: cmp.Or(s.do.Restore, "not known: see first whether it can be enabled again")})
		}
		out = append(out, Step{Phase: PhaseAfter, Title: "Delete the old value: the point of no return", NoReturn: true,
			Do:       []string{cmp.Or(s.do.Delete, "revoke it at the provider, or let it expire"), "look at the provider's record of its last use first"},
			Rollback: s.noWayBack()})
	}
	record := []string{"rotamap verify " + s.ref() + " --before OLD.json NEW.json --record", "end the freeze, close the ticket, tell the owners"}
	if len(r.HandEdits) > 0 {
		record = append(record, fmt.Sprintf("move the %s that were edited by hand into a secret store", counted(len(r.HandEdits), "place")))
	}
	return append(out, Step{Phase: PhaseAfter, Title: "Record it", Do: record, Rollback: "none needed"})
}

func (s *study) noWayBack() string {
	if strings.HasPrefix(s.play.Restore, "none") {
		return s.play.Restore
	}
	return "none: make another new value"
}

// twoEnded says who signs and who verifies, for a secret that both sides keep.
func (s *study) twoEnded() *TwoEnded {
	if s.do.TwoEnded == "" {
		return nil
	}
	var receivers []string
	for _, d := range s.autos {
		if slices.Contains(triggersOf(s.g, d.ID), "webhook") {
			receivers = append(receivers, s.label(d))
		}
	}
	t := &TwoEnded{Why: s.do.TwoEnded, Signs: cmp.Or(s.c.Service, "not known: look at who calls"), First: "the side that verifies: it must accept both values before the other side signs with the new one"}
	t.Verifies = strings.Join(receivers, ", ")
	if t.Verifies == "" {
		t.Verifies = "not known: the dependents that are called, not those that call"
	}
	return t
}

// emergency is the order for a value that has leaked: revoke first, repair then.
func (s *study) emergency() []string {
	var names []string
	for _, d := range s.autos {
		if !inactive(d) {
			names = append(names, s.label(d))
		}
	}
	code := len(names) == 0
	if code {
		names = s.codeAlone()
	}
	breaks := "nothing that was seen in this scan"
	if len(names) > 0 {
		noun := "automation"
		if code {
			noun = "file"
		}
		breaks = counted(len(names), noun) + ": " + some(names, 12)
	}
	out := []string{"revoke the old value now: " + cmp.Or(s.do.Disable, s.do.Delete, "at the provider"),
		"this breaks at once: " + breaks}
	if s.do.Class == "D" {
		out[0] = "replace it now, which ends the old value: " + cmp.Or(s.do.Mint, "at the provider")
	}
	if who := s.contact(); who != "" {
		out = append(out, "call "+who)
	}
	if s.do.Class != "D" {
		out = append(out, "make the new value: "+cmp.Or(s.do.Mint, "at the provider"))
	}
	return append(out, "change production first, then the rest, in the order of the waves", "read the provider's log from the day of the leak on: what was done with the value, from where",
		"rotate what could be read with it too")
}
