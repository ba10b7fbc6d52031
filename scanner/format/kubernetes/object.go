package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// object is one Kubernetes object.
type object struct {
	*file
	root      *tree.Node
	at        tree.Path
	kind      string
	group     string // of the apiVersion, "" for the core group
	name      string
	namespace string // "" unknown
	id        string // of its automation, "" until it has one
	mints     string // the derived credential that it makes of what it names, "" for all but generators
	seen      map[*tree.Node]bool
}

// readers lists the kinds that are read by their own fields, with their group; the others are searched for pods and
// for fields that name a Secret.
var readers = map[string]func(*object){
	"/Secret":         (*object).readSecret,
	"/ConfigMap":      (*object).readConfigMap,
	"/ServiceAccount": (*object).readServiceAccount,

	"external-secrets.io/ExternalSecret":        (*object).readExternalSecret,
	"external-secrets.io/ClusterExternalSecret": (*object).readExternalSecret,
	"external-secrets.io/PushSecret":            (*object).readPushSecret,
	"external-secrets.io/SecretStore":           (*object).readSecretStore,
	"external-secrets.io/ClusterSecretStore":    (*object).readSecretStore,
	"kubernetes-client.io/ExternalSecret":       (*object).readEarlyExternalSecret,

	"bitnami.com/SealedSecret":                       (*object).readSealedSecret,
	"secrets-store.csi.x-k8s.io/SecretProviderClass": (*object).readProviderClass,
	"secrets.hashicorp.com/VaultStaticSecret":        (*object).readVaultSecret,
	"secrets.hashicorp.com/VaultDynamicSecret":       (*object).readVaultSecret,
	"secrets.hashicorp.com/VaultPKISecret":           (*object).readVaultSecret,
	"secrets.hashicorp.com/HCPVaultSecretsApp":       (*object).readHCPVaultSecrets,
	"ricoberger.de/VaultSecret":                      (*object).readPathSecret,
	"onepassword.com/OnePasswordItem":                (*object).readOnePasswordItem,
	"secrets.doppler.com/DopplerSecret":              (*object).readDopplerSecret,
	"secrets.infisical.com/InfisicalSecret":          (*object).readInfisicalSecret,
	"k8s.bitwarden.com/BitwardenSecret":              (*object).readBitwardenSecret,
	"spv.no/AzureKeyVaultSecret":                     (*object).readKeyVaultSecret,
	"cert-manager.io/Certificate":                    (*object).readCertificate,
	"keda.sh/TriggerAuthentication":                  (*object).readTriggerAuthentication,
	"keda.sh/ClusterTriggerAuthentication":           (*object).readTriggerAuthentication,
}

// mute are the kinds in which nothing can be found: schemas, roles and policies speak of fields, not of Secrets.
var mute = map[string]bool{
	"CustomResourceDefinition": true, "ClusterPolicy": true, "Policy": true, "ConstraintTemplate": true,
	"ValidatingAdmissionPolicy": true, "APIService": true, "ClusterRole": true, "Role": true, "RoleBinding": true,
	"ClusterRoleBinding": true,
}

// workloads are the kinds that run something, whether or not they name a Secret.
var workloads = map[string]bool{
	"Pod": true, "Deployment": true, "StatefulSet": true, "DaemonSet": true, "ReplicaSet": true, "Job": true,
	"CronJob": true, "ReplicationController": true, "DeploymentConfig": true, "Rollout": true, "Workflow": true,
	"WorkflowTemplate": true, "ClusterWorkflowTemplate": true, "CronWorkflow": true, "Task": true, "TaskRun": true,
	"Pipeline": true, "PipelineRun": true, "HelmRelease": true, "ScaledJob": true, "Sensor": true, "EventSource": true,
	"ReplicationSource": true, "ReplicationDestination": true,
	"EventListener": true, "TriggerTemplate": true, "ScaledObject": true,
}

func (r *file) object(root *tree.Node, at tree.Path) {
	meta := root.Get("metadata")
	group, _, ok := strings.Cut(root.Get("apiVersion").Str(), "/")
	if !ok {
		group = ""
	}
	o := &object{file: r, root: root, at: at, kind: root.Get("kind").Str(), group: group,
		name: r.entryName(meta.Get("name").Str()), namespace: name(meta.Get("namespace").Str()), seen: map[*tree.Node]bool{}}
	if o.name == "" {
		o.name = name(meta.Get("generateName").Str())
	}
	if strings.Contains(o.namespace, "*") {
		o.namespace = ""
	}
	r.release = o.releaseOf()
	o.read()
	if o.kind != "Secret" && isKind(o.kind) && !mute[o.kind] {
		o.substituted()
	}
}

