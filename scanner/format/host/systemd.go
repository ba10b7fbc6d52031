package host

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Systemd is the row of units: services, timers, sockets, and what is dropped in beside them.
func Systemd() artifact.Format {
	return artifact.Format{ID: "systemd", Title: "systemd units",
		Doc:   "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html",
		Match: matchUnit, Parse: parseUnit, Siblings: siblings}
}

// templates are what templates of units have behind their names.
var templates = []string{".j2", ".erb", ".tpl", ".tmpl", ".in", ".template", ".example"}

// unitName is the name of the unit that a file is of, with its type; "" when it is none.
func unitName(p string) (name, kind string) {
	base := path.Base(p)
	for _, t := range templates {
		base = strings.TrimSuffix(base, t)
	}
	if dir := path.Base(path.Dir(p)); strings.HasSuffix(base, ".conf") && strings.HasSuffix(dir, ".service.d") {
		return strings.TrimSuffix(dir, ".service.d"), "service"
	}
	for _, kind := range []string{"service", "timer", "container"} {
		if name, ok := strings.CutSuffix(base, "."+kind); ok && name != "" {
			return name, kind
		}
	}
	return "", ""
}

func matchUnit(a *artifact.Artifact) bool {
	name, kind := unitName(a.Path)
	return name != "" && bytes.Contains(a.Content, []byte(map[string]string{"service": "[Service]", "timer": "[Timer]", "container": "[Container]"}[kind]))
}

// setting is one line of a unit.
type setting struct {
	section, key, value string
	at                  artifact.Place
}

