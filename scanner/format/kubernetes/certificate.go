package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// readCertificate reads a cert-manager Certificate, which makes the Secret that it names. Source: the
// cert-manager API reference.
func (o *object) readCertificate() {
	n := o.root.Get("spec", "secretName")
	at := artifact.At(n, o.at.Key("spec").Key("secretName"))
	if slot := o.defined(n.Str(), "tls.key", "kubernetes.io/tls", at); slot != "" {
		file := o.facts.Node(inventory.File, inventory.FileID("file", o.a.Source, o.a.Path), o.a.Path, at)
		o.facts.Edge(inventory.GeneratedFrom, slot, file, "cert-manager", inventory.Certain, at)
	}
	o.node(o.root.Get("spec", "keystores"), o.at.Key("spec").Key("keystores"), scope{}, 0)
}

// cloudRoles are the annotations of a service account that let it act as an identity of a cloud. Sources: the
// documentation of EKS IAM roles, GKE workload identity and Azure workload identity.
var cloudRoles = map[string]bool{
	"eks.amazonaws.com/role-arn": true, "iam.gke.io/gcp-service-account": true, "azure.workload.identity/client-id": true,
}

// readServiceAccount reads the identities and Secrets that come with a service account.
func (o *object) readServiceAccount() {
	if o.name == "" {
		return
	}
	id := o.identity(o.name, o.namespace, o.place())
	at := o.at.Key("metadata").Key("annotations")
	for _, p := range o.root.Get("metadata", "annotations").Entries() {
		role := p.Value.Str()
		if !cloudRoles[p.Key] || role == "" || container.Computed(role) != role {
			continue
		}
		place := artifact.AtPair(p, at.Key(p.Key))
		o.facts.Node(inventory.Identity, "identity:"+role, role, place)
		o.facts.Edge(inventory.Reads, id, "identity:"+role, "k8s-workload-identity", inventory.Certain, place)
	}
	o.accountSecrets(id, "imagePullSecrets", ".dockerconfigjson")
	o.accountSecrets(id, "secrets", "")
}

func (o *object) accountSecrets(id, field, key string) {
	for i, item := range o.root.Get(field).List() {
		place := artifact.At(item, o.at.Key(field).Index(i))
		if secret := o.secret(o.namespace, item.Get("name").Str(), key, place); secret != "" {
			o.facts.Edge(inventory.Reads, id, secret, "k8s-service-account-secret", inventory.Certain, place)
		}
	}
}

// annotations reads the annotations that name Secrets: those of ingress controllers and of the Vault injector.
func (o *object) annotations(n *tree.Node, at tree.Path) {
	o.injected(n, at)
	for _, p := range n.Entries() {
		if !strings.HasSuffix(p.Key, "/auth-secret") && !strings.HasSuffix(p.Key, "/auth-tls-secret") {
			continue
		}
		place := artifact.AtPair(p, at.Key(p.Key))
		namespace, secret, ok := strings.Cut(p.Value.Str(), "/")
		if !ok {
			namespace, secret = o.namespace, p.Value.Str()
		}
		o.reads(o.secret(namespace, secret, "", place), "ingress-auth-secret", inventory.Certain, place)
	}
}
