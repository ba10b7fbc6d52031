package airflow

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Variables is the row of exported variables. The export is a bare map from names to values, which says nothing of
// Airflow: so its path must.
func Variables() artifact.Format {
	return artifact.Format{
		ID: "airflow-variables", Title: "Apache Airflow variables", Doc: "https://airflow.apache.org/docs/apache-airflow/stable/howto/variable.html",
		Match: func(a *artifact.Artifact) bool {
			return isVariablesPath(a.Path) && a.LooksLikeJSON() &&
				(export.Malformed(a) || export.Holds(a, isVariables))
		},
		Parse: parseVariables,
	}
}

// isVariablesPath reports whether a path speaks of Airflow, or of its DAGs, and of variables.
func isVariablesPath(p string) bool {
	p = strings.ToLower(p)
	base := p[strings.LastIndexByte(p, '/')+1:]
	return strings.HasSuffix(base, ".json") && strings.Contains(base, "variable") &&
		(strings.Contains(p, "airflow") || strings.HasPrefix(p, "dags/") || strings.Contains(p, "/dags/"))
}

// isVariables recognises a map whose keys are names; its values may be of any kind.
func isVariables(n *tree.Node) bool {
	for _, p := range n.Entries() {
		if p.Key == "" || strings.ContainsAny(p.Key, "$\n") || p.Value.Get("conn_type") != nil {
			return false
		}
	}
	return len(n.Entries()) > 0
}

func parseVariables(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isVariables)
	for _, o := range objects {
		for _, p := range o.Node.Entries() {
			readExported(f, p, o.Path.Key(p.Key))
		}
	}
	return err
}

// readExported adds a variable. One that holds JSON is judged by the names in it.
func readExported(f *artifact.Facts, p tree.Pair, at tree.Path) {
	value := p.Value
	if v := value.Get("value"); v != nil && value.Get("description") != nil {
		value, at = v, at.Key("value")
	}
	place := artifact.AtPair(p, at)
	slot := f.Slot(inventory.SlotRef{Store: variables, Scope: f.Artifact.Source, Name: p.Key}, place)
	f.Defined(slot, inventory.DefinedInScan, place)
	if inner := export.Inner(f.Artifact, value); inner != nil {
		value = inner
	}
	value.Walk(at, func(q tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar && n.Tag != "!!bool" && !reference(n.Str()) {
			name := p.Key
			if q != at {
				name = export.LastKey(q, p.Key)
			}
			f.Literal(slot, name, n.Str(), artifact.At(n, q))
		}
		return true
	})
}
