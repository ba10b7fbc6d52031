package code

import "strings"

// platformCommand is a command that sets variables of a program which runs on a platform: heroku config:set NAME=value.
type platformCommand struct {
	platform string
	words    []string // behind the name of the command, in order
	flags    []string // whose values are NAME=value; none: the operands are
	named    bool     // the first operand is the name, the value stands behind it or comes through standard input
}

// platformCommands are the commands of each client. Sources: their references.
var platformCommands = map[string][]platformCommand{
	"heroku":    {{"heroku", []string{"config:set"}, nil, false}},
	"fly":       flyCommands,
	"flyctl":    flyCommands,
	"dokku":     {{"dokku", []string{"config:set"}, nil, false}},
	"scalingo":  {{"scalingo", []string{"env-set"}, nil, false}},
	"eb":        {{"beanstalk", []string{"setenv"}, nil, false}},
	"supabase":  {{"supabase", []string{"secrets", "set"}, nil, false}},
	"wrangler":  {{"cloudflare", []string{"secret", "put"}, nil, true}, {"cloudflare", []string{"pages", "secret", "put"}, nil, true}},
	"vercel":    {{"vercel", []string{"env", "add"}, nil, true}, {"vercel", nil, []string{"-e", "--env", "-b", "--build-env"}, false}},
	"netlify":   {{"netlify", []string{"env:set"}, nil, true}},
	"railway":   {{"railway", []string{"variables"}, []string{"--set"}, false}, {"railway", []string{"variables", "set"}, nil, false}},
	"convex":    {{"convex", []string{"env", "set"}, nil, true}},
	"clever":    {{"clever-cloud", []string{"env", "set"}, nil, true}},
	"koyeb":     {{"koyeb", nil, []string{"--env"}, false}},
	"firebase":  {{"firebase", []string{"functions:secrets:set"}, nil, true}},
	"kubectl":   {{"kubernetes", []string{"set", "env"}, nil, false}},
	"oc":        {{"kubernetes", []string{"set", "env"}, nil, false}},
	"aws":       {{"lambda", []string{"lambda", "update-function-configuration"}, []string{"--environment"}, false}, {"lambda", []string{"lambda", "create-function"}, []string{"--environment"}, false}},
	"az":        azureCommands,
	"gcloud":    gcloudCommands,
	"func":      {{"azure", []string{"azure", "functionapp", "publish"}, nil, false}},
	"copilot":   {{"copilot", []string{"secret", "init"}, nil, true}},
	"cloudron":  {{"cloudron", []string{"env", "set"}, nil, false}},
	"nais":      {{"nais", []string{"secrets", "set"}, nil, true}},
	"sst":       {{"sst", []string{"secret", "set"}, nil, true}},
	"gigalixir": {{"gigalixir", []string{"config:set"}, nil, false}},
}

var (
	flyCommands   = []platformCommand{{"fly", []string{"secrets", "set"}, nil, false}, {"fly", []string{"deploy"}, []string{"-e", "--env"}, false}, {"fly", []string{"machine", "run"}, []string{"-e", "--env"}, false}}
	azureCommands = []platformCommand{
		{"azure", []string{"webapp", "config", "appsettings", "set"}, []string{"--settings", "--slot-settings"}, false},
		{"azure", []string{"functionapp", "config", "appsettings", "set"}, []string{"--settings", "--slot-settings"}, false},
		{"azure", []string{"webapp", "config", "connection-string", "set"}, []string{"--settings"}, false},
		{"azure", []string{"containerapp"}, []string{"--set-env-vars", "--env-vars", "--replace-env-vars"}, false},
		{"azure", []string{"container", "create"}, []string{"--environment-variables", "--secure-environment-variables", "-e"}, false},
		{"azure", []string{"staticwebapp", "appsettings", "set"}, []string{"--setting-names"}, false},
	}
	gcloudCommands = []platformCommand{
		{"gcloud", []string{"run"}, []string{"--set-env-vars", "--update-env-vars"}, false},
		{"gcloud", []string{"functions", "deploy"}, []string{"--set-env-vars", "--update-env-vars"}, false},
	}
)

