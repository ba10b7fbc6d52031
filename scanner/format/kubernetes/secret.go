package kubernetes

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// readSecret reads data, which is base64, and stringData, which wins over data where both have a key.
func (o *object) readSecret() {
	kind := o.root.Get("type").Str()
	if kind == "kubernetes.io/service-account-token" && o.root.Get("data", "token") == nil {
		o.defined(o.name, "token", kind, o.named()) // filled in by the cluster
	}
	plain := o.root.Get("stringData")
	for _, p := range o.root.Get("data").Entries() {
		if plain.Get(p.Key) == nil {
			o.secretKey(p, "data", kind)
		}
	}
	for _, p := range plain.Entries() {
		o.secretKey(p, "stringData", kind)
	}
}

func (o *object) secretKey(p tree.Pair, section, kind string) {
	at := artifact.AtPair(p, o.at.Key(section).Key(p.Key))
	slot := o.defined(o.name, p.Key, kind, at)
	value := p.Value.Str()
	if slot == "" || value == "" {
		return
	}
	if o.takesValues(inventory.CopiesFrom, slot, p.Key, p.Value, isSecretKey(p.Key), at) && len(detect.StoreReferences(value)) == 0 {
		return
	}
	o.substitutedKey(slot, value, at)
	if o.avp(slot, section, p, at) {
		return
	}
	if container.Computed(value) == "*" {
		return
	}
	encoding := ""
	if section == "data" {
		if plain, ok := decode(value); ok {
			value, encoding = plain, "base64"
		}
	}
	switch {
	case strings.HasPrefix(value, "ENC[") || strings.HasPrefix(p.Value.Str(), "ENC["):
		o.facts.Attr(slot, inventory.AttrType, "sops", "", at)
	case p.Key == ".dockerconfigjson" || p.Key == ".dockercfg":
		o.registries(slot, value, encoding, at)
	case container.Copy(o.facts, slot, value, at):
		o.facts.AddLiteral(artifact.Literal{Slot: slot, Name: p.Key, Secret: artifact.Seal(value), Place: at,
			Encoding: encoding, Sure: isSecretKey(p.Key)})
	}
}

// defined adds the slot of a Secret's key that this object defines.
func (o *object) defined(secret, key, kind string, at artifact.Place) string {
	if key == "" {
		return ""
	}
	slot := o.secret(o.namespace, secret, key, at)
	if slot == "" {
		return ""
	}
	o.facts.Refs--
	o.facts.Defined(slot, inventory.DefinedInScan, at)
	if kind != "" && len(kind) < 200 {
		o.facts.Attr(slot, inventory.AttrType, kind, "", at)
	}
	o.metadata(slot)
	return slot
}

// decode reads base64 that may be broken over lines; what is no text stays encoded.
func decode(text string) (string, bool) {
	b, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || !utf8.Valid(b) {
		return "", false
	}
	return string(b), true
}

// plainKeys are keys of Secrets that hold no credential whatever the Secret: certificates and who or where.
var plainKeys = map[string]bool{
	"tls.crt": true, "ca.crt": true, "ca.pem": true, "username": true, "user": true, "host": true, "hostname": true, "port": true,
	"database": true, "dbname": true, "email": true, "region": true, "namespace": true, "server": true, "project": true,
	"insecure": true, "bucket": true, "issuer": true,
}

// isSecretKey reports whether what a key of a Secret holds is taken for a credential whatever it looks like: not where
// its name says that it is something else (type, url, name).
func isSecretKey(key string) bool {
	return !plainKeys[strings.ToLower(key)] && detect.ClassifyName(key).Score >= 0
}

// registries reads a docker config: each registry's password, plain or in its auth field.
func (o *object) registries(slot, text, encoding string, at artifact.Place) {
	type login struct{ Password, Auth string }
	var config struct{ Auths map[string]login }
	if json.Unmarshal([]byte(text), &config) != nil || config.Auths == nil {
		if json.Unmarshal([]byte(text), &config.Auths) != nil {
			return
		}
	}
	seen := map[string]bool{}
	for _, host := range slices.Sorted(maps.Keys(config.Auths)) {
		l := config.Auths[host]
		password, wrapped := l.Password, strings.TrimSpace(encoding+" json")
		if plain, ok := decode(l.Auth); password == "" && ok {
			_, password, _ = strings.Cut(plain, ":")
			wrapped += " base64"
		}
		if h := registryHost(host); h != "" {
			o.facts.Attr(slot, inventory.AttrHost, h, "", at)
		}
		if password == "" || seen[password] || !container.Copy(o.facts, slot, password, at) {
			continue
		}
		seen[password] = true
		o.facts.AddLiteral(artifact.Literal{Slot: slot, Name: "password", Secret: artifact.Seal(password), Place: at,
			Encoding: wrapped, Sure: true})
	}
}

// registryHost takes scheme and path off a registry's address.
func registryHost(s string) string {
	if _, rest, ok := strings.Cut(s, "://"); ok {
		s = rest
	}
	s, _, _ = strings.Cut(s, "/")
	if strings.ContainsAny(s, " @{}$\"'\n") || len(s) > 253 {
		return ""
	}
	return strings.ToLower(s)
}

// readConfigMap reads the short values of a ConfigMap: whether one is a secret is judged by its name and text.
// Longer ones are files, which the detectors read as text.
func (o *object) readConfigMap() {
	for _, p := range o.root.Get("data").Entries() {
		value := p.Value.Str()
		o.argoReferences(p, o.at.Key("data").Key(p.Key))
		if value == "" || len(value) > 4096 || strings.Contains(strings.TrimSpace(value), "\n") {
			continue
		}
		at := artifact.AtPair(p, o.at.Key("data").Key(p.Key))
		slot := o.configMap(o.namespace, o.name, p.Key, at)
		if slot == "" {
			continue
		}
		o.facts.Refs--
		o.facts.Defined(slot, inventory.DefinedInScan, at)
		if o.takesValues(inventory.CopiesFrom, slot, p.Key, p.Value, false, at) {
			continue
		}
		if container.Copy(o.facts, slot, value, at) {
			o.facts.Literal(slot, p.Key, value, at)
		}
	}
}

// readSealedSecret reads the keys of a Bitnami Sealed Secret: their values are encrypted. Source: the README of
// bitnami-labs/sealed-secrets.
func (o *object) readSealedSecret() {
	target := o.root.Get("spec", "template", "metadata", "name").Str()
	if name(target) == "" {
		target = o.name
	}
	at := o.at.Key("spec").Key("encryptedData")
	for _, p := range o.root.Get("spec", "encryptedData").Entries() {
		o.defined(target, p.Key, "sealed-secret", artifact.AtPair(p, at.Key(p.Key)))
	}
	at = o.at.Key("spec").Key("template").Key("data")
	for _, p := range o.root.Get("spec", "template", "data").Entries() {
		place := artifact.AtPair(p, at.Key(p.Key))
		to := o.defined(target, p.Key, "sealed-secret", place)
		whole := onlyField.MatchString(p.Value.Str())
		for _, key := range templateKeys(p.Value.Str()) {
			if sealed := o.root.Get("spec", "encryptedData", key); sealed != nil {
				o.copies(to, o.secret(o.namespace, target, key, place), "sealed-template", whole, place)
				o.copies(to, o.secret(o.namespace, target, key, place), "sealed-template", whole, on(sealed, place))
			}
		}
	}
}
