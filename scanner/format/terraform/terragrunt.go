package terraform

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// terragruntID is the id of the row and the platform of its units.
const terragruntID = "terragrunt"

// Terragrunt is the row of Terragrunt's units: which module they apply, what they hand to its variables, and the declarations
// that they copy into it.
func Terragrunt() artifact.Format {
	return artifact.Format{
		ID: terragruntID, Title: "Terragrunt units", Doc: "https://terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes/",
		Match: matchTerragrunt, Parse: parseTerragrunt,
	}
}

func matchTerragrunt(a *artifact.Artifact) bool {
	base := a.Base()
	if base == "terragrunt.hcl" {
		return true
	}
	return strings.HasSuffix(base, ".hcl") && base != ".terraform.lock.hcl" &&
		(a.Has("find_in_parent_folders") || a.Has("read_terragrunt_config") || a.Has("get_terragrunt_dir") || a.Has("sops_decrypt_file"))
}

func parseTerragrunt(a *artifact.Artifact, facts *artifact.Facts) error {
	body, err := read(a)
	if body == nil {
		return err
	}
	u := &unit{module: newModule(facts, body)}
	u.into, u.dependencies = u.dir, map[string]string{}
	for _, b := range body.Blocks {
		switch b.Type {
		case "terraform":
			u.source(b)
		case "dependency":
			u.dependency(b)
		case "generate":
			u.generated(b)
		}
	}
	if inputs := body.Attributes["inputs"]; inputs != nil {
		for _, object := range objectsOf(inputs.Expr) {
			u.inputs(object)
		}
	}
	return err
}

// unit is one unit while it is read.
type unit struct {
	*module
	into  string // folder of the module that it applies
	added string
}

// add adds the unit as an automation, when something of it is of interest.
func (u *unit) add(place artifact.Place) string {
	if u.added == "" {
		name := u.dir
		if name == "" {
			name = u.Artifact.Source
		}
		place.Pointer = ""
		whole := u.Automation("", name, place)
		u.Attr(whole, inventory.AttrNeeds, "next apply", "", place)
		u.added = u.Part(whole, "inputs", name, "unit", place)
	}
	return u.added
}

// source reads which module the unit applies. Of a path with // the folder is the whole of it.
func (u *unit) source(b *hclsyntax.Block) {
	e := attribute(b.Body, "source")
	for _, text := range textsOf(e) {
		text, _, _ = strings.Cut(text, "?")
		if dir := path.Join(u.dir, strings.ReplaceAll(text, "//", "/")); strings.HasPrefix(text, ".") && !strings.HasPrefix(dir, "..") {
			u.into = dir
			id := u.Node(inventory.Pattern, inventory.FileID("terragrunt-unit", u.Artifact.Source, u.dir), "unit "+u.dir, at(e.Range(), "terraform.source"))
			u.Edge(inventory.GeneratedFrom, id, inventory.FileID("file", u.Artifact.Source, dir)+"/", "terragrunt-source", inventory.Certain, at(e.Range(), "terraform.source"))
		}
	}
}

// textsOf lists the literal texts in an expression: the branches of a condition.
func textsOf(e hclsyntax.Expression) []string {
	if e == nil {
		return nil
	}
	var out []string
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if x, ok := n.(*hclsyntax.TemplateExpr); ok {
			if v := literalValue(x); v != "" {
				out = append(out, v)
			}
		}
		return nil
	})
	return out
}

// generated notes a file whose text the unit copies into the modules below it.
func (u *unit) generated(b *hclsyntax.Block) {
	contents := b.Body.Attributes["contents"]
	if contents == nil {
		return
	}
	for _, call := range templateCalls(contents.Expr) {
		if file := u.fileOf(call); isCode(file) {
			place := at(contents.Range(), "generate."+strings.Join(b.Labels, "."))
			id := "tf-generated:" + path.Join(u.Artifact.Source, u.dir)
			u.Node(inventory.Pattern, id, "variables of "+u.dir, place)
			u.Edge(inventory.GeneratedFrom, id, inventory.FileID("file", u.Artifact.Source, file), "terragrunt-generate", inventory.Certain, place)
		}
	}
	for _, call := range callsOf(contents.Expr, "get_env") { // a provider or backend that is written out
		if name := literalValue(call.Args[0]); strong(name) {
			place := at(call.Range(), "generate."+strings.Join(b.Labels, "."))
			container.Env(u.Facts, u.add(place), name, "terragrunt-env", place)
		}
	}
}

