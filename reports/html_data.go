package reports

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// webData is what the script of the HTML report draws. Texts that repeat stand once, in Texts, and are referred to by
// their index; index 0 is the empty text.
type webData struct {
	Title       string          `json:"title"`
	Client      string          `json:"client"`
	Time        string          `json:"time"`
	Lanes       []string        `json:"lanes"`
	Box         [2]int          `json:"box"`
	Totals      Totals          `json:"totals"`
	Judged      bool            `json:"judged"`
	Coverage    graph.Coverage  `json:"coverage"`
	Texts       []string        `json:"texts"`
	Credentials []webCredential `json:"credentials"`
	Automations []webAutomation `json:"automations"`
	Literals    []webLiteral    `json:"literals"`
	Findings    []webFinding    `json:"findings"`
	Planned     bool            `json:"planned"` // whether some credentials have runbooks
	Calendar    []webEvent      `json:"calendar"`
}

type webCredential struct {
	Label       string         `json:"l"`
	ID          int            `json:"i"`
	Name        int            `json:"n"`
	Service     int            `json:"sv,omitempty"`
	Exposure    int            `json:"ex"`
	Severity    int            `json:"sev,omitempty"`
	Environment int            `json:"env"`
	Owners      []webOwner     `json:"ow,omitempty"`
	Age         *int           `json:"age,omitempty"`
	FirstSeen   string         `json:"fs,omitempty"`
	Purpose     int            `json:"pu,omitempty"`
	Temporary   int            `json:"tmp,omitempty"`
	Stores      []int          `json:"st,omitempty"`
	Slots       []webSlot      `json:"sl,omitempty"`
	Values      []string       `json:"va,omitempty"`
	Literals    []int          `json:"li,omitempty"`
	Findings    []int          `json:"fi,omitempty"`
	Powers      int            `json:"pw"`
	Dependents  []webDependent `json:"de,omitempty"`
	Settle      []int          `json:"se,omitempty"`
	Mentions    []webMention   `json:"me,omitempty"`
	Picture     webPicture     `json:"p"`
	Plan        *webPlan       `json:"rp,omitempty"`
	FacetEnv    []int          `json:"fe,omitempty"`
	FacetOwner  []int          `json:"fo,omitempty"`
}

type webOwner struct {
	Name   int `json:"n"`
	Source int `json:"s"`
	Sure   int `json:"c"`
}

type webSlot struct {
	ID      int   `json:"i"`
	Class   int   `json:"c"`
	Defined int   `json:"d"`
	Places  []int `json:"p,omitempty"`
}

// webMention is a name of a credential where nothing joins it.
type webMention struct {
	Name   int   `json:"n"`
	Places []int `json:"p"`
	More   int   `json:"m,omitempty"` // places that are not listed
}

// webDependent is an automation that depends on a credential, with the path to it as pairs of place and words.
type webDependent struct {
	Automation int   `json:"a"` // index of an automation, -1 when it is not one of the document
	Name       int   `json:"n"`
	Platform   int   `json:"pl"`
	Certainty  int   `json:"ce"`
	Sure       int   `json:"c"`
	Needs      []int `json:"ne,omitempty"`
	Path       []int `json:"pa,omitempty"`
}

type webAutomation struct {
	ID          int      `json:"i"`
	Name        int      `json:"n"`
	Platform    int      `json:"pl"`
	Active      int      `json:"ac"`
	Schedules   []int    `json:"sc,omitempty"`
	Triggers    []int    `json:"tr,omitempty"`
	Environment int      `json:"env"`
	Owners      []int    `json:"ow,omitempty"`
	Credentials []int    `json:"cr,omitempty"` // indexes of credentials
	Places      []int    `json:"p,omitempty"`
	State       int      `json:"st"`
	Branches    []string `json:"br,omitempty"`
}

type webLiteral struct {
	Label      string `json:"l"`
	Print      string `json:"fp,omitempty"`
	Name       int    `json:"n"`
	Rule       int    `json:"r"`
	Severity   int    `json:"sev"`
	Place      int    `json:"p"`
	Pointer    int    `json:"po,omitempty"`
	State      int    `json:"st"`
	Weak       int    `json:"w,omitempty"`
	Credential int    `json:"c"` // index, -1 for none
	FirstSeen  string `json:"fs,omitempty"`
}

