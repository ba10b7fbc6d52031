package detect

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

//go:embed rows/*.toml
var rows embed.FS

// Rule is one row: what a literal credential looks like. Its keywords find it, then either an expression or a
// recogniser reads it.
type Rule struct {
	ID          string   `toml:"id"`          // kebab-case, stable, never reused
	Description string   `toml:"description"` // what is found, for people
	Severity    string   `toml:"severity"`    // critical, high, medium, low: how bad it is
	Confidence  string   `toml:"confidence"`  // high, medium, low: how sure a match is
	Service     string   `toml:"service"`     // the provider's row, "" unknown
	Source      string   `toml:"source"`      // where the form is documented
	Keywords    []string `toml:"keywords"`    // lower case; each match holds one of them
	Regex       string   `toml:"regex"`       // the first group that is not empty is the secret
	Group       int      `toml:"group"`       // the group that is the secret, when not the first
	Entropy     float64  `toml:"entropy"`     // least Shannon entropy of the secret, in bits per character
	Path        string   `toml:"path"`        // only in files whose path matches
	Recogniser  string   `toml:"recogniser"`  // instead of regex: code that reads the structure round a keyword
	Near        bool     `toml:"near"`        // the keyword is part of a name that is assigned a value
	Run         int      `toml:"run"`         // so many characters of a token follow the keyword at least
	Judge       string   `toml:"judge"`       // how values are judged: pattern (the default), password, token, random, or stored: a file that holds nothing else
	Examples    []string `toml:"examples"`    // patterns for Expand, each of which is found
	NotExamples []string `toml:"not_examples"`
}

// Provider reports whether the row is a pattern that only tokens of one kind have, so that equal values are one
// credential.
func (r Rule) Provider() bool { return r.Regex != "" && (r.Judge == "" || r.Judge == "pattern") }

// Rules returns all rows, in the order of their files. It fails when a row is malformed: a test keeps that from
// happening in a release.
func Rules() ([]Rule, error) {
	entries, err := rows.ReadDir("rows")
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	var out []Rule
	for _, e := range entries {
		text, err := rows.ReadFile("rows/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		var file struct {
			Rule []Rule `toml:"rule"`
		}
		meta, err := toml.Decode(string(text), &file)
		if err != nil {
			return nil, fmt.Errorf("read rules %s: %w", e.Name(), err)
		}
		if unknown := meta.Undecoded(); len(unknown) > 0 {
			return nil, fmt.Errorf("read rules %s: unknown key %s", e.Name(), unknown[0])
		}
		out = append(out, file.Rule...)
	}
	return out, check(out)
}

// check holds the rows to their form.
func check(list []Rule) error {
	seen := map[string]bool{}
	for _, r := range list {
		switch {
		case r.ID == "" || seen[r.ID]:
			return fmt.Errorf("rule %q: the id is missing or used twice", r.ID)
		case (r.Regex == "") == (r.Recogniser == ""):
			return fmt.Errorf("rule %s: needs either regex or recogniser", r.ID)
		case len(r.Keywords) == 0 && r.Path == "":
			return fmt.Errorf("rule %s: needs keywords or a path", r.ID)
		case slices.ContainsFunc(r.Keywords, func(k string) bool { return k != strings.ToLower(k) || k == "" }):
			return fmt.Errorf("rule %s: keywords are lower case and not empty", r.ID)
		case !slices.Contains([]string{"critical", "high", "medium", "low"}, r.Severity):
			return fmt.Errorf("rule %s: severity is critical, high, medium or low", r.ID)
		case !slices.Contains([]string{"", "pattern", "password", "token", "random", "stored"}, r.Judge):
			return fmt.Errorf("rule %s: judge is pattern, password, token, random or stored", r.ID)
		}
		seen[r.ID] = true
	}
	return nil
}
