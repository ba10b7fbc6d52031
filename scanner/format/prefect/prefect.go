// Package prefect reads deployments of Prefect: prefect.yaml, and flows in Python that deploy themselves.
//
// Shapes: docs.prefect.io on prefect.yaml and on blocks, and deployment files of public repositories. A block is known
// by its type and name; its value is kept by Prefect's server.
package prefect

import (
	"bytes"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of deployments.
const Platform = "prefect"

// blocks is the store of Prefect's blocks.
const blocks = "prefect-block"

// Deployments is the row of prefect.yaml.
func Deployments() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Prefect deployments", Doc: "https://docs.prefect.io/v3/how-to-guides/deployments/prefect-yaml",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("deployments") && (a.HasKey("prefect-version") || a.HasKey("entrypoint")) && export.Holds(a, isDeployments)
		},
		Parse: parseDeployments,
	}
}

// Flows is the row of Python files that load blocks or deploy flows.
func Flows() artifact.Format {
	return artifact.Format{
		ID: "prefect-flow", Title: "Prefect flow", Doc: "https://docs.prefect.io/v3/concepts/blocks",
		Match: func(a *artifact.Artifact) bool {
			return a.Has("prefect") && imports.Match(a.Content) && (load.Match(a.Content) || deploy.Match(a.Content))
		},
		Parse: parseFlow,
	}
}

func isDeployments(n *tree.Node) bool {
	list := n.Get("deployments")
	if n.Get("prefect-version") != nil && (list.IsSeq() || n.Get("pull") != nil) {
		return true
	}
	for _, d := range list.List() {
		if d.Get("entrypoint").IsString() && d.Get("name").IsString() {
			return true
		}
	}
	return false
}

func parseDeployments(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isDeployments)
	for _, o := range objects {
		for i, d := range o.Node.Get("deployments").List() {
			p := o.Path.Key("deployments").Index(i)
			id := deployment(f, d, p)
			if id == "" {
				continue
			}
			for _, key := range []string{"build", "push", "pull"} { // steps of every deployment that has none of its own
				if d.Get(key) == nil {
					references(f, id, o.Node.Get(key), o.Path.Key(key))
				}
			}
		}
	}
	return err
}

func deployment(f *artifact.Facts, d *tree.Node, p tree.Path) string {
	name := d.Get("name").Str()
	if name == "" {
		return ""
	}
	at := artifact.At(d, p)
	id := f.Automation(name, export.Label(name), at)
	f.Attr(id, inventory.AttrNeeds, "next run", "", at)
	f.Cover(id, d.Line, export.LastLine(d))
	export.Purpose(f, id, d.Get("description").Str(), artifact.At(d.Get("description"), p.Key("description")))
	for i, t := range d.Get("tags").List() {
		if t.Str() != "" && !strings.Contains(t.Str(), "{{") {
			f.Attr(id, inventory.AttrTag, t.Str(), "", artifact.At(t, p.Key("tags").Index(i)))
		}
	}
	if entry := d.Get("entrypoint"); entry.Str() != "" {
		file, _, _ := strings.Cut(entry.Str(), ":")
		f.Runs(id, path.Join(f.Artifact.Dir(), file), "prefect-entrypoint", inventory.High, artifact.At(entry, p.Key("entrypoint")))
	}
	schedules(f, id, d, p)
	references(f, id, d, p)
	return id
}

// schedules reads schedule and schedules. A schedule that is switched off starts nothing.
func schedules(f *artifact.Facts, id string, d *tree.Node, p tree.Path) {
	for _, key := range []string{"schedule", "schedules"} {
		for i, s := range d.Get(key).List() {
			if s.Get("active").Str() == "false" {
				continue
			}
			at := artifact.At(s, p.Key(key).Index(i))
			switch {
			case s.Get("cron").Str() != "":
				f.Attr(id, inventory.AttrSchedule, s.Get("cron").Str(), s.Get("timezone").Str(), at)
			case s.Get("interval").Str() != "":
				if seconds, err := strconv.ParseFloat(s.Get("interval").Str(), 64); err == nil && seconds >= 1 && seconds < 1e9 {
					f.Attr(id, inventory.AttrSchedule, export.Interval(int(seconds)), s.Get("timezone").Str(), at)
				}
			case s.Get("rrule").Str() != "":
				f.Attr(id, inventory.AttrSchedule, s.Get("rrule").Str(), s.Get("timezone").Str(), at)
			}
		}
	}
}

