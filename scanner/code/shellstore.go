package code

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
)

// shellStores are the commands that fetch credentials from stores. Sources: the command line references of the
// stores named.
var shellStores = map[string]func(*script, *invocation){
	"vault": (*script).vault, "bao": (*script).vault, "op": (*script).onePassword, "aws": (*script).aws, "gcloud": (*script).gcloud, "az": (*script).azure,
	"doppler": (*script).doppler, "infisical": (*script).infisical, "bws": (*script).bws, "pass": (*script).pass, "gopass": (*script).pass,
	"sops": (*script).sops, "kubectl": (*script).kubectl, "oc": (*script).kubectl, "chamber": (*script).chamber, "security": (*script).keychain,
	"secret-tool": (*script).secretTool, "vals": (*script).vals, "ansible-vault": (*script).ansibleVault, "bw": (*script).bitwarden,
}

// fetched adds a read of a store by the command.
func (s *script) fetched(inv *invocation, slot inventory.SlotRef, via string, at int) {
	if slot.Name == "" || len(slot.Name) > 2*maxName || strings.ContainsAny(slot.Name, "\n\"'<>") {
		return
	}
	sure := certain
	if strings.Contains(slot.Name, "*") {
		if sure = low; slot.Name != "*" && !fixed(slot.Name) {
			return
		}
	}
	s.out.Stores = append(s.out.Stores, StoreRead{Slot: slot, Into: inv.into, Via: via, Offset: at, Sure: sure})
}

// carries notes the fetches whose result an assignment keeps, in itself or by a variable that holds one.
func (s *script) carries(a *syntax.Assign) {
	var list []int
	for i := max(0, len(s.out.Stores)-maxFetches); i < len(s.out.Stores); i++ {
		if r := &s.out.Stores[i]; r.Into == a.Name.Value && a.Value != nil && r.Offset >= int(a.Pos().Offset()) {
			list = append(list, i)
		}
	}
	if a.Value != nil && len(s.carried) > 0 {
		for _, name := range variablesOf(a.Value) {
			if name != a.Name.Value {
				list = append(list, s.carried[name]...)
			}
		}
	}
	if s.carried == nil && len(list) > 0 {
		s.carried = map[string][]int{}
	}
	if s.carried != nil {
		s.carried[a.Name.Value] = list[:min(len(list), maxFetches)]
	}
}

// used adds the place where the text uses what it fetched.
func (s *script) used(name string, at int) {
	for _, i := range s.carried[name] {
		r := s.out.Stores[i]
		if len(s.out.Stores) < maxFetchUses {
			s.out.Stores = append(s.out.Stores, StoreRead{Slot: r.Slot, Via: r.Via, Offset: at, Sure: r.Sure})
		}
	}
}

// Bounds of what is followed through variables of one text.
const (
	maxFetches   = 8
	maxFetchUses = 200
)

// envFile adds a read of every variable of a file of NAME=value lines.
func (s *script) envFile(w word, via string) {
	if _, p, ok := s.place(w.text); ok {
		if s.dir != "" && s.dir != "*" && s.dir[0] != '$' && s.dir[0] != '/' {
			p = s.dir + "/" + p
		}
		s.out.Stores = append(s.out.Stores, StoreRead{Slot: inventory.SlotRef{Store: "dotenv", Scope: "*", Name: p, Key: "*"}, Via: via, Offset: w.offset, Sure: certain})
	}
}

// star returns the text of a part of a scope, "*" when it is unknown.
func star(text string) string {
	if text == "" {
		return "*"
	}
	return text
}

func (s *script) vault(inv *invocation) {
	from, kind := 2, inv.arg(1)
	if kind == "kv" {
		from, kind = 3, inv.arg(2)
	}
	list := inv.operands(from, "-field -mount -format -namespace -address -version")
	if len(list) == 0 {
		return
	}
	p := strings.TrimPrefix(list[0].text, "/")
	if m := inv.option("-mount", "--mount"); m != "" {
		p = m + "/" + p
	}
	if strings.HasPrefix(p, "auth/") || strings.HasPrefix(p, "sys/") {
		return
	}
	switch kind {
	case "get", "read":
		slot := detect.VaultSlot(inv.option("-address"), p, inv.option("-field", "--field"))
		s.fetched(inv, slot, "sh-vault", list[0].offset)
	case "put", "patch", "write":
		for _, w := range list[1:] {
			if name, _, ok := strings.Cut(w.text, "="); ok && p != "" {
				s.stored(name, append(w.vars, inv.stdin...), detect.VaultSlot("", p, name), w.offset)
			}
		}
	}
}

