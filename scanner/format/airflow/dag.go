package airflow

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/export"
)

var (
	functionName = regexp.MustCompile(`^\s*(?:@[^\n]*\n\s*)*(?:async\s+)?def\s+(\w+)`)
	bareDAG      = regexp.MustCompile(`(?m)^@dag\s*\n`)
	ownerEntry   = regexp.MustCompile(`["']owner["']\s*:\s*["']([^"'\n]+)["']|\bowner\s*=\s*["']([^"'\n]+)["']`)
	zoneName     = regexp.MustCompile(`(?:\btz|\btimezone)\s*(?:=|\()\s*["']([A-Za-z_]+/[A-Za-z_/+-]+|UTC)["']`)
	word         = regexp.MustCompile(`[A-Za-z_]\w*`)
	quoted       = regexp.MustCompile(`["']([^"'\n]+)["']`)
	timeDelta    = regexp.MustCompile(`timedelta\(\s*(\w+)\s*=\s*(\d+)\s*\)`)
)

// dag adds a DAG: its id is given, or the name of the function under the decorator.
func (p *file) dag(c call) {
	id := p.literal(c.positional(0, "dag_id"))
	if id == "" && c.decorator {
		if m := functionName.FindStringSubmatch(p.text[c.end:]); m != nil {
			id = m[1]
		}
	}
	at := p.at(c.start)
	if id == "" && len(c.args) == 0 {
		return // a type, or a cast
	}
	p.addDAG(id, c.start, at)
	auto := p.dags[len(p.dags)-1].id
	p.schedule(auto, c)
	if paused := c.keyword("is_paused_upon_creation"); paused.text == "True" {
		p.f.AttrSure(auto, inventory.AttrActive, "false", "paused upon creation", inventory.Low, p.at(paused.offset))
	}
	for _, tag := range quoted.FindAllStringSubmatch(c.keyword("tags").text, 50) {
		p.f.Attr(auto, inventory.AttrTag, tag[1], "", p.at(c.keyword("tags").offset))
	}
	if d := c.keyword("description"); p.literal(d) != "" {
		export.Purpose(p.f, auto, p.literal(d), p.at(d.offset))
	}
	p.whose(auto, c)
}

func (p *file) addDAG(id string, start int, at artifact.Place) {
	name := id
	if id == "" {
		id = p.f.Artifact.Path
		name = strings.TrimSuffix(p.f.Artifact.Base(), ".py")
	}
	auto := p.f.AutomationID(p.automationID(id), name, at)
	p.f.Attr(auto, inventory.AttrNeeds, "next run", "", at)
	p.f.Attr(auto, inventory.AttrEndpoint, "/dags/"+id, "", at)
	p.f.Runs(auto, p.f.Artifact.Path, "airflow-dag-file", inventory.Certain, at)
	p.dags = append(p.dags, dag{auto, start})
}

// bareDecorators adds the DAGs whose decorator has no arguments.
func (p *file) bareDecorators() {
	for _, m := range bareDAG.FindAllStringIndex(p.text, -1) {
		if name := functionName.FindStringSubmatch(p.text[m[1]:]); name != nil {
			p.addDAG(name[1], m[0], p.at(m[0]))
		}
	}
}

func (p *file) schedule(auto string, c call) {
	for _, name := range []string{"schedule", "schedule_interval"} {
		a := c.keyword(name)
		text := p.literal(a)
		if m := timeDelta.FindStringSubmatch(a.text); m != nil {
			n, _ := strconv.Atoi(m[2])
			text = interval(n, m[1])
		}
		if text == "" || text == "@once" || text == "None" {
			continue
		}
		p.f.Attr(auto, inventory.AttrSchedule, text, p.zone(c), p.at(a.offset))
	}
}

