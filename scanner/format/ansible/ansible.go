// Package ansible reads Ansible: playbooks, roles, variables of groups and hosts, vaults, and the look-ups of secret
// stores in expressions.
//
// Ids: a playbook or file of tasks is ansible:<source>/<path>, a play or task a part of it. A variable's value in
// one file is ansible-vars:<source>/<path>#<name>; the variable itself, which several groups may give a value, is
// ansible-var:<source>/<name>. An encrypted file is ansible-vault:<source>/<path>.
package ansible

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// ID is the id of the row and the platform of its automations.
const ID = "ansible"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Ansible playbooks, roles and vaults", Doc: "https://docs.ansible.com/ansible/latest/vault_guide/index.html",
		Match: match, Parse: parse,
	}
}

var vaultHeader = []byte("$ANSIBLE_VAULT;")

// match takes encrypted files, files in the folders of variables and roles, and lists of plays.
func match(a *artifact.Artifact) bool {
	if bytes.HasPrefix(a.Content, vaultHeader) {
		return true
	}
	if ext := a.Base(); !pipeline.Yaml(ext) && strings.Contains(ext, ".") || strings.Contains(a.Path, ".github/") {
		return false
	}
	if isVariables(a.Path) && pipeline.Yaml(a.Base()) {
		return bytes.ContainsAny(a.Content, ":")
	}
	if !pipeline.Yaml(a.Base()) {
		return false
	}
	return isTasks(a.Path) && a.Has("- ") || isPlaybook(a.Content)
}

// isPlaybook reports whether a text is a list with the keys of plays.
func isPlaybook(text []byte) bool {
	return bytes.Contains(text, []byte("hosts:")) && (bytes.Contains(text, []byte("\n  tasks:")) || bytes.Contains(text, []byte("\n  roles:")) || bytes.Contains(text, []byte("ansible.builtin")) || bytes.Contains(text, []byte("\n    tasks:")))
}

func isVariables(p string) bool {
	p = "/" + p
	return strings.Contains(p, "/group_vars/") || strings.Contains(p, "/host_vars/") || strings.HasPrefix(p, "/vars/") ||
		strings.Contains(p, "/roles/") && (strings.Contains(p, "/vars/") || strings.Contains(p, "/defaults/")) || strings.Contains(p, "/playbooks/vars/")
}

func isTasks(p string) bool {
	p = "/" + p
	return strings.Contains(p, "/roles/") && (strings.Contains(p, "/tasks/") || strings.Contains(p, "/handlers/")) || strings.Contains(p, "/playbooks/")
}

// file is one file while it is read.
type file struct {
	*pipeline.File
	hits int // what tasks were found to use, so far
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	if bytes.HasPrefix(a.Content, vaultHeader) {
		vault(facts)
		return nil
	}
	root, err := pipeline.Document(a)
	if root == nil {
		return err
	}
	if isVariables(a.Path) || root.IsMap() {
		variables(facts, root)
		return nil
	}
	if !root.IsSeq() {
		return nil
	}
	f := &file{File: open(facts, root)}
	s := (&pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID}).Enter(f.ID, true, pipeline.Level{})
	f.Items(root, "", func(n *tree.Node, p tree.Path) {
		if n.Get("hosts") != nil || n.Get("import_playbook") != nil {
			f.play(s, n, p)
			return
		}
		f.task(s, n, p, 0)
	})
	return nil
}

// open adds a playbook, which is an automation, or a list of tasks, which others run.
func open(facts *artifact.Facts, root *tree.Node) *pipeline.File {
	for _, n := range root.Items {
		if n.Get("hosts") != nil || n.Get("import_playbook") != nil {
			return pipeline.New(facts, "ansible", "", facts.Artifact.Path, root)
		}
	}
	return pipeline.NewPart(facts, "ansible", "tasks", facts.Artifact.Path, root)
}

// vault reads an encrypted file: what is in it is known to exist, and nothing more.
func vault(facts *artifact.Facts) {
	a := facts.Artifact
	at := artifact.Place{Line: 1, Column: 1}
	id := container.All(facts, inventory.SlotRef{Store: "ansible-vault", Scope: a.Source, Name: a.Path}, at)
	line, _, _ := bytes.Cut(a.Content, []byte("\n"))
	if parts := strings.Split(strings.TrimSpace(string(line)), ";"); len(parts) > 3 && len(parts[3]) < 60 {
		facts.Attr(id, inventory.AttrTag, "vault id: "+parts[3], "", at)
	}
	if e := detect.PathEnvironment(a.Path); e != "" {
		facts.AttrSure(id, inventory.AttrEnvironment, e, "path", inventory.High, at)
	}
}

// variable adds the variable of a name, whatever gives it a value.
func variable(f *artifact.Facts, name string, at artifact.Place) string {
	id := f.Slot(inventory.SlotRef{Store: "ansible-var", Scope: f.Artifact.Source, Name: name}, at)
	f.Refs--
	return id
}

// variables reads a file of variables: encrypted values, plain ones that are named for a credential, and
// expressions that hand others on.
func variables(f *artifact.Facts, root *tree.Node) {
	left := 50_000
	var visit func(n *tree.Node, p tree.Path, depth int)
	visit = func(n *tree.Node, p tree.Path, depth int) {
		for _, pair := range n.Entries() {
			if left--; left < 0 || depth > 30 {
				return
			}
			at := p.Key(pair.Key)
			if pair.Value.IsMap() {
				visit(pair.Value, at, depth+1)
				continue
			}
			value(f, string(at), pair, at)
			for i, item := range pair.Value.List() {
				if pair.Value.IsSeq() && item.IsMap() {
					visit(item, at.Index(i), depth+1)
				}
			}
		}
	}
	visit(root, "", 0)
}

// value reads one value in one file: that of a variable, or of a key of one, under the name that expressions use.
func value(f *artifact.Facts, name string, pair tree.Pair, p tree.Path) {
	v := pair.Value
	if v == nil || v.Kind != tree.Scalar || v.Str() == "" {
		return
	}
	encrypted := v.Tag == "!vault" || strings.HasPrefix(v.Value, "$ANSIBLE_VAULT;")
	found := expression(f, v.Value, artifact.At(v, p))
	named := detect.ClassifyName(pair.Key).Class == inventory.ClassCredential
	if !encrypted && len(found) == 0 && (!named || strings.Contains(v.Value, "{{") || !v.IsString()) {
		return
	}
	at := artifact.AtPair(pair, p)
	id := f.Slot(inventory.SlotRef{Store: "ansible-vars", Scope: f.Artifact.Source, Name: f.Artifact.Path, Key: string(p)}, at)
	f.Defined(id, inventory.DefinedInScan, at)
	f.Edge(inventory.CopiesFrom, variable(f, name, at), id, "ansible-variable", inventory.High, at)
	if e := detect.PathEnvironment(f.Artifact.Path); e != "" {
		f.AttrSure(id, inventory.AttrEnvironment, e, "path", inventory.High, at)
	}
	switch {
	case encrypted:
		f.Attr(id, inventory.AttrType, "encrypted", "", at)
	case len(found) > 0:
		for _, u := range found {
			f.Edge(inventory.CopiesFrom, id, u.id, u.rule, inventory.High, u.at)
		}
	default:
		f.Literal(id, pair.Key, v.Value, artifact.At(v, p))
	}
}
