package policy

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var plainStore = Rule{
	ID: "plain-store", Severity: High,
	Title:  "A credential is kept where configuration is kept",
	Why:    "Such a store shows its values to everyone who may look at the project, in logs and in the user interface.",
	Fix:    "Move it to the secret store beside it and refer to it there.",
	Before: "${{ vars.STRIPE_SECRET_KEY }}",
	After:  "${{ secrets.STRIPE_SECRET_KEY }}",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			for _, id := range c.Slots {
				n := p.g.Node(id)
				if n == nil || p.class(id) != inventory.ClassCredential {
					continue
				}
				if what, ok := plainStores[slotStore(n)]; ok {
					p.report(Finding{Credential: c.ID, Node: id, Evidence: n.Evidence, Confidence: inventory.Medium,
						Title: fmt.Sprintf("%s: %s holds a credential", c.Name, what)})
				}
			}
		})
		p.plainArguments()
		p.commandLines()
	},
}

// onCommandLine matches the route of a word of a command line: containers[0].args[1], services.web.command, ExecStart.
var onCommandLine = regexp.MustCompile(`(?i)(?:^|\.)(?:command|args|entrypoint|cmd|arguments|exec(?:start|stop|reload)(?:pre|post)?)(?:\[\d+\])*$`)

// commandLines finds credentials among the words of a command: every list of processes shows them, on that machine and
// in what watches it. A script of a CI step is no word of a command, and is left to the rules about literals.
func (p *pass) commandLines() {
	p.credentials(func(c *graph.Credential, _ []*register.Entry) {
		for _, id := range c.Slots {
			n := p.g.Node(id)
			if n == nil || p.class(id) != inventory.ClassCredential {
				continue
			}
			if n.Attr(inventory.AttrStore) == "inline" && onCommandLine.MatchString(n.Attr(inventory.AttrKeyName)) {
				p.reportCommand(c, id, n.Evidence)
				continue
			}
			p.commandsOf(c, id)
			for _, e := range p.g.In(id) {
				if e.Kind == inventory.BoundFrom && p.g.Node(e.From) != nil {
					p.commandsOf(c, e.From) // a word of the command names the variable that holds it
				}
			}
		}
	})
}

// commandsOf reports the words of commands that take in a slot, or a variable that is bound from it. A program that the
// command starts is no word of it.
func (p *pass) commandsOf(c *graph.Credential, id string) {
	for _, e := range p.g.In(id) {
		if n := p.g.Node(e.From); n == nil || n.Kind == inventory.Code || n.Kind == inventory.File {
			continue
		}
		at := slices.DeleteFunc(slices.Clone(e.Evidence), func(x inventory.Evidence) bool { return !onCommandLine.MatchString(x.Pointer) })
		if (e.Kind == inventory.Reads || e.Kind == inventory.BoundFrom) && len(at) > 0 {
			p.reportCommand(c, e.From, at)
		}
	}
}

func (p *pass) reportCommand(c *graph.Credential, node string, at []inventory.Evidence) {
	p.report(Finding{Credential: c.ID, Node: node, Evidence: at, Confidence: inventory.Medium,
		Title: fmt.Sprintf("%s: a command line holds a credential", c.Name),
		Fix:   "Hand it over in the environment or in a file: every list of processes shows the words of a command."})
}

// plainStores are the stores that hide nothing, as people call them.
var plainStores = map[string]string{
	"gh-var": "a GitHub Actions variable", "gh-var-org": "an organisation's GitHub Actions variable",
	"k8s-configmap": "a config map", "n8n-var": "an n8n variable",
}

// plainArguments finds build arguments and variables of images that take a credential in: they stay readable in
// the image's history.
func (p *pass) plainArguments() {
	for _, b := range p.g.Nodes(inventory.Binding) {
		if len(b.Evidence) == 0 || !inImage(p.g, b) {
			continue
		}
		f := Finding{Node: b.ID, Evidence: b.Evidence, Confidence: inventory.Medium,
			Title: fmt.Sprintf("%s: an instruction of a Dockerfile puts a credential into the image", b.Name),
			Fix:   "Use RUN --mount=type=secret for a build, and hand it in at run time otherwise."}
		named := b.Attr(inventory.AttrClass) == string(inventory.ClassCredential) && b.Attr(inventory.AttrAs) == "argument"
		for _, e := range p.g.Out(b.ID) {
			if e.Kind == inventory.BoundFrom && p.class(e.To) == inventory.ClassCredential {
				f.Credential, f.Evidence, named = p.credentialOf(e.To), e.Evidence, true
			}
		}
		if named {
			p.report(f)
		}
	}
}

// inImage reports whether a binding is an ARG or ENV of a Dockerfile, and not a mounted file.
func inImage(g *graph.Graph, b *inventory.Node) bool {
	as := b.Attr(inventory.AttrAs)
	if as != "argument" && as != "env" {
		return false
	}
	for _, e := range g.In(b.ID) {
		if n := g.Node(e.From); n != nil && n.Attr(inventory.AttrPlatform) == "dockerfile" {
			return true
		}
	}
	return false
}

// credentialOf returns the id of the credential that a slot belongs to, "" for none.
func (p *pass) credentialOf(slot string) string {
	c, err := p.g.Find(slot)
	if err != nil {
		return ""
	}
	return c.ID
}
