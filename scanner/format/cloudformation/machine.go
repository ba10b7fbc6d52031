package cloudformation

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/format/stepfunctions"
)

// definitionFiles are the properties that name the file of a state machine.
var definitionFiles = map[string]string{"AWS::Serverless::StateMachine": "DefinitionUri", "AWS::StepFunctions::StateMachine": "DefinitionS3Location"}

// definition reads a state machine: the file that defines it, when that stands beside the template, or the definition that
// the template holds, as a map or as JSON in a text.
func (f *file) definition(pair tree.Pair, p tree.Path, props *tree.Node) {
	key := definitionFiles[pair.Value.Get("Type").Str()]
	if key == "" {
		return
	}
	if n := props.Get(key); isLiteral(n) && !strings.Contains(n.Value, ":") && f.spend() {
		to := inventory.FileID(export.StateMachine, f.Artifact.Source, path.Join(f.Artifact.Dir(), n.Value))
		f.Edge(inventory.Runs, f.node(pair, p), to, "cfn-definition", inventory.Certain, artifact.At(n, p.Key("Properties").Key(key)))
	}
	for _, key := range []string{"Definition", "DefinitionString"} {
		n := props.Get(key)
		if text := plainText(n); text != "" {
			n = export.Inner(f.Artifact, &tree.Node{Tag: "!!str", Value: text, Line: n.Line, Column: n.Column})
		}
		if n.Get("States").IsMap() && f.spend() {
			stepfunctions.Define(f.Facts, f.node(pair, p), n, p.Key("Properties").Key(key))
		}
	}
}

// plainText is the text of a property whose parts may be filled in: these stand in it as ${...}.
func plainText(n *tree.Node) string {
	for _, form := range []string{"Sub", "Join"} {
		if inner := n.Get("Fn::" + form); inner != nil {
			return filled(form, inner)
		}
		if n != nil && n.Tag == "!"+form {
			return filled(form, n)
		}
	}
	return n.Str()
}

func filled(form string, n *tree.Node) string {
	if !n.IsSeq() {
		return n.Str()
	}
	if len(n.Items) < 2 {
		return ""
	}
	if form == "Sub" {
		return n.Items[0].Str()
	}
	var parts []string
	for _, part := range n.Items[1].List() {
		if part.Kind == tree.Scalar && !strings.HasPrefix(part.Tag, "!Ref") && !strings.HasPrefix(part.Tag, "!GetAtt") {
			parts = append(parts, part.Value)
		} else {
			parts = append(parts, "${part}")
		}
	}
	return strings.Join(parts, n.Items[0].Str())
}
