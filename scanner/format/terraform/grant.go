package terraform

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// grants says what the user may do whose access key a block makes: the policies of the module that name the user. A
// policy of another module, and one of a group, stays unseen.
func (m *module) grants(b *hclsyntax.Block, slot string) {
	if b.Labels[0] != "aws_iam_access_key" {
		return
	}
	user := m.target(b, "user")
	for _, name := range slices.Sorted(maps.Keys(m.blocks)) {
		p := m.blocks[name]
		if user == "" || p.Type != "resource" || len(p.Labels) != 2 || m.target(p, "user") != user {
			continue
		}
		place := m.placeOf(p, name)
		switch p.Labels[0] {
		case "aws_iam_user_policy":
			m.allow(slot, attribute(p.Body, "policy"), place)
		case "aws_iam_user_policy_attachment":
			m.attached(slot, p, place)
		}
	}
}

// attached reads the policy that an attachment names: one of the module, or one of AWS.
func (m *module) attached(slot string, p *hclsyntax.Block, place artifact.Place) {
	if policy := m.blocks[m.target(p, "policy_arn")]; policy != nil && policy.Labels[0] == "aws_iam_policy" {
		m.allow(slot, attribute(policy.Body, "policy"), m.placeOf(policy, address(policy)))
		return
	}
	if arn := m.name(p, "policy_arn"); strings.Contains(arn, ":policy/") {
		m.Grant(slot, inventory.PermitAWS, "policy/"+path.Base(arn), place)
	}
}

// target returns the block that an attribute names, "" when it names none.
func (m *module) target(b *hclsyntax.Block, attr string) string {
	e := attribute(b.Body, attr)
	if e == nil {
		return ""
	}
	t, ok := m.single(e)
	if !ok {
		return ""
	}
	name, _, _ := split(t)
	return withoutInstance(name)
}

// placeOf is the place of a block; one of another file of the module has that file's name.
func (m *module) placeOf(b *hclsyntax.Block, name string) artifact.Place {
	place := at(b.DefRange(), name)
	if file := b.DefRange().Filename; file != m.Artifact.Base() {
		place.File = path.Join(m.Artifact.Dir(), file)
	}
	return place
}

// allow grants the actions that a policy allows: a document of the module, jsonencode({...}), or JSON text.
func (m *module) allow(slot string, e hclsyntax.Expression, place artifact.Place) {
	if e == nil {
		return
	}
	if t, ok := m.single(e); ok {
		name, _, _ := split(t)
		if doc := m.blocks[withoutInstance(name)]; doc != nil && doc.Labels[0] == "aws_iam_policy_document" {
			m.document(slot, doc)
		}
		return
	}
	if call, ok := e.(*hclsyntax.FunctionCallExpr); ok && call.Name == "jsonencode" && len(call.Args) == 1 {
		for _, action := range m.encoded(call.Args[0]) {
			m.Grant(slot, inventory.PermitAWS, action, place)
		}
		return
	}
	for _, action := range policyActions(m.text(e)) {
		m.Grant(slot, inventory.PermitAWS, action, place)
	}
}

// document reads the statements of an aws_iam_policy_document.
func (m *module) document(slot string, doc *hclsyntax.Block) {
	for _, s := range doc.Body.Blocks {
		if s.Type != "statement" || strings.EqualFold(literal(s.Body.Attributes["effect"]), "Deny") {
			continue
		}
		place := m.placeOf(s, address(doc)+".statement")
		for _, action := range m.texts(attribute(s.Body, "actions")) {
			m.Grant(slot, inventory.PermitAWS, action, place)
		}
	}
}

// texts lists the literal texts of a list, or of a single value.
func (m *module) texts(e hclsyntax.Expression) []string {
	var out []string
	switch x := e.(type) {
	case nil:
	case *hclsyntax.TupleConsExpr:
		for _, item := range x.Exprs {
			out = append(out, m.texts(item)...)
		}
	default:
		if v := m.text(e); isAction(v) {
			out = append(out, v)
		}
	}
	return out
}

// encoded reads a policy that is written as an object.
func (m *module) encoded(e hclsyntax.Expression) []string {
	statements := member(e, "Statement")
	list := []hclsyntax.Expression{statements}
	if t, ok := statements.(*hclsyntax.TupleConsExpr); ok {
		list = t.Exprs
	}
	var out []string
	for _, s := range list {
		if effect := member(s, "Effect"); effect == nil || m.text(effect) == "Allow" {
			out = append(out, m.texts(member(s, "Action"))...)
		}
	}
	return out
}

// member returns the value of an object's key, nil when it has none.
func member(e hclsyntax.Expression, key string) hclsyntax.Expression {
	o, ok := e.(*hclsyntax.ObjectConsExpr)
	if !ok {
		return nil
	}
	for _, item := range o.Items {
		if objectKey(item.KeyExpr) == key {
			return item.ValueExpr
		}
	}
	return nil
}

// policyActions lists the actions that a policy in JSON allows; nil for what is no policy.
func policyActions(text string) []string {
	var p struct {
		Statement []struct {
			Effect string
			Action json.RawMessage
		}
	}
	if json.Unmarshal([]byte(text), &p) != nil {
		return nil
	}
	var out []string
	for _, s := range p.Statement {
		var one string
		var many []string
		if s.Effect != "Allow" {
			continue
		}
		if json.Unmarshal(s.Action, &one) == nil {
			many = []string{one}
		} else if json.Unmarshal(s.Action, &many) != nil {
			continue
		}
		for _, action := range many {
			if isAction(action) {
				out = append(out, action)
			}
		}
	}
	return out
}

// isAction reports whether a text is an action of IAM: s3:PutObject, s3:*, *.
func isAction(text string) bool {
	service, name, ok := strings.Cut(text, ":")
	return text == "*" || ok && service != "" && name != "" && len(text) < 100 && !strings.ContainsAny(text, " /\"'")
}