func (s *script) onePassword(inv *invocation) {
	for _, w := range inv.words[1:] {
		if at := strings.Index(w.text, "op://"); at >= 0 {
			for _, r := range detect.StoreReferences(w.text) {
				s.fetched(inv, r.Slot, "sh-op-read", w.offset)
			}
		}
	}
	if inv.arg(1) == "run" || inv.arg(1) == "inject" {
		if w, ok := inv.flag("--env-file"); ok {
			s.envFile(w, "sh-op-env-file")
		}
	}
	if inv.arg(1) == "item" && inv.arg(2) == "get" {
		list := inv.operands(3, "--vault --fields --field --format --account")
		if vault := inv.option("--vault"); len(list) > 0 && list[0].literal() {
			field := strings.TrimPrefix(inv.option("--fields", "--field"), "label=")
			s.fetched(inv, detect.OnePasswordSlot(star(vault)+"/"+list[0].text+"/"+star(field)), "sh-op-item", list[0].offset)
		}
	}
}

// awsSlot returns the slot of a name or an ARN of AWS.
func awsSlot(store, name, region string) inventory.SlotRef {
	if slot, ok := StoreAddress(name); ok {
		return slot
	}
	return inventory.SlotRef{Store: store, Scope: "*/" + star(region), Name: strings.TrimPrefix(name, "/")}
}

func (s *script) aws(inv *invocation) {
	region := inv.option("--region")
	switch {
	case has(inv, "secretsmanager", "get-secret-value"), has(inv, "secretsmanager", "batch-get-secret-value"):
		if w, ok := inv.flag("--secret-id", "--secret-id-list"); ok {
			s.fetched(inv, awsSlot("aws-sm", w.text, region), "sh-aws-sm", w.offset)
		}
	case has(inv, "ssm", "get-parameter"), has(inv, "ssm", "get-parameters"):
		s.parameters(inv, region)
	case has(inv, "ssm", "get-parameters-by-path"):
		if w, ok := inv.flag("--path"); ok {
			s.fetched(inv, awsSlot("aws-ssm", strings.TrimSuffix(w.text, "/")+"/*", region), "sh-aws-ssm", w.offset)
		}
	case has(inv, "secretsmanager", "put-secret-value"), has(inv, "secretsmanager", "update-secret"), has(inv, "secretsmanager", "create-secret"):
		if w, ok := inv.flag("--secret-id", "--name"); ok {
			s.stored(w.text, s.flagVars(inv, "--secret-string", "--secret-binary"), awsSlot("aws-sm", w.text, region), w.offset)
		}
	case has(inv, "ssm", "put-parameter"):
		if w, ok := inv.flag("--name"); ok {
			s.stored(w.text, s.flagVars(inv, "--value"), awsSlot("aws-ssm", w.text, region), w.offset)
		}
	}
}

// has reports whether two words stand behind each other among the operands.
func has(inv *invocation, a, b string) bool {
	for i := 1; i+1 < len(inv.words); i++ {
		if inv.words[i].text == a {
			return inv.words[i+1].text == b
		}
	}
	return false
}

// flagVars returns the variables that a flag's value uses, and those that come through standard input.
func (s *script) flagVars(inv *invocation, names ...string) []string {
	w, _ := inv.flag(names...)
	return append(append([]string{}, w.vars...), inv.stdin...)
}

// parameters reads --name N and --names A B C.
func (s *script) parameters(inv *invocation, region string) {
	for i, w := range inv.words {
		if w.text != "--name" && w.text != "--names" {
			if v, ok := strings.CutPrefix(w.text, "--name="); ok {
				s.fetched(inv, awsSlot("aws-ssm", v, region), "sh-aws-ssm", w.offset)
			}
			continue
		}
		for _, n := range inv.words[i+1:] {
			if strings.HasPrefix(n.text, "-") {
				break
			}
			s.fetched(inv, awsSlot("aws-ssm", n.text, region), "sh-aws-ssm", n.offset)
		}
	}
}

