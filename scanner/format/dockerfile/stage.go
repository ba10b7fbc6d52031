package dockerfile

import (
	"maps"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// from begins a stage: FROM image [AS name].
func (b *build) from(in *instruction) {
	b.endStage()
	list := in.words()
	if len(list) == 0 {
		return
	}
	name := "stage-" + strconv.Itoa(b.count)
	if len(list) >= 3 && strings.EqualFold(list[1], "as") {
		name = strings.ToLower(list[2])
	}
	at := b.placeOf(in, "from")
	part := b.facts.Part(b.automation, name, name, "stage", at)
	base := b.stages[strings.ToLower(list[0])]
	b.stage = &stage{part: part, variables: map[string]string{}, first: in.first, last: in.last}
	b.count++
	b.stages[name] = b.stage
	switch {
	case base != nil:
		b.stage.workdir, b.stage.variables = base.workdir, maps.Clone(base.variables)
		b.facts.Edge(inventory.Runs, part, base.part, "dockerfile-from", inventory.Certain, at)
	case list[0] != "scratch":
		container.Image(b.facts, part, b.defaults(list[0]), "dockerfile-from", at)
	}
	for _, v := range detect.Variables(list[0]) {
		b.read(v.Name, inventory.Certain, at)
	}
}

func (b *build) endStage() {
	if b.stage != nil {
		b.facts.Cover(b.stage.part, b.stage.first, b.stage.last)
	}
}

// run reads RUN: its mounted secrets, and its text as a shell script.
func (b *build) run(in *instruction) {
	for _, flag := range in.flags {
		if mount, ok := strings.CutPrefix(flag, "--mount="); ok {
			b.mount(in, mount)
		}
	}
	b.exported(in)
	runner := b.runner()
	runner.Read = b.read
	if list, ok := in.list(); ok {
		runner.Command(b.commandWords(list, b.placeOf(in, "run")))
		return
	}
	runner.Shell(in.shell())
	for _, h := range in.heredocs {
		runner.Shell(container.Word{Text: h.text, At: artifact.Place{Line: h.line, Column: 1}})
	}
}

// shell returns the text of an instruction as shell text.
func (in *instruction) shell() container.Word {
	return container.Word{Text: in.text, At: artifact.Place{Line: in.textLine, Column: 1, Pointer: strings.ToUpper(in.keyword)}}
}

// Secret returns the slot of a secret that a build mounts by its id.
func Secret(source, file, id string) inventory.SlotRef {
	return inventory.SlotRef{Store: "build-secret", Scope: source + "/" + file, Name: id}
}

// mount reads --mount=type=secret,id=I[,target=T][,env=E]. Without a target the file is /run/secrets/<id>.
func (b *build) mount(in *instruction, text string) {
	options := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		k, v, _ := strings.Cut(pair, "=")
		options[strings.ToLower(strings.TrimSpace(k))] = strings.Trim(v, `"' `)
	}
	target := firstOf(options["target"], options["dst"], options["destination"])
	id := firstOf(options["id"], path.Base(target))
	if options["type"] != "secret" || id == "" || id == "." {
		return
	}
	at := b.placeOf(in, id)
	slot := b.facts.Slot(Secret(b.a.Source, b.a.Path, id), at)
	if env := options["env"]; env != "" {
		bound := container.Env(b.facts, b.consumer(), env, "dockerfile-secret", at)
		b.facts.Edge(inventory.BoundFrom, bound, slot, "dockerfile-secret", inventory.Certain, at)
		if target == "" {
			return
		}
	}
	bound := container.File(b.facts, b.consumer(), firstOf(target, "/run/secrets/"+id), "dockerfile-secret", at)
	b.facts.Edge(inventory.BoundFrom, bound, slot, "dockerfile-secret", inventory.Certain, at)
}

// exportedSecret is a variable that takes in the text of a mounted secret: export TOKEN=$(cat /run/secrets/token).
var exportedSecret = lazy.New(`\b([A-Za-z_]\w*)=["']?\$\(\s*(?:cat\s+|<\s*)(/run/secrets/[\w.-]+)\s*\)`)

