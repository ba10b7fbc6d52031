package azurepipelines

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// listed reads the names of store entries that a template is handed in a list: such templates fetch each and set a
// variable that is called as the last word of the path. What the template does stands elsewhere, hence medium. A path
// that begins with a slash is one of AWS's parameters; which store has the others is not said here.
func (s *scope) listed(ref, n *tree.Node, p tree.Path) {
	for i, item := range n.Items {
		text := item.Str()
		name := path.Base(text)
		if !strings.Contains(text, "/") || len(text) > 500 || strings.ContainsAny(text, "$ \n:*@") || strings.Contains(name, ".") ||
			!pipeline.Credential(name) || !s.Spend() {
			continue
		}
		at := artifact.At(item, p.Index(i))
		r := inventory.SlotRef{Store: "ado-fetched", Scope: s.owner, Name: text}
		if strings.HasPrefix(text, "/") {
			r = inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(text, "/")}
		}
		b := s.Binding(s.Home, name, "env", at) // read by what uses it, not by all that sees it
		s.Levels[0][fold(name)] = b
		for _, place := range []artifact.Place{at, artifact.At(ref, p)} {
			s.Edge(inventory.BoundFrom, b, s.Slot(r, at), "azure-listed", inventory.Medium, place)
		}
	}
}
