// Package terraform reads Terraform and OpenTofu configurations: the resources that are entries of secret stores
// and what fills them, the data sources that read such entries, generated credentials, variables and their values,
// and what uses any of them: providers, modules, workloads with their environment and schedules.
//
// A module is a folder. What one file of it names and another defines has one id, so that both join on load:
// tf:<source>/<folder>/var.x, .../local.x, .../output.x, .../<type>.<name>, .../data.<type>.<name>. An entry of a
// store copies from the resource that makes it, and a data source from the entry.
package terraform

import (
	"bytes"
	"errors"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// ID is the id of the row and the platform of its automations.
const ID = "terraform"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Terraform and OpenTofu", Doc: "https://developer.hashicorp.com/terraform/language",
		Match: match, Parse: parse, Siblings: siblings,
	}
}

func match(a *artifact.Artifact) bool {
	return (isCode(a.Path) || isValues(a.Path)) && !bytes.HasPrefix(a.Content, []byte("\x00GITCRYPT"))
}

func isCode(p string) bool {
	p = strings.TrimSuffix(p, ".json")
	return strings.HasSuffix(p, ".tf") || strings.HasSuffix(p, ".tofu")
}

func isValues(p string) bool { return strings.HasSuffix(strings.TrimSuffix(p, ".json"), ".tfvars") }

func isJSON(p string) bool { return strings.HasSuffix(p, ".json") }

// siblings are the other files of the module, from whose constants names of entries are built, and the templates that the file fills.
func siblings(a *artifact.Artifact) []string {
	if isValues(a.Path) {
		return nil
	}
	return append([]string{"*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "terraform.tfvars", "*.auto.tfvars", "terraform.tfvars.json", "*.auto.tfvars.json"},
		templateFiles(a.Content)...)
}

var (
	errSyntax = errors.New("malformed HCL")
	errNested = errors.New("nests beyond the limit")
)

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	body, err := read(a)
	if body == nil {
		return err
	}
	m := newModule(facts, body)
	if isValues(a.Path) {
		m.several = strings.TrimSuffix(a.Base(), ".json") != "terraform.tfvars"
		m.values(body)
		return err
	}
	m.siblings()
	m.read(body)
	return err
}

// read parses a file. Of a malformed one it returns what could be read, with the error.
func read(a *artifact.Artifact) (body *hclsyntax.Body, err error) {
	if tooDeep(a.Content) {
		return nil, errNested
	}
	if isJSON(a.Path) {
		return readJSON(a)
	}
	defer func() {
		if recover() != nil {
			body, err = nil, errSyntax
		}
	}()
	file, diags := hclsyntax.ParseConfig(a.Content, path.Base(a.Path), hcl.Pos{Line: 1, Column: 1})
	if diags.HasErrors() {
		err = errSyntax
	}
	if file != nil {
		body, _ = file.Body.(*hclsyntax.Body)
	}
	return body, err
}

// Bounds of the text: the parser recurses into brackets, templates, conditionals and unary operators.
const (
	maxDepth = 200
	maxMarks = 20_000
)

func tooDeep(text []byte) bool {
	depth, deepest, unary := 0, 0, 0
	for _, c := range text {
		switch c {
		case '(', '[', '{':
			depth++
			deepest = max(deepest, depth)
		case ')', ']', '}':
			depth = max(0, depth-1)
		case '!', '-':
			if unary++; unary > maxDepth*5 {
				return true
			}
			continue
		case ' ', '\t', '\n', '\r':
			continue
		}
		unary = 0
	}
	return deepest > maxDepth || bytes.Count(text, []byte("?")) > maxMarks || bytes.Count(text, []byte("%{")) > maxMarks
}
