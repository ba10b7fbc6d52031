package code

import (
	"path"
	"strings"
)

// client is a command that finds its credentials in files of its own.
type client struct {
	name  string // of the client, as graph/resolve knows its files
	verbs string // sub-commands that ask a server, "" for all
	flags string // flags that name the file
}

// clients are such commands by name. Sources: the documentation of each on its configuration files.
var clients = map[string]client{
	"npm": {"npm", "ci install i add update publish view dist-tag deprecate audit pack exec whoami", "--userconfig"}, "npx": {"npm", "", ""},
	"yarn": {"npm", "install add publish npm up upgrade dlx", ""}, "pnpm": {"npm", "install i add publish up update dlx", ""}, "bun": {"npm", "install i add publish update", ""},
	"pip": {"pip", "install download wheel", ""}, "pip3": {"pip", "install download wheel", ""}, "uv": {"pip", "sync publish pip add lock", "--config-file"},
	"twine": {"pypi", "upload", "--config-file"},
	"mvn":   {"maven", "", "-s --settings -gs --global-settings"}, "mvnw": {"maven", "", "-s --settings -gs --global-settings"},
	"gradle": {"gradle", "", ""}, "gradlew": {"gradle", "", ""},
	"docker": {"docker", "push pull build buildx", ""}, "podman": {"docker", "push pull build", "--authfile"}, "skopeo": {"docker", "copy sync", "--authfile --src-authfile --dest-authfile"},
	"buildah": {"docker", "push pull bud build", "--authfile"}, "crane": {"docker", "push pull copy append", ""}, "ko": {"docker", "build publish apply resolve", ""}, "pack": {"docker", "build", ""},
	"helm":   {"helm", "push pull dependency dep repo fetch upgrade install", "--registry-config --repository-config --kubeconfig"},
	"dotnet": {"nuget", "restore build publish test pack nuget tool", "--configfile --config-file"}, "nuget": {"nuget", "", "-ConfigFile -configfile"},
	"composer": {"composer", "install update require", ""}, "bundle": {"bundler", "install update package cache", ""}, "gem": {"gem", "push install fetch", "--config-file"},
	"cargo": {"cargo", "publish build fetch test run install", "--config"}, "terraform": {"terraform", "init login", ""}, "tofu": {"terraform", "init login", ""},
	"rclone": {"rclone", "", "--config"}, "s3cmd": {"s3cmd", "", "-c --config"}, "kubectl": {"", "", "--kubeconfig"}, "helmfile": {"", "", "--kubeconfig"},
	"curl": {"", "", "--netrc-file"}, "psql": {"pgpass", "", ""}, "pg_dump": {"pgpass", "", ""}, "mysql": {"", "", "--defaults-extra-file --defaults-file"},
	"mysqldump": {"", "", "--defaults-extra-file --defaults-file"},
	"dbt":       {"dbt", "", ""},
	"doppler":   {"doppler", "run secrets", ""}, "infisical": {"infisical", "run export secrets", ""},
}

// said are the flags with which a command says itself what its file would.
var said = map[string][]string{"doppler": {"-c", "--config"}, "infisical": {"--env"}}

// client emits the files in which a command finds its credentials: the one that a flag names, and those of its working
// directory, which graph/resolve looks up.
func (s *script) client(inv *invocation) {
	c, ok := clients[inv.name()]
	if c.name == "dbt" {
		s.profiles(inv)
		return
	}
	if !ok || s.dir == "*" {
		return
	}
	for _, flag := range strings.Fields(c.flags) {
		if w, ok := inv.flag(flag); ok {
			s.start("file", word{text: s.madeFrom(w.text), offset: w.offset}, inv)
		}
	}
	if w, ok := inv.flag("--config"); ok && c.name == "docker" {
		s.start("file", word{text: path.Join(w.text, "config.json"), offset: w.offset}, inv)
	}
	if c.name == "" || !c.asks(inv) || inv.option(said[c.name]...) != "" {
		return
	}
	dir := s.dir
	if w, ok := inv.flag("--prefix", "--cwd", "--project-dir", "-C"); ok {
		dir = s.folderOf(w.text)
	}
	if dir != "*" {
		s.out.Runs = append(s.out.Runs, Run{Kind: "client", Path: c.name, Dir: dir, Offset: inv.at, Env: inv.env})
	}
}

// profiles emits the folder in which dbt looks for its logins: the one that a flag or a variable names, that of the project,
// or the working directory. Source: docs.getdbt.com, connection profiles.
func (s *script) profiles(inv *invocation) {
	dir := s.dir
	if w, ok := inv.flag("--project-dir"); ok {
		dir = s.folderOf(w.text)
	}
	if w, ok := inv.flag("--profiles-dir"); ok {
		dir = s.folderOf(w.text)
	}
	if dir == "*" {
		dir = "" // graph/resolve takes the only file of a source for one that is not in its folder
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "client", Path: "dbt", Dir: dir, Offset: inv.at, Env: inv.env})
}

// asks reports whether the sub-command asks a server. A package manager without one installs.
func (c client) asks(inv *invocation) bool {
	if c.verbs == "" {
		return true
	}
	list := inv.operands(1, "--prefix --cwd --dir -C --config --context --userconfig --registry")
	if len(list) == 0 {
		return inv.name() == "yarn"
	}
	return listed(c.verbs, list[0].text)
}
