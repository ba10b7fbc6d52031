package sops

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// recipient is a key that can decrypt a file.
type recipient struct {
	kind, name string
	at         artifact.Place
}

// keyFields are the lists of recipients in SOPS's metadata, with the field that names the key.
var keyFields = []struct{ list, field string }{
	{"age", "recipient"}, {"kms", "arn"}, {"gcp_kms", "resource_id"}, {"azure_kv", "name"}, {"hc_vault", "key_name"}, {"pgp", "fp"},
}

// maxRecipients bounds the keys of one file.
const maxRecipients = 100

// recipients reads the metadata of a file. With key groups, the lists stand in each of them.
func recipients(meta *tree.Node, at tree.Path) []recipient {
	var out []recipient
	for _, k := range keyFields {
		for i, n := range meta.Get(k.list).List() {
			if name := n.Get(k.field); plausible(name.Str()) && len(out) < maxRecipients {
				out = append(out, recipient{k.list, name.Str(), artifact.At(name, at.Key(k.list).Index(i).Key(k.field))})
			}
		}
	}
	for i, group := range meta.Get("key_groups").List() {
		if group.Get("key_groups") == nil {
			out = append(out, recipients(group, at.Key("key_groups").Index(i))...)
		}
	}
	return out
}

// plausible reports whether a text can name a key.
func plausible(name string) bool {
	return name != "" && len(name) < 300 && !strings.ContainsAny(name, "\n\"'<>{}")
}

// lineRecipient reads age__list_0__map_recipient=..., as files of lines have it.
func lineRecipient(name, value string, at artifact.Place) []recipient {
	for _, k := range keyFields {
		if strings.HasPrefix(name, k.list+"__list_") && strings.HasSuffix(name, "__map_"+k.field) && plausible(value) {
			return []recipient{{k.list, value, at}}
		}
	}
	return nil
}
