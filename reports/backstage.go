package reports

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/graph"
)

// writeBackstage writes entities for a Backstage catalogue: a Resource for each credential, a Component for each
// automation that depends on one. Every text is a JSON string, which YAML reads as it is.
func writeBackstage(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	for i := range d.Credentials {
		c := &d.Credentials[i]
		entity(b, "Resource", entityName(c.Name, c.ID), c.Name)
		fmt.Fprintf(b, "  annotations:\n    rotamap/id: %s\n", quoted(c.ID))
		fmt.Fprintf(b, "spec:\n  type: credential\n  owner: %s\n", quoted(entityOwner(c.Owners)))
	}
	for _, a := range d.Automations {
		if len(a.Credentials) == 0 {
			continue
		}
		entity(b, "Component", entityName(a.Name, a.ID), a.Name)
		fmt.Fprintf(b, "  annotations:\n    rotamap/id: %s\n", quoted(a.ID))
		fmt.Fprintf(b, "spec:\n  type: automation\n  lifecycle: %s\n  owner: %s\n  dependsOn:\n", quoted(a.Environment), quoted(entityOwner(a.Owners)))
		for _, id := range a.Credentials {
			if c := d.Credential(id); c != nil {
				fmt.Fprintf(b, "    - %s\n", quoted("resource:default/"+entityName(c.Name, c.ID)))
			}
		}
	}
	return b.Flush()
}

func entity(b *bufio.Writer, kind, name, title string) {
	fmt.Fprintf(b, "---\napiVersion: backstage.io/v1alpha1\nkind: %s\nmetadata:\n  name: %s\n  title: %s\n", kind, quoted(name), quoted(title))
}

// entityName is a name as Backstage allows it: letters, digits and -_. , at most 63, unlike that of any other id.
func entityName(name, id string) string {
	slug := strings.Trim(strings.ReplaceAll(word(name), "_", "-"), "-")
	slug = strings.ToLower(slug[:min(len(slug), 48)])
	return strings.Trim(slug+"-"+stableID(id)[:8], "-")
}

// entityOwner is the surest owner as a reference to a group.
func entityOwner(owners []graph.Owner) string {
	if len(owners) == 0 {
		return "unknown"
	}
	name := owners[0].Name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	if name = strings.Trim(strings.ReplaceAll(word(name), "_", "-"), "-"); name == "" {
		return "unknown"
	}
	return "group:default/" + strings.ToLower(name[:min(len(name), 63)])
}

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
