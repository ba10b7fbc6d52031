package jenkins

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// binding is an entry of a store that a helper hands on under a variable.
type binding struct {
	slot inventory.SlotRef
	name string
	at   artifact.Place
}

// fetched declares a variable that holds an entry of a store.
func (f *file) fetched(s *pipeline.Scope, b binding, rule string) {
	id := s.Declare(s.Levels[0], s.Part, b.name, rule, b.at)
	f.Edge(inventory.BoundFrom, id, f.Entry(b.slot, b.at), rule, inventory.High, b.at)
}

// withVault reads withVault(vaultSecrets: [[path: p, secretValues: [[envVar: E, vaultKey: k]]]]).
func (f *file) withVault(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	in := f.block(s, x)
	address := ""
	list, ok := x.Arg("vaultSecrets", 1)
	if len(x.Args) == 1 && x.Args[0].Value.IsList {
		list, ok = x.Args[0].Value.Get("vaultSecrets")
	}
	if url := findText(x, "vaultUrl"); url != "" {
		_, address, _ = strings.Cut(strings.TrimRight(url, "/"), "://")
	}
	if !ok {
		return in
	}
	for _, e := range list.List {
		path, _ := e.Value.Get("path")
		values, _ := e.Value.Get("secretValues")
		for _, v := range values.List {
			key, _ := v.Value.Get("vaultKey")
			name, _ := v.Value.Get("envVar")
			if name.Literal() == "" {
				name = key
			}
			if name.Text == "" || path.Text == "" || !f.Spend() {
				continue
			}
			f.fetched(in, binding{detect.VaultSlot(address, computed(path.Text), key.Text), name.Text, f.Artifact.PlaceOf(key.Offset)}, "jenkins-vault")
		}
	}
	return in
}

// computed replaces the computed parts of a text by "*".
func computed(text string) string { return container.Computed(text) }

// findText returns the text of the first argument of a name, anywhere in a call.
func findText(x calls.Statement, name string) string {
	out := ""
	var visit func(list []calls.Entry, depth int)
	visit = func(list []calls.Entry, depth int) {
		for _, e := range list {
			if e.Name == name && out == "" {
				out = e.Value.Literal()
			}
			if depth < 20 {
				visit(e.Value.List, depth+1)
			}
		}
	}
	visit(x.Args, 0)
	return out
}

// withKeyVault reads azureKeyVault(keyVaultURL: u, secrets: [[name: n, envVariable: E]]).
func (f *file) withKeyVault(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	in := f.block(s, x)
	url := findText(x, "keyVaultURL") + findText(x, "keyVaultURLOverride")
	_, host, _ := strings.Cut(url, "://")
	vault, _, _ := strings.Cut(host, ".")
	if vault == "" {
		vault = "*"
	}
	lists := []calls.Value{}
	for _, arg := range []string{"secrets", "azureKeyVaultSecrets"} {
		if v, ok := x.Arg(arg, -1); ok {
			lists = append(lists, v)
		}
	}
	for i := range x.Args {
		if x.Args[i].Name == "" {
			lists = append(lists, x.Args[i].Value)
		}
	}
	for _, list := range lists {
		for _, e := range list.List {
			name, _ := e.Value.Get("name")
			env, _ := e.Value.Get("envVariable")
			if env.Literal() == "" {
				env, _ = e.Value.Get("envVar")
			}
			if name.Text == "" || env.Text == "" || !f.Spend() {
				continue
			}
			slot := inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(vault), Name: strings.ToLower(computed(name.Text))}
			f.fetched(in, binding{slot, env.Text, f.Artifact.PlaceOf(name.Offset)}, "jenkins-key-vault")
		}
	}
	return in
}

// helpers reads the shapes that helpers of shared libraries take: a map of vaults to lists of secret('entry', 'ENV'),
// and lists of [envVar: E, secretRef: 'op://...'].
func (f *file) helpers(s *pipeline.Scope, variable string, v calls.Value) {
	for _, e := range v.List {
		for _, item := range e.Value.List {
			if c := item.Value.Call; c != nil && strings.Contains(strings.ToLower(c.Name), "secret") && e.Name != "" {
				f.entry(s, e, c)
			}
		}
		if b, ok := f.reference(e.Value); ok {
			f.helper[variable] = append(f.helper[variable], b)
		}
	}
}

// entry reads secret('entry', 'ENV') below the name of a vault.
func (f *file) entry(s *pipeline.Scope, vault calls.Entry, c *calls.Statement) {
	name, _ := c.Arg("", 0)
	env, ok := c.Arg("", 1)
	if !ok || name.Text == "" || env.Literal() == "" || !f.Spend() {
		return
	}
	slot := inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(computed(vault.Name)), Name: strings.ToLower(computed(name.Text))}
	f.fetched(s, binding{slot, env.Text, f.Artifact.PlaceOf(name.Offset)}, "jenkins-library-secret")
}

// reference reads [envVar: 'E', secretRef: 'op://vault/item/field'].
func (f *file) reference(v calls.Value) (binding, bool) {
	name, _ := v.Get("envVar")
	for _, key := range []string{"secretRef", "reference", "ref"} {
		ref, ok := v.Get(key)
		if !ok || name.Literal() == "" {
			continue
		}
		if found := detect.StoreReferences(computed(ref.Text)); len(found) > 0 {
			return binding{found[0].Slot, name.Text, f.Artifact.PlaceOf(ref.Offset)}, true
		}
	}
	return binding{}, false
}

// withSecrets reads withSecrets(secrets: list) { ... } of a library, with the list in place or in a variable.
func (f *file) withSecrets(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	in := f.block(s, x)
	v, ok := x.Arg("secrets", 0)
	if !ok {
		return in
	}
	for _, word := range append([]calls.Value{v}, v.Rest...) {
		for _, b := range f.helper[word.Text] {
			f.fetched(in, b, "jenkins-library-secret")
		}
		for _, e := range word.List {
			if b, ok := f.reference(e.Value); ok {
				f.fetched(in, b, "jenkins-library-secret")
			}
			for _, b := range f.helper[e.Value.Text] {
				f.fetched(in, b, "jenkins-library-secret")
			}
		}
	}
	return in
}
