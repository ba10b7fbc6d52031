package githubactions

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/target"
)

// script is the text of a step while it is read as a program.
type script struct {
	*step
	code.Result
	text   string
	places *placer
	route  tree.Path
	byLine map[int][]need    // what the expressions on a line stand for, by the offset of the line
	local  map[string]string // variables that the text fills from a store -> slot
}

// script reads program text that the step runs.
func (st *step) script(n *tree.Node, p tree.Path, language string) {
	st.scriptOn(n, p, language, false)
}

// scriptOn reads program text that the step runs, here or on another machine: there, no file that it names is known to be
// one of this source.
func (st *step) scriptOn(n *tree.Node, p tree.Path, language string, remote bool) {
	if language == "" || n.Str() == "" {
		return
	}
	s := &script{step: st, text: n.Value, places: st.placer(n, p), route: p, local: map[string]string{}}
	s.Result = code.Scan(language, []byte(st.masked(n.Value, program(language))))
	if remote {
		s.elsewhere()
	}
	s.expressionLines(n)
	s.storeReads()
	s.reads()
	s.implicit()
	s.assignments()
	s.writes()
	container.Made(s.Facts, s.Result, s.locate, s.places.script)
	s.runs()
	s.mints()
	for _, h := range s.Hosts {
		st.host(h.Name, s.places.script(h.Offset))
	}
	for _, u := range s.Uses {
		st.Use(st.part, u.Kind, u.What, s.places.script(u.Offset))
	}
}

// program is the language in which the expressions of a text are masked.
func program(language string) string {
	if strings.HasPrefix(language, code.WordsOf) {
		return "shell"
	}
	return language
}

// elsewhere takes out what the text starts, and the folders that it names.
func (s *script) elsewhere() {
	s.Runs = nil
	for i := range s.Writes {
		if file, ok := strings.CutPrefix(s.Writes[i].To, "dotenv:"); ok {
			s.Writes[i].To, s.Writes[i].Dir = "dotenv:"+path.Base(file), "*"
		}
	}
}

// language returns the language of run: that of the step's shell, else the job's, else the workflow's.
func (st *step) language() string {
	shell := st.node.Get("shell").Str()
	if shell == "" {
		shell = st.shell
	}
	shell, _, _ = strings.Cut(shell, " ")
	switch shell = strings.TrimSuffix(path.Base(shell), ".exe"); shell {
	case "", ".", "bash":
		return "shell"
	case "cmd":
		return ""
	}
	return code.Language("script", []byte("#!/usr/bin/env "+shell+"\n"))
}

// host says that the step talks to a host.
func (s *scope) host(name string, at artifact.Place) {
	s.Attr(s.part, inventory.AttrHost, name, "", at)
	if id, ok := provider.ServiceOfHost(name); ok {
		s.Service(s.part, id, "host", inventory.High, at)
	}
}

// expressionLines notes what the expressions of each line stand for. The step's direct reads are made by run.
func (s *script) expressionLines(n *tree.Node) {
	s.byLine = map[int][]need{}
	places := s.placer(n, s.route)
	repeats := map[string]int{}
	for _, e := range expressions(s.text) {
		line := s.lineStart(e.start)
		for _, r := range e.refs {
			if repeats[r.key()]++; repeats[r.key()] > maxRepeats {
				continue
			}
			at := places.of(e, r)
			for _, t := range s.resolve(r, at) {
				s.byLine[line] = append(s.byLine[line], need{t, at, e.start})
			}
		}
	}
}

func (s *script) lineStart(offset int) int {
	return strings.LastIndexByte(s.text[:min(offset, len(s.text))], '\n') + 1
}

// storeReads reads the calls that fetch from a secret store.
func (s *script) storeReads() {
	for _, r := range s.Stores {
		at := s.places.script(r.Offset)
		id := s.entry(s.inSource(r.Slot), at)
		s.Edge(inventory.Reads, s.part, id, r.Via, r.Sure, at)
		if r.Into != "" {
			s.local[r.Into] = id
		}
	}
}

