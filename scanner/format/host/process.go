package host

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Procfile is the row of Heroku's and Foreman's list of processes.
func Procfile() artifact.Format {
	return artifact.Format{ID: "procfile", Title: "Procfile", Doc: "https://devcenter.heroku.com/articles/procfile",
		Match: func(a *artifact.Artifact) bool {
			return a.Base() == "Procfile" || strings.HasPrefix(a.Base(), "Procfile.")
		},
		Parse: parseProcfile, Siblings: siblings}
}

var process = lazy.New(`^([A-Za-z0-9_-]+):\s*(\S.*)$`)

func parseProcfile(a *artifact.Artifact, f *artifact.Facts) error {
	for i, line := range strings.Split(string(a.Content), "\n") {
		if m := process.FindStringSubmatch(strings.TrimRight(line, "\r")); m != nil {
			at := artifact.Place{Line: i + 1, Column: 1, Pointer: m[1]}
			start(f, m[1], m[1], "process", at).command(m[2], at)
		}
	}
	return nil
}

// Supervisor is the row of supervisord's programs.
func Supervisor() artifact.Format {
	return artifact.Format{ID: "supervisor", Title: "supervisord programs", Doc: "http://supervisord.org/configuration.html",
		Match: func(a *artifact.Artifact) bool {
			base := a.Base()
			return (strings.HasSuffix(base, ".conf") || strings.HasSuffix(base, ".ini") || strings.HasSuffix(base, ".conf.j2")) && lazy.Contains(a.Content, "[program:")
		},
		Parse: parseSupervisor, Siblings: siblings}
}

// expansion is how supervisord writes a variable of its own environment.
var expansion = lazy.New(`%\(ENV_(\w+)\)s`)

func parseSupervisor(a *artifact.Artifact, f *artifact.Facts) error {
	var u *unit
	section := ""
	for _, s := range settings(a) {
		name, ok := strings.CutPrefix(s.section, "program:")
		if !ok {
			continue
		}
		if s.section != section {
			section = s.section
			u = start(f, name, name, "process", s.at)
		}
		switch s.key {
		case "command":
			u.command(expansion.ReplaceAllString(s.value, "$${$1}"), s.at)
		case "directory":
			u.dir = s.value
		case "environment":
			u.environment(s.value, s.at)
		}
	}
	return nil
}

var pair = lazy.New(`([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^,]*)`)

// environment reads KEY="value",OTHER=%(ENV_X)s.
func (u *unit) environment(text string, at artifact.Place) {
	for _, m := range pair.FindAllStringSubmatch(text, 200) {
		value := strings.Trim(m[2], `"' `)
		place := at
		place.Pointer += "." + m[1]
		if from := expansion.FindAllStringSubmatch(value, 10); from != nil {
			b := container.Env(u.Facts, u.part, m[1], u.rule, place)
			for _, v := range from {
				outer := u.Binding(u.automation, v[1], "env", place)
				u.Edge(inventory.BoundFrom, b, outer, u.rule, inventory.Certain, place)
				u.Refs++
			}
			continue
		}
		u.variable(m[1], value, place)
	}
}
