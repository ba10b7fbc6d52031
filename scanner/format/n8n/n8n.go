// Package n8n reads what n8n exports: workflows (from the editor, the command line, the API and the clipboard),
// credentials (encrypted or not) and the file with the key that encrypts them.
//
// Shapes: docs.n8n.io/workflows/export-import and exports made with n8n 1.123. A file is recognised by what it
// holds, never by its name.
package n8n

import (
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Platform is the id of the row of workflows, and the store of n8n's credentials.
const Platform = "n8n"

// wrappers are the keys under which the API and the template site put a workflow.
var wrappers = []string{"data", "workflow", "workflows"}

// Workflows is the row of workflow exports.
func Workflows() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "n8n workflow export", Doc: "https://docs.n8n.io/workflows/export-import/",
		Match: func(a *artifact.Artifact) bool {
			return mentions(a, "nodes", "connections") && (mentions(a, "typeVersion") || mentions(a, "position")) &&
				(export.Malformed(a) && mentions(a, "n8n-nodes-base.") || export.Holds(a, isWorkflow, wrappers...))
		},
		Parse: parseWorkflows,
	}
}

// Credentials is the row of credential exports.
func Credentials() artifact.Format {
	return artifact.Format{
		ID: "n8n-credentials", Title: "n8n credentials export", Doc: "https://docs.n8n.io/hosting/cli-commands/",
		Match: func(a *artifact.Artifact) bool {
			return mentions(a, `"data"`, `"type"`, `"name"`) && !mentions(a, `"nodes"`) && export.Holds(a, isCredential)
		},
		Parse: parseCredentials,
	}
}

// EncryptionKey is the row of n8n's settings file, which holds the key that encrypts all its credentials.
func EncryptionKey() artifact.Format {
	return artifact.Format{
		ID: "n8n-config", Title: "n8n encryption key", Doc: "https://docs.n8n.io/hosting/configuration/configuration-examples/encryption-key/",
		Match: func(a *artifact.Artifact) bool {
			return len(a.Content) < 4096 && mentions(a, `"encryptionKey"`) && export.Holds(a, isConfig)
		},
		Parse: parseConfig,
	}
}

// mentions reports whether a JSON file holds all the words.
func mentions(a *artifact.Artifact, words ...string) bool {
	if !a.LooksLikeJSON() {
		return false
	}
	for _, w := range words {
		if !a.Has(w) {
			return false
		}
	}
	return true
}

// isWorkflow recognises a workflow: a list of nodes, each with a type and a version or a position, and an object
// of connections.
func isWorkflow(n *tree.Node) bool {
	nodes := key(n, "nodes")
	if !nodes.IsSeq() || !key(n, "connections").IsMap() {
		return false
	}
	if len(nodes.Items) == 0 {
		return n.Get("name").IsString() && (n.Get("active") != nil || n.Get("versionId") != nil)
	}
	good := 0
	for _, node := range nodes.Items {
		if node.Get("type").IsString() && (node.Get("typeVersion") != nil || node.Get("position") != nil) {
			good++
		}
	}
	return 2*good > len(nodes.Items)
}

// key looks a key up, also where a broken tool has escaped it twice: "\"nodes\"".
func key(n *tree.Node, name string) *tree.Node {
	if v := n.Get(name); v != nil {
		return v
	}
	return n.Get(`"` + name + `"`)
}

func parseWorkflows(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isWorkflow, wrappers...)
	var spans []artifact.Span
	for _, o := range objects {
		w := newWorkflow(f, o, len(objects) > 1)
		spans = append(spans, artifact.Span{Node: w.id, First: o.Node.Line, Last: export.LastLine(o.Node)})
		w.read()
	}
	export.Cover(f, spans)
	return err
}
