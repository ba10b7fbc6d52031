package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

var widePermissions = Rule{
	ID: "wide-permissions", Severity: Low,
	Title:  "A token may do more than what is seen to be done with it",
	Why:    "Whoever gets hold of it can do all that it may; the new token of a rotation is the moment to narrow it.",
	Fix:    "Grant what is used, and no more.",
	Before: "permissions: write-all\nsteps: [{uses: actions/checkout@v4}]",
	After:  "permissions:\n  contents: read",
	check: func(p *pass) {
		p.wideJobs()
		all := p.g.Credentials()
		for i := range all {
			p.wideCredential(&all[i])
		}
	},
}

// wideJobs compares what the run's token of a workflow or job may do with what its steps do. A step whose action may
// do anything keeps the rule silent.
func (p *pass) wideJobs() {
	for _, kind := range []inventory.NodeKind{inventory.Automation, inventory.Part} {
		for _, n := range p.g.Nodes(kind) {
			grants := ofKind(n.All(inventory.AttrGrant), inventory.PermitGitHub)
			if len(grants) == 0 {
				continue
			}
			uses, seen := p.usesBelow(n.ID)
			if extra := beyond(grants, uses); seen && len(extra) > 0 {
				p.reportWide(n.ID, "", label(n)+": its token", extra, uses)
			}
		}
	}
}

func label(n *inventory.Node) string { return cmp.Or(n.Name, n.ID) }

// usesBelow lists what the parts of an automation or job do with the run's token; false when one of them may do
// anything, runs what cannot be seen, or calls another workflow. Jobs that have permissions of their own are left out.
func (p *pass) usesBelow(id string) ([]string, bool) {
	var out, parts []string
	var own []string
	for _, part := range p.g.PartsOf(id) {
		n := p.g.Node(part)
		switch {
		case slices.ContainsFunc(own, func(job string) bool { return strings.HasPrefix(part, job+".") }):
		case n != nil && len(ofKind(n.All(inventory.AttrGrant), inventory.PermitGitHub)) > 0:
			own = append(own, part)
		default:
			parts = append(parts, part)
		}
	}
	for _, part := range append(parts, id) {
		n := p.g.Node(part)
		if n == nil {
			continue
		}
		for _, a := range ofKind(n.All(inventory.AttrUse), inventory.PermitGitHub) {
			if a.Value == inventory.UseUnseen {
				return nil, false
			}
			out = append(out, a.Value)
		}
		for _, e := range p.g.Out(part) {
			if e.Kind == inventory.Runs && part != id {
				return nil, false // a file, an action or an image: what it does with the token stands elsewhere
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), len(parts) > 0
}

func ofKind(all []inventory.Attr, kind string) []inventory.Attr {
	return slices.DeleteFunc(slices.Clone(all), func(a inventory.Attr) bool { return a.Detail != kind })
}

// beyond lists the grants that no use needs.
func beyond(grants []inventory.Attr, uses []string) []inventory.Attr {
	return slices.DeleteFunc(slices.Clone(grants), func(a inventory.Attr) bool {
		if a.Value == "*: read" {
			return true // what a reader may do is not told apart
		}
		if name, managed := strings.CutPrefix(a.Value, "policy/"); managed {
			return name != "AdministratorAccess" && name != "PowerUserAccess" // what else a managed policy allows is not read
		}
		return slices.ContainsFunc(uses, func(use string) bool { return needs(a, use) })
	})
}

// needs reports whether a use needs a grant: the same permission at its level, an action that a pattern allows. A
// pattern allows more than what it is used for.
func needs(a inventory.Attr, use string) bool {
	if a.Detail != inventory.PermitGitHub {
		return strings.EqualFold(a.Value, use)
	}
	name, level, _ := strings.Cut(a.Value, ": ")
	usedName, usedLevel, _ := strings.Cut(use, ": ")
	return name == usedName && (level == usedLevel || level == "read")
}

// wideCredential compares what a credential may do with what its dependents do: the actions of its policies, the
// permissions of the app's token that is minted from it.
func (p *pass) wideCredential(c *graph.Credential) {
	if !p.granted(c) {
		return
	}
	i := p.g.Impact(c)
	grants, uses := p.g.Grants(&i), p.g.Uses(&i)
	if len(grants) == 0 || slices.ContainsFunc(uses, func(u graph.Permission) bool { return !u.Seen() }) || !p.allSeen(&i, uses) {
		return
	}
	var attrs []inventory.Attr
	var used []string
	for _, x := range grants {
		attrs = append(attrs, inventory.Attr{Value: x.What, Detail: x.Kind, Evidence: x.Evidence})
	}
	for _, u := range uses {
		used = append(used, u.What)
	}
	slices.Sort(used)
	if extra := beyond(attrs, slices.Compact(used)); len(extra) > 0 {
		p.reportWide(grants[0].Node, c.ID, c.Name, extra, slices.Compact(used))
	}
}

// granted reports whether anything says what a credential may do, before its impact is computed.
func (p *pass) granted(c *graph.Credential) bool {
	for _, id := range c.Slots {
		if n := p.g.Node(id); n != nil && n.Attr(inventory.AttrGrant) != "" {
			return true
		}
	}
	for _, n := range p.g.Nodes(inventory.Derived) {
		if n.Attr(inventory.AttrGrant) != "" && slices.ContainsFunc(p.g.Out(n.ID), func(e *inventory.Edge) bool { return e.Kind == inventory.MintedFrom }) {
			return true
		}
	}
	return false
}

// allSeen reports whether every automation behind a credential shows what it does with it.
func (p *pass) allSeen(i *graph.Impact, uses []graph.Permission) bool {
	n := 0
	for _, d := range i.Dependents {
		if d.Kind != inventory.Automation || d.Certainty != graph.CertaintyBreaks {
			continue
		}
		n++
		if !slices.ContainsFunc(uses, func(u graph.Permission) bool { return u.Automation == d.ID }) {
			return false
		}
	}
	return n > 0
}

func (p *pass) reportWide(node, credential, who string, extra []inventory.Attr, used []string) {
	var what []string
	var at []inventory.Evidence
	for _, a := range extra {
		what = append(what, a.Value)
		at = append(at, a.Evidence...)
	}
	seen := "nothing that needs it"
	if len(used) > 0 {
		seen = listed(used)
	}
	p.report(Finding{Node: node, Credential: credential, Evidence: at, Confidence: inventory.Medium,
		Title: fmt.Sprintf("%s may do %s; seen to be done: %s", who, listed(what), seen)})
}
