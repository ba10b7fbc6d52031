package scanner

import (
	"fmt"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
)

// inlineStore is the store of literals that stand in a file.
const inlineStore = "inline"

// inlineSlot names the slot of a literal that only the detector saw: by the name it is assigned to, else by the
// rule. A second value under the same name gets a number, in the order of the places.
func (w *worker) inlineSlot(source string, f finding, numbers map[string]int, slotOf map[string]map[string]string) string {
	name := f.name
	if name == "" {
		name = f.rule
	}
	ref := inventory.SlotRef{Store: inlineStore, Scope: source, Name: f.evidence.Path, Key: name}
	base := ref.ID()
	past := f.evidence.State == inventory.History
	if id, ok := slotOf[base][f.print.ID]; ok && !past {
		return id
	}
	if n := numbers[base]; n > 0 && !past {
		ref.Key = fmt.Sprintf("%s~%d", name, n+1)
	}
	if !past {
		numbers[base]++
		if slotOf[base] == nil {
			slotOf[base] = map[string]string{}
		}
		slotOf[base][f.print.ID] = ref.ID()
	}
	w.addInline(ref, f)
	return ref.ID()
}

func (w *worker) addInline(ref inventory.SlotRef, f finding) {
	evidence := []inventory.Evidence{f.evidence}
	attr := func(key inventory.AttrKey, value string) inventory.Attr {
		return inventory.Attr{Key: key, Value: value, Rule: f.rule, Confidence: inventory.Certain, Evidence: evidence}
	}
	w.set.AddNode(inventory.Node{ID: ref.ID(), Kind: inventory.Slot, Name: ref.Name + "#" + ref.Key, Evidence: evidence,
		Attrs: []inventory.Attr{attr(inventory.AttrStore, ref.Store), attr(inventory.AttrScope, ref.Scope),
			attr(inventory.AttrKeyName, ref.Key), attr(inventory.AttrDefined, inventory.DefinedInScan)}})
	if f.reader != "" && f.evidence.State != inventory.History {
		w.set.AddEdge(inventory.Edge{From: f.reader, To: ref.ID(), Kind: inventory.Reads, Rule: "literal",
			Confidence: inventory.Certain, Evidence: evidence})
	}
}

// holds adds the value of a finding to its slot.
func (w *worker) holds(f finding) {
	evidence := []inventory.Evidence{f.evidence}
	w.set.AddNode(w.valueNode(f))
	w.set.AddNode(inventory.Node{ID: f.slot, Kind: inventory.Slot, Attrs: f.says(evidence)})
	held := inventory.HeldCurrent
	if f.evidence.State == inventory.History {
		held = inventory.HeldPast
	}
	e := inventory.Edge{From: f.slot, To: inventory.ValueID(f.print.ID), Kind: inventory.Holds, Rule: "holds-" + held,
		Confidence: inventory.Certain, Evidence: evidence,
		Attrs: []inventory.Attr{{Key: inventory.AttrHeld, Value: held}}}
	if f.encoding != "" {
		e.Attrs = append(e.Attrs, inventory.Attr{Key: inventory.AttrEncoding, Value: f.encoding})
	}
	w.set.AddEdge(e)
	if f.service != "" {
		w.talksTo(f.slot, f.service, "secret-rule", inventory.Certain, evidence)
	}
}

// says is what a finding tells of its slot.
func (f finding) says(evidence []inventory.Evidence) []inventory.Attr {
	if f.joins {
		return []inventory.Attr{{Key: inventory.AttrClass, Value: string(inventory.ClassIdentifier), Confidence: inventory.High,
			Detail: "who knows it may call what waits under it", Rule: "webhook", Evidence: evidence}}
	}
	out := []inventory.Attr{
		{Key: inventory.AttrClass, Value: string(inventory.ClassCredential), Detail: "a literal value matched " + f.rule,
			Rule: f.rule, Confidence: inventory.High, Evidence: evidence},
		{Key: inventory.AttrDetector, Value: f.rule, Detail: f.severity, Rule: f.rule, Evidence: evidence},
	}
	if f.temporary != "" {
		out = append(out, inventory.Attr{Key: inventory.AttrTemporary, Value: "true", Detail: f.temporary, Rule: "comment",
			Confidence: inventory.Medium, Evidence: []inventory.Evidence{f.said}})
	}
	return out
}

