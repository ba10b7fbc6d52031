package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// refField matches fields that hold {name, key, namespace} of a Secret: secretRef, apiTokenSecretRef,
// credentialsSecret, certificateRefs, secretTargetRef ... core/v1 alone has more than twenty.
var refField = lazy.New(`(?i)(secretRefs?|secretKeyRef|secretKeySelector|secretTargetRef|secretReference|secret|secrets|certificateRefs?|existingSecret\w*)$`)

// nameField matches fields that hold the name of a Secret as text.
var nameField = lazy.New(`(?i)((^|[a-z])secretName|^existing\w*Secret(Name)?|^\w*existingSecret(Name)?|^credentialsSecret|^secretRef|^\w+SecretRef$|^imagePullSecret|^pullSecret|^authSecret|^tlsSecret|^(envFrom|extraEnvFrom|extraEnvVars|extraEnv|credentials)Secret)$`)

// keyField matches the fields beside a name that hold the key: existingSecretPasswordKey, secretKey, userPasswordKey.
var keyField = lazy.New(`(?i)^(existing)?secret\w*key$|passwordKey$|^(access|token|username)\w*Key$`)

// createdBy are fields that name a Secret which the object makes, with the key in it; "" for all keys.
var createdBy = map[string]string{"privateKeySecretRef": "tls.key", "writeConnectionSecretToRef": "", "connectionSecretToRef": ""}

// holdsNames matches fields that may hold {name, key} of a Secret: bearerToken, basicAuth.password, apiURL.
var holdsNames = lazy.New(`(?i)pass|token|secret|cred|user|auth|access|key|url|dsn|cert|^ca$`)

// otherNames matches fields whose {name, key} is no Secret's: a ConfigMap's, or labels that happen to be called so.
var otherNames = lazy.New(`(?i)configmap|^labels$|^annotations$|selector|^match|fieldRef$|^metadata$`)

// field reads one entry of a map by the shape of its name and value. In the objects of other people's types
// and in the values of a chart that is a guess, hence medium; Kubernetes' own are known.
func (o *object) field(parent *tree.Node, p tree.Pair, at tree.Path) {
	sure := inventory.Medium
	if knownGroups[o.group] && !strings.HasPrefix(string(at), "spec.values.") {
		sure = inventory.Certain
	}
	lowered := strings.ToLower(p.Key) // most keys have none of the words that the expressions ask for
	switch {
	case traefikNames[p.Key] && (o.group == "traefik.io" || o.group == "traefik.containo.us"):
		o.traefik(p, at)
	case p.Value.Kind == tree.Scalar && strings.Contains(lowered, "secret") && nameField.MatchString(p.Key):
		o.namedBy(parent, p, at, sure)
	case o.group == "volsync.backube" && p.Key == "repository" && p.Value.Kind == tree.Scalar:
		o.namedBy(parent, p, at, inventory.Certain)
	case p.Key == "name" && parent.Get("kind").Str() == "ConfigMap" && strings.Contains(string(at), "valuesFrom["):
		o.reads(o.configMap(o.namespace, p.Value.Str(), parent.Get("valuesKey").Str(), artifact.AtPair(p, at)), "k8s-config-kind", sure, artifact.AtPair(p, at))
	case p.Key == "serviceAccountRef" && p.Value.IsMap():
		if account := name(p.Value.Get("name").Str()); account != "" {
			o.reads(o.identity(account, o.namespaceOf(p.Value), artifact.AtPair(p, at)), "k8s-service-account", sure, artifact.AtPair(p, at))
		}
	case isCreated(p):
		o.created(p, artifact.AtPair(p, at))
	case (strings.Contains(lowered, "secret") || strings.Contains(lowered, "certificateref")) && refField.MatchString(p.Key):
		o.references(p, at, sure)
	case isSelector(p.Value) && (sure == inventory.Certain || holdsNames.MatchString(p.Key)) && !otherNames.MatchString(p.Key):
		o.references(p, at, sure)
	case p.Key == "name" && parent.Get("kind").Str() == "Secret" && parent.Get("apiVersion") == nil && !isTarget(at):
		o.reads(o.secret(o.namespaceOf(parent), p.Value.Str(), parent.Get("valuesKey").Str(), artifact.AtPair(p, at)),
			"k8s-secret-kind", sure, artifact.AtPair(p, at))
	case p.Key == "type" && p.Value.Str() == "secret" && parent.Get("name").Str() != "":
		id := o.secret(o.namespace, parent.Get("name").Str(), "", artifact.AtPair(p, at))
		o.reads(id, "k8s-secret-type", inventory.Medium, artifact.AtPair(p, at))
		o.readsAt(id, "k8s-secret-type", inventory.Medium, on(parent.Get("name"), artifact.AtPair(p, at)), parent.Get("name"))
	case p.Key == "value" && p.Value.Kind == tree.Scalar:
		o.namedValue(parent, p, at)
	}
}

