// Package format is the table of the file formats that Rotamap reads.
package format

import (
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/airflow"
	"github.com/rotamap/rotamap/scanner/format/alertmanager"
	"github.com/rotamap/rotamap/scanner/format/azurepipelines"
	"github.com/rotamap/rotamap/scanner/format/circleci"
	"github.com/rotamap/rotamap/scanner/format/codeowners"
	"github.com/rotamap/rotamap/scanner/format/compose"
	"github.com/rotamap/rotamap/scanner/format/dbt"
	"github.com/rotamap/rotamap/scanner/format/dockerfile"
	"github.com/rotamap/rotamap/scanner/format/dotenv"
	"github.com/rotamap/rotamap/scanner/format/githubactions"
	"github.com/rotamap/rotamap/scanner/format/gitlabci"
	"github.com/rotamap/rotamap/scanner/format/grafana"
	"github.com/rotamap/rotamap/scanner/format/homeassistant"
	"github.com/rotamap/rotamap/scanner/format/insomnia"
	"github.com/rotamap/rotamap/scanner/format/jenkins"
	"github.com/rotamap/rotamap/scanner/format/kestra"
	"github.com/rotamap/rotamap/scanner/format/kubernetes"
	"github.com/rotamap/rotamap/scanner/format/make"
	"github.com/rotamap/rotamap/scanner/format/n8n"
	"github.com/rotamap/rotamap/scanner/format/nodered"
	"github.com/rotamap/rotamap/scanner/format/postman"
	"github.com/rotamap/rotamap/scanner/format/powerautomate"
	"github.com/rotamap/rotamap/scanner/format/salesforce"
	"github.com/rotamap/rotamap/scanner/format/stepfunctions"
	"github.com/rotamap/rotamap/scanner/format/target"
	"github.com/rotamap/rotamap/scanner/format/terraform"
	"github.com/rotamap/rotamap/scanner/format/workato"
	"github.com/rotamap/rotamap/scanner/format/zapier"
)

// All returns the rows, in the order in which they are asked.
func All() []artifact.Format {
	return []artifact.Format{
		kubernetes.Format(),
		dockerfile.Format(),
		compose.Format(),
		dotenv.Format(),
		githubactions.Format(),
		codeowners.Format(),
		target.NPM(),
		target.Make(),
		target.Task(),
		target.Just(),
		n8n.Workflows(),
		n8n.Credentials(),
		n8n.EncryptionKey(),
		nodered.Flows(),
		nodered.Credentials(),
		nodered.Settings(),
		make.Format(),
		zapier.Format(),
		powerautomate.Flows(),
		powerautomate.Workflows(),
		powerautomate.Connections(),
		powerautomate.Solution(),
		powerautomate.Variable(),
		airflow.DAGs(),
		airflow.Connections(),
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
		gitlabci.Format(),
		terraform.Format(),
		jenkins.Format(),
		circleci.Format(),
		azurepipelines.Format(),
	}
}