func (s *script) gcloud(inv *invocation) {
	project := star(inv.option("--project"))
	slot := func(name string) inventory.SlotRef {
		if ref, ok := StoreAddress(name); ok {
			return ref
		}
		return inventory.SlotRef{Store: "gcp-sm", Scope: project, Name: name}
	}
	switch {
	case has(inv, "versions", "access"):
		if w, ok := inv.flag("--secret"); ok {
			s.fetched(inv, slot(w.text), "sh-gcloud-secrets", w.offset)
		}
	case has(inv, "secrets", "create"), has(inv, "versions", "add"):
		list := inv.operands(1, "--project --data-file --replication-policy --labels --locations")
		if n := len(list); n > 0 {
			s.stored(list[n-1].text, inv.vars(), slot(list[n-1].text), list[n-1].offset)
		}
	}
}

func (s *script) azure(inv *invocation) {
	vault, name := inv.option("--vault-name"), inv.option("--name", "-n")
	slot := inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(star(vault)), Name: strings.ToLower(name)}
	switch {
	case has(inv, "secret", "show"), has(inv, "secret", "download"):
		if ref, ok := StoreAddress(inv.option("--id")); ok {
			slot = ref
		}
		s.fetched(inv, slot, "sh-az-keyvault", inv.at)
	case has(inv, "secret", "set") && name != "":
		s.stored(name, s.flagVars(inv, "--value"), slot, inv.at)
	}
}

func (s *script) doppler(inv *invocation) {
	scope := star(inv.option("-p", "--project")) + "/" + star(inv.option("-c", "--config"))
	names := inv.operands(1, "-p --project -c --config -t --token --format --scope")
	switch {
	case inv.arg(1) == "run":
		s.fetched(inv, inventory.SlotRef{Store: "doppler", Scope: scope, Name: "*"}, "sh-doppler", inv.at)
	case inv.arg(1) == "secrets" && len(names) > 1 && names[1].text == "get":
		for _, w := range names[2:] {
			s.fetched(inv, inventory.SlotRef{Store: "doppler", Scope: scope, Name: w.text}, "sh-doppler", w.offset)
		}
	case inv.arg(1) == "secrets" && len(names) > 1 && names[1].text == "set":
		s.assigned(inv, names[2:], "doppler:"+scope)
	case inv.arg(1) == "secrets":
		s.fetched(inv, inventory.SlotRef{Store: "doppler", Scope: scope, Name: "*"}, "sh-doppler", inv.at)
	}
}

func (s *script) infisical(inv *invocation) {
	scope := star(inv.option("--projectId")) + "/" + star(inv.option("--env")) + strings.TrimSuffix(inv.option("--path"), "/")
	names := inv.operands(1, "--projectId --env --path --token --format")
	if len(names) > 2 && names[0].text == "secrets" && names[1].text == "get" {
		for _, w := range names[2:] {
			s.fetched(inv, inventory.SlotRef{Store: "infisical", Scope: scope, Name: w.text}, "sh-infisical", w.offset)
		}
		return
	}
	if inv.arg(1) == "run" || inv.arg(1) == "export" || inv.arg(1) == "secrets" {
		s.fetched(inv, inventory.SlotRef{Store: "infisical", Scope: scope, Name: "*"}, "sh-infisical", inv.at)
	}
}

func (s *script) bws(inv *invocation) {
	list := inv.operands(1, "--project-id --access-token -t -o --output")
	switch {
	case len(list) > 2 && list[0].text == "secret" && list[1].text == "get":
		s.fetched(inv, inventory.SlotRef{Store: "bws", Name: list[2].text}, "sh-bws", list[2].offset)
	case inv.arg(1) == "run", has(inv, "secret", "list"):
		s.fetched(inv, inventory.SlotRef{Store: "bws", Scope: star(inv.option("--project-id")), Name: "*"}, "sh-bws", inv.at)
	}
}

func (s *script) bitwarden(inv *invocation) {
	if list := inv.operands(1, "--session"); len(list) > 2 && list[0].text == "get" {
		s.fetched(inv, inventory.SlotRef{Store: "bitwarden", Name: list[2].text, Key: list[1].text}, "sh-bw", list[2].offset)
	}
}

