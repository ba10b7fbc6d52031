package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
)

// Permission is something that a dependent of a credential does at a system, or that the credential allows.
type Permission struct {
	Automation string // id of the automation that does it, "" for code that nothing starts and for a grant
	Node       string // the part, code, slot or derived credential that says so
	Kind       string // how What is to be read, a kind of package inventory
	What       string
	Evidence   []inventory.Evidence
}

// Seen reports whether it says what is done; otherwise it says that something is done which nothing shows.
func (p *Permission) Seen() bool { return p.What != inventory.UseUnseen }

// Uses lists what the dependents of a credential do with it, as far as files show: what stands at a part or a file of
// code that reads the credential, and belongs to its service. It is sorted by automation, kind and text.
func (g *Graph) Uses(i *Impact) []Permission {
	reads := map[string]bool{}
	for _, d := range i.Dependents {
		if d.Certainty == CertaintyBreaks && d.Kind != inventory.Automation {
			reads[d.ID] = true
		}
	}
	for _, slot := range i.Credential.Slots {
		reads[slot] = true
	}
	var out []Permission
	started := map[string]bool{}
	for _, d := range i.Dependents {
		if d.Kind == inventory.Automation && d.Certainty == CertaintyBreaks {
			out = append(out, g.usesOf(d.ID, reads, started, &i.Credential)...)
		}
	}
	for id := range reads {
		if n := g.Node(id); n != nil && n.Kind == inventory.Code && !started[id] {
			out = append(out, g.permissions("", id, inventory.AttrUse, &i.Credential)...)
		}
	}
	return sortedPermissions(out)
}

// usesOf lists what the parts of an automation, and the files that they start, do with a credential. It notes those files.
func (g *Graph) usesOf(automation string, reads, started map[string]bool, c *Credential) []Permission {
	var out []Permission
	for _, id := range append(g.PartsOf(automation), automation) {
		if reads[id] || id == automation || g.readsAsWhole(id, reads) {
			out = append(out, g.permissions(automation, id, inventory.AttrUse, c)...)
		}
		for _, file := range g.codeOf(id) {
			started[file] = true
			if reads[file] {
				out = append(out, g.permissions(automation, file, inventory.AttrUse, c)...)
			}
		}
	}
	return out
}

// readsAsWhole reports whether a part is a step of a job that reads the credential for all of its steps.
func (g *Graph) readsAsWhole(id string, reads map[string]bool) bool {
	for _, e := range g.Out(id) {
		if e.Kind == inventory.PartOf && reads[e.To] && slices.ContainsFunc(g.Out(e.To), func(o *inventory.Edge) bool {
			return o.Kind == inventory.Reads && (reads[o.To] || slices.ContainsFunc(g.Out(o.To), func(b *inventory.Edge) bool { return reads[b.To] }))
		}) {
			return true
		}
	}
	return false
}

// Grants lists what a credential, or what is minted from it, may do, as far as files show.
func (g *Graph) Grants(i *Impact) []Permission {
	ids := slices.Clone(i.Credential.Slots)
	for _, d := range i.Dependents {
		if d.Kind == inventory.Derived {
			ids = append(ids, d.ID)
		}
	}
	var out []Permission
	for _, id := range ids {
		out = append(out, g.permissions("", id, inventory.AttrGrant, &i.Credential)...)
	}
	return sortedPermissions(out)
}

// PartsOf lists the parts of an automation, at any depth, at most 500.
func (g *Graph) PartsOf(automation string) []string {
	var out []string
	seen := map[string]bool{}
	for queue := []string{automation}; len(queue) > 0 && len(out) < 500; queue = queue[1:] {
		for _, e := range g.In(queue[0]) {
			if e.Kind == inventory.PartOf && !seen[e.From] {
				seen[e.From] = true
				out = append(out, e.From)
				queue = append(queue, e.From)
			}
		}
	}
	return out
}

// codeOf lists the files of code that a part runs, and those that they run.
func (g *Graph) codeOf(part string) []string {
	var out []string
	for queue := []string{part}; len(queue) > 0 && len(out) < 100; queue = queue[1:] {
		for _, e := range g.Out(queue[0]) {
			if e.Kind != inventory.Runs {
				continue
			}
			id, _, _ := inventory.ContextOf(e.To)
			if n := g.Node(e.To); n != nil && n.Kind == inventory.Code && !slices.Contains(out, id) {
				out = append(out, id)
				queue = append(queue, e.To)
			}
		}
	}
	return out
}

func (g *Graph) permissions(automation, id string, key inventory.AttrKey, c *Credential) []Permission {
	n := g.Node(id)
	if n == nil {
		return nil
	}
	var out []Permission
	for _, a := range n.All(key) {
		if key == inventory.AttrGrant || g.concerns(c, n, a) {
			out = append(out, Permission{automation, id, a.Detail, a.Value, a.Evidence})
		}
	}
	return out
}

// cloudTools are the services behind the tools of clouds.
var cloudTools = map[string]string{"gcloud": "google-cloud", "gsutil": "google-cloud", "bq": "google-cloud", "az": "azure", "flyctl": "fly",
	"wrangler": "cloudflare", "doctl": "digitalocean", "sentry-cli": "sentry"}

// concerns reports whether a use is one of the credential's service. Where the service is not known, whatever its
// readers do may be; but for what they do with the token of their repository, which they do anyway.
func (g *Graph) concerns(c *Credential, n *inventory.Node, a inventory.Attr) bool {
	service := c.Service
	switch a.Detail {
	case inventory.PermitGitHub:
		return service == "github"
	case inventory.PermitAWS:
		return service == "aws"
	case inventory.PermitSQL:
		return service == "" || databases[service]
	case inventory.PermitScope:
		return strings.HasPrefix(a.Value, service+" ")
	case inventory.PermitCloud:
		tool, _, _ := strings.Cut(a.Value, " ")
		return cmp.Or(cloudTools[tool], tool) == service
	case inventory.PermitAPI:
		_, rest, _ := strings.Cut(a.Value, " ")
		host, _, _ := strings.Cut(rest, "/")
		id, known := provider.ServiceOfHost(host)
		return service == "" && !known || known && id == service
	}
	if service == "" {
		return true
	}
	for _, e := range g.Out(n.ID) {
		if e.Kind == inventory.TalksTo {
			return e.To == inventory.ServiceID(service)
		}
	}
	return strings.HasPrefix(a.Value, "registry: ")
}

// databases are the services that speak SQL.
var databases = map[string]bool{"postgres": true, "mysql": true, "snowflake": true, "supabase": true, "google-cloud": true,
	"mssql": true, "oracle": true, "databricks": true, "planetscale": true, "neon": true}

func sortedPermissions(all []Permission) []Permission {
	slices.SortStableFunc(all, func(a, b Permission) int {
		return cmp.Or(strings.Compare(a.Automation, b.Automation), strings.Compare(a.Kind, b.Kind), strings.Compare(a.What, b.What), strings.Compare(a.Node, b.Node))
	})
	out := all[:0]
	for i, p := range all {
		if i > 0 && p.Automation == out[len(out)-1].Automation && p.Kind == out[len(out)-1].Kind && p.What == out[len(out)-1].What {
			out[len(out)-1].Evidence = inventory.MergeEvidence(out[len(out)-1].Evidence, p.Evidence)
			continue
		}
		out = append(out, p)
	}
	return out
}
