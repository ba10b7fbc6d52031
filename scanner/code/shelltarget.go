package code

import "strings"

// target returns a runner of named targets: rake T, task T.
func target(kind, takes string) func(*script, *invocation) {
	return func(s *script, inv *invocation) {
		dir := s.dir
		if d := inv.option("-d", "--dir", "-p", "--working-directory"); d != "" && (kind == "task" || kind == "just" || kind == "gradle") {
			dir = s.folderOf(d)
		}
		for _, w := range inv.operands(1, takes) {
			if name, _, ok := w.split(); ok {
				inv.assign(name, w.vars)
				continue
			}
			name := w.text
			if i := strings.IndexByte(name, '['); i > 0 { // rake task[argument]
				name = name[:i]
			}
			s.named(kind, name, dir, inv)
			if kind != "gradle" && kind != "maven" && kind != "task" {
				return
			}
		}
	}
}

func (s *script) make(inv *invocation) {
	dir := s.dir
	if w, ok := inv.flag("-C", "--directory"); ok {
		dir = s.folderOf(w.text)
	}
	found := false
	for _, w := range inv.operands(1, "-C -f -j -l -o -W --directory --file --makefile -I") {
		if name, _, ok := strings.Cut(w.text, "="); ok {
			inv.assign(strings.TrimRight(name, ":?+"), w.vars)
			continue
		}
		if strings.Trim(w.text, "0123456789") == "" {
			continue
		}
		found = true
		s.named("make", w.text, dir, inv)
	}
	if !found {
		s.named("make", "default", dir, inv)
	}
}

// npmBuiltIn are sub-commands of package managers that are no scripts.
var npmBuiltIn = map[string]bool{"install": true, "i": true, "ci": true, "add": true, "remove": true, "publish": true, "pack": true, "login": true,
	"logout": true, "config": true, "set": true, "cache": true, "audit": true, "outdated": true, "update": true, "upgrade": true, "link": true, "init": true, "create": true,
	"version": true, "view": true, "whoami": true, "token": true, "dedupe": true, "prune": true, "why": true, "list": true, "ls": true, "info": true, "import": true,
	"global": true, "npm": true, "node": true, "plugin": true, "workspaces": true, "store": true, "fetch": true, "rebuild": true, "root": true, "bin": true, "help": true, "up": true,
	"approve-builds": true, "self-update": true, "unlink": true, "dist-tag": true, "deprecate": true, "owner": true, "access": true, "pkg": true, "query": true, "patch": true, "deploy": true, "env": true, "setup": true}

func (s *script) npm(inv *invocation) {
	dir := s.dir
	if w, ok := inv.flag("--prefix", "-C", "--cwd", "--dir"); ok {
		dir = s.folderOf(w.text)
	}
	member, workspace := inv.members()
	if workspace {
		dir = "*"
	}
	list := inv.operands(1, "--prefix -C --cwd --dir --filter -F -w --workspace --workspaces --loglevel")
	if len(list) == 0 {
		return
	}
	name := list[0].text
	switch {
	case inv.name() != "npm" && (name == "turbo" || name == "nx" || name == "lerna"):
		inner := *inv
		for len(inner.words) > 1 && inner.words[0].text != name {
			inner.words = inner.words[1:]
		}
		s.runners[name](s, &inner)
	case name == "run" || name == "run-script" || name == "workspace" || name == "workspaces" || name == "recursive":
		s.npmRun(list, dir, member, workspace, inv)
	case workspace && !npmBuiltIn[name] && name != "exec" && name != "dlx":
		s.workspace(name, member, inv)
	case name == "start" || name == "test" || name == "t" || name == "stop" || name == "restart":
		if name == "t" {
			name = "test"
		}
		s.named("npm", name, dir, inv)
	case inv.name() != "npm" && !npmBuiltIn[name]:
		s.named("npm", name, dir, inv)
	}
}

