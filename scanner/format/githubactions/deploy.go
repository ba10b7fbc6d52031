package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/target"
)

// deployInput is an input whose lines set variables of a program on a platform: NAME=value, or with named the name of a
// variable of the step.
type deployInput struct {
	input, platform string
	named           bool
}

// deployInputs are those of the actions that deploy. Sources: the inputs of each.
var deployInputs = map[string]deployInput{
	"google-github-actions/deploy-cloudrun":         {"env_vars", "gcloud", false},
	"google-github-actions/deploy-cloud-functions":  {"environment_variables", "gcloud", false},
	"cloudflare/wrangler-action":                    {"secrets", "cloudflare", true},
	"dokku/github-action":                           {"deploy_env", "dokku", false},
	"aws-actions/amazon-ecs-render-task-definition": {"environment-variables", "ecs", false},
}

// toolActions are the actions that start a tool which loads files by convention, with the input that names its folder.
var toolActions = map[string]struct{ tool, folder string }{
	"goreleaser/goreleaser-action":         {"release:goreleaser", "workdir"},
	"serverless/github-action":             {"deploy:serverless", ""},
	"dawidd6/action-ansible-playbook":      {"deploy:ansible", "directory"},
	"hoverkraft-tech/compose-action":       {"deploy:compose", ""},
	"cypress-io/github-action":             {"test:cypress", "working-directory"},
	"pavelzw/pytest-action":                {"test:pytest", ""},
	"artiomtr/jest-coverage-report-action": {"test:jest", "working-directory"},
}

// deploys reads a step that sets variables of a program on a platform, or starts a tool.
func (st *step) deploys(name string) {
	if t, ok := toolActions[name]; ok {
		if source, dir := st.whereabouts(path.Join(".", st.text(t.folder))); source != "" && !strings.Contains(dir, "{{") {
			target.Start(st.Facts, st.part, source, strings.Trim(dir, "/"), code.Run{Kind: "tool", Path: t.tool}, "R5-run", inventory.Medium, st.at)
		}
	}
	in, ok := deployInputs[name]
	if !ok {
		return
	}
	dir := st.text("workingdirectory")
	if strings.Contains(dir, "{{") || strings.HasPrefix(path.Clean("./"+dir), "..") {
		return
	}
	set := func(name, id string, sure inventory.Confidence, at artifact.Place) {
		ref := inventory.SlotRef{Store: "app-env", Scope: st.Artifact.Source, Name: path.Join(dir, in.platform), Key: name}
		st.Edge(inventory.CopiesFrom, st.entry(ref, at), id, "gha-deploy-variable", inventory.Weakest(sure, inventory.High), at)
	}
	if !in.named {
		st.handedOver(in.input, false, set)
		return
	}
	text := st.with[in.input]
	for _, name := range strings.Fields(text.node.Str()) {
		if id := st.visible(name); id != "" {
			set(name, id, inventory.High, st.place(text))
		}
	}
}
