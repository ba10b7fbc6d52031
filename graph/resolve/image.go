package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinImages is R16. A container that runs an image runs the program that the image was built from: what its
// Dockerfile starts, and what that loads; where that cannot be followed, the files below the build's context that
// read a name which the container binds. The build is known from a Compose file or a workflow that builds the image;
// else the name of the image leads to it: a folder with a Dockerfile, or the repository.
//
// Confidence: medium for one build, low for several, and low for a name alone that does not show whose image it is.
func joinImages(v *View) {
	j := newImageJoin(v)
	for e := range v.EdgesOf(inventory.Runs) {
		if !strings.HasPrefix(e.To, "image:") || strings.HasPrefix(e.From, "dockerfile:") {
			continue
		}
		if part := v.Node(e.From); part != nil && (part.Kind == inventory.Part || part.Kind == inventory.File || part.Kind == inventory.Automation) {
			j.join(e) // a file stands for the workload of a chart that is not in the scan; a function of Terraform has no parts
		}
	}
	j.settle()
}

type imageJoin struct {
	v       *View
	recipes map[string][]*inventory.Node // Dockerfiles, by what an image made by them may be called
	folders map[string]bool              // folders that have a Dockerfile of their own, with source
	code    map[string][]*inventory.Node // program files by source, in order of their ids
	below   map[string]map[string][]*inventory.Node
	builds  map[string][]build // by image
	globs   []string           // images that are built, with a computed part in their names
	sets    *openSets
}

func newImageJoin(v *View) *imageJoin {
	j := &imageJoin{v: v, recipes: map[string][]*inventory.Node{}, folders: map[string]bool{}, code: map[string][]*inventory.Node{},
		below: map[string]map[string][]*inventory.Node{}, builds: map[string][]build{}, sets: newOpenSets(v)}
	for _, n := range v.Nodes(inventory.Automation) {
		if strings.HasPrefix(n.ID, "dockerfile:") && len(n.Evidence) > 0 {
			j.recipe(n)
		}
	}
	for e := range v.EdgesOf(inventory.BuiltFrom) {
		if strings.HasPrefix(e.From, "image:") && strings.Contains(e.From, "*") && !slices.Contains(j.globs, e.From) {
			j.globs = append(j.globs, e.From)
		}
		if strings.HasPrefix(e.To, "file:") && len(e.Evidence) > 0 {
			j.folders[strings.TrimSuffix(strings.TrimPrefix(e.To, "file:"), "/")] = true
		}
	}
	if len(j.recipes)+len(j.folders) == 0 {
		return j
	}
	for _, n := range v.Nodes(inventory.Code) {
		if len(n.Evidence) > 0 && !isContext(n.ID) && !IsTest(n.Evidence[0].Path) {
			j.code[n.Evidence[0].Source] = append(j.code[n.Evidence[0].Source], n)
		}
	}
	return j
}

// join gives a container the program of its image.
func (j *imageJoin) join(run inventory.Edge) {
	for _, b := range j.buildsOf(run.To) {
		at := inventory.MergeEvidence(run.Evidence, b.at)
		w := scriptWalk{view: j.v, part: run.From, seen: map[string]bool{}, rule: "R16-image", sets: j.sets}
		found := false
		for _, e := range j.entries(run.From, b) {
			e.Evidence = inventory.MergeEvidence(at, e.Evidence)
			e.From, e.Confidence = run.From, b.sure
			if w.follow(e, run.From, b.sure, 0) {
				found = true
			}
		}
		if !found {
			j.byName(&w, b, at)
		}
	}
}

