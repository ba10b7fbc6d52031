package cloudformation

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// grants says what the access key of a user may do: by the policies inside the user, those that the template attaches to
// it, and the names of managed ones.
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-user.html
func (f *file) grants(slot, key string) {
	user := logical(f.resources.Get(key, "Properties", "UserName"))
	if user == "" {
		return
	}
	resources := f.at.Key("Resources")
	props, pp := f.resources.Get(user, "Properties"), resources.Key(user).Key("Properties")
	for i, p := range props.Get("Policies").List() {
		f.document(slot, p.Get("PolicyDocument"), pp.Key("Policies").Index(i))
	}
	for i, arn := range props.Get("ManagedPolicyArns").List() {
		if isLiteral(arn) {
			f.Grant(slot, inventory.PermitAWS, "policy/"+path.Base(arn.Value), artifact.At(arn, pp.Key("ManagedPolicyArns").Index(i)))
		}
	}
	for _, r := range f.resources.Entries() {
		own := r.Value.Get("Properties")
		switch r.Value.Get("Type").Str() {
		case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy":
			if slices.ContainsFunc(own.Get("Users").List(), func(u *tree.Node) bool { return logical(u) == user }) && f.spend() {
				f.document(slot, own.Get("PolicyDocument"), resources.Key(r.Key).Key("Properties"))
			}
		case "AWS::IAM::UserPolicy":
			if logical(own.Get("UserName")) == user && f.spend() {
				f.document(slot, own.Get("PolicyDocument"), resources.Key(r.Key).Key("Properties"))
			}
		}
	}
}

// logical is the logical name that a reference names, in both its spellings; "" for anything else.
func logical(n *tree.Node) string {
	switch {
	case n == nil:
		return ""
	case n.Tag == "!Ref":
		return n.Value
	case len(n.Pairs) == 1 && n.Pairs[0].Key == "Ref":
		return n.Pairs[0].Value.Str()
	}
	return ""
}

// document grants the actions of a policy's statements that allow.
func (f *file) document(slot string, doc *tree.Node, p tree.Path) {
	for _, s := range doc.Get("Statement").List() {
		if strings.EqualFold(s.Get("Effect").Str(), "Deny") {
			continue
		}
		for _, action := range s.Get("Action").List() {
			if text := action.Str(); text != "" && !strings.Contains(text, "$") && f.spend() {
				f.Grant(slot, inventory.PermitAWS, text, artifact.At(action, p.Key("PolicyDocument")))
			}
		}
	}
}
