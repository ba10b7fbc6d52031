package plan

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/rules/register"
)

// WriteICS writes the windows of the plan as calendar events, each with a reminder a day and an hour before.
func (p *Plan) WriteICS(w io.Writer) error {
	var events []Event
	for i := range p.Rotations {
		r := &p.Rotations[i]
		events = append(events, windowEvent(r), Event{
			Key: "soak/" + r.Credential.ID, Start: day(r.Soak.Until), Summary: "End of the soak of " + r.Credential.Name,
			Details: soakText(r), Remind: []time.Duration{9 * time.Hour}, Category: "rotation",
		})
	}
	return WriteEvents(w, p.Made, events)
}

func windowEvent(r *Rotation) Event {
	details := []string{fmt.Sprintf("Its value stands in %s; it powers %s.", counted(placesOf(r), "place"), counted(active(r), "automation"))}
	if len(r.Approvals) > 0 {
		details = append(details, "Approvers: "+strings.Join(r.Approvals, ", "))
	}
	if r.Contact != "" {
		details = append(details, "Contact: "+r.Contact)
	}
	if r.Window.Why != "" {
		details = append(details, "Not quiet: "+r.Window.Why)
	}
	return Event{Key: "window/" + r.Credential.ID, Start: r.Window.Start, End: r.Window.Start.Add(r.Window.Needed.Duration()),
		Summary: "Rotate " + r.Credential.Name, Details: strings.Join(details, "\n"),
		Remind: []time.Duration{24 * time.Hour, time.Hour}, Category: "rotation"}
}

// Calendar lists when the entries of a register are due and when they expire, sorted by day. An entry without an
// interval or a last rotation has no due day; a person's password is never due.
func Calendar(r *register.Register) []Event {
	out := []Event{}
	for i := range r.Credentials {
		e := &r.Credentials[i]
		if !e.Interval.IsZero() && !e.LastRotated.IsZero() && e.Kind != "password" {
			out = append(out, Event{Key: "due/" + e.Name, Start: e.Interval.After(e.LastRotated.Time), Summary: "Rotation due: " + e.Name,
				Details: entryDetails(r, e), Repeat: repeat(e.Interval), Remind: []time.Duration{7 * 24 * time.Hour}, Category: "rotation"})
		}
		if !e.Expires.IsZero() {
			out = append(out, Event{Key: "expires/" + e.Name, Start: e.Expires.Time, Summary: e.Name + " expires",
				Details: entryDetails(r, e), Remind: []time.Duration{14 * 24 * time.Hour, 24 * time.Hour}, Category: "expiry"})
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.Start.Compare(b.Start) })
	return out
}

// repeat says an interval as a recurrence rule.
func repeat(p register.Period) string {
	switch {
	case p.Years > 0:
		return fmt.Sprintf("FREQ=YEARLY;INTERVAL=%d", p.Years)
	case p.Months > 0:
		return fmt.Sprintf("FREQ=MONTHLY;INTERVAL=%d", p.Months)
	}
	return fmt.Sprintf("FREQ=DAILY;INTERVAL=%d", p.Days)
}

func entryDetails(r *register.Register, e *register.Entry) string {
	var lines []string
	add := func(what, value string) {
		if value != "" {
			lines = append(lines, what+": "+value)
		}
	}
	add("Purpose", e.Purpose)
	add("Owner", e.Owner)
	add("Approvers", strings.Join(e.Approvers, ", "))
	if t := r.Team(e.Owner); t != nil && e.Contact == "" {
		add("Contact", t.Contact)
	}
	add("Contact", e.Contact)
	add("Plan", "rotamap plan "+word(e.Name))
	return strings.Join(lines, "\n")
}

func day(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