// knownGroups are the groups whose fields are documented to name Secrets.
var knownGroups = map[string]bool{
	"": true, "apps": true, "batch": true, "networking.k8s.io": true, "gateway.networking.k8s.io": true,
	"cert-manager.io": true, "external-secrets.io": true, "keda.sh": true, "source.toolkit.fluxcd.io": true,
	"kustomize.toolkit.fluxcd.io": true, "helm.toolkit.fluxcd.io": true, "notification.toolkit.fluxcd.io": true,
	"argoproj.io": true, "tekton.dev": true, "serving.knative.dev": true, "monitoring.coreos.com": true,
}

// isTarget reports whether a place says which objects something applies to (a patch, a policy), which is no use
// of the object.
func isTarget(at tree.Path) bool {
	for _, word := range []string{"target.name", "targetRef.name", "kinds", "ignoreDifferences", "involvedObject", "match"} {
		if strings.Contains(string(at), word) {
			return true
		}
	}
	return false
}

// namespaceOf returns the namespace that a reference states, else the object's own.
func (o *object) namespaceOf(ref *tree.Node) string {
	if ns := ref.Get("namespace").Str(); ns != "" {
		return ns
	}
	return o.namespace
}

// references reads a field that holds a reference, or a list of them.
func (o *object) references(p tree.Pair, at tree.Path, sure inventory.Confidence) {
	for i, ref := range p.Value.List() {
		if !ref.IsMap() {
			continue
		}
		place := artifact.AtPair(p, at)
		if p.Value.IsSeq() {
			place = artifact.At(ref, at.Index(i))
		}
		secret := ref.Get("name").Str()
		if secret == "" {
			secret = ref.Get("secretName").Str()
		}
		if kind := ref.Get("kind").Str(); kind != "" && kind != "Secret" || !isReference(ref) {
			continue
		}
		key := ref.Get("key").Str()
		if strings.HasPrefix(p.Key, "certificateRef") {
			key = "tls.key"
		}
		id := o.secret(o.namespaceOf(ref), secret, key, place)
		for _, field := range []string{"name", "secretName", "key"} {
			place = on(ref.Get(field), place)
			o.reads(id, "k8s-secret-ref", sure, place)
		}
		for _, place := range append(given(ref.Get("name")), given(ref.Get("secretName"))...) {
			o.reads(id, "k8s-secret-ref", sure, place)
		}
		o.skip(ref)
	}
}

// isReference reports whether a map is a reference and no more: a map of many fields is something that is called
// a secret, such as the settings of a chart's own Secret.
func isReference(n *tree.Node) bool {
	for _, p := range n.Entries() {
		switch p.Key {
		case "name", "key", "namespace", "optional", "kind", "secretName", "apiVersion", "group", "parameter", "valuesKey", "targetPath":
			if p.Value.Kind != tree.Scalar {
				return false
			}
		default:
			return false
		}
	}
	return len(n.Entries()) > 0
}

