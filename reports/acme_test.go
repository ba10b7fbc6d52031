package reports

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/policy"
)

// The shared document of all tests: a small company with a shop repository (GitHub Actions, scripts, a past leak), a
// platform repository (Kubernetes), and an n8n export; and names as a hostile repository would choose them.

const (
	shop     = "github.com/acme/shop"
	platform = "github.com/acme/platform"
	flows    = "n8n-export"
)

// hostile is a name with everything that an encoder must make harmless: escape sequences, line breaks, HTML, a
// formula, a bidirectional override, and the quotes of every format.
const hostile = "=cmd|' /C calc'!A0\x1b[31m\r\n::error::x\u202Egnp\u200b\"'`|]]>--><script>alert(1)</script><img src=x onerror=alert(1)> @acme/all *b* {{7*7}} $(id) \\"

// facts puts a fragment together.
type facts struct {
	source string
	set    *inventory.Set
	at     inventory.Evidence
}

func newFacts(source string) *facts { return &facts{source: source, set: inventory.NewSet()} }

// in says where the following facts stand.
func (f *facts) in(path string, line int, pointer string) *facts {
	f.at = inventory.Evidence{Source: f.source, Path: path, Line: line, Column: 5, Pointer: pointer, State: inventory.Head}
	return f
}

func (f *facts) node(id string, kind inventory.NodeKind, name string, attrs ...string) string {
	n := inventory.Node{ID: id, Kind: kind, Name: name, Evidence: []inventory.Evidence{f.at}}
	for i := 0; i+1 < len(attrs); i += 2 {
		value, detail, _ := strings.Cut(attrs[i+1], "|")
		n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrKey(attrs[i]), Value: value, Detail: detail,
			Rule: "test", Confidence: inventory.High, Evidence: []inventory.Evidence{f.at}})
	}
	f.set.AddNode(n)
	return id
}

func (f *facts) slot(r inventory.SlotRef, attrs ...string) string {
	attrs = append([]string{"store", r.Store, "scope", r.Scope, "key", r.Key, "class", "credential"}, attrs...)
	return f.node(r.ID(), inventory.Slot, strings.TrimSuffix(r.Name+"#"+r.Key, "#"), attrs...)
}

func (f *facts) edge(from string, kind inventory.EdgeKind, to string, sure inventory.Confidence) {
	f.set.AddEdge(inventory.Edge{From: from, To: to, Kind: kind, Rule: "test", Confidence: sure, Evidence: []inventory.Evidence{f.at}})
}

// holds says that a slot holds, or held, a literal value.
func (f *facts) holds(slot, print, rule, severity, held string, state inventory.State, commit string) {
	at := f.at
	at.State, at.Seen = state, inventory.SeenAt(nil, commit, commit)
	f.set.AddNode(inventory.Node{ID: inventory.ValueID(print), Kind: inventory.Value})
	f.set.AddNode(inventory.Node{ID: slot, Attrs: []inventory.Attr{
		{Key: inventory.AttrDetector, Value: rule, Detail: severity, Rule: rule, Evidence: []inventory.Evidence{at}}}})
	f.set.AddEdge(inventory.Edge{From: slot, To: inventory.ValueID(print), Kind: inventory.Holds, Rule: "holds-" + held,
		Confidence: inventory.Certain, Evidence: []inventory.Evidence{at},
		Attrs: []inventory.Attr{{Key: inventory.AttrHeld, Value: held}}})
}

// use gives a part of an automation a binding to a slot.
func (f *facts) use(automation, part, name, slot string, sure inventory.Confidence) {
	p := f.node(inventory.PartID(automation, part), inventory.Part, part, "platform", "test")
	f.edge(p, inventory.PartOf, automation, inventory.Certain)
	b := f.node(inventory.BindingID(p, name), inventory.Binding, name)
	f.edge(p, inventory.Reads, b, inventory.Certain)
	f.edge(b, inventory.BoundFrom, slot, sure)
}

func (f *facts) fragment(t testing.TB, c inventory.Coverage) inventory.Fragment {
	t.Helper()
	out := inventory.Fragment{Source: f.source, Kind: "git", Revision: strings.Repeat("4f", 20), Time: "2026-11-20T10:00:00Z",
		KeyID: "k7", Nodes: f.set.Nodes(), Edges: f.set.Edges(), Coverage: c,
		Commits: []inventory.Commit{{ID: "c1", Time: "2024-03-01T09:00:00Z"}, {ID: "c2", Time: "2026-10-01T09:00:00Z"}}}
	if err := out.Seal(); err != nil {
		t.Fatal(err)
	}
	return out
}

func print(n int) string { return fmt.Sprintf("hs1:k7:PRINT%021d", n) }

