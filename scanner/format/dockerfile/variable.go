package dockerfile

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// arg reads ARG NAME[=default]: a value that whoever starts the build hands in. One name is one binding of the
// build, whichever stages declare it.
func (b *build) arg(in *instruction) {
	for _, word := range in.words() {
		name, text, set := strings.Cut(word, "=")
		if name == "" {
			continue
		}
		at := b.placeOf(in, name)
		id := b.facts.Binding(b.automation, name, "argument", at)
		b.facts.Edge(inventory.Reads, b.automation, id, "dockerfile-arg", inventory.Certain, at)
		if old := b.arguments[name]; old == "" {
			b.arguments[name], _ = unquote(text)
		}
		if set {
			b.assign(id, "ARG "+name, name, text, at)
		}
	}
}

// env reads ENV NAME=value ..., which the stage and its containers see.
func (b *build) env(in *instruction) {
	for _, p := range in.pairs() {
		at := b.placeOf(in, p.name)
		id := container.Env(b.facts, b.consumer(), p.name, "dockerfile-env", at)
		b.assign(id, "ENV "+b.stageKey()+p.name, p.name, p.value, at)
		if b.stage != nil {
			b.stage.variables[p.name] = id
		}
	}
}

// stageKey tells the variables of several stages apart.
func (b *build) stageKey() string {
	if b.count < 2 {
		return ""
	}
	return b.stage.part[strings.LastIndexByte(b.stage.part, '#')+1:] + "."
}

// assign says where the value of a binding comes from: other variables, a store, or the file itself.
func (b *build) assign(binding, inline, name, raw string, at artifact.Place) {
	text, expands := unquote(raw)
	if expands {
		for _, v := range detect.Variables(text) {
			b.facts.Edge(inventory.BoundFrom, binding, b.lookup(v.Name), "dockerfile-variable", inventory.Certain, at)
		}
		text = container.Fallback(text)
	}
	container.Value(b.facts, binding, inline, name, text, at)
}

// lookup returns the binding that a variable means here: an ENV of the stage wins over a build argument. ""
// for one that the base image must bring.
func (b *build) lookup(name string) string {
	if b.stage != nil && b.stage.variables[name] != "" {
		return b.stage.variables[name]
	}
	if _, ok := b.arguments[name]; ok {
		return inventory.BindingID(b.automation, name)
	}
	return ""
}

// defaults puts the defaults of build arguments in the place of the variables in a text.
func (b *build) defaults(text string) string {
	var out strings.Builder
	end := 0
	for _, v := range detect.Variables(text) {
		if v.Start < end || b.arguments[v.Name] == "" {
			continue
		}
		out.WriteString(text[end:v.Start] + b.arguments[v.Name])
		end = v.End
	}
	return container.Fallback(out.String() + text[end:])
}

// read adds the edge from the current stage to a variable that its commands read.
func (b *build) read(name string, sure inventory.Confidence, at artifact.Place) {
	if id := b.lookup(name); id != "" {
		b.facts.Edge(inventory.Reads, b.consumer(), id, "dockerfile-run", sure, at)
	}
}

// unquote takes the quotes off a value and reports whether variables in it are expanded.
func unquote(raw string) (text string, expands bool) {
	if len(raw) >= 2 && raw[0] == raw[len(raw)-1] {
		switch raw[0] {
		case '\'':
			return raw[1 : len(raw)-1], false
		case '"':
			return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(raw[1 : len(raw)-1]), true
		}
	}
	return strings.ReplaceAll(raw, `\ `, " "), true
}