type webFinding struct {
	Rule       int   `json:"r"`
	Severity   int   `json:"sev"`
	Title      int   `json:"t"`
	Why        int   `json:"w,omitempty"`
	Fix        int   `json:"f,omitempty"`
	Credential int   `json:"c"` // index, -1 for none
	Places     []int `json:"p,omitempty"`
	More       int   `json:"m,omitempty"` // places that are not listed
	Suppressed int   `json:"su,omitempty"`
}

// webPicture is a picture in numbers: six for each node (kind, name, note, count, x, y) and the lane and id beside
// them; each edge is from, to, certainty and the points of its route.
type webPicture struct {
	Width  int     `json:"w"`
	Height int     `json:"h"`
	Left   int     `json:"left,omitempty"`
	Nodes  [][]int `json:"n"`
	Edges  [][]int `json:"e"`
}

// webWriter turns a document into web data.
type webWriter struct {
	d          *Document
	o          Options
	texts      []string
	at         map[string]int
	credential map[string]int
}

func newWebData(d *Document, o Options) (webData, error) {
	w := &webWriter{d: d, o: o, texts: []string{""}, at: map[string]int{"": 0},
		credential: map[string]int{}}
	for i := range d.Credentials {
		w.credential[d.Credentials[i].ID] = i
	}
	coverage := d.Coverage
	coverage.Skipped = d.skipSummary()
	out := webData{Title: d.Title, Client: d.Client, Time: d.Time, Lanes: Lanes, Box: [2]int{BoxWidth, BoxHeight},
		Totals: d.Totals, Judged: d.Judged, Coverage: coverage, Credentials: []webCredential{}, Automations: []webAutomation{},
		Literals: w.literals(), Findings: w.findings()}
	for i := range d.Credentials {
		c, err := w.row(&d.Credentials[i])
		if err != nil {
			return webData{}, err
		}
		out.Credentials = append(out.Credentials, c)
	}
	w.linkLists(&out)
	out.Planned, out.Calendar = d.Plan != nil, w.calendar()
	for i := range d.Automations {
		out.Automations = append(out.Automations, w.automationRow(&d.Automations[i]))
	}
	out.Texts = w.texts
	return out, nil
}

// text returns the index of a text.
func (w *webWriter) text(s string) int {
	i, ok := w.at[s]
	if !ok {
		i = len(w.texts)
		w.at[s] = i
		w.texts = append(w.texts, s)
	}
	return i
}

func (w *webWriter) list(all []string) []int {
	var out []int
	for _, s := range all {
		out = append(out, w.text(s))
	}
	return out
}

// places lists up to so many places as texts.
func (w *webWriter) places(all []inventory.Evidence, most int) []int {
	var out []int
	for _, e := range all[:min(most, len(all))] {
		out = append(out, w.text(w.d.place(e)))
	}
	return slices.Compact(out)
}

func (w *webWriter) row(c *Credential) (webCredential, error) {
	out := webCredential{Label: c.Label, ID: w.text(c.ID), Name: w.text(c.Name), Service: w.text(c.Service),
		Exposure: w.text(c.Exposure), Severity: w.text(c.Severity), Environment: w.text(c.Environment), Age: c.AgeDays,
		FirstSeen: day(c.FirstSeen), Purpose: w.text(c.Purpose), Stores: w.list(c.Stores), Powers: len(c.Automations)}
	if c.Temporary != nil {
		out.Temporary = w.text(c.Temporary.Why)
	}
	for _, o := range c.Owners {
		out.Owners = append(out.Owners, webOwner{w.text(o.Name), w.text(o.Source), w.text(o.Confidence.String())})
	}
	if w.o.Internal {
		for _, v := range c.Values {
			out.Values = append(out.Values, v.Fingerprint+" ("+v.State+")")
		}
	}
	w.slots(&out, c)
	w.facets(&out, c)
	impact := w.d.impact(c)
	w.dependents(&out, w.d.shownImpact(impact))
	p, err := w.d.pictureOf(c, impact)
	if err != nil {
		return webCredential{}, err
	}
	out.Picture, out.Plan = w.picture(p), w.plan(c)
	return out, nil
}

