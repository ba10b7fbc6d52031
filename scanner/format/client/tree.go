package client

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// tree reads the scalars of a file of YAML or JSON that are credentials by their key, or that name a variable.
func (c *file) tree() error {
	for _, d := range c.Artifact.Documents() {
		if d.Err != nil {
			return d.Err
		}
		c.entries(d.Root, "", "", false)
	}
	return nil
}

// below are keys below which every scalar is a credential, by host: auth.json's http-basic and its like.
var below = map[string]bool{"github-oauth": true, "gitlab-oauth": true, "gitlab-token": true, "bearer": true}

// bundlerHost reports whether a setting of Bundler is the login for a host, whose dots are written as two underscores
// (bundle-config(1)), and not one of a gem, a mirror or a plugin: BUNDLE_BUILD__SQLITE3.
func bundlerHost(key string) bool {
	rest, ok := strings.CutPrefix(key, "BUNDLE_")
	first, _, several := strings.Cut(rest, "__")
	return ok && several && first != "BUILD" && first != "LOCAL" && first != "MIRROR" && first != "PLUGINS"
}

func (c *file) entries(n *tree.Node, p tree.Path, name string, sure bool) {
	for _, e := range n.Entries() {
		at, full := p.Key(e.Key), strings.TrimPrefix(name+"."+e.Key, ".")
		place := artifact.AtPair(e, at)
		if e.Value.IsMap() || e.Value.IsSeq() {
			c.entries(e.Value, at, full, below[e.Key])
			continue
		}
		value := e.Value.Str()
		switch {
		case sure, credentialKey.MatchString(e.Key), bundlerHost(e.Key):
			c.entry(full, e.Key, value, true, place)
		case variables.MatchString(value), hasLogin(value):
			c.entry(full, e.Key, value, false, place)
		}
	}
	for i, item := range n.List() {
		if n.IsSeq() && item.IsMap() {
			label := item.Get("name").Str()
			c.entries(item, p.Index(i), strings.TrimPrefix(name+"."+label, "."), false)
		}
	}
}

// Kubeconfig is the row of kubectl's files.
func Kubeconfig() artifact.Format {
	return artifact.Format{ID: "kubeconfig", Title: "kubeconfig files",
		Doc:   "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
		Match: matchKubeconfig, Parse: parseKubeconfig}
}

func matchKubeconfig(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	if !strings.Contains(base, "kubeconfig") && !strings.HasSuffix(a.Path, ".kube/config") && !strings.HasSuffix(base, ".conf") && !strings.HasSuffix(base, ".yaml") && !strings.HasSuffix(base, ".yml") {
		return false
	}
	return a.Has("current-context") && a.Has("users:")
}

func parseKubeconfig(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f)
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		for i, u := range d.Root.Get("users").List() {
			p := tree.Path("users").Index(i).Key("user")
			for _, e := range u.Get("user").Entries() {
				at := artifact.AtPair(e, p.Key(e.Key))
				switch e.Key {
				case "token", "password", "client-key-data":
					c.entry(u.Get("name").Str()+"."+e.Key, e.Key, e.Value.Str(), true, at)
				case "exec":
					c.runs(e.Value.Get("command").Str(), at)
					for _, v := range e.Value.Get("env").List() {
						c.entry(u.Get("name").Str()+"."+v.Get("name").Str(), v.Get("name").Str(), v.Get("value").Str(), false, artifact.At(v, p))
					}
				}
			}
		}
	}
	return nil
}

// Docker is the row of docker's settings: logins by host, and who is asked for them.
func Docker() artifact.Format {
	return artifact.Format{ID: "docker-config", Title: "Docker client configuration",
		Doc: "https://docs.docker.com/reference/cli/docker/login/",
		Match: func(a *artifact.Artifact) bool {
			base := a.Base()
			return base == ".dockerconfigjson" || base == ".dockercfg" || (base == "config.json" || strings.HasPrefix(base, "docker-config")) && a.Has(`"auths"`)
		},
		Parse: parseDocker}
}

func parseDocker(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f)
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		auths, at := d.Root.Get("auths"), tree.Path("auths")
		if auths == nil {
			auths, at = d.Root, ""
		}
		for _, host := range auths.Entries() {
			for _, e := range host.Value.Entries() {
				switch e.Key {
				case "auth", "password", "identitytoken", "registrytoken":
					c.entry(host.Key+"."+e.Key, e.Key, e.Value.Str(), true, artifact.AtPair(e, at.Key(host.Key).Key(e.Key)))
				}
			}
		}
	}
	return nil
}
