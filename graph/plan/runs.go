package plan

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Result is one finished run of an automation, as its platform reports it.
type Result struct {
	Workflow string    `json:"workflow"` // the platform's id or file of the automation, "" unknown
	Name     string    `json:"name"`
	Start    time.Time `json:"start"`
	Good     bool      `json:"good"`
}

// ErrNoRuns is returned for a file that holds no run results of a form that is known.
var ErrNoRuns = errors.New("no run results: give JSON lines (name, start, status), the runs of a GitHub repository, or n8n executions")

// maxResults bounds how many bytes of run results are read.
const maxResults = 256 << 20

// ReadResults reads run results: the answer of GitHub's list of workflow runs (or gh run list --json), an export of
// n8n executions, or JSON lines with name, workflow, start and status. Runs that have not ended are left out.
func ReadResults(r io.Reader) ([]Result, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxResults))
	if err != nil {
		return nil, fmt.Errorf("reading run results: %w", err)
	}
	rows, err := resultRows(text)
	if err != nil {
		return nil, err
	}
	out := []Result{}
	for _, row := range rows {
		if x, ended := row.result(); ended {
			out = append(out, x)
		}
	}
	slices.SortStableFunc(out, func(a, b Result) int { return a.Start.Compare(b.Start) })
	return out, nil
}

// resultRow takes in the fields of all forms.
type resultRow struct {
	Name         string          `json:"name"`
	WorkflowName string          `json:"workflowName"` // gh run list
	Path         string          `json:"path"`         // GitHub: the file of the workflow
	Workflow     json.RawMessage `json:"workflow"`
	WorkflowID   json.RawMessage `json:"workflowId"` // n8n
	WorkflowData struct {
		Name string `json:"name"`
	} `json:"workflowData"`
	Status       string     `json:"status"`
	Conclusion   string     `json:"conclusion"`
	Finished     *bool      `json:"finished"`
	Start        *time.Time `json:"start"`
	StartedAt    *time.Time `json:"startedAt"`
	RunStartedAt *time.Time `json:"run_started_at"`
	CreatedAt    *time.Time `json:"created_at"`
	CreatedAtGH  *time.Time `json:"createdAt"`
}

// resultRows finds the rows in an array, under the key that a platform uses, or one to a line.
func resultRows(text []byte) ([]resultRow, error) {
	text = bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	var rows []resultRow
	if json.Unmarshal(text, &rows) == nil && len(rows) > 0 {
		return rows, nil
	}
	var wrapped struct {
		Runs []resultRow `json:"workflow_runs"`
		Data []resultRow `json:"data"`
	}
	if json.Unmarshal(text, &wrapped) == nil && len(wrapped.Runs)+len(wrapped.Data) > 0 {
		return append(wrapped.Runs, wrapped.Data...), nil
	}
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		var row resultRow
		if json.Unmarshal(line, &row) == nil && (row.Status != "" || row.Conclusion != "") {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return nil, ErrNoRuns
	}
	return rows, nil
}

var goodWords = []string{"success", "succeeded", "ok", "passed", "completed"}

// result reads a row; false when the run has not ended, or says nothing that can be placed.
func (r *resultRow) result() (Result, bool) {
	x := Result{Workflow: cmp.Or(r.Path, text(r.Workflow), text(r.WorkflowID)), Name: cmp.Or(r.WorkflowName, r.WorkflowData.Name, r.Name)}
	for _, t := range []*time.Time{r.Start, r.StartedAt, r.RunStartedAt, r.CreatedAt, r.CreatedAtGH} {
		if t != nil && x.Start.IsZero() {
			x.Start = *t
		}
	}
	word := strings.ToLower(cmp.Or(r.Conclusion, r.Status))
	if x.Start.IsZero() || slices.Contains([]string{"running", "waiting", "queued", "in_progress", "new", "skipped", "cancelled", "canceled", "pending", "action_required", "requested", "stale"}, word) {
		return Result{}, false
	}
	x.Good = slices.Contains(goodWords, word)
	if word == "" && r.Finished != nil {
		x.Good = *r.Finished
	}
	return x, true
}

