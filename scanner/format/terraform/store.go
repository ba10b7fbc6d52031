package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// store is one type of resource or data source that is an entry of a secret store.
type store struct {
	// entry returns the entry that a block makes or reads.
	entry func(m *module, b *hclsyntax.Block) inventory.SlotRef
	// of is the attribute that names the entry of another block: a version names its secret.
	of string
	// value are the attributes that fill it.
	value []string
	// only says which blocks of the type count; nil for all.
	only func(m *module, b *hclsyntax.Block) bool
}

// generated are the resources that make a credential of their own.
var generated = map[string]bool{
	"random_password": true, "tls_private_key": true, "aws_iam_access_key": true, "aws_iam_service_specific_credential": true,
	"google_service_account_key": true, "google_apikeys_key": true, "google_storage_hmac_key": true, "azuread_application_password": true,
	"azuread_service_principal_password": true, "gitlab_project_access_token": true, "gitlab_group_access_token": true,
	"gitlab_personal_access_token": true, "gitlab_deploy_token": true, "gitlab_pipeline_trigger": true, "tfe_team_token": true,
	"tfe_organization_token": true, "cloudflare_api_token": true, "datadog_api_key": true, "datadog_application_key": true,
	"newrelic_api_access_key": true, "grafana_service_account_token": true, "grafana_api_key": true, "digitalocean_spaces_key": true,
	"vault_token": true, "vault_approle_auth_backend_role_secret_id": true, "github_app_token": true, "postgresql_role": true,
	"random_bytes": true, "auth0_client_credentials": true, "okta_app_oauth": true, "mongodbatlas_database_user": true, "pingdom_token": true,
	"aws_secretsmanager_random_password": true, "confluent_api_key": true, "snowflake_user": true, "sentry_key": true, "pagerduty_service_integration": true,
}

// name returns the text of an attribute, "*" when it is missing or computed.
func (m *module) name(b *hclsyntax.Block, attr string) string {
	e := attribute(b.Body, attr)
	if e == nil {
		return "*"
	}
	if v := m.text(e); v != "" {
		return v
	}
	return "*"
}

// entry reads a block that is an entry of a store: the entry copies from the resource that makes it, the resource
// from what fills it; a data source copies from the entry.
func (m *module) entry(b *hclsyntax.Block, alone bool) {
	s := storeOf(b)
	if s.only != nil && !s.only(m, b) {
		m.consumer(b)
		return
	}
	name := address(b)
	place := at(b.DefRange(), name)
	if key := m.each["key"]; !alone && key != "" {
		whole := m.slot(name, place)
		name += "[" + key + "]"
		m.Edge(inventory.MayBe, whole, m.slot(name, place), "R15-terraform", inventory.Low, place)
	}
	id := m.slot(name, place)
	m.Cover(id, b.Range().Start.Line, b.Range().End.Line)
	if makes(b) {
		m.Defined(id, inventory.DefinedInScan, place)
		m.tagged(b.Body, address(b), "resource-tags", func(artifact.Place) string { return id })
	}
	if s.of != "" && m.version(b, id, s) {
		return
	}
	r, known := m.entryOf(b)
	if known {
		m.join(b, id, r)
	} else {
		m.openName(b, id)
	}
	for _, attr := range s.value {
		m.fillEntry(b, id, r, known, attr)
	}
}

// entryOf returns the entry of a block, when its type has one.
func (m *module) entryOf(b *hclsyntax.Block) (inventory.SlotRef, bool) {
	s := storeOf(b)
	if s == nil {
		return inventory.SlotRef{}, false
	}
	if s.of != "" {
		if e := attribute(b.Body, s.of); e != nil {
			if t, ok := m.traversal(e); ok {
				other := m.blocks[withoutInstance(t)]
				if other == nil || other == b || storeOf(other) == nil || storeOf(other).of != "" && other.Type == b.Type {
					return inventory.SlotRef{}, false
				}
				return m.entryOf(other)
			}
		}
	}
	if s.entry == nil {
		return inventory.SlotRef{}, false
	}
	r := s.entry(m, b)
	return r, r.Name != "" && strings.Trim(r.Name, "*/") != ""
}

