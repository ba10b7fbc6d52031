package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// reference is one credential that an expression uses.
type reference struct {
	id    string
	at    artifact.Place
	whole bool // the expression is nothing but the reference
}

// references lists the credentials that an expression uses. Where a credential must stand (sink), a name that
// does not speak of one counts too, unless another in the expression does.
func (m *module) references(e hclsyntax.Expression, pointer string, sink bool) []reference {
	var out, plain []reference
	for _, t := range m.traversals(e) {
		if !m.spend() {
			break
		}
		if words := route(t); m.instance != nil && len(words) == 2 && words[0] == "each" && words[1] == "value" {
			value := m.instance
			m.instance = nil // it may not mean itself
			out = append(out, m.references(value, pointer, sink)...)
			m.instance = value
			continue
		}
		place := m.in(t.SourceRange(), pointer)
		name, kind := m.classify(t)
		r := reference{at: place, whole: m.isWhole(e)}
		switch {
		case kind == credential:
			r.id = m.slot(name, place)
			out = append(out, r)
			m.follow(r.id, name)
		case kind == plainValue && sink:
			plain = append(plain, reference{id: name, at: place, whole: r.whole})
		default:
			continue
		}
		if kind != credential {
			continue
		}
		key := keyOf(e, t)
		if key == "" {
			name, key = m.keyBehind(t)
		}
		if key != "" {
			places := []artifact.Place{place}
			if words := route(t); t.RootName() == "local" && len(words) > 1 && m.locals[words[1]] != nil {
				places = append(places, at(m.locals[words[1]].Range(), pointer))
			}
			out[len(out)-1] = m.keyed(name, key, places)
		}
	}
	out = append(out, m.addresses(e, pointer)...)
	if len(out) == 0 {
		for _, r := range plain {
			r.id = m.slot(r.id, r.at)
			out = append(out, r)
		}
	}
	m.Refs += len(out)
	return out
}

// follow joins what is read out of an attribute of a resource to what the attribute is given, where the module writes that
// out: T.N.password to the expression of password in T.N.
func (m *module) follow(id, name string) {
	words := strings.Split(name, ".")
	if len(words) != 3 || m.followed[id] {
		return
	}
	b := m.blocks[words[0]+"."+words[1]]
	if b == nil || b.Type != "resource" || stores[words[0]] != nil || b.Body.Attributes[words[2]] == nil {
		return
	}
	m.followed[id] = true
	attr := b.Body.Attributes[words[2]]
	for _, r := range m.references(attr.Expr, name, true) {
		if r.id != id {
			m.copies(id, r)
		}
	}
}

// addresses lists the store references that stand as text in an expression.
func (m *module) addresses(e hclsyntax.Expression, pointer string) []reference {
	var out []reference
	text := m.text(e)
	for _, r := range detect.StoreReferences(text) {
		place := m.in(e.Range(), pointer)
		out = append(out, reference{id: m.Slot(r.Slot, place), at: place, whole: r.Whole})
		m.Refs--
	}
	if len(out) == 0 && strings.Contains(text, ".vault.azure.net/secrets/") {
		if w := openVault.FindStringSubmatch(text); w != nil {
			place := m.in(e.Range(), pointer)
			out = append(out, reference{id: m.Slot(inventory.SlotRef{Store: "azkv", Scope: "*", Name: strings.ToLower(w[1])}, place), at: place})
			m.Refs--
		}
	}
	return out
}

// openVault is an entry of a Key Vault whose name is computed.
var openVault = lazy.New(`https://[\w-]*\*[\w*-]*\.vault\.azure\.net/secrets/([\w-]+)`)

// keyed adds one key of an entry that holds several, at the place of its use and those of the local values in between.
func (m *module) keyed(name, key string, places []artifact.Place) reference {
	place := places[0]
	id := m.Slot(inventory.SlotRef{Store: "tf", Scope: m.scope, Name: name, Key: key}, place)
	m.Refs--
	for _, p := range places {
		m.Edge(inventory.CopiesFrom, id, m.slot(name, place), "R15-terraform", inventory.Certain, p)
	}
	if b := m.blocks[withoutInstance(name)]; b != nil && len(b.Labels) == 2 && !strings.Contains(name, "[") {
		if r, ok := m.entryOf(b); ok && r.Key == "" && !strings.Contains(r.Name, "*") {
			if r.Store == "op" {
				r.Name += "/" + strings.ToLower(key)
			} else {
				r.Key = key
			}
			for _, p := range append(m.said(b), places...) {
				m.EdgeWith(inventory.CopiesFrom, id, m.Slot(r, place), "R15-terraform", inventory.High, p, inventory.AttrWhole, "true")
				m.Refs--
			}
		}
	}
	return reference{id: id, at: place, whole: true}
}

