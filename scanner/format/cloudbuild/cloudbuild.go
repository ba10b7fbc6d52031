// Package cloudbuild reads the build configurations of Google Cloud Build: entries of Secret Manager and values encrypted with a key
// of KMS that steps take in as variables, substitutions, and the commands of each step.
//
// Ids: a configuration is cloudbuild:<source>/<path>, a step a part of it. A substitution that only the trigger knows is
// cloudbuild:<repository>/NAME, a value that the file holds encrypted is cloudbuild:<repository>/<path>#NAME.
package cloudbuild

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "cloudbuild"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Google Cloud Build configurations", Doc: "https://cloud.google.com/build/docs/build-config-file-schema",
		Match: match, Parse: parse,
	}
}

// match knows a configuration by its name, or by words that nothing else has: a repository has several for its triggers.
func match(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	if !pipeline.Yaml(base) && !strings.HasSuffix(base, ".json") || !a.Has("steps") {
		return false
	}
	if strings.Contains(base, "cloudbuild") || strings.Contains(base, "cloud-build") {
		return a.Has("name")
	}
	return pipeline.Yaml(base) && (a.Has("availableSecrets:") || a.Has("secretEnv:") || a.Has("gcr.io/cloud-builders/")) && (a.Has("\nsteps:") || bytes.HasPrefix(a.Content, []byte("steps:")))
}

// file is one configuration while it is read.
type file struct {
	*pipeline.File
	secrets map[string]stored
}

// stored is an entry that the build may hand to its steps under a name.
type stored struct {
	slot string
	at   []artifact.Place
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil || !root.Get("steps").IsSeq() {
		return err
	}
	f := &file{pipeline.New(facts, "cloudbuild", "", a.Path, root), map[string]stored{}}
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID, Own: f.own}
	s = s.Enter(f.ID, true, nil)
	s.Levels = []pipeline.Level{s.Variables(f.ID, root.Get("substitutions"), "substitutions")}
	f.available(root.Get("availableSecrets"), "availableSecrets")
	f.encrypted(root.Get("secrets"), "secrets", "secretEnv")
	f.take(s, root.Get("options"), "options")
	f.Items(root.Get("steps"), "steps", func(n *tree.Node, p tree.Path) {
		if n.IsMap() {
			f.step(s, n, p)
		}
	})
	return nil
}

// own is a substitution that the trigger sets: their names begin with _.
func (f *file) own(name string, at artifact.Place) []pipeline.Target {
	if !strings.HasPrefix(name, "_") {
		return nil
	}
	return []pipeline.Target{{ID: f.Slot(inventory.SlotRef{Store: ID, Scope: f.Repo, Name: name}, at), Sure: inventory.High}}
}

var version = lazy.New(`^projects/([^/]+)(?:/locations/[^/]+)?/secrets/([^/]+)(?:/versions/[^/]+)?$`)

// available reads what the build may take from Secret Manager, and what stands encrypted in the file.
func (f *file) available(n *tree.Node, p tree.Path) {
	f.Items(n.Get("secretManager"), p.Key("secretManager"), func(n *tree.Node, p tree.Path) {
		name, env := n.Get("versionName"), n.Get("env").Str()
		m := version.FindStringSubmatch(name.Str())
		if m == nil || env == "" {
			return
		}
		project, entry := m[1], container.Computed(m[2])
		if project = container.Computed(project); strings.Contains(project, "*") {
			project = "*"
		}
		if strings.Trim(entry, "*-_") == "" {
			return
		}
		at := artifact.At(name, p.Key("versionName"))
		f.secrets[env] = stored{
			f.Entry(inventory.SlotRef{Store: "gcp-sm", Scope: project, Name: entry}, at),
			[]artifact.Place{at, artifact.At(n.Get("env"), p.Key("env"))},
		}
	})
	f.encrypted(n.Get("inline"), p.Key("inline"), "envMap")
}

// encrypted reads values that are encrypted with a key of KMS: the file is where they are kept.
func (f *file) encrypted(n *tree.Node, p tree.Path, key string) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		f.Entries(n.Get(key), p.Key(key), func(pair tree.Pair, p tree.Path) {
			at := artifact.AtPair(pair, p)
			slot := f.Slot(inventory.SlotRef{Store: ID, Scope: f.Repo, Name: f.Artifact.Path, Key: pair.Key}, at)
			f.Defined(slot, inventory.DefinedInScan, at)
			f.secrets[pair.Key] = stored{slot, []artifact.Place{at}}
		})
	})
}

