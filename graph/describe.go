package graph

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// describe adds what is known about a credential beyond its places: service, owners, environments, purpose.
func (g *Graph) describe(c *Credential, slots []int32) {
	var purposes []string
	services := map[string]inventory.Confidence{}
	for _, n := range slots {
		node := &g.nodes[n]
		c.Environments = append(c.Environments, environmentsOf(node)...)
		c.Owners = append(c.Owners, g.owners(n)...)
		if t := temporaryOf(node); t != nil && c.Temporary == nil {
			c.Temporary = t
		}
		for _, p := range node.All(inventory.AttrPurpose) {
			purposes = append(purposes, p.Value)
		}
		g.services(n, services)
		for _, e := range g.out.of(n) {
			if g.edges[e].Kind == inventory.Holds {
				g.services(g.edges[e].to, services)
			}
		}
	}
	c.Service = surest(services)
	c.Environments = dedupeEnvironments(c.Environments)
	c.Owners = dedupeOwners(c.Owners)
	slices.Sort(purposes)
	c.Purpose = strings.Join(slices.Compact(purposes), "; ")
}

// services notes the services that a node talks to, with the greatest confidence of each.
func (g *Graph) services(n int32, into map[string]inventory.Confidence) {
	for _, i := range g.out.of(n) {
		if e := &g.edges[i]; e.Kind == inventory.TalksTo {
			id := strings.TrimPrefix(e.To, "service:")
			into[id] = max(into[id], e.Confidence)
		}
	}
}

func surest(services map[string]inventory.Confidence) string {
	best := ""
	for s, c := range services {
		if best == "" || c > services[best] || c == services[best] && s < best {
			best = s
		}
	}
	return best
}

// owners returns who answers for a node, surest first.
func (g *Graph) owners(n int32) []Owner {
	out := []Owner{}
	for _, i := range g.out.of(n) {
		if e := &g.edges[i]; e.Kind == inventory.OwnedBy {
			out = append(out, Owner{ownerName(&g.nodes[e.to]), e.Rule, e.Confidence, e.Evidence})
		}
	}
	return dedupeOwners(out)
}

// ownerName is the name of an owner: what the team calls it, where its source has a number only.
func ownerName(n *inventory.Node) string { return cmp.Or(n.Attr(inventory.AttrAlias), n.Name) }

func dedupeOwners(all []Owner) []Owner {
	slices.SortStableFunc(all, func(a, b Owner) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.Name, b.Name), strings.Compare(a.Source, b.Source))
	})
	out := []Owner{}
	for _, o := range all {
		if !slices.ContainsFunc(out, func(p Owner) bool { return p.Name == o.Name && p.Source == o.Source }) {
			out = append(out, o)
		}
	}
	return out
}

// temporaryOf says why something was meant to go again: a comment beside it, a word of its name, or of the folder or
// file that it stands in.
func temporaryOf(n *inventory.Node) *Temporary {
	for _, a := range n.All(inventory.AttrTemporary) {
		return &Temporary{a.Detail, a.Evidence}
	}
	if n.Kind != inventory.Slot {
		return nil
	}
	name := cmp.Or(n.Attr(inventory.AttrKeyName), n.Name)
	if w := temporaryWord(name[strings.LastIndexAny(name, "/#.]")+1:]); w != "" {
		return &Temporary{"its name says " + w, n.Evidence}
	}
	for _, e := range n.Evidence {
		for part := range strings.SplitSeq(e.Path, "/") {
			if w := temporaryWord(part); w != "" {
				return &Temporary{"its path says " + w, []inventory.Evidence{e}}
			}
		}
	}
	return nil
}

// temporaryWords are the words of names that say so; they count as whole words only: template is none of them. Backups
// and migrations have credentials for good.
var temporaryWords = map[string]bool{"temp": true, "tmp": true, "temporary": true, "old": true, "legacy": true, "deprecated": true,
	"bak": true, "poc": true, "spike": true, "hotfix": true, "throwaway": true}

// temporaryWord returns the word of a name that says so, "" for none.
func temporaryWord(name string) string {
	tokens := strings.FieldsFunc(strings.ToLower(name), notWord)
	if len(tokens) > maxNameWords {
		return ""
	}
	for _, t := range tokens {
		if temporaryWords[t] {
			return t
		}
	}
	return ""
}

// environmentWords maps the words that name an environment to the four that Rotamap speaks of. Words match as
// whole tokens only: product is not production.
var environmentWords = map[string]string{
	"prod": "production", "production": "production", "prd": "production", "live": "production",
	"staging": "staging", "stage": "staging", "stg": "staging", "preprod": "staging", "uat": "staging",
	"acceptance": "staging", "nonprod": "staging", "integration": "staging",
	"test": "test", "testing": "test", "qa": "test", "ci": "test", "e2e": "test", "sandbox": "test", "preview": "test",
	"dev": "development", "development": "development", "local": "development",
}

// normalEnvironment returns the word that Rotamap uses, or the name as written.
func normalEnvironment(name string) string {
	if w, ok := environmentWords[strings.ToLower(name)]; ok {
		return w
	}
	for _, token := range strings.FieldsFunc(strings.ToLower(name), notWord) {
		if w, ok := environmentWords[token]; ok {
			return w
		}
	}
	return name
}

func notWord(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }

// environmentsOf lists what the node itself says, and what the folders of its places say.
func environmentsOf(n *inventory.Node) []Environment {
	out := []Environment{}
	for _, a := range n.All(inventory.AttrEnvironment) {
		out = append(out, Environment{normalEnvironment(a.Value), a.Confidence, a.Evidence})
	}
	for _, e := range n.Evidence {
		if name := pathEnvironment(e.Path); name != "" {
			out = append(out, Environment{name, inventory.Medium, []inventory.Evidence{e}})
		}
	}
	return dedupeEnvironments(out)
}

// pathEnvironment returns the environment that a folder or file name of the path speaks of, the innermost one.
func pathEnvironment(path string) string {
	parts := strings.Split(strings.ToLower(path), "/")
	for _, part := range slices.Backward(parts) {
		if strings.HasPrefix(part, "test") || part == "ci" || part == ".ci" {
			continue // a test suite or the CI folder is no environment
		}
		tokens := strings.FieldsFunc(part, notWord)
		if len(tokens) > maxNameWords {
			continue // a sentence: exports are called "wallet tracker with live prices and alerts"
		}
		for i, token := range tokens {
			if w, ok := environmentWords[token]; ok && (len(tokens) == 1 || i > 0) {
				return w
			}
		}
	}
	return ""
}

// maxNameWords is how many words a name has that may name an environment.
const maxNameWords = 6

func dedupeEnvironments(all []Environment) []Environment {
	slices.SortStableFunc(all, func(a, b Environment) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), strings.Compare(a.Name, b.Name))
	})
	out := []Environment{}
	for _, e := range all {
		i := slices.IndexFunc(out, func(o Environment) bool { return o.Name == e.Name })
		if i < 0 {
			out = append(out, e)
			continue
		}
		if out[i].Confidence == e.Confidence {
			out[i].Evidence = inventory.MergeEvidence(out[i].Evidence, e.Evidence)
		}
	}
	return out
}
