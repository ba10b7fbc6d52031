package code

import "strings"

// workspace emits a run of a script of the packages of a workspace: of one that a filter names, or of all that have it.
// Sources: the documentation of pnpm (filtering), npm (workspaces), yarn (workspace), Turborepo (run), Lerna and Nx.
func (s *script) workspace(name, member string, inv *invocation) {
	member = strings.Trim(strings.TrimSuffix(strings.Trim(member, "{}[]."), "/"), "^!")
	if i := strings.LastIndexByte(member, '/'); i >= 0 {
		member = member[i+1:]
	}
	if name == "" || s.dir == "*" || strings.ContainsAny(name+member, "$*@ ") || isComputed(name) {
		return
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "tool", Path: "workspace:" + name + "@" + member, Dir: s.dir, Offset: inv.at, Env: inv.env})
}

// members returns the package that the flags of a package manager choose, and whether they mean a workspace at all.
func (inv *invocation) members() (member string, ok bool) {
	if w, found := inv.flag("--filter", "-F", "-w", "--workspace"); found && w.text != "" && !strings.HasPrefix(w.text, "-") {
		return w.text, true
	}
	for _, w := range inv.words[min(1, len(inv.words)):] {
		switch w.text {
		case "-r", "--recursive", "recursive", "--workspaces", "-ws", "workspaces":
			return "", true
		}
	}
	return "", false
}

// turbo reads turbo [run] TASK... [--filter PACKAGE], lerna run SCRIPT [--scope PACKAGE].
func (s *script) turbo(inv *invocation) {
	member, _ := inv.members()
	if w, ok := inv.flag("--scope"); ok {
		member = w.text
	}
	list := inv.operands(1, "--filter -F --scope --concurrency --cache-dir --env-mode --log-order --stream")
	if len(list) > 0 && list[0].text == "run" {
		list = list[1:]
	} else if inv.name() == "lerna" {
		return
	}
	for _, w := range list {
		s.workspace(w.text, member, inv)
	}
}

// nx reads nx run PROJECT:TARGET, nx TARGET PROJECT and nx run-many -t TARGET: a target is a script of the project's package.json, or stands
// in its project.json.
func (s *script) nx(inv *invocation) {
	list := inv.operands(1, "-t --target --targets -p --projects -c --configuration --parallel --base --head --exclude")
	if len(list) == 0 {
		return
	}
	switch first := list[0].text; {
	case first == "run" && len(list) > 1:
		parts := strings.Split(list[1].text, ":")
		if len(parts) > 1 {
			s.workspace(parts[1], parts[0], inv)
		}
	case first == "run-many" || first == "affected":
		w, ok := inv.flag("-t", "--target", "--targets")
		if !ok {
			return
		}
		p, _ := inv.flag("-p", "--projects")
		for _, t := range strings.Split(w.text, ",") {
			s.workspace(t, p.text, inv)
		}
	case len(list) > 1:
		s.workspace(first, list[1].text, inv)
	}
}
