// Package grafana reads Grafana's provisioning files: data sources, contact points and notification policies.
// Secrets are literals under secureJsonData and in the settings of contact points, or come from the environment or a
// file: $NAME, ${NAME}, $__env{NAME}, $__file{/path}.
package grafana

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of what Grafana logs in with.
const Platform = "grafana"

// Format is the row of provisioning files.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Grafana provisioning", Doc: "https://grafana.com/docs/grafana/latest/administration/provisioning/",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.Has("apiVersion") && a.HasKey("datasources", "contactPoints", "notifiers") && export.Holds(a, isProvisioning)
		},
		Parse: parse,
	}
}

// isProvisioning recognises the version, which is a bare number, and one of the lists.
func isProvisioning(n *tree.Node) bool {
	return n.Get("apiVersion").Str() == "1" &&
		(n.Get("datasources").IsSeq() || n.Get("contactPoints").IsSeq() || n.Get("notifiers").IsSeq())
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isProvisioning)
	for _, o := range objects {
		at := artifact.At(o.Node, o.Path)
		auto := f.Automation("", "Grafana", at)
		f.Attr(auto, inventory.AttrNeeds, "restart", "", at)
		used := map[string]bool{}
		for _, key := range []string{"datasources", "notifiers"} {
			for i, d := range o.Node.Get(key).List() {
				read(f, auto, d, o.Path.Key(key).Index(i), used, d.Get("name").Str())
			}
		}
		for i, c := range o.Node.Get("contactPoints").List() {
			for j, r := range c.Get("receivers").List() {
				p := o.Path.Key("contactPoints").Index(i).Key("receivers").Index(j)
				read(f, auto, r, p, used, c.Get("name").Str())
			}
		}
	}
	return err
}

// read adds one data source or receiver: a part, and the slots of its secrets.
func read(f *artifact.Facts, auto string, n *tree.Node, p tree.Path, used map[string]bool, name string) {
	at := artifact.At(n, p)
	key := n.Get("uid").Str()
	if key == "" {
		key = name
	}
	if key == "" || used[key] {
		key = string(p)
	}
	used[key] = true
	part := f.Part(auto, key, name, "connection", at)
	f.Cover(part, n.Line, export.LastLine(n))
	kind := n.Get("type").Str()
	if id, ok := provider.ServiceOfNode(Platform, kind); ok {
		f.Service(part, id, "grafana-type", inventory.Certain, at)
	}
	s := &secrets{f: f, part: part, key: key}
	s.below(n.Get("secureJsonData"), p.Key("secureJsonData"), true)
	s.below(n.Get("secureSettings"), p.Key("secureSettings"), true)
	s.below(n.Get("settings"), p.Key("settings"), false)
	for _, field := range []string{"password", "basicAuthPassword"} {
		s.value(field, n.Get(field), p.Key(field), true)
	}
	for _, url := range []*tree.Node{n.Get("url"), n.Get("settings", "url")} {
		if host := export.Host(url.Str()); host != "" {
			f.Attr(part, inventory.AttrHost, host, "", artifact.At(url, p.Key("url")))
		}
	}
}

type secrets struct {
	f    *artifact.Facts
	part string
	key  string
}

// below reads a group of settings; in a secure one all are secrets.
func (s *secrets) below(n *tree.Node, p tree.Path, secure bool) {
	n.Walk(p, func(at tree.Path, v *tree.Node) bool {
		if name := export.LastKey(at, ""); v.Kind == tree.Scalar && (secure || export.SecretField(name) || export.Suggests(name) || export.Capability(v.Str())) {
			s.value(name, v, at, secure || export.SecretField(name))
		}
		return true
	})
}

var (
	fromEnv  = lazy.New(`\$(?:__env\{([A-Za-z_]\w*)\}|\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))`)
	fromFile = lazy.New(`\$__file\{([^}\n]+)\}`)
)

// value reads one secret: its variable, its file, or its literal.
func (s *secrets) value(name string, n *tree.Node, p tree.Path, sure bool) {
	text := n.Str()
	if strings.Trim(text, ".…*") == "" { // the sample file of Grafana has dots for what is to be filled in
		return
	}
	at := artifact.At(n, p)
	slot := s.f.Slot(inventory.SlotRef{Store: Platform, Scope: s.f.Artifact.Source, Name: s.key, Key: name}, at)
	s.f.Defined(slot, inventory.DefinedInScan, at)
	s.f.Edge(inventory.Reads, s.part, slot, "grafana-secret", inventory.Certain, at)
	if m := fromFile.FindStringSubmatch(text); m != nil {
		file := s.f.Slot(inventory.SlotRef{Store: "file", Name: m[1]}, at)
		s.f.Edge(inventory.CopiesFrom, slot, file, "grafana-file", inventory.Certain, at)
		return
	}
	if strings.Contains(text, "$$") {
		text = strings.ReplaceAll(text, "$$", "$")
	} else if m := fromEnv.FindStringSubmatch(text); m != nil {
		binding := s.f.Binding(s.part, m[1]+m[2]+m[3], "env", at)
		s.f.Edge(inventory.Reads, s.part, binding, "grafana-variable", inventory.Certain, at)
		return
	}
	s.f.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(text), Place: at, Sure: sure})
}
