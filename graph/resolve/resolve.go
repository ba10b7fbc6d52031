package resolve

import "github.com/rotamap/rotamap/graph/inventory"

// Rule is one row of the table of resolution rules.
type Rule struct {
	ID    string // as in docs/resolution.md; the edges it makes carry it
	Title string
	Apply func(*View)
}

// All returns the rules in the order in which they run: a later rule sees what an earlier one added.
func All() []Rule {
	return []Rule{
		{"R7-kustomize", "names in files that a kustomization, Flux or Argo CD places", passPlacesDown},
		{"R16-override", "Dockerfiles and variables of Compose files that are laid over one in a folder above", joinOverrides},
		{"R12-documented", "variables of a sample file and of the file that it documents", joinSamples},
		{"R1-listing", "levels of a store that a names listing settles", settleLevels},
		{"R4-renamed", "workflows that a repository calls by the name which it had before", joinRenamed},
		{"R4-inherit", "what callers hand to reusable workflows and actions", joinCalls},
		{"R4-extends", "jobs and the jobs of other files that they build on", joinExtended},
		{"R7-namespace", "a Kubernetes Secret that is named without its namespace or cluster", joinKubernetesScopes},
		{"R7-substitute", "variables that Flux fills in what it applies", joinSubstitutions},
		{"R8-values-from", "values files that reach a release through a generated map", joinValuesFiles},
		{"R9-copies", "names behind a store or a set that is copied whole", followCopies},
		{"R15-state", "outputs of another state and the folder that hands them out", joinStates},
		{"R15-name", "names of entries that callers hand to a module", joinEntryNames},
		{"R15-glob", "names of which a part is computed", joinGlobs},
		{"R15-generated", "variables that Terragrunt declares in every module", joinGenerated},
		{"R15-variable", "variables of Terraform that the environment of a command fills", joinTerraformVariables},
		{"R19-sops", "what is decrypted from a file of SOPS and what the file holds", joinEncryptedFiles},
		{"R9-scope", "an entry that is named without its account, region, project or folder", joinOpenScopes},
		{"R9-project", "keys of a configuration of Pulumi that a file below the project's folder asks for", joinProjects},
		{"R9-passed", "one key of an entry that a module or a template is handed whole", joinPassedKeys},
		{"R9-entry", "keys of an entry and the entry as a whole", joinEntries},
		{"R17-form", "one value written in different ways", joinForms},
		{"R19-file", "secrets whose text is a file of the source", joinValueFiles},
		{"R7-env-from", "keys of a whole set that a consumer takes in", expandPatterns},
		{"R15-computed", "entries whose name is computed in part and that no other entry is", standComputed},
		{"class-use", "entries whose consumers say that they are credentials", classByUse},
		{"n8n-id", "one credential of n8n under its instance and its export", joinN8n},
		{"R10-configtree", "files that a program takes in as properties", joinConfigTrees},
		{"R11-setting", "properties that code reads, the configuration files of its module and the variables that set them", joinProperties},
		{"R5-casc", "variables of a Jenkins controller's configuration and what its container binds", joinCasc},
		{"setting", "settings that code asks for and the lines of settings files that define them", joinSettings},
		{"R5-action", "environment of a step in the composite action that it uses", joinActionEnvironments},
		{"R5-template", "variables that a template sets in the job that takes it in", joinTemplates},
		{"R5-client", "files in which a client program that a part runs keeps its credentials", joinClients},
		{"R5-fill", "variables of a file that a command fills from its environment", joinFilled},
		{"R5-deploy", "variables of a file that a tool which deploys it fills from its environment", joinDeployed},
		{"R15-unit", "what a unit of Terragrunt takes from the environment of the command that applies it", joinUnits},
		{"R5-source", "what a text fetches and exports, in what takes it in and in what it starts", joinExported},
		{"R5-workspace", "scripts of packages of a workspace that a filter names, or whose name is computed", joinWorkspaces},
		{"R5-above", "targets that a Dockerfile in a folder of its own runs by name", joinAbove},
		{"R5-script", "environment of a part in the files that it runs", joinScripts},
		{"R5-tool", "files that a runner of tests, a bundler or a tool of a database loads by convention", joinTools},
		{"R16-image", "containers and the program that their image is built from", joinImages},
		{"R16-names", "parts of which no file says what they run and the program that reads the names which they bind", joinNamesakes},
		{"setting-context", "code that asks for settings, where a part runs the file that defines them", joinSettingContexts},
		{"R16-platform", "variables that a command sets on a platform and the program of its folder", joinPlatforms},
		{"R13-source", "variables of a file that a script takes in by its path", joinSourced},
		{"R13-dotenv", "variables of a .env file in the code beside it", joinDotenv},
		{"R5-worker", "programs that an automation is, and the workers that run them", joinWorkers},
		{"symfony-vault", "variables that a vault of the framework holds", joinFrameworkVaults},
		{"env-name", "names that code reads and nothing in the scan binds", nameEnvironment},
		{"R4-unbounded", "slots that an unbounded reference takes in", openPatterns},
		{"R20-counterpart", "credentials of one service and name in different stores", joinCounterparts},
		{"service-use", "the service of a credential, by the parts that use it", serviceByUse},
		{"trigger", "automations that start each other by name or by endpoint", joinTriggers},
		{"CODEOWNERS", "owners of what stands in a file", joinOwners},
	}
}

// Run loads a map into a view and applies every rule.
func Run(m inventory.Map) *View { return RunWith(m, All()) }

// RunWith loads a map into a view and applies some of the rules, in the order given.
func RunWith(m inventory.Map, rules []Rule) *View {
	v := NewView(m)
	for _, r := range rules {
		r.Apply(v)
	}
	return v
}
