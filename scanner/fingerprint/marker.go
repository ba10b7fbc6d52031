package fingerprint

import "strings"

// markers are the public prefixes by which providers tell the types of their tokens. They say nothing of the
// value. Longer ones stand before those that they start with.
var markers = []string{
	"github_pat_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-",
	"xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxe.", "xapp-", "sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_",
	"pk_live_", "pk_test_", "AKIA", "ASIA", "AIza", "ya29.", "GOCSPX-", "SG.", "key-", "npm_", "pypi-", "rubygems_", "dop_v1_",
	"doo_v1_", "dckr_pat_", "hvs.", "hvb.", "sk-ant-", "sk-proj-", "sk-or-", "hf_", "gsk_", "lin_api_", "ntn_", "shpat_", "shpss_",
	"shpca_", "sq0csp-", "sq0atp-", "EAAA", "figd_", "PMAK-", "NRAK-", "dapi", "glsa_", "tskey-", "pscale_tkn_", "sbp_", "atlasv1.",
	"eyJ",
}

// marker returns the public prefix of a token, "" for none. What follows must be long enough to be a secret.
func marker(value string) string {
	for _, m := range markers {
		if rest, ok := strings.CutPrefix(value, m); ok && len(rest) >= 12 && !strings.ContainsAny(rest, " \n") {
			return m
		}
	}
	return ""
}
