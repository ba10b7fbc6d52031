package airflow

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	connEntry  = lazy.New(`["'](\w*conn_id)["']\s*:\s*["']([^"'\n{}]+)["']`)
	connEnd    = lazy.New(`(?:^|_)conn_id$`)
	jinja      = lazy.New(`\{\{-?\s*(conn|var\.value|var\.json)\.(?:get\(\s*["'])?([A-Za-z_][A-Za-z0-9_]*)`)
	secretName = lazy.New(`(\w+)\s*=\s*$`)
)

// references reads what the file logs in with: connections, variables, Kubernetes secrets.
func (p *file) references() {
	for _, c := range p.calls {
		p.call(c)
	}
	for _, m := range connEntry.FindAllStringSubmatchIndex(p.text, -1) {
		p.connection(p.reader(m[0]), p.text[m[4]:m[5]], "airflow-connection", inventory.Certain, m[4], p.text[m[2]:m[3]])
	}
	for _, m := range jinja.FindAllStringSubmatchIndex(p.text, -1) {
		name := p.text[m[4]:m[5]]
		if p.text[m[2]:m[3]] == "conn" {
			p.connection(p.reader(m[0]), name, "airflow-jinja", inventory.Certain, m[4], "")
			continue
		}
		p.variable(name, m[4])
	}
}

func (p *file) call(c call) {
	name := c.name[strings.LastIndexByte(c.name, '.')+1:]
	for _, a := range c.args {
		if id := p.literal(a); connEnd.MatchString(a.name) && id != "" && !strings.Contains(id, "{{") {
			p.connection(p.reader(a.offset), id, "airflow-connection", inventory.Certain, a.offset, a.name)
		}
	}
	switch {
	case name == "get_connection" || name == "get_connection_from_secrets":
		if id := p.literal(c.positional(0, "conn_id")); id != "" && c.keyword("conn_id").text == "" {
			p.connection(p.reader(c.start), id, "airflow-connection", inventory.Certain, c.start, "")
		}
	case strings.HasSuffix(c.name, "Variable.get"):
		if id := p.literal(c.positional(0, "key")); id != "" {
			p.variable(id, c.start)
		}
	case name == "Secret" && len(c.args) >= 3:
		p.kubernetesSecret(c)
	}
}

func (p *file) variable(name string, offset int) {
	at := p.at(offset)
	slot := p.f.Slot(inventory.SlotRef{Store: variables, Scope: p.f.Artifact.Source, Name: name}, at)
	p.f.Edge(inventory.Reads, p.reader(offset), slot, "airflow-variable", inventory.Certain, at)
}

// service says for which system a connection is, by the word in front of conn_id, else by a default connection's
// own name.
func (p *file) service(node, slot, word, id string, at artifact.Place) {
	word = strings.TrimSuffix(strings.TrimSuffix(word, "conn_id"), "_")
	if word == "" && strings.HasSuffix(id, "_default") {
		word = strings.TrimSuffix(id, "_default")
	}
	word = strings.TrimSuffix(strings.TrimSuffix(word, "_webhook"), "_api")
	if word == "" || word == "http" {
		return
	}
	if service, ok := provider.ServiceOfNode(Platform, word); ok {
		p.f.Service(slot, service, "airflow-conn-id", inventory.High, at)
		p.f.Service(node, service, "airflow-conn-id", inventory.High, at)
	}
}

// kubernetesSecret reads Secret(deploy_type, deploy_target, secret, key): a pod of the DAG gets it under the target.
func (p *file) kubernetesSecret(c call) {
	secret, key := p.literal(c.positional(2, "secret")), p.literal(c.positional(3, "key"))
	if secret == "" {
		return
	}
	at := p.at(c.start)
	ref := inventory.SlotRef{Store: "k8s", Scope: p.f.Artifact.Source + "/*", Name: secret, Key: key}
	as := "file"
	if p.literal(c.positional(0, "deploy_type")) == "env" {
		as = "env"
	}
	target := p.literal(c.positional(1, "deploy_target"))
	for _, reader := range p.receivers(c) {
		slot := p.f.Slot(ref, at)
		p.f.Refs--
		if target == "" {
			p.f.Edge(inventory.Reads, reader, slot, "airflow-kubernetes-secret", inventory.High, at)
			continue
		}
		binding := p.f.Binding(reader, target, as, at)
		p.f.Edge(inventory.Reads, reader, binding, "airflow-kubernetes-secret", inventory.Certain, at)
		p.f.Edge(inventory.BoundFrom, binding, slot, "airflow-kubernetes-secret", inventory.High, at)
	}
	p.f.Refs++
}

// receivers returns the tasks that are given the variable that a secret is assigned to; else what encloses it.
func (p *file) receivers(c call) []string {
	before := p.text[max(0, c.start-maxName):c.start]
	before = before[strings.LastIndexByte(before, '\n')+1:]
	if m := secretName.FindStringSubmatch(before); m != nil && len(p.users[m[1]]) > 0 {
		return p.users[m[1]]
	}
	return []string{p.reader(c.start)}
}