// text reads a JSON string or number.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		if _, err := strconv.ParseFloat(n.String(), 64); err == nil {
			return n.String()
		}
	}
	return ""
}

// Progress says which dependents have run since the cut-over.
type Progress struct {
	Schema     string      `json:"schema"`
	Credential string      `json:"credential"`
	Since      time.Time   `json:"since"`
	Dependents []RunsOfOne `json:"dependents"`
	Unmatched  int         `json:"unmatched"` // results of other automations
	Done       bool        `json:"done"`      // every dependent has run well, and its last run was good
}

// RunsOfOne is how one dependent has run.
type RunsOfOne struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	State   string     `json:"state"` // good, failed (its last run), or waiting (no run yet)
	Good    int        `json:"good"`
	Failed  int        `json:"failed"`
	Last    *time.Time `json:"last"`
	Expect  string     `json:"expect"`
	Overdue bool       `json:"overdue"` // it should have run by now
	Tell    []string   `json:"tell"`
}

// Follow says for a rotation which dependents have run well since the cut-over, which failed and which have not
// run yet.
func Follow(r *Rotation, results []Result, since, now time.Time) Progress {
	p := Progress{Schema: "rotamap/watch/1", Credential: r.Credential.ID, Since: since, Dependents: []RunsOfOne{}, Done: true}
	taken := make([]bool, len(results))
	for _, w := range r.Watch {
		one := RunsOfOne{ID: w.Dependent, Name: w.Name, State: "waiting", Expect: w.Expect, Tell: w.Tell}
		for i, x := range results {
			if !x.of(w) {
				continue
			}
			taken[i] = true
			if !x.Start.Before(since) {
				one.count(x)
			}
		}
		one.Overdue = one.State == "waiting" && w.By != nil && now.After(*w.By)
		p.Done = p.Done && one.State == "good"
		p.Dependents = append(p.Dependents, one)
	}
	for _, t := range taken {
		if !t {
			p.Unmatched++
		}
	}
	return p
}

// count takes in one run; results come sorted by start, so that the last one decides.
func (o *RunsOfOne) count(x Result) {
	start := x.Start
	o.Last = &start
	if x.Good {
		o.Good++
		o.State = "good"
		return
	}
	o.Failed++
	o.State = "failed"
}

// of reports whether a result belongs to a dependent: by the platform's id or file at the end of the automation's
// id, else by its name.
func (x *Result) of(w Watch) bool {
	if x.Workflow != "" {
		file, _, _ := strings.Cut(x.Workflow, "@")
		if strings.HasSuffix(w.Dependent, "/"+file) {
			return true
		}
	}
	return x.Name != "" && (x.Name == w.Name || x.Name == w.Object)
}

// WriteText says it for people: what failed first, what waits, what is well.
func (p *Progress) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, state := range []string{"failed", "waiting", "good"} {
		for _, o := range p.Dependents {
			if o.State == state {
				fmt.Fprintln(out, clean(o.String()))
			}
		}
	}
	if p.Unmatched > 0 {
		fmt.Fprintf(out, "%d results belong to no dependent\n", p.Unmatched)
	}
	return out.Flush()
}

// String writes one dependent as a line.
func (o *RunsOfOne) String() string {
	text := fmt.Sprintf("%-8s %s", o.State, o.Name)
	switch {
	case o.Overdue:
		text += ": overdue, expected " + o.Expect
	case o.State == "waiting":
		text += ": " + o.Expect
	case o.Last != nil:
		text += fmt.Sprintf(": %d good, %d failed, last at %s", o.Good, o.Failed, o.Last.UTC().Format("2006-01-02 15:04 MST"))
	}
	if o.State != "good" && len(o.Tell) > 0 {
		text += "; tell " + strings.Join(o.Tell, ", ")
	}
	return text
}