// npmRun reads run NAME, workspace PACKAGE [run] NAME and workspaces foreach run NAME.
func (s *script) npmRun(list []word, dir, member string, workspace bool, inv *invocation) {
	name := list[0].text
	at := 1
	if name == "workspace" && len(list) > 1 {
		dir, at, member, workspace = "*", 2, list[1].text, true
	}
	if at < len(list) && list[at].text == "foreach" {
		at++
	}
	if at < len(list) && list[at].text == "run" {
		at++
	}
	switch {
	case at < len(list) && workspace:
		s.workspace(list[at].text, member, inv)
	case at < len(list):
		s.named("npm", list[at].text, dir, inv)
	}
}

func (s *script) goRun(inv *invocation) {
	if inv.arg(1) != "run" && inv.arg(1) != "generate" {
		return
	}
	list := inv.operands(2, "-C -tags -ldflags -mod -exec -gcflags -o")
	if len(list) == 0 || inv.arg(1) == "generate" {
		return
	}
	if d := inv.option("-C"); d != "" {
		defer func(old string) { s.dir = old }(s.dir)
		s.dir = s.folderOf(d)
	}
	if strings.HasSuffix(list[0].text, ".go") {
		s.start("file", list[0], inv)
		return
	}
	if strings.HasPrefix(list[0].text, ".") {
		s.start("package", list[0], inv)
	}
}

// denoTask reads deno task [--cwd DIR] NAME.
func (s *script) denoTask(inv *invocation, from int) {
	dir := s.dir
	if w, ok := inv.flag("--cwd"); ok {
		dir = s.folderOf(w.text)
	}
	if list := inv.operands(from, "--cwd -c --config -f --filter"); len(list) > 0 {
		s.named("deno", list[0].text, dir, inv)
	}
}

// composer reads composer [run-script] NAME.
func (s *script) composer(inv *invocation) {
	dir := s.dir
	if w, ok := inv.flag("-d", "--working-dir"); ok {
		dir = s.folderOf(w.text)
	}
	list := inv.operands(1, "-d --working-dir --timeout")
	if len(list) > 1 && (list[0].text == "run" || list[0].text == "run-script") {
		list = list[1:]
	}
	if len(list) > 0 {
		s.named("composer", list[0].text, dir, inv)
	}
}

// cdkReads are the commands of the CDK that run the program of the application.
const cdkReads = "deploy synth synthesize diff watch destroy ls list import"

// cdk reads cdk deploy: it runs the program that cdk.json names, in the folder of that file.
func (s *script) cdk(inv *invocation) {
	if list := inv.operands(1, "-a --app -c --context -o --output --profile"); len(list) > 0 && listed(cdkReads, list[0].text) {
		s.named("cdk", "app", s.dir, inv)
	}
}

// terraformReads are the commands of Terraform that read its variables.
var terraformReads = map[string]bool{"apply": true, "plan": true, "destroy": true, "refresh": true, "import": true, "run-all": true, "console": true}

// terraform emits a run of the folder whose module is applied.
func (s *script) terraform(inv *invocation) {
	list := inv.operands(1, "-target -var -var-file")
	if len(list) == 0 || !terraformReads[list[0].text] {
		return
	}
	dir := s.dir
	if w, ok := inv.flag("-chdir"); ok {
		dir = s.folderOf(w.text)
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "terraform", Path: ".", Dir: dir, Offset: inv.at, Env: inv.env})
}

func (s *script) dotnet(inv *invocation) {
	if inv.arg(1) != "run" && inv.arg(1) != "watch" && inv.arg(1) != "test" {
		return
	}
	if w, ok := inv.flag("--project", "-p"); ok {
		s.start("dotnet", w, inv)
		return
	}
	s.named("dotnet", ".", s.dir, inv)
}

func (s *script) cargo(inv *invocation) {
	if inv.arg(1) != "run" && inv.arg(1) != "xtask" {
		return
	}
	name := inv.option("--bin", "-p", "--package", "--example")
	if name == "" {
		name = "."
	}
	s.named("cargo", name, s.dir, inv)
}
