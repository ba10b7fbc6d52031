// Package dependabot reads the configuration of GitHub's Dependabot: the logins of private registries, which are secrets of its own
// store, and when it looks for updates.
//
// Ids: an ecosystem in a folder is dependabot:<source>/<path>#<ecosystem>:<folder>.
package dependabot

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: "dependabot", Title: "Dependabot configuration", Doc: "https://docs.github.com/en/code-security/reference/supply-chain-security/dependabot-options-reference",
		Match: func(a *artifact.Artifact) bool {
			return strings.HasSuffix("/"+a.Path, "/.github/dependabot.yml") || strings.HasSuffix("/"+a.Path, "/.github/dependabot.yaml")
		},
		Parse: parse,
	}
}

// maxUpdates bounds the updates of one file.
const maxUpdates = 500

var secret = lazy.New(`\$\{\{\s*secrets\.([A-Za-z_]\w*)\s*\}\}`)

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
			continue
		}
		registries := d.Root.Get("registries")
		for i, n := range d.Root.Get("updates").List() {
			if i >= maxUpdates {
				f.Skip("more entries than the limit: the rest of the file is left out")
				break
			}
			update(f, n, tree.Path("updates").Index(i), registries)
		}
	}
	return failed
}

// update adds one ecosystem in one folder that logs in to a registry, with its schedule.
func update(f *artifact.Facts, n *tree.Node, at tree.Path, registries *tree.Node) {
	ecosystem, folder := n.Get("package-ecosystem").Str(), n.Get("directory").Str()
	if ecosystem == "" || len(ecosystem) > 100 || len(folder) > 500 || strings.ContainsAny(ecosystem+folder, "\n{}") {
		return
	}
	var used []tree.Pair
	for _, r := range registries.Entries() {
		if takes(n.Get("registries"), r.Key) && len(secretsOf(r)) > 0 {
			used = append(used, r)
		}
	}
	if len(used) == 0 { // it logs in nowhere
		return
	}
	place := artifact.At(n, at)
	id := f.Automation(ecosystem+":"+folder, "Dependabot "+ecosystem+" "+folder, place)
	f.Attr(id, inventory.AttrNeeds, "next run", "", place)
	schedule(f, id, n.Get("schedule"), at.Key("schedule"))
	for _, r := range used {
		logins(f, id, r, tree.Path("registries").Key(r.Key))
	}
}

// secretsOf lists the values of a registry that hold a secret.
func secretsOf(r tree.Pair) []tree.Pair {
	var out []tree.Pair
	for _, e := range r.Value.Entries() {
		if secret.MatchString(e.Value.Str()) {
			out = append(out, e)
		}
	}
	return out
}

// takes reports whether an update uses a registry: those that it lists, all of them for "*".
func takes(named *tree.Node, registry string) bool {
	for _, n := range named.List() {
		if n.Str() == registry || n.Str() == "*" {
			return true
		}
	}
	return false
}

// schedule adds when the update runs: a cron expression, or an interval with day and time.
func schedule(f *artifact.Facts, id string, n *tree.Node, at tree.Path) {
	text := n.Get("interval").Str()
	if text == "" {
		return
	}
	if text == "cron" {
		text = n.Get("cronjob").Str()
	}
	for _, key := range []string{"day", "time"} {
		if v := n.Get(key).Str(); v != "" {
			text += " " + v
		}
	}
	f.Attr(id, inventory.AttrSchedule, text, n.Get("timezone").Str(), artifact.At(n.Get("interval"), at.Key("interval")))
}

// logins adds what an update logs in to a registry with.
func logins(f *artifact.Facts, id string, r tree.Pair, at tree.Path) {
	for _, e := range secretsOf(r) {
		place := artifact.AtPair(e, at.Key(e.Key))
		b := container.Env(f, id, r.Key+"."+e.Key, "dependabot-registry", place)
		for _, name := range secret.FindAllStringSubmatch(e.Value.Str(), 10) {
			slot := f.Slot(inventory.SlotRef{Store: "gh-dependabot", Scope: inventory.RepoScope(f.Artifact.Source), Name: strings.ToUpper(name[1])}, place)
			f.Edge(inventory.BoundFrom, b, slot, "dependabot-registry", inventory.Certain, place)
		}
	}
}
