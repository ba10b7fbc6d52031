package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/policy"
)

// Limits of what a PDF lists; the workbook and the HTML report list all.
const (
	pdfPictures = 3
	pdfFindings = 20 // of one rule
	pdfPlaces   = 200
	pdfSteps    = 5 // runbooks with their steps
)

// summary is the page for those who read one page.
func (p *paper) summary() {
	p.chapter("Summary")
	t := p.d.Totals
	p.say(fmt.Sprintf("%s and %s were found. Hard-coded in files of today: %d. In files of the past only: %d. Only referred to by name: %d.",
		count(t.Credentials, "credential"), count(t.Automations, "automation"), t.HardCoded, t.HistoryOnly, t.Referenced), inkText)
	if top := p.d.Top(1); len(top) > 0 {
		p.say(fmt.Sprintf("What the most depends on is %s (%s): when it changes, %s.", top[0].Name, top[0].Label, stops(len(top[0].Automations))), inkText)
	}
	p.say(p.openFindings(), inkText)
	if owned := p.unowned(); owned > 0 {
		p.say(fmt.Sprintf("For %s no owner could be found: nobody is known to answer for a rotation.", count(owned, "credential")), inkText)
	}
	if !p.d.Coverage.Complete {
		p.say(p.whole(), inkText)
	}
	p.charts()
}

// stops words how many automations stop.
func stops(n int) string {
	if n == 1 {
		return "1 automation stops"
	}
	return fmt.Sprintf("%d automations stop", n)
}

func (p *paper) openFindings() string {
	if !p.d.Judged {
		return "Policy was not applied."
	}
	var parts []string
	for _, s := range Severities {
		if n := p.d.Totals.Findings[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
	}
	if len(parts) == 0 {
		return "No violation of a policy was found in what was looked at."
	}
	return "Open findings: " + strings.Join(parts, ", ") + "."
}

func (p *paper) unowned() int {
	n := 0
	for i := range p.d.Credentials {
		if len(p.d.Credentials[i].Owners) == 0 {
			n++
		}
	}
	return n
}

// byEnvironment lists every credential, grouped by the environment that it belongs to.
func (p *paper) byEnvironment() {
	groups := map[string][]*Credential{}
	for i := range p.d.Credentials {
		c := &p.d.Credentials[i]
		groups[c.Environment] = append(groups[c.Environment], c)
	}
	p.chapter("Credentials by environment")
	for _, name := range sortedGroups(groups) {
		p.part(fmt.Sprintf("%s (%d)", name, len(groups[name])))
		p.credentials(groups[name])
	}
}

// sortedGroups orders the names of groups: production first, what is unknown last, the rest by size.
func sortedGroups(groups map[string][]*Credential) []string {
	rank := map[string]int{"production": -1, "unknown": 1, noOwner: -1}
	names := make([]string, 0, len(groups))
	for n := range groups {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(len(groups[b]), len(groups[a])), strings.Compare(a, b))
	})
	return names
}

func (p *paper) credentials(all []*Credential) {
	rows := make([][]string, 0, len(all))
	for _, c := range all {
		rows = append(rows, []string{c.Label, c.Name, c.Service, c.Exposure, c.Severity, strings.Join(ownersOf(c.Owners), ", "),
			strconv.Itoa(len(c.Automations)), age(c.AgeDays)})
	}
	p.table([]pdfColumn{{"", 10, "M", false}, {"Name", 34, "B", false}, {"Service", 14, "", false}, {"Exposure", 15, "", false},
		{"Risk", 10, "", false}, {"Owner", 30, "", false}, {"Powers", 10, "", true}, {"Age", 13, "", true}}, rows)
}

// noOwner is the group of what nobody answers for.
const noOwner = "No owner known"

