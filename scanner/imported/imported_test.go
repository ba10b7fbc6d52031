package imported

import (
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestListings reads one small listing of every shape, as its program prints it, and checks the ids that it yields.
func TestListings(t *testing.T) {
	for name, c := range map[string]struct {
		scope, text, want string
		sources           []string
	}{
		"github, one repository": {text: `[{"name":"A_B","updatedAt":"2026-01-01T00:00:00Z"}]`, sources: []string{"github.com/acme/shop"},
			want: "gh:acme/shop/* gh:acme/shop/A_B"},
		"github, scope given": {scope: "gh:acme/shop@env:live", text: `{"total_count":1,"secrets":[{"name":"a","created_at":"x","updated_at":"y"}]}`,
			want: "gh:acme/shop@env:live/* gh:acme/shop@env:live/A"},
		"github, organisation by its URL": {text: `[{"name":"N","visibility":"selected","selectedReposURL":"https://api.github.com/orgs/acme/actions/secrets/N/repositories"}]`,
			want: "gh-org:acme/* gh-org:acme/N"},
		"gitlab": {scope: "gitlab:acme/shop", text: `[{"variable_type":"env_var","key":"T","value":"x","environment_scope":"production"},{"variable_type":"file","key":"K","value":"y","environment_scope":"*"}]`,
			want: "gitlab:acme/shop/* gitlab:acme/shop/K gitlab:acme/shop@env:production/T"},
		"gitlab group": {scope: "gitlab-group:acme", text: `[{"variable_type":"env_var","key":"T","value":"x"}]`, want: "gitlab-group:acme/* gitlab-group:acme/T"},
		"vault":        {scope: "vault:secret/app", text: `["db","mail/","api"]`, want: "vault:*/secret/app/api vault:*/secret/app/db"},
		"aws":          {text: `{"SecretList":[{"ARN":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCd12","Name":"shop/db"}]}`, want: "aws-sm:123456789012/eu-west-1/* aws-sm:123456789012/eu-west-1/shop/db"},
		"ssm":          {text: `{"Parameters":[{"Name":"/shop/key","Type":"SecureString","ARN":"arn:aws:ssm:eu-west-1:123456789012:parameter/shop/key"}]}`, want: "aws-ssm:123456789012/eu-west-1/shop/key"},
		"google":       {text: `[{"createTime":"x","name":"projects/42/secrets/db-password"}]`, want: "gcp-sm:42/* gcp-sm:42/db-password"},
		"azure":        {text: `[{"id":"https://Acme.vault.azure.net/secrets/Mail-Key","name":"Mail-Key"}]`, want: "azkv:acme/* azkv:acme/mail-key"},
		"kubernetes": {text: `{"apiVersion":"v1","kind":"List","items":[{"kind":"Secret","type":"Opaque","metadata":{"name":"db","namespace":"shop"},"data":{"password":"eA==","user":"eA=="}}]}`,
			want: "k8s:*/shop/db#password k8s:*/shop/db#user"},
		"1password": {text: `[{"id":"abc","title":"Slack","vault":{"id":"v","name":"Ops"},"category":"API_CREDENTIAL"}]`, want: "op:ops/slack"},
		"azure groups": {scope: "ado:acme", text: `[{"id":1,"name":"live","variables":{"Key":{"isSecret":true,"value":null}}}]`,
			want: "ado:acme/group:live/* ado:acme/group:live/Key"},
		"bitbucket": {scope: "bb-workspace:acme", text: `{"values":[{"type":"pipeline_variable","key":"T","secured":true}]}`, want: "bb-workspace:acme/* bb-workspace:acme/T"},
		"circle context": {scope: "circle:context:acme/live", text: `{"items":[{"variable":"T","context_id":"c","created_at":"x"}],"next_page_token":null}`,
			want: "circle:context:acme/live/* circle:context:acme/live/T"},
		"jenkins":       {scope: "jenkins:acme", text: `{"_class":"x","credentials":[{"id":"npm","typeName":"Secret text"}]}`, want: "jenkins:acme/* jenkins:acme/npm"},
		"unknown":       {text: `{"a":[1]}`, want: "error: it is none of the files"},
		"scope missing": {text: `["a","b"]`, want: "error: paths of Vault does not say where its names live"},
	} {
		a := &artifact.Artifact{Source: "import:x", Path: "x.json", Content: []byte(c.text), State: inventory.Head}
		all, _, err := Read(a, Context{Scope: c.scope, Sources: c.sources})
		if err != nil {
			if want, ok := strings.CutPrefix(c.want, "error: "); !ok || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		f := all[0]
		var ids []string
		for _, n := range f.Set.Nodes() {
			ids = append(ids, n.ID)
			if d := n.All(inventory.AttrDefined); len(d) != 1 || d[0].Rule != ListingRule {
				t.Errorf("%s: %s is not marked as listed", name, n.ID)
			}
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, c.want)
		}
		if len(f.Literals) > 0 {
			t.Errorf("%s: a listing yields values", name)
		}
	}
}
