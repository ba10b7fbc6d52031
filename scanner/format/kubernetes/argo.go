package kubernetes

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// called are the kinds of Argo, Tekton and KEDA that others start by name. Sources: argo-workflows.readthedocs.io,
// argoproj.github.io/argo-events, tekton.dev/docs, keda.sh/docs.
var called = map[string]bool{
	"EventSource": true, "WorkflowTemplate": true, "ClusterWorkflowTemplate": true, "Task": true, "ClusterTask": true, "Pipeline": true,
	"TriggerTemplate": true, "CronWorkflow": true, "TriggerAuthentication": true, "ClusterTriggerAuthentication": true,
}

// starts are the fields that name what an object starts, and the kind when the field does not say it.
var starts = map[string]string{
	"workflowTemplateRef": "WorkflowTemplate", "templateRef": "WorkflowTemplate", "taskRef": "Task", "pipelineRef": "Pipeline",
	"authenticationRef": "TriggerAuthentication",
}

// pipeline reads what objects of Argo and Tekton start and wait for: templates by name, and events of a source.
func (o *object) pipeline() {
	if o.group != "argoproj.io" && o.group != "tekton.dev" && o.group != "triggers.tekton.dev" && o.group != "keda.sh" {
		return
	}
	if called[o.kind] && o.name != "" {
		o.facts.Attr(o.id, inventory.AttrAlias, o.kind+"/"+o.name, "object", o.named())
	}
	o.events()
	o.root.Get("spec").Walk(o.at.Key("spec"), func(p tree.Path, n *tree.Node) bool {
		for _, e := range n.Entries() {
			kind, ok := starts[e.Key]
			name := e.Value.Get("name")
			if !ok || name.Str() == "" {
				continue
			}
			if k := e.Value.Get("kind").Str(); called[k] {
				kind = k
			}
			if e.Value.Get("clusterScope").Str() == "true" {
				kind = "ClusterWorkflowTemplate"
			}
			o.facts.Edge(inventory.Runs, o.id, o.byName(kind, name.Str()), "k8s-starts", inventory.High, artifact.At(name, p.Key(e.Key).Key("name")))
		}
		return true
	})
}

// events reads the events that an EventSource serves and a Sensor waits for.
func (o *object) events() {
	if o.kind == "EventSource" {
		for _, e := range o.root.Get("spec").Entries() {
			if e.Value.IsMap() && e.Key != "template" && e.Key != "service" {
				o.facts.Attr(o.id, inventory.AttrTrigger, e.Key, "", artifact.AtPair(e, o.at.Key("spec").Key(e.Key)))
			}
		}
		o.calendar()
	}
	for i, d := range o.root.Get("spec", "dependencies").List() {
		if source := d.Get("eventSourceName"); source.Str() != "" {
			at := artifact.At(source, o.at.Key("spec").Key("dependencies").Index(i).Key("eventSourceName"))
			o.facts.Edge(inventory.TriggeredBy, o.id, o.byName("EventSource", source.Str()), "argo-event", inventory.High, at)
		}
	}
}

// byName is the id under which an object is known by its kind and name, until it is joined to the object.
func (o *object) byName(kind, name string) string {
	return inventory.FileID("k8s-object", o.facts.Artifact.Source, kind+"/"+name)
}

// calendar reads the schedules of an EventSource, by cron expression or interval.
func (o *object) calendar() {
	at := o.at.Key("spec").Key("calendar")
	for _, e := range o.root.Get("spec", "calendar").Entries() {
		for _, key := range []string{"schedule", "interval"} {
			if n := e.Value.Get(key); n.Str() != "" {
				text := n.Str()
				if key == "interval" {
					text = "every " + text
				}
				o.facts.Attr(o.id, inventory.AttrSchedule, text, e.Value.Get("timezone").Str(), artifact.At(n, at.Key(e.Key).Key(key)))
			}
		}
	}
}
