package inventory

import (
	"cmp"
	"slices"
	"strings"
)

// Coverage says what of a source was looked at, what was left out by choice, and what could not be read.
type Coverage struct {
	Branches   int           `json:"branches"` // heads of other branches whose files were read
	Commits    int           `json:"commits"`  // commits reachable from any ref
	Files      int           `json:"files"`    // files of the present state
	Blobs      int           `json:"blobs"`    // unique contents looked at, the files included
	Bytes      int64         `json:"bytes"`    // their size
	Formats    []FormatCount `json:"formats,omitempty"`
	Skipped    []Skipped     `json:"skipped,omitempty"`
	Unreadable []Unreadable  `json:"unreadable,omitempty"`
	Suppressed []Suppressed  `json:"suppressed,omitempty"`
	Notes      []string      `json:"notes,omitempty"` // what a reader must know: object stores used, limits set
}

// FormatCount says how many files a format recognised and how many references it found there.
type FormatCount struct {
	ID         string `json:"id"`
	Files      int    `json:"files"`
	References int    `json:"references"`
	Skips      int    `json:"skips,omitempty"`
}

// Skipped is something left out, with its reason: a pruned folder, an LFS pointer, a malformed file.
type Skipped struct {
	Path   string `json:"path,omitempty"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Unreadable is something that should have been read and could not be: it makes the exit code 4.
type Unreadable struct {
	What   string `json:"what"` // a path, an object id
	Reason string `json:"reason"`
}

// Suppressed is a literal that a rule matched and that was held to be no secret.
type Suppressed struct {
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Complete reports whether all that should have been read was read.
func (c *Coverage) Complete() bool { return len(c.Unreadable) == 0 }

// Skip counts something left out.
func (c *Coverage) Skip(path, reason string) {
	c.Skipped = append(c.Skipped, Skipped{Path: path, Reason: reason, Count: 1})
}

// sort makes the lists sorted sets; equal entries add up.
func (c *Coverage) sort() {
	slices.SortFunc(c.Formats, func(a, b FormatCount) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(c.Skipped, func(a, b Skipped) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Reason, b.Reason))
	})
	skipped := c.Skipped[:0]
	for _, s := range c.Skipped {
		if n := len(skipped); n > 0 && skipped[n-1].Path == s.Path && skipped[n-1].Reason == s.Reason {
			skipped[n-1].Count += s.Count
			continue
		}
		skipped = append(skipped, s)
	}
	c.Skipped = skipped
	c.Unreadable = union(c.Unreadable, nil, func(a, b Unreadable) int {
		return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Reason, b.Reason))
	})
	c.Suppressed = MergeSuppressed(c.Suppressed)
	slices.Sort(c.Notes)
	c.Notes = slices.Compact(c.Notes)
}

// MergeSuppressed sorts a list in its own memory and adds up what is the same.
func MergeSuppressed(list []Suppressed) []Suppressed {
	slices.SortFunc(list, Suppressed.compare)
	out := list[:0]
	for _, s := range list {
		if n := len(out); n > 0 && out[n-1].compare(s) == 0 {
			out[n-1].Count += s.Count
			continue
		}
		out = append(out, s)
	}
	return out
}

func (a Suppressed) compare(b Suppressed) int {
	return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line),
		strings.Compare(a.Rule, b.Rule), strings.Compare(a.Reason, b.Reason))
}
