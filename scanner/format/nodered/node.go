package nodered

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// step is one node while it is read.
type step struct {
	fl   *flows
	l    located
	kind string
	part string // "" for a configuration node
	home located
	auto string
	idle bool
}

func (s *step) holder() export.Holder { return s.fl.holder(s.part, s.idle) }

func (s *step) read() {
	if s.idle {
		s.fl.f.Attr(s.part, inventory.AttrActive, "false", "", s.l.at())
	} else {
		s.starts()
		s.edges()
		s.uses()
	}
	if id, ok := provider.ServiceOfNode(Platform, s.kind); ok {
		s.fl.f.Service(s.part, id, "node-red-node-type", inventory.Certain, s.l.at())
	}
	s.credentials(s.l, map[string]bool{})
	s.fl.environment(s.part, s.l, s.idle)
	s.literals()
	s.variables()
}

// starts says what begins the flow: a clock, a message, a call.
func (s *step) starts() {
	f := s.fl.f
	switch s.kind {
	case "inject":
		s.inject()
	case "http in":
		n, p := s.l.field("url")
		f.Attr(s.auto, inventory.AttrTrigger, "http", "", s.l.at())
		s.holder().Serves(s.auto, "/", n.Str(), artifact.At(n, p))
	case "mqtt in", "websocket in", "tcp in", "udp in", "watch", "amqp in", "link in":
		f.Attr(s.auto, inventory.AttrTrigger, strings.TrimSuffix(s.kind, " in"), "", s.l.at())
	}
}

func (s *step) inject() {
	cron, p := s.l.field("crontab")
	if cron.Str() != "" {
		s.fl.f.Attr(s.auto, inventory.AttrSchedule, cron.Str(), "", artifact.At(cron, p))
		return
	}
	repeat, p := s.l.field("repeat")
	if seconds, err := strconv.ParseFloat(repeat.Str(), 64); err == nil && seconds >= 1 {
		s.fl.f.Attr(s.auto, inventory.AttrSchedule, export.Interval(int(seconds)), "", artifact.At(repeat, p))
		return
	}
	s.fl.f.Attr(s.auto, inventory.AttrTrigger, "inject", "", s.l.at())
}

// edges says which other tabs and subflows the node starts.
func (s *step) edges() {
	f := s.fl.f
	if def, ok := strings.CutPrefix(s.kind, "subflow:"); ok && s.fl.homes[def] != "" {
		f.Edge(inventory.Runs, s.part, s.fl.homes[def], "node-red-subflow", inventory.Certain, s.l.at())
	}
	links, p := s.l.field("links")
	for i, link := range links.List() {
		to, at := s.fl.links[link.Str()], artifact.At(link, p.Index(i))
		switch {
		case to == "" || to == s.auto:
		case s.kind == "link call":
			f.Edge(inventory.Runs, s.part, to, "node-red-link", inventory.Certain, at)
		case s.kind == "link out":
			f.Edge(inventory.TriggeredBy, to, s.auto, "node-red-link", inventory.Certain, at)
		}
	}
	if s.kind == "mqtt out" && s.l.get("topic") != "" {
		s.publish()
	}
}

// topic names what a node publishes or listens to.
func topic(l located) string { return l.get("broker") + "\x00" + l.get("topic") }

// publish says which tabs a message on the same broker and topic starts.
func (s *step) publish() {
	for _, to := range s.fl.subscribers[topic(s.l)] {
		if to != s.auto {
			s.fl.f.Edge(inventory.TriggeredBy, to, s.auto, "node-red-mqtt", inventory.Certain, s.l.at())
		}
	}
}

