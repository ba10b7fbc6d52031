package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// stores are the actions that fetch from a secret store and hand what they find to later steps.
var stores = map[string]func(*step){
	"1password/load-secrets-action":                   (*step).onePassword,
	"aws-actions/aws-secretsmanager-get-secrets":      (*step).awsSecrets,
	"google-github-actions/get-secretmanager-secrets": (*step).googleSecrets,
	"azure/get-keyvault-secrets":                      (*step).azureSecrets,
	"hashicorp/vault-action":                          (*step).vaultSecrets,
	"bitwarden/sm-action":                             (*step).bitwardenSecrets,
	"dopplerhq/secrets-fetch-action":                  (*step).dopplerSecrets,
	"infisical/secrets-action":                        (*step).infisicalSecrets,
	"dkershner6/aws-ssm-getparameters-action":         (*step).awsParameters,
}

// fetched says that the step hands an entry of a store on: as a variable of the job, and as an output.
func (st *step) fetched(slot, variable, output string, at artifact.Place) {
	st.Edge(inventory.Reads, st.part, slot, "gha-store-action", inventory.Certain, at)
	if variable != "" {
		st.Edge(inventory.BoundFrom, st.export(variable, at), slot, "gha-store-action", inventory.Certain, at)
	}
	if output != "" && st.key != "" {
		st.Edge(inventory.BoundFrom, st.output(output, at), slot, "gha-store-action", inventory.Certain, at)
	}
}

// is reports whether an input is the word.
func (st *step) is(input, word string) bool { return strings.EqualFold(st.text(input), word) }

// listed returns the entries of an input that lists one on each line, or parts them by a character.
func (st *step) listed(input, separators string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(st.text(input), func(r rune) bool { return strings.ContainsRune(separators, r) }) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && st.spend() {
			out = append(out, mask(line, "*"))
		}
	}
	return out
}

// onePassword reads 1password/load-secrets-action: every variable op://... becomes a variable or an output.
func (st *step) onePassword() {
	for _, pair := range st.node.Get("env").Entries() {
		if !strings.HasPrefix(pair.Value.Str(), onePassword) || !st.spend() {
			continue
		}
		at := artifact.At(pair.Value, st.path.Key("env").Key(pair.Key))
		name := pair.Key
		if st.is("export-env", "false") {
			name = ""
		}
		slot := st.entry(storeSlots(pair.Value.Str())[0], at)
		st.Refs--
		st.fetched(slot, name, pair.Key, at)
	}
}

var notWord = lazy.New(`[^A-Za-z0-9]+`)

// variableName makes a variable's name of an entry's, as these actions do.
func variableName(name string) string {
	return strings.ToUpper(strings.Trim(notWord.ReplaceAllString(name, "_"), "_"))
}

// awsSecrets reads secret-ids: lines of NAME, id or id alone; an id may be an ARN or end in *.
func (st *step) awsSecrets() {
	in := st.with["secret-ids"]
	for _, line := range st.listed("secret-ids", "\n") {
		alias, id, ok := strings.Cut(line, ",")
		if !ok {
			alias, id = "", line
		}
		id = strings.TrimSpace(id)
		r := inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: id}
		if found := detect.StoreReferences(id); len(found) > 0 {
			r = found[0].Slot
		}
		name := strings.TrimSpace(alias)
		if name == "" {
			name = variableName(r.Name)
		}
		if strings.HasSuffix(r.Name, "*") {
			name += "*"
		}
		if st.is("parse-json-secrets", "true") {
			st.fetched(st.entry(r, st.place(in)), name+"_*", "", st.place(in))
			continue
		}
		st.fetched(st.entry(r, st.place(in)), name, "", st.place(in))
	}
}

// awsParameters reads parameterPairs: "/path = NAME, /other = OTHER".
func (st *step) awsParameters() {
	in := st.with["parameterpairs"]
	for _, pair := range st.listed("parameterpairs", ",\n") {
		name, variable, ok := strings.Cut(pair, "=")
		if !ok {
			continue
		}
		r := inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(strings.TrimSpace(name), "/")}
		st.fetched(st.entry(r, st.place(in)), strings.TrimSpace(variable), "", st.place(in))
	}
}

