// Package uipath reads projects of UiPath: project.json, and workflows in XAML with the assets and credentials of the
// Orchestrator that they ask for by name.
//
// Shapes: docs.uipath.com on project.json and on the enterprise framework, and 133 workflows and two configuration
// workbooks of a public repository. A name that is an expression is counted and left out: most frameworks read it from the
// workbook, whose names are read.
package uipath

import (
	"bytes"
	"html"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of projects, and the store of the Orchestrator's assets and credentials.
const Platform = "uipath"

// Projects is the row of project files.
func Projects() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "UiPath project", Doc: "https://docs.uipath.com/studio/standalone/latest/user-guide/about-the-projectjson-file",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"studioVersion"`) && export.Holds(a, isProject)
		},
		Parse: parseProject,
	}
}

// Workflows is the row of workflows.
func Workflows() artifact.Format {
	return artifact.Format{
		ID: "uipath-workflow", Title: "UiPath workflow", Doc: "https://docs.uipath.com/activities/other/latest/workflow/get-robot-credential",
		Match: func(a *artifact.Artifact) bool {
			return bytes.Contains(a.Content[:min(len(a.Content), 8192)], []byte("http://schemas.uipath.com/workflow/activities"))
		},
		Parse: parseWorkflow,
	}
}

func isProject(n *tree.Node) bool {
	return n.Get("studioVersion").IsString() && n.Get("main").IsString() && (n.Get("projectVersion") != nil || n.Get("dependencies").IsMap())
}

func parseProject(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isProject)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		id := f.Automation("", export.Label(n.Get("name").Str()), at)
		f.Attr(id, inventory.AttrNeeds, "next run", "", at)
		export.Purpose(f, id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
		starts := map[string]*tree.Node{n.Get("main").Str(): n.Get("main")}
		files := []string{n.Get("main").Str()}
		for _, e := range n.Get("entryPoints").List() {
			if file := e.Get("filePath").Str(); file != "" && starts[file] == nil {
				starts[file], files = e.Get("filePath"), append(files, file)
			}
		}
		for _, file := range files {
			place := artifact.At(starts[file], o.Path.Key("main"))
			part := f.Part(id, file, file, "workflow", place)
			f.Runs(part, path.Join(a.Dir(), slash(file)), "uipath-main", inventory.Certain, place)
		}
	}
	return err
}

func slash(p string) string { return strings.ReplaceAll(p, `\`, "/") }

var (
	activity  = lazy.New(`<(?:\w+:)?(GetRobotCredential|GetCredential|GetRobotAsset|GetAsset|SetCredential|SetAsset|GetSecureCredential|InvokeWorkflowFile)\s([^>]{0,1000})`)
	parameter = lazy.New(`\b(AssetName|CredentialName|Target|FolderPath|WorkflowFileName|ServiceBaseAddress)="([^"]{1,300})"`)
	inline    = lazy.New(`\b(\w*(?:Password|Secret|ApiKey|Token))="([^"\[{][^"]{3,300})"`)
)

// parseWorkflow reads the activities that ask for an asset or a credential, those that run another workflow, and what
// stands in the fields for passwords.
func parseWorkflow(a *artifact.Artifact, f *artifact.Facts) error {
	node := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	h := export.Holder{Facts: f, Node: node, Template: func(s string) bool { return strings.HasPrefix(s, "[") || strings.HasPrefix(s, "{") }}
	for _, m := range activity.FindAllSubmatchIndex(a.Content, 5000) {
		kind, fields := string(a.Content[m[2]:m[3]]), map[string]string{}
		for _, p := range parameter.FindAllSubmatch(a.Content[m[4]:m[5]], 20) {
			fields[string(p[1])] = html.UnescapeString(string(p[2]))
		}
		at := a.PlaceOf(m[0])
		if kind == "InvokeWorkflowFile" {
			if file := fields["WorkflowFileName"]; file != "" && !h.Template(file) {
				f.Runs(node, invoked(a.Path, slash(file)), "uipath-invoke", inventory.High, at)
			}
			continue
		}
		ask(h, kind, fields, at)
	}
	configs(a, f, node)
	for _, m := range inline.FindAllSubmatchIndex(a.Content, 1000) {
		at := a.PlaceOf(m[4])
		at.Pointer = string(a.Content[m[2]:m[3]])
		h.Literal(at.Pointer, html.UnescapeString(string(a.Content[m[4]:m[5]])), at)
	}
	return nil
}

// ask adds the asset or credential that an activity asks the Orchestrator for, by its folder and name.
func ask(h export.Holder, kind string, fields map[string]string, at artifact.Place) {
	name, store := fields["AssetName"]+fields["CredentialName"], Platform
	if kind == "GetSecureCredential" { // of Windows' own store
		name, store = fields["Target"], "windows-credential"
	}
	if name == "" || name == "{x:Null}" {
		return
	}
	if h.Template(name) {
		h.Facts.Skip("an asset whose name is computed")
		return
	}
	scope := h.Facts.Artifact.Source
	if folder := fields["FolderPath"]; folder != "" && !h.Template(folder) {
		scope += "/" + folder
	}
	slot := h.Facts.Slot(inventory.SlotRef{Store: store, Scope: scope, Name: name}, at)
	h.Facts.Attr(slot, inventory.AttrType, strings.TrimPrefix(strings.TrimPrefix(kind, "Get"), "Set"), "", at)
	h.Reads(slot, "uipath-asset", inventory.Certain, at)
}

// invoked returns the path of a workflow that another runs. Names are relative to the project's folder, which the file
// does not know: a folder that both paths have says where it is.
func invoked(own, file string) string {
	dir := path.Dir(own)
	if first, _, ok := strings.Cut(file, "/"); ok {
		parts := strings.Split(dir, "/")
		for i := len(parts) - 1; i >= 0; i-- {
			if parts[i] == first {
				return path.Join(path.Join(parts[:i]...), file)
			}
		}
	}
	return path.Join(dir, file)
}
