package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// clientFiles are the files in which a client program looks for its credentials, in lower case, by the client's name.
// Sources: the documentation of each.
var clientFiles = map[string][]string{
	"npm": {".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml"}, "pip": {"pip.conf", "pip.ini", "uv.toml"}, "pypi": {".pypirc"},
	"maven": {"pom.xml", "settings.xml", ".mvn/settings.xml", ".m2/settings.xml"}, "docker": {".docker/config.json", ".dockercfg"},
	"gradle": {"gradle.properties", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"},
	"helm":   {"helm/repositories.yaml"}, "nuget": {"nuget.config"}, "composer": {"auth.json"}, "bundler": {".bundle/config"}, "gem": {".gem/credentials"},
	"cargo": {".cargo/config.toml", ".cargo/credentials.toml", ".cargo/credentials"}, "terraform": {".terraformrc", "terraform.rc", "credentials.tfrc.json"},
	"rclone": {"rclone.conf"}, "s3cmd": {".s3cfg"}, "pgpass": {".pgpass", "pgpass.conf", ".pg_service.conf"},
	"dbt":     {"profiles.yml", ".dbt/profiles.yml"},
	"doppler": {"doppler.yaml", "doppler.yml"}, "infisical": {".infisical.json"},
}

// upwards are the clients that look for their files in the folders above, too: a package of a workspace uses the settings
// of its root.
var upwards = map[string]bool{"npm": true, "nuget": true, "cargo": true, "gradle": true, "maven": true, "pip": true, "doppler": true, "infisical": true}

// joinClients is R5 for files of client programs: npm ci reads the .npmrc of its folder, mvn deploy the settings.xml. What
// runs such a command runs the file, so that the variables and literals in it become its own.
func joinClients(v *View) {
	var files map[string]*inventory.Node
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule != "R5-client" || len(e.Evidence) == 0 {
			continue
		}
		if files == nil {
			files = codeByPath(v)
		}
		source := e.Evidence[0].Source
		dir := strings.Trim(strings.TrimPrefix(e.To, inventory.FileID("file", source, "")), "/")
		for _, a := range e.Attrs {
			found, sure := lookup(files, source, dir, a.Value), e.Confidence
			if len(found) == 0 && handedOver[a.Value] {
				found, sure = only(files, source, a.Value), inventory.Weakest(sure, inventory.Medium)
			}
			for _, n := range found {
				v.AddEdge(inventory.Edge{From: e.From, To: n.ID, Kind: inventory.Runs, Rule: "R5-client", Confidence: sure, Evidence: e.Evidence})
			}
		}
	}
}

// handedOver are the clients whose file is usually brought to where they run: mounted, or copied with its project.
var handedOver = map[string]bool{"dbt": true}

// only returns the file of a client when the source has one alone.
func only(files map[string]*inventory.Node, source, client string) []*inventory.Node {
	var out []*inventory.Node
	root := strings.ToLower(inventory.FileID("code", source, ""))
	for id, n := range files {
		if strings.HasPrefix(id, root) && slices.Contains(clientFiles[client], path.Base(id)) {
			out = append(out, n)
		}
	}
	if len(out) > 1 {
		return nil
	}
	return out
}

// lookup returns the files of a client in the nearest folder that has any.
func lookup(files map[string]*inventory.Node, source, dir, client string) []*inventory.Node {
	for {
		var out []*inventory.Node
		for _, name := range clientFiles[client] {
			if n := files[strings.ToLower(inventory.FileID("code", source, path.Join(dir, name)))]; n != nil {
				out = append(out, n)
			}
		}
		if len(out) > 0 || dir == "" || !upwards[client] {
			return out
		}
		dir = folderOf(dir)
	}
}

// codeByPath lists the code nodes that are a client's file, by id in lower case: NuGet.Config goes under several spellings.
func codeByPath(v *View) map[string]*inventory.Node {
	var names []string
	for _, all := range clientFiles {
		names = append(names, all...)
	}
	out := map[string]*inventory.Node{}
	for _, n := range v.Nodes(inventory.Code) {
		id := strings.ToLower(n.ID)
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(id, "/"+name) }) && len(n.Evidence)+len(n.Attrs) > 0 {
			out[id] = n
		}
	}
	return out
}