func (o *object) read() {
	own := readers[o.group+"/"+o.kind]
	switch {
	case !isKind(o.kind) || mute[o.kind]:
	case own != nil:
		own(o)
	case o.group == generatorGroup:
		o.readGenerator()
	case o.kind == "Kustomization" && o.group == "kustomize.toolkit.fluxcd.io":
		o.readFluxKustomization()
		o.substituteFrom()
		o.search()
	case (o.kind == "Application" || o.kind == "ApplicationSet") && o.group == "argoproj.io":
		o.readArgoApplication()
		o.search()
	default:
		if workloads[o.kind] || o.kind == "Service" && o.group == "serving.knative.dev" {
			o.automation()
			o.schedule()
			o.pipeline()
		}
		o.search()
	}
}

// isKind reports whether a text can be a kind: it becomes part of ids.
func isKind(s string) bool {
	return len(s) < 100 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

// place returns where the object begins.
func (o *object) place() artifact.Place { return artifact.At(o.root, o.at) }

// named returns where the object's name stands.
func (o *object) named() artifact.Place {
	n := o.root.Get("metadata", "name")
	if n == nil {
		return o.place()
	}
	return artifact.At(n, o.at.Key("metadata").Key("name"))
}

// key tells the object apart in its file.
func (o *object) key() string {
	if o.namespace != "" {
		return o.kind + "/" + o.namespace + "/" + o.name
	}
	return o.kind + "/" + o.name
}

// automation returns the object as an automation, added when it is first asked for.
func (o *object) automation() string {
	if o.id != "" {
		return o.id
	}
	at, full := o.place(), o.name
	if o.namespace != "" {
		full = o.namespace + "/" + o.name
	}
	if full == "" {
		full = o.kind
	}
	o.id = o.facts.Automation(o.key(), full, at)
	o.facts.Attr(o.id, inventory.AttrType, o.kind, "", at)
	o.describe(o.id, o.namespace, at)
	o.metadata(o.id)
	o.facts.Cover(o.id, o.root.Line, o.extents.Last(o.root))
	return o.id
}

// reads lets the object read a slot, pattern or identity.
func (o *object) reads(id, rule string, sure inventory.Confidence, at artifact.Place) {
	switch {
	case id == "":
	case o.mints != "":
		o.facts.Edge(inventory.MintedFrom, o.mints, id, rule, sure, at)
	default:
		o.facts.Edge(inventory.Reads, o.automation(), id, rule, sure, at)
	}
}

// metadata adds owners, tags and purpose from labels and annotations.
func (o *object) metadata(id string) {
	for _, section := range []string{"labels", "annotations"} {
		at := o.at.Key("metadata").Key(section)
		for _, p := range o.root.Get("metadata", section).Entries() {
			if text := p.Value.Str(); text != "" && len(text) <= 500 && !strings.Contains(text, "{{") {
				o.label(id, p.Key, text, artifact.AtPair(p, at.Key(p.Key)))
			}
		}
	}
}

// label reads one label or annotation, by the last segment of its key.
func (o *object) label(id, key, text string, at artifact.Place) {
	switch strings.ToLower(key[strings.LastIndexByte(key, '/')+1:]) {
	case "owner", "team", "squad", "contact", "maintainer":
		o.facts.Owner(id, text, "k8s-label", inventory.High, at)
	case "part-of":
		o.facts.Attr(id, inventory.AttrTag, text, "part-of", at)
	case "description":
		o.facts.Attr(id, inventory.AttrPurpose, text, "", at)
	case "environment", "env":
		o.facts.Attr(id, inventory.AttrEnvironment, text, "label", at)
	case "kubernetes-id":
		o.facts.Attr(id, inventory.AttrAlias, text, "backstage", at)
	}
}

// schedule adds when the object runs and whether it does.
func (o *object) schedule() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	if spec == nil {
		return
	}
	zone := spec.Get("timeZone").Str() + spec.Get("timezone").Str()
	if s := spec.Get("trigger", "schedule"); s.Str() != "" { // of VolSync
		o.facts.Attr(o.id, inventory.AttrSchedule, s.Str(), zone, artifact.At(s, at.Key("trigger").Key("schedule")))
	}
	for _, key := range []string{"schedule", "schedules"} {
		for _, s := range spec.Get(key).List() {
			if text := s.Str(); text != "" {
				o.facts.Attr(o.id, inventory.AttrSchedule, text, zone, artifact.At(s, at.Key(key)))
			}
		}
	}
	active := "true"
	if spec.Get("suspend").Str() == "true" || spec.Get("replicas").Str() == "0" {
		active = "false"
	}
	o.facts.Attr(o.id, inventory.AttrActive, active, "", artifact.At(spec, at))
}

// needs says what a part must do to see a new value that it sees as env or file.
func (o *object) needs(part, as string, at artifact.Place) {
	what := "restart"
	switch o.kind {
	case "Job", "CronJob", "Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow", "Task", "TaskRun",
		"Pipeline", "PipelineRun", "ScaledJob":
		what = "next run"
	default:
		if as == "file" {
			what = "nothing"
		}
	}
	o.facts.Attr(part, inventory.AttrNeeds, what, as, at)
}
