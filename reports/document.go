package reports

import (
	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/policy"
)

// Schema names the format of the JSON report.
const Schema = "rotamap/report/1"

// Document is what every report shows: computed once, sorted, and the same for the same map.
type Document struct {
	Schema      string             `json:"schema"`
	Title       string             `json:"title"`
	Client      string             `json:"client,omitempty"`
	Time        string             `json:"time"`    // that ages are counted to; RFC 3339 in UTC, "" unknown
	KeyIDs      []string           `json:"key_ids"` // of the keys that made the fingerprints
	Totals      Totals             `json:"totals"`
	Coverage    graph.Coverage     `json:"coverage"`
	Credentials []Credential       `json:"credentials"` // what the most depends on first
	Automations []graph.Automation `json:"automations"`
	Services    []graph.Named      `json:"services"`
	Owners      []graph.Named      `json:"owners"`
	Slots       []graph.Slot       `json:"slots"`
	Judged      bool               `json:"judged"`     // whether policy was applied
	Findings    []policy.Finding   `json:"findings"`   // worst first
	Literals    []Literal          `json:"literals"`   // by place
	Suppressed  []Suppressed       `json:"suppressed"` // matches held to be no secret, by place
	Change      *policy.Change     `json:"-"`          // what findings and literals are compared with, nil for nothing
	Plan        *plan.Plan         `json:"-"`          // runbooks of some credentials, nil for none; rotamap plan --json writes them
	Calendar    []plan.Event       `json:"-"`          // due days of the register

	mapPath string // where the map was written, "" for the default
	g       *graph.Graph
	at      map[string]int      // automation -> index
	show    func(string) string // what forSharing and visible do to text that is computed late
}

// Totals are the numbers of the summary.
type Totals struct {
	Sources     int            `json:"sources"`
	Files       int            `json:"files"`
	Commits     int            `json:"commits"`
	Credentials int            `json:"credentials"`
	HardCoded   int            `json:"hard_coded"`   // a current literal value stands in a scanned file
	HistoryOnly int            `json:"history_only"` // a literal value stood in one, and is gone from the present files
	Referenced  int            `json:"referenced"`   // only mentioned by name
	Automations int            `json:"automations"`
	Services    int            `json:"services"`
	Owners      int            `json:"owners"`
	Slots       int            `json:"slots"`
	Literals    int            `json:"literals"` // places of literal values
	Suppressed  int            `json:"suppressed"`
	Findings    map[string]int `json:"findings"` // severity -> not suppressed findings
}

// The exposures of a credential.
const (
	HardCoded   = "hard-coded" // a current literal value stands in a scanned file
	HistoryOnly = "history"    // a literal value stood in one, and is gone from the present files
	Referenced  = "referenced" // only mentioned by name
)

// Credential is a row of the main table.
type Credential struct {
	Label string `json:"label"` // report-local: S-001 is what the most depends on
	graph.Credential
	Exposure    string   `json:"exposure"`
	Severity    string   `json:"severity"`    // worst of its findings and literals, "" for none
	Environment string   `json:"environment"` // the surest one, "unknown" otherwise
	Stores      []string `json:"stores"`      // kinds of the places where it lives
	Automations []string `json:"automations"` // ids of those that break when it changes
	Literals    int      `json:"literals"`    // places of literal values
	Findings    int      `json:"findings"`    // not suppressed
	FirstSeen   string   `json:"first_seen"`  // time of the oldest commit that shows it, "" unknown
	AgeDays     *int     `json:"age_days"`    // since then, null unknown

	id string // as the graph knows it, whatever a report shows
}

// Literal is one place of a hard-coded value.
type Literal struct {
	Rule        string             `json:"rule"`
	Severity    string             `json:"severity"`
	State       string             `json:"state"` // current or past
	Slot        string             `json:"slot"`
	Name        string             `json:"name"`
	Credential  string             `json:"credential"` // id, "" for none
	Label       string             `json:"label"`      // of the value: S-003.1 is the first value of S-003
	Fingerprint string             `json:"fingerprint"`
	Weak        string             `json:"weak"` // why it must not join by equality, "" when it may
	Marker      string             `json:"marker"`
	Service     string             `json:"service"`
	FirstSeen   string             `json:"first_seen"` // time of the oldest commit that holds it, "" unknown
	LastSeen    string             `json:"last_seen"`
	Evidence    inventory.Evidence `json:"evidence"`
}

// Suppressed is a match of a source that was held to be no secret.
type Suppressed struct {
	Source string `json:"source"`
	inventory.Suppressed
}

// Top returns up to n credentials that automations depend on, those with the most first.
func (d *Document) Top(n int) []Credential {
	out := d.Credentials[:min(n, len(d.Credentials))]
	for i := range out {
		if len(out[i].Automations) == 0 {
			return out[:i]
		}
	}
	return out
}

// number fills the index of the automations.
func (d *Document) number() {
	d.at = make(map[string]int, len(d.Automations))
	for i, a := range d.Automations {
		d.at[a.ID] = i
	}
}

// Credential returns the credential with the id, nil when there is none.
func (d *Document) Credential(id string) *Credential {
	for i := range d.Credentials {
		if d.Credentials[i].id == id || d.Credentials[i].ID == id {
			return &d.Credentials[i]
		}
	}
	return nil
}

// Impact returns what depends on a credential of the document, with the path of evidence to each. The coverage is
// that of the document and is left out.
func (d *Document) Impact(c *Credential) graph.Impact { return d.shownImpact(d.impact(c)) }

// impact is what the graph says, before sharing; its credential has no id when the graph does not know it.
func (d *Document) impact(c *Credential) graph.Impact {
	known := d.g.Credential(c.id)
	if known == nil {
		return graph.Impact{}
	}
	return d.g.Impact(known)
}

func (d *Document) shownImpact(impact graph.Impact) graph.Impact {
	impact.Coverage = graph.Coverage{}
	if d.show != nil {
		impact = rewrite(impact, d.show)
	}
	return impact
}
