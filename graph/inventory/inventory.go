// Package inventory is the vocabulary that every part of Rotamap speaks: nodes, edges, the evidence behind
// them, and the saved asset map.
//
// It holds facts only: what was seen, where, by which rule and how surely. Joining facts across files and
// sources is the work of package graph, done when a map is loaded and never stored. No type here has a field
// that could hold the value of a secret, and no excerpt of file text is kept.
//
// The package imports nothing of ours.
package inventory

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Confidence says how sure a fact is. It is kept apart from how bad a finding is.
type Confidence uint8

// The levels, least sure first. The zero value means "not stated" and counts as less than Low.
const (
	Low     Confidence = 1 + iota // equality or similarity of names only
	Medium                        // a name join over a boundary whose edge is proven (a step runs the file)
	High                          // a literal name joins inside one declared scope
	Certain                       // the same file says so, by its syntax
)

var confidenceNames = []string{"", "low", "medium", "high", "certain"}

// String returns the word used in JSON and on the terminal.
func (c Confidence) String() string {
	if int(c) < len(confidenceNames) {
		return confidenceNames[c]
	}
	return ""
}

// MarshalText writes the word of the level.
func (c Confidence) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the word of the level; an unknown word is an error.
func (c *Confidence) UnmarshalText(b []byte) error {
	i := slices.Index(confidenceNames, string(b))
	if i < 0 {
		return fmt.Errorf("unknown confidence %q", b)
	}
	*c = Confidence(i)
	return nil
}

// Weakest returns the lesser of two levels: a path is as sure as its weakest edge.
func Weakest(a, b Confidence) Confidence { return min(a, b) }

// State says in which part of a source a fact was seen.
type State string

// The states, freshest first.
const (
	Head    State = "head"    // HEAD, the index or the work tree, or a plain file
	Branch  State = "branch"  // the head of another branch
	History State = "history" // only in older commits or unreachable objects
)

// rank orders states so that the freshest sorts first.
func (s State) rank() int {
	switch s {
	case Head:
		return 0
	case Branch:
		return 1
	}
	return 2
}

// Fresher reports whether s is nearer to the present than t.
func (s State) Fresher(t State) bool { return s.rank() < t.rank() }

// Evidence is a place in a source. It never carries file text. Maps hold millions of places: what only few have stands apart.
type Evidence struct {
	Source  string `json:"source"`            // source id
	Path    string `json:"path,omitempty"`    // slash path relative to the source
	Line    int    `json:"line,omitempty"`    // from 1; 0 when the whole file is meant
	Column  int    `json:"column,omitempty"`  // from 1, in bytes
	Commit  string `json:"commit,omitempty"`  // a commit in which the place can be seen
	Pointer string `json:"pointer,omitempty"` // route inside a structured file: jobs.build.steps[2].env.TOKEN
	State   State  `json:"state,omitempty"`   // head, branch or history
	*Seen
}

// Seen says where in the history a place stands. It is not changed once it is made: places share it. Nil says nothing.
type Seen struct {
	On    []string `json:"branches,omitempty"`   // other branches whose head shows it, the first MaxBranches by name
	First string   `json:"first_seen,omitempty"` // oldest commit that holds it
	Last  string   `json:"last_seen,omitempty"`  // newest commit that holds it
}

// SeenAt returns what says where a place stands, nil when that is nothing.
func SeenAt(branches []string, first, last string) *Seen {
	if len(branches) == 0 && first == "" && last == "" {
		return nil
	}
	return &Seen{branches, first, last}
}

// Branches are the other branches whose head shows the place, the first MaxBranches by name.
func (s *Seen) Branches() []string {
	if s == nil {
		return nil
	}
	return s.On
}

// FirstSeen is the oldest commit that holds the place, "" unknown.
func (s *Seen) FirstSeen() string {
	if s == nil {
		return ""
	}
	return s.First
}

// LastSeen is the newest commit that holds the place, "" unknown.
func (s *Seen) LastSeen() string {
	if s == nil {
		return ""
	}
	return s.Last
}

// String is the path:line form that people and editors know.
func (e Evidence) String() string {
	s := e.Path
	if s == "" {
		s = e.Source
	}
	if e.Line > 0 {
		s = fmt.Sprintf("%s:%d", s, e.Line)
	}
	return s
}

// Compare orders evidence: freshest state first, then by place.
func (e Evidence) Compare(o Evidence) int {
	if c := cmp.Compare(e.State.rank(), o.State.rank()); c != 0 {
		return c
	}
	if c := e.comparePlace(o); c != 0 { // decides nearly always, and lists of evidence grow long
		return c
	}
	return cmp.Or(
		strings.Compare(e.Pointer, o.Pointer), strings.Compare(e.Commit, o.Commit),
		e.Seen.compare(o.Seen),
	)
}

