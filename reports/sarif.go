package reports

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/policy"
)

// SARIF 2.1.0 (OASIS, errata 01). How the mapping was chosen:
//
// Each source is a run of its own, since URIs are relative to the root of a source. Each place of a literal is one
// result, secret/<rule>; other places of the same value are related locations. Violations of policy are results
// policy/<rule>. What was held to be no secret is a result with a suppression, so that a reader can see the reason.
// Fingerprints are keyed and stand in partialFingerprints; a message never quotes file text.

// The limits of GitHub code scanning, for Options.GitHub.
const (
	githubRuns    = 20
	githubResults = 25_000
	githubRelated = 100
)

// writeSARIF writes one run for each source.
func writeSARIF(w io.Writer, d *Document, o Options) error {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{}}
	sources := d.Coverage.Sources
	if o.GitHub {
		sources = sources[:min(githubRuns, len(sources))]
	}
	s := sarifWriter{d: d, o: o, places: placesOfValues(d.Literals), flown: map[string]bool{}, before: newSARIFBaseline(d, o.Baseline)}
	for i, source := range sources {
		run := sarifRun{ColumnKind: "unicodeCodePoints", Results: s.results(source.ID, i == 0),
			Automation: sarifAutomation{"rotamap/" + source.ID + "/"}, Invocation: s.invocation(source.ID)}
		if strings.Contains(source.ID, ".") && strings.Contains(source.ID, "/") {
			run.Revisions = []sarifRevision{{"https://" + uri(source.ID), source.Revision}}
		}
		run.Tool.Driver = sarifDriver{Name: "rotamap", Version: o.Version, InformationURI: "https://github.com/rotamap/rotamap"}
		run.Tool.Driver.Rules = s.rules(run.Results)
		log.Runs = append(log.Runs, run)
	}
	return encodeJSON(w, log, " ")
}

// sarifWriter holds what the runs of one log share.
type sarifWriter struct {
	d      *Document
	o      Options
	places map[string][]Literal // by fingerprint
	flown  map[string]bool      // credentials whose ways stand in a result
	before *sarifBaseline       // nil when there is none
}

func placesOfValues(all []Literal) map[string][]Literal {
	out := map[string][]Literal{}
	for _, l := range all {
		out[l.Fingerprint] = append(out[l.Fingerprint], l)
	}
	return out
}

// results lists the results of a source; findings without a place stand in the first run.
func (s *sarifWriter) results(source string, first bool) []sarifResult {
	out := []sarifResult{}
	for _, l := range s.d.Literals {
		if l.Evidence.Source == source {
			out = append(out, s.literal(l))
		}
	}
	for _, f := range s.d.Findings {
		if len(f.Evidence) == 0 && first || len(f.Evidence) > 0 && f.Evidence[0].Source == source {
			out = append(out, s.finding(f))
		}
	}
	out = append(out, s.absent(source)...)
	if s.o.GitHub {
		return out[:min(githubResults, len(out))]
	}
	for _, x := range s.d.Suppressed {
		if x.Source == source {
			r := suppressedResult(x)
			r.Baseline = s.before.suppressed(x)
			out = append(out, r)
		}
	}
	return out
}

func (s *sarifWriter) literal(l Literal) sarifResult {
	r := s.place(l)
	r.Baseline = s.before.literal(l)
	s.travels(&r, l)
	return r
}

// place is the result of one place of a literal, without the ways from it.
func (s *sarifWriter) place(l Literal) sarifResult {
	r := sarifResult{
		RuleID: "secret/" + l.Rule, Level: sarifLevel(l.Severity), Message: sarifText{s.literalMessage(l)},
		Locations:    []sarifLocation{location(l.Evidence)},
		Fingerprints: map[string]string{"rotamap/v1": l.Fingerprint},
		Properties:   map[string]string{"slot": l.Slot, "state": string(l.Evidence.State), "held": l.State},
	}
	if l.Credential != "" {
		r.Properties["credential"] = l.Credential
	}
	if l.Evidence.Commit != "" {
		r.Properties["commit"] = l.Evidence.Commit
	}
	for _, o := range s.places[l.Fingerprint] {
		if o.Evidence.Compare(l.Evidence) != 0 && (!s.o.GitHub || len(r.Related) < githubRelated) {
			at := location(o.Evidence)
			at.ID, at.Message = len(r.Related)+1, &sarifText{"the same value in " + Plain(o.Evidence.Source)}
			r.Related = append(r.Related, at)
		}
	}
	return r
}