// objectsOf lists the objects that an expression joins: merge(local.common, { ... }).
func objectsOf(e hclsyntax.Expression) []*hclsyntax.ObjectConsExpr {
	if object := objectOf(e); object != nil {
		return []*hclsyntax.ObjectConsExpr{object}
	}
	var out []*hclsyntax.ObjectConsExpr
	if call, ok := e.(*hclsyntax.FunctionCallExpr); ok && call.Name == "merge" {
		for _, arg := range call.Args {
			if object := objectOf(arg); object != nil {
				out = append(out, object)
			}
		}
	}
	return out
}

// inputs reads what the unit hands to the variables of its module.
func (u *unit) inputs(object *hclsyntax.ObjectConsExpr) {
	for _, item := range object.Items {
		key := objectKey(item.KeyExpr)
		if key == "" || !u.spend() {
			continue
		}
		u.input(key, item.ValueExpr)
	}
}

func (u *unit) input(key string, e hclsyntax.Expression) {
	pointer := "inputs." + key
	slot := func() string {
		return u.Slot(inventory.SlotRef{Store: "tf", Scope: path.Join(u.Artifact.Source, u.into), Name: "var." + key}, at(e.Range(), pointer))
	}
	found := false
	behind, key2 := u.behind(e)
	for _, call := range callsOf(behind, "get_env", "sops_decrypt_file") {
		place := at(e.Range(), pointer)
		if behind == e {
			place = at(call.Range(), pointer)
		}
		name := literalValue(call.Args[0])
		switch {
		case name == "":
		case call.Name == "get_env":
			b := container.Env(u.Facts, u.add(place), name, "terragrunt-env", place)
			u.Edge(inventory.CopiesFrom, slot(), b, "terragrunt-input", inventory.Certain, place)
			u.Edge(inventory.CopiesFrom, slot(), b, "terragrunt-input", inventory.Certain, at(call.Range(), pointer))
			found = true
		default:
			ref := inventory.SlotRef{Store: "sops", Scope: u.Artifact.Source, Name: path.Join(u.dir, name), Key: key2}
			from := ""
			if key2 == "" {
				from = container.All(u.Facts, ref, place)
			} else {
				from = u.Slot(ref, place)
			}
			u.Edge(inventory.CopiesFrom, slot(), from, "terragrunt-sops", inventory.High, place)
			u.Edge(inventory.CopiesFrom, slot(), from, "terragrunt-sops", inventory.High, at(call.Range(), pointer))
			found = true
		}
	}
	if found && behind != e {
		return
	}
	for _, r := range append(u.references(e, pointer, strong(key)), u.pointers(e, pointer)...) {
		found = true
		u.copies(slot(), r)
	}
	if v := literalValue(e); !found && strong(key) && v != "" {
		u.literal(slot(), key, e, pointer)
	}
}

// behind returns the expression of the local value that an input is, and the key that the input takes of it; the input itself
// for any other. Of yamldecode(sops_decrypt_file("f")).a.b the key is a.b.
func (u *unit) behind(e hclsyntax.Expression) (hclsyntax.Expression, string) {
	if x, ok := e.(*hclsyntax.RelativeTraversalExpr); ok && len(callsOf(x.Source, "sops_decrypt_file")) > 0 {
		return e, strings.Join(route(x.Traversal), ".")
	}
	t, ok := u.single(e)
	if !ok || t.RootName() != "local" {
		return e, ""
	}
	words := route(t)
	if len(words) < 2 || u.locals[words[1]] == nil {
		return e, ""
	}
	return u.locals[words[1]], strings.Join(words[2:], ".")
}

func callsOf(e hclsyntax.Expression, names ...string) []*hclsyntax.FunctionCallExpr {
	var out []*hclsyntax.FunctionCallExpr
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if call, ok := n.(*hclsyntax.FunctionCallExpr); ok && len(call.Args) > 0 {
			for _, name := range names {
				if call.Name == name {
					out = append(out, call)
				}
			}
		}
		return nil
	})
	return out
}
