package pipeline

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/target"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// script is the text of a part while it is read as a program.
type script struct {
	*Scope
	code.Result
	place func(int) artifact.Place
	local map[string]string // variables that the text fills from a store
	later func(name string, at artifact.Place) string
}

// Script reads shell text that the part runs.
func (s *Scope) Script(t *Text) { s.Program("shell", t, nil) }

// Program reads text of a language that the part runs. Later returns the binding of a variable that the text sets
// for the parts behind it, by the log command of the system; nil where there is none.
func (s *Scope) Program(language string, t *Text, later func(name string, at artifact.Place) string) {
	if len(t.pieces) == 0 {
		return
	}
	x := &script{Scope: s, place: t.Place, local: map[string]string{}, later: later}
	x.Result = code.Scan(language, []byte(t.String()))
	if language == "shell" {
		x.complete(t.String())
	}
	x.stores()
	x.reads()
	x.implicitly()
	x.writes()
	container.Made(x.Facts, x.Result, x.resolve, x.place)
	x.runs()
	x.mints()
	for _, h := range x.Hosts {
		s.Host(h.Name, x.place(h.Offset))
	}
	for _, u := range x.Uses {
		s.Use(s.Part, u.Kind, u.What, x.place(u.Offset))
	}
}

// complete fills in names of store entries that are built from variables with a literal value: the text is read
// once more behind assignments of those.
func (x *script) complete(text string) {
	open := false
	for _, r := range x.Stores {
		open = open || strings.Contains(r.Slot.Name+r.Slot.Key, "*")
	}
	for _, r := range x.Images {
		open = open || strings.Contains(r.Name, "*")
	}
	prelude := x.assignments()
	if !open || prelude == "" {
		return
	}
	x.Stores, x.Images = nil, nil
	again := code.Scan("shell", []byte(prelude+text))
	for _, r := range again.Stores {
		if r.Offset -= len(prelude); r.Offset >= 0 {
			x.Stores = append(x.Stores, r)
		}
	}
	for _, r := range again.Images {
		if r.Offset -= len(prelude); r.Offset >= 0 {
			x.Images = append(x.Images, r)
		}
	}
}

// assignments returns the variables that the text reads and that have a known value, as shell text: literals, values made of
// others, and what the system says of the repository.
func (x *script) assignments() string {
	var b strings.Builder
	seen := map[string]bool{}
	for _, r := range x.Result.Reads {
		x.assign(&b, r.Name, seen, 0)
	}
	return b.String()
}

func (x *script) assign(b *strings.Builder, name string, seen map[string]bool, depth int) {
	if seen[name] || !plain.MatchString(name) || b.Len() > maxPrelude || depth > 4 {
		return
	}
	seen[name] = true
	binding := x.Visible(name)
	value, ok := x.constants[binding]
	if !ok && binding == "" {
		value, ok = x.supplied(name)
	}
	if ok && !strings.ContainsAny(value, "'\n") && len(value) < 200 {
		b.WriteString(name + "='" + value + "'\n")
		return
	}
	value = x.composed[binding]
	if value == "" || len(value) > 200 || strings.ContainsAny(value, "\"\\`\n") || strings.Contains(value, "$(") {
		return
	}
	for _, v := range detect.Variables(value) {
		x.assign(b, v.Name, seen, depth+1)
	}
	b.WriteString(name + "=\"" + value + "\"\n")
}

// supplied returns what a system says of the repository in a variable of its own. Sources: the lists of predefined variables of
// GitLab, CircleCI, Bitbucket, Travis and Woodpecker.
func (f *File) supplied(name string) (string, bool) {
	host, repo, hosted := strings.Cut(f.Artifact.Source, "/")
	if !hosted || !strings.Contains(host, ".") {
		return "", false
	}
	owner, base := path.Dir(repo), path.Base(repo)
	switch name {
	case "CI_REGISTRY_IMAGE":
		return "registry." + host + "/" + strings.ToLower(repo), host == "gitlab.com"
	case "CI_REGISTRY":
		return "registry." + host, host == "gitlab.com"
	case "CI_PROJECT_PATH", "CI_REPO", "TRAVIS_REPO_SLUG", "BITBUCKET_REPO_FULL_NAME", "DRONE_REPO":
		return repo, true
	case "CI_PROJECT_NAMESPACE", "CIRCLE_PROJECT_USERNAME", "BITBUCKET_WORKSPACE", "CI_REPO_OWNER", "DRONE_REPO_OWNER":
		return owner, true
	case "CI_PROJECT_NAME", "CIRCLE_PROJECT_REPONAME", "BITBUCKET_REPO_SLUG", "CI_REPO_NAME", "DRONE_REPO_NAME":
		return base, true
	}
	return "", false
}

