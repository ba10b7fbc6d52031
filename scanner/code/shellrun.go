package code

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// interpreterFlags are the commands that run the file named by their first operand, with the flags that take a
// value.
var interpreterFlags = map[string]string{
	"bash": "-o -O --rcfile --init-file", "sh": "-o", "zsh": "-o", "dash": "-o", "ksh": "-o", "ash": "-o",
	"python": "-W -X", "python2": "-W -X", "python3": "-W -X", "pypy3": "", "py": "",
	"node": "-r --require --import --loader --env-file --env-file-if-exists --max-old-space-size", "nodejs": "-r", "tsx": "--env-file --tsconfig",
	"ts-node": "-P --project -r", "ts-node-dev": "-r", "nodemon": "-r --watch -w -e --ext", "babel-node": "", "zx": "", "bun": "--env-file", "deno": "",
	"ruby": "-r -I", "php": "-d -c", "perl": "-I -M", "lua": "", "Rscript": "", "elixir": "", "groovy": "-cp", "scala": "", "kotlin": "", "julia": "--project",
	"pwsh": "-ExecutionPolicy -Command -c", "powershell": "-ExecutionPolicy -Command -c", "powershell.exe": "-ExecutionPolicy -Command -c", "osascript": "",
	"ansible-playbook": "-i --inventory -e --extra-vars -l --limit -t --tags --vault-password-file --vault-id -u --user -f --forks --private-key",
	"k6":               "--out -o --vus --duration -e --env", "streamlit": "", "papermill": "",
}

// fileLike tells operands that are files of a program from sub-commands.
var fileLike = lazy.New(`^[\w.@~$*/+-]*(?:\.[A-Za-z][A-Za-z0-9]{0,4}|/[\w.-]+)$`)

// runners are the commands that start something by other rules than "interpreter file".
func runners() map[string]func(*script, *invocation) {
	return map[string]func(*script, *invocation){
		"cd": (*script).cd, "pushd": (*script).cd, "popd": (*script).cdUnknown,
		"source": (*script).sourced, ".": (*script).sourced,
		"make": (*script).make, "gmake": (*script).make, "npm": (*script).npm, "pnpm": (*script).npm, "yarn": (*script).npm,
		"go": (*script).goRun, "rake": target("rake", ""), "rails": target("rails", "-e"), "task": target("task", "-t --taskfile -d --dir -o"),
		"just": target("just", "-f --justfile -d --working-directory"), "invoke": target("invoke", "-c -r"), "inv": target("invoke", "-c -r"),
		"fab": target("fabric", "-H"), "gradle": target("gradle", "-p -P -D -b"), "gradlew": target("gradle", "-p -P -D -b"),
		"mvn": target("maven", "-f -P -D -pl -s"), "mvnw": target("maven", "-f -P -D -pl -s"), "mix": target("mix", ""), "composer": (*script).composer,
		"cdk": (*script).cdk,
		"nx":  (*script).nx, "turbo": (*script).turbo, "lerna": (*script).turbo, "tox": target("tox", ""), "nox": target("nox", "-s"), "mage": target("mage", ""), "mise": target("mise", ""),
		"dotnet": (*script).dotnet, "cargo": (*script).cargo, "gunicorn": (*script).module, "uvicorn": (*script).module, "hypercorn": (*script).module,
		"celery": (*script).module, "docker": (*script).docker, "podman": (*script).docker, "docker-compose": (*script).compose,
		"read": (*script).readVariables, "mapfile": (*script).readVariables, "readarray": (*script).readVariables, "getopts": (*script).readVariables,
		"terraform": (*script).terraform, "tofu": (*script).terraform, "terragrunt": (*script).terraform,
		"printf": (*script).printfVariable, "eval": (*script).inline,
	}
}

// run emits what a command starts.
func (s *script) run(inv *invocation) {
	name := inv.name()
	if s.funcs[inv.arg(0)] || name == "" || name == "*" {
		return
	}
	if f := s.runners[name]; f != nil {
		f(s, inv)
		return
	}
	if takes, ok := interpreterFlags[name]; ok {
		s.interpreter(inv, name, takes)
		return
	}
	if first := inv.words[0]; strings.Contains(first.text, "/") {
		s.start("file", first, inv)
	}
}

// start emits a run of a file, when the word names one of the source.
func (s *script) start(kind string, w word, inv *invocation) {
	dir, p, ok := s.place(w.text)
	if !ok {
		return
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: kind, Path: p, Dir: dir, Offset: inv.at, Env: inv.env, Args: s.argumentsOf(w, inv)})
}

// named emits a run of a target.
func (s *script) named(kind, name, dir string, inv *invocation) {
	if kind == "npm" && strings.Contains(name, "*") && len(strings.Trim(name, "*:")) > 2 && !strings.ContainsAny(name, "$ \n\"'<>{}") && len(name) < 120 && dir != "*" {
		s.out.Runs = append(s.out.Runs, Run{Kind: "tool", Path: "script:" + name, Dir: dir, Offset: inv.at, Env: inv.env}) // test:${{ inputs.suite }}
		return
	}
	if name == "" || strings.ContainsAny(name, "*$ \n\"'<>{}") || len(name) > 120 {
		return
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: kind, Path: name, Dir: dir, Offset: inv.at, Env: inv.env})
}

