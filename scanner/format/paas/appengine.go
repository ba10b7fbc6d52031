package paas

import (
	"cmp"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// AppEngine is the row of Google App Engine's app.yaml.
func AppEngine() artifact.Format {
	return artifact.Format{
		ID: "app-engine", Title: "Google App Engine", Doc: "https://cloud.google.com/appengine/docs/standard/reference/app-yaml",
		Match: matchAppEngine, Parse: parseAppEngine,
	}
}

// matchAppEngine takes app.yaml, app.staging.yaml and worker-app.yaml that name a runtime.
func matchAppEngine(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	return pipeline.Yaml(base) && strings.Contains(base, "app") && (strings.HasPrefix(string(a.Content[:min(8, len(a.Content))]), "runtime:") || a.Has("\nruntime:")) &&
		(a.Has("env_variables:") || a.Has("handlers:") || a.Has("entrypoint:") || a.Has("automatic_scaling:") || a.Has("instance_class:")) && !a.Has("apiVersion:")
}

func parseAppEngine(a *artifact.Artifact, facts *artifact.Facts) error {
	top, err := root(a)
	if top == nil || top.Get("runtime").Str() == "" {
		return err
	}
	f := newFile(facts)
	s := f.service(cmp.Or(top.Get("service").Str(), "default"), "service", top, "")
	s.runs(artifact.At(top.Get("runtime"), "runtime"), container.WordOf(top.Get("entrypoint"), "entrypoint"))
	for _, key := range []string{"env_variables", "build_env_variables"} {
		for _, p := range top.Get(key).Entries() {
			if f.spend() {
				s.value(p.Key, p.Value.Str(), artifact.AtPair(p, tree.Path(key).Key(p.Key)))
			}
		}
	}
	return nil
}
