package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinTerraformVariables is R15 for TF_VAR_name: a variable of Terraform that the environment of the command fills is a
// copy of what the environment has there. The folder is the one in which the part runs Terraform; where that is not to be
// seen, and one folder of the source declares the name, it is that one, at medium; each of a few at low.
func joinTerraformVariables(v *View) {
	declared := map[string][]*inventory.Node{} // source and name -> slots of the variable
	for _, n := range v.Nodes(inventory.Slot) {
		if name, ok := strings.CutPrefix(n.Name, "var."); ok && strings.HasPrefix(n.ID, "tf:") && len(n.Evidence) > 0 {
			k := n.Evidence[0].Source + "\x00" + name
			declared[k] = append(declared[k], n)
		}
	}
	if len(declared) == 0 {
		return
	}
	for _, b := range v.Nodes(inventory.Binding) {
		name, ok := strings.CutPrefix(b.Name, "TF_VAR_")
		if !ok || len(b.Evidence) == 0 {
			continue
		}
		fillVariable(v, b, declared[b.Evidence[0].Source+"\x00"+name])
	}
}

// maxOpenFolders bounds how many folders a command whose folder is not seen may mean.
const maxOpenFolders = 6

// fillVariable joins one variable of the environment with the variables of Terraform that it fills.
func fillVariable(v *View, b *inventory.Node, slots []*inventory.Node) {
	consumer := strings.TrimSuffix(strings.TrimSuffix(b.ID, b.Name), "/")
	folders := terraformFolders(v, consumer, 0)
	for _, n := range slots {
		sure := inventory.Medium
		at := b.Evidence
		if len(folders) > 0 {
			run, here := folders[folderOf(n.Evidence[0].Path)]
			if !here {
				continue
			}
			sure, at = inventory.High, inventory.MergeEvidence(at, run)
		} else if len(slots) > maxOpenFolders {
			return
		} else if len(slots) > 1 {
			sure = inventory.Low
		}
		at = inventory.MergeEvidence(at, n.Evidence)
		for _, e := range v.Out(b.ID, inventory.BoundFrom) {
			if to := v.Node(e.To); to != nil && to.Kind == inventory.Slot {
				v.copyOf(n.ID, e.To, "R15-variable", inventory.Weakest(sure, e.Confidence), inventory.MergeEvidence(at, e.Evidence))
				continue
			}
			v.AddEdge(inventory.Edge{From: n.ID, To: e.To, Kind: inventory.CopiesFrom, Rule: "R15-variable",
				Confidence: inventory.Weakest(sure, e.Confidence), Evidence: at})
		}
	}
}

// joinGenerated is R15 for declarations that Terragrunt copies into every module (generate, contents = file(...)): a variable that a
// module uses and does not declare is the one of the copied file.
func joinGenerated(v *View) {
	for e := range v.EdgesOf(inventory.GeneratedFrom) {
		if e.Rule != "terragrunt-generate" || len(e.Evidence) == 0 {
			continue
		}
		source := e.Evidence[0].Source
		file := strings.TrimPrefix(e.To, inventory.FileID("file", source, ""))
		declared := map[string]*inventory.Node{}
		var open []*inventory.Node
		for _, n := range v.Nodes(inventory.Slot) {
			switch {
			case !strings.HasPrefix(n.ID, "tf:"+source+"/") || !strings.HasPrefix(n.Name, "var."):
			case n.Attr(inventory.AttrDefined) == "":
				open = append(open, n)
			case len(n.Evidence) > 0 && n.Evidence[0].Path == file:
				declared[n.Name] = n
			}
		}
		for _, n := range open {
			if d := declared[n.Name]; d != nil {
				v.copyOf(n.ID, d.ID, "R15-generated", inventory.High, inventory.MergeEvidence(e.Evidence, d.Evidence))
			}
		}
	}
}

// appliesFolder reports whether the folder that variables of a part name is one of Terraform.
func (v *View) appliesFolder(e inventory.Edge) bool {
	if len(e.Evidence) == 0 {
		return false
	}
	source := e.Evidence[0].Source
	dir := strings.TrimSuffix(strings.TrimPrefix(e.To, inventory.FileID("file", source, "")), "/")
	return v.Node(inventory.FileID("terraform", source, path.Clean(dir))) != nil
}

// terraformFolders are the folders in which a part, or a part of it, runs Terraform, with the places of the commands.
func terraformFolders(v *View, part string, depth int) map[string][]inventory.Evidence {
	out := map[string][]inventory.Evidence{}
	if depth > maxNesting {
		return out
	}
	for _, e := range v.Out(part, inventory.Runs) {
		if e.Rule == "R15-folder" && !v.appliesFolder(e) {
			continue // the folder of something else
		}
		if (e.Rule == "R5-run" || e.Rule == "R15-folder") && strings.HasPrefix(e.To, "file:") && strings.HasSuffix(e.To, "/") && len(e.Evidence) > 0 {
			dir := strings.TrimPrefix(e.To, inventory.FileID("file", e.Evidence[0].Source, ""))
			if dir = path.Clean(strings.TrimSuffix(dir, "/")); dir == "." {
				dir = ""
			}
			out[dir] = inventory.MergeEvidence(out[dir], e.Evidence)
			root := inventory.FileID("file", e.Evidence[0].Source, "")
			for _, m := range v.Out(inventory.FileID("terragrunt-unit", e.Evidence[0].Source, dir), inventory.GeneratedFrom) {
				module := strings.TrimSuffix(strings.TrimPrefix(m.To, root), "/") // which a unit of Terragrunt applies
				out[module] = inventory.MergeEvidence(out[module], inventory.MergeEvidence(e.Evidence, m.Evidence))
			}
		}
		if strings.HasPrefix(e.To, "code:") && strings.Contains(e.To, "#") { // a target by name: make plan, npm run plan
			for dir, at := range terraformFolders(v, e.To, depth+1) {
				out[dir] = inventory.MergeEvidence(out[dir], inventory.MergeEvidence(e.Evidence, at))
			}
		}
	}
	for _, e := range v.In(part, inventory.PartOf) {
		for dir, at := range terraformFolders(v, e.From, depth+1) {
			out[dir] = inventory.MergeEvidence(out[dir], at)
		}
	}
	return out
}
