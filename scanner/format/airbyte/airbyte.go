// Package airbyte reads what Airbyte's command line (Octavia) keeps in a folder: sources, destinations and the
// connections between them.
//
// Shapes: Octavia's own description and configuration files quoted in public repositories. What Terraform says of
// Airbyte is read as Terraform.
package airbyte

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of the logins of sources and destinations.
const Platform = "airbyte"

// Format is the row of configuration files.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Airbyte configuration", Doc: "https://docs.airbyte.com/platform/terraform-documentation",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("definition_type") && a.HasKey("configuration") && export.Holds(a, isConfiguration)
		},
		Parse: parse,
	}
}

func isConfiguration(n *tree.Node) bool {
	switch n.Get("definition_type").Str() {
	case "source", "destination", "connection":
		return n.Get("resource_name").IsString() && n.Get("configuration").IsMap()
	}
	return false
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isConfiguration)
	for _, o := range objects {
		if kind := o.Node.Get("definition_type").Str(); kind == "connection" {
			connection(f, o)
		} else {
			login(f, o, kind)
		}
	}
	return err
}

// slotOf names the login of a source or a destination by the folder that holds it: connections name the file.
func slotOf(f *artifact.Facts, file string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: path.Dir(file)}
}

var environment = lazy.New(`\$\{([A-Za-z_]\w{0,100})\}`)

// secrets counts the values that a configuration logs in with: those that it holds and those that it takes in.
func secrets(n *tree.Node) int {
	count := 0
	n.Walk("", func(q tree.Path, v *tree.Node) bool {
		if v.IsString() && (environment.MatchString(v.Value) || export.Suggests(export.LastKey(q, ""))) {
			count++
		}
		return true
	})
	return count
}

func login(f *artifact.Facts, o export.Object, kind string) {
	at := artifact.At(o.Node, o.Path)
	slot := f.Slot(slotOf(f, f.Artifact.Path), at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Attr(slot, inventory.AttrAlias, export.Label(o.Node.Get("resource_name").Str()), "", at)
	image := o.Node.Get("definition_image")
	app := image.Str()[strings.LastIndexByte(image.Str(), '/')+1:]
	app = strings.TrimPrefix(strings.TrimPrefix(app, "source-"), "destination-")
	f.Attr(slot, inventory.AttrType, strings.TrimSpace(app+" "+kind), "", at)
	if id, ok := provider.ServiceOfNode(Platform, app); ok {
		f.Service(slot, id, "airbyte-definition", inventory.Certain, artifact.At(image, o.Path.Key("definition_image")))
	}
	n, p := o.Node.Get("configuration"), o.Path.Key("configuration")
	only := secrets(n) == 1
	n.Walk(p, func(q tree.Path, v *tree.Node) bool {
		if !v.IsString() {
			return true
		}
		key, place := export.LastKey(q, ""), artifact.At(v, q)
		for _, m := range environment.FindAllStringSubmatch(v.Value, 10) {
			env := f.Slot(inventory.SlotRef{Store: "airbyte-env", Scope: f.Artifact.Source, Name: m[1]}, place)
			f.Edge(inventory.CopiesFrom, slot, env, "airbyte-env", inventory.Certain, place)
		}
		if !environment.MatchString(v.Value) && export.Suggests(key) {
			ref := slotOf(f, f.Artifact.Path)
			ref.Key = strings.TrimPrefix(string(q), string(p)+".")
			own := slot
			if !only { // a login with one secret is that secret
				own = f.Slot(ref, place)
				f.Refs--
				f.Edge(inventory.CopiesFrom, slot, own, "airbyte-configuration", inventory.Certain, place)
			}
			f.AddLiteral(artifact.Literal{Slot: own, Name: key, Secret: artifact.Seal(v.Value), Place: place, Sure: export.SecretField(key)})
		}
		return true
	})
	if host := n.Get("host"); export.Host("https://"+host.Str()) != "" {
		f.Attr(slot, inventory.AttrHost, export.Host("https://"+host.Str()), "", artifact.At(host, p.Key("host")))
	}
}

// connection reads what is copied from where to where, and when.
func connection(f *artifact.Facts, o export.Object) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	id := f.Automation("", export.Label(n.Get("resource_name").Str()), at)
	f.Attr(id, inventory.AttrNeeds, "next run", "", at)
	f.Cover(id, n.Line, export.LastLine(n))
	c, p := n.Get("configuration"), o.Path.Key("configuration")
	switch status := c.Get("status"); status.Str() {
	case "active":
		f.Attr(id, inventory.AttrActive, "true", "", artifact.At(status, p.Key("status")))
	case "inactive", "deprecated":
		f.Attr(id, inventory.AttrActive, "false", "", artifact.At(status, p.Key("status")))
	}
	data := c.Get("schedule_data")
	if cron := data.Get("cron", "cron_expression"); cron.Str() != "" {
		f.Attr(id, inventory.AttrSchedule, cron.Str(), data.Get("cron", "cron_time_zone").Str(), artifact.At(cron, p.Key("schedule_data")))
	} else if basic := data.Get("basic_schedule"); basic.Get("units").Str() != "" {
		f.Attr(id, inventory.AttrSchedule, export.Every(export.Whole(basic.Get("units").Str(), 1), basic.Get("time_unit").Str()), "", artifact.At(basic, p.Key("schedule_data")))
	}
	for _, key := range []string{"source_configuration_path", "destination_configuration_path"} {
		if file := n.Get(key); file.Str() != "" {
			place := artifact.At(file, o.Path.Key(key))
			root := f.Artifact.Dir()
			for range 2 { // connections/<name> lies beside sources/ and destinations/
				root = path.Dir(root)
			}
			slot := f.Slot(slotOf(f, path.Join(root, file.Str())), place)
			f.Edge(inventory.Reads, id, slot, "airbyte-connection", inventory.Certain, place)
		}
	}
}
