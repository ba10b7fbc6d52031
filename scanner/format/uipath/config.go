package uipath

import (
	"html"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Config is the row of the workbook that robots read their settings from: sheets whose rows are a name, and a value or the
// name of an asset. A sheet arrives as text, one line for each row (scanner/source).
func Config() artifact.Format {
	return artifact.Format{
		ID: "uipath-config", Title: "UiPath configuration workbook", Doc: "https://docs.uipath.com/studio/standalone/latest/user-guide/robotic-enterprise-framework",
		Match: func(a *artifact.Artifact) bool {
			return strings.Contains(a.Path, ".xlsx!/") && configHead.Match(a.Content)
		},
		Parse: parseConfig,
	}
}

var (
	configHead = lazy.New(`^\s*Name\t(?:Value|Asset)\b`)
	assetHead  = lazy.New(`^\s*Name\t(?:Asset\b|Value\t(?:[^\n]*\t)?(?:Orchestrator)?(?:Asset)?Folder\b)`)
	configRow  = lazy.New(`(?m)^([^\t\n:]{1,200}): ([^\t\n]{0,300}[\pL\pN][^\t\n]{0,100})((?:\t[^\n]*)?)$`)
	rowFolder  = lazy.New(`\t(?:Orchestrator)?(?:Asset)?Folder: ([^\t\n]{1,200})`)
	login      = lazy.New(`(?i)credential`)
	noLogin    = lazy.New(`(?i)folder|path|queue|file`)
	workbook   = lazy.New(`(?:"|&quot;|\[)((?:[\w .-]{1,60}[\\/]){0,6}[\w .-]{0,40}Config[\w .-]{0,40}\.xlsx)(?:"|&quot;|\])`)
)

// parseConfig reads the assets of a sheet of assets, and the names of credentials among settings.
func parseConfig(a *artifact.Artifact, f *artifact.Facts) error {
	file, _, _ := strings.Cut(a.Path, "!/")
	node := f.Node(inventory.Code, inventory.FileID("code", a.Source, file), path.Base(file), artifact.Place{Line: 1})
	rows := configRow.FindAllSubmatchIndex(a.Content, 5000)
	text := func(m []int, i int) string { return strings.TrimSpace(string(a.Content[m[2*i]:m[2*i+1]])) }
	folders := map[string]string{} // of the credential that a setting names
	for _, m := range rows {
		folders[text(m, 1)] = text(m, 2)
	}
	assets := assetHead.Match(a.Content)
	for _, m := range rows {
		name, folder, kind := text(m, 1), "", "RobotAsset"
		if in := rowFolder.FindSubmatch(a.Content[m[6]:m[7]]); in != nil {
			folder = strings.TrimSpace(string(in[1]))
		}
		if login.MatchString(name) {
			kind = "RobotCredential"
		}
		if !assets {
			if kind == "RobotAsset" || noLogin.MatchString(name) {
				continue
			}
			folder = folderOf(name, folders)
		}
		at := a.PlaceOf(m[4])
		at.Pointer = name
		scope := a.Source
		if folder != "" {
			scope += "/" + folder
		}
		slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: scope, Name: text(m, 2)}, at)
		f.Attr(slot, inventory.AttrType, kind, "", at)
		f.Edge(inventory.Reads, node, slot, "uipath-config", inventory.High, at)
	}
	return nil
}

// folderOf is the folder of the Orchestrator that a setting beside that of the credential names.
func folderOf(name string, settings map[string]string) string {
	for _, other := range []string{name + "Folder", strings.Replace(name, "CredentialName", "CredentialFolder", 1), strings.Replace(name, "Credential", "CredentialFolder", 1)} {
		if folder := settings[other]; other != name && folder != "" {
			return folder
		}
	}
	return ""
}

// configs adds the workbooks that a workflow names: relative to the folder of the project, which is that of the file or,
// for the files of the framework, the one above.
func configs(a *artifact.Artifact, f *artifact.Facts, node string) {
	for _, m := range workbook.FindAllSubmatchIndex(a.Content, 20) {
		file := slash(html.UnescapeString(string(a.Content[m[2]:m[3]])))
		dir := a.Dir()
		if path.Base(dir) == "Framework" {
			dir = path.Dir(dir)
		}
		f.Runs(node, path.Join(dir, file), "uipath-config", inventory.High, a.PlaceOf(m[2]))
	}
}