// googleSecrets reads secrets: lines of output:project/name[/version] or output:projects/p/secrets/n[/versions/v].
func (st *step) googleSecrets() {
	in := st.with["secrets"]
	for _, line := range st.listed("secrets", "\n,") {
		output, id, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		parts := strings.Split(strings.Trim(id, "/"), "/")
		if len(parts) >= 4 && parts[0] == "projects" {
			parts = []string{parts[1], parts[3]}
		}
		if len(parts) < 2 {
			continue
		}
		variable := ""
		if st.is("export_to_environment", "true") {
			variable = variableName(output)
		}
		r := inventory.SlotRef{Store: "gcp-sm", Scope: parts[0], Name: parts[1]}
		st.fetched(st.entry(r, st.place(in)), variable, output, st.place(in))
	}
}

// azureSecrets reads keyvault and secrets: a list of names, each a variable and an output.
func (st *step) azureSecrets() {
	in := st.with["secrets"]
	vault := strings.ToLower(mask(st.text("keyvault"), "*"))
	for _, name := range st.listed("secrets", ",\n") {
		r := inventory.SlotRef{Store: "azkv", Scope: vault, Name: strings.ToLower(name)}
		st.fetched(st.entry(r, st.place(in)), name, name, st.place(in))
	}
}

// vaultSecrets reads secrets: entries of "path key | NAME", parted by ";". A key "*" hands on all keys.
func (st *step) vaultSecrets() {
	in := st.with["secrets"]
	_, address, _ := strings.Cut(st.text("url"), "://")
	if address, _, _ = strings.Cut(address, "/"); strings.Contains(st.text("url"), "${{") {
		address = ""
	}
	address, _, _ = strings.Cut(address, ":")
	for _, line := range st.listed("secrets", ";\n") {
		what, name, _ := strings.Cut(line, "|")
		words := strings.Fields(what)
		if len(words) < 2 {
			continue
		}
		key := strings.Trim(strings.Join(words[1:], " "), `"'`)
		if name = strings.TrimSpace(name); name == "" {
			name = variableName(key)
		}
		if key == "*" {
			name += "*"
		}
		variable := name
		if st.is("exportenv", "false") {
			variable = ""
		}
		slot := st.entry(detect.VaultSlot(address, words[0], key), st.place(in))
		st.fetched(slot, variable, name, st.place(in))
	}
}

// bitwardenSecrets reads secrets: lines of "id > NAME".
func (st *step) bitwardenSecrets() {
	in := st.with["secrets"]
	for _, line := range st.listed("secrets", "\n") {
		id, name, ok := strings.Cut(line, ">")
		if name = strings.TrimSpace(name); !ok || name == "" {
			continue
		}
		variable := name
		if st.is("set_env", "false") {
			variable = ""
		}
		r := inventory.SlotRef{Store: "bws", Scope: "*", Name: strings.TrimSpace(id)}
		st.fetched(st.entry(r, st.place(in)), variable, name, st.place(in))
	}
}

// dopplerSecrets takes in a whole configuration of a project.
func (st *step) dopplerSecrets() {
	scope := known(st.text("doppler-project")) + "/" + known(st.text("doppler-config"))
	st.fetchedAll(inventory.SlotRef{Store: "doppler", Scope: scope, Name: "*"}, st.is("inject-env-vars", "true"))
}

// infisicalSecrets takes in a folder of a project's environment.
func (st *step) infisicalSecrets() {
	scope := known(st.text("project-slug")) + "/" + known(st.text("env-slug")) + strings.TrimSuffix(st.text("secret-path"), "/")
	st.fetchedAll(inventory.SlotRef{Store: "infisical", Scope: scope, Name: "*"}, !st.is("export-type", "file"))
}

// known returns a text, "*" for one that is missing or computed.
func known(text string) string {
	if text == "" || strings.Contains(text, "${{") {
		return "*"
	}
	return text
}

// fetchedAll says that the step hands on all that a place of a store holds.
func (st *step) fetchedAll(r inventory.SlotRef, export bool) {
	pattern := st.entry(r, st.at)
	variable := ""
	if export {
		variable = "*"
	}
	st.fetched(pattern, variable, "*", st.at)
}
