// Package ansible reads Ansible: playbooks, roles, variables of groups and hosts, vaults, and the look-ups of secret
// stores in expressions.
//
// Ids: a playbook or file of tasks is ansible:<source>/<path>, a play or task a part of it. A variable's value in
// one file is ansible-vars:<source>/<path>#<name>; the variable itself, which several groups may give a value, is
// ansible-var:<source>/<name>. An encrypted file is ansible-vault:<source>/<path>.
package ansible

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "ansible"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Ansible playbooks, roles and vaults", Doc: "https://docs.ansible.com/ansible/latest/vault_guide/index.html",
		Match: match, Parse: parse, Siblings: siblings,
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
	if (isVariables(a.Path) || isAside(a)) && pipeline.Yaml(a.Base()) {
		return bytes.ContainsAny(a.Content, ":")
	}
	if !pipeline.Yaml(a.Base()) {
		return false
	}
	return isTasks(a.Path) && a.Has("- ") || isPlaybook(a.Content)
}

// isPlaybook reports whether a text is a list with the keys of plays.
func isPlaybook(text []byte) bool {
	return lazy.Contains(text, "hosts:") && (lazy.Contains(text, "\n  tasks:") || lazy.Contains(text, "\n  roles:") || lazy.Contains(text, "ansible.builtin") || lazy.Contains(text, "\n    tasks:"))
}

func isVariables(p string) bool {
	p = "/" + p
	return strings.Contains(p, "/group_vars/") || strings.Contains(p, "/host_vars/") || strings.HasPrefix(p, "/vars/") ||
		strings.Contains(p, "/roles/") && (strings.Contains(p, "/vars/") || strings.Contains(p, "/defaults/")) || strings.Contains(p, "/playbooks/vars/")
}

// isAside reports whether a file may be one of variables that a playbook or its command names (vars_files, -e @FILE): it is in a
// folder of that name, or named for what it holds. Whether it is one, its siblings tell.
func isAside(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	switch strings.ToLower(path.Base(a.Dir())) {
	case "vars", "secrets", "secret", "vault", "vaults":
	default:
		if !strings.Contains(base, "secret") && !strings.Contains(base, "vault") && !strings.Contains(base, "password") && !strings.Contains(base, "credentials") {
			return false
		}
	}
	return !a.Has("apiVersion") && !a.Has("sops:") && !strings.HasPrefix(base, ".")
}

// siblings names what tells that a file stands in a folder of Ansible's: its variables and its configuration.
func siblings(a *artifact.Artifact) []string {
	if bytes.HasPrefix(a.Content, vaultHeader) || isVariables(a.Path) || !isAside(a) {
		return nil
	}
	var out []string
	for _, up := range []string{"", "../"} {
		out = append(out, up+"group_vars/*", up+"host_vars/*", up+"ansible.cfg", up+"roles/*/tasks/main.yml")
	}
	return out
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
	if isAside(a) && !isVariables(a.Path) && !isTasks(a.Path) && !isPlaybook(a.Content) && len(a.Siblings) == 0 {
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

// oneOfMany reports whether a name is a key of a map of credentials: passwords.shop.
func oneOfMany(name string) bool {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(name[strings.LastIndexByte(name[:i], '.')+1:i]), func(r rune) bool { return r == '_' || r == '-' })
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "passwords", "secrets", "tokens", "passwds", "passphrases", "apikeys":
		return detect.ClassifyName(name[i+1:]).Class != inventory.ClassIdentifier
	}
	return false
}

// value reads one value in one file: that of a variable, or of a key of one, under the name that expressions use.
func value(f *artifact.Facts, name string, pair tree.Pair, p tree.Path) {
	v := pair.Value
	if v == nil || v.Kind != tree.Scalar || v.Str() == "" {
		return
	}
	encrypted := v.Tag == "!vault" || strings.HasPrefix(v.Value, "$ANSIBLE_VAULT;")
	found := expression(f, v.Value, artifact.At(v, p))
	named := detect.ClassifyName(pair.Key).Class == inventory.ClassCredential || oneOfMany(name)
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
