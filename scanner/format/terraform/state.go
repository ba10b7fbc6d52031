package terraform

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// A component of an estate reads what another one hands out: data.terraform_remote_state.NAME.outputs.X, often by a local value
// that is all outputs of one state. Which folder the state is of, graph/resolve says.

// stateOutput returns the name of an output of another state, and the output, for a traversal that is one.
func (m *module) stateOutput(t hcl.Traversal) (name, output string) {
	words := route(t)
	if len(words) > 2 && words[0] == "local" && m.locals[words[1]] != nil {
		if to, ok := m.single(m.locals[words[1]]); ok && to.RootName() == "data" {
			words = append(route(to), words[2:]...)
		}
	}
	if len(words) > 3 && words[0] == "dependency" && words[2] == "outputs" { // of another unit of Terragrunt, as if it were a state of its folder's name
		if state := m.dependencies[words[1]]; state != "" {
			return "data.terraform_remote_state." + state + ".outputs." + words[3], words[3]
		}
	}
	if len(words) < 5 || words[0] != "data" || words[1] != "terraform_remote_state" || words[3] != "outputs" {
		return "", ""
	}
	return strings.Join(words[:5], "."), words[4]
}

// dependency notes the folders of the units of Terragrunt that a unit depends on.
func (u *unit) dependency(b *hclsyntax.Block) {
	if len(b.Labels) != 1 {
		return
	}
	for _, p := range textsOf(attribute(b.Body, "config_path")) {
		if base := path.Base(p); strings.Trim(base, "./") != "" {
			u.dependencies[b.Labels[0]] = base
		}
	}
}

// classifyState is classify for outputs of other states.
func (m *module) classifyState(t hcl.Traversal) (string, kind) {
	name, output := m.stateOutput(t)
	switch {
	case name == "":
		return "", nothing
	case strong(output):
		return name, credential
	case namesEntry(output):
		return name, pointer
	}
	return "", nothing
}

// handsOut joins an output to the entry that it names: its ARN, name or id.
func (m *module) handsOut(slot func() string, refs []reference) {
	for _, r := range refs {
		m.copies(slot(), reference{id: r.id, at: r.at, whole: true})
	}
}

// namedBy joins a block with the entry that an output of another module or state names.
func (m *module) namedBy(id string, t hcl.Traversal, place artifact.Place) bool {
	name, k := m.classify(t)
	if k != pointer || !strings.HasPrefix(name, "module.") && !strings.HasPrefix(name, "data.terraform_remote_state.") {
		return false
	}
	m.copies(id, reference{id: m.slot(name, place), at: place, whole: true})
	return true
}