// byOwner lists who answers for what.
func (p *paper) byOwner() {
	groups := map[string][]*Credential{}
	for i := range p.d.Credentials {
		c := &p.d.Credentials[i]
		names := ownersOf(c.Owners)
		if len(names) == 0 {
			names = []string{noOwner}
		}
		for _, n := range slices.Compact(slices.Sorted(slices.Values(names))) {
			groups[n] = append(groups[n], c)
		}
	}
	p.chapter("Credentials by owner")
	rows := [][]string{}
	for _, name := range sortedGroups(groups) {
		var labels []string
		hard, powers := 0, map[string]bool{}
		for _, c := range groups[name] {
			labels = append(labels, c.Label)
			if c.Exposure == HardCoded {
				hard++
			}
			for _, a := range c.Automations {
				powers[a] = true
			}
		}
		rows = append(rows, []string{name, strconv.Itoa(len(labels)), strconv.Itoa(hard), strconv.Itoa(len(powers)), strings.Join(labels, ", ")})
	}
	p.table([]pdfColumn{{"Owner", 34, "B", false}, {"Credentials", 15, "", true}, {"Hard-coded", 15, "", true}, {"Automations", 16, "", true},
		{"Which", 50, "M", false}}, rows)
}

func (p *paper) findings() {
	p.chapter("Findings and what to do")
	if len(p.d.Findings) == 0 {
		p.say(p.openFindings(), inkText)
		return
	}
	shown := map[string]int{}
	for _, f := range p.d.Findings {
		if shown[f.Rule]++; shown[f.Rule] <= pdfFindings {
			p.finding(f, shown[f.Rule] == 1)
		}
	}
	for _, rule := range slices.Sorted(maps.Keys(shown)) {
		if more := shown[rule] - pdfFindings; more > 0 {
			p.say(fmt.Sprintf("%d more of the kind %q stand in the HTML report and the workbook.", more, strings.ReplaceAll(rule, "-", " ")), inkSoft)
		}
	}
}

// finding writes one finding; why it matters is said with the first of its rule.
func (p *paper) finding(f policy.Finding, first bool) {
	if p.GetY() > pageHeight-55 {
		p.AddPage()
	}
	severity := strings.ToUpper(f.Severity.String())
	if f.Suppressed != nil {
		severity += ", ACCEPTED"
	}
	p.font("B", 8, p.style.accent)
	p.MultiCell(textWidth, 4.5, severity, "", "L", false)
	p.font("B", 10.5, inkText)
	p.MultiCell(textWidth, 5, p.faces.bold.text(f.Title), "", "L", false)
	if first {
		p.note("Why", f.Why)
	}
	p.note("Do", f.Fix)
	p.note("Where", strings.Join(p.d.placeTexts(f.Evidence, 6), "\n"))
	p.note("Accepted", accepted(f.Suppressed))
	p.Ln(3.5)
}

// note writes a word and what belongs to it.
func (p *paper) note(word, text string) {
	if text == "" {
		return
	}
	p.font("", 9.5, inkSoft)
	p.CellFormat(18, 4.6, word, "", 0, "L", false, 0, "")
	p.font("", 9.5, inkText)
	p.MultiCell(textWidth-18, 4.6, p.faces.regular.text(text), "", "L", false)
}

// plan shows when what the most depends on could be rotated, and in which steps.
func (p *paper) plan() {
	if p.d.Plan == nil || len(p.d.Plan.Rotations) == 0 {
		return
	}
	p.chapter("Rotation plan")
	p.say(fmt.Sprintf("Proposed windows for the %d credentials that the most depends on, as of %s. rotamap plan writes the whole runbook of each.",
		len(p.d.Plan.Rotations), p.d.Plan.Made.Format("2006-01-02")), inkSoft)
	rows := [][]string{}
	for _, n := range p.d.nights() {
		r := n.r
		rows = append(rows, []string{n.start.UTC().Format("Mon 2006-01-02 15:04"), r.Credential.Name, r.Window.Needed.String(), cmp.Or(n.why, quietText(r)),
			strings.Join(r.Approvals, ", "), strconv.Itoa(len(r.Waves)), strconv.Itoa(len(r.HandEdits))})
	}
	p.table([]pdfColumn{{"From (UTC)", 29, "", false}, {"Credential", 36, "B", false}, {"Takes", 13, "", false}, {"Note", 36, "", false},
		{"Approves", 22, "", false}, {"Waves", 10, "", true}, {"By hand", 13, "", true}}, rows)
	for i := range p.d.Plan.Rotations[:min(pdfSteps, len(p.d.Plan.Rotations))] {
		p.steps(&p.d.Plan.Rotations[i])
	}
}