// place splits a path into the working directory and the rest. Computed, absolute and home paths are of no use.
func (s *script) place(text string) (dir, p string, ok bool) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, `\`, "/"), "file:")
	for _, known := range []struct{ prefix, dir string }{{"$0", "$0"}, {"$ROOT", "/"}} {
		if rest, found := strings.CutPrefix(text, known.prefix+"/"); found && !strings.ContainsAny(rest, "*$") {
			return known.dir, path.Clean(rest), true
		}
	}
	if text == "" || strings.ContainsAny(text, "*$\n \"'<>|;") || text[0] == '/' || text[0] == '~' || text[0] == '-' || len(text) > 300 || strings.Contains(text, "://") {
		return "", "", false
	}
	return s.dir, path.Clean(text), true
}

// folderOf returns the working directory that a path means, seen from here.
func (s *script) folderOf(text string) string {
	switch {
	case text == "$ROOT":
		return "/"
	case strings.HasPrefix(text, "$ROOT/"):
		return path.Clean("/" + strings.TrimPrefix(text, "$ROOT/"))
	case text == "$0" || strings.HasPrefix(text, "$0/"):
		return strings.TrimSuffix(text, "/")
	case text == "" || strings.ContainsAny(text, "*$") || isComputed(text) || text[0] == '/' || text[0] == '~' || text[0] == '-' || s.dir == "*":
		return "*"
	}
	if p := path.Join(s.dir, text); p != "." {
		return p
	}
	return ""
}

// isComputed reports whether a path has a part that stood for an expression of the file around the script.
func isComputed(text string) bool { return strings.Contains(text, "xxxxxx") }

func (s *script) cd(inv *invocation) {
	s.dir = s.folderOf(inv.arg(past(inv, 1, "")))
}

func (s *script) cdUnknown(*invocation) { s.dir = "*" }

// sourced reads "source f": a file of variables, or a script that runs in the same shell.
func (s *script) sourced(inv *invocation) {
	if len(inv.words) < 2 {
		return
	}
	w := inv.words[1]
	if isEnvFile(w.text) {
		s.envFile(w, "sh-source-env")
		s.start("source", w, inv)
		return
	}
	s.start("source", w, inv)
}

// isEnvFile reports whether a path looks like a file of NAME=value lines.
func isEnvFile(p string) bool {
	base := path.Base(p)
	return base == ".env" || strings.HasPrefix(base, ".env.") || strings.HasSuffix(base, ".env") || base == ".envrc" || base == "*.env"
}

// interpreter reads "python [-u] x.py", "bash -c '...'", "python -m a.b".
func (s *script) interpreter(inv *invocation, name, takes string) {
	for i := 1; i < len(inv.words); i++ {
		w := inv.words[i]
		switch {
		case inlineFlag(name, w.text):
			s.inlineAt(inv, name, i+1)
			return
		case w.text == "-m" && strings.HasPrefix(name, "py"):
			s.pythonModule(inv, i+1)
			return
		case w.text == "-File" || w.text == "-file" || w.text == "-f" && strings.HasPrefix(name, "p"):
		case strings.HasPrefix(w.text, "--env-file="):
			s.envFile(word{text: strings.TrimPrefix(w.text, "--env-file="), offset: w.offset}, "sh-env-file")
		case strings.HasPrefix(w.text, "-"):
			if listed(takes, w.text) {
				i++
				if w.text == "--env-file" && i < len(inv.words) {
					s.envFile(inv.words[i], "sh-env-file")
				}
			}
		case name == "php" && w.text == "artisan":
			s.named("artisan", inv.arg(i+1), s.dir, inv)
			s.start("file", w, inv)
			return
		case (name == "bun" || name == "deno" || name == "k6" || name == "streamlit") && w.text == "run":
		case name == "deno" && w.text == "task":
			s.denoTask(inv, i+1)
			return
		case name == "bun" && !fileLike.MatchString(w.text):
			s.named("npm", w.text, s.dir, inv)
			return
		default:
			if fileLike.MatchString(w.text) || name == "bash" || name == "sh" || name == "ansible-playbook" {
				s.start("file", w, inv)
			}
			return
		}
	}
}

// pythonModules are modules whose -m takes a file, or that are no part of a source.
var pythonModules = map[string]bool{"pip": true, "venv": true, "pytest": true, "unittest": true, "build": true, "twine": true,
	"http.server": true, "json.tool": true, "ensurepip": true, "pre_commit": true, "mypy": true, "black": true, "virtualenv": true, "site": true, "coverage": true, "poetry": true, "tox": true, "pylint": true, "flake8": true}

func (s *script) pythonModule(inv *invocation, i int) {
	if name := inv.arg(i); name != "" && !pythonModules[name] {
		s.named("module", strings.ReplaceAll(name, ".", "/"), s.dir, inv)
	}
}

// module reads "gunicorn pkg.app:app" and "celery -A pkg.app worker".
func (s *script) module(inv *invocation) {
	w, ok := inv.flag("-A", "--app")
	if !ok {
		list := inv.operands(1, "-b --bind -w --workers -k --worker-class -c --config --host --port -t --timeout --log-level")
		if len(list) == 0 || inv.name() == "celery" {
			return
		}
		w = list[0]
	}
	name, _, _ := strings.Cut(w.text, ":")
	s.named("module", strings.ReplaceAll(name, ".", "/"), s.dir, inv)
}

// readVariables notes the names that read, mapfile and getopts set.
func (s *script) readVariables(inv *invocation) {
	for _, w := range inv.operands(1, "-p -d -n -N -t -u -i -a") {
		if validName(w.text) {
			s.define(w.text, "*")
		}
	}
	if w, ok := inv.flag("-a"); ok && validName(w.text) {
		s.define(w.text, "*")
	}
}

func (s *script) printfVariable(inv *invocation) {
	if inv.arg(1) == "-v" && validName(inv.arg(2)) {
		s.define(inv.arg(2), "*")
	}
}