// entries lists the files that a container starts: by its own command, else by the Dockerfile's.
func (j *imageJoin) entries(part string, b build) []inventory.Edge {
	var out []inventory.Edge
	for _, e := range j.v.Out(part, inventory.Runs) {
		if n := j.v.Node(part); strings.HasPrefix(e.To, "code:") && len(n.Evidence) > 0 {
			out = append(out, j.inBuild(e, n.Evidence[0].Source, b)...)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, stage := range j.v.In(b.recipe, inventory.PartOf) {
		for _, e := range j.v.Out(stage.From, inventory.Runs) {
			if strings.HasPrefix(e.To, "code:") && startsContainer(e) {
				out = append(out, j.inBuild(e, b.source, b)...)
			}
		}
	}
	return out
}

// startsContainer reports whether a command is that of the container, not of the build.
func startsContainer(e inventory.Edge) bool {
	return slices.ContainsFunc(e.Evidence, func(at inventory.Evidence) bool { return at.Pointer == "CMD" || at.Pointer == "ENTRYPOINT" })
}

// inBuild looks a started file up where it stands in the source of the image.
func (j *imageJoin) inBuild(e inventory.Edge, source string, b build) []inventory.Edge {
	file := strings.TrimPrefix(e.To, inventory.FileID("code", source, ""))
	file = strings.TrimPrefix(strings.TrimPrefix(file, b.dir), "/")
	for _, dir := range []string{b.dir, b.context} {
		id := inventory.FileID("code", b.source, path.Join(dir, file))
		if n := j.v.Node(id); n != nil && len(n.Evidence) > 0 && j.v.leaves(id, "") {
			e.To = id
			return []inventory.Edge{e}
		}
	}
	return nil
}

// maxReaders bounds how many files of one build may read a name before the name says nothing.
const maxReaders = 20

// byName joins the files below the build that read a name which the container binds.
func (j *imageJoin) byName(w *scriptWalk, b build, at []inventory.Evidence) {
	names := j.names(b)
	seen := map[string]bool{}
	for consumer := w.part; consumer != "" && !seen[consumer]; consumer = j.v.whole(consumer) {
		seen[consumer] = true
		for _, name := range sortedKeys(j.v.bindings(consumer)) {
			if len(names[name]) <= maxReaders {
				j.readers(w, names[name], b, at)
			}
		}
	}
	if !j.sets.has(w.part) {
		return
	}
	for _, name := range sortedKeys(names) {
		if len(names[name]) <= maxReaders && j.sets.mayHold(w.part, name, names[name][0]) {
			j.readers(w, names[name], b, at)
		}
	}
}

func (j *imageJoin) readers(w *scriptWalk, files []*inventory.Node, b build, at []inventory.Evidence) {
	for _, n := range files {
		w.follow(inventory.Edge{From: w.part, To: n.ID, Kind: inventory.Runs, Confidence: b.sure, Evidence: at}, w.part, b.sure, 0)
	}
}

// names lists the files of a build by the names they read.
func (j *imageJoin) names(b build) map[string][]*inventory.Node {
	root := b.context
	if b.dir != b.context && j.holdsCode(b.source, b.dir) {
		root = b.dir
	}
	key := b.source + "/" + root
	if got, ok := j.below[key]; ok {
		return got
	}
	out := map[string][]*inventory.Node{}
	for _, n := range j.under(b.source, root) {
		if j.elsewhere(b, root, folderOf(n.Evidence[0].Path)) {
			continue
		}
		for _, e := range j.v.Out(n.ID, inventory.Reads) {
			if name, ok := strings.CutPrefix(e.To, n.ID+"/"); ok && !slices.Contains(out[name], n) {
				out[name] = append(out[name], n)
			}
		}
	}
	j.below[key] = out
	return out
}

func (j *imageJoin) holdsCode(source, dir string) bool {
	return slices.ContainsFunc(j.under(source, dir), func(n *inventory.Node) bool { return j.v.leaves(n.ID, inventory.Reads) })
}

// under returns the program files below a folder.
func (j *imageJoin) under(source, dir string) []*inventory.Node {
	all := j.code[source]
	if dir == "" {
		return all
	}
	prefix := inventory.FileID("code", source, dir) + "/"
	i, _ := slices.BinarySearchFunc(all, prefix, func(n *inventory.Node, id string) int { return strings.Compare(n.ID, id) })
	end := i
	for end < len(all) && strings.HasPrefix(all[end].ID, prefix) {
		end++
	}
	return all[i:end]
}

// elsewhere reports whether a folder belongs to another image: one with a Dockerfile of its own stands in between.
func (j *imageJoin) elsewhere(b build, root, dir string) bool {
	for dir != root && dir != "" {
		if j.folders[b.source+"/"+dir] && dir != b.dir {
			return true
		}
		dir = folderOf(dir)
	}
	return false
}

// settle follows the names that were found to be in open sets.
func (j *imageJoin) settle() { j.sets.settle() }
