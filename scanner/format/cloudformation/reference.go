package cloudformation

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// use is one credential that a value refers to.
type use struct {
	id    string
	at    artifact.Place
	whole bool
}

var (
	dynamic     = lazy.New(`\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*(?:\$\{[^}]*\}[^{}]*)*)\}\}`)
	placeholder = lazy.New(`\$\{([A-Za-z][\w:]*)(?:\.([\w.]+))?\}`)
)

// maxUses bounds how deep a value is searched.
const maxUses = 40

// uses lists what a value refers to: by Ref, GetAtt, Sub and dynamic references, in both their spellings.
func (f *file) uses(n *tree.Node, p tree.Path, depth int) []use {
	if n == nil || depth > maxUses || !f.spend() {
		return nil
	}
	switch {
	case n.Kind == tree.Scalar:
		return f.scalar(n, p)
	case n.Tag == "!GetAtt" && n.IsSeq() && len(n.Items) > 1:
		return f.named(n.Items[0].Str(), n.Items[1].Str(), artifact.At(n, p))
	case len(n.Pairs) == 1 && n.Pairs[0].Key == "Ref":
		return f.named(n.Pairs[0].Value.Str(), "", artifact.At(n.Pairs[0].Value, p))
	case len(n.Pairs) == 1 && n.Pairs[0].Key == "Fn::GetAtt":
		name, attr, _ := strings.Cut(n.Pairs[0].Value.Str(), ".")
		if list := n.Pairs[0].Value.List(); len(list) > 1 {
			name, attr = list[0].Str(), list[1].Str()
		}
		return f.named(name, attr, artifact.At(n.Pairs[0].Value, p))
	case len(n.Pairs) == 1 && n.Pairs[0].Key == "Fn::Sub" && n.Pairs[0].Value.Str() != "":
		return f.text(n.Pairs[0].Value, p)
	}
	if list := function(n, "FindInMap"); list != nil {
		return f.mapped(list, "", artifact.At(n, p))
	}
	if list := function(n, "Join"); len(list) == 2 && list[0].Str() == "" {
		if found := f.joined(list[1].List(), artifact.At(n, p)); found != nil {
			return found
		}
	}
	var out []use
	for _, pair := range n.Pairs {
		out = append(out, f.uses(pair.Value, p.Key(pair.Key), depth+1)...)
	}
	for i, item := range n.Items {
		if n.Tag == "!Sub" && i == 0 || len(n.Items) == 2 && strings.HasSuffix(string(p), "Fn::Sub") && i == 0 {
			out = append(out, f.text(item, p.Index(i))...)
			continue
		}
		out = append(out, f.uses(item, p.Index(i), depth+1)...)
	}
	return out
}

func (f *file) scalar(n *tree.Node, p tree.Path) []use {
	switch n.Tag {
	case "!Ref":
		return f.named(n.Value, "", artifact.At(n, p))
	case "!GetAtt":
		name, attr, _ := strings.Cut(n.Value, ".")
		return f.named(name, attr, artifact.At(n, p))
	}
	return f.text(n, p)
}

// text reads dynamic references, addresses of entries, and the placeholders of Sub.
func (f *file) text(n *tree.Node, p tree.Path) []use {
	at := artifact.At(n, p)
	var out []use
	rest := n.Str()
	for _, m := range dynamic.FindAllStringSubmatch(rest, 100) {
		if u, ok := f.resolve(m[1], m[2], at); ok {
			u.whole = strings.TrimSpace(rest) == m[0]
			out = append(out, u)
		}
	}
	rest = dynamic.ReplaceAllString(rest, "")
	for _, r := range detect.StoreReferences(rest) {
		out = append(out, use{f.Slot(r.Slot, at), at, r.Whole})
	}
	if strings.Contains(rest, "${") {
		for _, m := range placeholder.FindAllStringSubmatch(rest, 100) {
			out = append(out, f.named(m[1], m[2], at)...)
		}
	}
	return out
}

// resolve reads a dynamic reference: ssm-secure:name[:version], secretsmanager:id:SecretString:key:stage:version.
func (f *file) resolve(service, text string, at artifact.Place) (use, bool) {
	key := ""
	if i := strings.Index(text, ":SecretString"); service == "secretsmanager" && i >= 0 {
		parts := strings.Split(strings.TrimPrefix(text[i:], ":SecretString"), ":")
		text = text[:i]
		if len(parts) > 1 {
			key = parts[1]
		}
	}
	if m := placeholder.FindStringSubmatch(text); m != nil && m[0] == text && service == "secretsmanager" {
		for _, u := range f.named(m[1], m[2], at) {
			return f.keyed(m[1], key, u, at), true
		}
	}
	if found := detect.StoreReferences(text); len(found) > 0 {
		r := found[0].Slot
		r.Key = key
		return use{id: f.Slot(r, at), at: at}, true
	}
	name := container.Computed(text)
	r := inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: name, Key: key}
	if service != "secretsmanager" {
		name, _, _ = strings.Cut(name, ":")
		r = inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(name, "/")}
	}
	if strings.Trim(r.Name, "*/") == "" || strings.HasPrefix(r.Name, "aws/service/") {
		return use{}, false // nothing known, or one of AWS's public parameters
	}
	return use{id: f.entry(r, at), at: at}, true
}

// entry adds an entry; one whose name is not known in full is a pattern.
func (f *file) entry(r inventory.SlotRef, at artifact.Place) string {
	if strings.Contains(r.Name+r.Key, "*") {
		return container.Glob(f.Facts, r, at)
	}
	return f.Slot(r, at)
}

// keyed returns one key of a secret that the template makes.
func (f *file) keyed(name, key string, u use, at artifact.Place) use {
	if key == "" {
		return u
	}
	id := f.slot(name, key, at)
	f.Edge(inventory.CopiesFrom, id, u.id, "cfn-key", inventory.Certain, at)
	return use{id: id, at: at}
}

// named returns the slot of a logical name, when a credential stands behind it.
func (f *file) named(name, attr string, at artifact.Place) []use {
	if f.isSecretParameter(name) {
		f.Refs++
		return []use{{f.slot(name, "", at), at, true}}
	}
	switch typ := f.resources.Get(name, "Type").Str(); {
	case secretTypes[typ]:
		f.Refs++
		return []use{{f.slot(name, "", at), at, true}}
	case attr != "" && (detect.ClassifyName(attr).Class == inventory.ClassCredential || attr == "SecretAccessKey") && typ != "":
		f.Refs++
		id := f.slot(name, attr, at)
		if typ == "AWS::IAM::AccessKey" {
			f.grants(id, name)
		}
		return []use{{id, at, true}}
	}
	return nil
}

// secretTypes are the resources that are entries of a store.
var secretTypes = map[string]bool{"AWS::SecretsManager::Secret": true, "AWS::SSM::Parameter": true}
