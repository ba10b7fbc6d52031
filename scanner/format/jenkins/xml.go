package jenkins

import (
	"bytes"
	"encoding/xml"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// XML is the row of a controller's own files: credentials.xml and the config.xml of its jobs.
func XML() artifact.Format {
	return artifact.Format{
		ID: "jenkins-xml", Title: "Jenkins controller's files", Doc: "https://www.jenkins.io/doc/book/system-administration/backing-up/",
		Match: matchXML, Parse: parseXML,
	}
}

func matchXML(a *artifact.Artifact) bool {
	base := a.Base()
	if path.Ext(base) != ".xml" {
		return false
	}
	if base == "credentials.xml" {
		return a.Has("plugins.credentials")
	}
	return (base == "config.xml" || a.Has("credentialsId")) && (a.Has("<project>") || a.Has("<flow-definition") || a.Has("<maven2-moduleset") ||
		a.Has("<com.cloudbees.hudson.plugins.folder") || a.Has("WorkflowMultiBranchProject"))
}

// element is an open element: what its children said so far.
type element struct {
	name   string
	at     artifact.Place
	text   string
	fields []field
}

type field struct {
	name, value string
	at          artifact.Place
}

type xmlFile struct {
	*artifact.Facts
	owner string
	job   string // id of the automation, "" in credentials.xml
	open  []element
}

func parseXML(a *artifact.Artifact, f *artifact.Facts) error {
	x := &xmlFile{Facts: f, owner: ownerOf(a.Source)}
	if a.Base() != "credentials.xml" {
		name := path.Base(a.Dir())
		if a.Base() != "config.xml" || name == "." || name == "" {
			name = strings.TrimSuffix(a.Base(), ".xml")
		}
		x.job = f.AutomationID(inventory.FileID(ID, a.Source, a.Path), name, artifact.Place{Line: 1})
	}
	// The files say version 1.1, which the decoder refuses; what they hold is read alike.
	text := bytes.Replace(a.Content, []byte("<?xml version='1.1'"), []byte("<?xml version='1.0'"), 1)
	text = bytes.Replace(text, []byte(`<?xml version="1.1"`), []byte(`<?xml version="1.0"`), 1)
	return export.XMLTokens(text, func(t xml.Token, at artifact.Place) {
		switch t := t.(type) {
		case xml.StartElement:
			x.open = append(x.open, element{name: t.Name.Local, at: at})
		case xml.CharData:
			if n := len(x.open); n > 0 && len(x.open[n-1].text) < maxText {
				x.open[n-1].text += string(t)
			}
		case xml.EndElement:
			x.close()
		}
	})
}

// maxText bounds the text of one element.
const maxText = 64 << 10

// close takes in an element that ended.
func (x *xmlFile) close() {
	n := len(x.open) - 1
	if n < 0 {
		return
	}
	e := x.open[n]
	x.open = x.open[:n]
	text := strings.TrimSpace(e.text)
	if n > 0 && text != "" {
		x.open[n-1].fields = append(x.open[n-1].fields, field{e.name, text, e.at})
	}
	switch {
	case x.job == "":
		x.definition(e)
	case e.name == "credentialsId" && text != "":
		x.use(e, text)
	case e.name == "spec" && text != "":
		x.schedule(text, e.at)
	case e.name == "description" && n == 1 && text != "" && len(text) < 300:
		x.Attr(x.job, inventory.AttrPurpose, text, "", e.at)
	case e.name == "disabled" && n == 1:
		active := "true"
		if text == "true" {
			active = "false"
		}
		x.Attr(x.job, inventory.AttrActive, active, "", e.at)
	}
	if x.job != "" {
		x.bound(e)
	}
}

var scheduleLine = lazy.New(`^[H@*\d]`)

func (x *xmlFile) schedule(text string, at artifact.Place) {
	zone := ""
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if tz, ok := strings.CutPrefix(line, "TZ="); ok {
			zone = tz
		} else if scheduleLine.MatchString(line) {
			x.Attr(x.job, inventory.AttrSchedule, line, zone, at)
		}
	}
}

// use says that the job uses a credential.
func (x *xmlFile) use(e element, id string) {
	if slot := x.slot(id, e.at); slot != "" {
		x.Edge(inventory.Reads, x.job, slot, "jenkins-xml", inventory.Certain, e.at)
	}
}

func (x *xmlFile) slot(id string, at artifact.Place) string {
	if len(id) > 200 || strings.ContainsAny(id, "\n ${}") {
		return ""
	}
	at.Pointer = "credentials." + id
	return x.Slot(inventory.SlotRef{Store: "jenkins", Scope: x.owner, Name: id}, at)
}

// bound reads a binding of the build: credentialsId and the variables that it fills.
func (x *xmlFile) bound(e element) {
	id := ""
	for _, f := range e.fields {
		if f.name == "credentialsId" {
			id = f.value
		}
	}
	if id == "" {
		return
	}
	for _, f := range e.fields {
		if f.name != "credentialsId" && (f.name == "variable" || strings.HasSuffix(f.name, "Variable")) && !strings.ContainsAny(f.value, " ${}\n/") {
			b := x.Binding(x.job, f.value, "env", f.at)
			x.Edge(inventory.Reads, x.job, b, "jenkins-xml", inventory.Certain, f.at)
			x.Edge(inventory.BoundFrom, b, x.slot(id, e.at), "jenkins-xml", inventory.Certain, f.at)
		}
	}
}

// definition reads one credential of credentials.xml. What the controller has encrypted is said, and is no literal: it is
// of use only together with the controller's own key.
func (x *xmlFile) definition(e element) {
	get := map[string]field{}
	for _, f := range e.fields {
		get[f.name] = f
	}
	id, ok := get["id"]
	if !ok || !strings.Contains(e.name, "Credentials") && !strings.Contains(e.name, "PrivateKey") && !strings.Contains(e.name, "Impl") {
		return
	}
	slot := x.slot(id.value, id.at)
	if slot == "" {
		return
	}
	x.Defined(slot, inventory.DefinedInScan, id.at)
	x.Attr(slot, inventory.AttrType, e.name[strings.LastIndexByte(e.name, '.')+1:], "", e.at)
	if d := get["description"].value; d != "" && len(d) < 300 {
		x.Attr(slot, inventory.AttrPurpose, d, "", get["description"].at)
	}
	for _, name := range []string{"secret", "password", "passphrase", "apiToken", "secretKey", "secretBytes", "privateKey"} {
		f, ok := get[name]
		switch {
		case !ok:
		case encrypted(f.value):
			x.Attr(slot, inventory.AttrType, "jenkins-encrypted", name, f.at)
		default:
			x.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(f.value), Place: f.at, Sure: true})
		}
	}
}
