package powerautomate

import (
	"path"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Connections is the row of connections.json: what the workflows of a Standard logic app log in with.
func Connections() artifact.Format {
	return artifact.Format{
		ID: "logic-apps-connections", Title: "Azure Logic Apps connections",
		Doc: "https://learn.microsoft.com/azure/logic-apps/create-single-tenant-workflows-visual-studio-code",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && (a.Has(`"managedApiConnections"`) ||
				a.Has(`"serviceProviderConnections"`)) && export.Holds(a, isConnections)
		},
		Parse: parseConnections,
	}
}

func isConnections(n *tree.Node) bool {
	return n.Get("managedApiConnections").IsMap() || n.Get("serviceProviderConnections").IsMap()
}

func parseConnections(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isConnections)
	for _, o := range objects {
		for _, group := range []string{"managedApiConnections", "serviceProviderConnections", "functionConnections", "agentConnections"} {
			for _, c := range o.Node.Get(group).Entries() {
				readConnection(f, path.Join(a.Source, a.Dir()), c, o.Path.Key(group).Key(c.Key))
			}
		}
	}
	return err
}

func readConnection(f *artifact.Facts, scope string, c tree.Pair, p tree.Path) {
	at := artifact.AtPair(c, p)
	ref := inventory.SlotRef{Store: LogicApps, Scope: scope, Name: c.Key}
	slot := f.Slot(ref, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	if name := c.Value.Get("displayName").Str(); name != "" {
		f.Attr(slot, inventory.AttrAlias, export.Label(name), "", at)
	}
	for _, n := range []*tree.Node{c.Value.Get("api", "id"), c.Value.Get("serviceProvider", "id")} {
		if n.Str() == "" {
			continue
		}
		f.Attr(slot, inventory.AttrType, path.Base(n.Str()), "", at)
		if id, ok := provider.ServiceOfNode(LogicApps, n.Str()); ok {
			f.Service(slot, id, "connector", inventory.Certain, at)
		}
	}
	for _, key := range []string{"parameterValues", "authentication", "connectionKey", "connectionRuntimeUrl"} {
		c.Value.Get(key).Walk(p.Key(key), func(q tree.Path, n *tree.Node) bool {
			if n.IsString() {
				connectionValue(f, ref, q, n)
			}
			return true
		})
	}
}

// connectionValue reads one setting of a connection: an app setting, a parameter, a secret of a vault, or a value.
func connectionValue(f *artifact.Facts, ref inventory.SlotRef, p tree.Path, n *tree.Node) {
	slot, scope := ref.ID(), ref.Scope
	name, at := export.LastKey(p, ""), artifact.At(n, p)
	if !export.Suggests(name) {
		return
	}
	from := func(ref inventory.SlotRef, rule string) {
		f.Edge(inventory.CopiesFrom, slot, f.Slot(ref, at), rule, inventory.Certain, at)
	}
	for _, m := range appSetting.FindAllStringSubmatch(n.Value, -1) {
		from(appSettingRef(scope, m[1]), "appsetting")
	}
	for _, m := range flowParameter.FindAllStringSubmatch(n.Value, -1) {
		from(inventory.SlotRef{Store: LogicApps + "-parameter", Scope: scope, Name: m[1]}, "parameter")
	}
	for _, r := range detect.StoreReferences(n.Value) {
		from(r.Slot, "store-reference")
	}
	if isExpression(n.Value) || n.Value == "" {
		return
	}
	own := ref
	own.Key = name
	id := f.Slot(own, at)
	f.Refs--
	f.Defined(id, inventory.DefinedInScan, at)
	from(own, "connection-value")
	f.Refs--
	f.Literal(id, name, n.Value, at)
}
