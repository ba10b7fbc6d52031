package azurepipelines

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// The names under which templates ask for a Key Vault, for what they take out of it and for the variable that they set, in lower
// case and without separators.
var (
	vaultNames  = map[string]bool{"keyvaultname": true, "vaultname": true, "keyvault": true, "azurekeyvaultname": true, "kvname": true, "vault": true}
	entryNames  = map[string]bool{"keyname": true, "secretname": true, "keyvaultsecretname": true, "keyvaultkeyname": true, "certificatename": true, "keyvaultsecret": true}
	outputNames = map[string]bool{"outputvariablename": true, "outputvariable": true, "variablename": true, "targetvariable": true, "outputname": true}
)

// vaulted reads the parameters of a template that name a vault and an entry of it: the template fetches the entry, or mints a
// token with it, and sets the variable that it is told. What it does stands elsewhere, hence medium.
func (s *scope) vaulted(ref, n *tree.Node, p tree.Path) {
	vault, output := "", ""
	var entry, set tree.Pair
	for _, pair := range n.Entries() {
		name := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(pair.Key))
		switch {
		case vaultNames[name]:
			vault = strings.ToLower(pair.Value.Str())
		case entryNames[name]:
			entry = pair
		case outputNames[name]:
			set, output = pair, pair.Value.Str()
		}
	}
	name := entry.Value.Str()
	if vault == "" || name == "" || strings.ContainsAny(name, "$ \n") || len(name) > 200 || !s.Spend() {
		return
	}
	if strings.Contains(vault, "$") {
		vault = "*"
	}
	at := artifact.At(entry.Value, p.Key(entry.Key))
	slot := s.Slot(inventory.SlotRef{Store: "azkv", Scope: vault, Name: strings.ToLower(name)}, at)
	places := []artifact.Place{at, artifact.At(ref, p)}
	for _, place := range places {
		s.Edge(inventory.Reads, s.Part, slot, "azure-vaulted", inventory.Medium, place)
	}
	if output == "" || strings.ContainsAny(output, "$ \n") {
		return
	}
	places = append(places, artifact.At(set.Value, p.Key(set.Key)))
	b := s.Binding(s.Home, output, "env", places[2])
	s.Levels[0][fold(output)] = b
	for _, place := range places {
		s.Edge(inventory.BoundFrom, b, slot, "azure-vaulted", inventory.Medium, place)
	}
}
