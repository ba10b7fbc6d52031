package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// fromWhole joins an upper-case member of an imported object (config.STRIPE_KEY) with the environment that the imported
// file takes in as a whole: export const config = {...process.env}.
//
// Confidence: medium, for what the file makes of the environment is not followed.
func (j *settingJoin) fromWhole(b *inventory.Node, name []string) {
	last := name[len(name)-1]
	if len(name) != 2 || last != strings.ToUpper(last) || len(last) < 3 {
		return
	}
	if j.whole == nil {
		j.whole = wholeReaders(j.v)
	}
	at := b.Evidence[0]
	for _, file := range j.whole[at.Source] {
		place := file.Evidence[0]
		if !slices.ContainsFunc(b.All(inventory.AttrAs), func(a inventory.Attr) bool {
			return slices.ContainsFunc(strings.Split(a.Detail, "|"), func(module string) bool { return imports(at.Path, module, place.Path) })
		}) {
			continue
		}
		code := strings.TrimSuffix(file.ID, "/*")
		id := inventory.BindingID(code, last)
		if j.v.Node(id) == nil {
			j.v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: last, Evidence: file.Evidence,
				Attrs: append(b.All(inventory.AttrClass), inventory.Attr{Key: inventory.AttrAs, Value: "env"})})
			j.v.AddEdge(inventory.Edge{From: code, To: id, Kind: inventory.Reads, Rule: "setting-whole", Confidence: inventory.Medium, Evidence: file.Evidence})
		}
		j.v.AddEdge(inventory.Edge{From: b.ID, To: id, Kind: inventory.BoundFrom, Rule: "setting-whole", Confidence: inventory.Medium,
			Evidence: inventory.MergeEvidence(b.Evidence, file.Evidence)})
	}
}

// wholeReaders lists the bindings of the whole environment, by the source of their files.
func wholeReaders(v *View) map[string][]*inventory.Node {
	out := map[string][]*inventory.Node{}
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Name == "*" && strings.HasPrefix(b.ID, "code:") && strings.HasSuffix(b.ID, "/*") && len(b.Evidence) > 0 && !isContext(b.ID) {
			out[b.Evidence[0].Source] = append(out[b.Evidence[0].Source], b)
		}
	}
	return out
}
