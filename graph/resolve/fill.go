package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinFilled is R5 for templates: a command that fills a file from its environment (envsubst < app.yml) gives the variables
// in the file what the part that runs the command has under their names. A path of which a part is computed means every file
// that it matches, one for each environment.
//
// Confidence: high for one file and one part, medium for several.
func joinFilled(v *View) {
	var files *filledFiles
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule != "R5-fill" || len(e.Evidence) == 0 {
			continue
		}
		if files == nil {
			files = variablesByFile(v)
		}
		found := files.named(strings.TrimPrefix(e.To, "file:"))
		parts := runners(v, e.From)
		sure := inventory.High
		if len(found) > 1 || len(parts) > 1 {
			sure = inventory.Medium
		}
		for _, file := range found {
			for _, p := range parts {
				fill(v, p, files.variables[file], "R5-fill", inventory.Weakest(sure, e.Confidence), e.Evidence)
			}
		}
	}
}

// filledFiles are the files that have variables, each with the bindings of those.
type filledFiles struct {
	variables map[string][]*inventory.Node
	names     []string // in order
}

func variablesByFile(v *View) *filledFiles {
	f := &filledFiles{variables: map[string][]*inventory.Node{}}
	for _, b := range v.Nodes(inventory.Binding) {
		if t := b.Attr(inventory.AttrType); t != "flux-substitution" && t != "file-variable" || len(b.Evidence) == 0 {
			continue
		}
		name := b.Evidence[0].Source + "/" + b.Evidence[0].Path
		f.variables[name] = append(f.variables[name], b)
	}
	f.names = sortedKeys(f.variables)
	return f
}

// named returns the files that a path means, which may be a glob.
func (f *filledFiles) named(file string) []string {
	if !strings.Contains(file, "*") {
		if f.variables[file] == nil {
			return nil
		}
		return []string{file}
	}
	var out []string
	for _, name := range f.names {
		if matchPath(file, name) && len(out) <= maxCandidates {
			out = append(out, name)
		}
	}
	return out
}

// runner is a part that runs a program, with the places on the way.
type runner struct {
	part *inventory.Node
	at   []inventory.Evidence
}

// runners lists the parts that run a program, through as many programs as start each other.
func runners(v *View, id string) []runner {
	seen := map[string]bool{}
	var out []runner
	type step struct {
		id string
		at []inventory.Evidence
	}
	level := []step{{id: id}}
	for range maxRunDepth {
		var next []step
		for _, s := range level {
			n := v.Node(s.id)
			if n == nil || seen[s.id] {
				continue
			}
			seen[s.id] = true
			if n.Kind == inventory.Part {
				out = append(out, runner{n, s.at})
				continue
			}
			for _, e := range v.In(s.id, inventory.Runs) {
				next = append(next, step{e.From, inventory.MergeEvidence(s.at, e.Evidence)})
			}
		}
		level = next
	}
	return out
}

// fill gives the variables of one file what one part has under their names.
func fill(v *View, r runner, variables []*inventory.Node, rule string, sure inventory.Confidence, run []inventory.Evidence) {
	w := scriptWalk{view: v, part: r.part.ID}
	for _, b := range variables {
		from := v.Visible(r.part.ID, b.Name)
		if from == nil {
			from = w.ofProject(b.Name, inventory.Edge{From: r.part.ID, To: b.ID, Evidence: b.Evidence}, nil)
		}
		if from == nil || from.ID == b.ID {
			continue
		}
		at := inventory.MergeEvidence(inventory.MergeEvidence(b.Evidence, run), r.at)
		v.AddEdge(inventory.Edge{From: b.ID, To: from.ID, Kind: inventory.BoundFrom, Rule: rule, Confidence: sure, Evidence: at})
	}
}
