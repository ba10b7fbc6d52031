package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// workflow reads a workflow file.
func (f *file) workflow(root *tree.Node) {
	at := artifact.At(root, "")
	name := root.Get("name").Str()
	if name == "" {
		name = f.Artifact.Base()
	}
	f.Automation("", name, at)
	f.Attr(f.id, inventory.AttrNeeds, "next run", "", at)
	f.Attr(f.id, inventory.AttrAlias, name, "workflow name", at)
	f.cover(f.id, 1, len(f.lines))
	f.triggers(root)

	s := &scope{file: f, part: f.id, whole: f.id}
	s.limited = f.permissions(f.id, root.Get("permissions"), "permissions")
	s.defaults(root)
	s.env = []variables{s.variables(f.id, root.Get("env"), "env")}
	s.rest(root, "", "jobs", "env", "on", "name", "permissions")
	f.readJobs(s, root)
	s.callOutputs(root)
}

// defaults reads defaults.run, which a job takes over from its workflow unless it names its own.
func (s *scope) defaults(n *tree.Node) {
	run := n.Get("defaults", "run")
	if v := run.Get("shell").Str(); v != "" {
		s.shell = v
	}
	if v := run.Get("working-directory").Str(); v != "" {
		s.dir = v
	}
}

// readJobs reads the jobs, each after those it needs, so that their outputs are known.
func (f *file) readJobs(s *scope, root *tree.Node) {
	pairs := root.Get("jobs").Entries()
	last := ends(pairLines(pairs), f.endOf(root, "jobs"))
	place := map[string]int{}
	for i, p := range pairs {
		place[strings.ToLower(p.Key)] = i
	}
	done := make([]bool, len(pairs))
	var read func(i int)
	read = func(i int) {
		if done[i] {
			return
		}
		done[i] = true
		for _, n := range pairs[i].Value.Get("needs").List() {
			if k, ok := place[strings.ToLower(n.Str())]; ok {
				read(k)
			}
		}
		if f.spend() {
			s.job(pairs[i], tree.Path("jobs").Key(pairs[i].Key), last[i])
		}
	}
	for i := range pairs {
		read(i)
	}
}

// endOf returns the last line of a key's value in a map: the line before the next key, or the file's last.
func (f *file) endOf(n *tree.Node, key string) int {
	pairs := n.Entries()
	last := ends(pairLines(pairs), len(f.lines))
	for i, p := range pairs {
		if p.Key == key {
			return last[i]
		}
	}
	return len(f.lines)
}

// callOutputs reads the outputs of a workflow that can be called.
func (s *scope) callOutputs(root *tree.Node) {
	p := tree.Path("on.workflow_call.outputs")
	s.entries(s.call.outputs, p, func(pair tree.Pair, p tree.Path) {
		s.declareOutput(s.id, pair.Key, pair.Value.Get("value"), p.Key("value"))
	})
}

// declareOutput adds an output of a job, workflow or action if its value carries a credential, and returns it.
func (s *scope) declareOutput(owner, name string, value *tree.Node, p tree.Path) string {
	found := s.needs(value, p)
	if len(found) == 0 {
		return ""
	}
	id := s.received(owner, strings.ToLower(name), artifact.At(value, p))
	for _, x := range found {
		s.Edge(inventory.BoundFrom, id, x.id, "gha-output", x.sure, x.at)
	}
	return id
}
