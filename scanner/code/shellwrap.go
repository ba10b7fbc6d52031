package code

import "strings"

// wrappers are commands that start the command behind them: the value lists their flags that take a value.
var wrappers = map[string]string{
	"sudo": "-u -g -C -h -p -U --user --group", "exec": "-a", "time": "-f -o", "nohup": "", "command": "", "builtin": "",
	"nice": "-n", "ionice": "-c -n", "setsid": "", "stdbuf": "-i -o -e", "unbuffer": "", "caffeinate": "", "chronic": "",
	"xargs": "-I -n -P -L -d -a -E -s", "npx": "-p --package -c", "bunx": "", "pnpx": "", "dumb-init": "", "tini": "", "catchsegv": "",
	"gosu": "", "su-exec": "", "winpty": "", "cross-env": "", "browserstack-node-sdk": "", "nyc": "", "c8": "", "varlock": "", "heroku-local": "", "cross-env-shell": "", "then": "", "do": "", "else": "", "!": "", "if": "", "while": "",
}

// pairs are wrappers of two words: poetry run, bundle exec.
var pairs = map[string]string{
	"poetry run": "", "pipenv run": "", "uv run": "--with --env-file --project --python -p", "rye run": "", "hatch run": "", "pdm run": "",
	"bundle exec": "", "pnpm exec": "--filter -C", "pnpm dlx": "--package", "yarn dlx": "-p", "npm exec": "-p --package", "yarn exec": "",
	"doppler run": "-p -c --project --config --token -t", "op run": "--env-file --account", "infisical run": "--env --path --projectId --token",
	"aws-vault exec": "-d --duration -r --region", "chamber exec": "-b", "bws run": "--project-id", "dotenvx run": "-f -e --env-file", "vault-env exec": "",
	"teller run": "-c", "envchain exec": "", "sops exec-env": "", "coverage run": "--source --rcfile --omit --include",
	"percy exec": "", "sentry-cli run": "", "aws-vault-exec": "", "ddtrace-run": "", "opentelemetry-instrument": "", "dotenv run": "-f --file", "nx exec": "", "mise exec": "", "asdf exec": "", "direnv exec": "",
}

// skipOperand are wrappers with an operand of their own before the command: a duration, a user, a file.
var skipOperand = map[string]int{"gosu": 1, "su-exec": 1, "aws-vault exec": 1, "direnv exec": 1, "sops exec-env": 1}

// unwrap returns the index of the word at which the command inside a wrapper begins, 0 when there is none.
func (s *script) unwrap(inv *invocation) int {
	name := inv.name()
	switch name {
	case "env":
		return s.unwrapEnv(inv)
	case "timeout", "gtimeout":
		return past(inv, 1, "-s -k --signal --kill-after") + 1
	case "dotenv", "env-cmd", "dotenv-cli":
		return s.unwrapDotenv(inv)
	case "yarn", "bun", "chamber":
	}
	if len(inv.words) > 1 {
		two := name + " " + inv.arg(1)
		if takes, ok := pairs[two]; ok {
			if name == "chamber" || name == "teller" {
				return afterDashes(inv)
			}
			if i := afterDashes(inv); i > 0 {
				return i
			}
			return past(inv, 2, takes) + skipOperand[two]
		}
	}
	takes, ok := wrappers[name]
	if !ok || strings.Contains(inv.words[0].text, "/") && name != "env" {
		return 0
	}
	return s.assignments(inv, past(inv, 1, takes)+skipOperand[name])
}

// past returns the index of the first word from i on that is no flag.
func past(inv *invocation, i int, takes string) int {
	for i < len(inv.words) && strings.HasPrefix(inv.words[i].text, "-") {
		if inv.words[i].text == "--" {
			return i + 1
		}
		if listed(takes, inv.words[i].text) {
			i++
		}
		i++
	}
	return i
}

// afterDashes returns the index behind "--", 0 when there is none.
func afterDashes(inv *invocation) int {
	for i, w := range inv.words {
		if w.text == "--" {
			return i + 1
		}
	}
	return 0
}

// assignments takes NAME=value words from i on into the environment of the command.
func (s *script) assignments(inv *invocation, i int) int {
	for i < len(inv.words) {
		name, _, ok := inv.words[i].split()
		if !ok {
			break
		}
		inv.assign(name, inv.words[i].vars)
		i++
	}
	return i
}

// unwrapEnv reads env [-i] [-u NAME] [NAME=value]... command.
func (s *script) unwrapEnv(inv *invocation) int {
	return s.assignments(inv, past(inv, 1, "-u -C -S --unset --chdir"))
}

// unwrapDotenv reads dotenv -f .env -- command and env-cmd -f .env command.
func (s *script) unwrapDotenv(inv *invocation) int {
	if w, ok := inv.flag("-e", "-f", "--file"); ok && w.literal() {
		s.envFile(w, "sh-dotenv-cli")
	}
	if i := afterDashes(inv); i > 0 {
		return i
	}
	return past(inv, 1, "-e -f --file -c -v -p")
}
