package jenkins

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/settings"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// CascID is the id of the row of the controller's configuration, and the language of its code nodes: graph/resolve joins
// its variables with what the controller's container binds.
const CascID = "jenkins-casc"

// Casc is the row of Jenkins Configuration as Code: files of a controller, and the same text in a Helm chart's values or in
// a ConfigMap.
func Casc() artifact.Format {
	return artifact.Format{
		ID: CascID, Title: "Jenkins Configuration as Code", Doc: "https://plugins.jenkins.io/configuration-as-code/",
		Match: matchCasc, Parse: parseCasc,
	}
}

func matchCasc(a *artifact.Artifact) bool {
	if !a.MayBeYAML() {
		return false
	}
	return a.Has("domainCredentials") && a.HasKey("domainCredentials") || a.Has("configScripts") && a.HasKey("JCasC") ||
		a.Has("securityRealm") && a.HasKey("jenkins", "unclassified") && a.HasKey("securityRealm")
}

// cascFile is one file that configures a controller.
type cascFile struct {
	*settings.File
	owner string // scope of credentials, as in Jenkinsfiles
}

func parseCasc(a *artifact.Artifact, f *artifact.Facts) error {
	c := &cascFile{File: settings.New(f, CascID), owner: ownerOf(a.Source)}
	var err error
	for _, d := range a.Documents() {
		if d.Err != nil {
			err = d.Err
			continue
		}
		c.document(d.Root, "")
	}
	return err
}

// ownerOf is the owner of a source's repository, else the source.
func ownerOf(source string) string {
	repo := inventory.RepoScope(source)
	if i := strings.LastIndexByte(repo, '/'); i > 0 {
		return repo[:i]
	}
	return repo
}

// document reads a configuration, or looks for one in the texts of a chart's values or of a ConfigMap.
func (c *cascFile) document(root *tree.Node, at tree.Path) {
	if root.Get("jenkins") != nil || root.Get("credentials") != nil || root.Get("unclassified") != nil {
		c.configuration(root, at)
		return
	}
	root.Walk(at, func(p tree.Path, n *tree.Node) bool {
		c.existingSecrets(n, p)
		if n.Kind == tree.Scalar && n.Block && strings.Contains(n.Value, ":\n") {
			for _, d := range tree.YAML([]byte(n.Value)) {
				if d.Err == nil && (d.Root.Get("jenkins") != nil || d.Root.Get("credentials") != nil || d.Root.Get("unclassified") != nil) {
					shift(d.Root, n.Line)
					c.configuration(d.Root, p)
				}
			}
		}
		return true
	})
}

// shift moves the nodes of a text to where it stands in the file.
func shift(n *tree.Node, lines int) {
	if n == nil {
		return
	}
	n.Line += lines
	for i := range n.Pairs {
		n.Pairs[i].Line += lines
		shift(n.Pairs[i].Value, lines)
	}
	for _, item := range n.Items {
		shift(item, lines)
	}
}

// existingSecrets reads the chart's additionalExistingSecrets: key of a Secret -> variable ${<name>-<key>}.
func (c *cascFile) existingSecrets(n *tree.Node, at tree.Path) {
	for i, s := range n.Get("additionalExistingSecrets").List() {
		name, key := s.Get("name").Str(), s.Get("keyName").Str()
		if name == "" || key == "" || strings.Contains(name+key, "{{") {
			continue
		}
		place := artifact.At(s, at.Key("additionalExistingSecrets").Index(i))
		slot := c.Slot(inventory.SlotRef{Store: "k8s", Scope: c.Artifact.Source + "/*", Name: name, Key: key}, place)
		b := c.Variable(name+"-"+key, place)
		c.Edge(inventory.BoundFrom, b, slot, "jenkins-casc", inventory.High, place)
	}
}

// configuration reads one configuration: its credentials, and every text in it that names a variable.
func (c *cascFile) configuration(root *tree.Node, at tree.Path) {
	for _, d := range root.Get("credentials", "system", "domainCredentials").List() {
		for _, item := range d.Get("credentials").List() {
			for _, kind := range item.Entries() {
				c.credential(kind)
			}
		}
	}
	for _, l := range settings.Flatten(root, ".", settings.Bracketed) {
		if strings.HasPrefix(l.Key, "credentials.system.domainCredentials") {
			continue // each is a slot of its own
		}
		c.leaf(l.Key, l.Value, l.At)
	}
}

