// Package dagster reads Dagster: schedules and jobs in Python, and the settings of its instance.
//
// Shapes: docs.dagster.io on schedules and on instance configuration, and definitions of public repositories.
package dagster

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of definitions.
const Platform = "dagster"

// Definitions is the row of Python files with schedules, jobs or variables.
func Definitions() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Dagster definitions", Doc: "https://docs.dagster.io/guides/automate/schedules",
		Match: func(a *artifact.Artifact) bool {
			return a.Has("dagster") && imports.Match(a.Content) && speaks.Match(a.Content)
		},
		Parse: parseDefinitions,
	}
}

// Instance is the row of dagster.yaml.
func Instance() artifact.Format {
	return artifact.Format{
		ID: "dagster-instance", Title: "Dagster instance", Doc: "https://docs.dagster.io/deployment/oss/dagster-yaml",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("storage", "run_storage", "run_launcher", "schedule_storage", "compute_logs") && export.Holds(a, isInstance)
		},
		Parse: parseInstance,
	}
}

var (
	imports  = lazy.New(`(?m)^\s*(?:from|import)\s+dagster`)
	speaks   = lazy.New(`\bScheduleDefinition\s*\(|@(?:\w+\.)?schedule\s*\(|\bdefine_asset_job\s*\(|\bEnvVar\b`)
	schedule = lazy.New(`(\bScheduleDefinition|@(?:\w+\.)?schedule)\s*\(`)
	cron     = lazy.New(`\bcron_schedule\s*=\s*["']([^"'\n]{5,100})["']`)
	zone     = lazy.New(`\bexecution_timezone\s*=\s*["']([^"'\n]{2,60})["']`)
	target   = lazy.New(`\b(?:job_name|name)\s*=\s*["']([^"'\n]{1,100})["']|\bjob\s*=\s*(?:\w+\.)*(\w{1,100})`)
	defined  = lazy.New(`^[\s\S]{0,400}?\bdef\s+(\w{1,100})`)
	stopped  = lazy.New(`default_status\s*=\s*(?:\w+\.)?DefaultScheduleStatus\.(RUNNING|STOPPED)`)
	envVar   = lazy.New(`\bEnvVar(?:\.int)?\(\s*["']([A-Za-z_]\w{0,100})["']`)
)

// parseDefinitions reads the schedules of a file: each starts a job whose code stands here or near.
func parseDefinitions(a *artifact.Artifact, f *artifact.Facts) error {
	node := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	for _, m := range envVar.FindAllSubmatchIndex(a.Content, 500) {
		at := a.PlaceOf(m[2])
		b := f.Binding(node, string(a.Content[m[2]:m[3]]), "env", at)
		f.Edge(inventory.Reads, node, b, "dagster-env", inventory.Certain, at)
		f.Refs++
	}
	for _, m := range schedule.FindAllSubmatchIndex(a.Content, 500) {
		call := argumentsFrom(a.Content[m[1]:])
		when := cron.FindSubmatchIndex(call)
		if when == nil {
			continue
		}
		at := a.PlaceOf(m[2])
		id := f.Automation(name(a.Content[m[1]:], call, string(a.Content[m[2]:m[3]])), name(a.Content[m[1]:], call, string(a.Content[m[2]:m[3]])), at)
		tz := ""
		if z := zone.FindSubmatch(call); z != nil {
			tz = string(z[1])
		}
		f.Attr(id, inventory.AttrNeeds, "next run", "", at)
		f.Attr(id, inventory.AttrSchedule, string(call[when[2]:when[3]]), tz, a.PlaceOf(m[1]+when[2]))
		if s := stopped.FindSubmatch(call); s != nil {
			f.Attr(id, inventory.AttrActive, map[string]string{"RUNNING": "true", "STOPPED": "false"}[string(s[1])], "", at)
		}
		f.Runs(id, a.Path, "dagster-schedule", inventory.Medium, at)
	}
	return nil
}

// name returns what a schedule starts: the job that it names, else the function behind the decorator.
func name(rest, call []byte, form string) string {
	if m := target.FindSubmatch(call); m != nil {
		return string(m[1]) + string(m[2])
	}
	if strings.HasPrefix(form, "@") {
		if m := defined.FindSubmatch(rest[min(len(call), len(rest)):]); m != nil {
			return string(m[1])
		}
	}
	return "schedule"
}

// maxCall bounds the arguments of one call.
const maxCall = 4000

// argumentsFrom returns the text up to the bracket that closes the call.
func argumentsFrom(text []byte) []byte {
	depth := 1
	for i, c := range text[:min(len(text), maxCall)] {
		switch c {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth == 0 {
				return text[:i]
			}
		}
	}
	return text[:min(len(text), maxCall)]
}

// isInstance recognises a setting of the instance that names a module of Dagster's or a database.
func isInstance(n *tree.Node) bool {
	if n.Get("storage", "postgres").IsMap() || n.Get("storage", "mysql").IsMap() {
		return true
	}
	for _, key := range []string{"run_storage", "run_launcher", "event_log_storage", "schedule_storage", "compute_logs", "run_coordinator"} {
		if strings.HasPrefix(n.Get(key, "module").Str(), "dagster") {
			return true
		}
	}
	return false
}

func parseInstance(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isInstance)
	for _, o := range objects {
		at := artifact.At(o.Node, o.Path)
		id := f.Automation("", "Dagster instance", at)
		f.Attr(id, inventory.AttrNeeds, "restart", "", at)
		h := export.Holder{Facts: f, Node: id}
		o.Node.Walk(o.Path, func(p tree.Path, n *tree.Node) bool {
			if v := n.Get("env"); v.IsString() && len(n.Pairs) == 1 { // {env: NAME} is read from the process
				place := artifact.At(v, p.Key("env"))
				b := f.Binding(id, v.Value, "env", place)
				f.Edge(inventory.Reads, id, b, "dagster-env", inventory.Certain, place)
				return false
			}
			return true
		})
		h.Secrets(o.Node, o.Path)
	}
	return err
}