func windowText(r *plan.Rotation) string {
	end := r.Window.Start.Add(r.Window.Needed.Duration())
	return r.Window.Start.UTC().Format("Mon 2006-01-02 15:04") + " to " + end.UTC().Format("15:04")
}

func quietText(r *plan.Rotation) string {
	if r.Window.Quiet {
		return "nothing runs"
	}
	return cmp.Or(r.Window.Why, count(len(r.Window.Overlaps), "run")+" overlap")
}

func (p *paper) steps(r *plan.Rotation) {
	p.part("Steps for " + r.Credential.Name)
	for _, s := range r.Steps {
		p.font("", 9.5, inkText)
		p.MultiCell(textWidth, 4.8, p.faces.regular.text(fmt.Sprintf("%d. %s", s.Number, s.Title)), "", "L", false)
	}
}

func (p *paper) places(o Options) {
	if len(p.d.Literals) == 0 {
		return
	}
	p.chapter("Hard-coded places")
	p.say("A value with one label is the same value wherever it stands. Values themselves are in no report.", inkSoft)
	rows := [][]string{}
	for _, l := range p.d.Literals[:min(pdfPlaces, len(p.d.Literals))] {
		label := l.Label
		if o.Internal {
			label += " " + l.Fingerprint
		}
		rows = append(rows, []string{label, l.Name, l.Rule, l.Severity, string(l.Evidence.State), p.d.place(l.Evidence)})
	}
	p.table([]pdfColumn{{"Value", 14, "M", false}, {"Name", 28, "B", false}, {"Rule", 24, "", false}, {"Risk", 12, "", false},
		{"State", 12, "", false}, {"Where", 48, "M", false}}, rows)
	if more := len(p.d.Literals) - pdfPlaces; more > 0 {
		p.say(fmt.Sprintf("%d more places stand in the HTML report and the workbook.", more), inkSoft)
	}
}

func (p *paper) method() {
	p.chapter("Method and limits")
	for _, s := range methodText {
		p.part(s[0])
		p.say(s[1], inkText)
	}
}

var methodText = [][2]string{
	{"How the map is made", "Repositories with their history, configuration files and exports of workflow tools were read without running anything in " +
		"them and without a network. Every place that holds a credential or refers to one is a fact with its evidence: source, path, line. " +
		"Facts are joined by rules; each join carries how sure it is: certain, high, medium or low."},
	{"What a dependent is", "An automation that stops, or may stop, when the value changes. A path is as sure as its weakest step. " +
		"What is reached only through a join that may be wrong is listed apart as possible."},
	{"What stands in this report", "No secret value, and no part of one. Values are compared by keyed fingerprints, which are left out too: a label such as " +
		"S-003.1 names one value inside this report only. Mail addresses are numbered."},
	{"What the report cannot say", "No reference found means: none in the sources listed under Coverage. It never means that a credential is unused or safe " +
		"to delete. Systems that were not exported, people who use a credential by hand, and values that are built at run time are not seen. " +
		"Ages count from the oldest commit that shows a place: the credential may be older."},
}

func (p *paper) coverage() {
	p.chapter("Coverage")
	p.say(p.whole(), inkText)
	rows := [][]string{}
	for _, s := range p.d.Coverage.Sources {
		rows = append(rows, []string{s.ID, cut(s.Revision, 13), strconv.Itoa(s.Files), strconv.Itoa(s.Commits), strconv.Itoa(s.Blobs)})
	}
	p.table([]pdfColumn{{"Source", 60, "B", false}, {"Revision", 24, "M", false}, {"Files", 12, "", true}, {"Commits", 14, "", true},
		{"Contents", 14, "", true}}, rows)
	left := p.d.leftTable()
	if len(left.rows) == 0 {
		return
	}
	p.part("Not looked at")
	rows = rows[:0]
	for _, r := range left.rows[:min(pdfPlaces, len(left.rows))] {
		rows = append(rows, []string{fmt.Sprint(r[0]), fmt.Sprint(r[1]), fmt.Sprint(r[2]), fmt.Sprint(r[3]), fmt.Sprint(r[4])})
	}
	p.table([]pdfColumn{{"Outcome", 24, "", false}, {"Source", 34, "", false}, {"What", 34, "M", false}, {"Reason", 40, "", false}, {"Count", 10, "", true}}, rows)
}
