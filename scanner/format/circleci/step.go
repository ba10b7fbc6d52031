package circleci

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxCommands bounds how deep commands call commands.
const maxCommands = 10

// steps reads the steps of a job or of a command.
func (j *job) steps(s *pipeline.Scope, n *tree.Node, p tree.Path, values map[string]string, depth int) {
	if !n.IsSeq() || depth > maxCommands {
		return
	}
	j.Items(n, p, func(n *tree.Node, p tree.Path) {
		if n.Kind == tree.Scalar {
			j.step(s, n.Str(), n, nil, p, values, depth)
			return
		}
		j.Entries(n, p, func(pair tree.Pair, p tree.Path) {
			j.step(s, pair.Key, n, pair.Value, p, values, depth)
		})
	})
}

// step reads one step by its name.
func (j *job) step(s *pipeline.Scope, name string, at, n *tree.Node, p tree.Path, values map[string]string, depth int) {
	switch name {
	case "run":
		j.run(s, n, p, values)
	case "when", "unless":
		j.steps(s, n.Get("steps"), p.Key("steps"), values, depth+1)
	case "steps":
		j.steps(s, n, p, values, depth+1)
	case "add_ssh_keys":
		j.keys(s, n, p)
	case "checkout", "save_cache", "restore_cache", "store_artifacts", "persist_to_workspace", "attach_workspace", "setup_remote_docker", "store_test_results":
	default:
		j.command(s, name, at, n, p, values, depth)
	}
}

// command reads a command of the file, with its parameters filled in, or one of an orb.
func (j *job) command(s *pipeline.Scope, name string, at, n *tree.Node, p tree.Path, values map[string]string, depth int) {
	if c := j.root.Get("commands", name); c != nil {
		j.Within(artifact.At(at, p), func() {
			j.steps(s, c.Get("steps"), tree.Path("commands").Key(name).Key("steps"), arguments(c.Get("parameters"), n, values), depth+1)
		})
		return
	}
	if alias, command, ok := strings.Cut(name, "/"); ok {
		if c := j.root.Get("orbs", alias, "commands", command); c != nil { // an orb written into the file
			j.Within(artifact.At(at, p), func() {
				j.steps(s, c.Get("steps"), tree.Path("orbs").Key(alias).Key("commands").Key(command).Key("steps"), arguments(c.Get("parameters"), n, values), depth+1)
			})
			return
		}
		if n == nil {
			n = at
		}
		j.orb(s, name, n, p)
	}
}

// run reads a step that runs commands.
func (j *job) run(s *pipeline.Scope, n *tree.Node, p tree.Path, values map[string]string) {
	command, own := n, pipeline.Level{}
	if n.IsMap() {
		own = s.Variables(s.Part, n.Get("environment"), p.Key("environment"))
		command, p = n.Get("command"), p.Key("command")
	}
	command = filled(command, values)
	if command.Str() == "" {
		return
	}
	in := *s
	in.Levels = append([]pipeline.Level{own}, s.Levels...)
	if dir := n.Get("working_directory").Str(); dir != "" {
		in.Dir = folder(substitute(dir, values))
	}
	text := pipeline.NewText(j.Artifact)
	text.AddNode(command, p)
	in.Program("shell", text, func(name string, at artifact.Place) string {
		return s.Declare(j.set, s.Part, name, "circle-bash-env", at)
	})
}

// keys reads SSH keys of the project, which a step installs by their fingerprints.
func (j *job) keys(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	j.Items(n.Get("fingerprints"), p.Key("fingerprints"), func(n *tree.Node, p tree.Path) {
		if n.Str() == "" || strings.Contains(n.Str(), "<<") {
			return
		}
		at := artifact.At(n, p)
		slot := j.Slot(inventory.SlotRef{Store: "circle", Scope: j.Repo, Name: "ssh-key/" + n.Str()}, at)
		j.Edge(inventory.Reads, s.Part, slot, "circle-ssh-key", inventory.Certain, at)
	})
}

// ambient are the variables that the commands of an orb read on their own, after the orbs' documentation.
var ambient = map[string][]string{
	"circleci/aws-cli": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, "circleci/aws-ecr": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
	"circleci/aws-ecs": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, "circleci/aws-s3": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"},
	"circleci/aws-eks": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, "circleci/gcp-cli": {"GCLOUD_SERVICE_KEY"},
	"circleci/gcp-gcr": {"GCLOUD_SERVICE_KEY"}, "circleci/gcp-gke": {"GCLOUD_SERVICE_KEY"}, "circleci/slack": {"SLACK_ACCESS_TOKEN"},
	"circleci/docker": {"DOCKER_PASSWORD"}, "circleci/heroku": {"HEROKU_API_KEY"}, "codecov/codecov": {"CODECOV_TOKEN"},
	"snyk/snyk": {"SNYK_TOKEN"}, "sonarsource/sonarcloud": {"SONAR_TOKEN"}, "circleci/github-cli": {"GITHUB_TOKEN"},
	"circleci/azure-cli": {"AZURE_SP_PASSWORD"}, "cypress-io/cypress": {"CYPRESS_RECORD_KEY"}, "coveralls/coveralls": {"COVERALLS_REPO_TOKEN"},
	"circleci/jira": {"JIRA_WEBHOOK_TOKEN"}, "contextual/terraform": {}, "getsentry/sentry-circleci-orb": {"SENTRY_AUTH_TOKEN"},
}

var variableName = lazy.New(`^[A-Z][A-Z0-9_]{3,}$`)

// orb reads a command or job of an orb: the variables that it is told, and those that it reads on its own.
func (j *job) orb(s *pipeline.Scope, name string, n *tree.Node, p tree.Path) {
	alias, _, _ := strings.Cut(name, "/")
	role := n.Get("role_arn").Str()
	if role == "" {
		role = n.Get("role-arn").Str()
	}
	at := artifact.At(n, p)
	if role != "" && !strings.ContainsAny(role, "$<") {
		s.Identity("aws", role, at)
	}
	j.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		v := filled(pair.Value, j.values)
		if v != nil && v.Kind == tree.Scalar && variableName.MatchString(v.Value) {
			for _, t := range s.Name(v.Value, artifact.At(v, p)) { // a parameter of the type env_var_name
				j.Edge(inventory.Reads, s.Part, t.ID, "circle-orb-parameter", inventory.Weakest(t.Sure, inventory.High), artifact.At(v, p))
			}
			return
		}
		if pair.Key != "context" && pair.Key != "name" {
			s.Argument(pair.Key, v, p, false)
		}
	})
	for _, variable := range ambient[strings.ToLower(j.orbs[alias])] {
		if role != "" && strings.HasPrefix(variable, "AWS_") {
			continue
		}
		for _, t := range s.Name(variable, at) {
			j.Edge(inventory.Reads, s.Part, t.ID, "circle-orb", inventory.Medium, at)
		}
	}
}
