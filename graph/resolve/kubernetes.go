package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinKubernetesScopes joins a slot that is referred to without its namespace, or from a base that several
// environments share, to the slots of that name and key that some file defines. One candidate joins at high,
// several (one for each environment) at medium: the workload breaks in the environment whose Secret changes.
// Across sources the names join at medium, and only when both say the same namespace.
func joinKubernetesScopes(v *View) {
	defined := map[string][]kubernetesSlot{}
	var open []kubernetesSlot
	for _, s := range v.Nodes(inventory.Slot) {
		if s.Attr(inventory.AttrStore) != "k8s" {
			continue
		}
		k := parseKubernetesSlot(s)
		if s.Attr(inventory.AttrDefined) == inventory.DefinedInScan {
			defined[k.name] = append(defined[k.name], k)
		} else {
			open = append(open, k)
		}
	}
	for _, ref := range open {
		var found []kubernetesSlot
		for _, d := range defined[ref.name] {
			if ref.compatible(d) {
				found = append(found, d)
			}
		}
		linkKubernetes(v, ref, found)
	}
}

func linkKubernetes(v *View, ref kubernetesSlot, found []kubernetesSlot) {
	for _, d := range found {
		sure := inventory.High
		if len(found) > 1 || d.source != ref.source {
			sure = inventory.Medium
		}
		v.AddEdge(inventory.Edge{From: ref.node.ID, To: d.node.ID, Kind: inventory.CopiesFrom, Rule: "R7-namespace",
			Confidence: sure, Attrs: []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}},
			Evidence: inventory.MergeEvidence(ref.node.Evidence, d.node.Evidence)})
	}
}

type kubernetesSlot struct {
	node                           *inventory.Node
	name                           string // Secret name and key
	source, environment, namespace string
}

// parseKubernetesSlot reads the scope <source>[@<environment>]/<namespace or *>.
func parseKubernetesSlot(n *inventory.Node) kubernetesSlot {
	scope := n.Attr(inventory.AttrScope)
	k := kubernetesSlot{node: n, name: strings.TrimPrefix(n.ID, "k8s:"+scope+"/")}
	i := strings.LastIndexByte(scope, '/')
	if i < 0 {
		i = 0
	}
	k.namespace = strings.TrimPrefix(scope[i:], "/")
	k.source, k.environment, _ = strings.Cut(scope[:i], "@")
	return k
}

// compatible reports whether a reference can mean the definition: each part is equal or unknown on one side,
// and two sources must agree on a namespace that both name.
func (k kubernetesSlot) compatible(d kubernetesSlot) bool {
	if k.environment != "" && d.environment != "" && k.environment != d.environment {
		return false
	}
	if k.source != d.source {
		return k.namespace == d.namespace && k.namespace != "*" && k.namespace != "default"
	}
	return k.namespace == d.namespace || k.namespace == "*" || d.namespace == "*"
}