// reads joins the variables that the text uses to the bindings that the step can see.
func (s *script) reads() {
	for _, r := range s.Reads {
		if !s.spend() {
			return
		}
		at := s.places.script(r.Offset)
		if !strings.Contains(r.Name, "*") {
			s.Edge(inventory.Reads, s.part, s.seen(r.Name, at), "gha-script", r.Sure, at)
			continue
		}
		for _, level := range s.env {
			for name, id := range level.exact {
				if ok, _ := path.Match(r.Name, name); ok && s.spend() {
					s.Edge(inventory.Reads, s.part, id, "gha-script", inventory.Weakest(r.Sure, inventory.Low), at)
				}
			}
		}
	}
}

// implicit joins what client programs take from the environment by themselves, where the step can see it.
func (s *script) implicit() {
	for _, r := range s.Implicit {
		id := s.visible(r.Name)
		if slices.ContainsFunc(s.Writes, func(w code.Write) bool { return w.To == "export" && w.Name == r.Name }) {
			id = inventory.BindingID(s.part, r.Name)
		}
		if id != "" && s.spend() {
			s.Edge(inventory.Reads, s.part, id, "gha-script", r.Sure, s.places.script(r.Offset))
		}
	}
}

// seen returns the binding that the text sees under a name. What no level of an action binds, its callers may.
func (s *script) seen(name string, at artifact.Place) string {
	if id := s.visible(name); id != "" || !s.action || strings.Contains(name, "/") || s.local[name] != "" || detect.Ignored(name) {
		return id
	}
	return s.Binding(s.id, name, "env", at)
}

// named returns what a variable of the script stands for, "" when that is unknown.
func (s *script) named(name string) string {
	return cmp.Or(s.local[name], s.visible(name))
}

// carried returns what reaches a value at an offset: the variables it uses and the expressions beside it.
func (s *script) carried(from []string, offset int) []need { return s.carriedIn(from, offset, 0) }

// carriedIn is carried for a value that ends before the end of its line; 0 is the line's.
func (s *script) carriedIn(from []string, offset, stop int) []need {
	var out []need
	at := s.places.script(offset)
	for _, name := range from {
		if id := s.named(name); id != "" {
			out = append(out, need{referent{id, inventory.High}, at, offset})
		}
	}
	if stop > 0 {
		return append(out, s.between(offset, stop)...)
	}
	first, end := s.zone(offset)
	for line := first; line < end; {
		out = append(out, s.byLine[line]...)
		next := strings.IndexByte(s.text[line:], '\n')
		if next < 0 {
			break
		}
		line += next + 1
	}
	return out
}

// between returns what the expressions of a stretch of the text stand for.
func (s *script) between(first, stop int) []need {
	var out []need
	for _, x := range s.byLine[s.lineStart(first)] {
		if x.offset >= first && x.offset < stop {
			out = append(out, x)
		}
	}
	return out
}

// maxZone bounds the lines of a value that is written as NAME<<MARK, value, MARK.
const maxZone = 4000

// zone returns the lines that hold a value: its own line, or all up to the mark that ends it.
func (s *script) zone(offset int) (first, end int) {
	first = s.lineStart(offset)
	rest := s.text[first:]
	line, _, _ := strings.Cut(rest, "\n")
	end = first + len(line) + 1
	_, mark, ok := strings.Cut(line, "<<")
	if !ok {
		return first, end
	}
	mark = strings.TrimLeft(mark, `-"'`)
	if i := strings.IndexAny(mark, "\"' )}"); i >= 0 {
		mark = mark[:i]
	}
	after := rest[min(len(line)+1, len(rest)):]
	if i := strings.Index(after[:min(len(after), maxZone)], mark); mark != "" && i >= 0 {
		end = first + len(line) + 1 + i
	}
	return first, end
}

