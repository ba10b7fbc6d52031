package code

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Configuration is the language of files that are no program text and take values from the environment in the syntax of the
// program that reads them: Caddyfile, the metadata of Hasura, the settings of Grafana and many more.
const Configuration = "config"

// configEndings are the ends of the names of such files, configNames their names without one, in lower case.
var (
	configEndings = endings(`.yaml .yml .json .json5 .jsonc .toml .conf .cfg .cnf .ini .xml .cue .jsonnet .libsonnet .tmpl .tpl .template
		.config .settings .caddy .caddyfile .kdl .ron .edn .river .alloy .vcl .properties .gotmpl .ctmpl .hcl .nginx`)
	configNames = endings(`caddyfile corefile config`)
)

func endings(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// IsConfiguration reports whether a file may be such a one, by its name.
func IsConfiguration(name string) bool {
	base := strings.ToLower(path.Base(name))
	return configEndings[path.Ext(base)] || configNames[base]
}

// inFront are what stands in front of the name of a variable that is put in. Sources: the documentations of Caddy ({$NAME},
// {env.NAME}), Grafana ($__env{NAME}), Maven (${env.NAME}), Logstash and Elastic Agent (${env:NAME}), Hasura ({{NAME}}), Go templates (.Env.NAME,
// env "NAME"), Jinja and Jsonnet (env.NAME), ERB (ENV["NAME"]), supervisord (%(ENV_NAME)s), Serverless and Packer (env `NAME`).
var inFront = []string{"{{", "{{ ", "${", "$", "{$", "env.", "env:", `env("`, `env('`, `env "`, "env `", ".Env.", "ENV:", `ENV["`, `ENV['`, `ENV.fetch("`,
	`ENV.fetch('`, "_env{", "[[$", "%(ENV_", "env://", "Env:", "EnvVar:", "env[", `env["`, `env['`, "%env("}

// namedKey matches a line that gives a variable by its name: value_from_env: NAME, "api_token_env": "NAME", secretEnv: NAME.
var namedKey = lazy.New(`(?i)(?:^|[\s"'{,_-])(?:[\w.-]*_)?(?:\w*)env(?:ironment)?(?:[_-]?var(?:iable)?)?(?:[_-]?name)?["']?\s*[:=]\s*["']?$`)

// maxConfigured bounds the reads of one file.
const maxConfigured = 500

// ScanConfiguration finds the variables of the environment that a configuration file takes in and whose names speak of a
// credential. It asks for the syntax in front of a name, not for the program: which one reads the file is seldom known.
func ScanConfiguration(text []byte) Result {
	var out Result
	for i := 0; i < len(text) && len(out.Reads) < maxConfigured; i++ {
		if text[i] < 'A' || text[i] > 'Z' || i > 0 && isWord(text[i-1]) {
			continue
		}
		if bytes.HasSuffix(text[max(0, i-2):i], []byte("%(")) && bytes.HasPrefix(text[i:], []byte("ENV_")) {
			i += len("ENV_")
		}
		start := i
		for i < len(text) && (text[i] == '_' || text[i] >= 'A' && text[i] <= 'Z' || text[i] >= '0' && text[i] <= '9') {
			i++
		}
		name := text[start:i]
		if len(name) < 5 || len(name) > 100 || bytes.IndexByte(name, '_') < 0 || i < len(text) && isWord(text[i]) {
			continue
		}
		if putIn(text, start) && detect.ClassifyName(string(name)).Score > 0 {
			out.Reads = append(out.Reads, Read{Name: string(name), Via: "config-env", Offset: start, Sure: high})
		}
	}
	return out
}

// maxInFront bounds how much of a line in front of a name is looked at.
const maxInFront = 300

// putIn reports whether what stands in front of a name takes a variable in.
func putIn(text []byte, at int) bool {
	line := text[max(0, at-maxInFront):at]
	line = line[bytes.LastIndexByte(line, '\n')+1:]
	if t := bytes.TrimLeft(line, " \t"); bytes.HasPrefix(t, []byte("#")) || bytes.HasPrefix(t, []byte("//")) {
		return false
	}
	for _, f := range inFront {
		if bytes.HasSuffix(line, []byte(f)) {
			return true
		}
	}
	line = line[max(0, len(line)-120):]
	return bytes.Contains(bytes.ToLower(line), []byte("env")) && namedKey.Match(line)
}