func (w *worker) valueNode(f finding) inventory.Node {
	n := inventory.Node{ID: inventory.ValueID(f.print.ID), Kind: inventory.Value}
	add := func(key inventory.AttrKey, value, detail string) {
		n.Attrs = append(n.Attrs, inventory.Attr{Key: key, Value: value, Detail: detail})
	}
	if f.print.Weak != "" {
		add(inventory.AttrWeak, "true", f.print.Weak)
	}
	if f.print.Marker != "" {
		add(inventory.AttrMarker, f.print.Marker, "")
	}
	if f.print.Was != "" {
		add(inventory.AttrWas, f.print.Was, "")
	}
	for _, form := range f.print.Also {
		add(inventory.AttrAlso, form.ID, form.Encoding)
	}
	return n
}

func (w *worker) talksTo(from, service, rule string, sure inventory.Confidence, evidence []inventory.Evidence) {
	w.set.AddNode(inventory.Node{ID: inventory.ServiceID(service), Kind: inventory.Service, Name: service, Evidence: evidence})
	w.set.AddEdge(inventory.Edge{From: from, To: inventory.ServiceID(service), Kind: inventory.TalksTo, Rule: rule,
		Confidence: sure, Evidence: evidence})
}

// dropEmpty removes the slots of literals that turned out to be plain configuration. A value of a chart stays when a
// template takes it in or it copies one of a store.
func (w *worker) dropEmpty() {
	store := map[string]string{} // of the slots in question
	w.set.EachNode(func(n inventory.Node) {
		if n.Kind != inventory.Slot {
			return
		}
		if s := n.Attr(inventory.AttrStore); s == inlineStore || s == "helm" {
			store[n.ID] = s
		}
	})
	if len(store) == 0 {
		return
	}
	w.set.EachEdge(func(e inventory.Edge) {
		if store[e.From] == "helm" || e.Kind == inventory.Holds {
			delete(store, e.From)
		}
		if store[e.To] == "helm" {
			delete(store, e.To)
		}
	})
	w.set.Remove(func(n inventory.Node) bool { return store[n.ID] != "" })
}

// secretStores are the stores that exist to keep secrets: an entry whose name does not say what it is may be
// one. Others hold configuration unless a name or a value says otherwise.
var secretStores = map[string]bool{
	"gh": true, "gh-org": true, "k8s": true, "vault": true, "aws-sm": true, "aws-ssm": true, "gcp-sm": true, "azkv": true,
	"op": true, "n8n": true, "jenkins": true, "gitlab": true, "circle": true, "build-secret": true, "sops": true,
	"doppler": true, "infisical": true, "bitwarden": true, "bws": true, "hcp-vs": true, "pulumi": true, "cloudflare": true, "gh-dependabot": true, "gh-dependabot-org": true, "gh-codespaces": true, "keyring": true, "kestra": true, "huginn": true, "tines": true,
	"compose-secret": true, "drone": true, "drone-org": true, "woodpecker": true, "woodpecker-org": true, "bk": true, "teamcity": true,
	"travis": true, "systemd": true, "gitlab-group": true, "cf-service": true, "prefect-block": true, "uipath": true, "windmill-resource": true, "home-assistant": true, "node-red": true,
}

// loginStores keep logins and nothing else: an entry of theirs is a credential whatever people called it.
var loginStores = map[string]bool{
	"n8n": true, "make": true, "zapier": true, "power-automate": true, "logic-apps": true, "workato": true, "activepieces": true,
	"pipedream": true, "retool": true, "airflow": true, "airbyte": true, "aws-events-connection": true, "salesforce": true,
}