func (s *Seen) compare(o *Seen) int {
	if s == o {
		return 0
	}
	return cmp.Or(slices.Compare(s.Branches(), o.Branches()),
		strings.Compare(s.FirstSeen(), o.FirstSeen()), strings.Compare(s.LastSeen(), o.LastSeen()))
}

func (e Evidence) comparePlace(o Evidence) int {
	switch {
	case e.Source != o.Source:
		return strings.Compare(e.Source, o.Source)
	case e.Path != o.Path:
		return strings.Compare(e.Path, o.Path)
	case e.Line != o.Line:
		return cmp.Compare(e.Line, o.Line)
	}
	return cmp.Compare(e.Column, o.Column)
}

// MaxBranches is how many branches a place names: long-lived repositories have hundreds that all show the same.
const MaxBranches = 16

// MergeBranches returns the sorted union of names of branches, cut to MaxBranches. It is associative.
func MergeBranches(lists ...[]string) []string {
	var out []string
	for _, list := range lists {
		for _, name := range list {
			if len(out) == MaxBranches && name >= out[MaxBranches-1] {
				continue
			}
			if i, known := slices.BinarySearch(out, name); !known {
				if out == nil {
					out = make([]string, 0, MaxBranches)
				}
				if len(out) == MaxBranches {
					out = out[:MaxBranches-1]
				}
				out = slices.Insert(out, i, name)
			}
		}
	}
	return slices.Clip(out)
}

// MergeEvidence returns the sorted union of two lists, without repeats. Of a file that stands at the heads of other
// branches only one version is kept, with the names of all branches that show the fact there, and none when HEAD shows
// the fact in that file: a repository with hundreds of branches shifts one line hundreds of times.
func MergeEvidence(a, b []Evidence) []Evidence {
	if len(b) == 0 && isSet(a, Evidence.Compare) {
		return oneVersion(slices.Clip(a))
	}
	return oneVersion(union(a, b, Evidence.Compare))
}

// oneVersion keeps of each file at other branches the places of one commit, see MergeEvidence. The choice does not
// depend on the order in which lists are joined.
func oneVersion(sorted []Evidence) []Evidence {
	from := slices.IndexFunc(sorted, func(e Evidence) bool { return e.State == Branch })
	if from < 0 {
		return sorted
	}
	out := sorted[:from:from]
	to := from
	for to < len(sorted) && sorted[to].State == Branch {
		next := to + 1
		for next < len(sorted) && sorted[next].State == Branch && sorted[next].compareFile(sorted[to]) == 0 {
			next++
		}
		if _, inHead := slices.BinarySearchFunc(sorted[:from], sorted[to], Evidence.compareFile); !inHead {
			out = append(out, version(sorted[to:next])...)
		}
		to = next
	}
	return append(out, sorted[to:]...)
}

// version returns the places of the least commit, each with the branches of all.
func version(places []Evidence) []Evidence {
	if len(places) == 1 && len(places[0].Branches()) <= MaxBranches {
		return places
	}
	commit := slices.MinFunc(places, func(a, b Evidence) int { return strings.Compare(a.Commit, b.Commit) }).Commit
	var lists [][]string
	for i, e := range places {
		if i == 0 || !slices.Equal(e.Branches(), places[i-1].Branches()) {
			lists = append(lists, e.Branches())
		}
	}
	branches := MergeBranches(lists...)
	var out []Evidence
	for _, e := range places {
		if e.Commit == commit {
			e.Seen = SeenAt(branches, e.FirstSeen(), e.LastSeen())
			out = append(out, e)
		}
	}
	return slices.CompactFunc(out, func(a, b Evidence) bool { return a.Compare(b) == 0 })
}

func (e Evidence) compareFile(o Evidence) int {
	return cmp.Or(strings.Compare(e.Source, o.Source), strings.Compare(e.Path, o.Path))
}

// union returns the sorted set of all items of a and b under order. A single item joins a set that is sorted
// already without sorting it again: that is how lists grow, item by item.
func union[T any](a, b []T, order func(T, T) int) []T {
	if len(a)+len(b) == 0 {
		return nil
	}
	out := make([]T, 0, len(a)+len(b))
	if len(b) == 1 && isSet(a, order) {
		i, found := slices.BinarySearchFunc(a, b[0], order)
		if found {
			return append(out, a...)
		}
		return append(append(append(out, a[:i]...), b[0]), a[i:]...)
	}
	out = append(append(out, a...), b...)
	slices.SortFunc(out, order)
	return slices.CompactFunc(out, func(x, y T) bool { return order(x, y) == 0 })
}

// isSet reports whether a list is sorted and without repeats.
func isSet[T any](list []T, order func(T, T) int) bool {
	for i := 1; i < len(list); i++ {
		if order(list[i-1], list[i]) >= 0 {
			return false
		}
	}
	return true
}
