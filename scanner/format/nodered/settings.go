package nodered

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// setting matches a secret of settings.js that is written out, outside of comments.
var setting = lazy.New(`(?m)^(?:[^/\n]|/[^/*\n])*?\b(credentialSecret|password|pass|token|clientSecret|passphrase)["']?\s*:\s*["']([^"'\n]+)["']`)

// fromEnv matches a secret of settings.js that comes from the environment.
var fromEnv = lazy.New(`(?m)^(?:[^/\n]|/[^/*\n])*?\b(credentialSecret|password|pass|token|clientSecret|passphrase)["']?\s*:\s*process\.env(?:\.(\w+)|\[["'](\w+)["']\])`)

// parseSettings reads the key that encrypts the credentials, and the passwords of the editor and of the HTTP nodes.
func parseSettings(a *artifact.Artifact, f *artifact.Facts) error {
	if a.LooksLikeJSON() {
		for _, d := range a.Documents() {
			if d.Err != nil {
				return d.Err
			}
			if n := d.Root.Get("_credentialSecret"); n.Str() != "" {
				secret(f, "_credentialSecret", n.Str(), artifact.At(n, "_credentialSecret"))
			}
		}
		return nil
	}
	seen := map[string]int{}
	for _, m := range setting.FindAllSubmatchIndex(a.Content, -1) {
		name := string(a.Content[m[2]:m[3]])
		if seen[name]++; seen[name] > 1 {
			name += "~" + strconv.Itoa(seen[name])
		}
		at := a.PlaceOf(m[4])
		at.Pointer = name
		secret(f, name, string(a.Content[m[4]:m[5]]), at)
	}
	for _, m := range fromEnv.FindAllSubmatchIndex(a.Content, -1) {
		at := a.PlaceOf(m[2])
		at.Pointer = string(a.Content[m[2]:m[3]])
		from := m[4]
		to := m[5]
		if from < 0 {
			from, to = m[6], m[7]
		}
		own := f.Slot(settingSlot(f, at.Pointer), at)
		f.Refs--
		env := f.Slot(environment(a, string(a.Content[from:to])), at)
		f.Edge(inventory.CopiesFrom, own, env, "node-red-settings", inventory.Certain, at)
	}
	return nil
}

func settingSlot(f *artifact.Facts, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "node-red-settings", Scope: f.Artifact.Source, Name: f.Artifact.Path, Key: name}
}

func secret(f *artifact.Facts, name, value string, at artifact.Place) {
	id := f.Slot(settingSlot(f, name), at)
	f.Defined(id, inventory.DefinedInScan, at)
	if strings.EqualFold(strings.TrimPrefix(name, "_"), "credentialSecret") {
		f.Attr(id, inventory.AttrDetector, "node-red-credential-secret", "critical", at)
	}
	f.AddLiteral(artifact.Literal{Slot: id, Name: name, Secret: artifact.Seal(value), Place: at, Sure: true})
}

// environment names a variable of the process that runs the flows.
func environment(a *artifact.Artifact, name string) inventory.SlotRef {
	ref := slot(a, name, "")
	ref.Store = "node-red-env"
	return ref
}
