package appconfig

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// SymfonyYAML is the row of Symfony's YAML: variables of the environment, parameters, and what services are handed.
func SymfonyYAML() artifact.Format {
	return artifact.Format{ID: "symfony-config", Title: "Symfony configuration",
		Doc: "https://symfony.com/doc/current/configuration.html",
		Match: func(a *artifact.Artifact) bool {
			return inConfig(a.Path, ".yml", ".yaml") && (holds(a, "%env(") || stem(a.Path) == "services" && holds(a, "parameters:"))
		},
		Parse: parseSymfony}
}

var (
	symfonyEnv   = lazy.New(`%env\((?:[\w.-]*:)*([A-Za-z_]\w*)\)%`)
	symfonyParam = lazy.New(`%([A-Za-z_][\w.-]*)%`)
	className    = lazy.New(`^App\\([A-Z][\w\\]*)$`)
)

func parseSymfony(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f, "symfony-env")
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		d.Root.Walk("", func(p tree.Path, n *tree.Node) bool {
			if n.Kind == tree.Scalar {
				for _, m := range symfonyEnv.FindAllStringSubmatch(unescaped(n), 20) {
					c.reads(m[1], inventory.Certain, artifact.At(n, p))
				}
			}
			return true
		})
		c.symfony(d.Root, "")
		for _, e := range d.Root.Entries() {
			if strings.HasPrefix(e.Key, "when@") {
				c.symfony(e.Value, tree.Path("").Key(e.Key))
			}
		}
	}
	return nil
}

// symfony reads the parameters and services of a file, or of its part for one environment.
func (c *file) symfony(root *tree.Node, p tree.Path) {
	for _, e := range root.Get("parameters").Entries() {
		at := artifact.AtPair(e, p.Key("parameters").Key(e.Key))
		e.Value.Walk(p, func(_ tree.Path, n *tree.Node) bool {
			for _, from := range c.valuesOf(c.id, n, at) {
				c.defines("symfony", e.Key, from, at)
			}
			return true
		})
	}
	for _, e := range root.Get("services").Entries() {
		c.binds(e.Value.Get("bind"), p.Key("services").Key(e.Key).Key("bind"))
		class := e.Key
		if named := e.Value.Get("class").Str(); named != "" {
			class = named
		}
		m := className.FindStringSubmatch(class)
		if m == nil {
			continue
		}
		reader := inventory.FileID("code", c.Artifact.Source,
			path.Join(appRoot(c.Artifact.Path), "src", strings.ReplaceAll(m[1], `\`, "/")+".php"))
		at := p.Key("services").Key(e.Key)
		for _, part := range []string{"arguments", "bind", "calls", "properties"} {
			e.Value.Get(part).Walk(at.Key(part), func(p tree.Path, n *tree.Node) bool {
				c.handed(reader, n, artifact.At(n, p))
				return true
			})
		}
	}
}

// binds reads what a file of services binds to the names of arguments, for every class that it configures.
func (c *file) binds(n *tree.Node, p tree.Path) {
	for _, e := range n.Entries() {
		words := strings.Fields(e.Key) // string $apiKey
		if len(words) == 0 || !strings.HasPrefix(words[len(words)-1], "$") {
			continue
		}
		at := artifact.AtPair(e, p.Key(e.Key))
		for _, from := range c.valuesOf(c.id, e.Value, at) {
			c.defines("symfony", code.BoundName+words[len(words)-1][1:], from, at)
		}
	}
}

// unescaped returns the text of a scalar without the percent signs that stand for themselves.
func unescaped(n *tree.Node) string { return strings.ReplaceAll(n.Str(), "%%", "") }

// valuesOf returns the bindings of the reader that a scalar takes in: variables and parameters.
func (c *file) valuesOf(reader string, n *tree.Node, at artifact.Place) []string {
	if n == nil || n.Kind != tree.Scalar || !strings.Contains(n.Str(), "%") {
		return nil
	}
	var out []string
	for _, m := range symfonyEnv.FindAllStringSubmatch(unescaped(n), 20) {
		out = append(out, inventory.BindingID(c.id, m[1]))
	}
	for _, m := range symfonyParam.FindAllStringSubmatch(symfonyEnv.ReplaceAllString(unescaped(n), ""), 20) {
		out = append(out, c.asks(reader, "symfony", m[1], at))
	}
	return out
}

// handed lets the class of a service read what its definition hands to it.
func (c *file) handed(reader string, n *tree.Node, at artifact.Place) {
	for _, b := range c.valuesOf(reader, n, at) {
		if strings.HasPrefix(b, c.id+"/") {
			c.Edge(inventory.Reads, reader, b, "symfony-argument", inventory.High, at)
		}
	}
}

// SymfonyVault is the row of Symfony's vault: one file for each secret, whose name says which.
func SymfonyVault() artifact.Format {
	return artifact.Format{ID: "symfony-vault", Title: "Symfony secrets vault",
		Doc: "https://symfony.com/doc/current/configuration/secrets.html",
		Match: func(a *artifact.Artifact) bool {
			return strings.Contains("/"+a.Path, "/config/secrets/") && vaultFile.MatchString(a.Base())
		},
		Parse: parseVault}
}

var vaultFile = lazy.New(`^([\w-]+)\.(?:([A-Za-z_]\w*)\.[0-9a-f]{6}|decrypt\.private)\.php$`)

func parseVault(a *artifact.Artifact, f *artifact.Facts) error {
	m := vaultFile.FindStringSubmatch(a.Base())
	ref := inventory.SlotRef{Store: "symfony-vault", Scope: a.Source, Name: a.Dir(), Key: m[2]}
	at := artifact.Place{Line: 1, Column: 1}
	if ref.Key == "" {
		ref.Key = "decryption-key"
	}
	slot := f.Slot(ref, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Attr(slot, inventory.AttrEnvironment, m[1], "", at)
	if ref.Key != m[2] {
		f.Attr(slot, inventory.AttrClass, string(inventory.ClassCredential), "it decrypts the vault", at)
	}
	return nil
}