// loginTypes have credentials when they log in at all, though only the credentials file says so: the nodes of Node-RED
// itself and those of the packages that are installed most, as their editors declare them. As an add-on of Home Assistant
// a server needs none.
var loginTypes = map[string]bool{
	"mqtt-broker": true, "e-mail": true, "e-mail in": true, "twitter-credentials": true, "http proxy": true,
	"MySQLdatabase": true, "mongodb": true, "mongodb2": true, "mongodb4-client": true, "MSSQL-CN": true, "influxdb": true, "oracle-server": true,
	"telegram bot": true, "slack-config": true, "discord-token": true, "twilio-api": true, "pushover-keys": true, "pushbullet-config": true,
	"matrix-server-config": true, "xmpp-server": true, "ftp": true, "sftp": true, "OpcUa-Endpoint": true, "amazon config": true, "aws-config": true,
	"google-credentials": true, "dropbox-config": true, "box-credentials": true, "ibmiot": true, "wiotp-credentials": true, "server": true,
}

// credentials says that the node needs its own credentials and those of the configuration nodes that it names.
func (s *step) credentials(l located, seen map[string]bool) {
	id := l.get("id")
	if seen[id] || len(seen) > 20 {
		return
	}
	seen[id] = true
	at := l.at()
	if s.fl.secrets[id] || loginTypes[l.get("type")] && l.get("addon") != "true" || l.get("type") == "http request" && l.get("authType") != "" {
		ref := s.fl.f.Slot(slot(s.fl.f.Artifact, id, ""), at)
		s.fl.f.Attr(ref, inventory.AttrType, l.get("type"), "", at)
		s.fl.f.Attr(ref, inventory.AttrAlias, export.Label(l.label()), "", at)
		s.about(ref, l)
		sure := inventory.High
		if s.fl.secrets[id] || l.get("type") == "http request" {
			sure = inventory.Certain
		}
		s.holder().Reads(ref, "node-red-credential", sure, s.l.at())
	}
	for _, p := range l.n.Entries() {
		c, ok := s.fl.byID[p.Value.Str()]
		if ok && c.get("z") == "" && !isHome(c) && p.Key != "id" && p.Key != "z" {
			s.credentials(c, seen)
		}
	}
}

// label is the name of a node, or its type and where it logs in: nobody knows it by its id.
func (l located) label() string {
	if name := l.get("name"); name != "" {
		return name
	}
	for _, key := range []string{"broker", "hostname", "host"} {
		if host := l.get(key); host != "" && !strings.ContainsAny(host, "/@ ") {
			return l.get("type") + " " + host
		}
	}
	return l.get("type")
}

// about says for which system a node's credentials are.
func (s *step) about(ref string, l located) {
	f := s.fl.f
	if id, ok := provider.ServiceOfNode(Platform, l.get("type")); ok {
		f.Service(ref, id, "node-red-node-type", inventory.Certain, l.at())
	}
	for _, key := range []string{"broker", "server", "host", "hostname", "url"} {
		n, p := l.field(key)
		host := export.Host(n.Str())
		if host == "" && !strings.Contains(n.Str(), "://") {
			host = export.Host("https://" + n.Str())
		}
		if host == "" || s.fl.byID[n.Str()].n != nil {
			continue
		}
		f.Attr(ref, inventory.AttrHost, host, "", artifact.At(n, p))
		if s.part != "" {
			f.Attr(s.part, inventory.AttrHost, host, "", artifact.At(n, p))
		}
	}
}

// programs are the properties that hold program text, and its language.
var programs = map[string]string{"func": "javascript", "initialize": "javascript", "finalize": "javascript", "command": "shell"}

// literals reads the properties in which a value may stand in the clear.
func (s *step) literals() {
	h := s.holder()
	for _, p := range s.l.n.Entries() {
		at := s.l.path.Key(p.Key)
		switch {
		case p.Key == "env" || p.Key == "wires" || p.Key == "id" || p.Key == "z" || p.Key == "info" || p.Key == "authType":
		case programs[p.Key] != "":
			h.Code(programs[p.Key], p.Value, at, inventory.SlotRef{})
		case p.Key == "template" || p.Key == "format" || p.Key == "html":
			h.Text(p.Value.Str(), artifact.At(p.Value, at))
		case p.Key == "headers":
			h.Pairs(p.Value, at)
		case p.Key == "rules":
			s.rules(h, p.Value, at)
		case p.Key == "props":
			s.props(h, p.Value, at)
		default:
			h.Leaves(p.Key, p.Value, at)
		}
	}
}

