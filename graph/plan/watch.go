package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// verify says for each dependent how one sees that it works with the new value.
func (s *study) verify() []Verification {
	out := []Verification{}
	if s.e.Verify != "" {
		out = append(out, Verification{Dependent: "all", How: s.e.Verify})
	}
	for _, d := range s.autos {
		if !inactive(d) {
			out = append(out, Verification{Dependent: s.label(d), How: howToSee(d)})
		}
	}
	if code := s.codeAlone(); len(s.autos) == 0 && len(code) > 0 {
		out = append(out, Verification{Dependent: some(code, 6), How: "run it once, or look at the log of what runs it: no failed authentication"})
	}
	return out
}

func howToSee(d graph.Dependent) string {
	switch d.Platform {
	case "github-actions":
		return "gh run list --workflow " + word(fileOf(d.ID)) + repoFlag(repoOf(d.ID)) + " --limit 1: completed, success"
	case "kubernetes":
		if len(d.Schedules) > 0 {
			return "kubectl get jobs" + namespaceFlag(d.ID) + ": the newest of " + objectName(d.ID) + " complete, no failed authentication in its log"
		}
		if how, ok := objectSeen[objectKind(d)]; ok {
			return strings.NewReplacer("NAME", word(objectName(d.ID)), "NS", namespaceFlag(d.ID)).Replace(how)
		}
		return "kubectl get pods" + namespaceFlag(d.ID) + ", then the logs of the new pods: no failed authentication"
	case "n8n":
		return "the last execution of the workflow: success"
	case "compose":
		return "docker compose ps and logs: running, no failed authentication"
	}
	return "its next run ends well, with the result that it had before"
}

// objectSeen says how one sees that a Kubernetes object works that runs no pods itself.
var objectSeen = map[string]string{
	"clusterissuer": "kubectl describe clusterissuer NAME: Ready; the next certificate that it signs",
	"issuer":        "kubectl describe issuer NAMENS: Ready; the next certificate that it signs",
	"helmrelease":   "kubectl get helmrelease NAMENS: Ready; the logs of its pods: no failed authentication",
	"kustomization": "kubectl get kustomization NAMENS: Ready; the logs of what it applies: no failed authentication",
	"application":   "kubectl get application NAMENS: Synced, Healthy; the logs of what it applies: no failed authentication",
}

// namespaceFlag names the namespace that a Kubernetes object's id holds.
func namespaceFlag(id string) string {
	_, object, _ := strings.Cut(id, "#")
	if parts := strings.Split(object, "/"); len(parts) == 3 && !strings.ContainsAny(parts[1], "*?") {
		return " -n " + word(parts[1])
	}
	return ""
}

// fileOf is the file name at the end of an automation's id.
func fileOf(id string) string {
	id, _, _ = strings.Cut(id, "#")
	return id[strings.LastIndexByte(id, '/')+1:]
}

// watch says for each dependent what should happen by when after the cut-over, and what failure looks like.
func (s *study) watch(w Window) []Watch {
	done := w.Start.Add(w.Needed.Duration())
	out := []Watch{}
	for _, d := range s.autos {
		if inactive(d) {
			continue
		}
		x := Watch{Dependent: d.ID, Name: s.label(d), Object: label(d), Platform: d.Platform, Expect: startsOn(otherTriggers(triggersOf(s.g, d.ID))),
			Failure: failureOf(d, s.c.Service) + s.downstream(d.ID), Tell: s.tell(d)}
		if n := s.g.Node(d.ID); n != nil {
			x.Namespace = n.Attr(inventory.AttrNamespace)
		}
		if serves(d) {
			x.Expect = "up again after its restart, and no failed authentication in the hour after it"
			if strings.HasPrefix(objectNeeds[objectKind(d)], "nothing") {
				x.Expect = "ready, and no failed authentication when it uses the value next"
			}
		}
		if by, ok := s.ranBy(d.ID, done); ok {
			by = by.UTC()
			x.By, x.Expect = &by, "one good run by "+s.at(by)
		}
		if d, ok := s.longest(d.ID); ok {
			x.Within = (d + s.o.RunLength).String()
		}
		out = append(out, x)
	}
	return out
}

// startsOn says when a dependent without a schedule runs next.
func startsOn(triggers []string) string {
	if len(triggers) == 0 {
		return "one good run when it is started next; nothing says when that is"
	}
	return "one good run on the next " + strings.Join(triggers, " or ")
}

// longest is the longest time between two runs by the most frequent of a dependent's schedules.
func (s *study) longest(id string) (time.Duration, bool) {
	least := time.Duration(0)
	for _, x := range s.times[id] {
		if d, ok := x.Interval(); ok && (least == 0 || d+x.Spread < least) {
			least = d + x.Spread
		}
	}
	return least, least > 0
}

// downstream says which automations stop updating when one fails: those that its end starts.
func (s *study) downstream(id string) string {
	var names []string
	for _, e := range s.g.In(id) {
		if n := s.g.Node(e.From); e.Kind == inventory.TriggeredBy && n != nil && n.Kind == inventory.Automation {
			names = appendNew(names, cmp.Or(n.Name, objectName(n.ID)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; downstream " + some(names, 4) + " " + verb(len(names), "does", "do") + " not start"
}

func failureOf(d graph.Dependent, service string) string {
	from := cmp.Or(service, "the service")
	text := fmt.Sprintf("401 or 403 from %s, retries, or no run at all", from)
	switch {
	case d.Platform == "kubernetes" && len(d.Schedules) > 0:
		text += "; a failed Job, pods in Error or CreateContainerConfigError"
	case d.Platform == "kubernetes":
		text += "; pods in CrashLoopBackOff or CreateContainerConfigError"
	}
	return text
}

// tell lists whom to tell: the dependent's owners, then the credential's contact.
func (s *study) tell(d graph.Dependent) []string {
	out := ownerNames(d.Owners)
	for _, who := range []string{s.contact(), s.e.Owner} {
		if who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}
