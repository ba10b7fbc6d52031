// Package buildtool reads the settings of build tools of the JVM: Maven's settings.xml and pom.xml, and gradle.properties.
package buildtool

import (
	"encoding/xml"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/format/settings"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Maven is the row of Maven's files.
func Maven() artifact.Format {
	return artifact.Format{
		ID: "maven", Title: "Maven settings", Doc: "https://maven.apache.org/settings.html",
		Match: matchMaven, Parse: parseMaven,
	}
}

// matchMaven takes settings files with servers, and projects that read the environment.
func matchMaven(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	if !strings.HasSuffix(base, ".xml") {
		return false
	}
	return strings.Contains(base, "settings") && a.Has("<server>") || base == "pom.xml" && a.Has("${env.")
}

var (
	mavenEnv  = lazy.New(`\$\{env\.([A-Za-z_]\w*)\}`)
	mavenBlob = lazy.New(`^\{[A-Za-z0-9+/=]{16,}\}$`)
)

func parseMaven(a *artifact.Artifact, f *artifact.Facts) error {
	m := mavenFile{File: settings.New(f, "maven")}
	return export.XMLTokens(a.Content, func(t xml.Token, at artifact.Place) {
		switch t := t.(type) {
		case xml.StartElement:
			m.open = append(m.open, t.Name.Local)
			m.texts = append(m.texts, mavenText{})
		case xml.CharData:
			if n := len(m.open); n > 0 && strings.TrimSpace(string(t)) != "" {
				m.texts[n-1] = mavenText{strings.TrimSpace(string(t)), at}
			}
		case xml.EndElement:
			m.close()
		}
	})
}

type mavenText struct {
	value string
	at    artifact.Place
}

type mavenFile struct {
	*settings.File
	open   []string
	texts  []mavenText
	server string      // id of the open server
	fields []mavenText // of it
	names  []string
}

func (m *mavenFile) close() {
	n := len(m.open) - 1
	if n < 0 {
		return
	}
	name, text, parent := m.open[n], m.texts[n], ""
	m.open, m.texts = m.open[:n], m.texts[:n]
	if n > 0 {
		parent = m.open[n-1]
	}
	switch {
	case name == "server":
		m.endServer()
	case parent == "server" && name == "id":
		m.server = text.value
	case parent == "server" && text.value != "":
		m.fields, m.names = append(m.fields, text), append(m.names, name)
	case text.value != "" && mavenEnv.MatchString(text.value):
		m.add(strings.Join(append(m.open[min(1, len(m.open)):len(m.open):len(m.open)], name), "."), text)
	}
}

func (m *mavenFile) endServer() {
	for i, f := range m.fields {
		m.add("servers."+m.server+"."+m.names[i], f)
	}
	m.server, m.fields, m.names = "", nil, nil
}

// add adds an entry. A password that Maven encrypted is no literal.
func (m *mavenFile) add(key string, text mavenText) {
	e := settings.Entry{Key: key, Value: text.value, At: text.at, Literal: text.value}
	e.At.Pointer = key
	for _, r := range mavenEnv.FindAllStringSubmatch(text.value, 20) {
		e.Refs = append(e.Refs, settings.Placeholder{Name: r[1]})
	}
	if len(e.Refs) > 0 || mavenBlob.MatchString(text.value) || strings.Contains(text.value, "${") {
		e.Literal = ""
	}
	m.Add(e)
	if mavenBlob.MatchString(text.value) {
		m.Attr(m.Node()+"#"+key, inventory.AttrType, "maven-encrypted", "", e.At)
	}
}

// GradleLanguage is the language of the code nodes of gradle.properties: graph/resolve joins its keys with the properties
// that build scripts read.
const GradleLanguage = "gradle-settings"

// Gradle is the row of gradle.properties.
func Gradle() artifact.Format {
	return artifact.Format{
		ID: "gradle-properties", Title: "gradle.properties", Doc: "https://docs.gradle.org/current/userguide/build_environment.html",
		Match: func(a *artifact.Artifact) bool { return a.Base() == "gradle.properties" },
		Parse: func(a *artifact.Artifact, f *artifact.Facts) error {
			s := settings.New(f, GradleLanguage)
			for _, p := range settings.Properties(string(a.Content)) {
				s.Add(settings.Entry{Key: strings.TrimPrefix(p.Key, "systemProp."), Value: p.Value, At: p.At, Literal: p.Value})
			}
			return nil
		},
	}
}
