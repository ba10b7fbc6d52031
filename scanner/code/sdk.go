package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// sdk is one way in which a library is asked for a credential. The rows hold for every language: libraries of a
// store name their calls alike. Sources: the API references of the stores' client libraries.
type sdk struct {
	via    string
	anchor string       // what is searched
	need   []string     // one of these must stand in the file: the library or its call
	match  *lazy.Regexp // matched behind the anchor; its groups go to slot
	lang   string       // the id of the only language it holds for, "" for all
	inner  bool         // the anchor may stand inside a longer name
	spaced bool         // names may hold spaces and signs
	sure   confidence   // 0: certain
	slot   func(m []string) inventory.SlotRef
}

// Pieces of the expressions below. A value is a literal, maybe inside aws.String(...) or a list.
const (
	quoted     = `["'\x60]([^"'\x60\n]{1,200})["'\x60]`
	wrapping   = `(?:(?:aws\.String|aws\.ToString|String|str|to\.Ptr|ptr\.String)\(\s*)?`
	becomes    = `["']?\s*(?:\]\s*)?(?:=>|[:=(,])\s*` + wrapping
	openParen  = `\s*(?:<[^<>()]{0,80}>)?\(\s*`
	contextArg = `(?:(?:[\w.]*[cC]tx|context\.\w+\(\)|t\.Context\(\)|r\.Context\(\))\s*,\s*)?`
)

// simpleSlot makes a slot of a store whose scope is unknown.
func simpleSlot(store, scope string) func(m []string) inventory.SlotRef {
	return func(m []string) inventory.SlotRef {
		if slot, ok := StoreAddress(m[1]); ok {
			return slot
		}
		ref := inventory.SlotRef{Store: store, Scope: scope, Name: strings.TrimPrefix(m[1], "/")}
		if len(m) > 2 {
			ref.Key = m[2]
		}
		return ref
	}
}

func vaultCall(m []string) inventory.SlotRef { return detect.VaultSlot("", m[1], "") }

func googleCall(m []string) inventory.SlotRef {
	if slot, ok := StoreAddress(m[1]); ok {
		return slot
	}
	return inventory.SlotRef{}
}

func azureCall(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "azkv", Scope: "*", Name: strings.ToLower(m[1])}
}

var (
	secretsManager = []string{"GetSecretValue", "getSecretValue", "get_secret_value", "GetSECSecretValue", "Get-SECSecretValue", "BatchGetSecretValue"}
	ssmLibrary     = []string{"ssm", "SSM", "Ssm"}
	azureSecrets   = []string{"SecretClient", "azsecrets", "keyvault", "KeyVault", "key_vault"}
	vaultLibrary   = []string{"vault", "Vault", "hvac"}
	keyringLibrary = []string{"keyring", "keytar", "Keyring"}
)