// interval writes a timedelta; Airflow counts it from the start date.
func interval(n int, unit string) string {
	seconds := map[string]int{"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400, "weeks": 604800}[unit]
	if n <= 0 || n > 10_000 || seconds == 0 {
		return ""
	}
	return export.Interval(n * seconds)
}

// zone returns the time zone of the start date; Airflow's default is UTC unless the server is configured otherwise.
func (p *file) zone(c call) string {
	if m := zoneName.FindStringSubmatch(c.keyword("start_date").text); m != nil {
		return m[1]
	}
	if name := c.keyword("start_date").text; identifier.MatchString(name) {
		if m := zoneName.FindStringSubmatch(p.assigned(name)); m != nil {
			return m[1]
		}
	}
	return ""
}

// maxAssigned bounds how many names of one file are looked up.
const maxAssigned = 200

// assigned returns the text assigned to a name.
func (p *file) assigned(name string) string {
	text, ok := p.texts[name]
	if !ok && len(p.texts) < maxAssigned {
		text = assigned(p.text, name)
		p.texts[name] = text
	}
	return text
}

// assigned returns the line, the bracketed text or the long string assigned to a name.
func assigned(text, name string) string {
	m := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(name) + `\s*(?::[^=\n]+)?=\s*`).FindStringIndex(text)
	if m == nil {
		return ""
	}
	rest := text[m[1]:min(len(text), m[1]+20_000)]
	if rest != "" && strings.IndexByte("{[(", rest[0]) >= 0 {
		if end, ok := matches(rest)[0]; ok {
			return rest[:end]
		}
	}
	if open := strings.IndexAny(rest, `"'`); open >= 0 && open < 3 && len(rest) > open+3 && rest[open] == rest[open+1] && rest[open] == rest[open+2] {
		return rest[:min(stringEnd(rest, open), len(rest))]
	}
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// whose reads the owner from the DAG's default arguments.
func (p *file) whose(auto string, c call) {
	a := c.keyword("default_args")
	text := a.text
	if identifier.MatchString(text) {
		text = p.assigned(text)
	}
	m := ownerEntry.FindStringSubmatch(text)
	if m == nil {
		return
	}
	if name := export.Person(m[1] + m[2]); name != "" && name != "airflow" {
		p.f.Owner(auto, name, "airflow-owner", inventory.Certain, p.at(a.offset))
	}
}

// task adds a task, the DAGs that it starts or waits for, and the connection it uses when none is named.
func (p *file) task(c call) {
	id, at := p.literal(c.keyword("task_id")), p.at(c.start)
	whole := p.dagAt(c.start)
	part := p.f.Part(whole, id, id, "task", at)
	p.tasks = append(p.tasks, task{part, c.start, c.end})
	for _, name := range word.FindAllString(c.keyword("secrets").text, 100) {
		p.users[name] = append(p.users[name], part)
	}
	p.f.Cover(part, at.Line, p.at(c.end-1).Line)
	if to := c.keyword("trigger_dag_id"); p.literal(to) != "" {
		p.f.Edge(inventory.TriggeredBy, p.automationID(p.literal(to)), whole, "airflow-trigger-dag", inventory.High, p.at(to.offset))
	}
	if from := c.keyword("external_dag_id"); p.literal(from) != "" {
		p.f.Edge(inventory.TriggeredBy, whole, p.automationID(p.literal(from)), "airflow-external-task", inventory.High, p.at(from.offset))
	}
	p.byDefault(part, c)
	p.commands(part, c)
}

// defaults are the connections that operators use when none is named, by how the operator's name starts. Source: the
// documentation of the providers.
var defaults = []struct{ operator, connection string }{
	{"BigQuery", "google_cloud_default"}, {"GCS", "google_cloud_default"}, {"Dataproc", "google_cloud_default"},
	{"GKE", "google_cloud_default"}, {"Dataflow", "google_cloud_default"}, {"CloudSQL", "google_cloud_default"},
	{"S3", "aws_default"}, {"Redshift", "redshift_default"}, {"Athena", "aws_default"}, {"Emr", "aws_default"},
	{"Lambda", "aws_default"}, {"Ecs", "aws_default"}, {"Glue", "aws_default"}, {"Postgres", "postgres_default"},
	{"MySql", "mysql_default"}, {"Snowflake", "snowflake_default"}, {"Databricks", "databricks_default"},
	{"SlackAPI", "slack_api_default"}, {"SlackWebhook", "slack_default"}, {"SSH", "ssh_default"}, {"SFTP", "sftp_default"},
	{"SimpleHttp", "http_default"}, {"Http", "http_default"}, {"Email", "smtp_default"}, {"DbtCloud", "dbt_cloud_default"},
	{"Airbyte", "airbyte_default"}, {"Mongo", "mongo_default"}, {"MsSql", "mssql_default"}, {"Oracle", "oracle_default"},
}

// byDefault adds the default connection of the operator, unless the task or the DAGs' default arguments name one.
func (p *file) byDefault(part string, c call) {
	if p.named {
		return
	}
	for _, a := range c.args {
		if strings.HasSuffix(a.name, "conn_id") || a.name == "**kwargs" {
			return
		}
	}
	name := c.name[strings.LastIndexByte(c.name, '.')+1:]
	if !strings.HasSuffix(name, "Operator") && !strings.HasSuffix(name, "Sensor") {
		return
	}
	for _, d := range defaults {
		if strings.HasPrefix(name, d.operator) {
			p.connection(part, d.connection, "airflow-default-connection", inventory.Medium, c.start, "")
			return
		}
	}
}

// connection says that a node logs in with a connection. The word in front of conn_id often names the service.
func (p *file) connection(node, id, rule string, sure inventory.Confidence, offset int, word string) {
	at := p.at(offset)
	at.Pointer = fmt.Sprintf("conn_id=%s", id)
	slot := p.f.Slot(connection(p.f.Artifact.Source, id), at)
	p.f.Edge(inventory.Reads, node, slot, rule, sure, at)
	if i, ok := p.defined[id]; ok { // the id stands where a constant has it
		at = p.at(i)
		at.Pointer = fmt.Sprintf("conn_id=%s", id)
		p.f.Edge(inventory.Reads, node, slot, rule, sure, at)
	}
	p.service(node, slot, word, id, at)
}