// acme returns the map of the company.
func acme(t testing.TB) *graph.Graph {
	return graph.Load(inventory.Merge(
		inventory.Map{Fragments: []inventory.Fragment{shopFacts(t)}},
		inventory.Map{Fragments: []inventory.Fragment{platformFacts(t)}},
		inventory.Map{Fragments: []inventory.Fragment{flowFacts(t)}},
	))
}

func shopFacts(t testing.TB) inventory.Fragment {
	f := newFacts(shop)
	f.in(".github/workflows/deploy.yml", 14, "jobs.deploy.env.SLACK_TOKEN")
	slack := f.slot(inventory.SlotRef{Store: "gh", Scope: "acme/shop", Name: "SLACK_TOKEN"}, "defined", "outside")
	service(f, slack, "slack")
	deploy := f.node("github-actions:"+shop+"/.github/workflows/deploy.yml", inventory.Automation, "Deploy the shop",
		"platform", "github-actions", "schedule", "0 3 * * *|UTC", "environment", "production", "needs", "next run", "trigger", "push")
	f.use(deploy, "deploy", "SLACK_TOKEN", slack, inventory.Certain)
	f.edge(deploy, inventory.OwnedBy, f.node(inventory.OwnerID("@acme/release"), inventory.Owner, "@acme/release"), inventory.High)

	f.in("scripts/notify.sh", 7, "SLACK_TOKEN")
	inline := f.slot(inventory.SlotRef{Store: "inline", Scope: shop, Name: "scripts/notify.sh", Key: "SLACK_TOKEN"}, "defined", "in-scan")
	f.holds(inline, print(1), "slack-bot-token", "critical", "current", inventory.Head, "c1")
	service(f, inline, "slack")
	code := f.node("code:"+shop+"/scripts/notify.sh", inventory.Code, "scripts/notify.sh", "language", "shell")
	f.edge(code, inventory.Reads, inline, inventory.Certain)
	f.in(".github/workflows/deploy.yml", 19, "jobs.deploy.steps[1].run")
	f.edge(inventory.PartID(deploy, "deploy"), inventory.Runs, code, inventory.Certain)

	f.in("config/old.env", 3, "STRIPE_KEY")
	stripe := f.slot(inventory.SlotRef{Store: "dotenv", Scope: shop, Name: "config/old.env", Key: "STRIPE_KEY"}, "defined", "in-scan")
	f.holds(stripe, print(2), "stripe-access-token", "critical", "past", inventory.History, "c1")
	service(f, stripe, "stripe")

	f.in("docs/"+"a:b <i>\n.md", 2, "x")
	odd := f.slot(inventory.SlotRef{Store: "inline", Scope: shop, Name: "docs/a:b <i>\n.md", Key: hostile})
	f.holds(odd, print(3), "assigned-secret", "high", "current", inventory.Head, "c2")
	bad := f.node("github-actions:"+shop+"/.github/workflows/"+hostile, inventory.Automation, hostile, "platform", "github-actions",
		"schedule", hostile, "environment", "production")
	f.use(bad, "run", hostile, odd, inventory.Certain)
	f.edge(bad, inventory.OwnedBy, f.node(inventory.OwnerID("ana@acme.example"), inventory.Owner, "ana@acme.example"), inventory.High)
	return f.fragment(t, inventory.Coverage{Files: 120, Commits: 88, Blobs: 240, Branches: 2,
		Skipped:    []inventory.Skipped{{Path: "node_modules", Reason: "a dependency folder", Count: 1}},
		Unreadable: []inventory.Unreadable{{What: "media/big.bin", Reason: "the object is missing"}},
		Suppressed: []inventory.Suppressed{{Path: ".env.example", Line: 4, Rule: "assigned-secret", Reason: "a placeholder", Count: 1}}})
}

