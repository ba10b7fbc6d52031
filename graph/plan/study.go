package plan

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/rules/register"
)

// Options say from when on and within which bounds to plan.
type Options struct {
	Now       time.Time
	Horizon   time.Duration // how far a window is searched; 0 means four weeks
	RunLength time.Duration // how long a run is taken to last, since maps do not say; 0 means 15 minutes
	Lead      time.Duration // how long agreement and rehearsal take, before the first window; 0 means a day

	Chosen map[string]string // why a credential, by its id, is in the plan: see WhyLeaver
}

func (o Options) filled() Options {
	o.Horizon = cmp.Or(o.Horizon, 28*24*time.Hour)
	o.RunLength = cmp.Or(o.RunLength, 15*time.Minute)
	o.Lead = cmp.Or(o.Lead, 24*time.Hour)
	return o
}

// study is all that the sections of one rotation are made from.
type study struct {
	g       *graph.Graph
	c       *graph.Credential
	r       *register.Register
	e       register.Entry // its entry, or an empty one
	o       Options
	impact  graph.Impact
	autos   []graph.Dependent // automations that break, surest first
	apart   []graph.Dependent // those that only the heads of other branches show
	times   map[string][]Schedule
	play    provider.Playbook
	do      provider.Playbook   // the same without what is unknown or does not exist
	readers map[string][]string // automations behind each slot; nil until asked for
	manual  []graph.Dependent   // those that must be started by hand after the window
	last    *graph.Dependent    // the one that the soak waits for, nil when a day is enough
	night   *Window             // of a plan for several credentials; nil: its own window is searched
}

// New makes the runbook for credentials. The register may be nil. The same input gives the same plan.
func New(g *graph.Graph, creds []*graph.Credential, r *register.Register, o Options) Plan {
	if r == nil {
		r = register.Default()
	}
	o = o.filled()
	p := Plan{Schema: "rotamap/plan/1", Made: o.Now.UTC(), Rotations: []Rotation{}, Nights: []Night{}, Coverage: g.Coverage()}
	studies := make([]*study, 0, len(creds))
	for _, c := range creds {
		studies = append(studies, newStudy(g, c, r, o))
	}
	if len(creds) > 1 {
		p.Nights = spread(studies)
	}
	for _, s := range studies {
		p.Rotations = append(p.Rotations, s.rotation())
	}
	return p
}

func newStudy(g *graph.Graph, c *graph.Credential, r *register.Register, o Options) *study {
	s := &study{g: g, c: c, r: r, o: o, impact: g.Impact(c), times: map[string][]Schedule{}}
	if e := r.Match(viewOf(c)); e != nil {
		s.e = *e
	}
	for _, d := range s.impact.Dependents {
		if d.Kind != inventory.Automation || d.Certainty != graph.CertaintyBreaks {
			continue
		}
		s.times[d.ID] = schedulesOf(d)
		if len(branchesOnly(d)) > 0 {
			s.apart = append(s.apart, d)
			continue
		}
		s.autos = append(s.autos, d)
	}
	s.play = provider.PlaybookFor(cmp.Or(s.e.Service, c.Service), c.Name)
	s.do = s.play.Usable()
	return s
}

func schedulesOf(d graph.Dependent) []Schedule {
	var out []Schedule
	for _, x := range d.Schedules {
		out = append(out, ParseSchedule(d.Platform, x.Text, x.Timezone))
	}
	return out
}

// rotation puts the sections together. The window comes first: the others speak of it.
func (s *study) rotation() Rotation {
	waves := s.waves()
	rot := Rotation{
		Credential: s.subject(), Possible: s.powers(s.impact.Possible, nil, time.Time{}), Playbook: s.play,
		TwoEnded: s.twoEnded(), Waves: waves, HandEdits: s.handEdits(), Approvals: s.approvals(),
		Contact: s.contact(), Window: s.window(waves), Bounds: s.bounds(), Zone: s.zone(), several: s.several(),
	}
	rot.Powers = s.powers(s.impact.Dependents, s.times, rot.Window.End)
	rot.Unseen = s.unseen()
	rot.Requirements = s.requirements()
	rot.Rehearsal = s.rehearsal()
	rot.Canary = s.canary(rot.Window)
	rot.Soak = s.soak(rot.Window)
	rot.Verify = s.verify()
	rot.Watch = s.watch(rot.Window)
	rot.Steps = s.steps(&rot)
	rot.Emergency = s.emergency()
	return rot
}