// namedBy reads a field that holds a Secret's name; fields beside it may hold the keys.
func (o *object) namedBy(parent *tree.Node, p tree.Pair, at tree.Path, sure inventory.Confidence) {
	place, secret := artifact.AtPair(p, at), p.Value.Str()
	if secret == "" || p.Value.Tag == "!!bool" {
		return
	}
	if ns, bare, ok := strings.Cut(secret, "/"); ok {
		o.reads(o.secret(ns, bare, "", place), "k8s-secret-name", sure, place)
		return
	}
	if strings.Contains(strings.ToLower(string(at)), "tls") {
		o.readsAt(o.secret(o.namespaceOf(parent), secret, "tls.key", place), "k8s-tls", sure, place, p.Value)
		return
	}
	found := false
	if key := parent.Get("key"); key.Str() != "" && isReference(parent) {
		found = true
		id := o.secret(o.namespaceOf(parent), secret, key.Str(), place)
		o.readsAt(id, "k8s-secret-name", sure, place, p.Value)
		o.readsAt(id, "k8s-secret-name", sure, on(key, place), key)
	}
	for _, q := range append(parent.Entries(), parent.Get("secretKeys").Entries()...) {
		if keyField.MatchString(q.Key) && name(q.Value.Str()) != "" {
			found = true
			id, sure := o.secret(o.namespaceOf(parent), secret, q.Value.Str(), place), inventory.Weakest(sure, inventory.High)
			o.readsAt(id, "k8s-secret-name", sure, place, p.Value)
			o.readsAt(id, "k8s-secret-name", sure, on(q.Value, place), q.Value)
		}
	}
	if !found {
		o.readsAt(o.secret(o.namespaceOf(parent), secret, "", place), "k8s-secret-name", sure, place, p.Value)
	}
}

// readsAt lets the object read what a text names, at the place of the text and at those of the values in it.
func (o *object) readsAt(id, rule string, sure inventory.Confidence, at artifact.Place, text *tree.Node) {
	for _, place := range append(given(text), at) {
		o.reads(id, rule, sure, place)
	}
}

func isCreated(p tree.Pair) bool {
	_, ok := createdBy[p.Key]
	return ok && p.Value.IsMap()
}

// isSelector reports whether a map is {name, key} and no more than what may stand beside them.
func isSelector(n *tree.Node) bool {
	if n.Get("name").Str() == "" || n.Get("key").Str() == "" {
		return false
	}
	for _, p := range n.Entries() {
		if p.Key != "name" && p.Key != "key" && p.Key != "namespace" && p.Key != "optional" || p.Value.Kind != tree.Scalar {
			return false
		}
	}
	return true
}

// created reads a reference to a Secret that the object itself makes: it uses its private key, and hands out the
// credentials of what it has built.
func (o *object) created(p tree.Pair, at artifact.Place) {
	ref := p.Value
	secret, key := ref.Get("name").Str(), ref.Get("key").Str()
	if key == "" {
		key = createdBy[p.Key]
	}
	slot := o.secret(o.namespaceOf(ref), secret, key, at)
	o.skip(ref)
	if slot == "" {
		return
	}
	o.facts.Defined(slot, inventory.DefinedInScan, at)
	if p.Key == "privateKeySecretRef" {
		o.reads(slot, "k8s-created-secret", inventory.Certain, at)
		return
	}
	file := o.facts.Node(inventory.File, inventory.FileID("file", o.a.Source, o.a.Path), o.a.Path, at)
	o.facts.Edge(inventory.GeneratedFrom, slot, file, "k8s-created-secret", inventory.Certain, at)
}

// traefikNames are the fields of Traefik's own types that hold the name of a Secret as text, or a list of such names.
// Source: the reference of Traefik's Kubernetes CRDs.
var traefikNames = map[string]bool{
	"secret": true, "caSecret": true, "certSecret": true, "secretNames": true, "certificatesSecrets": true, "rootCAsSecrets": true,
}

func (o *object) traefik(p tree.Pair, at tree.Path) {
	for i, n := range p.Value.List() {
		place := artifact.At(n, at)
		if p.Value.IsSeq() {
			place = artifact.At(n, at.Index(i))
		}
		o.reads(o.secret(o.namespace, n.Str(), "", place), "k8s-secret-name", inventory.Certain, place)
	}
}

var secretWord = lazy.New(`(?i)pass|token|secret|api-?_?key|cred|auth|webhook|private`)

// namedValue reads {name: token, value: x}, as parameters and headers have it.
func (o *object) namedValue(parent *tree.Node, p tree.Pair, at tree.Path) {
	label := parent.Get("name").Str()
	if !secretWord.MatchString(label) || len(label) > 100 || container.Fallback(p.Value.Str()) == "" || !o.spend() {
		return
	}
	place := artifact.AtPair(p, at)
	b := container.Env(o.facts, o.automation(), label, "k8s-named-value", place)
	container.Value(o.facts, b, o.key()+":"+string(at), label, p.Value.Str(), place)
}
