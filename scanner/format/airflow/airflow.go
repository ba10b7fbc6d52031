// Package airflow reads Apache Airflow: DAGs in Python, and exports of connections.
//
// A DAG is read without running it: calls and their literal arguments in text without comments. A connection or
// variable whose name is computed is left out.
package airflow

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of DAGs, and the store of Airflow's connections.
const Platform = "airflow"

// variables is the store of Airflow's variables.
const variables = "airflow-var"

var (
	imports = lazy.New(`(?m)^\s*(from|import)\s+airflow\b`)
	speaks  = lazy.New(`\bDAG\(|@dag\b|conn_id\b|\bVariable\.get\(|\bget_connection\(`)
)

// DAGs is the row of Python files that define DAGs, or help them to log in.
func DAGs() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Apache Airflow DAG", Doc: "https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html",
		Match: func(a *artifact.Artifact) bool {
			return !a.LooksLikeJSON() && a.Has("airflow") && imports.Match(a.Content) && speaks.Match(a.Content)
		},
		Parse: parseDAGs,
	}
}

// file is one Python file while it is read.
type file struct {
	f         *artifact.Facts
	text      string // without comments
	calls     []call
	constants map[string]string // names of literal strings: assigned once, at the start of a line
	defined   map[string]int    // literal string of a constant -> where it stands
	dags      []dag
	owner     string              // the node that reads what stands outside of any DAG
	tasks     []task              // in the order of their starts
	users     map[string][]string // variable -> tasks that are given it as a secret
	texts     map[string]string   // name -> the text assigned to it, as far as asked
	named     bool                // default arguments name a connection
}

// task is a call that makes a task.
type task struct {
	id         string
	start, end int
}

type dag struct {
	id    string
	start int
}

func parseDAGs(a *artifact.Artifact, f *artifact.Facts) error {
	text := uncomment(string(a.Content))
	p := &file{f: f, text: text, calls: calls(text), users: map[string][]string{}, texts: map[string]string{}}
	p.constants, p.defined = constants(text)
	p.named = connEntry.MatchString(text)
	for _, c := range p.calls {
		if isDAG(c) {
			p.dag(c)
		}
	}
	p.bareDecorators()
	slices.SortStableFunc(p.dags, func(a, b dag) int { return cmp.Compare(a.start, b.start) })
	if len(p.dags) == 0 {
		p.owner = f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	}
	for _, c := range p.calls {
		if len(p.dags) > 0 && p.literal(c.keyword("task_id")) != "" {
			p.task(c)
		}
	}
	p.references()
	return nil
}

func isDAG(c call) bool {
	name := c.name[strings.LastIndexByte(c.name, '.')+1:]
	return name == "DAG" || name == "dag" && c.decorator
}

// reader returns the node that a place belongs to: the innermost task whose call encloses it, else the DAG above it.
func (p *file) reader(offset int) string {
	after := sort.Search(len(p.tasks), func(i int) bool { return p.tasks[i].start > offset })
	for i := after - 1; i >= 0 && p.tasks[i].start > offset-maxCallSize-maxName; i-- {
		if offset < p.tasks[i].end {
			return p.tasks[i].id
		}
	}
	return p.dagAt(offset)
}

// dagAt returns the last DAG that starts before a place; the first one for what stands above all.
func (p *file) dagAt(offset int) string {
	if len(p.dags) == 0 {
		return p.owner
	}
	after := sort.Search(len(p.dags), func(i int) bool { return p.dags[i].start > offset })
	return p.dags[max(after-1, 0)].id
}

func (p *file) at(offset int) artifact.Place { return p.f.Artifact.PlaceOf(offset) }

func (p *file) automationID(dagID string) string {
	return inventory.FileID(Platform, p.f.Artifact.Source, dagID)
}

func connection(source, id string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: source, Name: id}
}
