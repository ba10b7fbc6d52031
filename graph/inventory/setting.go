package inventory

import "strings"

// The values of AttrAs on bindings that stand for a program's configuration: a setting as code asks for it, with the
// module that it comes from in Detail where the code says so, and a setting as a file of settings defines it.
const (
	AsSetting    = "setting"
	AsDefinition = "definition"
)

// SettingName is the name of the binding of a setting. The kind is that of the framework: django, rails, laravel ...
func SettingName(kind, name string) string { return kind + ":" + name }

// DefinitionName is the name of the binding of a setting in the file that defines it.
func DefinitionName(kind, name string) string { return "defines:" + kind + ":" + name }

// SettingOf takes the name of a setting's binding, asked for or defined, apart; false for any other binding.
func SettingOf(n *Node) (kind, name string, ok bool) {
	if as := n.Attr(AttrAs); as != AsSetting && as != AsDefinition {
		return "", "", false
	}
	return strings.Cut(strings.TrimPrefix(n.Name, "defines:"), ":")
}

// RuleAlias is the rule of edges from a variable that a program puts into its own environment to the one that it makes it from.
const RuleAlias = "env-alias"

// RuleClient is the rule of edges from a variable that a program hands to the library of a service to that service.
const RuleClient = "client-call"

// RuleLogin is the rule of edges from a part that logs in to a service to that service: all credentials that it has are for it.
const RuleLogin = "login"