// settings reads the lines of a unit; a backslash at the end of one takes the next in.
func settings(a *artifact.Artifact) []setting {
	var out []setting
	section, open := "", false
	for i, line := range strings.Split(string(a.Content), "\n") {
		line = strings.TrimRight(line, " \t\r")
		more := strings.HasSuffix(line, `\`)
		text := strings.TrimSuffix(line, `\`)
		trimmed := strings.TrimSpace(text)
		switch {
		case open:
			out[len(out)-1].value += " " + trimmed
		case trimmed == "", trimmed[0] == '#', trimmed[0] == ';':
			continue
		case trimmed[0] == '[':
			section = strings.Trim(trimmed, "[]")
			continue
		default:
			key, value, ok := strings.Cut(trimmed, "=")
			if !ok {
				continue
			}
			key = strings.TrimSpace(key)
			out = append(out, setting{section, key, strings.TrimSpace(value), artifact.Place{Line: i + 1, Column: 1, Pointer: section + "." + key}})
		}
		open = more && len(out) > 0
	}
	return out
}

// serviceID is the automation of a service, whichever of its files says something of it.
func serviceID(a *artifact.Artifact, dir, name string) string {
	return inventory.FileID("systemd", a.Source, path.Join(dir, name+".service"))
}

func parseUnit(a *artifact.Artifact, f *artifact.Facts) error {
	name, kind := unitName(a.Path)
	dir := a.Dir()
	if strings.HasSuffix(dir, ".service.d") {
		dir = path.Dir(dir)
	}
	all := settings(a)
	if kind == "timer" {
		timer(f, all, dir, name)
		return nil
	}
	first := artifact.Place{Line: 1, Column: 1}
	u := &unit{Facts: f, rule: "systemd"}
	u.automation = f.AutomationID(serviceID(a, dir, name), name, first)
	u.part = f.Part(u.automation, "service", name, "service", first)
	f.Attr(u.part, inventory.AttrNeeds, "restart", "env", first)
	for _, s := range all {
		if s.key == "WorkingDirectory" {
			u.dir = strings.TrimPrefix(s.value, "-")
		}
	}
	for _, s := range all {
		u.service(s, name)
	}
	return nil
}

// service reads one line of a service.
func (u *unit) service(s setting, name string) {
	switch s.key {
	case "Environment":
		for _, word := range quotedWords(s.value) {
			if key, value, ok := strings.Cut(word, "="); ok {
				at := s.at
				at.Pointer += "." + key
				if !u.handedOver(key, value, name, at) {
					u.variable(key, value, at)
				}
			}
		}
	case "EnvironmentFile":
		u.environmentFile(strings.TrimPrefix(s.value, "-"), s.at)
	case "PassEnvironment":
		for _, word := range strings.Fields(s.value) {
			container.Env(u.Facts, u.part, word, u.rule, s.at)
		}
	case "LoadCredential", "LoadCredentialEncrypted", "SetCredential", "SetCredentialEncrypted":
		u.credential(s, name)
	case "ImportCredential":
		u.imported(s, name)
	case "ExecStart", "ExecStartPre", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost", "Exec":
		u.command(strings.TrimLeft(s.value, "-@:+!|"), s.at)
	case "Image":
		container.Image(u.Facts, u.part, s.value, u.rule, s.at)
	case "Description":
		u.Attr(u.automation, inventory.AttrPurpose, s.value, "", s.at)
	}
}

// environmentFile lets the program see every variable of a file: that of the source which stands for it, else the file of
// the machine.
func (u *unit) environmentFile(name string, at artifact.Place) {
	b := container.Env(u.Facts, u.part, "*", u.rule, at)
	for i, p := range placesOf(u.Artifact, name, u.dir) {
		if _, ok := u.Artifact.Siblings[p]; !ok {
			continue
		}
		sure := inventory.Medium
		if i == 0 {
			sure = inventory.High
		}
		all := container.All(u.Facts, inventory.SlotRef{Store: "dotenv", Scope: u.Artifact.Source, Name: p}, at)
		u.Edge(inventory.BoundFrom, b, all, u.rule, sure, at)
		return
	}
	slot := u.Slot(inventory.SlotRef{Store: "host-file", Scope: u.Artifact.Source, Name: path.Clean(name)}, at)
	u.Defined(slot, inventory.DefinedOutside, at)
	u.Edge(inventory.BoundFrom, b, slot, u.rule, inventory.Certain, at)
}

// credentialPath matches the path of a credential in a unit's own text: %d/id, ${CREDENTIALS_DIRECTORY}/id.
var credentialPath = lazy.New(`^(?:%d|\$\{?CREDENTIALS_DIRECTORY\}?)/([\w.-]+)$`)

// handedOver reads a variable that names the file of a credential.
func (u *unit) handedOver(key, value, name string, at artifact.Place) bool {
	m := credentialPath.FindStringSubmatch(value)
	if m == nil {
		return false
	}
	slot := u.Slot(inventory.SlotRef{Store: "systemd", Scope: u.Artifact.Source, Name: name, Key: m[1]}, at)
	u.Edge(inventory.BoundFrom, container.Env(u.Facts, u.part, key, u.rule, at), slot, "R19-file-pointer", inventory.Certain, at)
	return true
}

// imported reads ImportCredential=GLOB: the credentials of that name that the manager itself was handed.
func (u *unit) imported(s setting, name string) {
	glob, _, _ := strings.Cut(s.value, ":")
	if glob == "" || strings.ContainsAny(glob, "/ ") {
		return
	}
	slot := inventory.SlotRef{Store: "systemd", Scope: u.Artifact.Source, Name: name, Key: glob}
	id := ""
	if strings.Contains(glob, "*") {
		id = container.Glob(u.Facts, slot, s.at)
	} else {
		id = u.Slot(slot, s.at)
	}
	u.Edge(inventory.BoundFrom, container.File(u.Facts, u.part, "$CREDENTIALS_DIRECTORY/"+glob, u.rule, s.at), id, u.rule, inventory.Certain, s.at)
}

// credential reads LoadCredential=ID:PATH and its like: a file that the service alone sees.
func (u *unit) credential(s setting, name string) {
	id, value, _ := strings.Cut(s.value, ":")
	if id == "" {
		return
	}
	b := container.File(u.Facts, u.part, "/run/credentials/"+name+".service/"+id, u.rule, s.at)
	slot := u.Slot(inventory.SlotRef{Store: "systemd", Scope: u.Artifact.Source, Name: name, Key: id}, s.at)
	for _, b := range []string{b, container.File(u.Facts, u.part, "$CREDENTIALS_DIRECTORY/"+id, u.rule, s.at)} {
		u.Edge(inventory.BoundFrom, b, slot, u.rule, inventory.Certain, s.at)
	}
	u.Attr(slot, inventory.AttrClass, string(inventory.ClassCredential), "systemd hands it over as a credential", s.at)
	switch s.key {
	case "SetCredential":
		u.Defined(slot, inventory.DefinedInScan, s.at)
		u.AddLiteral(artifact.Literal{Slot: slot, Name: id, Secret: artifact.Seal(value), Place: s.at, Sure: true})
	case "SetCredentialEncrypted":
		u.Defined(slot, inventory.DefinedInScan, s.at)
	default:
		u.Defined(slot, inventory.DefinedOutside, s.at)
	}
}

// timer gives the service that it starts its schedule.
func timer(f *artifact.Facts, all []setting, dir, name string) {
	for _, s := range all {
		if s.key == "Unit" {
			name = strings.TrimSuffix(s.value, ".service")
		}
	}
	id := serviceID(f.Artifact, dir, name)
	for _, s := range all {
		switch s.key {
		case "OnCalendar":
			text, zone := s.value, ""
			if i := strings.LastIndexByte(text, ' '); i > 0 && (strings.Contains(text[i:], "/") && !strings.ContainsAny(text[i:], ":*0123456789") || text[i+1:] == "UTC") {
				text, zone = text[:i], text[i+1:]
			}
			f.Attr(id, inventory.AttrSchedule, text, zone, s.at)
		case "OnUnitActiveSec", "OnUnitInactiveSec", "OnBootSec", "OnActiveSec", "OnStartupSec":
			f.Attr(id, inventory.AttrTrigger, s.key+"="+s.value, "", s.at)
		}
	}
}

// quotedWords splits a value at blanks outside of quotes.
func quotedWords(text string) []string {
	var out []string
	var b strings.Builder
	quote := byte(0)
	for i := range len(text) {
		switch c := text[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case quote == 0 && (c == ' ' || c == '\t'):
			if b.Len() > 0 {
				out = append(out, b.String())
			}
			b.Reset()
		default:
			b.WriteByte(c)
		}
	}
	if b.Len() > 0 {
		out = append(out, b.String())
	}
	return out
}
