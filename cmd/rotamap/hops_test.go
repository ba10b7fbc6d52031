package main

import (
	"encoding/json"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// hops FILE DEPENDENT PATH:LINE... checks, in what impact --json wrote, that a dependent (by the end of its id or by
// its name) is reached and that every place is evidence on the way to it. A place may carry the source before a
// colon: shop:deploy.yml:4.
func hops(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: hops FILE DEPENDENT PATH:LINE...")
	}
	found := dependentsNamed(ts, args[0], args[1])
	if len(found) == 0 {
		ts.Fatalf("%s does not list %s", args[0], args[1])
	}
	var seen []string
	for _, d := range found {
		for _, hop := range d.Path {
			for _, e := range hop.Evidence {
				seen = append(seen, e.String())
			}
		}
	}
	for _, want := range args[2:] {
		if !anyEnds(seen, want) {
			ts.Fatalf("no hop of %s is at %s; its hops are at %s", args[1], want, strings.Join(seen, ", "))
		}
	}
}

// nodependent FILE DEPENDENT checks that a dependent is not listed at medium confidence or more.
func nodependent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: nodependent FILE DEPENDENT")
	}
	for _, d := range dependentsNamed(ts, args[0], args[1]) {
		if d.Confidence >= inventory.Medium && d.Certainty != graph.CertaintyMayBreak {
			ts.Fatalf("%s lists %s (%s)", args[0], d.ID, d.Confidence)
		}
	}
}

func dependentsNamed(ts *testscript.TestScript, file, name string) []graph.Dependent {
	var impact graph.Impact
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &impact))
	var out []graph.Dependent
	for _, d := range append(impact.Dependents, impact.Possible...) {
		if d.Name == name || strings.HasSuffix(d.ID, name) {
			out = append(out, d)
		}
	}
	return out
}

func anyEnds(all []string, suffix string) bool {
	for _, s := range all {
		if s == suffix || strings.HasSuffix(s, "/"+suffix) {
			return true
		}
	}
	return false
}

// mentions FILE PATH:LINE... checks that an impact lists each place among those that are joined to nothing; with "!", that
// it lists none of them there.
func mentions(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: mentions FILE PATH:LINE...")
	}
	var impact graph.Impact
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &impact))
	var seen []string
	for _, m := range impact.Mentions {
		for _, e := range m.Evidence {
			seen = append(seen, e.String())
		}
	}
	for _, place := range args[1:] {
		if anyEnds(seen, place) == neg {
			ts.Fatalf("%s is among the mentions: %v; these are at %s", place, neg, strings.Join(seen, ", "))
		}
	}
}