// maxPrelude bounds the assignments that are put before a text.
const maxPrelude = 20_000

var plain = lazy.New(`^[A-Za-z_]\w*$`)

// Host says that the part talks to a host.
func (s *Scope) Host(name string, at artifact.Place) {
	s.Attr(s.Part, inventory.AttrHost, name, "", at)
	if id, ok := provider.ServiceOfHost(name); ok {
		s.Service(s.Part, id, "host", inventory.High, at)
	}
}

// Entry adds the entry of a store; one whose name is not known in full is a pattern.
func (f *File) Entry(r inventory.SlotRef, at artifact.Place) string {
	if !strings.Contains(r.Name+r.Key, "*") {
		return f.Slot(r, at)
	}
	return container.Glob(f.Facts, r, at)
}

// stores reads the calls that fetch from a secret store.
func (x *script) stores() {
	for _, r := range x.Stores {
		at := x.place(r.Offset)
		if (r.Slot.Store == "dotenv" || r.Slot.Store == "sops") && r.Slot.Scope == "*" {
			r.Slot.Scope, r.Slot.Name = x.Artifact.Source, path.Join(x.Dir, r.Slot.Name)
		}
		id := x.Entry(r.Slot, at)
		x.Edge(inventory.Reads, x.Part, id, r.Via, r.Sure, at)
		if r.Into != "" {
			x.local[r.Into] = id
		}
	}
}

// reads joins the variables that the text uses to the bindings that the part can see.
func (x *script) reads() {
	for _, r := range x.Result.Reads {
		if !x.Spend() {
			return
		}
		at := x.place(r.Offset)
		if !strings.Contains(r.Name, "*") {
			for _, t := range x.Name(r.Name, at) {
				x.Need(inventory.Reads, x.Part, t, x.Rule+"-script", inventory.Weakest(r.Sure, t.Sure), at)
			}
			continue
		}
		if r.Name == "*" {
			continue // the whole environment: everything visible reaches it by its levels
		}
		for _, level := range x.Levels {
			for name, id := range level {
				if ok, _ := path.Match(r.Name, name); ok && x.Spend() {
					x.Edge(inventory.Reads, x.Part, id, x.Rule+"-script", inventory.Low, at)
				}
			}
		}
	}
}

// implicitly joins what client programs take from the environment by themselves, where the part can see it.
func (x *script) implicitly() {
	for _, r := range x.Implicit {
		if b := x.Visible(r.Name); b != "" && x.Spend() {
			x.Edge(inventory.Reads, x.Part, b, x.Rule+"-script", r.Sure, x.place(r.Offset))
		}
	}
}

// carried returns what reaches a value: the variables that it uses.
func (x *script) carried(from []string, at artifact.Place) []Target {
	var out []Target
	for _, name := range from {
		if id := x.local[name]; id != "" {
			out = append(out, Target{ID: id, Sure: inventory.High})
			continue
		}
		for _, t := range x.Name(name, at) {
			out = append(out, Target{t.ID, inventory.Weakest(t.Sure, inventory.High), t.At})
		}
	}
	return out
}

