package n8n

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// eventTypes start a workflow though their type does not end with Trigger.
var eventTypes = map[string]bool{"webhook": true, "emailReadImap": true, "start": true, "sseTrigger": true}

// triggers says what starts the workflow. The trigger of a workflow inside a node starts nothing by itself.
func (s *step) triggers() {
	if s.w.inlined > 0 {
		return
	}
	at := artifact.At(s.n, s.path)
	if texts, ok := schedules(s.kind, s.n.Get("parameters")); ok {
		for _, text := range texts {
			s.w.f.Attr(s.w.id, inventory.AttrSchedule, text, s.w.zone, at)
		}
		return
	}
	if !eventTypes[s.kind] && !strings.HasSuffix(strings.ToLower(s.kind), "trigger") {
		return
	}
	s.w.f.Attr(s.w.id, inventory.AttrTrigger, s.kind, "", at)
	s.endpoint()
}

// endpoint says under which path the node waits to be called. A path that nobody could guess is the key to it:
// it becomes a literal.
func (s *step) endpoint() {
	prefix := "/webhook/"
	switch s.kind {
	case "webhook":
	case "formTrigger":
		prefix = "/form/"
	default:
		return
	}
	n, at := s.n.Get("parameters", "path"), s.params().Key("path")
	if n.Str() == "" {
		n, at = s.n.Get("webhookId"), s.path.Key("webhookId")
	}
	path := strings.Trim(n.Str(), "/")
	if path == "" || isExpression(path) || strings.HasPrefix(path, "=") {
		return
	}
	s.holder().Serves(s.w.id, prefix, path, artifact.At(n, at))
}

// calls says which workflows the node starts: by id, or by the path of a webhook.
func (s *step) calls() {
	switch s.kind {
	case "executeWorkflow", "toolWorkflow", "retrieverWorkflow", "executeWorkflowTool":
		s.subWorkflow()
	}
	if n := s.n.Get("parameters", "url"); n.Str() != "" {
		s.holder().Calls(literalURL(n.Str()), artifact.At(n, s.params().Key("url")))
	}
}

func (s *step) subWorkflow() {
	n, at := s.n.Get("parameters", "workflowId"), s.params().Key("workflowId")
	if n.IsMap() {
		if mode := n.Get("mode").Str(); mode == "url" || mode == "name" {
			return
		}
		n, at = n.Get("value"), at.Key("value")
	}
	if id := n.Str(); plainID(id) {
		s.w.f.Edge(inventory.Runs, s.part, automationID(s.w.f, id), "n8n-execute-workflow", inventory.High, artifact.At(n, at))
	}
}