var (
	block    = lazy.New(`\{\{\s*prefect\.blocks\.([\w-]{1,60}\.[\w-]{1,100})`)
	variable = lazy.New(`\{\{\s*\$([A-Za-z_]\w{0,100})\s*\}\}`)
)

func references(f *artifact.Facts, id string, n *tree.Node, p tree.Path) {
	h := export.Holder{Facts: f, Node: id}
	h.Mentions(n, p, block, "prefect-block", func(name string) (inventory.SlotRef, bool) {
		return inventory.SlotRef{Store: blocks, Scope: f.Artifact.Source, Name: strings.Replace(name, ".", "/", 1)}, true
	})
	h.Mentions(n, p, variable, "prefect-env", func(name string) (inventory.SlotRef, bool) {
		return inventory.SlotRef{Store: "prefect-env", Scope: f.Artifact.Source, Name: name}, export.Suggests(name)
	})
	h.Leaves("", n, p)
}

var (
	imports = lazy.New(`(?m)^\s*(?:from|import)\s+prefect\b`)
	load    = lazy.New(`\b([A-Z]\w{1,60})\.a?load\(\s*["']([\w-]{1,100})["']`)
	deploy  = lazy.New(`\.(?:serve|deploy|from_source)\(`)
	cron    = lazy.New(`\bcron\s*=\s*["']([^"'\n]{5,100})["']`)
	named   = lazy.New(`\bname\s*=\s*["']([^"'\n]{1,100})["']`)
	humps   = lazy.New(`([a-z0-9])([A-Z])`)
)

// parseFlow reads the blocks that a program loads, and the deployments that it makes of its flows.
func parseFlow(a *artifact.Artifact, f *artifact.Facts) error {
	node := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	for _, m := range load.FindAllSubmatchIndex(a.Content, 500) {
		kind, name, at := string(a.Content[m[2]:m[3]]), string(a.Content[m[4]:m[5]]), a.PlaceOf(m[2])
		slot := f.Slot(inventory.SlotRef{Store: blocks, Scope: a.Source, Name: slug(kind) + "/" + name}, at)
		f.Edge(inventory.Reads, node, slot, "prefect-block", inventory.High, at)
	}
	for _, m := range deploy.FindAllIndex(a.Content, 100) {
		call := a.Content[m[1]:min(len(a.Content), m[1]+2000)]
		if end := bytes.Index(call, []byte("\n)")); end > 0 {
			call = call[:end]
		}
		when, name := cron.FindSubmatchIndex(call), named.FindSubmatch(call)
		if when == nil || name == nil {
			continue
		}
		at := a.PlaceOf(m[0])
		id := f.Automation(string(name[1]), string(name[1]), at)
		f.Attr(id, inventory.AttrNeeds, "next run", "", at)
		f.Attr(id, inventory.AttrSchedule, string(call[when[2]:when[3]]), "", a.PlaceOf(m[1]+when[2]))
		f.Runs(id, a.Path, "prefect-deploy", inventory.High, at)
	}
	return nil
}

// slug is the name of a block's type: GitHubCredentials is github-credentials.
func slug(class string) string {
	class = strings.NewReplacer("GitHub", "Github", "GitLab", "Gitlab", "JSON", "Json", "AWS", "Aws", "GCP", "Gcp", "BigQuery", "Bigquery", "DBT", "Dbt").Replace(class)
	return strings.ToLower(humps.ReplaceAllString(class, fmt.Sprintf("$1%s$2", "-")))
}