func platformFacts(t testing.TB) inventory.Fragment {
	f := newFacts(platform)
	f.in("k8s/production/slack.yaml", 9, "stringData.token")
	secret := f.slot(inventory.SlotRef{Store: "k8s", Scope: platform + "@production/default", Name: "slack", Key: "token"}, "defined", "in-scan")
	f.holds(secret, print(1), "slack-bot-token", "critical", "current", inventory.Head, "c2")
	f.in("k8s/production/report.yaml", 22, "spec.env[0]")
	job := f.node("kubernetes:"+platform+"/default/CronJob/report", inventory.Automation, "report", "platform", "kubernetes",
		"schedule", "*/30 * * * *|Europe/Berlin", "needs", "restart")
	f.use(job, "main", "SLACK", secret, inventory.Certain)
	f.edge(job, inventory.OwnedBy, f.node(inventory.OwnerID("@acme/platform"), inventory.Owner, "@acme/platform"), inventory.High)

	f.in("k8s/base/db.yaml", 12, "spec.envFrom")
	db := f.slot(inventory.SlotRef{Store: "vault", Scope: "*", Name: "secret/shop/db", Key: "password"}, "defined", "outside")
	service(f, db, "postgres")
	for i := range 9 { // enough equal leaves to be drawn as one
		f.in(fmt.Sprintf("k8s/base/worker-%d.yaml", i), 12, "spec.env[1]")
		w := f.node(fmt.Sprintf("kubernetes:%s/default/Deployment/worker-%d", platform, i), inventory.Automation, fmt.Sprintf("worker-%d", i),
			"platform", "kubernetes")
		f.use(w, "main", "DB_PASSWORD", db, inventory.High)
	}
	return f.fragment(t, inventory.Coverage{Files: 40, Commits: 31, Blobs: 61})
}

func flowFacts(t testing.TB) inventory.Fragment {
	f := newFacts(flows)
	f.in("workflows/alerts.json", 31, "nodes[2].parameters.token")
	inline := f.slot(inventory.SlotRef{Store: "inline", Scope: flows, Name: "workflows/alerts.json", Key: "nodes[2].parameters.token"}, "defined", "in-scan")
	f.holds(inline, print(1), "slack-bot-token", "critical", "current", inventory.Head, "")
	alerts := f.node("n8n:"+flows+"/workflow/7", inventory.Automation, "Alerts", "platform", "n8n", "active", "true",
		"schedule", "0 8 * * 1")
	part := f.node(inventory.PartID(alerts, "Slack"), inventory.Part, "Slack", "platform", "n8n")
	f.edge(part, inventory.PartOf, alerts, inventory.Certain)
	f.edge(part, inventory.Reads, inline, inventory.Certain)
	digest := f.node("n8n:"+flows+"/workflow/8", inventory.Automation, "Digest", "platform", "n8n", "active", "false")
	f.edge(digest, inventory.TriggeredBy, alerts, inventory.Certain)
	sheet := f.slot(inventory.SlotRef{Store: "n8n", Scope: flows, Name: "12"}, "type", "googleSheetsOAuth2Api", "defined", "outside")
	f.use(digest, "Sheet", "googleSheetsOAuth2Api", sheet, inventory.Certain)
	out := f.fragment(t, inventory.Coverage{Files: 2, Blobs: 2})
	return out
}

func service(f *facts, slot, id string) {
	f.edge(slot, inventory.TalksTo, f.node(inventory.ServiceID(id), inventory.Service, id), inventory.High)
}

// acmeTemplate is a user's template.
const acmeTemplate = "{{range .Credentials}}{{.Label}} {{.Name}}: {{count (len .Automations) \"automation\"}}\n{{end}}"

// acmeOptions are the options of all goldens.
func acmeOptions() Options {
	return Options{Version: "0.0.0-test", Template: acmeTemplate, Calendar: []plan.Event{
		{Key: "due/slack", Start: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Summary: "Rotation due: " + hostile, Details: "Owner: ana@acme.example",
			Repeat: "FREQ=MONTHLY;INTERVAL=6", Remind: []time.Duration{7 * 24 * time.Hour}, Category: "rotation"},
	}, Findings: []policy.Finding{
		{Rule: "hard-coded-shared", Severity: policy.Critical, Title: "One secret in 3 places", Credential: "gh:acme/shop/SLACK_TOKEN",
			Why: "A value that stands in files is read by everyone who reads the files.",
			Fix: "Move it to a secret store and refer to it by name.",
			Evidence: []inventory.Evidence{{Source: shop, Path: "scripts/notify.sh", Line: 7, Column: 5, State: inventory.Head},
				{Source: platform, Path: "k8s/production/slack.yaml", Line: 9, Column: 5, State: inventory.Head}}},
		{Rule: "no-owner", Severity: policy.Low, Title: "No owner: " + hostile, Credential: "n8n:n8n-export/12", Why: "Nobody answers for it."},
		{Rule: "untracked", Severity: policy.Medium, Title: "Not in the register", Why: "It has no row.", Fix: "Add one.", Suppressed: &policy.Suppression{Reason: "is replaced by then", Owner: "ops", Until: "2027-03-31"},
			Evidence: []inventory.Evidence{{Source: flows, Path: "workflows/alerts.json", Line: 31}}},
	}}
}

// acmeDocument is the document of all tests.
func acmeDocument(t testing.TB) Document {
	g, o := acme(t), acmeOptions()
	runbooks := plan.New(g, Weightiest(g, 4), nil, plan.Options{Now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)})
	o.Plan = &runbooks
	return New(g, o)
}
