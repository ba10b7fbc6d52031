// Package cloudformation reads AWS CloudFormation and SAM templates: parameters, secrets and parameters that a stack
// makes, dynamic references, functions and tasks with their environment, schedules.
//
// Ids: a stack is cloudformation:<source>/<path>, a resource a part of it, a function or rule an automation
// <stack>#<logical id>. What the template names is cfn:<source>/<path>#<logical id>: an entry of the secrets manager
// copies from the resource that makes it.
package cloudformation

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// ID is the id of the row and the platform of its automations.
const ID = "cloudformation"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "AWS CloudFormation and SAM templates", Doc: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".yaml", ".yml", ".json", ".template":
	default:
		return false
	}
	return a.Has("Resources") && a.Has("AWS::") &&
		(a.Has("AWSTemplateFormatVersion") || a.Has("AWS::Serverless") || bytes.HasPrefix(bytes.TrimSpace(a.Content), []byte("Resources")) || a.Has("\nResources:"))
}

// budget bounds the nodes of one file.
const budget = 200_000

// file is one template while it is read.
type file struct {
	*artifact.Facts
	root, resources *tree.Node
	id              string
	at              tree.Path // of the template in its file
	extents         container.Extents
	left            int
	added           map[string]bool
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	var err error
	for _, d := range a.Documents() {
		if d.Err != nil {
			err = d.Err
		}
		if d.Root.Get("Resources").IsMap() {
			Template(facts, d.Root, "")
		}
	}
	return err
}

// Template reads a template that stands in a file, at a path: other frameworks hold one too.
func Template(facts *artifact.Facts, root *tree.Node, at tree.Path) {
	f := &file{Facts: facts, root: root, resources: root.Get("Resources"), at: at, left: budget, extents: container.Extents{},
		id: inventory.FileID(facts.Platform, facts.Artifact.Source, facts.Artifact.Path), added: map[string]bool{}}
	f.parameters()
	f.globals()
	for _, pair := range f.resources.Entries() {
		if f.spend() && pair.Value.IsMap() {
			f.resource(pair, f.at.Key("Resources").Key(pair.Key))
		}
	}
}

func (f *file) spend() bool {
	f.left--
	if f.left == -1 {
		f.Skip("more entries than the limit: the rest of the file is left out")
	}
	return f.left >= 0
}

// slot adds the slot of something that the template names.
func (f *file) slot(name, key string, at artifact.Place) string {
	if key != "" {
		name += "." + key
	}
	id := f.Slot(inventory.SlotRef{Store: "cfn", Scope: f.Artifact.Source, Name: f.Artifact.Path, Key: name}, at)
	f.Refs--
	return id
}

// parameters reads the parameters that hold a credential: those that are hidden, and those named for one.
func (f *file) parameters() {
	for _, pair := range f.root.Get("Parameters").Entries() {
		p := f.at.Key("Parameters").Key(pair.Key)
		at := artifact.AtPair(pair, p)
		if !f.isSecretParameter(pair.Key) || !f.spend() {
			continue
		}
		id := f.slot(pair.Key, "", at)
		f.Defined(id, inventory.DefinedInScan, at)
		f.cover(id, pair)
		def := pair.Value.Get("Default")
		if def.Str() == "" {
			continue
		}
		place := artifact.At(def, p.Key("Default"))
		if strings.HasPrefix(pair.Value.Get("Type").Str(), "AWS::SSM::Parameter::Value") {
			r := inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(def.Str(), "/")}
			if container.Computed(r.Name) != r.Name || r.Name == "" {
				continue
			}
			f.EdgeWith(inventory.CopiesFrom, id, f.Slot(r, place), "cfn-parameter", inventory.High, place, inventory.AttrWhole, "true")
			continue
		}
		if container.Copy(f.Facts, id, def.Str(), place) {
			in := f.Inline(string(p.Key("Default")), place)
			f.Literal(in, pair.Key, def.Str(), place)
			f.Edge(inventory.CopiesFrom, id, in, "cfn-parameter", inventory.High, place)
		}
	}
}

// isSecretParameter reports whether a parameter holds a credential.
func (f *file) isSecretParameter(name string) bool {
	n := f.root.Get("Parameters", name)
	if n == nil {
		return false
	}
	if typ := n.Get("Type").Str(); strings.HasPrefix(typ, "AWS::SSM::Parameter::Value") { // an entry, but for AWS's own
		return !strings.Contains(typ, "AWS::EC2::Image") && !strings.HasPrefix(n.Get("Default").Str(), "/aws/service/")
	}
	return strings.EqualFold(n.Get("NoEcho").Str(), "true") || detect.ClassifyName(name).Class == inventory.ClassCredential
}

func (f *file) cover(id string, pair tree.Pair) {
	f.Cover(id, pair.Line, max(pair.Line, f.extents.Last(pair.Value)))
}

// stack adds the stack itself, once something of it is of interest.
func (f *file) stack() string {
	if !f.added[f.id] {
		f.added[f.id] = true
		at := artifact.At(f.root, f.at)
		f.AutomationID(f.id, f.Artifact.Path, at)
		f.Attr(f.id, inventory.AttrNeeds, "stack update", "", at)
	}
	return f.id
}

// node adds the node of a resource: an automation for what runs, else a part of the stack.
func (f *file) node(pair tree.Pair, p tree.Path) string {
	id := inventory.PartID(f.id, pair.Key)
	if f.added[id] {
		return id
	}
	f.added[id] = true
	at := artifact.AtPair(pair, p)
	if runs[pair.Value.Get("Type").Str()] {
		f.AutomationID(id, pair.Key, at)
		f.Attr(id, inventory.AttrNeeds, "redeploy", "", at)
	} else {
		f.Part(f.stack(), pair.Key, pair.Key, "resource", at)
	}
	f.cover(id, pair)
	return id
}

// runs are the types of resources that run.
var runs = map[string]bool{
	"AWS::Serverless::Function": true, "AWS::Lambda::Function": true, "AWS::ECS::TaskDefinition": true, "AWS::Events::Rule": true,
	"AWS::Scheduler::Schedule": true, "AWS::CodeBuild::Project": true, "AWS::Batch::JobDefinition": true, "AWS::AppRunner::Service": true,
	"AWS::Glue::Job": true, "AWS::Serverless::StateMachine": true, "AWS::StepFunctions::StateMachine": true, "AWS::Amplify::App": true,
}
