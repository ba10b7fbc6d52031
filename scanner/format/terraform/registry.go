package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// registry are modules of the Terraform registry that make one entry of a secret store, by where they come from. Such a call is
// what the resource would be, and its outputs hand out the entry's address or its value. Source: the pages of the modules.
var registry = []struct {
	source *lazy.Regexp
	store  *store
}{
	{lazy.New(`(^|[/:])terraform-aws-modules/(terraform-aws-)?secrets-manager(/aws)?([./?]|$)`),
		&store{entry: plainEntryOf("aws-sm", "*/*", "name", "arn"), value: []string{"secret_string", "secret_string_wo", "secret_binary"}}},
	{lazy.New(`(^|[/:])terraform-aws-modules/(terraform-aws-)?ssm-parameter(/aws)?([./?]|$)`),
		&store{entry: plainEntry("aws-ssm", "*/*", "name"), value: []string{"value", "value_wo"}, only: secretParameter}},
	{lazy.New(`(^|[/:])GoogleCloudPlatform/(terraform-google-)?secret-manager(/google)?(\.git)?//modules/simple-secret(\?|$)`),
		&store{entry: scoped("gcp-sm", "project_id", "name"), value: []string{"secret_data"}}},
}

// secretParameter leaves out parameters that are plain configuration.
func secretParameter(m *module, b *hclsyntax.Block) bool {
	return m.name(b, "type") == "SecureString" || m.name(b, "secure_type") == "true" || strong(m.name(b, "name"))
}

// storeOf returns what kind of entry a block is, by its type or by the module that it calls; nil for none.
func storeOf(b *hclsyntax.Block) *store {
	if len(b.Labels) == 0 {
		return nil
	}
	if b.Type != "module" {
		return stores[b.Labels[0]]
	}
	source := literal(b.Body.Attributes["source"])
	if source == "" || strings.HasPrefix(source, ".") {
		return nil
	}
	for _, r := range registry {
		if r.source.MatchString(source) {
			return r.store
		}
	}
	return nil
}

// makes reports whether a block makes its entry, where others read it.
func makes(b *hclsyntax.Block) bool { return b.Type == "resource" || b.Type == "module" }

// classifyEntryOutput reads an output of a module that makes an entry: what it is called says whether it is the entry's address
// or its value.
func classifyEntryOutput(name, output string) (string, kind) {
	switch {
	case output == "secret_string" || output == "secret_binary" || strings.HasSuffix(output, "value"):
		return name, credential
	case output == "arn" || output == "id" || output == "name" || strings.HasSuffix(output, "_arn") || strings.HasSuffix(output, "_id") || strings.HasSuffix(output, "_name"):
		return name, pointer
	}
	return name, nothing
}
