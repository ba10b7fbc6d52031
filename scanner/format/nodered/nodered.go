// Package nodered reads Node-RED: flows, the file with their credentials (in the clear, or encrypted with a key that
// may lie beside it), and the settings that hold that key.
//
// Sources: nodered.org/docs/user-guide/runtime/securing-node-red, the runtime's own code for credentials, and files
// written by Node-RED 4.1. A file is recognised by what it holds.
package nodered

import (
	"path"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of flows, and the store of Node-RED's credentials.
const Platform = "node-red"

const securing = "https://nodered.org/docs/user-guide/runtime/securing-node-red"

// beside are the files in whose company a flow file lives.
func beside(*artifact.Artifact) []string {
	return []string{"*.json", "settings.js", ".config.runtime.json"}
}

// Flows is the row of flow files.
func Flows() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Node-RED flows", Doc: "https://nodered.org/docs/user-guide/editor/workspace/import-export",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"type"`) && marked(a) &&
				export.Holds(a, isFlows)
		},
		Parse: parseFlows, Siblings: beside,
	}
}

// Credentials is the row of credential files.
func Credentials() artifact.Format {
	return artifact.Format{
		ID: "node-red-credentials", Title: "Node-RED credentials", Doc: securing,
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Content[0] == '{' && credentialStart.Match(a.Content[:min(len(a.Content), 200)]) &&
				export.Holds(a, isCredentials)
		},
		Parse: parseCredentials, Siblings: beside,
	}
}

// Settings is the row of settings files: settings.js and the runtime's own.
func Settings() artifact.Format {
	return artifact.Format{
		ID: "node-red-settings", Title: "Node-RED settings", Doc: securing,
		Match: func(a *artifact.Artifact) bool {
			if a.LooksLikeJSON() {
				return len(a.Content) < 1<<20 && a.Has(`"_credentialSecret"`)
			}
			return a.Has("module.exports") && settingsWord.Match(a.Content)
		},
		Parse: parseSettings,
	}
}

var (
	credentialStart = lazy.New(`^\s*\{\s*"(\$"\s*:\s*"[0-9a-f]{32}|[0-9a-f]{6,8}\.[0-9a-f]{1,8}"|[0-9a-f]{16}")`)
	settingsWord    = lazy.New(`(?m)^[^/\n]*\b(credentialSecret|flowFile|adminAuth|httpNodeAuth)\s*:`)
	encrypted       = lazy.New(`^[0-9a-f]{32}[A-Za-z0-9+/]*=*$`)
	nodeID          = lazy.New(`^([0-9a-f]{6,8}\.[0-9a-f]{1,8}|[0-9a-f]{16})$`)
)

func marked(a *artifact.Artifact) bool { return a.Has(`"wires"`) || a.Has(`"tab"`) || a.Has(`"z"`) }

// isFlows recognises the list of nodes, and the answers of the API that hold one.
func isFlows(n *tree.Node) bool {
	if n.IsMap() {
		return isNodes(n.Get("flows")) || n.Get("id").IsString() && n.Get("label") != nil && isNodes(n.Get("nodes"))
	}
	return isNodes(n)
}

func isNodes(n *tree.Node) bool {
	if !n.IsSeq() || len(n.Items) == 0 {
		return false
	}
	drawn := false
	for _, item := range n.Items {
		if !item.Get("id").IsString() || !item.Get("type").IsString() {
			return false
		}
		drawn = drawn || item.Get("type").Str() == "tab" || item.Get("wires").IsSeq() || item.Get("z").IsString()
	}
	return drawn
}

// isCredentials recognises the file of credentials: all of it encrypted under the key "$", or a map from node ids.
func isCredentials(n *tree.Node) bool {
	pairs := n.Entries()
	if len(pairs) == 0 {
		return false
	}
	if len(pairs) == 1 && pairs[0].Key == "$" {
		return encrypted.MatchString(pairs[0].Value.Str())
	}
	for _, p := range pairs {
		if !p.Value.IsMap() || !nodeID.MatchString(p.Key) {
			return false
		}
	}
	return true
}

// slot names a field of a node's credentials; all of them when the field is "". Files in one folder are of one
// instance.
func slot(a *artifact.Artifact, node, field string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: path.Join(a.Source, a.Dir()), Name: node, Key: field}
}

// automation returns the id of a tab or of a subflow.
func automation(a *artifact.Artifact, id string) string {
	return inventory.FileID(Platform, path.Join(a.Source, a.Dir()), id)
}
