package scanner

import (
	"encoding/binary"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// record writes down what the visit of an artifact gave, for the cache, and reads it again. What evidence says of
// the revision is left out: it is that of the artifact at hand. A record that holds anything else is not made.
//
// The form is private to one build of the program: lengths and numbers are varints, and there are no tags.
type record struct {
	artifact *artifact.Artifact
	out      []byte
	in       []byte
	broken   bool // when written: cannot be kept; when read: cut short

	once  bool           // each text stands once
	known map[string]int // when written: which text it was, from 1 on
	texts []string       // when read

	heads    bool           // evidence is that of several versions of the artifact, at the heads of branches
	versions map[string]int // when written: which version it was, from 1 on, by commit and branches
	seen     []inventory.Evidence
}

func (r *record) putInt(n int) { r.out = binary.AppendVarint(r.out, int64(n)) }
func (r *record) putString(s string) {
	if r.once {
		if n := r.known[s]; n > 0 {
			r.putInt(n)
			return
		}
		if r.known == nil {
			r.known = map[string]int{}
		}
		r.known[s] = len(r.known) + 1
		r.putInt(0)
	}
	r.putInt(len(s))
	r.out = append(r.out, s...)
}

func (r *record) putStrings(l []string) {
	r.putInt(len(l))
	for _, s := range l {
		r.putString(s)
	}
}

func (r *record) int() int {
	n, size := binary.Varint(r.in)
	if size <= 0 {
		r.broken, r.in = true, nil
		return 0
	}
	r.in = r.in[size:]
	return int(n)
}

// count reads how many things follow; each of them takes a byte at least.
func (r *record) count() int {
	n := r.int()
	if n < 0 || n > len(r.in) {
		r.broken = true
		return 0
	}
	return n
}

func (r *record) string() string {
	if r.once {
		if n := r.int(); n < 0 || n > len(r.texts) {
			r.broken = true
			return ""
		} else if n > 0 {
			return r.texts[n-1]
		}
	}
	n := r.count()
	s := string(r.in[:n])
	r.in = r.in[n:]
	if r.once {
		r.texts = append(r.texts, s)
	}
	return s
}

func (r *record) strings() []string {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]string, 0, n)
	for range n {
		out = append(out, r.string())
	}
	return out
}

func (r *record) putEvidence(list []inventory.Evidence) {
	r.putInt(len(list))
	for _, e := range list {
		r.putPlace(e)
	}
}

// putPlace writes where in the artifact evidence stands.
func (r *record) putPlace(e inventory.Evidence) {
	if r.heads {
		r.putVersion(e)
		return
	}
	own := r.artifact.Evidence(artifact.Place{})
	if e.Source != own.Source || e.Path != own.Path || e.State != own.State || e.Commit != own.Commit ||
		e.FirstSeen()+e.LastSeen() != "" || !slices.Equal(e.Branches(), own.Branches()) {
		r.broken = true
	}
	r.putInt(e.Line)
	r.putInt(e.Column)
	r.putString(e.Pointer)
}

func (r *record) place() inventory.Evidence {
	if r.heads {
		e := r.version()
		e.Line, e.Column, e.Pointer = r.int(), r.int(), r.string()
		return e
	}
	line, column := r.int(), r.int()
	return r.artifact.Evidence(artifact.Place{Line: line, Column: column, Pointer: r.string()})
}

func (r *record) evidence() []inventory.Evidence {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]inventory.Evidence, 0, n)
	for range n {
		out = append(out, r.place())
	}
	return out
}

func (r *record) putAttrs(list []inventory.Attr) {
	r.putInt(len(list))
	for _, a := range list {
		r.putString(string(a.Key))
		r.putString(a.Value)
		r.putString(a.Detail)
		r.putString(a.Rule)
		r.putInt(int(a.Confidence))
		r.putEvidence(a.Evidence)
	}
}

func (r *record) attrs() []inventory.Attr {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]inventory.Attr, 0, n)
	for range n {
		out = append(out, inventory.Attr{Key: inventory.AttrKey(r.string()), Value: r.string(), Detail: r.string(),
			Rule: r.string(), Confidence: inventory.Confidence(r.int()), Evidence: r.evidence()})
	}
	return out
}

