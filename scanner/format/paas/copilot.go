package paas

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Copilot is the row of AWS Copilot's manifests of services and jobs.
func Copilot() artifact.Format {
	return artifact.Format{
		ID: "copilot", Title: "AWS Copilot manifests", Doc: "https://aws.github.io/copilot-cli/docs/manifest/overview/",
		Match: func(a *artifact.Artifact) bool {
			return (a.Base() == "manifest.yml" || a.Base() == "manifest.yaml") && slices.Contains(strings.Split(a.Path, "/"), "copilot") &&
				a.Has("type:") && a.Has("name:") && !a.Has("type: Environment")
		},
		Parse:    parseCopilot,
		Siblings: func(*artifact.Artifact) []string { return []string{"../.workspace"} },
	}
}

// manifest is a manifest of Copilot while it is read.
type manifest struct {
	*service
	application string // "" where the workspace does not say
	workspace   string // folder that the paths of builds are seen from
	above       *tree.Node
}

func parseCopilot(a *artifact.Artifact, facts *artifact.Facts) error {
	top, err := root(a)
	if top == nil {
		return err
	}
	f := newFile(facts)
	m := &manifest{service: f.service(top.Get("name").Str(), "container", top, ""), above: top}
	for i, word := range strings.Split(a.Path, "/") {
		if word == "copilot" {
			m.workspace = path.Join(strings.Split(a.Path, "/")[:i]...)
		}
	}
	if w := a.Siblings[path.Join(a.Dir(), "../.workspace")]; w != nil {
		if n, err := root(w); err == nil {
			m.application = n.Get("application").Str()
		}
	}
	if when := top.Get("on", "schedule"); when.Str() != "" && when.Str() != "none" {
		m.Attr(m.id, inventory.AttrSchedule, when.Str(), "UTC", artifact.At(when, "on.schedule"))
	}
	m.program(top.Get("image"), "image")
	m.starts(top, "")
	m.level(top, "")
	for _, e := range top.Get("environments").Entries() {
		m.level(e.Value, tree.Path("environments").Key(e.Key))
	}
	return nil
}

// program reads where the image comes from: a Dockerfile of the workspace, a registry, or what a pipeline fills in later, which is
// then the program of the workspace.
func (m *manifest) program(n *tree.Node, p tree.Path) {
	at := artifact.At(n, p)
	build := n.Get("build")
	dockerfile, context := build.Str(), ""
	if build.IsMap() {
		dockerfile, context = build.Get("dockerfile").Str(), build.Get("context").Str()
	}
	switch location := n.Get("location"); {
	case location.Str() != "":
		container.Image(m.Facts, m.part, location.Str(), "copilot-image", artifact.At(location, p.Key("location")))
	case build != nil:
		if dockerfile == "" {
			dockerfile = path.Join(context, "Dockerfile")
		}
		if context == "" {
			context = path.Dir(dockerfile)
		}
		m.builds(path.Join(m.workspace, dockerfile), strings.TrimPrefix(path.Join(m.workspace, context), "."), at)
	case n.IsMap():
		container.Source(m.Facts, m.part, "copilot", m.workspace, "copilot-image", at)
	}
}

// starts reads what the container runs in place of its image's own command.
func (m *manifest) starts(n *tree.Node, p tree.Path) {
	r := container.Runner{Facts: m.Facts, Part: m.part, Dir: m.workspace, Sure: inventory.Medium}
	for _, key := range []string{"entrypoint", "command"} {
		words := n.Get(key)
		if words.IsSeq() {
			r.Command(container.Words(words, p.Key(key)))
			continue
		}
		r.Shell(container.WordOf(words, p.Key(key)))
	}
}

