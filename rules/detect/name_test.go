package detect

import (
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

func TestClassifyName(t *testing.T) {
	for name, want := range map[string]inventory.Class{
		"DB_PASSWORD": inventory.ClassCredential, "slackToken": inventory.ClassCredential, "STRIPE_API_KEY": inventory.ClassCredential,
		"SECRET_KEY_BASE": inventory.ClassCredential, "smtp-password": inventory.ClassCredential, "SLACK_WEBHOOK_URL": inventory.ClassCredential,
		"AWS_SECRET_ACCESS_KEY": inventory.ClassCredential, "connectionString": inventory.ClassCredential, "DBPASSWORD": inventory.ClassCredential,
		"VITE_API_TOKEN": inventory.ClassCredential, "VERCEL_TOKEN": inventory.ClassCredential, "SENTRY_DSN": inventory.ClassCredential,
		"AWS_ACCESS_KEY_ID": inventory.ClassIdentifier, "CLIENT_ID": inventory.ClassIdentifier, "HCAPTCHA_SITE_KEY": inventory.ClassConfig, "RULE_ID_EAST": inventory.ClassIdentifier,
		"SITE_API_KEY": inventory.ClassCredential, "GOOGLE_SERVICE_ACCOUNT_JSON": inventory.ClassCredential, "TOKEN_ID_SECRET_EAST": inventory.ClassCredential, "DB_HOST": inventory.ClassIdentifier,
		"S3_BUCKET": inventory.ClassIdentifier, "AWS_OIDC_ROLE_TO_ASSUME": inventory.ClassIdentifier, "SMTP_USERNAME": inventory.ClassIdentifier,
		"DB_PASSWORD_FILE": inventory.ClassPointer, "API_TOKEN_PATH": inventory.ClassPointer, "TLS_SECRET_NAME": inventory.ClassPointer,
		"GITHUB_TOKEN": inventory.ClassEphemeral, "CI_JOB_TOKEN": inventory.ClassEphemeral, "System.AccessToken": inventory.ClassEphemeral,
		"PATH": inventory.ClassConfig, "LOG_FORMAT": inventory.ClassConfig, "TOKEN_TTL": inventory.ClassConfig, "PASSWORD_RESET_ENABLED": inventory.ClassConfig,
		"REDIS_URL": inventory.ClassUnknown, "SSH_KEYS": inventory.ClassCredential, "TLS_CERT": inventory.ClassUnknown,
		"secrets.S3_BUCKET": inventory.ClassIdentifier, "secrets.TWILIO_PHONE_NUMBER": inventory.ClassConfig, "inputs.token": inventory.ClassCredential,
		"OPENAI_MAX_TOKENS": inventory.ClassConfig, "automountServiceAccountToken": inventory.ClassConfig, "PASSWORD_RULES": inventory.ClassConfig,
		"OTP_KEEP_ALIVE": inventory.ClassConfig, "SALT_ROTATION": inventory.ClassConfig,
		"min_password_score": inventory.ClassConfig, "password_max_attempts": inventory.ClassConfig, "otp_valid_for": inventory.ClassConfig, "API_TOKENS": inventory.ClassCredential,
		"ENCRYPTION_SECONDARY_KEY": inventory.ClassCredential, "WEATHERAPI_KEY": inventory.ClassCredential, "APP_KEY": inventory.ClassCredential,
		"DD_APP_KEY": inventory.ClassCredential, "PUSHER_APP_KEY": inventory.ClassUnknown, "SORT_SECONDARY_KEY": inventory.ClassUnknown,
		"POSTGRES_PORT-v16": inventory.ClassIdentifier, "POSTGRES-PASS-v16": inventory.ClassCredential, "TOKEN_DATABASE": inventory.ClassIdentifier,
		"CREDENTIALS_DIRECTORY": inventory.ClassPointer, "proxy_pass": inventory.ClassConfig, "PROXY_PASS": inventory.ClassCredential, "INIT_PASS_VARS": inventory.ClassConfig,
		"JWT_EXPIRE_TIME": inventory.ClassConfig, "TOKEN_THROTTLE_RATE": inventory.ClassConfig, "SECRET_FRONTEND_IPS": inventory.ClassIdentifier,
		"DETECT_SECRETS_SPEC": inventory.ClassConfig, "SECRET_DETECTION_USERS": inventory.ClassConfig, "SECRETS_MANAGER_TOKEN": inventory.ClassCredential,
		"PASSWORD_REQUIRE_SPECIAL": inventory.ClassConfig, "API_ALLOW_BASIC_AUTH": inventory.ClassConfig, "chat_token_limits_per_minute": inventory.ClassConfig,
		"USE_TOKEN": inventory.ClassConfig, "ACCOUNT_USE_TOKEN": inventory.ClassCredential, "VERIFY_TOKEN": inventory.ClassCredential, "ValidateToken": inventory.ClassConfig,
		"SECRET_DOMAIN": inventory.ClassIdentifier, "SECRET_HOME_LATITUDE": inventory.ClassIdentifier, "SLACK_WEBHOOK_URL_OPS_CHANNEL": inventory.ClassCredential,
		"secret_manager_arns": inventory.ClassIdentifier, "ssh_key_pub": inventory.ClassIdentifier, "mbusername": inventory.ClassIdentifier,
		"TOKEN_ENDPOINT_AUTH_METHOD": inventory.ClassConfig, "SONAR_TOKEN_BACKEND": inventory.ClassCredential, "IAM_PATH": inventory.ClassIdentifier,
		"init-user.json": inventory.ClassConfig, "E2E_TEST_USER_NORTH": inventory.ClassIdentifier, "GH_ROLE_ARN_JOURNEY_MAP": inventory.ClassIdentifier,
		"DB_SSL_ROOT_CERT": inventory.ClassIdentifier, "tls.crt": inventory.ClassIdentifier, "ONEPASSWORD_VAULT": inventory.ClassConfig,
		"OAUTH2_PROXY_PASS_USER_HEADERS": inventory.ClassIdentifier, "kubernetes/1password/op_credentials_json": inventory.ClassCredential,
		"PULL_SECRET_NAMES": inventory.ClassPointer,
		"":                  inventory.ClassConfig, "42": inventory.ClassConfig,
	} {
		if got := ClassifyName(name); got.Class != want {
			t.Errorf("ClassifyName(%q) = %s (%s), want %s", name, got.Class, got.Why, want)
		}
	}
}

// A secret store may hold plain settings: their names say so.
func TestPlainNames(t *testing.T) {
	for name, plain := range map[string]bool{
		"ACCOUNT_LOCKOUT_MINUTES": true, "SSO_ENABLED": true, "STAGE_PREFIX": true, "ALLOW_SIGNUP": true, "GATEWAY_LOG_LEVEL": true,
		"PROD_ENV": false, "SLACK": false, "KUBECONFIG": false, "API_TOKEN": false, "TLS_CERT": false,
	} {
		if got := ClassifyName(name); got.Plain != plain {
			t.Errorf("ClassifyName(%q).Plain = %v (%s)", name, got.Plain, got.Why)
		}
	}
}

func TestClassifyEntry(t *testing.T) {
	for name, want := range map[string]inventory.Class{
		"NETLIFY_SITE_ID": inventory.ClassIdentifier, "GITHUB_TOKEN": inventory.ClassEphemeral, "NETLIFY_AUTH_TOKEN": inventory.ClassCredential,
		"HEROKU_THING": inventory.ClassConfig,
	} {
		if got := ClassifyEntry(name); got.Class != want {
			t.Errorf("ClassifyEntry(%q) = %s (%s), want %s", name, got.Class, got.Why, want)
		}
	}
	if got := ClassifyName("NETLIFY_SITE_ID"); got.Class != inventory.ClassConfig {
		t.Errorf("a variable that the platform supplies is %s", got.Class)
	}
}
