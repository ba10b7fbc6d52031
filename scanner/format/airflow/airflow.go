// Package airflow reads Apache Airflow: DAGs in Python, and exports of connections.
//
// A DAG is read without running it: calls and their literal arguments in text without comments. A connection or
// variable whose name is computed is left out.
package airflow

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Platform is the id of the row of DAGs, and the store of Airflow's connections.
const Platform = "airflow"

// variables is the store of Airflow's variables.
const variables = "airflow-var"

var (
	imports = regexp.MustCompile(`(?m)^\s*(from|import)\s+airflow\b`)
	speaks  = regexp.MustCompile(`\bDAG\(|@dag\b|conn_id\b|\bVariable\.get\(|\bget_connection\(`)
)

// DAGs is the row of Python files that define DAGs, or help them to log in.
func DAGs() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Apache Airflow DAG", Doc: "https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html",
		Match: func(a *artifact.Artifact) bool {
			return !a.LooksLikeJSON() && bytes.Contains(a.Content, []byte("airflow")) && imports.Match(a.Content) && speaks.Match(a.Content)
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
	dags      []dag
	owner     string // the node that reads what stands outside of any DAG
	tasks     map[int]string
}

type dag struct {
	id    string
	start int
}

func parseDAGs(a *artifact.Artifact, f *artifact.Facts) error {
	text := uncomment(string(a.Content))
	p := &file{f: f, text: text, calls: calls(text), constants: constants(text), tasks: map[int]string{}}
	for _, c := range p.calls {
		if isDAG(c) {
			p.dag(c)
		}
	}
	p.bareDecorators()
	if len(p.dags) == 0 {
		p.owner = f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	}
	for i, c := range p.calls {
		if len(p.dags) > 0 && p.literal(c.keyword("task_id")) != "" {
			p.task(i, c)
		}
	}
	p.references()
	return nil
}

func isDAG(c call) bool {
	name := c.name[strings.LastIndexByte(c.name, '.')+1:]
	return name == "DAG" || name == "dag" && c.decorator
}

// reader returns the node that a place belongs to: the task whose call encloses it, else the DAG above it.
func (p *file) reader(offset int) string {
	best, size := "", 0
	for i, c := range p.calls {
		id, ok := p.tasks[i]
		if ok && c.start <= offset && offset < c.end && (best == "" || c.end-c.start < size) {
			best, size = id, c.end-c.start
		}
	}
	if best != "" {
		return best
	}
	return p.dagAt(offset)
}

// dagAt returns the last DAG that starts before a place; the first one for what stands above all.
func (p *file) dagAt(offset int) string {
	if len(p.dags) == 0 {
		return p.owner
	}
	id := p.dags[0].id
	for _, d := range p.dags {
		if d.start <= offset {
			id = d.id
		}
	}
	return id
}

func (p *file) at(offset int) artifact.Place { return p.f.Artifact.PlaceOf(offset) }

func (p *file) automationID(dagID string) string {
	return inventory.FileID(Platform, p.f.Artifact.Source, dagID)
}

func connection(source, id string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: source, Name: id}
}
