package policy

import (
	"fmt"
	"regexp"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var meaninglessName = Rule{
	ID: "meaningless-name", Severity: Low,
	Title:  "The name of a credential says nothing",
	Why:    "At night nobody can tell what it opens, or which of two is the one in use.",
	Fix:    "Name it after the service and the purpose; an [[alias]] in rotamap.toml names what cannot be renamed.",
	Before: "TOKEN_FINAL_FINAL_NEW2",
	After:  "SLACK_DEPLOY_BOT_TOKEN",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, entries []*register.Entry) {
			if len(entries) > 0 || p.register.Alias(c.ID) != nil || !meaningless.MatchString(c.Name) {
				return
			}
			n := p.g.Node(c.ID)
			if n == nil || slotStore(n) == "inline" {
				return // the name of a variable in a file is not what the credential is called
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: p.evidence(c), Confidence: inventory.Medium,
				Title: fmt.Sprintf("%s: the name does not say what it opens", c.Name)})
		})
	},
}

var meaningless = regexp.MustCompile(`(?i)^(my[_-]?)?(key|token|secret|password|pass|pw|api[_-]?key|cred(ential)?s?|foo|bar|test|tmp|temp|asdf|qwe|xxx?|account|untitled|new|unnamed credential)([_ -]?(new|old|final|tmp|copy|v?\d{1,2}))*$|([_ -](final|new|old|copy)\d*){2,}$|[_ -](final|new|copy)\d+$`)
