// Package format is the table of the file formats that Rotamap reads.
package format

import (
	"slices"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/activepieces"
	"github.com/rotamap/rotamap/scanner/format/airbyte"
	"github.com/rotamap/rotamap/scanner/format/airflow"
	"github.com/rotamap/rotamap/scanner/format/alertmanager"
	"github.com/rotamap/rotamap/scanner/format/ansible"
	"github.com/rotamap/rotamap/scanner/format/appconfig"
	"github.com/rotamap/rotamap/scanner/format/appsscript"
	"github.com/rotamap/rotamap/scanner/format/azurepipelines"
	"github.com/rotamap/rotamap/scanner/format/bitbucket"
	"github.com/rotamap/rotamap/scanner/format/buildkite"
	"github.com/rotamap/rotamap/scanner/format/buildtool"
	"github.com/rotamap/rotamap/scanner/format/cdk"
	"github.com/rotamap/rotamap/scanner/format/circleci"
	"github.com/rotamap/rotamap/scanner/format/client"
	"github.com/rotamap/rotamap/scanner/format/cloudbuild"
	"github.com/rotamap/rotamap/scanner/format/cloudformation"
	"github.com/rotamap/rotamap/scanner/format/cloudfoundry"
	"github.com/rotamap/rotamap/scanner/format/codebuild"
	"github.com/rotamap/rotamap/scanner/format/codeowners"
	"github.com/rotamap/rotamap/scanner/format/compose"
	"github.com/rotamap/rotamap/scanner/format/concourse"
	"github.com/rotamap/rotamap/scanner/format/dagster"
	"github.com/rotamap/rotamap/scanner/format/dbt"
	"github.com/rotamap/rotamap/scanner/format/dependabot"
	"github.com/rotamap/rotamap/scanner/format/dockerfile"
	"github.com/rotamap/rotamap/scanner/format/dotenv"
	"github.com/rotamap/rotamap/scanner/format/dotnet"
	"github.com/rotamap/rotamap/scanner/format/drone"
	"github.com/rotamap/rotamap/scanner/format/githubactions"
	"github.com/rotamap/rotamap/scanner/format/gitlabci"
	"github.com/rotamap/rotamap/scanner/format/grafana"
	"github.com/rotamap/rotamap/scanner/format/homeassistant"
	"github.com/rotamap/rotamap/scanner/format/host"
	"github.com/rotamap/rotamap/scanner/format/insomnia"
	"github.com/rotamap/rotamap/scanner/format/jenkins"
	"github.com/rotamap/rotamap/scanner/format/kestra"
	"github.com/rotamap/rotamap/scanner/format/kubernetes"
	"github.com/rotamap/rotamap/scanner/format/make"
	"github.com/rotamap/rotamap/scanner/format/n8n"
	"github.com/rotamap/rotamap/scanner/format/nodered"
	"github.com/rotamap/rotamap/scanner/format/owners"
	"github.com/rotamap/rotamap/scanner/format/paas"
	"github.com/rotamap/rotamap/scanner/format/pipedream"
	"github.com/rotamap/rotamap/scanner/format/postman"
	"github.com/rotamap/rotamap/scanner/format/powerautomate"
	"github.com/rotamap/rotamap/scanner/format/prefect"
	"github.com/rotamap/rotamap/scanner/format/pulumi"
	"github.com/rotamap/rotamap/scanner/format/retool"
	"github.com/rotamap/rotamap/scanner/format/salesforce"
	"github.com/rotamap/rotamap/scanner/format/serverless"
	"github.com/rotamap/rotamap/scanner/format/sops"
	"github.com/rotamap/rotamap/scanner/format/spring"
	"github.com/rotamap/rotamap/scanner/format/stepfunctions"
	"github.com/rotamap/rotamap/scanner/format/story"
	"github.com/rotamap/rotamap/scanner/format/target"
	"github.com/rotamap/rotamap/scanner/format/teamcity"
	"github.com/rotamap/rotamap/scanner/format/terraform"
	"github.com/rotamap/rotamap/scanner/format/timers"
	"github.com/rotamap/rotamap/scanner/format/travis"
	"github.com/rotamap/rotamap/scanner/format/uipath"
	"github.com/rotamap/rotamap/scanner/format/windmill"
	"github.com/rotamap/rotamap/scanner/format/workato"
	"github.com/rotamap/rotamap/scanner/format/zapier"
)