func (s *script) pass(inv *invocation) {
	list := inv.operands(1, "-c -q")
	if len(list) > 1 && list[0].text == "show" {
		s.fetched(inv, inventory.SlotRef{Store: "pass", Scope: "*", Name: list[1].text}, "sh-pass", list[1].offset)
	} else if len(list) == 1 && strings.Contains(list[0].text, "/") {
		s.fetched(inv, inventory.SlotRef{Store: "pass", Scope: "*", Name: list[0].text}, "sh-pass", list[0].offset)
	}
}

// sops reads sops -d f, sops decrypt f, sops exec-env f cmd; --extract '["a"]["b"]' names the key.
func (s *script) sops(inv *invocation) {
	first := inv.arg(1)
	list := inv.operands(1, "--extract --output --input-type --output-type --config -i --output-dir")
	if len(list) > 0 && (first == "decrypt" || first == "exec-env" || first == "exec-file") {
		list = list[1:]
	} else if _, ok := inv.flag("-d", "--decrypt"); !ok && first != "-d" && first != "--decrypt" && !hasWord(inv, "-d", "--decrypt") {
		return
	}
	if len(list) == 0 {
		return
	}
	key := strings.Trim(strings.NewReplacer(`"]["`, ".", `['`, "", `']`, "", `["`, "", `"]`, "").Replace(inv.option("--extract")), ".")
	s.encrypted(inv, list[0], star(key), "sh-sops")
}

// encrypted adds a read of a key of a file that SOPS has encrypted, or of all its keys.
func (s *script) encrypted(inv *invocation, file word, key, via string) {
	if dir, p, ok := s.place(strings.TrimPrefix(file.text, "secrets://")); ok {
		if dir != "" && dir[0] != '$' && dir[0] != '/' && dir != "*" {
			p = dir + "/" + p
		}
		s.fetched(inv, inventory.SlotRef{Store: "sops", Scope: "*", Name: p, Key: key}, via, file.offset)
	}
}

func hasWord(inv *invocation, words ...string) bool {
	for _, w := range inv.words {
		for _, x := range words {
			if w.text == x {
				return true
			}
		}
	}
	return false
}

func (s *script) vals(inv *invocation) {
	for _, w := range inv.words[1:] {
		for _, r := range detect.StoreReferences(w.text) {
			s.fetched(inv, r.Slot, "sh-vals", w.offset)
		}
	}
}

func (s *script) ansibleVault(inv *invocation) {
	if inv.arg(1) != "view" && inv.arg(1) != "decrypt" {
		return
	}
	for _, w := range inv.operands(2, "--vault-password-file --vault-id --output") {
		if _, p, ok := s.place(w.text); ok {
			s.fetched(inv, inventory.SlotRef{Store: "ansible-vault", Scope: "*", Name: p, Key: "*"}, "sh-ansible-vault", w.offset)
		}
	}
}

// chamber reads AWS parameters: chamber exec service -- cmd, chamber read service key.
func (s *script) chamber(inv *invocation) {
	list := inv.operands(1, "-b")
	if len(list) < 2 {
		return
	}
	switch list[0].text {
	case "exec", "export", "env":
		s.fetched(inv, parameterSlot(list[1].text+"/*"), "sh-chamber", list[1].offset)
	case "read":
		if len(list) > 2 {
			s.fetched(inv, parameterSlot(list[1].text+"/"+list[2].text), "sh-chamber", list[1].offset)
		}
	}
}

func (s *script) keychain(inv *invocation) {
	if sub := inv.arg(1); sub == "find-generic-password" || sub == "find-internet-password" {
		s.fetched(inv, inventory.SlotRef{Store: "keyring", Name: star(inv.option("-s")), Key: inv.option("-a")}, "sh-keychain", inv.at)
	}
}

func (s *script) secretTool(inv *invocation) {
	if inv.arg(1) != "lookup" {
		return
	}
	var values []string
	for i := 3; i < len(inv.words); i += 2 {
		values = append(values, inv.words[i].text)
	}
	if len(values) > 0 {
		s.fetched(inv, inventory.SlotRef{Store: "keyring", Name: values[0], Key: strings.Join(values[1:], "/")}, "sh-secret-tool", inv.at)
	}
}
