package secret

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/zricethezav/gitleaks/v8/config"
)

// unanchored are rules of gitleaks whose keyword need not be part of what they match.
var unanchored = map[string]bool{"airtable-personnal-access-token": true, "facebook-access-token": true}

// checks are cheap tests for rules whose short or common keywords occur in nearly every text.
var checks = map[string]byteCheck{
	"vault-service-token": longRun(24), "jwt": longRun(17), "kubernetes-secret-yaml": kindSecret,
	"curl-auth-header": soon("-H", "--header"), "curl-auth-user": soon("-u", "--user"),
}

// ruleset is what a configuration amounts to.
type ruleset struct {
	rules []*rule
	allow []*allowlist // for all rules
}

// decodeGitleaks reads a configuration in the format of gitleaks, without its global state.
func decodeGitleaks(text string) (config.ViperConfig, error) {
	var c config.ViperConfig
	if _, err := toml.Decode(text, &c); err != nil {
		return c, fmt.Errorf("read gitleaks configuration: %w", err)
	}
	return c, nil
}

// defaultRules returns the rules that gitleaks ships.
func defaultRules() (ruleset, error) {
	c, err := decodeGitleaks(config.DefaultConfig)
	if err != nil {
		return ruleset{}, err
	}
	set, err := translate(c)
	for _, r := range set.rules {
		if r.whole = unanchored[r.id]; r.whole {
			r.find.compiled.linear = true
		}
		if check := checks[r.id]; check != nil {
			r.check = check
		}
	}
	return set, err
}

// userRules reads a user's .gitleaks.toml on top of a base: the default rules, or those of the file that it extends by
// path, whose text the caller has read. A URL is not followed: nothing is fetched.
func userRules(text, extended string, base ruleset) (ruleset, error) {
	c, err := decodeGitleaks(text)
	if err != nil {
		return ruleset{}, err
	}
	if c.Extend.URL != "" || c.Extend.Path != "" && extended == "" {
		return ruleset{}, fmt.Errorf("gitleaks configuration: extend by url, or by path in a file that is extended itself, is not supported; copy the rules into one file")
	}
	user, err := translate(c)
	if err != nil {
		return ruleset{}, err
	}
	if err := checkUser(user); err != nil {
		return ruleset{}, err
	}
	if !c.Extend.UseDefault && c.Extend.Path == "" {
		return user, targetAllowlists(c, user)
	}
	user = extend(user, base, c.Extend.DisabledRules)
	return user, targetAllowlists(c, user)
}

// checkUser compiles what a user wrote, so that a broken expression is an error and not a rule that never fires.
func checkUser(set ruleset) error {
	for _, r := range set.rules {
		r.whole, r.find.compiled.linear = true, true
		for _, l := range []expression{r.find, r.path} {
			if _, err := regexp.Compile(l.source); err != nil {
				return fmt.Errorf("gitleaks rule %s: %w", r.id, err)
			}
		}
		if err := checkAllowlists(r.allow); err != nil {
			return fmt.Errorf("gitleaks rule %s: %w", r.id, err)
		}
	}
	return checkAllowlists(set.allow)
}

func checkAllowlists(list []*allowlist) error {
	for _, a := range list {
		for _, l := range slices.Concat(a.paths, a.regexes) {
			if _, err := regexp.Compile(l.source); err != nil {
				return fmt.Errorf("allowlist: %w", err)
			}
		}
	}
	return nil
}

// extend lays the user's rules over the base: a rule of the same id replaces what it sets and adds its
// allowlists.
func extend(user, base ruleset, disabled []string) ruleset {
	out := ruleset{allow: slices.Concat(base.allow, user.allow)}
	mine := map[string]*rule{}
	for _, r := range user.rules {
		mine[r.id] = r
	}
	for _, b := range base.rules {
		if slices.Contains(disabled, b.id) {
			continue
		}
		if u := mine[b.id]; u != nil {
			overlay(u, b)
			delete(mine, b.id)
			out.rules = append(out.rules, u)
			continue
		}
		out.rules = append(out.rules, b)
	}
	for _, r := range user.rules {
		if mine[r.id] != nil {
			out.rules = append(out.rules, r)
		}
	}
	return out
}