// said returns where a block, and the one of which it is a version, say the name of their entry.
func (m *module) said(b *hclsyntax.Block) []artifact.Place {
	out := named(b)
	if e := attribute(b.Body, storeOf(b).of); e != nil {
		if t, ok := m.traversal(e); ok {
			if other := m.blocks[withoutInstance(t)]; other != nil && other != b {
				out = append(out, named(other)...)
			}
		}
	}
	return out
}

// keyMaps are the attributes of entries that hold all their keys.
var keyMaps = map[string]bool{"data": true, "map": true}

// keyBehind returns the block whose entry a name takes one key of, and the key: T.N.data["key"], an attribute of an item of
// 1Password, or local.x.key where the local value is such a map or the decoded text of an entry.
func (m *module) keyBehind(t hcl.Traversal) (name, key string) {
	name, words, rest := split(t)
	if len(words) < 2 {
		return "", ""
	}
	if words[0] != "local" {
		typ := words[0]
		if words[0] == "data" || words[0] == "ephemeral" {
			typ = words[1]
		}
		switch {
		case stores[typ] == nil:
		case len(rest) == 2 && keyMaps[rest[0]]:
			return name, rest[1]
		case typ == "onepassword_item" && len(rest) == 1 && rest[0] != "title" && rest[0] != "vault":
			return name, rest[0]
		}
		return "", ""
	}
	if _, in, ok := strings.Cut(name, "["); ok {
		rest = append([]string{strings.TrimSuffix(in, "]")}, rest...)
	}
	whole, ok := m.entryIn(m.locals[words[1]])
	if !ok || len(rest) == 0 {
		return "", ""
	}
	return whole, rest[0]
}

// entryIn returns the block of the entry that an expression is the whole map of keys of.
func (m *module) entryIn(e hclsyntax.Expression) (string, bool) {
	decoded := false
	if call, ok := e.(*hclsyntax.FunctionCallExpr); ok && call.Name == "jsondecode" && len(call.Args) == 1 {
		e, decoded = call.Args[0], true
	}
	if e == nil {
		return "", false
	}
	t, ok := m.single(e)
	if !ok || t.RootName() == "local" {
		return "", false
	}
	name, _, rest := split(t)
	_, k := m.classify(t)
	return name, k == credential && (decoded || len(rest) == 1 && keyMaps[rest[0]])
}

// withoutInstance returns the name of a block without the key of its instance.
func withoutInstance(name string) string {
	name, _, _ = strings.Cut(name, "[")
	return name
}

// keyOf returns the key that an expression takes out of jsondecode(reference).
func keyOf(e hclsyntax.Expression, t hcl.Traversal) string {
	for {
		switch x := e.(type) {
		case *hclsyntax.ParenthesesExpr:
			e = x.Expression
		case *hclsyntax.TemplateWrapExpr:
			e = x.Wrapped
		case *hclsyntax.RelativeTraversalExpr:
			call, ok := x.Source.(*hclsyntax.FunctionCallExpr)
			if words := route(x.Traversal); ok && call.Name == "jsondecode" && len(words) > 0 {
				return words[0]
			}
			return ""
		case *hclsyntax.IndexExpr:
			call, ok := x.Collection.(*hclsyntax.FunctionCallExpr)
			if ok && call.Name == "jsondecode" {
				return literalValue(x.Key)
			}
			return ""
		case *hclsyntax.FunctionCallExpr:
			if len(x.Args) != 1 {
				return ""
			}
			e = x.Args[0]
		default:
			return ""
		}
	}
}

// isWhole reports whether an expression hands a value on unchanged.
func (m *module) isWhole(e hclsyntax.Expression) bool {
	_, ok := m.single(e)
	return ok
}

// kind says what a name stands for.
type kind uint8

const (
	nothing    kind = iota
	plainValue      // a value that is no credential by its name
	credential
	pointer // names an entry of a store: its id, ARN or name
)