// webSlots is the number of slots that the page lists for one credential.
const webSlots = 40

func (w *webWriter) slots(out *webCredential, c *Credential) {
	for _, id := range c.Slots[:min(webSlots, len(c.Slots))] {
		i, ok := slices.BinarySearchFunc(w.d.Slots, id, func(s graph.Slot, id string) int { return strings.Compare(s.ID, id) })
		if !ok {
			continue
		}
		s := w.d.Slots[i]
		out.Slots = append(out.Slots, webSlot{w.text(s.ID), w.text(string(s.Class)), w.text(s.Defined), w.places(s.Evidence, 5)})
	}
}

// facets are the environments and owners by which a credential is found: its own and those of its automations.
func (w *webWriter) facets(out *webCredential, c *Credential) {
	out.FacetEnv = append(out.FacetEnv, w.text(c.Environment))
	for _, e := range c.Environments {
		out.FacetEnv = append(out.FacetEnv, w.text(e.Name))
	}
	for _, o := range c.Owners {
		out.FacetOwner = append(out.FacetOwner, w.text(o.Name))
	}
	for _, id := range c.Automations {
		i, ok := w.d.at[id]
		if !ok {
			continue
		}
		a := w.d.Automations[i]
		if a.Environment != "unknown" {
			out.FacetEnv = append(out.FacetEnv, w.text(a.Environment))
		}
		for _, o := range a.Owners {
			out.FacetOwner = append(out.FacetOwner, w.text(o.Name))
		}
	}
	out.FacetEnv, out.FacetOwner = sortedSet(out.FacetEnv), sortedSet(out.FacetOwner)
}

func sortedSet(all []int) []int {
	slices.Sort(all)
	return slices.Compact(all)
}

// dependents adds the automations that depend on the credential, with their paths.
func (w *webWriter) dependents(out *webCredential, impact graph.Impact) {
	names := automationNames(impact)
	for _, d := range slices.Concat(impact.Dependents, impact.Possible) {
		if d.Kind != inventory.Automation {
			continue
		}
		row := webDependent{Automation: -1, Name: w.text(nameOr(d.Name, d.ID)), Platform: w.text(d.Platform),
			Certainty: w.text(d.Certainty), Sure: w.text(d.Confidence.String()), Needs: w.list(d.Needs)}
		if i, ok := w.d.at[d.ID]; ok {
			row.Automation = i
		}
		for _, h := range hops(d.Path, names) {
			row.Path = append(row.Path, w.text(h.where), w.text(h.what))
		}
		out.Dependents = append(out.Dependents, row)
	}
	out.Settle = w.list(impact.Settle)
	for _, m := range impact.Mentions {
		shown := min(webMentions, len(m.Evidence))
		out.Mentions = append(out.Mentions, webMention{w.text(m.Name), w.places(m.Evidence, shown), m.More + len(m.Evidence) - shown})
	}
}

// webMentions is the number of places that the page lists for one name which nothing joins.
const webMentions = 8

func (w *webWriter) picture(p Picture) webPicture {
	out := webPicture{Width: p.Width, Height: p.Height, Left: p.Left, Nodes: [][]int{}, Edges: [][]int{}}
	for _, n := range p.Nodes {
		target := -1
		if i, ok := w.d.at[n.ID]; ok {
			target = i
		}
		out.Nodes = append(out.Nodes, []int{w.text(n.Kind), w.text(n.Name), w.text(n.Note), n.Lane, n.Count, n.X, n.Y, target})
	}
	for _, e := range p.Edges {
		row := []int{e.From, e.To, int(e.Sure)}
		for _, at := range e.Route {
			row = append(row, at.X, at.Y)
		}
		out.Edges = append(out.Edges, row)
	}
	return out
}
