// Package client reads the files in which client programs keep their credentials: package managers, cloud command lines,
// docker, kubectl, and the login files that many programs share. A value that is a variable of the environment is a read;
// any other is a literal in a slot of the file.
package client

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// file is one such file, as a program that reads the environment.
type file struct {
	*artifact.Facts
	id string
}

func open(f *artifact.Facts) *file {
	a := f.Artifact
	c := &file{Facts: f}
	c.id = f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Path, artifact.Place{})
	f.Attr(c.id, inventory.AttrPlatform, f.Platform, "", artifact.Place{})
	return c
}

// variables are the ways in which such files name a variable: ${X}, ${X-default}, $X, %X%, {{ env "X" }}.
var variables = lazy.New(`\$\{([A-Za-z_]\w*)(?:[:?-][^}]*)?\}|\$([A-Z_][A-Z0-9_]*)\b|%([A-Z_][A-Z0-9_]*)%`)

// entry adds one value. Key says what it belongs to, host and name for instance; name what it is. Sure is set for what the
// format knows to be a credential.
func (c *file) entry(key, name, value string, sure bool, at artifact.Place) {
	value = strings.Trim(strings.TrimSpace(value), `"'`)
	if value == "" {
		return
	}
	rest := value
	for _, m := range variables.FindAllStringSubmatch(value, 20) {
		rest = strings.Replace(rest, m[0], "", 1)
		b := c.Binding(c.id, m[1]+m[2]+m[3], "env", at)
		c.Edge(inventory.Reads, c.id, b, "client-file", inventory.Certain, at)
		c.Refs++
	}
	if rest != value && !strings.ContainsAny(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") {
		return
	}
	slot := c.slot(key, at)
	c.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(value), Place: at, Sure: sure && rest == value})
}

// slot adds the place in the file that holds a credential.
func (c *file) slot(key string, at artifact.Place) string {
	a := c.Artifact
	slot := c.Slot(inventory.SlotRef{Store: "client", Scope: a.Source, Name: a.Path, Key: key}, at)
	c.Defined(slot, inventory.DefinedInScan, at)
	c.Edge(inventory.Reads, c.id, slot, "client-file", inventory.Certain, at)
	return slot
}

// runs reads the command that a file names to fetch a credential.
func (c *file) runs(command string, at artifact.Place) {
	for _, word := range strings.Fields(command) {
		if strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") {
			if p := path.Join(c.Artifact.Dir(), word); !strings.HasPrefix(p, "..") {
				c.Runs(c.id, p, "client-command", inventory.Medium, at)
			}
		}
	}
}

// credentialKey is what the names of values end in that a client's file keeps as a credential.
var credentialKey = lazy.New(`(?i)(?:^|[._:-]|:_)_?(?:authtoken|auth_token|auth-token|npmauthtoken|npmauthident|password|passwd|pass|token|access_token|accesstoken|access[_-]token|secret_key|secret_access_key|secret[_-]?access[_-]?key|session_token|client_secret|client[_-]secret|_auth|auth|api_key|apikey|api[_-]key|cleartextpassword|private_key|refresh_token|service_account_credentials|sas_url|key_pem)$`)

// line is one assignment of a file of lines: the section it stands in, its key and its value.
type line struct {
	section, key, value string
	at                  artifact.Place
}

// lines reads files of lines: [section], key = value, key: value where the colon form is asked for.
func lines(a *artifact.Artifact, mark string) []line {
	var out []line
	section := ""
	for i, text := range strings.Split(string(a.Content), "\n") {
		text = strings.TrimSpace(text)
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case text[0] == '[' && strings.HasSuffix(text, "]"):
			section = strings.Trim(text, `[]"' `)
		default:
			key, value, ok := strings.Cut(text, mark)
			if !ok {
				continue
			}
			key = strings.Trim(strings.TrimSpace(key), `"'`)
			out = append(out, line{section, key, strings.TrimSpace(value), artifact.Place{Line: i + 1, Column: 1, Pointer: key}})
		}
	}
	return out
}

// assignments reads the values of a file of lines that are credentials, or that name a variable.
func (c *file) assignments(all []line) {
	for _, l := range all {
		key := strings.TrimPrefix(l.section+"."+l.key, ".")
		switch {
		case l.key == "credential_process" || l.key == "auth_command":
			c.runs(l.value, l.at)
		case credentialKey.MatchString(l.key):
			c.entry(key, l.key, l.value, true, l.at)
		case variables.MatchString(l.value), hasLogin(l.value):
			c.entry(key, l.key, l.value, false, l.at)
		}
	}
}

var login = lazy.New(`://[^\s/@:]*:[^\s/@]+@`)

// hasLogin reports whether a value is a URL with a password.
func hasLogin(value string) bool { return login.MatchString(value) }