// literalMessage says what was found without quoting anything of it.
func (s *sarifWriter) literalMessage(l Literal) string {
	text := fmt.Sprintf("%s holds a hard-coded secret (%s)", Plain(l.Name), l.Rule)
	if l.State == inventory.HeldPast {
		text = fmt.Sprintf("%s held a hard-coded secret (%s); it is still in the history", Plain(l.Name), l.Rule)
	}
	if n := len(s.places[l.Fingerprint]); n > 1 {
		text += fmt.Sprintf(", in %d places", n)
	}
	if c := s.d.Credential(l.Credential); c != nil && len(c.Automations) > 0 {
		text += ". " + count(len(c.Automations), "automation") + " will break when it is changed"
	}
	return text + "."
}

func (s *sarifWriter) finding(f policy.Finding) sarifResult {
	r := sarifResult{RuleID: "policy/" + f.Rule, Baseline: s.before.finding(f), Level: sarifLevel(f.Severity.String()), Locations: []sarifLocation{},
		Message: sarifText{Plain(strings.TrimSpace(f.Title + ". " + f.Why))}, Properties: map[string]string{"severity": f.Severity.String()}}
	if f.Credential != "" {
		r.Properties["credential"] = f.Credential
	}
	for i, e := range f.Evidence {
		if i == 0 {
			r.Locations = append(r.Locations, location(e))
			continue
		}
		at := location(e)
		at.ID = i
		r.Related = append(r.Related, at)
	}
	if f.Suppressed != nil {
		r.Suppressions = []sarifSuppression{{"external", Plain(accepted(f.Suppressed))}}
	}
	return r
}

func suppressedResult(x Suppressed) sarifResult {
	return sarifResult{
		RuleID: "secret/" + x.Rule, Level: "note", Message: sarifText{"Held to be no secret: " + Plain(x.Reason) + "."},
		Locations:    []sarifLocation{location(inventory.Evidence{Source: x.Source, Path: x.Path, Line: x.Line})},
		Suppressions: []sarifSuppression{{"external", Plain(x.Reason)}},
	}
}

// rules lists the rules that the results name, sorted, and gives each result the index of its own.
func (s *sarifWriter) rules(results []sarifResult) []sarifRule {
	levels := map[string]string{}
	for _, r := range results {
		levels[r.RuleID] = cmp.Or(levels[r.RuleID], r.Level)
	}
	ids := make([]string, 0, len(levels))
	for id := range levels {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	out := make([]sarifRule, 0, len(ids))
	for _, id := range ids {
		out = append(out, sarifRule{ID: id, Short: sarifText{s.ruleTitle(id)}, Help: s.ruleHelp(id),
			Properties: map[string]any{"tags": []string{"security"}, "security-severity": securitySeverity[levels[id]]}})
	}
	for i := range results {
		results[i].RuleIndex, _ = slices.BinarySearch(ids, results[i].RuleID)
	}
	return out
}

// securitySeverity is GitHub's number for a level.
var securitySeverity = map[string]string{"error": "8.0", "warning": "5.5", "note": "2.0"}

func (s *sarifWriter) ruleTitle(id string) string {
	kind, name, _ := strings.Cut(id, "/")
	if kind == "policy" {
		return "Policy: " + strings.ReplaceAll(name, "-", " ")
	}
	return "Hard-coded secret: " + strings.ReplaceAll(name, "-", " ")
}

func (s *sarifWriter) ruleHelp(id string) *sarifText {
	for _, f := range s.d.Findings {
		if "policy/"+f.Rule == id && f.Fix != "" {
			return &sarifText{Plain(f.Fix)}
		}
	}
	return nil
}

func (s *sarifWriter) invocation(source string) []sarifInvocation {
	out := sarifInvocation{Successful: true}
	for _, u := range s.d.Coverage.Unreadable {
		if u.Source == source {
			out.Notifications = append(out.Notifications, sarifNotification{"warning",
				sarifText{Plain("could not be read: " + u.What + ": " + u.Reason)}})
		}
	}
	return []sarifInvocation{out}
}

func sarifLevel(severity string) string {
	switch severity {
	case "critical", "high":
		return "error"
	case "low", "info":
		return "note"
	}
	return "warning"
}

func location(e inventory.Evidence) sarifLocation {
	at := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{uri(e.Path)}}}
	if e.Line > 0 {
		at.Physical.Region = &sarifRegion{e.Line, max(0, e.Column)}
	}
	if e.Pointer != "" {
		at.Logical = []sarifName{{Plain(e.Pointer)}}
	}
	return at
}

// uri returns a path as a relative URI: every segment percent-encoded, colons included.
func uri(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
	}
	return strings.Join(segments, "/")
}