// classify gives every slot the class that its name and its store speak for, and the service that its name does.
func (w *worker) classify() {
	var named []inventory.Node
	w.set.EachNode(func(n inventory.Node) {
		if n.Kind == inventory.Slot || n.Kind == inventory.Binding || inventory.IsComputedEntry(&n) {
			named = append(named, n)
		}
	})
	for _, n := range named {
		switch n.Kind {
		case inventory.Slot, inventory.Pattern:
			name, stored := nameToJudge(n)
			w.classifyName(n, name, stored)
		case inventory.Binding:
			if kind, full, setting := inventory.SettingOf(&n); setting {
				if last := full[strings.LastIndexByte(full, '.')+1:]; kind == "js" && handedOn(last) {
					w.classifyName(n, last, false)
				}
				continue // what the setting comes from is the credential
			}
			name := n.Name
			if n.Attr(inventory.AttrAs) == "file" {
				name = path.Base(name) // the folders above say nothing of one file
			}
			if c := detect.ClassifyName(name); c.Class == inventory.ClassCredential {
				w.classifyName(n, name, false)
			}
		}
	}
}

func (w *worker) classifyName(n inventory.Node, name string, inSecretStore bool) {
	c := detect.ClassifyName(name)
	if inSecretStore {
		c = detect.ClassifyEntry(name)
	}
	class, why := c.Class, c.Why
	if store := n.Attr(inventory.AttrStore); loginStores[store] && n.Attr(inventory.AttrKeyName) == "" {
		class, why = inventory.ClassCredential, store+" keeps it as a login"
	}
	if class == inventory.ClassConfig && inSecretStore && !c.Plain {
		class, why = inventory.ClassUnknown, "a secret store holds it; "+why
	}
	w.set.AddNode(inventory.Node{ID: n.ID, Attrs: []inventory.Attr{{Key: inventory.AttrClass, Value: string(class),
		Detail: why, Rule: "name", Confidence: inventory.Medium}}})
	if n.Kind == inventory.Binding {
		return
	}
	service, ok := provider.ServiceOfName(name)
	if !ok && n.Attr(inventory.AttrStore) != inlineStore {
		service, ok = provider.ServiceOfPath(n.Name)
	}
	if ok {
		w.talksTo(n.ID, service, "name", inventory.Low, n.Evidence)
	}
}

// nameToJudge is the part of a slot that people chose to say what it is, and whether a secret store keeps it.
func nameToJudge(n inventory.Node) (name string, stored bool) {
	store := n.Attr(inventory.AttrStore)
	stored = secretStores[store] && !strings.HasPrefix(n.Name, "aws/service/") // which AWS publishes for everybody
	switch key := n.Attr(inventory.AttrKeyName); {
	case key != "" && store == "helm":
		return lastKey(key), stored
	case key != "":
		return key, stored
	case store == "tf":
		return entryName(n.Name)
	case pathStores[store]:
		return lastName(n.Name), stored
	}
	return n.Name, stored
}

// lastKey is the last key of a path of values, where that says that it is a setting: gateway.secret.ADMIN_ROLE.
func lastKey(key string) string {
	last := key[strings.LastIndexByte(key, '.')+1:]
	if c := detect.ClassifyName(last); c.Class == inventory.ClassIdentifier || c.Plain {
		return last
	}
	return key
}

// pathStores are the stores whose entries stand below folders or vaults.
var pathStores = map[string]bool{"op": true, "vault": true, "aws-sm": true, "aws-ssm": true, "doppler": true, "infisical": true}

// lastName is the end of an entry's path where that says what the entry is: op://release-secrets/agents/subnet-id is an
// id, whatever its vault is called. Where it says nothing the folders around it are judged too, the outermost left out.
func lastName(name string) string {
	last := path.Base(name)
	if detect.ClassifyName(last).Class != inventory.ClassConfig {
		return last
	}
	if _, rest, ok := strings.Cut(name, "/"); ok {
		return rest
	}
	return name
}

// entryName is the name that people gave to an entry of a secret store in Terraform: azurerm_key_vault_secret.port is a port,
// whatever its type is called, while random_password.db is a credential for what it is. What is made for each of several keys
// goes by the key, where that says more: init[stripe-port].
func entryName(address string) (name string, stored bool) {
	kind, name, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(address, "data."), "ephemeral."), ".")
	if !ok || !strings.HasSuffix(kind, "_secret") && !strings.Contains(kind, "_secret_v") {
		return address, false
	}
	name, instance, _ := strings.Cut(strings.TrimSuffix(name, "]"), "[")
	if c := detect.ClassifyName(name); instance != "" && c.Class == inventory.ClassConfig && !c.Plain {
		return instance, true
	}
	return name, true
}