// writes reads what the text hands to later steps, or puts into a store.
func (s *script) writes() {
	for _, w := range s.Writes {
		if !s.spend() {
			return
		}
		found := s.carriedIn(w.From, w.Offset, w.End)
		at := s.places.script(w.Offset)
		for _, r := range w.Fetched {
			found = append(found, need{referent{s.entry(r, at), inventory.High}, at, w.Offset})
		}
		if len(found) == 0 {
			continue
		}
		if r, ok := w.Stored(s.Artifact.Source, s.locate); ok {
			s.copied(r, atMost(found, w), at)
			continue
		}
		if b, ok := w.Argument(s.Artifact.Source, s.locate); ok {
			s.handed(b, found)
			continue
		}
		switch w.To {
		case "github-env":
			s.bound(s.export(w.Name, at), found, "gha-github-env")
		case "github-output":
			s.bound(s.step.output(w.Name, at), found, "gha-github-output")
		}
	}
}

// atMost lowers what reaches a place that is only a likely one.
func atMost(found []need, w code.Write) []need {
	if w.Guessed() {
		for i := range found {
			found[i].sure = inventory.Weakest(found[i].sure, inventory.Medium)
		}
	}
	return found
}

// locate returns where a path that the text names stands.
func (s *script) locate(r code.Run) (string, bool) {
	for _, dir := range s.folders(r) {
		return code.Run{Path: r.Path}.Resolve("", path.Join(s.root, dir))
	}
	return "", false
}

// inSource turns a file that the text names into one of the source.
func (s *script) inSource(r inventory.SlotRef) inventory.SlotRef {
	if r.Store != "dotenv" && r.Store != "sops" || r.Scope != "*" {
		return r
	}
	if p, ok := s.locate(code.Run{Path: r.Name}); ok {
		r.Scope, r.Name = s.Artifact.Source, p
	}
	return r
}

func (s *script) bound(binding string, found []need, rule string) {
	for _, x := range found {
		s.Edge(inventory.BoundFrom, binding, x.id, rule, inventory.Weakest(x.sure, inventory.High), x.at)
	}
}

// handed says that a build argument receives what the step sees.
func (s *script) handed(argument string, found []need) {
	for _, x := range found {
		s.Edge(inventory.ReceivedFrom, argument, x.id, "docker-build-arg", inventory.Weakest(x.sure, inventory.High), x.at)
	}
}

// copied says that a slot is filled from what the step sees.
func (s *script) copied(r inventory.SlotRef, found []need, at artifact.Place) {
	slot := s.entry(r, at)
	for _, x := range found {
		s.Edge(inventory.CopiesFrom, slot, x.id, "gha-secret-set", inventory.Weakest(x.sure, inventory.High), x.at)
	}
}

// assignments reads what the text sets for the programs it starts: export X=..., X=... program.
func (s *script) assignments() {
	for _, w := range s.Writes {
		if w.To == "export" || w.To == "container" {
			s.assign(w.Name, w.From, w.Offset, w.End)
		}
	}
	for _, r := range s.Runs {
		for name, from := range r.Env {
			s.assign(name, []string{from}, r.Offset, 0)
		}
		for _, a := range r.Args {
			s.assign(target.Argument(r.Path, a.Number), a.From, a.Offset, a.End)
		}
	}
}

// assign binds a name of the step to what reaches a value that ends at an offset, 0 for the end of its line.
func (s *script) assign(name string, from []string, offset, end int) {
	if len(from) == 1 && from[0] == name || !s.spend() {
		return
	}
	found := s.carriedIn(from, offset, end)
	if len(found) == 0 {
		return
	}
	at := s.places.script(offset)
	b := s.Binding(s.part, name, "env", at)
	s.Edge(inventory.Reads, s.part, b, "gha-script", inventory.High, at)
	s.bound(b, found, "gha-script")
}

// mints reads the commands that make a short-lived credential from another.
func (s *script) mints() {
	for _, m := range s.Mints {
		tool, _, _ := strings.Cut(m.What, "-")
		found := s.carried(slices.Concat(code.MintedWith(tool), m.From), m.Offset)
		if len(found) == 0 || !s.spend() {
			continue
		}
		at := s.places.script(m.Offset)
		id := s.Node(inventory.Derived, "derived:"+s.part+"#"+m.What, m.What, at)
		s.Edge(inventory.Reads, s.part, id, "gha-mint", inventory.High, at)
		for _, x := range found {
			s.Edge(inventory.MintedFrom, id, x.id, "gha-mint", inventory.Weakest(x.sure, inventory.High), x.at)
		}
	}
}
