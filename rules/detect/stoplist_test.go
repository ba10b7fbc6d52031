package detect

import "testing"

// TestIgnored: what a platform supplies is left out, what people set under a platform's prefix is not.
func TestIgnored(t *testing.T) {
	for name, want := range map[string]bool{
		"PATH": true, "LC_ALL": true, "GITHUB_SHA": true, "CI_COMMIT_SHA": true, "REDIS_SERVICE_HOST": true,
		"RUNNER_TEMP": true, "NODE_ENV": true, "VERCEL_URL": true,
		"GITHUB_TOKEN": false, "CI_JOB_TOKEN": false, "SYSTEM_ACCESSTOKEN": false, "AWS_SESSION_TOKEN": false,
		"VERCEL_TOKEN": false, "SYSTEM_CLIENT_SECRET_ORDERS": false, "HEROKU_API_KEY": false, "GITHUB_APP_PRIVATE_KEY": false, "CI_DEPLOY_KEY": false,
		"DATABASE_URL": false, "path": false, "STRIPE_KEY": false, "": false,
	} {
		if got := Ignored(name); got != want {
			t.Errorf("Ignored(%q) = %v, want %v", name, got, want)
		}
	}
}