func (c *cascFile) leaf(key string, n *tree.Node, at artifact.Place) {
	value := n.Str()
	e := settings.Entry{Key: key, Value: value, At: at, Literal: value}
	switch {
	case encrypted(value):
		e.Literal = ""
	case !n.IsString() || n.Tag == "!!bool":
		e.Literal = ""
	case strings.Contains(value, "${"):
		for _, name := range cascNames(value) {
			e.Refs = append(e.Refs, settings.Placeholder{Name: name})
		}
		e.Literal = ""
	}
	if len(e.Refs) > 0 || e.Literal != "" && detect.ClassifyName(key).Class == inventory.ClassCredential {
		c.Add(e)
	}
}

// credential adds the slot of a credential that the file defines, and what its fields hold.
func (c *cascFile) credential(kind tree.Pair) {
	id := kind.Value.Get("id")
	if id.Str() == "" || strings.ContainsAny(id.Str(), "${ ") || len(id.Str()) > 200 {
		return
	}
	at := artifact.At(id, tree.Path("credentials."+id.Str()))
	slot := c.Slot(inventory.SlotRef{Store: "jenkins", Scope: c.owner, Name: id.Str()}, at)
	c.Defined(slot, inventory.DefinedInScan, at)
	c.Attr(slot, inventory.AttrType, kind.Key, "", at)
	if d := kind.Value.Get("description").Str(); d != "" && len(d) < 300 && !strings.Contains(d, "${") {
		c.Attr(slot, inventory.AttrPurpose, d, "", at)
	}
	for _, l := range settings.Flatten(kind.Value, ".", settings.Bracketed) {
		c.field(slot, l)
	}
}

// plainFields say nothing of the secret.
var plainFields = map[string]bool{"id": true, "description": true, "scope": true, "username": true, "fileName": true, "usernameSecret": true}

func (c *cascFile) field(slot string, l settings.Leaf) {
	value := l.Value.Str()
	if value == "" || !l.Value.IsString() {
		return
	}
	if plainFields[l.Key] {
		for _, name := range cascNames(value) {
			c.Variable(name, l.At)
		}
		return
	}
	if encrypted(value) {
		c.Attr(slot, inventory.AttrType, "jenkins-encrypted", l.Key, l.At)
		return
	}
	for _, r := range detect.StoreReferences(value) {
		c.Edge(inventory.CopiesFrom, slot, c.Slot(r.Slot, l.At), r.Via, inventory.Certain, l.At)
	}
	for _, name := range cascNames(value) {
		b := c.Variable(name, l.At)
		c.Edge(inventory.CopiesFrom, slot, b, "jenkins-casc", inventory.Certain, l.At)
	}
	if !strings.Contains(value, "${") {
		c.Literal(slot, l.Key, value, l.At)
	}
}

var (
	cascVariable = lazy.New(`\^?\$\{((?:[A-Za-z]\w*:)*)([^${}:]+)(?::-?[^{}]*)?\}`)
	jenkinsBlob  = lazy.New(`^\{[A-Za-z0-9+/=]{20,}\}$`)
)

// encrypted reports whether a value is a secret that the controller encrypted with its own key.
func encrypted(value string) bool { return jenkinsBlob.MatchString(strings.TrimSpace(value)) }

// cascNames lists the variables of a text: ${NAME}, ${NAME:-default}, ${base64:${NAME}}, ${readFile:/run/secrets/name}.
// A file of secrets is a variable of its name.
func cascNames(value string) []string {
	var out []string
	for _, m := range cascVariable.FindAllStringSubmatch(value, 20) {
		name := strings.TrimSpace(m[2])
		if strings.HasPrefix(m[0], "^") {
			continue
		}
		if i := strings.LastIndexByte(name, '/'); i >= 0 && strings.Contains(strings.ToLower(m[1]), "file") {
			name = name[i+1:]
		}
		if name != "" && len(name) < 200 && !strings.ContainsAny(name, " /\n") {
			out = append(out, name)
		}
	}
	return out
}
