package code

import (
	"path"
	"strings"
)

// Feed says that the values of one file become the variables of another: cf push -f To --vars-file From.
type Feed struct {
	Kind     string // cloud-foundry
	To, From string // paths relative to Dir, as written; From may be a glob
	Dir      string // as Run says it
	Offset   int
}

// fill emits a run of a template that the command fills from its environment. What it is written to is the template
// under another name.
func (s *script) fill(inv *invocation, template string) {
	if template == "" {
		template = inv.input
	}
	template = s.madeFrom(template)
	p, ok := globPath(template)
	if !ok || s.dir == "*" {
		return
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "fill", Path: p, Dir: s.dir, Offset: inv.at, Env: inv.env})
	to := inv.option("-o", "--output", "--out-file")
	for _, out := range inv.outputs {
		to = out
	}
	if to, ok := globPath(to); ok {
		if s.filled == nil {
			s.filled = map[string]string{}
		}
		s.filled[path.Join(s.dir, to)] = p
	}
}

// renamed reads mv A B and cp A B: a later command that names B means the file A of the source.
func (s *script) renamed(inv *invocation) {
	list := inv.operands(1, "-t --target-directory -S --suffix")
	if len(list) != 2 || s.dir == "*" {
		return
	}
	from, ok := globPath(s.madeFrom(list[0].text))
	to, named := globPath(list[1].text)
	if !ok || !named || strings.Contains(from+to, "*") || strings.HasSuffix(list[1].text, "/") {
		return
	}
	if s.filled == nil {
		s.filled = map[string]string{}
	}
	s.filled[path.Join(s.dir, to)] = from
}

// madeFrom returns the template that a file was filled from, the file itself for any other.
func (s *script) madeFrom(file string) string {
	if from, ok := s.filled[path.Join(s.dir, file)]; ok {
		return from
	}
	return file
}

// globPath cleans a relative path of which a part may be computed; false for what names no file of the source.
func globPath(text string) (string, bool) {
	text = strings.TrimPrefix(text, "$ROOT/")
	if text == "" || text == "-" || strings.Trim(text, "*/.") == "" || strings.ContainsAny(text, "$\n \"'<>|;\x01") || text[0] == '/' || text[0] == '~' || text[0] == '-' ||
		strings.HasPrefix(text, "*") || len(text) > 300 || strings.Contains(text, "://") {
		return "", false
	}
	return path.Clean(text), true
}

// templaters are the commands that fill a template from the environment, with the flags that name it.
var templaters = map[string][]string{
	"gomplate": {"-f", "--file"}, "j2": {""}, "jinja2": {""}, "esh": {""}, "mo": {""}, "envtpl": {""},
	"consul-template": {"-template"}, "dockerize": {"-template"}, "tpl": {"-t"},
}

// templater reads a command of templaters; the template is an operand where no flag names it. Of source:target only
// the source is meant.
func (s *script) templater(inv *invocation) {
	flags := templaters[inv.name()]
	if flags[0] == "" {
		if list := inv.operands(1, "-o --output -f --format -e --import-env"); len(list) > 0 {
			s.fill(inv, list[0].text)
		}
		return
	}
	if w, ok := inv.flag(flags...); ok {
		from, _, _ := strings.Cut(w.text, ":")
		s.fill(inv, from)
	}
}

// circleci reads circleci env subst, which is CircleCI's envsubst.
func (s *script) circleci(inv *invocation) {
	if inv.is("circleci", "env", "subst") {
		s.envsubst(&invocation{context: inv.context, words: inv.words[2:], env: inv.env, at: inv.at})
	}
}

// cloudFoundry reads the command line of Cloud Foundry: values that a push hands to the variables of a manifest, variables of
// applications, and services that the user provides. Source: the reference of the cf command line.
func (s *script) cloudFoundry(inv *invocation) {
	switch inv.arg(1) {
	case "push", "v3-push", "blue-green-deploy", "bgd", "zero-downtime-push", "deploy-app":
		s.cloudFoundryPush(inv)
	case "set-env", "v3-set-env", "se":
		if list := inv.operands(2, ""); len(list) > 2 && list[0].text != "*" {
			s.out.Writes = append(s.out.Writes, Write{Name: list[1].text, From: list[2].vars, To: "cf-env:" + list[0].text, Offset: list[2].offset})
		}
	case "create-user-provided-service", "cups", "update-user-provided-service", "uups":
		list := inv.operands(2, "-p -l -r -t")
		if w, ok := inv.flag("-p", "-l", "-r"); ok && len(list) > 0 && list[0].text != "*" {
			s.out.Writes = append(s.out.Writes, Write{Name: list[0].text, From: append(w.vars, inv.stdin...), To: "cf-service:" + list[0].text, Offset: w.offset})
		}
	}
}

func (s *script) cloudFoundryPush(inv *invocation) {
	manifest := "manifest.yml"
	if w, ok := inv.flag("-f", "--manifest"); ok {
		manifest = w.text
	}
	manifest, ok := globPath(s.madeFrom(manifest))
	if !ok || strings.Contains(manifest, "*") || s.dir == "*" {
		return
	}
	for i, w := range inv.words {
		flag, value, joined := strings.Cut(w.text, "=")
		if flag != "--vars-file" && flag != "--var" {
			continue
		}
		if !joined || flag == "--var" && !strings.HasPrefix(w.text, "--var=") {
			if i+1 >= len(inv.words) {
				return
			}
			w = inv.words[i+1]
			value = w.text
		}
		if flag == "--vars-file" {
			if from, ok := globPath(s.madeFrom(value)); ok {
				s.out.Feeds = append(s.out.Feeds, Feed{Kind: "cloud-foundry", To: manifest, From: from, Dir: s.dir, Offset: w.offset})
			}
			continue
		}
		if name, _, ok := strings.Cut(value, "="); ok && !strings.ContainsAny(name, "*$ ") {
			s.out.Writes = append(s.out.Writes, Write{Name: name, From: w.vars, To: "cf-var:" + manifest, Dir: s.dir, Offset: w.offset, End: w.end})
		}
	}
}
