package graph

import "github.com/rotamap/rotamap/graph/inventory"

// Coverage says, for all sources of a map, what was looked at and what was not.
type Coverage struct {
	Complete   bool            `json:"complete"`
	Sources    []CoveredSource `json:"sources"`
	Skipped    []SkippedIn     `json:"skipped"`
	Unreadable []UnreadableIn  `json:"unreadable"`
	Suppressed []SuppressedIn  `json:"suppressed"` // matches held to be no secret, by reason
	Notes      []string        `json:"notes"`
}

// CoveredSource is what was looked at in one source.
type CoveredSource struct {
	ID       string `json:"id"`
	Revision string `json:"revision"`
	Branches int    `json:"branches"`
	Commits  int    `json:"commits"`
	Files    int    `json:"files"`
	Blobs    int    `json:"blobs"`
}

// SkippedIn is something that was left out of a source.
type SkippedIn struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// UnreadableIn is something of a source that should have been read and could not be.
type UnreadableIn struct {
	Source string `json:"source"`
	What   string `json:"what"`
	Reason string `json:"reason"`
}

// SuppressedIn counts the matches of a source that were held to be no secret, for one reason.
type SuppressedIn struct {
	Source string `json:"source"`
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Coverage sums up the coverage of all sources. Its lists are shared: nobody may change them.
func (g *Graph) Coverage() Coverage { return g.coverage }

// CoverageOf sums up the coverage of all sources of a map without joining its facts.
func CoverageOf(m inventory.Map) Coverage { return sumCoverage(m.Fragments) }

func sumCoverage(sources []inventory.Fragment) Coverage {
	c := Coverage{Complete: true, Sources: []CoveredSource{}, Skipped: []SkippedIn{}, Unreadable: []UnreadableIn{},
		Suppressed: []SuppressedIn{}, Notes: []string{}}
	for _, f := range sources {
		if f.Kind == "register" {
			continue // what the team wrote down, not what was scanned
		}
		v := f.Coverage
		c.Complete = c.Complete && v.Complete()
		c.Sources = append(c.Sources, CoveredSource{f.Source, f.Revision, v.Branches, v.Commits, v.Files, v.Blobs})
		for _, s := range v.Skipped {
			c.Skipped = append(c.Skipped, SkippedIn{f.Source, s.Path, s.Reason, s.Count})
		}
		for _, u := range v.Unreadable {
			c.Unreadable = append(c.Unreadable, UnreadableIn{f.Source, u.What, u.Reason})
		}
		c.Suppressed = append(c.Suppressed, suppressedByReason(f.Source, v.Suppressed)...)
		for _, n := range v.Notes {
			c.Notes = append(c.Notes, f.Source+": "+n)
		}
	}
	return c
}

func suppressedByReason(source string, all []inventory.Suppressed) []SuppressedIn {
	var out []SuppressedIn
	at := map[string]int{}
	for _, s := range all {
		i, ok := at[s.Reason]
		if !ok {
			i = len(out)
			at[s.Reason] = i
			out = append(out, SuppressedIn{Source: source, Reason: s.Reason})
		}
		out[i].Count += s.Count
	}
	return out
}
