package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// budget bounds the entries of one file, aliases counted each time they are used: the largest real files stay
// below a fifth of it.
const budget = 30_000

// maxReferences bounds the references of one file: evidence of one slot is merged place by place.
const maxReferences = 2000

// file is one workflow or action while it is read.
type file struct {
	*artifact.Facts
	id     string // of the automation, or of the action's part
	root   string // folder of the repository that holds the file, "" or with a trailing slash
	folder string // of an action
	repo   string // scope of the repository's secrets
	owner  string // its organisation or user, "" unknown
	action bool
	call   call
	inputs *tree.Node // of workflow_dispatch and workflow_call, for constant folding
	jobs   map[string]*job
	lines  []int // offset at which each line starts
	left   int
	refs   int // references resolved so far
}

// call says how a workflow takes secrets from its callers.
type call struct {
	callable bool            // it has the trigger workflow_call
	only     bool            // and no other
	declared map[string]bool // upper-case names of the secrets that it declares
	outputs  *tree.Node
}

func newFile(facts *artifact.Facts) *file {
	a := facts.Artifact
	f := &file{
		Facts: facts, repo: inventory.RepoScope(a.Source), left: budget, lines: []int{0},
		id: inventory.FileID(ID, a.Source, a.Path), jobs: map[string]*job{},
	}
	if i := strings.Index(a.Path, workflowFolder); i >= 0 && isWorkflow(a.Path) {
		f.root = a.Path[:strings.LastIndex(a.Path, workflowFolder)]
	} else if i := strings.Index("/"+a.Path, "/.github/"); i >= 0 {
		f.root = a.Path[:i]
	}
	if parts := strings.Split(f.repo, "/"); len(parts) == 2 {
		f.owner = parts[0]
	}
	for i, b := range a.Content {
		if b == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

// spend takes one entry from the budget; when it is gone, that is noted once.
func (f *file) spend() bool {
	f.left--
	if f.left == -1 {
		f.Skip("more entries than the limit: the rest of the file is left out")
	}
	return f.left >= 0
}

// refer takes one reference from those that a file may hold.
func (f *file) refer() bool {
	f.refs++
	if f.refs == maxReferences+1 {
		f.Skip("more references than the limit: the rest is left out")
	}
	return f.refs <= maxReferences
}

// repository returns the source id of owner/name: the file's own source when it is that repository.
func (f *file) repository(owner, name string) string {
	if strings.EqualFold(owner+"/"+name, f.repo) {
		return f.Artifact.Source
	}
	return "github.com/" + owner + "/" + name
}

// local returns the path of a file or folder of this repository named by ./path, "" when it leads outside.
func (f *file) local(p string) (string, bool) {
	p = path.Clean("/" + strings.TrimPrefix(p, "./"))
	return strings.TrimPrefix(f.root+strings.TrimPrefix(p, "/"), "/"), !strings.Contains(p, "${{")
}

// cover attaches the lines first to last to a node.
func (f *file) cover(node string, first, last int) { f.Cover(node, first, max(first, last)) }

// ends returns the last line of each item whose first lines are given in order; the last one ends at end.
func ends(first []int, end int) []int {
	out := make([]int, len(first))
	for i := range first {
		out[i] = end
		if i+1 < len(first) && first[i+1] > first[i] {
			out[i] = first[i+1] - 1
		}
	}
	return out
}

func pairLines(pairs []tree.Pair) []int {
	out := make([]int, len(pairs))
	for i, p := range pairs {
		out[i] = p.Line
	}
	return out
}

func itemLines(items []*tree.Node) []int {
	out := make([]int, len(items))
	for i, n := range items {
		out[i] = n.Line
	}
	return out
}