// level reads the variables of the manifest or of one of its environments, with those of the containers beside it.
func (m *manifest) level(n *tree.Node, p tree.Path) {
	m.variables(n, p)
	for _, side := range n.Get("sidecars").Entries() {
		if !side.Value.IsMap() || !m.spend() {
			continue
		}
		at := p.Key("sidecars").Key(side.Key)
		s := *m.service
		s.part = m.Part(m.id, "sidecar."+side.Key, side.Key, "container", artifact.AtPair(side, at))
		x := &manifest{service: &s, application: m.application, workspace: m.workspace, above: m.above}
		x.program(imageOf(side.Value), at.Key("image"))
		x.variables(side.Value, at)
	}
}

// imageOf returns the image of a sidecar when it is a map.
func imageOf(n *tree.Node) *tree.Node {
	if image := n.Get("image"); image.IsMap() && len(image.Entries()) > 0 {
		return image
	}
	return nil
}

func (m *manifest) variables(n *tree.Node, p tree.Path) {
	for _, pair := range n.Get("variables").Entries() {
		at := artifact.AtPair(pair, p.Key("variables").Key(pair.Key))
		switch {
		case !m.spend():
			return
		case pair.Value.Str() == "" || strings.Contains(pair.Value.Str(), "${COPILOT_"):
			m.bind(pair.Key, at)
		default:
			m.value(pair.Key, pair.Value.Str(), at)
		}
	}
	for _, pair := range n.Get("secrets").Entries() {
		if m.spend() {
			m.secret(pair, p.Key("secrets").Key(pair.Key))
		}
	}
	if n.Get("env_file").Str() != "" {
		at := artifact.At(n.Get("env_file"), p.Key("env_file"))
		set := container.All(m.Facts, inventory.SlotRef{Store: "dotenv", Scope: m.Artifact.Source, Name: path.Join(m.workspace, n.Get("env_file").Str())}, at)
		m.Edge(inventory.BoundFrom, m.bind("*", at), set, "copilot-env-file", inventory.Certain, at)
	}
}

// secret reads NAME: parameter, NAME: ARN, NAME: {secretsmanager: "entry:key::"} and NAME: {from_cfn: export}.
func (m *manifest) secret(pair tree.Pair, p tree.Path) {
	at := artifact.AtPair(pair, p)
	b := m.bind(pair.Key, at)
	ref := inventory.SlotRef{Store: "aws-ssm", Scope: "*/*"}
	text := pair.Value.Str()
	if pair.Value.IsMap() {
		ref.Store = "aws-sm"
		text = pair.Value.Get("secretsmanager").Str()
		if export := pair.Value.Get("from_cfn").Str(); export != "" {
			ref.Store, text = "cfn", export
		}
	}
	if found := detect.StoreReferences(text); len(found) > 0 {
		m.Edge(inventory.BoundFrom, b, m.entry(found[0].Slot, at), "copilot-secret", inventory.Certain, at)
		return
	}
	if text = m.named(strings.TrimPrefix(text, "/")); strings.Trim(text, "*/:-") == "" {
		return
	}
	if ref.Name = text; ref.Store == "aws-sm" {
		ref.Name, ref.Key, _ = strings.Cut(text, ":")
		ref.Key, _, _ = strings.Cut(ref.Key, ":")
		at = artifact.At(pair.Value.Get("secretsmanager"), p.Key("secretsmanager"))
	}
	m.Edge(inventory.BoundFrom, b, m.entry(ref, at), "copilot-secret", inventory.Certain, at)
}

// named fills in what the workspace says of a name; the environment is that of each deployment.
func (m *manifest) named(text string) string {
	if m.application != "" {
		text = strings.ReplaceAll(text, "${COPILOT_APPLICATION_NAME}", m.application)
	}
	text = strings.ReplaceAll(text, "${COPILOT_SERVICE_NAME}", m.name)
	return container.Computed(text)
}

func (m *manifest) entry(r inventory.SlotRef, at artifact.Place) string {
	if !strings.Contains(r.Name+r.Key, "*") {
		return m.Slot(r, at)
	}
	return container.Glob(m.Facts, r, at)
}