// classify returns the name of the slot behind a traversal, and what it is.
func (m *module) classify(t hcl.Traversal) (string, kind) {
	if name, k := m.classifyState(t); k != nothing {
		return name, k
	}
	name, words, rest := split(t)
	if len(words) < 2 {
		return "", nothing
	}
	switch words[0] {
	case "each", "count", "path", "terraform", "self":
		return "", nothing
	case "var", "local":
		return m.classifyValue(words[0]+"."+words[1], rest)
	case "module":
		return m.classifyOutput(words[1], rest)
	case "data", "ephemeral":
		if len(words) < 3 {
			return "", nothing
		}
		return classifyResource(name, words[1], rest)
	}
	return classifyResource(name, words[0], rest)
}

// classifyValue reads var.x and local.x, and local.x.y of an object.
func (m *module) classifyValue(name string, rest []string) (string, kind) {
	if m.secretName(name) || len(rest) > 0 && strong(rest[len(rest)-1]) {
		return name, credential
	}
	if local, ok := strings.CutPrefix(name, "local."); ok && m.secretLocal(local) {
		return name, credential
	}
	return name, plainValue
}

// secretName reports whether a variable or local value holds a credential: it says so itself, or by its name.
func (m *module) secretName(name string) bool {
	if b := m.blocks[name]; b != nil && b.Body.Attributes["type"] != nil {
		if word := hcl.ExprAsKeyword(b.Body.Attributes["type"].Expr); word == "number" || word == "bool" {
			return false
		}
	}
	return m.sensitive[name] || strong(name[strings.IndexByte(name, '.')+1:])
}

// secretLocal reports whether a local value of the file is made from a credential.
func (m *module) secretLocal(name string) bool {
	e := m.locals[name]
	if e == nil || len(m.locals) > 2000 {
		return false
	}
	for _, t := range m.traversals(e) {
		if t.RootName() == "local" {
			continue
		}
		if _, k := m.classify(t); k == credential {
			return true
		}
	}
	return false
}

// classifyOutput reads module.m.out: the output of a local module has the id that its own file gives it.
func (m *module) classifyOutput(call string, rest []string) (string, kind) {
	if len(rest) == 0 {
		return "", nothing
	}
	name := "module." + call + "." + rest[0]
	if b := m.blocks["module."+call]; b != nil && storeOf(b) != nil {
		return classifyEntryOutput("module."+call, rest[0])
	}
	switch {
	case strong(rest[0]):
		return name, credential
	case namesEntry(rest[0]):
		if _, local := m.callee(m.blocks["module."+call]); local {
			return name, pointer
		}
	}
	return name, plainValue
}

// classifyResource reads T.N.attr. Entries of stores and generated credentials are known by their type, any other
// by the attribute's name.
func classifyResource(name, typ string, rest []string) (string, kind) {
	attr := ""
	if len(rest) > 0 {
		attr = rest[0]
	}
	if _, ok := stores[typ]; ok || generated[typ] || typ == "random_string" && strong(name) {
		switch {
		case pointers[attr]:
			return name, pointer
		case identifiers[attr]:
			return "", nothing
		}
		return name, credential
	}
	if len(rest) == 0 {
		return "", nothing
	}
	if last := rest[len(rest)-1]; strong(last) || credentialAttributes[last] {
		return name + "." + strings.Join(rest, "."), credential
	}
	return name + "." + strings.Join(rest, "."), plainValue
}

// pointers are attributes that name an entry.
var pointers = map[string]bool{"id": true, "arn": true, "name": true, "secret_id": true, "versionless_id": true, "self_link": true, "metadata": true, "": true, "path": true}

// identifiers are attributes of generated credentials and entries that are no secret.
var identifiers = map[string]bool{
	"public_key_pem": true, "public_key_openssh": true, "public_key_fingerprint_md5": true, "public_key_fingerprint_sha256": true,
	"status": true, "user": true, "version": true, "version_id": true, "type": true, "tier": true, "tags": true, "key_id": true,
	"create_date": true, "project": true, "replica": true, "display_name": true, "end_date": true, "start_date": true,
	"key_vault_id": true, "expiration_date": true, "not_before_date": true, "content_type": true, "public_key": true, "valid_after": true,
}

// credentialAttributes are attributes of resources that hold a credential though their names do not say so.
var credentialAttributes = map[string]bool{
	"primary_key": true, "secondary_key": true, "primary_connection_string": true, "secondary_connection_string": true,
	"default_primary_connection_string": true, "kube_config_raw": true, "kube_admin_config_raw": true, "private_key_pem": true,
	"private_key_openssh": true, "certificate_pem": false, "connection_url": true, "database_url": true, "uri_with_password": true,
}
