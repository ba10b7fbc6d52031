package reports

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph/plan"
)

// webPlan is the runbook of a credential, short enough for a page.
type webPlan struct {
	Window    int       `json:"w"`
	Quiet     int       `json:"q"`
	Soak      string    `json:"s"`
	SoakWhy   int       `json:"sw,omitempty"`
	Kind      int       `json:"k,omitempty"` // how this kind of credential is rotated
	Approvals []int     `json:"ap,omitempty"`
	Contact   int       `json:"ct,omitempty"`
	Steps     []webStep `json:"st,omitempty"`
	Waves     []webWave `json:"wa,omitempty"`
	Unseen    []int     `json:"un,omitempty"`
	Emergency []int     `json:"em,omitempty"`
}

type webStep struct {
	Phase    int   `json:"p"`
	Title    int   `json:"t"`
	Do       []int `json:"d,omitempty"`
	Rollback int   `json:"r,omitempty"`
	NoReturn bool  `json:"x,omitempty"`
}

type webWave struct {
	Environment int   `json:"e"`
	Why         int   `json:"w,omitempty"`
	Places      []int `json:"p,omitempty"` // pairs of slot and action
}

// webEvent is one day of the calendar.
type webEvent struct {
	Day        string `json:"d"`
	Hours      string `json:"h,omitempty"` // UTC
	Kind       int    `json:"k"`
	Title      int    `json:"n"`
	Details    int    `json:"de,omitempty"`
	Credential int    `json:"c"` // index, -1 for none
}

// plan returns the runbook of a credential, nil when the document holds none.
func (w *webWriter) plan(c *Credential) *webPlan {
	r := w.d.rotation(c)
	if r == nil {
		return nil
	}
	out := &webPlan{Window: w.text(windowText(r) + " UTC"), Quiet: w.text(quietText(r)), Soak: r.Soak.Until.UTC().Format(time.DateOnly),
		SoakWhy: w.text(r.Soak.Why), Kind: w.text(r.Playbook.Name), Approvals: w.list(r.Approvals), Contact: w.text(r.Contact),
		Emergency: w.list(r.Emergency)}
	for _, s := range r.Steps {
		out.Steps = append(out.Steps, webStep{w.text(s.Phase), w.text(s.Title), w.list(s.Do), w.text(s.Rollback), s.NoReturn})
	}
	for _, x := range r.Waves {
		wave := webWave{Environment: w.text(x.Environment), Why: w.text(x.Why)}
		for _, p := range x.Places[:min(webSlots, len(x.Places))] {
			wave.Places = append(wave.Places, w.text(p.Slot), w.text(p.Action))
		}
		out.Waves = append(out.Waves, wave)
	}
	for _, u := range r.Unseen {
		out.Unseen = append(out.Unseen, w.text(strings.TrimSpace(u.What+". "+u.Settle)))
	}
	return out
}

// calendar lists the due days of the register, and the windows and soaks that the runbooks propose, by day.
func (w *webWriter) calendar() []webEvent {
	out := []webEvent{}
	for _, e := range w.d.Calendar {
		out = append(out, w.event(e))
	}
	out = append(out, w.nights()...)
	slices.SortStableFunc(out, func(a, b webEvent) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Hours, b.Hours)) })
	return out
}

func (w *webWriter) event(e plan.Event) webEvent {
	kind, _, _ := strings.Cut(e.Key, "/")
	out := webEvent{Day: e.Start.UTC().Format(time.DateOnly), Kind: w.text(kind), Title: w.text(e.Summary),
		Details: w.text(strings.ReplaceAll(e.Details, `\n`, ", ")), Credential: -1}
	if !e.End.IsZero() {
		out.Hours = e.Start.UTC().Format("15:04")
	}
	return out
}

// nights are the proposed rotations: one by one, as the plan spreads them.
func (w *webWriter) nights() []webEvent {
	var out []webEvent
	for _, n := range w.d.nights() {
		start := n.start.UTC()
		e := webEvent{Day: start.Format(time.DateOnly), Hours: start.Format("15:04"), Kind: w.text("window"),
			Title: w.text("Rotate " + n.r.Credential.Name), Details: w.text(cmp.Or(n.why, quietText(n.r))), Credential: w.credentialIndex(n.r.Credential.ID)}
		out = append(out, e)
		if n.start.Equal(n.r.Window.Start) { // the soak is counted from its own window
			out = append(out, webEvent{Day: n.r.Soak.Until.UTC().Format(time.DateOnly), Kind: w.text("soak"), Credential: e.Credential,
				Title: w.text("The old value of " + n.r.Credential.Name + " may go"), Details: w.text(n.r.Soak.Why)})
		}
	}
	return out
}