func (r *record) putNodes(list []inventory.Node) {
	r.putInt(len(list))
	for _, n := range list {
		r.putString(n.ID)
		r.putString(string(n.Kind))
		r.putString(n.Name)
		r.putAttrs(n.Attrs)
		r.putEvidence(n.Evidence)
	}
}

func (r *record) nodes() []inventory.Node {
	n := r.count()
	out := make([]inventory.Node, 0, n)
	for range n {
		out = append(out, inventory.Node{ID: r.string(), Kind: inventory.NodeKind(r.string()), Name: r.string(),
			Attrs: r.attrs(), Evidence: r.evidence()})
	}
	return out
}

func (r *record) putEdges(list []inventory.Edge) {
	r.putInt(len(list))
	for _, e := range list {
		r.putString(e.From)
		r.putString(e.To)
		r.putString(string(e.Kind))
		r.putString(e.Rule)
		r.putInt(int(e.Confidence))
		r.putAttrs(e.Attrs)
		r.putEvidence(e.Evidence)
	}
}

func (r *record) edges() []inventory.Edge {
	n := r.count()
	out := make([]inventory.Edge, 0, n)
	for range n {
		out = append(out, inventory.Edge{From: r.string(), To: r.string(), Kind: inventory.EdgeKind(r.string()),
			Rule: r.string(), Confidence: inventory.Confidence(r.int()), Attrs: r.attrs(), Evidence: r.evidence()})
	}
	return out
}

// putRest writes the lists of a worker that are no nodes and edges.
func (r *record) putRest(w *worker) {
	r.putInt(len(w.suppressed))
	for _, s := range w.suppressed {
		r.broken = r.broken || s.Path != r.artifact.Path
		r.putInt(s.Line)
		r.putString(s.Rule)
		r.putString(s.Reason)
		r.putInt(s.Count)
	}
	r.putCounts(w)
	r.putStrings(w.programs)
}

// putCounts writes what was left out, and what each format read.
func (r *record) putCounts(w *worker) {
	r.putInt(len(w.skipped))
	for _, s := range w.skipped {
		r.putString(s.Path)
		r.putString(s.Reason)
		r.putInt(s.Count)
	}
	r.putInt(len(w.formats))
	for id, n := range w.formats {
		r.putString(id)
		r.putInt(n.Files)
		r.putInt(n.References)
		r.putInt(n.Skips)
	}
}

// putFacts writes nodes, edges and imports.
func (r *record) putFacts(nodes []inventory.Node, edges []inventory.Edge, imports []programImport) {
	r.putNodes(nodes)
	r.putEdges(edges)
	r.putInt(len(imports))
	for _, i := range imports {
		r.putString(i.from)
		r.putImport(i)
	}
}

// putImport writes an import without the file that it stands in.
func (r *record) putImport(i programImport) {
	r.putString(i.path)
	r.putString(i.takes)
	r.putEvidence([]inventory.Evidence{i.evidence})
	r.putInt(len(i.uses))
	for _, u := range i.uses {
		r.putString(u.name)
		r.putInt(u.line)
		r.putInt(u.column)
	}
}

// programImport reads what putImport wrote.
func (r *record) programImport(from string) programImport {
	i := programImport{from: from, path: r.string(), takes: r.string()}
	if e := r.evidence(); len(e) == 1 {
		i.evidence = e[0]
	}
	for range r.count() {
		i.uses = append(i.uses, takenAt{r.string(), r.int(), r.int()})
	}
	return i
}

func (r *record) rest(w *worker) {
	for range r.count() {
		w.suppressed = append(w.suppressed, inventory.Suppressed{Path: r.artifact.Path, Line: r.int(), Rule: r.string(),
			Reason: r.string(), Count: r.int()})
	}
	r.counts(w)
	w.programs = append(w.programs, r.strings()...)
}

// counts reads what was left out, and what each format read.
func (r *record) counts(w *worker) {
	for range r.count() {
		w.skipped = append(w.skipped, inventory.Skipped{Path: r.string(), Reason: r.string(), Count: r.int()})
	}
	for range r.count() {
		c := w.format(r.string())
		c.Files += r.int()
		c.References += r.int()
		c.Skips += r.int()
	}
}

// facts reads nodes, edges and imports.
func (r *record) facts(w *worker) {
	w.set.Add(r.nodes(), r.edges())
	for range r.count() {
		w.imports = append(w.imports, r.programImport(r.string()))
	}
}
