package detect

import "strings"

// stopNames are variables that the system, a shell or a runtime supplies: never a credential, and never a
// missing definition.
var stopNames = nameSet(`PATH HOME USER USERNAME LOGNAME UID EUID PPID SHELL SHLVL PWD OLDPWD TMPDIR TMP TEMP LANG
LANGUAGE TERM COLORTERM COLUMNS LINES TZ EDITOR VISUAL PAGER HOSTNAME HOSTTYPE OSTYPE MACHTYPE IFS PS1 PS2 PS4
DISPLAY SSH_AUTH_SOCK SSH_CONNECTION SSH_CLIENT SSH_TTY NODE_ENV RAILS_ENV RACK_ENV APP_ENV FLASK_ENV FLASK_APP MIX_ENV
DJANGO_SETTINGS_MODULE ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT ASPNETCORE_URLS GOPATH GOROOT GOFLAGS GOOS GOARCH
GOBIN GOCACHE CGO_ENABLED JAVA_HOME JAVA_OPTS JAVA_TOOL_OPTIONS CLASSPATH MAVEN_OPTS GRADLE_OPTS PYTHONPATH PYTHONUNBUFFERED
PYTHONDONTWRITEBYTECODE VIRTUAL_ENV CONDA_PREFIX NODE_OPTIONS NODE_PATH LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH
PKG_CONFIG_PATH MANPATH PORT DEBUG VERBOSE LOG_LEVEL CI NO_COLOR FORCE_COLOR CLICOLOR OUT_DIR RUST_LOG RUST_BACKTRACE
RUSTFLAGS BUNDLE_GEMFILE GEM_HOME GEM_PATH RUBYOPT RUBYLIB RAILS_LOG_TO_STDOUT RAILS_SERVE_STATIC_FILES RAILS_MAX_THREADS
WEB_CONCURRENCY APPDATA LOCALAPPDATA USERPROFILE PROGRAMFILES PROGRAMDATA SYSTEMROOT WINDIR COMPUTERNAME COMSPEC
BASH BASHPID BASHOPTS BASH_ENV BASH_SOURCE BASH_VERSION BASH_VERSINFO BASH_REMATCH BASH_LINENO BASH_COMMAND BASH_SUBSHELL
BASH_ARGV BASH_ARGC COMP_WORDS COMP_CWORD COMPREPLY DIRSTACK EPOCHSECONDS EPOCHREALTIME FUNCNAME GROUPS HISTFILE HISTSIZE
LINENO OPTARG OPTIND OPTERR PIPESTATUS POSIXLY_CORRECT PROMPT_COMMAND RANDOM REPLY SECONDS SRANDOM ZSH_VERSION
SUDO_USER SUDO_UID SUDO_GID MAKE MAKEFLAGS MAKEFILE_LIST MAKECMDGOALS MFLAGS MAKEOVERRIDES CURDIR
BUILD_NUMBER BUILD_ID BUILD_TAG BUILD_URL JOB_NAME JOB_URL WORKSPACE NODE_NAME NODE_LABELS EXECUTOR_NUMBER JENKINS_URL JENKINS_HOME
BRANCH_NAME CHANGE_ID CHANGE_TARGET AWS_EXECUTION_ENV K_SERVICE K_REVISION K_CONFIGURATION TF_BUILD NETLIFY VERCEL
npm_package_name npm_package_version npm_lifecycle_event npm_config_user_agent`)

// stopPrefixes begin the names that a platform supplies. Sources: the lists of predefined variables of each CI
// system, Kubernetes' service links, Cargo's and XDG's own.
var stopPrefixes = []string{
	"LC_", "XDG_", "GITHUB_", "RUNNER_", "ACTIONS_", "CI_", "GITLAB_", "CIRCLE_", "BITBUCKET_", "BUILDKITE_", "DRONE_",
	"TRAVIS_", "CODEBUILD_", "BUILD_", "SYSTEM_", "AGENT_", "VERCEL_", "NETLIFY_", "HEROKU_", "RENDER_", "FLY_",
	"AWS_LAMBDA_", "KUBERNETES_SERVICE_", "KUBERNETES_PORT", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CFG_", "CARGO_BIN_",
	"npm_package_", "npm_config_",
}

// stopSuffixes end the names of Kubernetes' and Docker's service links: <SERVICE>_SERVICE_HOST.
var stopSuffixes = []string{"_SERVICE_HOST", "_SERVICE_PORT"}

// ephemeralNames are supplied by a platform and are credentials all the same, for the length of one run.
var ephemeralNames = nameSet(`GITHUB_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_RUNTIME_TOKEN CI_JOB_TOKEN
CI_JOB_JWT CI_JOB_JWT_V2 CI_REGISTRY_PASSWORD CI_DEPLOY_PASSWORD CIRCLE_OIDC_TOKEN CIRCLE_OIDC_TOKEN_V2
BITBUCKET_STEP_OIDC_TOKEN BUILDKITE_AGENT_ACCESS_TOKEN SYSTEM_ACCESSTOKEN VERCEL_OIDC_TOKEN AWS_SESSION_TOKEN`)

// credentialEndings are last words with which a user's own credential takes a platform's prefix: VERCEL_TOKEN,
// FLY_API_TOKEN, HEROKU_API_KEY and CI_DEPLOY_KEY are set by people, not by the platform.
var credentialEndings = nameSet(`TOKEN KEY KEYS SECRET SECRETS PASSWORD PASSWD PASS PASSPHRASE PAT CREDENTIAL
CREDENTIALS CREDS WEBHOOK DSN AUTH PEM CERT JWT APIKEY ACCESSTOKEN`)

// Ephemeral reports whether a variable holds a credential that the platform mints for one run.
func Ephemeral(name string) bool { return ephemeralNames[name] }

// Ignored reports whether a variable is supplied by the system, a runtime or a CI platform and is no credential:
// it needs no definition and takes no part in the map.
func Ignored(name string) bool {
	if ephemeralNames[name] {
		return false
	}
	if stopNames[name] {
		return true
	}
	for _, p := range stopPrefixes {
		if strings.HasPrefix(name, p) {
			return !namesCredential(name) && !speaksOfCredential(name[len(p):])
		}
	}
	for _, s := range stopSuffixes {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// speaksOfCredential reports whether what stands behind a platform's prefix is the name of a credential, whatever word comes
// last: SYSTEM_CLIENT_SECRET_ORDERS.
func speaksOfCredential(rest string) bool {
	words := nameWords(rest)
	if len(words) < 2 {
		return false
	}
	score, _ := scoreWords(rest, words)
	return score >= 2
}

// namesCredential reports whether the last word of a name is that of a credential, environments behind it left aside:
// CIRCLE_CI_TOKEN_LIVE.
func namesCredential(name string) bool {
	last := strings.ToUpper(name[strings.LastIndexByte(name, '_')+1:])
	for WordEnvironment(strings.ToLower(last)) != "" && strings.Contains(name, "_") {
		name = name[:strings.LastIndexByte(name, '_')]
		last = strings.ToUpper(name[strings.LastIndexByte(name, '_')+1:])
	}
	if strings.HasPrefix(last, "V") && len(last) == 2 {
		return true // a version behind the word: JWT_V2
	}
	return credentialEndings[last]
}

func nameSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
