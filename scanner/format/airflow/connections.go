package airflow

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Connections is the row of exported connections, and of the settings file in which Astronomer's tools keep them.
func Connections() artifact.Format {
	return artifact.Format{
		ID: "airflow-connections", Title: "Apache Airflow connections", Doc: "https://airflow.apache.org/docs/apache-airflow/stable/howto/connection.html",
		Match: func(a *artifact.Artifact) bool {
			return a.Has("conn_type") && (a.Has("conn_type:") || a.LooksLikeJSON()) &&
				len(a.Content) < 4<<20 && export.Holds(a, isExport)
		},
		Parse: parseConnections,
	}
}

// isExport recognises a map from ids to connections, and a settings file.
func isExport(n *tree.Node) bool {
	if n.Get("airflow", "connections").IsSeq() {
		return true
	}
	pairs := n.Entries()
	for _, p := range pairs {
		if !p.Value.Get("conn_type").IsString() {
			return false
		}
	}
	return len(pairs) > 0
}

func parseConnections(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isExport)
	for _, o := range objects {
		settings := o.Node.Get("airflow")
		if !settings.Get("connections").IsSeq() {
			for _, p := range o.Node.Entries() {
				readConnection(f, p.Key, "", p.Value, o.Path.Key(p.Key))
			}
			continue
		}
		at := o.Path.Key("airflow")
		for i, c := range settings.Get("connections").List() {
			readConnection(f, c.Get("conn_id").Str(), "conn_", c, at.Key("connections").Index(i))
		}
		for i, v := range settings.Get("variables").List() {
			readVariable(f, v, at.Key("variables").Index(i))
		}
	}
	return err
}

// readConnection adds a connection. Its password is the credential itself; each secret of its extra settings has a
// slot of its own.
func readConnection(f *artifact.Facts, id, prefix string, c *tree.Node, p tree.Path) {
	if id == "" {
		return
	}
	at := artifact.At(c, p)
	ref := connection(f.Artifact.Source, id)
	slot := f.Slot(ref, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	kind := c.Get("conn_type").Str()
	f.Attr(slot, inventory.AttrType, kind, "", at)
	if service, ok := provider.ServiceOfNode(Platform, kind); ok {
		f.Service(slot, service, "airflow-conn-type", inventory.Certain, at)
	}
	host := c.Get(prefix + "host")
	if name := export.Host("https://" + host.Str()); name != "" {
		f.Attr(slot, inventory.AttrHost, name, "", artifact.At(host, p.Key(prefix+"host")))
	}
	password := c.Get(prefix + "password")
	secret(f, slot, "password", password, p.Key(prefix+"password"))
	uri := c.Get("uri")
	secret(f, slot, "uri", uri, p.Key("uri"))
	extras(f, ref, c.Get(prefix+"extra"), p.Key(prefix+"extra"))
}

// reference reports whether a value names a variable rather than being one.
func reference(s string) bool {
	return strings.Contains(s, "{{") || strings.HasPrefix(s, "$") || strings.Contains(s, "${")
}

func secret(f *artifact.Facts, slot, name string, n *tree.Node, p tree.Path) {
	if n.Str() != "" && !reference(n.Str()) {
		f.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(n.Str()), Place: artifact.At(n, p), Sure: true})
	}
}

func extras(f *artifact.Facts, ref inventory.SlotRef, n *tree.Node, p tree.Path) {
	if inner := export.Inner(f.Artifact, n); inner != nil {
		n = inner
	}
	whole := ref.ID()
	n.Walk(p, func(at tree.Path, v *tree.Node) bool {
		key := export.LastKey(at, "extra")
		if v.IsString() && v.Value != "" && export.Suggests(key) && !reference(v.Value) {
			ref.Key = "extra." + key
			place := artifact.At(v, at)
			slot := f.Slot(ref, place)
			f.Refs--
			f.Defined(slot, inventory.DefinedInScan, place)
			f.Edge(inventory.CopiesFrom, whole, slot, "airflow-extra", inventory.Certain, place)
			f.Literal(slot, key, v.Value, place)
		}
		return true
	})
}

func readVariable(f *artifact.Facts, v *tree.Node, p tree.Path) {
	name, value := v.Get("variable_name").Str(), v.Get("variable_value")
	if name == "" {
		return
	}
	at := artifact.At(v, p)
	slot := f.Slot(inventory.SlotRef{Store: variables, Scope: f.Artifact.Source, Name: name}, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	if !reference(value.Str()) {
		f.Literal(slot, name, value.Str(), artifact.At(value, p.Key("variable_value")))
	}
}
