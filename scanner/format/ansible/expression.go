package ansible

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// use is one thing that an expression refers to.
type use struct {
	id, rule string
	at       artifact.Place
}

var (
	braces = lazy.New(`\{\{(.*?)\}\}`)
	lookup = lazy.New(`(?:lookup|query|q)\(\s*['"]([\w.]+)['"]\s*,\s*(?:['"]([^'"]+)['"]|~|[^)])([^)]*(?:\)\s*\.(?:secret|data\.data)(?:\.\w+|\[['"][^'"]+['"]\]))?)`)
	names  = lazy.New(`(?:^|[^\w.'"])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)`)
	keyed  = lazy.New(`\[['"](\w+)['"]\]`)
	quoted = lazy.New(`'[^']*'|"[^"]*"`)
)

// expression lists the credentials that a text refers to: look-ups of stores, and variables that are named for one.
func expression(f *artifact.Facts, text string, at artifact.Place) []use {
	return expressionOf(f, text, false, at)
}

// expressionOf is expression; a variable that is nothing but the text counts whatever it is called, where a credential must
// stand.
func expressionOf(f *artifact.Facts, text string, must bool, at artifact.Place) []use {
	var out []use
	for _, r := range detect.StoreReferences(text) {
		out = append(out, use{f.Slot(r.Slot, at), r.Via, at})
	}
	if !strings.Contains(text, "{{") {
		return out
	}
	for _, m := range braces.FindAllStringSubmatch(text, 50) {
		for _, l := range lookup.FindAllStringSubmatch(m[1], 10) {
			if r, ok := looked(f.Artifact.Source, l[1], l[2], l[3]); ok {
				out = append(out, use{entry(f, r, at), "ansible-lookup", at})
			}
		}
		m[1] = keyed.ReplaceAllString(m[1], ".$1")
		plain := quoted.ReplaceAllString(lookup.ReplaceAllString(m[1], " "), " ")
		for _, n := range names.FindAllStringSubmatch(plain, 30) {
			sure := isCredential(n[1])
			if (sure || must && strings.TrimSpace(m[1]) == n[1]) && !filters[n[1]] {
				id := variable(f, n[1], at)
				f.Refs++
				out = append(out, use{id, "ansible-variable", at})
			}
		}
	}
	return out
}

// isCredential reports whether a variable, or a key of one, is named for a credential. What a loop or an earlier task holds
// is no variable of a file.
func isCredential(name string) bool {
	parts := strings.Split(name, ".")
	switch parts[0] {
	case "item", "hostvars", "groups", "loop", "self":
		return false
	}
	for _, part := range parts[1:] {
		if part == "json" || part == "stdout" || part == "results" || part == "stdout_lines" || part == "content" {
			return false
		}
	}
	return oneOfMany(name) || detect.ClassifyName(parts[0]).Class == inventory.ClassCredential || detect.ClassifyName(parts[len(parts)-1]).Class == inventory.ClassCredential
}

// entry adds an entry of a store; a folder of entries is a pattern.
func entry(f *artifact.Facts, r inventory.SlotRef, at artifact.Place) string {
	if strings.HasSuffix(r.Name, "/") {
		r.Name += "*"
		return container.Glob(f, r, at)
	}
	return f.Slot(r, at)
}

// filters are words of expressions that are no variables.
var filters = map[string]bool{"password_hash": true, "default": true, "lookup": true, "vault": true, "b64encode": true, "omit": true, "csrf_token": true}

// looked returns the entry that a look-up names.
func looked(source, plugin, term, options string) (inventory.SlotRef, bool) {
	if term = strings.TrimSpace(term); term == "" {
		return inventory.SlotRef{}, false
	}
	switch plugin[strings.LastIndexByte(plugin, '.')+1:] {
	case "env":
		return inventory.SlotRef{Store: "env", Scope: source, Name: term}, pipelineName(term)
	case "hashi_vault", "vault_read", "vault_kv2_get", "vault_kv1_get":
		path := strings.TrimPrefix(strings.Fields(term)[0], "secret=")
		path, key, _ := strings.Cut(path, ":")
		if mount := option(options, "engine_mount_point"); mount != "" {
			path = mount + "/" + path
		}
		if m := resultKey.FindStringSubmatch(options); m != nil && key == "" {
			key = m[1] + m[2]
		}
		return detect.VaultSlot("", path, key), true
	case "aws_secret", "secretsmanager_secret", "aws_secretsmanager":
		return inventory.SlotRef{Store: "aws-sm", Scope: region(options), Name: term}, true
	case "aws_ssm", "ssm_parameter":
		return inventory.SlotRef{Store: "aws-ssm", Scope: region(options), Name: strings.TrimPrefix(term, "/")}, true
	case "onepassword", "onepassword_raw":
		vault, field := option(options, "vault"), option(options, "field")
		if vault == "" {
			vault = "*"
		}
		if field == "" {
			field = "password"
		}
		return detect.OnePasswordSlot(vault + "/" + term + "/" + field), true
	case "passwordstore":
		return inventory.SlotRef{Store: "pass", Scope: "*", Name: strings.Fields(term)[0]}, true
	case "bitwarden":
		return inventory.SlotRef{Store: "bitwarden", Name: term, Key: option(options, "field")}, true
	case "azure_keyvault_secret":
		return inventory.SlotRef{Store: "azkv", Scope: "*", Name: strings.ToLower(term)}, true
	case "gcp_secret_manager", "gcp_secret":
		return inventory.SlotRef{Store: "gcp-sm", Scope: "*", Name: term}, true
	}
	return inventory.SlotRef{}, false
}

// resultKey matches the key that is taken out of what vault_kv2_get returns: .secret.password, .data.data['password'].
var resultKey = lazy.New(`\)\s*\.(?:secret|data\.data)(?:\.(\w+)|\[['"]([^'"]+)['"]\])`)

// region returns the scope of an entry of AWS, by the region of the look-up.
func region(options string) string {
	if r := option(options, "region"); r != "" && !strings.Contains(r, "{") {
		return "*/" + r
	}
	return "*/*"
}

func pipelineName(name string) bool {
	return !detect.Ignored(name) && detect.ClassifyName(name).Score > 0
}

// option returns name='text' of a look-up.
func option(text, name string) string {
	i := strings.Index(text, name+"=")
	if i < 0 {
		return ""
	}
	rest := strings.TrimLeft(text[i+len(name)+1:], `'"`)
	if end := strings.IndexAny(rest, `'", )`); end >= 0 {
		rest = rest[:end]
	}
	return rest
}