func overlay(user, base *rule) {
	if user.find.empty() {
		user.find, user.check, user.whole, user.names = base.find, base.check, base.whole, base.names
	}
	if user.path.empty() {
		user.path = base.path
	}
	if user.entropy == 0 {
		user.entropy = base.entropy
	}
	if user.group == 0 {
		user.group = base.group
	}
	if user.description == "" {
		user.description = base.description
	}
	user.keywords = append(user.keywords, base.keywords...)
	user.allow = append(user.allow, base.allow...)
	user.generic = base.generic
}

func translate(c config.ViperConfig) (ruleset, error) {
	var set ruleset
	for _, v := range c.Rules {
		r := &rule{
			id: v.ID, description: v.Description, severity: "high", group: v.SecretGroup, entropy: v.Entropy,
			find: newExpression(v.Regex), path: newExpression(v.Path), provider: !strings.Contains(v.ID, "generic"),
			generic: v.ID == "generic-api-key",
		}
		for _, k := range v.Keywords {
			r.keywords = append(r.keywords, strings.ToLower(k))
		}
		switch {
		case isByName(v.Regex):
			r.check, r.names = assignedSoon, &lazyNamed{}
		case strings.HasPrefix(v.Regex, byName):
			r.check = assignedSoon
		}
		lists := v.Allowlists
		if v.AllowList != nil {
			lists = append(lists, v.AllowList)
		}
		for _, a := range lists {
			list, err := newAllowlist(a.Description, a.Condition, a.RegexTarget, a.Commits, a.Paths, a.Regexes, a.StopWords)
			if err != nil {
				return set, fmt.Errorf("gitleaks rule %s: %w", v.ID, err)
			}
			r.allow = append(r.allow, list)
		}
		set.rules = append(set.rules, r)
	}
	var err error
	set.allow, err = globalAllowlists(c)
	return set, err
}

func globalAllowlists(c config.ViperConfig) ([]*allowlist, error) {
	lists := c.Allowlists
	if c.AllowList != nil {
		lists = append(lists, c.AllowList)
	}
	var out []*allowlist
	for _, a := range lists {
		if len(a.TargetRules) > 0 {
			continue
		}
		list, err := newAllowlist(a.Description, a.Condition, a.RegexTarget, a.Commits, a.Paths, a.Regexes, a.StopWords)
		if err != nil {
			return nil, err
		}
		out = append(out, list)
	}
	return out, nil
}

// targetAllowlists adds the global allowlists that name their rules to those rules.
func targetAllowlists(c config.ViperConfig, set ruleset) error {
	for _, a := range c.Allowlists {
		for _, id := range a.TargetRules {
			i := slices.IndexFunc(set.rules, func(r *rule) bool { return r.id == id })
			if i < 0 {
				return fmt.Errorf("gitleaks configuration: an allowlist names the rule %s, which does not exist", id)
			}
			list, err := newAllowlist(a.Description, a.Condition, a.RegexTarget, a.Commits, a.Paths, a.Regexes, a.StopWords)
			if err != nil {
				return err
			}
			set.rules[i].allow = append(set.rules[i].allow, list)
		}
	}
	return nil
}

func newAllowlist(description, condition, target string, commits, paths, regexes, stopwords []string) (*allowlist, error) {
	a := &allowlist{description: description, target: target, commits: map[string]bool{}}
	switch strings.ToUpper(condition) {
	case "", "OR", "||":
	case "AND", "&&":
		a.all = true
	default:
		return nil, fmt.Errorf("allowlist: unknown condition, expected and or or")
	}
	for _, c := range commits {
		a.commits[strings.ToLower(strings.TrimSpace(c))] = true
	}
	for _, p := range paths {
		a.paths = append(a.paths, newExpression(p))
	}
	for _, r := range regexes {
		a.regexes = append(a.regexes, newExpression(r))
	}
	for _, w := range stopwords {
		a.stopwords = append(a.stopwords, strings.ToLower(w))
	}
	return a, nil
}