// take declares the variables that a step, or all of them, gets: env: ["A=b"] and secretEnv: [A].
func (f *file) take(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	level := s.Levels[0]
	f.Items(n.Get("env"), p.Key("env"), func(n *tree.Node, p tree.Path) {
		name, value, ok := strings.Cut(n.Str(), "=")
		if !ok || name == "" {
			return
		}
		b := s.Declare(level, s.Part, name, "cloudbuild-env", artifact.At(n, p))
		item := *n
		item.Value = value
		s.Value(b, name, &item, p)
	})
	f.Items(n.Get("secretEnv"), p.Key("secretEnv"), func(n *tree.Node, p tree.Path) {
		at := artifact.At(n, p)
		from, ok := f.secrets[n.Str()]
		if !ok {
			return
		}
		b := s.Fetched(level, s.Part, n.Str(), from.slot, "cloudbuild-secret-env", at)
		for _, at := range from.at {
			s.Edge(inventory.BoundFrom, b, from.slot, "cloudbuild-secret-env", inventory.Certain, at)
		}
	})
}

func (f *file) step(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	key, title := n.Get("id").Str(), n.Get("name").Str()
	if key == "" {
		key = string(p)
	}
	id := f.Part(f.ID, key, title, "step", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	in := s.Enter(id, true, pipeline.Level{})
	if dir := n.Get("dir").Str(); dir != "" && !strings.ContainsAny(dir, "$*") && !strings.HasPrefix(path.Clean(dir), "..") {
		in.Dir = path.Clean(strings.TrimPrefix(dir, "/workspace/"))
	}
	f.take(in, n, p)
	text := pipeline.NewText(f.Artifact)
	if script := n.Get("script"); script.Str() != "" {
		text.AddNode(script, p.Key("script"))
		in.Script(text)
		return
	}
	f.command(text, n, p)
	in.Script(text)
}

// programs are the first words of images whose entry point is a program of another name.
var programs = map[string]string{"cloud-sdk": "gcloud", "google-cloud-cli": "gcloud", "gke-deploy": "gke-deploy", "executor": "kaniko"}

// command puts together what a step starts: the program of its image, or its entry point, and the arguments. What stands behind
// bash -c is a text of its own. $$ stands for a dollar that the step, not Cloud Build, fills in.
func (f *file) command(text *pipeline.Text, n *tree.Node, p tree.Path) {
	program := n.Get("entrypoint").Str()
	if program == "" {
		image, _, _ := strings.Cut(path.Base(n.Get("name").Str()), "@")
		program, _, _ = strings.Cut(image, ":")
		if known := programs[program]; known != "" {
			program = known
		}
	}
	args := n.Get("args").List()
	if shell := path.Base(program); strings.HasSuffix(shell, "sh") && len(args) > 1 && strings.HasPrefix(args[0].Str(), "-") && strings.HasSuffix(args[0].Str(), "c") {
		if args[1].Str() != "" {
			f.add(text, args[1], p.Key("args").Index(1), func(text string) string { return text }, 0)
		}
		return
	}
	text.Add(program+" \\", func(int) artifact.Place { return artifact.At(n, p) })
	for i, a := range args {
		if a.Str() != "" && f.Spend() {
			f.add(text, a, p.Key("args").Index(i), func(text string) string { return ` "` + quoted.Replace(text) + `" \` }, 2)
		}
	}
}

// add appends an argument, its escaped dollars written as the step sees them, behind so many bytes that the frame puts in front.
func (f *file) add(text *pipeline.Text, n *tree.Node, p tree.Path, frame func(string) string, front int) {
	place := pipeline.PlacesOf(f.Artifact, n, p)
	text.Add(frame(strings.ReplaceAll(n.Value, "$$", "$")), func(off int) artifact.Place {
		off = max(0, off-front)
		for i := 0; i < off && i+1 < len(n.Value); i++ {
			if n.Value[i:i+2] == "$$" {
				off, i = off+1, i+1
			}
		}
		return place(off)
	})
}

// quoted makes an argument safe between double quotes, every character in its place.
var quoted = strings.NewReplacer(`"`, `'`, "`", `'`, `\`, `/`, "$(", "_(")