// sdks is the table.
var sdks = []sdk{
	{via: "sdk-aws-sm", anchor: "SecretId", need: secretsManager, match: lazy.New(`^` + becomes + quoted), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "secretId", need: secretsManager, match: lazy.New(`^` + becomes + quoted), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "secret_id", need: secretsManager, match: lazy.New(`^` + becomes + quoted), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "get_secret_value", need: secretsManager, match: lazy.New(`^` + openParen + quoted), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "getSecretValue", need: secretsManager, match: lazy.New(`^` + openParen + quoted), slot: simpleSlot("aws-sm", "*/*")},
	{via: "cdk-aws-sm", anchor: "fromSecretNameV2", match: lazy.New(`^\(\s*[\w.]+\s*,\s*` + `["'\x60][^"'\x60\n]*["'\x60]\s*,\s*` + quoted), slot: simpleSlot("aws-sm", "*/*"), inner: true},
	{via: "cdk-aws-sm", anchor: "SecretValue.secretsManager", match: lazy.New(`^\(\s*` + quoted + `(?:\s*,\s*\{\s*jsonField:\s*["'](\w+)["'])?`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-ssm", anchor: "etParameter", match: lazy.New(`^s?\w*\W[^;]{0,300}?\b[nN]ames?["']?\s*(?:=>|[:=(])\s*(?:\[\]string\{|\[|\{)?\s*` + wrapping + quoted), slot: simpleSlot("aws-ssm", "*/*"), inner: true, need: ssmLibrary},
	{via: "sdk-aws-ssm", anchor: "get_parameter", match: lazy.New(`^s?\([^;]{0,200}?\b[nN]ames?["']?\s*(?:=>|[:=])\s*(?:\[)?\s*` + quoted), slot: simpleSlot("aws-ssm", "*/*"), need: ssmLibrary},
	{via: "cdk-aws-ssm", anchor: "StringParameter.valueForStringParameter", match: lazy.New(`^\(\s*[\w.]+\s*,\s*` + quoted), slot: simpleSlot("aws-ssm", "*/*")},
	{via: "cdk-aws-ssm", anchor: "SecretValue.ssmSecure", match: lazy.New(`^\(\s*` + quoted), slot: simpleSlot("aws-ssm", "*/*")},
	{via: "sdk-gcp-sm", anchor: "ccessSecretVersion", match: lazy.New(`^[^;]{0,200}?[nN]ame["']?\s*(?:=>|[:=(])\s*[fF$]?` + quoted), slot: googleCall, inner: true},
	{via: "sdk-gcp-sm", anchor: "access_secret_version", match: lazy.New(`^[^;]{0,200}?name["']?\s*(?:=>|[:=(])\s*[fF$]?` + quoted), slot: googleCall},
	{via: "sdk-azkv", anchor: "GetSecret", need: azureSecrets, match: lazy.New(`^(?:Async)?` + openParen + contextArg + quoted), slot: azureCall},
	{via: "sdk-azkv", anchor: "getSecret", need: azureSecrets, match: lazy.New(`^` + openParen + quoted), slot: azureCall},
	{via: "sdk-azkv", anchor: "get_secret", need: azureSecrets, match: lazy.New(`^` + openParen + quoted), slot: azureCall},
	{via: "sdk-vault", anchor: "Logical().Read", match: lazy.New(`^(?:WithContext)?\(\s*` + contextArg + quoted), slot: vaultCall, inner: true},
	{via: "sdk-vault", anchor: "KVv2", match: lazy.New(`^\(\s*` + quoted + `\s*\)\s*\.Get\(\s*` + contextArg + quoted), slot: mountedCall},
	{via: "sdk-vault", anchor: "KVv1", match: lazy.New(`^\(\s*` + quoted + `\s*\)\s*\.Get\(\s*` + contextArg + quoted), slot: mountedCall},
	{via: "sdk-vault", anchor: "read_secret_version", need: vaultLibrary, match: lazy.New(`^\(\s*(?:path\s*=\s*)?` + quoted + `(?:[^)]{0,120}?mount_point\s*=\s*` + quoted + `)?`), slot: hvacCall},
	{via: "sdk-vault", anchor: "read_secret", need: vaultLibrary, match: lazy.New(`^\(\s*(?:path\s*=\s*)?` + quoted + `(?:[^)]{0,120}?mount_point\s*=\s*` + quoted + `)?`), slot: hvacCall},
	{via: "sdk-vault", anchor: "vault.read", match: lazy.New(`^\(\s*` + quoted), slot: vaultCall},
	{via: "sdk-vault", anchor: "client.read", need: []string{"hvac"}, match: lazy.New(`^\(\s*` + quoted), slot: vaultCall},
	{via: "sdk-vault", anchor: "vaultTemplate.read", match: lazy.New(`^\(\s*` + quoted), slot: vaultCall},
	{via: "sdk-vault", anchor: "Vault.logical.read", match: lazy.New(`^\(?\s*` + quoted), slot: vaultCall},
	{via: "sdk-vault", anchor: "Vault.kv", match: lazy.New(`^\(\s*` + quoted + `\s*\)\.read\(\s*` + quoted), slot: mountedCall},
	{via: "sdk-keyring", anchor: "keyring.get_password", match: lazy.New(`^\(\s*` + quoted + `\s*,\s*` + quoted), slot: simpleSlot("keyring", ""), spaced: true},
	{via: "sdk-keyring", anchor: "keyring.Get", match: lazy.New(`^\(\s*` + quoted + `\s*,\s*` + quoted), slot: simpleSlot("keyring", ""), spaced: true},
	{via: "sdk-keyring", anchor: "keytar.getPassword", match: lazy.New(`^\(\s*` + quoted + `\s*,\s*` + quoted), slot: simpleSlot("keyring", ""), spaced: true},
	{via: "sdk-keyring", anchor: "Entry::new", need: keyringLibrary, match: lazy.New(`^\(\s*` + quoted + `\s*,\s*` + quoted), slot: simpleSlot("keyring", ""), spaced: true},
	{via: "airflow-variable", anchor: "Variable.get", need: []string{"airflow"}, lang: "py", match: lazy.New(`^\(\s*(?:key\s*=\s*)?` + quoted), slot: simpleSlot("airflow-var", "*")},
	{via: "airflow-connection", anchor: "get_connection", need: []string{"airflow"}, lang: "py", match: lazy.New(`^\(\s*(?:conn_id\s*=\s*)?` + quoted), slot: simpleSlot("airflow", "*")},
	{via: "airflow-connection", anchor: "conn_id", need: []string{"airflow"}, lang: "py", match: lazy.New(`^\s*=\s*` + quoted), slot: simpleSlot("airflow", "*"), inner: true},
	{via: "windmill-variable", anchor: "get_variable", need: windmill, match: lazy.New(`^` + openParen + quoted), slot: windmillCall("windmill-var")},
	{via: "windmill-variable", anchor: "getVariable", need: windmill, match: lazy.New(`^` + openParen + quoted), slot: windmillCall("windmill-var")},
	{via: "windmill-resource", anchor: "get_resource", need: windmill, match: lazy.New(`^` + openParen + quoted), slot: windmillCall("windmill-resource")},
	{via: "windmill-resource", anchor: "getResource", need: windmill, match: lazy.New(`^` + openParen + quoted), slot: windmillCall("windmill-resource")},
	{via: "dotenv-load", anchor: "load_dotenv", lang: "py", match: lazy.New(`^\(\s*(?:dotenv_path\s*=\s*)?` + quoted), slot: dotenvCall},
	{via: "dotenv-load", anchor: "dotenv", lang: "js", match: lazy.New(`^["')\s]{0,4}\.?\.?config\(\s*\{\s*path:\s*` + quoted), slot: dotenvCall, inner: true},
	{via: "rails-credentials", anchor: "credentials.dig", lang: "rb", match: lazy.New(`^\(?\s*((?::\w+\s*,?\s*){1,6})`), slot: railsCall, spaced: true},
	{via: "rails-credentials", anchor: "application.credentials", lang: "rb", match: lazy.New(`^((?:&?\.[a-z_]\w*!?|\[:\w+\]|\.fetch\(:\w+\)){1,6})`), slot: railsCall, inner: true, spaced: true},
	{via: "rails-secrets", anchor: "application.secrets", lang: "rb", match: lazy.New(`^((?:&?\.[a-z_]\w*!?|\[:\w+\]|\.fetch\(:\w+\)){1,6})`), slot: railsSecrets, inner: true, spaced: true},
	{via: "ps-get-secret", anchor: "Get-Secret", lang: "ps", match: lazy.New(`^\s+(?:-Vault\s+\S+\s+)?(?:-Name\s+)?["']?([\w.-]+)`), slot: simpleSlot("ps-secret", "*")},
	{via: "sdk-azkv", anchor: "Get-AzKeyVaultSecret", lang: "ps", match: lazy.New(`^[^\n|]{0,100}?-VaultName\s+["']?([\w-]+|\$\w+)["']?\s+-Name\s+["']?([\w-]+)`), slot: azurePower},
	{via: "sdk-aws-sm", anchor: "Get-SECSecretValue", lang: "ps", match: lazy.New(`^[^\n|]{0,100}?-SecretId\s+["']?([\w/.-]+)`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-ssm", anchor: "Get-SSMParameter", lang: "ps", match: lazy.New(`^[^\n|]{0,100}?-Name\s+["']?([\w/.-]+)`), slot: simpleSlot("aws-ssm", "*/*")},
}

// windmill is what a script says that uses Windmill's client.
var windmill = []string{"wmill", "windmill"}

// windmillCall names an entry by its path: f/folder/name, u/user/name.
func windmillCall(store string) func(m []string) inventory.SlotRef {
	return func(m []string) inventory.SlotRef {
		if top, _, ok := strings.Cut(m[1], "/"); !ok || top != "f" && top != "u" && top != "g" {
			return inventory.SlotRef{}
		}
		return inventory.SlotRef{Store: store, Scope: "*", Name: m[1]}
	}
}

func mountedCall(m []string) inventory.SlotRef { return detect.VaultSlot("", m[1]+"/"+m[2], "") }

// hvacCall puts the mount, "secret" unless given, in front of the path.
func hvacCall(m []string) inventory.SlotRef {
	if m[2] == "" {
		m[2] = "secret"
	}
	return detect.VaultSlot("", m[2]+"/"+m[1], "")
}

func dotenvCall(m []string) inventory.SlotRef {
	return inventory.SlotRef{Store: "dotenv", Scope: "*", Name: strings.TrimPrefix(m[1], "./"), Key: "*"}
}

// railsMethods are calls on credentials that name no key.
var railsMethods = lazy.New(`^(?:dig|fetch|config|present|blank|nil|to_h|try|read|content_path|key_path|instance_variable_get|is_a)$`)

func railsKey(text string) string {
	var parts []string
	for _, p := range lazy.New(`[A-Za-z_]\w*`).FindAllString(text, 8) {
		if !railsMethods.MatchString(p) {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ".")
}

func railsCall(m []string) inventory.SlotRef {
	if railsKey(m[1]) == "" {
		return inventory.SlotRef{}
	}
	return inventory.SlotRef{Store: "rails-credentials", Scope: "*", Name: "credentials", Key: railsKey(m[1])}
}

func railsSecrets(m []string) inventory.SlotRef {
	ref := railsCall(m)
	if ref.Name != "" {
		ref.Name = "secrets"
	}
	return ref
}

func azurePower(m []string) inventory.SlotRef {
	vault := strings.ToLower(m[1])
	if strings.HasPrefix(vault, "$") {
		vault = "*"
	}
	return inventory.SlotRef{Store: "azkv", Scope: vault, Name: strings.ToLower(m[2])}
}

// storeMarks are texts one of which stands in every file that calls a store's library.
var storeMarks = [][]byte{
	[]byte("ecret"), []byte("arameter"), []byte("ault"), []byte("eyring"), []byte("keytar"), []byte("airflow"), []byte("dotenv"), []byte("credentials"),
}

// stores reads the calls of stores' libraries.
func (s *scan) stores() {
	s.wrappersOfStores()
	s.calls()
	if !slices.ContainsFunc(storeMarks, func(m []byte) bool { return s.mentions(string(m)) }) {
		return
	}
	for _, table := range [][]sdk{sdks, cdks} {
		for i := range table {
			row := &table[i]
			if row.lang != "" && row.lang != s.lang.id || !s.mentions(row.anchor) || !s.needs(row.need) {
				continue
			}
			s.sdk(row)
		}
	}
	s.pulumi()
}

func (s *scan) needs(words []string) bool {
	return len(words) == 0 || slices.ContainsFunc(words, s.mentions)
}

// maxCalls bounds the places at which one row is tried.
const maxCalls = 2000

// sdk emits what one row finds.
func (s *scan) sdk(row *sdk) {
	for from, tries := 0, 0; tries < maxCalls; tries++ {
		n := lazy.Index(s.code[from:], row.anchor)
		if n < 0 {
			return
		}
		start := from + n
		from = start + len(row.anchor)
		if !row.inner && start > 0 && (isWord(s.code[start-1]) || isWord(s.at(from)) && row.match == nil) {
			continue
		}
		m := row.match.FindSubmatchIndex(s.code[from:min(len(s.code), from+400)])
		if m == nil || s.inString(start) && s.at(start-1) != '"' && s.at(start-1) != '\'' {
			continue
		}
		s.fetchedAt(row, from, m)
	}
}

// fetchedAt emits the slot of one match.
func (s *scan) fetchedAt(row *sdk, from int, m []int) {
	groups := make([]string, max(3, len(m)/2))
	for i := range len(m) / 2 {
		if m[2*i] >= 0 {
			groups[i] = string(s.code[from+m[2*i] : from+m[2*i+1]])
		}
	}
	if strings.ContainsAny(groups[1], "${}#%+<> ") && !row.spaced {
		groups[1] = computed.ReplaceAllString(groups[1], "*")
		if strings.ContainsAny(groups[1], "${}#%+<> ") {
			return
		}
	}
	sure := row.sure
	if sure == 0 {
		sure = certain
	}
	if strings.Contains(groups[1], "*") {
		if sure = low; !fixed(groups[1]) {
			return
		}
	}
	if slot := row.slot(groups); slot.Name != "" {
		if slot.Store == "azkv" && slot.Scope == "*" {
			slot.Scope = s.onlyVault()
		}
		s.store(slot, row.via, from+m[2], sure)
	}
}

// maxHosts bounds the hosts of one file.
const maxHosts = 200

// hosts reads the hosts of addresses in strings.
func (s *scan) hosts() {
	if !s.may("https://") {
		return
	}
	for from := 0; len(s.out.Hosts) < maxHosts; {
		n := lazy.Index(s.code[from:], "https://")
		if n < 0 {
			return
		}
		at := from + n
		from = at + 8
		if !s.inString(at) {
			continue
		}
		end := from
		for end < len(s.code) && end-from < 260 && (isWord(s.code[end]) || bytes.IndexByte([]byte(".-:@"), s.code[end]) >= 0) {
			end++
		}
		if host := hostOf(string(s.code[at:end])); host != "" && s.at(end) != '$' && s.at(end) != '{' && !documentHosts[host] {
			s.out.Hosts = append(s.out.Hosts, Host{Name: host, Offset: at})
		}
	}
}

// documentHosts stand in program text as names of schemas and places to read, not as services.
var documentHosts = map[string]bool{
	"www.w3.org": true, "w3.org": true, "json-schema.org": true, "schema.org": true, "example.com": true, "www.example.com": true,
	"example.org": true, "schemas.microsoft.com": true, "github.com": true, "en.wikipedia.org": true, "developer.mozilla.org": true,
	"stackoverflow.com": true, "opensource.org": true, "www.apache.org": true, "creativecommons.org": true,
}

// vaultAddress matches the address of a Key Vault.
var vaultAddress = lazy.New(`https://([A-Za-z0-9-]+)\.vault\.(?:azure\.net|azure\.cn|usgovcloudapi\.net)/?["'\x60]`)

// onlyVault returns the one vault of Azure whose address stands in the text, "*" for none or several.
func (s *scan) onlyVault() string {
	if !s.may(".vault.") {
		return "*"
	}
	vault := "*"
	for _, m := range vaultAddress.FindAllSubmatch(s.code, 50) {
		name := strings.ToLower(string(m[1]))
		if vault != "*" && vault != name {
			return "*"
		}
		vault = name
	}
	return vault
}