// writes reads what the text sets for the programs that it starts and for later parts, and puts into stores.
func (x *script) writes() {
	for _, w := range x.Writes {
		if !x.Spend() {
			return
		}
		at := x.place(w.Offset)
		found := x.carried(w.From, at)
		if id := x.local[w.Name]; id != "" {
			found = append(found, Target{ID: id, Sure: inventory.High})
		}
		for _, r := range w.Fetched {
			found = append(found, Target{ID: x.Entry(r, at), Sure: inventory.High})
		}
		if len(found) == 0 || (w.To == "export" || w.To == "container") && len(w.From) == 1 && w.From[0] == w.Name {
			continue
		}
		x.write(w, found, at)
	}
	for _, r := range x.Runs {
		for name, from := range r.Env {
			at := x.place(r.Offset)
			if found := x.carried([]string{from}, at); from != name && len(found) > 0 {
				x.set(x.assigned(name, at), found, at)
			}
		}
		for _, a := range r.Args {
			at := x.place(a.Offset)
			if found := x.carried(a.From, at); len(found) > 0 {
				x.set(x.assigned(target.Argument(r.Path, a.Number), at), found, at)
			}
		}
	}
}

func (x *script) resolve(r code.Run) (string, bool) { return r.Resolve(x.Folder, x.Dir) }

func (x *script) write(w code.Write, found []Target, at artifact.Place) {
	if r, ok := w.Stored(x.Artifact.Source, x.resolve); ok {
		if w.Guessed() {
			for i := range found {
				found[i].Sure = inventory.Weakest(found[i].Sure, inventory.Medium)
			}
		}
		x.copied(r, found, at)
		return
	}
	if b, ok := w.Argument(x.Artifact.Source, x.resolve); ok {
		for _, t := range found {
			x.Edge(inventory.ReceivedFrom, b, t.ID, "docker-build-arg", inventory.Weakest(t.Sure, inventory.High), at)
		}
		return
	}
	switch to, _, _ := strings.Cut(w.To, ":"); to {
	case "export", "container":
		x.set(x.assigned(w.Name, at), found, at)
	case "azure-variable", "teamcity-parameter", "buildkite-env", "bash-env":
		if x.later != nil {
			x.set(x.later(w.Name, at), found, at)
		}
	}
}

// assigned adds a variable that the text itself sets, for what the part starts.
func (x *script) assigned(name string, at artifact.Place) string {
	b := x.Binding(x.Part, name, "env", at)
	x.Edge(inventory.Reads, x.Part, b, x.Rule+"-script", inventory.High, at)
	return b
}

func (x *script) set(binding string, found []Target, at artifact.Place) {
	for _, t := range found {
		x.Need(inventory.BoundFrom, binding, t, x.Rule+"-script", t.Sure, at)
	}
}

func (x *script) copied(r inventory.SlotRef, found []Target, at artifact.Place) {
	slot := x.Entry(r, at)
	for _, t := range found {
		x.Edge(inventory.CopiesFrom, slot, t.ID, x.Rule+"-secret-set", t.Sure, at)
	}
}

// runs reads the files and targets that the text starts.
func (x *script) runs() {
	for _, r := range x.Runs {
		if !x.Spend() {
			return
		}
		x.start(r, x.place(r.Offset))
	}
}

func (x *script) start(r code.Run, at artifact.Place) {
	folder, ok := r.Folder(x.Folder, x.Dir)
	if !ok {
		return
	}
	if target.Start(x.Facts, x.Part, x.Artifact.Source, folder, r, "R5-run", inventory.High, at) {
		return
	}
	if r.Kind == "terraform" {
		x.Edge(inventory.Runs, x.Part, inventory.FileID("file", x.Artifact.Source, folder)+"/", "R5-run", inventory.High, at)
		return
	}
	file, ok := r.Resolve(x.Folder, x.Dir)
	if !ok || file == "" {
		return
	}
	switch r.Kind {
	case "file":
		x.Facts.Runs(x.Part, file, "R5-run", inventory.High, at)
	case "source":
		x.Sources(x.Part, file, "R5-run", inventory.High, at)
	case "module":
		for _, f := range code.Modules(file) {
			x.Facts.Runs(x.Part, f, "R5-run", inventory.Medium, at)
		}
	case "package":
		x.Facts.Runs(x.Part, file+"/", "R5-run", inventory.High, at)
	}
}