// exported binds the variables that take in mounted secrets, for what the instruction starts.
func (b *build) exported(in *instruction) {
	for _, m := range exportedSecret.FindAllStringSubmatch(in.text, 20) {
		id := path.Base(m[2])
		at := b.placeOf(in, m[1])
		bound := container.Env(b.facts, b.consumer(), m[1], "dockerfile-secret", at)
		slot := b.facts.Slot(Secret(b.a.Source, b.a.Path, id), at)
		b.facts.Edge(inventory.BoundFrom, bound, slot, "dockerfile-secret", inventory.High, at)
		b.facts.Edge(inventory.BoundFrom, bound, slot, "dockerfile-secret", inventory.High, b.placeOf(in, id)) // where it is mounted
	}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// command reads CMD and ENTRYPOINT.
func (b *build) command(in *instruction) {
	runner := b.runner()
	runner.Read = b.read
	if list, ok := in.list(); ok {
		at := b.placeOf(in, in.keyword)
		at.Pointer = strings.ToUpper(in.keyword)
		runner.Command(b.commandWords(list, at))
		return
	}
	runner.Shell(in.shell())
}

// commandWords returns words with paths below the working folder made relative to it.
func (b *build) commandWords(list []string, at artifact.Place) []container.Word {
	var out []container.Word
	for _, w := range list {
		if b.stage != nil && b.stage.workdir != "" {
			w = strings.TrimPrefix(w, b.stage.workdir+"/")
		}
		out = append(out, container.Word{Text: w, At: at})
	}
	return out
}

// healthcheck reads HEALTHCHECK CMD ..., which is a command like any other.
func (b *build) healthcheck(in *instruction) {
	inner := split(in.rest, in.text)
	if inner.keyword != "cmd" {
		return
	}
	inner.first, inner.last, inner.textLine = in.first, in.last, in.textLine
	b.command(&inner)
}

func (b *build) workdir(in *instruction) {
	dir, _ := unquote(in.rest)
	if b.stage == nil || strings.Contains(dir, "$") {
		return
	}
	if !path.IsAbs(dir) {
		dir = path.Join("/", b.stage.workdir, dir)
	}
	b.stage.workdir = strings.TrimSuffix(path.Clean(dir), "/")
}

var envFile = lazy.New(`^\.env(\.[\w.-]+)?$`)

// copied reads COPY and ADD of .env files: all their variables are baked into the image.
func (b *build) copied(in *instruction) {
	for _, flag := range in.flags {
		if strings.HasPrefix(flag, "--from=") {
			return
		}
	}
	list := in.words()
	for i := 0; i+1 < len(list); i++ {
		if !envFile.MatchString(path.Base(list[i])) {
			continue
		}
		at := b.placeOf(in, list[i])
		file := path.Join(b.a.Dir(), strings.TrimPrefix(list[i], "/"))
		bound := container.File(b.facts, b.consumer(), list[len(list)-1], "dockerfile-copy", at)
		all := container.All(b.facts, inventory.SlotRef{Store: "dotenv", Scope: b.a.Source, Name: file}, at)
		b.facts.Edge(inventory.BoundFrom, bound, all, "dockerfile-copy", inventory.Medium, at)
	}
}

// labels reads the labels that say who answers for the image and what it is for.
func (b *build) labels(in *instruction) {
	for _, p := range in.pairs() {
		text, _ := unquote(p.value)
		key, _ := unquote(p.name)
		at := b.placeOf(in, key)
		switch strings.ToLower(key) {
		case "maintainer", "org.opencontainers.image.authors", "org.label-schema.vendor", "owner", "team":
			b.owner(text, at)
		case "org.opencontainers.image.description", "org.label-schema.description", "description":
			b.facts.Attr(b.automation, inventory.AttrPurpose, text, "", at)
		}
	}
}

var mailAddress = lazy.New(`[<(]?[^\s<>(),]+@[^\s<>(),]+[>)]?`)

// owner adds a maintainer by name, without the mail address.
func (b *build) owner(text string, at artifact.Place) {
	text, _ = unquote(strings.TrimSpace(text))
	name := strings.TrimSpace(mailAddress.ReplaceAllString(text, ""))
	if name != "" && len(name) < 200 && !strings.Contains(name, "$") {
		b.facts.Owner(b.automation, name, "dockerfile-maintainer", inventory.Medium, at)
	}
}