// join ties the slot of a block to the entry of the store.
func (m *module) join(b *hclsyntax.Block, id string, r inventory.SlotRef) {
	place := at(b.DefRange(), address(b))
	entry := m.storeSlot(r, b)
	from, to := entry, id
	if !makes(b) {
		from, to = id, entry
	} else {
		for _, p := range append(named(b), place) {
			m.Defined(entry, inventory.DefinedInScan, p)
		}
	}
	if !strings.Contains(r.Name+r.Key, "*") {
		for _, p := range append(named(b), place) {
			m.EdgeWith(inventory.CopiesFrom, from, to, "R15-terraform", sure(r), p, inventory.AttrWhole, "true")
		}
		return
	}
	for _, p := range append(named(b), place) {
		m.Edge(inventory.CopiesFrom, from, to, "R15-terraform", inventory.High, p)
	}
}

// nameAttributes are those that name entries in their stores.
var nameAttributes = []string{"name", "name_prefix", "secret_id", "secret_name", "variable_name", "path", "title"}

// named returns where a block says the name of its entry.
func named(b *hclsyntax.Block) []artifact.Place {
	var out []artifact.Place
	bodies := []*hclsyntax.Body{b.Body}
	for _, inner := range b.Body.Blocks {
		if inner.Type == "metadata" {
			bodies = append(bodies, inner.Body)
		}
	}
	for _, body := range bodies {
		for _, attr := range nameAttributes {
			if e := attribute(body, attr); e != nil {
				out = append(out, at(e.Range(), address(b)+"."+attr))
			}
		}
	}
	return out
}

// sure returns how sure it is that a name means one entry: the account of most is not known.
func sure(r inventory.SlotRef) inventory.Confidence {
	if strings.Contains(r.Scope, "*") {
		return inventory.High
	}
	return inventory.Certain
}

// storeSlot adds the entry of a store. A name of which a part is computed is a pattern.
func (m *module) storeSlot(r inventory.SlotRef, b *hclsyntax.Block) string {
	place := at(b.DefRange(), address(b))
	if !strings.Contains(r.Name+r.Key, "*") {
		return m.Slot(r, place)
	}
	id := m.Node(inventory.Pattern, r.ID(), r.Name, place)
	m.Attr(id, inventory.AttrStore, r.Store, "", place)
	m.Attr(id, inventory.AttrScope, r.Scope, "", place)
	m.Attr(id, inventory.AttrGlob, r.ID(), "slot", place)
	m.Refs++
	return id
}

// version reads a block that fills or reads the entry of another block: the other's slot is the one that counts.
func (m *module) version(b *hclsyntax.Block, id string, s *store) bool {
	e := attribute(b.Body, s.of)
	if e == nil {
		return false
	}
	other, ok := m.traversal(e)
	if !ok {
		return false
	}
	place := at(e.Range(), address(b)+"."+s.of)
	target := m.slot(other, place)
	m.EdgeWith(inventory.CopiesFrom, id, target, "R15-terraform", inventory.Certain, place, inventory.AttrWhole, "true")
	r, known := m.entryOf(b)
	for _, attr := range s.value {
		m.fillEntry(b, target, r, known, attr)
	}
	return true
}

// traversal returns the block that an expression such as T.N.id names.
func (m *module) traversal(e hclsyntax.Expression) (string, bool) {
	t, ok := m.single(e)
	if !ok {
		return "", false
	}
	name, words, _ := split(t)
	switch {
	case len(words) < 2 || words[0] == "var" || words[0] == "local" || words[0] == "each" || words[0] == "module":
		return "", false
	case words[0] == "data" || words[0] == "ephemeral":
		return name, len(words) > 2 && stores[words[1]] != nil
	}
	if words[0] == "module" {
		b := m.blocks[name]
		return name, b != nil && storeOf(b) != nil
	}
	return name, stores[words[0]] != nil
}

