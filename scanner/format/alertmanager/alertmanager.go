// Package alertmanager reads the configuration of Prometheus and of its Alertmanager: to whom alerts are sent and
// what is scraped, with which logins. Secrets stand in the file, or a twin setting names the file that holds them.
package alertmanager

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Alertmanager is the row of Alertmanager's configuration.
func Alertmanager() artifact.Format {
	return artifact.Format{
		ID: "alertmanager", Title: "Alertmanager configuration", Doc: "https://prometheus.io/docs/alerting/latest/configuration/",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("route") && a.HasKey("receivers") &&
				(export.Malformed(a) || export.Holds(a, isAlertmanager))
		},
		Parse: parseAlertmanager,
	}
}

// Prometheus is the row of Prometheus' configuration.
func Prometheus() artifact.Format {
	return artifact.Format{
		ID: "prometheus", Title: "Prometheus configuration", Doc: "https://prometheus.io/docs/prometheus/latest/configuration/configuration/",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("scrape_configs", "remote_write", "remote_read") && export.Holds(a, isPrometheus)
		},
		Parse: parsePrometheus,
	}
}

func isAlertmanager(n *tree.Node) bool {
	return n.Get("route").IsMap() && n.Get("receivers").IsSeq()
}

func isPrometheus(n *tree.Node) bool {
	for _, key := range []string{"scrape_configs", "remote_write", "remote_read"} {
		if n.Get(key).IsSeq() {
			return true
		}
	}
	return false
}

func parseAlertmanager(a *artifact.Artifact, f *artifact.Facts) error {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		auto := f.Automation("", "Alertmanager", artifact.At(d.Root, ""))
		f.Attr(auto, inventory.AttrNeeds, "restart", "", artifact.At(d.Root, ""))
		holder(f, auto).Secrets(d.Root.Get("global"), "global")
		used := map[string]bool{}
		for i, r := range d.Root.Get("receivers").List() {
			readReceiver(f, auto, r, tree.Path("receivers").Index(i), used)
		}
	}
	return nil
}

func holder(f *artifact.Facts, node string) export.Holder {
	return export.Holder{Facts: f, Node: node}
}

func readReceiver(f *artifact.Facts, auto string, r *tree.Node, p tree.Path, used map[string]bool) {
	name := r.Get("name").Str()
	part := f.Part(auto, unique(name, p, used), name, "receiver", artifact.At(r, p))
	f.Cover(part, r.Line, export.LastLine(r))
	for _, e := range r.Entries() {
		kind, ok := strings.CutSuffix(e.Key, "_configs")
		if !ok {
			continue
		}
		if id, known := provider.ServiceOfNode("alertmanager", kind); known {
			f.Service(part, id, "alertmanager-receiver", inventory.Certain, artifact.AtPair(e, p.Key(e.Key)))
		}
		holder(f, part).Secrets(e.Value, p.Key(e.Key))
	}
}

// unique returns a key for a part: its name, else its place.
func unique(name string, p tree.Path, used map[string]bool) string {
	if name == "" || used[name] {
		return string(p)
	}
	used[name] = true
	return name
}

func parsePrometheus(a *artifact.Artifact, f *artifact.Facts) error {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		auto := f.Automation("", "Prometheus", artifact.At(d.Root, ""))
		f.Attr(auto, inventory.AttrNeeds, "restart", "", artifact.At(d.Root, ""))
		used := map[string]bool{}
		for _, key := range []string{"scrape_configs", "remote_write", "remote_read"} {
			for i, job := range d.Root.Get(key).List() {
				p := tree.Path(key).Index(i)
				name := job.Get("job_name").Str()
				if name == "" {
					name = job.Get("name").Str()
				}
				part := f.Part(auto, unique(name, p, used), name, "job", artifact.At(job, p))
				f.Cover(part, job.Line, export.LastLine(job))
				holder(f, part).Secrets(job, p)
			}
		}
		for _, key := range []tree.Path{"alerting", "tracing"} {
			holder(f, auto).Secrets(d.Root.Get(string(key)), key)
		}
	}
	return nil
}
