package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Stored returns the entry of a store that a write fills; false for writes that fill none. Resolve
// says where in the source a path stands. A Secret of a cluster is named as the files of this source name it. A file of
// variables whose folder is not known (on another machine, or computed) is taken for the one at the root of the source,
// which is most often what lies there: Guessed says so.
func (w Write) Stored(source string, resolve func(Run) (string, bool)) (inventory.SlotRef, bool) {
	r := w.Slot
	if file, ok := strings.CutPrefix(w.To, "dotenv:"); ok {
		p, ok := file, true
		if !w.Guessed() {
			p, ok = resolve(Run{Path: file, Dir: w.Dir})
		}
		return inventory.SlotRef{Store: "dotenv", Scope: source, Name: p, Key: w.Name}, ok && p != ""
	}
	if chart, ok := strings.CutPrefix(w.To, "helm-value:"); ok {
		p, ok := resolve(Run{Path: chart, Dir: w.Dir})
		return inventory.SlotRef{Store: "helm", Scope: source, Name: p, Key: w.Name}, ok && p != ""
	}
	if platform, ok := strings.CutPrefix(w.To, "app-env:"); ok {
		p, ok := resolve(Run{Path: platform, Dir: w.Dir})
		return inventory.SlotRef{Store: "app-env", Scope: source, Name: p, Key: w.Name}, ok && p != ""
	}
	if file, ok := strings.CutPrefix(w.To, "template:"); ok {
		p, ok := resolve(Run{Path: file, Dir: w.Dir})
		return inventory.SlotRef{Store: "template", Scope: source, Name: p, Key: w.Name}, ok && p != ""
	}
	if manifest, ok := strings.CutPrefix(w.To, "cf-var:"); ok {
		p, ok := resolve(Run{Path: manifest, Dir: w.Dir})
		return inventory.SlotRef{Store: "cf-var", Scope: source, Name: p, Key: w.Name}, ok && p != ""
	}
	if recipe, ok := strings.CutPrefix(w.To, "build-secret:"); ok {
		p, ok := resolve(Run{Path: recipe, Dir: w.Dir})
		return inventory.SlotRef{Store: "build-secret", Scope: source + "/" + p, Name: w.Name}, ok && p != "" && recipe != ""
	}
	if where, ok := strings.CutPrefix(w.To, "gh-secret:"); ok {
		return githubSecret(inventory.RepoScope(source), where), true
	}
	if app, ok := strings.CutPrefix(w.To, "cf-env:"); ok {
		return inventory.SlotRef{Store: "cf-env", Scope: source, Name: app, Key: w.Name}, true
	}
	if service, ok := strings.CutPrefix(w.To, "cf-service:"); ok {
		return inventory.SlotRef{Store: "cf-service", Scope: source, Name: service}, true
	}
	if namespace, ok := strings.CutPrefix(r.Scope, "*/"); ok && r.Store == "k8s" {
		r.Scope = source + "/" + namespace
	}
	return r, r.Store != ""
}

// Guessed reports whether the place that Stored returns is not what the text says, but a likely one.
func (w Write) Guessed() bool { return w.Dir == "*" && strings.HasPrefix(w.To, "dotenv:") }

// Argument returns the binding of the build argument that a write hands to a Dockerfile; false for other writes.
func (w Write) Argument(source string, resolve func(Run) (string, bool)) (string, bool) {
	recipe, ok := strings.CutPrefix(w.To, "build-arg:")
	if !ok || recipe == "" {
		return "", false
	}
	p, ok := resolve(Run{Path: recipe, Dir: w.Dir})
	return inventory.BindingID(inventory.FileID("dockerfile", source, p), w.Name), ok && p != ""
}

// githubSecret reads NAME[@env:e][@repo:r][@org:o], as gh secret set names its target.
func githubSecret(repo, where string) inventory.SlotRef {
	parts := strings.Split(where, "@")
	r := inventory.SlotRef{Store: "gh", Scope: repo, Name: strings.ToUpper(parts[0])}
	env := ""
	for _, part := range parts[1:] {
		switch key, v, _ := strings.Cut(part, ":"); key {
		case "org":
			r.Store, r.Scope = "gh-org", v
		case "repo":
			r.Scope = strings.TrimPrefix(v, "github.com/")
		case "env":
			env = "@env:" + v
		}
	}
	r.Scope += env
	return r
}
