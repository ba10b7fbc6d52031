package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinDeployed is R5 for tools that read what they deploy from a file of the source and fill its variables from their own
// environment: docker compose up, docker stack deploy, serverless deploy, ansible-playbook. What the part that runs the tool has
// under the name of such a variable is what the file takes in.
//
// Confidence: high for the folder's own files, medium below it.
func joinDeployed(v *View) {
	var open map[string][]openVariable
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule != "R5-tool" || len(e.Evidence) == 0 {
			continue
		}
		for _, a := range e.Attrs {
			tool, ok := strings.CutPrefix(a.Value, "deploy:")
			if !ok {
				continue
			}
			if open == nil {
				open = openVariables(v)
			}
			fillDeployed(v, e, open[tool])
		}
	}
}

// openVariable is a place of a file at which a tool puts in a variable of its environment.
type openVariable struct {
	edge inventory.Edge
	name string
	file string // with its source
}

// deployFiles are the tools that fill variables of files, with how the ids of what those files hold begin.
var deployFiles = map[string]string{"compose:": "compose", "serverless:": "serverless", "ansible:": "ansible"}

func openVariables(v *View) map[string][]openVariable {
	out := map[string][]openVariable{}
	for _, kind := range []inventory.EdgeKind{inventory.BoundFrom, inventory.Reads} {
		for e := range v.EdgesOf(kind) {
			prefix, _, _ := strings.Cut(e.From, ":")
			tool := deployFiles[prefix+":"]
			if tool == "" || len(e.Evidence) == 0 {
				continue
			}
			name := ""
			switch {
			case strings.HasPrefix(e.To, "env:"):
				name = e.To[strings.LastIndexByte(e.To, '/')+1:]
			case strings.HasPrefix(e.To, "dotenv:") && (e.Rule == "compose-interpolation" || e.Rule == "compose-pass-through") && !v.leaves(e.To, inventory.CopiesFrom): // else something writes the file
				name = e.To[strings.LastIndexByte(e.To, '#')+1:]
			default:
				continue
			}
			out[tool] = append(out[tool], openVariable{e, name, e.Evidence[0].Source + "/" + e.Evidence[0].Path})
		}
	}
	return out
}

// fillDeployed joins the variables of the files that one command deploys with what its part has.
func fillDeployed(v *View, run inventory.Edge, open []openVariable) {
	dir := strings.TrimRight(strings.TrimPrefix(run.To, "file:"), "/")
	var parts []runner
	for _, o := range open {
		here := path.Dir(o.file) == dir
		if !here && (!strings.HasPrefix(o.file, dir+"/") || strings.HasPrefix(o.edge.From, "compose:")) {
			continue
		}
		if parts == nil {
			if parts = runners(v, run.From); len(parts) == 0 {
				return
			}
		}
		sure := inventory.Medium
		if here {
			sure = inventory.High
		}
		for _, p := range parts {
			w := scriptWalk{view: v, part: p.part.ID}
			from := v.Visible(p.part.ID, o.name)
			if from == nil {
				from = w.ofProject(o.name, inventory.Edge{From: p.part.ID, To: o.edge.From, Evidence: o.edge.Evidence}, nil)
			}
			if from == nil || from.ID == o.edge.From {
				continue
			}
			at := inventory.MergeEvidence(inventory.MergeEvidence(o.edge.Evidence, run.Evidence), p.at)
			v.AddEdge(inventory.Edge{From: o.edge.From, To: from.ID, Kind: o.edge.Kind, Rule: "R5-deploy", Confidence: inventory.Weakest(sure, o.edge.Confidence), Evidence: at})
		}
	}
}
