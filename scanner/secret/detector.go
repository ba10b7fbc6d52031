package secret

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Options say which rules a detector has beside its own.
type Options struct {
	Gitleaks    string // text of a user's .gitleaks.toml, "" for none: gitleaks' default rules
	Extended    string // text of the file that it extends by path, "" for none
	Ignore      string // text of a .gitleaksignore
	Baseline    []byte // a gitleaks report in JSON whose findings are known
	TrustSource bool   // gitleaks:allow comments of the scanned files count
}

// Detector finds literal secrets. It is safe for concurrent use.
type Detector struct {
	rules   []*rule
	allow   []*allowlist
	words   *automaton
	byWord  []word
	always  []*rule // rules without keywords
	alone   []*rule // rules that look at the path alone
	judge   *judge
	known   known
	trusted bool
	passes  sync.Pool // of *pass
	paths   paths
}

// word is a keyword and the rules that it wakes.
type word struct {
	text  string
	rules []*waking
}

// waking is a rule as one of its keywords wakes it.
type waking struct {
	*rule
	once   sync.Once
	anchor anchorCheck // nil for none
}

// near reports whether the bytes round the keyword are those that the rule's expression asks for there.
func (w *waking) near(keyword string, text []byte, end int, known *runs) bool {
	w.once.Do(func() {
		if !w.whole {
			w.anchor = anchored(w.find.source, keyword, w.keywords)
		}
	})
	return w.anchor == nil || w.anchor(text, end, known)
}

// New loads the rules. It fails when the user's configuration, ignore file or baseline cannot be read. No
// expression is compiled before a text needs it.
func New(o Options) (*Detector, error) {
	d := &Detector{judge: &judge{words: newTrigrams()}, trusted: o.TrustSource}
	set, err := defaultRules()
	if err != nil {
		return nil, err
	}
	if o.Gitleaks != "" {
		if o.Extended != "" {
			if set, err = userRules(o.Extended, "", set); err != nil {
				return nil, err
			}
		}
		if set, err = userRules(o.Gitleaks, o.Extended, set); err != nil {
			return nil, err
		}
	}
	own, err := ownRules()
	if err != nil {
		return nil, err
	}
	d.rules, d.allow = append(own, set.rules...), set.allow
	if d.known, err = newKnown(o.Ignore, o.Baseline); err != nil {
		return nil, err
	}
	d.index()
	return d, nil
}

// ownRules turns the rows of rules/detect into rules.
func ownRules() ([]*rule, error) {
	rows, err := detect.Rules()
	if err != nil {
		return nil, err
	}
	out := make([]*rule, 0, len(rows))
	for _, row := range rows {
		r := &rule{
			id: row.ID, description: row.Description, severity: row.Severity, service: row.Service,
			keywords: row.Keywords, find: newExpression(row.Regex), path: newExpression(row.Path), group: row.Group,
			entropy: row.Entropy, own: true, provider: row.Provider(), judged: strengths[row.Judge],
		}
		if row.Recogniser != "" {
			if r.recognise = recognisers[row.Recogniser]; r.recognise == nil {
				return nil, fmt.Errorf("rule %s: there is no recogniser %s", row.ID, row.Recogniser)
			}
		}
		switch {
		case row.Near:
			r.check = assignedSoon
		case row.Run > 0:
			r.check = longRun(row.Run)
		}
		out = append(out, r)
	}
	return out, nil
}

// strengths are the ways in which a row has its values judged.
var strengths = map[string]strength{"password": passName, "token": secretName, "random": weakName, "stored": storedName}

// index builds the one automaton over all keywords.
func (d *Detector) index() {
	ids := map[string]int{}
	var words []string
	for i, r := range d.rules {
		r.number = i
		if len(r.keywords) == 0 && !r.find.empty() {
			d.always = append(d.always, r)
		}
		if r.find.empty() && r.recognise == nil && !r.path.empty() {
			d.alone = append(d.alone, r)
		}
		for _, k := range r.keywords {
			id, ok := ids[k]
			if !ok {
				id = len(words)
				ids[k] = id
				words = append(words, k)
				d.byWord = append(d.byWord, word{text: k})
			}
			if !slices.ContainsFunc(d.byWord[id].rules, func(w *waking) bool { return w.rule == r }) {
				d.byWord[id].rules = append(d.byWord[id].rules, &waking{rule: r})
			}
		}
	}
	d.words = newAutomaton(words)
}

// Scan returns the literals in the text of a, in the order of their places: one hit per place. Hits that are
// held to be no secret carry the reason in Suppressed. The work is bounded in the size of the text.
func (d *Detector) Scan(a *artifact.Artifact) []Hit {
	hits, _ := d.ScanLimited(a)
	return hits
}

// ScanLimited is Scan and names the limit that was hit, so that the coverage can say it; "" for none.
func (d *Detector) ScanLimited(a *artifact.Artifact) (hits []Hit, limited string) {
	s := &scan{detector: d, file: d.newText(a)}
	in := s.regions()
	s.read(s.file, in)
	if a.Binary == nil {
		s.decode(s.file, in)
	}
	a.Marks = append(a.Marks, s.marks...)
	return append(d.byPath(a, s.file.path.alone), d.report(a, s.settle())...), s.limited
}

// maxKeyFile is how much of a key file that is no text stands for it.
const maxKeyFile = 64 << 10

// byPath returns the hits of rules that look at the path alone.
func (d *Detector) byPath(a *artifact.Artifact, rules []*rule) []Hit {
	var hits []Hit
	content := a.Content
	if a.Binary != nil {
		content = a.Binary.Raw[:min(len(a.Binary.Raw), maxKeyFile)]
	}
	for _, r := range rules {
		hits = append(hits, Hit{Rule: r.id, Severity: r.severity, Why: "the path is that of a key file",
			Secret: artifact.Seal(string(content))})
	}
	return hits
}

// serviceOf returns the provider of a rule: what its row says, else what its id is named for.
func serviceOf(r *rule) string {
	if r.service != "" || r.own || !r.provider {
		return r.service
	}
	id, _ := provider.ServiceOfName(r.id)
	return id
}

// report turns matches into hits.
func (d *Detector) report(a *artifact.Artifact, found []match) []Hit {
	hits := make([]Hit, 0, len(found))
	for _, m := range found {
		at := a.PlaceOf(m.start)
		h := Hit{
			Rule: m.rule.id, Severity: cmp.Or(m.rule.severity, "high"), Service: serviceOf(m.rule), Name: m.name,
			Why: m.why, Place: at, EndLine: a.PlaceOf(max(m.start, m.end-1)).Line, Secret: artifact.Seal(m.value),
			Encoding: m.encoding, Provider: m.rule.provider, Suppressed: m.suppressed,
		}
		if h.Suppressed == "" {
			h.Suppressed = d.known.reason(a, m, h)
			h.Allowed = !d.trusted && bytes.Contains((&text{body: a.Content}).line(m.start, 2000), []byte(allowComment))
		}
		hits = append(hits, h)
	}
	slices.SortStableFunc(hits, func(x, y Hit) int {
		return cmp.Or(cmp.Compare(x.Place.Line, y.Place.Line), cmp.Compare(x.Place.Column, y.Place.Column))
	})
	return hits
}