// platform reads a command of platformCommands.
func (s *script) platform(inv *invocation) {
	for _, c := range platformCommands[inv.name()] {
		at := c.match(inv)
		if at == 0 {
			continue
		}
		switch {
		case c.flags != nil:
			s.flagged(inv, c)
		case c.named:
			if list := inv.operands(at, platformFlags); len(list) > 0 && validName(list[0].text) {
				s.platformVariable(c, list[0].text, inv.vars(), list[0].offset, 0)
			}
		default:
			for _, w := range inv.operands(at, platformFlags) {
				s.platformPairs(c, w)
			}
		}
	}
}

// platformFlags are flags of those clients that take a value.
const platformFlags = "-a --app -n --name --env -e --config -c --context --scope -t --token --project-ref --project-name --namespace -r --remote --type -v --value --site"

// match returns where the words behind the command's own begin, 0 when it is another command.
func (c platformCommand) match(inv *invocation) int {
	at := 1
	for _, w := range c.words {
		for at < len(inv.words) && strings.HasPrefix(inv.words[at].text, "-") {
			at++
			if at < len(inv.words) && listed(platformFlags, inv.words[at-1].text) {
				at++
			}
		}
		if inv.arg(at) != w {
			return 0
		}
		at++
	}
	return at
}

// flagged reads the values of the flags of a command: every word up to the next flag, or one with commas.
func (s *script) flagged(inv *invocation, c platformCommand) {
	for i, w := range inv.words {
		flag, _, joined := strings.Cut(w.text, "=")
		if !listed(strings.Join(c.flags, " "), flag) {
			continue
		}
		if joined {
			s.platformPairs(c, word{text: strings.TrimPrefix(w.text, flag+"="), offset: w.offset + len(flag) + 1, end: w.end, vars: w.vars})
			continue
		}
		for _, v := range inv.words[i+1:] {
			if strings.HasPrefix(v.text, "-") {
				break
			}
			s.platformPairs(c, v)
		}
	}
}

// platformPairs reads NAME=value, several with commas, and Variables={NAME=value}.
func (s *script) platformPairs(c platformCommand, w word) {
	text := w.text
	if inner, ok := strings.CutPrefix(text, "Variables={"); ok {
		text = strings.TrimSuffix(inner, "}")
	}
	pairs := []string{text}
	if c.platform == "gcloud" || c.platform == "lambda" {
		pairs = strings.Split(strings.TrimLeft(text, "^@|:;"), ",")
	}
	for _, p := range pairs {
		name, _, ok := strings.Cut(strings.TrimSpace(p), "=")
		if !ok || !validName(name) || strings.Contains(name, "*") {
			continue
		}
		if len(pairs) == 1 {
			s.platformVariable(c, name, w.vars, w.offset, w.end)
			continue
		}
		s.platformPart(c, name, w)
	}
}

// platformPart reads one of several pairs where it stands in the text of a word.
func (s *script) platformPart(c platformCommand, name string, w word) {
	if w.offset < 0 || w.end > len(s.src) || w.offset > w.end {
		return
	}
	text := string(s.src[w.offset:w.end])
	i := strings.Index(text, name+"=")
	if i < 0 {
		return
	}
	part := text[i:]
	if n := strings.IndexAny(part, ",}"); n > 0 && !strings.Contains(part[:n], "${") {
		part = part[:n]
	} else if n := strings.IndexByte(part, ','); n > 0 {
		part = part[:n]
	}
	s.platformVariable(c, name, plainVariables(part), w.offset+i, w.offset+i+len(part))
}

func (s *script) platformVariable(c platformCommand, name string, from []string, at, end int) {
	if s.dir == "*" || !isUpper(name) && !strings.Contains(name, "_") {
		return
	}
	s.out.Writes = append(s.out.Writes, Write{Name: name, From: from, To: "app-env:" + c.platform, Dir: s.dir, Offset: at, End: end})
}