func (s *study) subject() Subject {
	c := s.c
	out := Subject{ID: c.ID, Name: c.Name, Entry: s.e.Name, Service: cmp.Or(s.e.Service, c.Service), Class: c.Class,
		Environments: []string{}, Owners: []string{}, Purpose: cmp.Or(s.e.Purpose, c.Purpose), LastRotated: s.e.LastRotated.String(),
		Expires: s.e.Expires.String(), Notes: s.e.Notes, Slots: c.Slots, HardCoded: c.HardCoded()}
	for _, e := range c.Environments {
		out.Environments = append(out.Environments, e.Name)
	}
	if s.e.Owner != "" {
		out.Owners = append(out.Owners, s.e.Owner)
	}
	for _, o := range c.Owners {
		if !slices.Contains(out.Owners, o.Name) {
			out.Owners = append(out.Owners, o.Name)
		}
	}
	out.Chosen = s.o.Chosen[c.ID]
	if c.Temporary != nil {
		out.Temporary = cmp.Or(c.Temporary.Why, "its name")
	}
	return out
}

// approvals lists who must agree: the entry's approvers, else its owner, else whom the files name as owners.
func (s *study) approvals() []string {
	switch {
	case len(s.e.Approvers) > 0:
		return s.e.Approvers
	case s.e.Owner != "":
		return []string{s.e.Owner}
	}
	return ownerNames(slices.DeleteFunc(slices.Clone(s.c.Owners), func(o graph.Owner) bool { return o.Confidence < inventory.Medium }))
}

// contact is whom to call: the entry's contact, else that of the owning team.
func (s *study) contact() string {
	if t := s.r.Team(s.e.Owner); s.e.Contact == "" && t != nil {
		return t.Contact
	}
	return s.e.Contact
}

func (s *study) several() bool { return len(s.impact.Coverage.Sources) > 1 }

// zone is where the team looks at its clocks: that of the entry's window, else that of the business hours, else UTC.
func (s *study) zone() string {
	return cmp.Or(s.e.Window.Timezone, s.r.Business.Timezone, "UTC")
}

// at writes a point in time in that zone.
func (s *study) at(t time.Time) string { return t.In(zone(s.zone())).Format("2006-01-02 15:04 MST") }

// ref is what one types for the credential: its name where that means it alone, else its id.
func (s *study) ref() string {
	if c, err := s.g.Find(s.c.Name); err == nil && c.ID == s.c.ID {
		return word(s.c.Name)
	}
	return quoted(s.c.ID)
}

// label is the name of a dependent; one that several of them have gets the file it is from, with its folders where
// files are called the same.
func (s *study) label(d graph.Dependent) string {
	name, by := label(d), ""
	for _, o := range s.impact.Dependents {
		if o.Kind != inventory.Automation || o.ID == d.ID || label(o) != name {
			continue
		}
		if by == "" {
			by = fileOf(d.ID)
		}
		if fileOf(o.ID) == by {
			by = pathOf(d.ID)
			break
		}
	}
	if by == "" {
		return name
	}
	return name + " (" + by + ")"
}

// pathOf is the path in an automation's id: what stands after its platform and its source.
func pathOf(id string) string {
	id, _, _ = strings.Cut(id, "#")
	_, id, _ = strings.Cut(id, ":")
	if parts := strings.SplitN(id, "/", 4); len(parts) == 4 && strings.Contains(parts[0], ".") {
		return parts[3]
	}
	return id[strings.IndexByte(id, '/')+1:]
}

// label is the name of an automation, or the end of its id.
func label(d graph.Dependent) string {
	if d.Name != "" {
		return d.Name
	}
	return d.ID[strings.LastIndexByte(d.ID, '/')+1:]
}

func ownerNames(all []graph.Owner) []string {
	out := []string{}
	for _, o := range all {
		if !slices.Contains(out, o.Name) {
			out = append(out, o.Name)
		}
	}
	return out
}
