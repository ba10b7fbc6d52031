package githubactions

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// permissions notes what the token of a workflow or a job may do. It reports whether the file says so at all.
func (f *file) permissions(id string, n *tree.Node, p tree.Path) bool {
	switch v := n.Str(); v {
	case "write-all":
		f.Grant(id, inventory.PermitGitHub, "*: write", artifact.At(n, p))
	case "read-all":
		f.Grant(id, inventory.PermitGitHub, "*: read", artifact.At(n, p))
	}
	f.entries(n, p, func(pair tree.Pair, p tree.Path) {
		if level := pair.Value.Str(); level == "write" || level == "read" {
			f.Grant(id, inventory.PermitGitHub, pair.Key+": "+level, artifact.AtPair(pair, p))
		}
	})
	return n != nil
}

// actionNeeds are the permissions that actions need of the token that they are handed, as their documentation says;
// an action with none needs no token. Those that are not listed may do anything.
var actionNeeds = map[string][]string{
	"actions/checkout":                            {"contents: read"},
	"actions/create-release":                      {"contents: write"},
	"actions/upload-release-asset":                {"contents: write"},
	"actions/labeler":                             {"contents: read", "pull-requests: write"},
	"actions/stale":                               {"issues: write", "pull-requests: write"},
	"actions/first-interaction":                   {"issues: write", "pull-requests: write"},
	"actions/deploy-pages":                        {"pages: write", "id-token: write"},
	"actions/configure-pages":                     {"pages: read"},
	"actions/attest-build-provenance":             {"attestations: write", "id-token: write"},
	"actions/dependency-review-action":            {"contents: read"},
	"actions/delete-package-versions":             {"packages: write"},
	"github/codeql-action/init":                   {"security-events: write"},
	"github/codeql-action/autobuild":              {},
	"github/codeql-action/analyze":                {"security-events: write"},
	"github/codeql-action/upload-sarif":           {"security-events: write"},
	"softprops/action-gh-release":                 {"contents: write"},
	"ncipollo/release-action":                     {"contents: write"},
	"goreleaser/goreleaser-action":                {"contents: write"},
	"peter-evans/create-pull-request":             {"contents: write", "pull-requests: write"},
	"peter-evans/create-or-update-comment":        {"issues: write", "pull-requests: write"},
	"peter-evans/find-comment":                    {"issues: read"},
	"peter-evans/repository-dispatch":             {"contents: write"},
	"marocchino/sticky-pull-request-comment":      {"pull-requests: write"},
	"thollander/actions-comment-pull-request":     {"pull-requests: write"},
	"mshick/add-pr-comment":                       {"pull-requests: write"},
	"amannn/action-semantic-pull-request":         {"pull-requests: read"},
	"dorny/paths-filter":                          {"pull-requests: read"},
	"tj-actions/changed-files":                    {"pull-requests: read"},
	"stefanzweifel/git-auto-commit-action":        {"contents: write"},
	"ad-m/github-push-action":                     {"contents: write"},
	"endbug/add-and-commit":                       {"contents: write"},
	"peaceiris/actions-gh-pages":                  {"contents: write"},
	"jamesives/github-pages-deploy-action":        {"contents: write"},
	"googleapis/release-please-action":            {"contents: write", "pull-requests: write"},
	"google-github-actions/release-please-action": {"contents: write", "pull-requests: write"},
	"release-drafter/release-drafter":             {"contents: write", "pull-requests: read"},
	"changesets/action":                           {"contents: write", "pull-requests: write"},
	"docker/login-action":                         nil, // see registryNeed
	"dependabot/fetch-metadata":                   {"pull-requests: read"},
	"pascalgn/automerge-action":                   {"contents: write", "pull-requests: write"},
	"azure/login":                                 {"id-token: write"},
	"aws-actions/configure-aws-credentials":       {"id-token: write"},
	"google-github-actions/auth":                  {"id-token: write"},
	"hashicorp/vault-action":                      {"id-token: write"},
	"sigstore/cosign-installer":                   {},
	"docker/build-push-action":                    {},
	"docker/setup-buildx-action":                  {},
	"docker/setup-qemu-action":                    {},
	"docker/metadata-action":                      {"contents: read"},
	"actions/cache":                               {},
	"actions/cache/restore":                       {},
	"actions/cache/save":                          {},
	"actions/upload-artifact":                     {},
	"actions/download-artifact":                   {},
	"actions/setup-node":                          {},
	"actions/setup-python":                        {},
	"actions/setup-go":                            {},
	"actions/setup-java":                          {},
	"actions/setup-dotnet":                        {},
	"actions/upload-pages-artifact":               {},
	"actions/create-github-app-token":             {},
	"ruby/setup-ruby":                             {},
	"pnpm/action-setup":                           {},
	"hashicorp/setup-terraform":                   {},
	"golangci/golangci-lint-action":               {"contents: read"},
}

// actionNeed says what a step's action needs of its token. What cannot be seen counts only where the file says what
// the token may do: elsewhere it would say nothing.
func (st *step) actionNeed(name string) {
	needs, known := actionNeeds[strings.ToLower(name)]
	switch {
	case name == "docker/login-action":
		if host := st.text("registry"); host == "ghcr.io" || strings.HasPrefix(host, "docker.pkg.github") {
			st.Use(st.part, inventory.PermitGitHub, "packages: write", st.at)
		}
	case builders[strings.ToLower(name)]:
		if push := st.text("push"); push != "" && push != "false" {
			st.Use(st.part, inventory.PermitOperation, "registry: write", st.at)
		}
	case !known:
		if st.limited {
			st.Use(st.part, inventory.PermitGitHub, inventory.UseUnseen, st.at)
		}
	}
	for _, need := range needs {
		if need == "id-token: write" && st.handed(minters[strings.ToLower(name)].from) {
			continue // it logs in with what it is handed
		}
		st.Use(st.part, inventory.PermitGitHub, need, st.at)
	}
}

// handed reports whether one of the inputs holds something.
func (st *step) handed(inputs []string) bool {
	return slices.ContainsFunc(inputs, func(name string) bool { return st.with[name].binding != "" })
}

// appGrants reads what a token of an app is limited to when it is made: permission-contents: write.
func (st *step) appGrants(derived string) {
	for name, in := range st.with {
		if what, ok := strings.CutPrefix(name, "permission-"); ok && (in.node.Str() == "read" || in.node.Str() == "write") {
			st.Grant(derived, inventory.PermitGitHub, what+": "+in.node.Str(), st.place(in))
		}
	}
}
