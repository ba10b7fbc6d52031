package detect_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/rules/detect"
)

// Each spelling gives the canonical id of its slot; text that only looks alike gives none.
func TestStoreReferences(t *testing.T) {
	for text, want := range map[string]string{
		"op://Prod/Stripe/api key":          "op:prod/stripe/api key whole",
		"postgres://app:op://prod/db/pw@db": "op:prod/db/pw",
		"read op://prod/db/pw and more":     "op:prod/db/pw",
		"arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/slack-AbC123:url::": "aws-sm:123456789012/eu-west-1/acme/slack#url whole",
		"arn:aws:ssm:eu-west-1:123456789012:parameter/acme/token":                      "aws-ssm:123456789012/eu-west-1/acme/token whole",
		"projects/acme/secrets/db-password/versions/latest":                            "gcp-sm:acme/db-password whole",
		"https://Acme-Prod.vault.azure.net/secrets/Mailer-Key/0123456789abcdef":        "azkv:acme-prod/mailer-key whole",
		"@Microsoft.KeyVault(VaultName=acme;SecretName=db)":                            "azkv:acme/db whole",
		"<path:kv/data/app#token>":                                                     "vault:*/kv/app#token whole",
		"<path:kv/data/app#token | base64encode>":                                      "vault:*/kv/app#token whole",
		"vault:secret/data/app#pw":                                                     "vault:*/secret/app#pw whole",
		"ref+vault://secret/data/app#/pw":                                              "vault:*/secret/app#pw whole",
		"ref+awsssm://acme/token?region=eu-west-1":                                     "aws-ssm:*/*/acme/token whole",
		"{{ op://prod/db/pw }}":                                                        "op:prod/db/pw whole",
		"vault: a thing":                                                               "",
		"see https://vault.azure.net/":                                                 "",
		"postgres://app@db/app":                                                        "",
	} {
		got := ""
		for _, r := range detect.StoreReferences(text) {
			got += r.Slot.ID()
			if r.Whole {
				got += " whole"
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}