// fillEntry reads what fills an entry. A value of several keys fills them one by one.
func (m *module) fillEntry(b *hclsyntax.Block, id string, r inventory.SlotRef, known bool, attr string) {
	e, pointer := valueOf(b.Body, attr), address(b)+"."+attr
	if e == nil {
		return
	}
	object := objectOf(e)
	if object == nil {
		m.fillValue(id, attr, e, pointer, true)
		return
	}
	for _, item := range object.Items {
		key := objectKey(item.KeyExpr)
		if !m.spend() {
			return
		}
		if key == "" { // computed: which key it is the file does not say
			k, _ := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
			m.fillValue(id, attr, item.ValueExpr, pointer, k != nil && strong(m.text(k.Wrapped)))
			continue
		}
		place := at(item.KeyExpr.Range(), pointer+"."+key)
		name := strings.TrimPrefix(id, "tf:"+m.scope+"/")
		slot := m.Slot(inventory.SlotRef{Store: "tf", Scope: m.scope, Name: name, Key: key}, place)
		m.Refs--
		if known && r.Key == "" && !strings.Contains(r.Name, "*") {
			keyed := r
			keyed.Key = key
			entry := m.Slot(keyed, place)
			m.Defined(entry, inventory.DefinedInScan, place)
			for _, p := range append(named(b), place) {
				m.EdgeWith(inventory.CopiesFrom, entry, slot, "R15-terraform", sure(r), p, inventory.AttrWhole, "true")
			}
		}
		m.fillValue(slot, key, item.ValueExpr, pointer+"."+key, detect.ClassifyName(key).Score > 0)
	}
}

// fillValue joins a slot to the credentials of an expression, or adds its literal. A key that is named for an
// identifier takes only what is known for a credential.
func (m *module) fillValue(slot, name string, e hclsyntax.Expression, pointer string, sink bool) {
	refs := m.references(e, pointer, sink)
	for _, r := range refs {
		m.copies(slot, r)
	}
	if len(refs) == 0 && sink {
		m.literal(slot, name, e, pointer)
	}
}

// valueOf returns an attribute, also of the inner block that a dotted name gives.
func valueOf(body *hclsyntax.Body, name string) hclsyntax.Expression {
	inner, attr, nested := strings.Cut(name, ".")
	if !nested {
		return attribute(body, name)
	}
	for _, b := range body.Blocks {
		if b.Type == inner {
			return valueOf(b.Body, attr)
		}
	}
	return nil
}

// objectOf returns the object of jsonencode({...}) or of a map.
func objectOf(e hclsyntax.Expression) *hclsyntax.ObjectConsExpr {
	for range maxEval {
		switch x := e.(type) {
		case *hclsyntax.ObjectConsExpr:
			return x
		case *hclsyntax.ParenthesesExpr:
			e = x.Expression
		case *hclsyntax.FunctionCallExpr:
			if len(x.Args) != 1 || x.Name != "jsonencode" && x.Name != "sensitive" && x.Name != "yamlencode" && x.Name != "tomap" {
				return nil
			}
			e = x.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// plainEntry is for entries whose scope files do not say.
func plainEntry(storeName, scope, attr string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		name := m.name(b, attr)
		if r, ok := arn(name); ok {
			return r
		}
		if storeName == "aws-ssm" {
			name = strings.TrimPrefix(name, "/")
		}
		return inventory.SlotRef{Store: storeName, Scope: scope, Name: name}
	}
}

// scoped is for entries whose scope is an attribute.
func scoped(storeName, scopeAttr, attr string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		return inventory.SlotRef{Store: storeName, Scope: m.name(b, scopeAttr), Name: m.name(b, attr)}
	}
}

// arn reads the name of an AWS resource, computed parts as "*".
func arn(text string) (inventory.SlotRef, bool) {
	if found := detect.StoreReferences(text); len(found) > 0 && strings.HasPrefix(text, "arn:") {
		return found[0].Slot, true
	}
	p := strings.SplitN(text, ":", 7)
	if len(p) < 6 || p[0] != "arn" {
		return inventory.SlotRef{}, false
	}
	scope := p[4] + "/" + p[3]
	switch {
	case p[2] == "secretsmanager" && len(p) == 7:
		name, rest, _ := strings.Cut(p[6], ":")
		key, _, _ := strings.Cut(rest, ":")
		name = strings.TrimSuffix(strings.TrimSuffix(name, "-??????"), "-*")
		return inventory.SlotRef{Store: "aws-sm", Scope: scope, Name: name, Key: key}, true
	case p[2] == "ssm" && strings.HasPrefix(p[5], "parameter"):
		return inventory.SlotRef{Store: "aws-ssm", Scope: scope, Name: strings.TrimPrefix(strings.TrimPrefix(p[5], "parameter"), "/")}, true
	}
	return inventory.SlotRef{}, false
}