// All returns the rows, in the order in which they are asked.
func All() []artifact.Format {
	return slices.Concat(workloads(), automations(), pipelines(), applications())
}

// workloads are the formats of what runs and how it is started.
func workloads() []artifact.Format {
	return []artifact.Format{
		kubernetes.Format(),
		dockerfile.Format(),
		compose.Format(),
		dotenv.Format(),
		githubactions.Format(),
		codeowners.Format(),
		owners.Backstage(),
		owners.Prow(),
		owners.Packages(),
		target.NPM(),
		target.Make(),
		target.Task(),
		target.Just(),
		target.Deno(),
		target.Composer(),
		target.CDK(),
		spring.Format(),
		dotnet.Settings(),
		dotnet.Config(),
		buildtool.Maven(),
		buildtool.Gradle(),
	}
}

// automations are the formats of workflow exports and of what runs them.
func automations() []artifact.Format {
	return []artifact.Format{
		n8n.Workflows(),
		n8n.Credentials(),
		n8n.EncryptionKey(),
		nodered.Flows(),
		nodered.Credentials(),
		nodered.Settings(),
		make.Format(),
		make.Hooks(),
		zapier.Format(),
		powerautomate.Flows(),
		powerautomate.Workflows(),
		powerautomate.Connections(),
		powerautomate.Solution(),
		powerautomate.Variable(),
		airflow.DAGs(),
		airflow.Connections(),
		airflow.Variables(),
		airflow.Tasks(),
		postman.Collections(),
		postman.Environments(),
		insomnia.Format(),
		alertmanager.Alertmanager(),
		alertmanager.Prometheus(),
		grafana.Format(),
		kestra.Format(),
		stepfunctions.Format(),
		workato.Recipes(),
		workato.Connections(),
		homeassistant.Format(),
		homeassistant.Secrets(),
		dbt.Format(),
		salesforce.Credentials(),
		salesforce.Apex(),
		windmill.Workflows(),
		windmill.Resources(),
		windmill.Variables(),
		story.Huginn(),
		story.Tines(),
		activepieces.Format(),
		pipedream.Workflows(),
		pipedream.Components(),
		retool.Apps(),
		retool.Resources(),
		uipath.Projects(),
		uipath.Workflows(),
		uipath.Config(),
		prefect.Deployments(),
		prefect.Flows(),
		dagster.Definitions(),
		dagster.Instance(),
		appsscript.Format(),
		airbyte.Format(),
	}
}

// pipelines are the formats of CI systems and of infrastructure as code.
func pipelines() []artifact.Format {
	return []artifact.Format{
		gitlabci.Format(),
		terraform.Format(),
		terraform.Containers(),
		terraform.Terragrunt(),
		jenkins.Format(),
		jenkins.Casc(),
		jenkins.XML(),
		circleci.Format(),
		azurepipelines.Format(),
		bitbucket.Format(),
		drone.Drone(),
		drone.Woodpecker(),
		buildkite.Format(),
		concourse.Format(),
		travis.Format(),
		teamcity.Format(),
		codebuild.Format(),
		cloudbuild.Format(),
		cloudformation.Format(),
		cdk.Format(),
		cloudfoundry.Manifest(),
		cloudfoundry.Values(),
		paas.Render(),
		paas.Heroku(),
		paas.DigitalOcean(),
		paas.AppEngine(),
		paas.Copilot(),
		serverless.Format(),
		ansible.Format(),
		ansible.Templates(),
		pulumi.Format(),
		sops.Files(),
		sops.Config(),
		sops.GitCrypt(),
	}
}

// applications are the formats of the configuration of applications.
func applications() []artifact.Format {
	return []artifact.Format{
		appconfig.RailsYAML(),
		appconfig.RubySettings(),
		appconfig.RailsCredentials(),
		appconfig.SymfonyYAML(),
		appconfig.SymfonyVault(),
		appconfig.NodeConfig(),
		host.Systemd(),
		host.Crontab(),
		host.Procfile(),
		host.Supervisor(),
		host.RubySchedule(),
		host.Whenever(),
		host.Vercel(),
		timers.Format(),
		client.Packages(),
		client.Clouds(),
		client.Setups(),
		dependabot.Format(),
		client.Logins(),
		client.Docker(),
		client.Kubeconfig(),
	}
}
