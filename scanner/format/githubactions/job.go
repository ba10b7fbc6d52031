package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// job is what later jobs can see of one.
type job struct {
	outputs map[string]string   // lower-case name -> the node that carries a credential
	images  map[string][]string // lower-case name -> the names of images that it gives out
	callee  string              // the workflow that it calls, whose outputs are its own
}

// job reads one job. The scope is the workflow's.
func (s *scope) job(pair tree.Pair, p tree.Path, last int) {
	n, at := pair.Value, artifact.AtPair(pair, p)
	id := s.Part(s.id, pair.Key, title(n, pair.Key), "job", at)
	s.cover(id, pair.Line, last)

	in := *s
	in.limited = s.permissions(id, n.Get("permissions"), p.Key("permissions")) || s.limited
	in.part, in.whole, in.set, in.mounts = id, id, newVariables(), &[]mount{}
	in.outputs, in.open, in.given = map[string]map[string]string{}, map[string]string{}, map[string][]string{}
	in.matrix = n.Get("strategy", "matrix")
	in.defaults(n)
	if in.shell == "" && strings.Contains(n.Get("runs-on").Str(), "windows") {
		in.shell = "pwsh"
	}
	in.environment(n.Get("environment"), p.Key("environment"))
	own := in.variables(id, n.Get("env"), p.Key("env"))
	in.env = append([]variables{in.set, own}, s.env...)
	in.rest(n, p, "steps", "env", "container", "services", "outputs", "secrets", "uses", "permissions", "name")
	in.containers(n, p)

	j := &job{outputs: map[string]string{}, images: map[string][]string{}}
	s.jobs[strings.ToLower(pair.Key)] = j
	if uses := n.Get("uses"); uses.Str() != "" {
		j.callee = in.callWorkflow(n, uses, p)
	}
	in.steps(n.Get("steps"), p.Key("steps"), stepsEnd(n, last))
	in.entries(n.Get("outputs"), p.Key("outputs"), func(out tree.Pair, p tree.Path) {
		if id := in.declareOutput(id, out.Key, out.Value, p); id != "" {
			j.outputs[strings.ToLower(out.Key)] = id
		}
		for _, name := range in.givenOut(out.Value.Str()) {
			for _, c := range in.foldText(name) {
				j.images[strings.ToLower(out.Key)] = append(j.images[strings.ToLower(out.Key)], c.text)
			}
		}
	})
}

func title(n *tree.Node, key string) string {
	if name := n.Get("name").Str(); name != "" {
		return name
	}
	return key
}

// stepsEnd returns the last line of a job's steps: the line before the next key, or the job's last.
func stepsEnd(n *tree.Node, last int) int {
	pairs := n.Entries()
	all := ends(pairLines(pairs), last)
	for i, p := range pairs {
		if p.Key == "steps" {
			return all[i]
		}
	}
	return last
}

// environment reads the job's deployment environment: its secrets go before the repository's (R1).
func (s *scope) environment(n *tree.Node, p tree.Path) {
	if n.IsMap() {
		n, p = n.Get("name"), p.Key("name")
	}
	if n.Str() == "" {
		return
	}
	at := artifact.At(n, p)
	s.environments, s.named = s.foldText(n.Str()), at
	sure := inventory.Certain
	if len(s.environments) > 1 {
		sure = inventory.High
	}
	for _, e := range s.environments {
		if !e.open() {
			s.AttrSure(s.part, inventory.AttrEnvironment, e.text, "", sure, at)
			s.AttrSure(s.id, inventory.AttrEnvironment, e.text, "", sure, at)
		}
	}
}

// containers reads the job's container and its services: each sees its own variables only.
func (s *scope) containers(n *tree.Node, p tree.Path) {
	s.container(n.Get("container"), "container", p.Key("container"))
	services := n.Get("services")
	if !services.IsMap() {
		s.reads(services, p.Key("services"), "gha-expression")
	}
	s.entries(services, p.Key("services"), func(pair tree.Pair, p tree.Path) {
		s.container(pair.Value, "services."+pair.Key, p)
	})
}

func (s *scope) container(n *tree.Node, key string, p tree.Path) {
	if n == nil || n.Kind == tree.Seq {
		return
	}
	id := s.Part(s.part, key, key, "container", artifact.At(n, p))
	in := *s
	in.part = id
	in.image(n, p)
	in.variables(id, n.Get("env"), p.Key("env"))
	in.credentials(n.Get("credentials"), p.Key("credentials"))
	in.rest(n, p, "env", "credentials", "image")
}

// credentials reads the login for the registry of a container's image.
func (s *scope) credentials(n *tree.Node, p tree.Path) {
	s.entries(n, p, func(pair tree.Pair, p tree.Path) {
		s.argument("credentials."+pair.Key, pair, p, pair.Key == "password")
	})
}

// image reads the image of a container, written as the container itself or under "image".
func (s *scope) image(n *tree.Node, p tree.Path) {
	if n.IsMap() {
		n, p = n.Get("image"), p.Key("image")
	}
	s.reads(n, p, "gha-image")
	if ref := n.Str(); ref != "" && !strings.Contains(ref, "${{") {
		s.runsImage(ref, artifact.At(n, p))
	}
}

// runsImage says that the part runs a container image; its tag and digest are left out of the id.
func (s *scope) runsImage(ref string, at artifact.Place) {
	ref, _, _ = strings.Cut(strings.TrimPrefix(ref, "docker://"), "@")
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref = ref[:i]
	}
	if ref == "" {
		return
	}
	id := s.Node(inventory.Image, "image:"+ref, ref, at)
	s.Edge(inventory.Runs, s.part, id, "gha-image", inventory.Certain, at)
}
