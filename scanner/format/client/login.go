package client

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Logins is the row of files with logins by host that many programs share.
func Logins() artifact.Format {
	return artifact.Format{ID: "login-file", Title: "Login files: .netrc, .pgpass, .git-credentials, .my.cnf",
		Doc:   "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
		Match: func(a *artifact.Artifact) bool { return loginFiles[a.Base()] != nil }, Parse: parseLogins}
}

var loginFiles = map[string]func(*file){
	".netrc": (*file).netrc, "_netrc": (*file).netrc, ".pgpass": (*file).pgpass, "pgpass.conf": (*file).pgpass,
	".git-credentials": (*file).urls, ".my.cnf": func(c *file) { c.assignments(lines(c.Artifact, "=")) },
	".mylogin.cnf": func(c *file) { c.assignments(lines(c.Artifact, "=")) }, ".pg_service.conf": func(c *file) { c.assignments(lines(c.Artifact, "=")) },
}

func parseLogins(a *artifact.Artifact, f *artifact.Facts) error {
	loginFiles[a.Base()](open(f))
	return nil
}

// netrc reads machine HOST login NAME password SECRET, on one line or several.
func (c *file) netrc() {
	host, word := "default", ""
	for i, text := range strings.Split(string(c.Artifact.Content), "\n") {
		for _, w := range strings.Fields(text) {
			if strings.HasPrefix(w, "#") && word == "" {
				break
			}
			switch word {
			case "machine":
				host = w
			case "password", "account":
				c.entry(host+"."+word, word, w, true, artifact.Place{Line: i + 1, Column: 1, Pointer: host})
			}
			if word != "" {
				word = ""
				continue
			}
			switch w {
			case "machine", "login", "password", "account":
				word = w
			case "default":
				host = w
			}
		}
	}
}

// pgpass reads host:port:database:user:password.
func (c *file) pgpass() {
	for i, text := range strings.Split(string(c.Artifact.Content), "\n") {
		words := strings.SplitN(strings.TrimSpace(text), ":", 5)
		if len(words) == 5 && !strings.HasPrefix(text, "#") {
			key := strings.Join(words[:4], ":")
			c.entry(key, "password", words[4], true, artifact.Place{Line: i + 1, Column: 1, Pointer: key})
		}
	}
}

// urls reads one URL with its login on each line.
func (c *file) urls() {
	for i, text := range strings.Split(string(c.Artifact.Content), "\n") {
		if text = strings.TrimSpace(text); hasLogin(text) {
			host := text[strings.LastIndexByte(text, '@')+1:]
			c.entry(host, "password", text, true, artifact.Place{Line: i + 1, Column: 1, Pointer: host})
		}
	}
}

var (
	nugetSource = lazy.New(`^\s*<([A-Za-z_][\w.-]*)>\s*$`)
	nugetValue  = lazy.New(`<add\s+key="([^"]+)"\s+value="([^"]*)"`)
)

// nuget reads packageSourceCredentials and apikeys.
func (c *file) nuget() error {
	source := ""
	for i, text := range bytes.Split(c.Artifact.Content, []byte("\n")) {
		if m := nugetSource.FindSubmatch(text); m != nil {
			source = string(m[1])
		}
		m := nugetValue.FindSubmatch(text)
		if m == nil {
			continue
		}
		key, value := string(m[1]), string(m[2])
		at := artifact.Place{Line: i + 1, Column: 1, Pointer: source + "." + key}
		switch {
		case credentialKey.MatchString(key), source == "apikeys":
			c.entry(source+"."+key, key, value, true, at)
		case variables.MatchString(value), hasLogin(value):
			c.entry(source+"."+key, key, value, false, at)
		}
	}
	return nil
}
