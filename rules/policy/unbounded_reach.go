package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

var unboundedReach = Rule{
	ID: "unbounded-reach", Severity: Medium,
	Title:  "A job takes in every secret of a scope",
	Why:    "It can read all of them, whatever it uses; each new secret reaches it too, and each rotation may break it.",
	Fix:    "Name the secrets that it needs.",
	Before: "secrets: inherit",
	After:  "secrets:\n  token: ${{ secrets.SLACK_TOKEN }}",
	check: func(p *pass) {
		inFiles := p.credentialsOfFiles()
		for _, n := range p.g.Nodes(inventory.Pattern) {
			if f, takers := p.takenWhole(n.ID, inFiles); takers > 0 {
				p.report(f)
			}
		}
	},
}

// takenWhole reports who takes all of a scope, in one finding. A file of variables that is handed to a service is of
// less weight: it is the usual way, and reaches no further than the file.
func (p *pass) takenWhole(pattern string, inFiles map[string]int) (f Finding, takers int) {
	f = Finding{Node: pattern}
	for _, e := range p.g.In(pattern) {
		if e.Kind != inventory.BoundFrom && e.Kind != inventory.Reads && e.Kind != inventory.ReceivedFrom {
			continue
		}
		takers++
		f.Evidence = append(f.Evidence, e.Evidence...)
		f.Confidence = max(f.Confidence, e.Confidence)
	}
	from := ""
	if takers > 1 {
		from = " from " + counted(takers, "place")
	}
	f.Title = fmt.Sprintf("%s is taken in whole%s: %s of it seen by name in this scan", pattern, from, counted(p.members(pattern)+inFiles[strings.TrimSuffix(pattern, "#*")], "secret"))
	if strings.HasPrefix(pattern, "dotenv:") {
		f.Severity = Low
	}
	return f, takers
}

// members counts the slots that a pattern may stand for.
func (p *pass) members(pattern string) int {
	n := 0
	for _, e := range p.g.Out(pattern) {
		if e.Kind == inventory.MayBe {
			n++
		}
	}
	return n
}

// credentialsOfFiles counts the credentials in each file of variables.
func (p *pass) credentialsOfFiles() map[string]int {
	n := map[string]int{}
	for _, s := range p.g.Nodes(inventory.Slot) {
		if file, _, ok := strings.Cut(s.ID, "#"); ok && strings.HasPrefix(file, "dotenv:") && p.class(s.ID) == inventory.ClassCredential {
			n[file]++
		}
	}
	return n
}