// uses says what the node calls.
func (s *step) uses() {
	if s.l.get("type") == "http request" {
		n, p := s.l.field("url")
		s.holder().Call(s.l.get("method"), n.Str(), artifact.At(n, p))
	}
	for _, key := range []string{"query", "sql", "sqlquery"} {
		if n, p := s.l.field(key); n.IsString() {
			s.holder().SQL(n.Value, artifact.At(n, p))
		}
	}
}

// rules reads what a change node sets.
func (s *step) rules(h export.Holder, n *tree.Node, p tree.Path) {
	for i, r := range n.List() {
		if t := r.Get("tot").Str(); t == "" || t == "str" || t == "json" {
			h.Value(r.Get("p").Str(), r.Get("to"), p.Index(i).Key("to"))
		}
	}
}

// props reads what an inject node sends.
func (s *step) props(h export.Holder, n *tree.Node, p tree.Path) {
	for i, prop := range n.List() {
		if t := prop.Get("vt").Str(); t == "str" || t == "json" {
			h.Value(prop.Get("p").Str(), prop.Get("v"), p.Index(i).Key("v"))
		}
	}
}

var (
	envCall  = lazy.New(`\benv\.get\(\s*["']([A-Za-z_]\w*)["']\s*\)`)
	envValue = lazy.New(`\$\{([A-Za-z_]\w*)\}`)

	variableName = lazy.New(`^[A-Za-z_]\w*$`)
)

// variables reads the variables that the node's properties use: ${NAME} in a text, env.get in a program, and values whose type
// says that they name one.
func (s *step) variables() {
	s.typed(s.l.n, s.l.path)
	for _, p := range s.l.n.Entries() {
		p.Value.Walk(s.l.path.Key(p.Key), func(at tree.Path, n *tree.Node) bool {
			s.typed(n, at)
			pattern := envValue
			if programs[p.Key] != "" {
				pattern = envCall
			}
			if n.IsString() {
				for _, m := range pattern.FindAllStringSubmatch(n.Value, -1) {
					s.variable(m[1], artifact.At(n, at))
				}
			}
			return true
		})
	}
}

// typed reads the values of a map beside which another key says that they are variables: {"to": "NAME", "tot": "env"},
// {"payload": "NAME", "payloadType": "env"}. Source: TypedInput in the documentation of Node-RED's editor.
func (s *step) typed(n *tree.Node, at tree.Path) {
	for _, p := range n.Entries() {
		if p.Value.Str() != "env" {
			continue
		}
		for _, end := range []string{"Type", "type", "t"} {
			key, ok := strings.CutSuffix(p.Key, end)
			if value := n.Get(key); ok && key != "" && variableName.MatchString(value.Str()) {
				s.variable(value.Str(), artifact.At(value, at.Key(key)))
				break
			}
		}
	}
}

// variable says from where a variable comes: the nearest of group, tab or subflow, and global configuration that
// sets it, else the process. NR_* are the runtime's own.
func (s *step) variable(name string, at artifact.Place) {
	if strings.HasPrefix(name, "NR_") {
		return
	}
	around := []located{s.l, s.fl.byID[s.l.get("g")], s.home}
	for _, l := range append(around, s.fl.globals[:min(len(s.fl.globals), 10)]...) {
		for _, e := range l.n.Get("env").List() {
			if e.Get("name").Str() != name {
				continue
			}
			switch e.Get("type").Str() {
			case "cred":
				s.holder().Reads(s.fl.f.Slot(slot(s.fl.f.Artifact, l.get("id"), name), at), "node-red-env", inventory.Certain, at)
			case "env":
				s.holder().Reads(s.fl.f.Slot(environment(s.fl.f.Artifact, e.Get("value").Str()), at), "node-red-env", inventory.Certain, at)
			}
			return
		}
	}
	s.holder().Reads(s.fl.f.Slot(environment(s.fl.f.Artifact, name), at), "node-red-env", inventory.High, at)
}
