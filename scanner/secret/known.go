package secret

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// known are the findings that a user has set aside in gitleaks' own files.
type known struct {
	ignored  map[string]bool // file:rule:line, or commit:file:rule:line
	baseline map[string]bool // file, rule and secret
}

// newKnown reads a .gitleaksignore and a baseline report.
func newKnown(ignore string, baseline []byte) (known, error) {
	k := known{ignored: map[string]bool{}, baseline: map[string]bool{}}
	for line := range strings.Lines(ignore) {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(strings.ReplaceAll(line, `\`, "/")); line != "" {
			k.ignored[line] = true
		}
	}
	if len(baseline) == 0 {
		return k, nil
	}
	var list []struct{ RuleID, File, Secret string }
	if err := json.Unmarshal(baseline, &list); err != nil {
		return k, fmt.Errorf("read baseline: it is not a gitleaks report in JSON")
	}
	for _, f := range list {
		k.baseline[baselineKey(f.File, f.RuleID, f.Secret)] = true
	}
	return k, nil
}

func baselineKey(file, rule, secret string) string { return file + "\x00" + rule + "\x00" + secret }

// reason says why a hit is set aside, "" when it is not. A baseline holds for the secret wherever its line has
// moved in the file; another secret on the same line is a new finding.
func (k known) reason(a *artifact.Artifact, m match, h Hit) string {
	if len(k.ignored) > 0 {
		id := fmt.Sprintf("%s:%s:%d", a.Path, h.Rule, h.Place.Line)
		if k.ignored[id] || a.Commit != "" && k.ignored[a.Commit+":"+id] {
			return "listed in .gitleaksignore"
		}
	}
	if len(k.baseline) > 0 && k.baseline[baselineKey(a.Path, h.Rule, m.value)] {
		return "in the baseline"
	}
	return ""
}
