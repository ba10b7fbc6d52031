package code

import "strings"

// docker reads docker run, exec, compose and login.
func (s *script) docker(inv *invocation) {
	switch inv.arg(1) {
	case "run", "create", "exec":
		s.container(inv)
	case "compose":
		inner := *inv
		inner.words = inv.words[1:]
		s.compose(&inner)
	case "container":
		inner := *inv
		inner.words = inv.words[1:]
		s.container(&inner)
	case "build", "buildx":
		s.build(inv)
	case "stack":
		if w, ok := inv.flag("-c", "--compose-file"); ok && (inv.arg(2) == "deploy" || inv.arg(2) == "up") {
			s.composed(w.text, inv)
		}
	}
}

// containerFlags are the flags of docker run, exec and compose run that take a value.
const containerFlags = "-v --volume -w --workdir -u --user --name --network --net --entrypoint -p --publish --mount --platform -h --hostname " +
	"--add-host -m --memory --cpus -l --label --device --cap-add --cap-drop --ulimit --log-driver --log-opt --restart --pull --gpus --shm-size --link " +
	"--volumes-from --dns --tmpfs --security-opt --cidfile --env-file -e --env --ipc --pid --expose --index --build-arg --scale"

// container reads -e NAME, -e NAME=value and --env-file f, and the command that the container is given. That runs on the files
// of the source where the working directory is mounted; of another container nothing is known but its environment.
func (s *script) container(inv *invocation) {
	mounted := false
	for i := 2; i < len(inv.words); i++ {
		w := inv.words[i]
		name, value, joined := strings.Cut(w.text, "=")
		switch {
		case !strings.HasPrefix(w.text, "-"):
			s.inContainer(inv, i+1, mounted)
			return
		case w.text == "-v" || w.text == "--volume" || w.text == "--mount":
			if i++; i < len(inv.words) {
				mounted = mounted || mountsHere(inv.words[i].text)
			}
		case (name == "--volume" || name == "--mount") && joined:
			mounted = mounted || mountsHere(value)
		case w.text == "-e" || w.text == "--env":
			if i++; i < len(inv.words) {
				s.passed(inv.words[i], "container")
			}
		case name == "--env" && joined:
			s.passed(word{text: value, offset: w.offset + 6, vars: w.vars}, "container")
		case w.text == "--env-file" && i+1 < len(inv.words):
			i++
			s.envFile(inv.words[i], "sh-docker-env-file")
		case name == "--env-file" && joined:
			s.envFile(word{text: value, offset: w.offset + 11}, "sh-docker-env-file")
		case listed(containerFlags, w.text):
			i++
		}
	}
}

// mountsHere reports whether a volume is the working directory of the caller, or the root of the source.
func mountsHere(text string) bool {
	from, _, _ := strings.Cut(text, ":")
	for _, f := range strings.Split(text, ",") {
		if k, v, ok := strings.Cut(f, "="); ok && (k == "source" || k == "src") {
			from = v
		}
	}
	switch strings.TrimSuffix(from, "/") {
	case ".", "$PWD", "$ROOT", "$(pwd)", "*", "./":
		return true
	}
	return false
}

// inContainer reads the command of a container.
func (s *script) inContainer(inv *invocation, from int, mounted bool) {
	if from >= len(inv.words) || inv.words[from].text == "" {
		return
	}
	inner := *inv
	inner.words, inner.at = inv.words[from:], inv.words[from].offset
	s.nested(func() {
		if !mounted {
			s.dir = "*"
		}
		s.invoke(&inner)
	})
}

// passed reads NAME or NAME=value handed to a container or a build; NAME alone is read from the environment.
func (s *script) passed(w word, to string) {
	if name, _, ok := w.split(); ok {
		s.out.Writes = append(s.out.Writes, Write{Name: name, From: w.vars, To: to, Offset: w.offset, End: max(w.end, w.offset+len(w.text))})
		return
	}
	if validName(w.text) && w.literal() {
		s.variable(w.text, "sh-docker-env", w.offset, certain)
		s.write(w.text, []string{w.text}, to, w.offset)
	}
}

// build reads --build-arg NAME[=value] and --secret id=I,env=E of docker build: what is handed to the Dockerfile.
func (s *script) build(inv *invocation) {
	_, recipe, ok := dockerRecipe(inv)
	if !ok || strings.ContainsAny(recipe, "*$~\n") || strings.Contains(recipe, "://") {
		recipe = ""
	}
	for _, w := range inv.flags("--build-arg") {
		name, _, given := w.split()
		if !given && validName(w.text) && w.literal() {
			name, w.vars = w.text, []string{w.text}
			s.variable(name, "sh-docker-env", w.offset, certain)
		}
		s.handed(w, name, w.vars, "build-arg:"+recipe)
	}
	for _, w := range inv.flags("--secret") {
		fields := map[string]string{}
		for _, f := range strings.Split(w.text, ",") {
			k, v, _ := strings.Cut(f, "=")
			fields[k] = v
		}
		name := fields["env"]
		if name == "" && fields["src"] == "" && fields["source"] == "" {
			name = fields["id"] // the id alone is the name of a variable too
		}
		if validName(name) {
			s.variable(name, "sh-docker-secret", w.offset, certain)
			s.handed(w, fields["id"], []string{name}, "build-secret:"+recipe)
		}
	}
}

// handed adds what a word of the command hands to a Dockerfile.
func (s *script) handed(w word, name string, from []string, to string) {
	if !validName(name) && !strings.HasPrefix(to, "build-secret:") || name == "" {
		return
	}
	s.out.Writes = append(s.out.Writes, Write{Name: name, From: from, To: to, Offset: w.offset, End: w.offset + len(w.text) + 2, Dir: s.dir})
}

// compose reads docker compose -f file ... up, with --env-file and -e.
func (s *script) compose(inv *invocation) {
	if w, ok := inv.flag("--env-file"); ok {
		s.envFile(w, "sh-docker-env-file")
	}
	file := inv.option("-f", "--file")
	for i, w := range inv.words {
		switch w.text {
		case "up", "start", "create", "restart", "run", "build", "config", "pull", "push", "watch":
			s.composed(file, inv)
		}
		switch w.text {
		case "up", "start", "create", "restart":
			if file == "" {
				file = "."
			}
			s.named("compose", file, s.dir, inv)
			return
		case "run", "exec":
			inner := *inv
			inner.words = inv.words[max(0, i-1):]
			s.container(&inner)
			return
		}
	}
}
