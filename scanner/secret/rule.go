package secret

import (
	"bytes"
	"math"
	"regexp"
	"strings"
	"sync"

	re2 "github.com/wasilibs/go-re2"
)

// rule is one row of ours or of gitleaks, ready to run. Its expressions are compiled when first needed.
type rule struct {
	number          int // in the order of the detector's rules
	id, description string
	severity        string
	service         string
	keywords        []string // lower case; none: the rule runs on every text
	find            expression
	group           int        // which group is the secret; 0: the first that is not empty
	entropy         float64    // least Shannon entropy of the secret, 0 for none
	path            expression // only on paths that match, when set
	allow           []*allowlist
	recognise       recogniser // instead of find: reads the structure round a keyword
	check           byteCheck  // cheap test behind a keyword, before a window is cut
	whole           bool       // the keyword need not be near: run over the whole text
	provider        bool       // the pattern of one provider
	own             bool       // a row of ours
	judged          strength   // how its values are judged; noName: as the text of a pattern
	generic         bool       // gitleaks' generic rule: values are judged by the name before them
	names           *lazyNamed // reads the expression from the name on, when it is one by name

	measure       sync.Once // guards before and after
	before, after int       // how far a match may reach from a keyword
	long          bool      // a match may go over many lines
	needs         required  // of a rule that looks at whole texts
}

// expression is a regular expression that is compiled when first used. A broken one never matches; user configuration
// is checked when it is loaded.
type expression struct {
	source   string
	compiled *compiled
}

type compiled struct {
	once   sync.Once
	linear bool // compiled by RE2: for expressions that begin with no literal, which are slow in Go's own package
	re     matcher
}

// matcher is what Go's regular expressions and those of RE2 have in common.
type matcher interface {
	FindSubmatchIndex(text []byte) []int
	MatchString(text string) bool
}

// newExpression takes an expression that is compiled later. Those that begin with no literal are left to RE2.
func newExpression(source string) expression {
	return expression{source, &compiled{linear: slow(source)}}
}

// slow reports whether Go's own package is slow on an expression: it begins with a choice, a class or letters in
// either case, so that there is nothing to skip to.
func slow(source string) bool {
	return strings.HasPrefix(source, "(?") || strings.HasPrefix(source, "[") || strings.HasPrefix(source, `\b(?`)
}

// lazyNamed is a named that is made when first used; nil when the expression turns out to be more than that.
type lazyNamed struct {
	once  sync.Once
	named *named
}

// byName returns the reader of a rule by name, nil when it has to run its expression.
func (r *rule) byName() *named {
	if r.names == nil {
		return nil
	}
	r.names.once.Do(func() {
		if r.group == 0 {
			r.names.named = newNamed(r.find.source)
		}
	})
	return r.names.named
}

func (l expression) empty() bool { return l.source == "" }

func (l expression) get() matcher {
	c := l.compiled
	c.once.Do(func() {
		if c.linear {
			if re, err := re2.Compile(l.source); err == nil {
				c.re = re
				return
			}
		}
		if re, err := regexp.Compile(l.source); err == nil {
			c.re = re
			return
		}
		c.re = never
	})
	return c.re
}

// never matches nothing.
var never = regexp.MustCompile(`[^\s\S]`)

// byteCheck looks at the bytes behind a keyword and says whether a match is possible at all.
type byteCheck func(text []byte, end int) bool

// assignedSoon holds for the shape that most of the rules by name share: within a few characters an assignment
// follows the keyword.
func assignedSoon(text []byte, end int) bool {
	for i := end; i < len(text) && i < end+26; i++ {
		switch c := text[i]; {
		case c == '=' || c == ':' || c == '>' || c == '|' || c == '?' || c == ',':
			return true
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\'' || c == '"' || c == '.' || c == '-' || isWord(c):
		default:
			return false
		}
	}
	return false
}

// kindSecret holds for kind: Secret; the keyword is secret.
func kindSecret(text []byte, end int) bool {
	i := end - len("secret")
	if i > 0 && (text[i-1] == '"' || text[i-1] == '\'') {
		i--
	}
	for i > 0 && (text[i-1] == ' ' || text[i-1] == '\t') {
		i--
	}
	return i >= 5 && bytes.EqualFold(text[i-5:i], []byte("kind:")) && (end == len(text) || !isWord(text[end]))
}

// soon holds when one of some words follows within the window behind a keyword.
func soon(words ...string) byteCheck {
	return func(text []byte, end int) bool {
		near := text[end:min(len(text), end+openAfter)]
		for _, w := range words {
			if bytes.Contains(near, []byte(w)) {
				return true
			}
		}
		return false
	}
}

// longRun holds when at least n characters of a token follow the keyword.
func longRun(n int) byteCheck {
	return func(text []byte, end int) bool {
		if end+n > len(text) {
			return false
		}
		for _, c := range text[end : end+n] {
			if !runBytes[c] {
				return false
			}
		}
		return true
	}
}

func isWord(c byte) bool { return wordBytes[c] }

var wordBytes = setOfBytes("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")

// runBytes are those of tokens.
var runBytes = setOfBytes("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+\\=")

func setOfBytes(list string) (t [256]bool) {
	for i := range len(list) {
		t[list[i]] = true
	}
	return t
}

// allowlist is a list of exceptions, as gitleaks has them.
type allowlist struct {
	description string
	all         bool // every criterion that is set must hold, not just one
	commits     map[string]bool
	paths       []expression
	target      string // what the expressions are tested against: "" the secret, match, or line
	regexes     []expression
	stopwords   []string // lower case

	once  sync.Once
	words *automaton
}

// allows reports whether the list excepts a match.
func (a *allowlist) allows(m *memo, path, commit, secret, match, line string) bool {
	hit := false
	for i := range criteria {
		set, holds := a.criterion(i, m, path, commit, secret, match, line)
		if !set {
			continue
		}
		if holds && !a.all {
			return true
		}
		if !holds && a.all {
			return false
		}
		hit = hit || holds
	}
	return hit
}

// criteria is how many kinds of criteria an allowlist has.
const criteria = 4

// criterion says whether the list has a criterion, and whether it holds, the cheap ones first.
func (a *allowlist) criterion(i int, m *memo, path, commit, secret, match, line string) (set, holds bool) {
	switch i {
	case 0:
		return len(a.commits) > 0, a.commits[strings.ToLower(commit)]
	case 1:
		return len(a.paths) > 0, anyMatch(a.paths, path)
	case 2:
		return len(a.stopwords) > 0, len(a.stopwords) > 0 && a.stopped(secret)
	}
	if len(a.regexes) == 0 {
		return false, false
	}
	switch a.target {
	case "match":
		return true, m.matches(a, match)
	case "line":
		return true, m.matches(a, line)
	}
	return true, m.matches(a, secret)
}

// allowsPath reports whether the path or commit alone excepts a file.
func (a *allowlist) allowsPath(path, commit string) bool {
	byCommit, byPath := a.commits[strings.ToLower(commit)], anyMatch(a.paths, path)
	if !a.all {
		return byCommit || byPath
	}
	if len(a.regexes)+len(a.stopwords) > 0 {
		return false
	}
	return (len(a.commits) == 0 || byCommit) && (len(a.paths) == 0 || byPath) && len(a.commits)+len(a.paths) > 0
}

func (a *allowlist) stopped(secret string) bool {
	a.once.Do(func() { a.words = newAutomaton(a.stopwords) })
	return a.words.within(secret)
}

func anyMatch(list []expression, text string) bool {
	for _, l := range list {
		if text != "" && l.get().MatchString(text) {
			return true
		}
	}
	return false
}

// entropy returns the Shannon entropy of s in bits per character.
func entropy(s string) float64 {
	if s == "" {
		return 0
	}
	var ascii [128]int
	other := map[rune]int{}
	for _, r := range s {
		if r < 128 {
			ascii[r]++
		} else {
			other[r]++
		}
	}
	total, sum := float64(len(s)), 0.0
	count := func(n int) {
		if n > 0 {
			f := float64(n) / total
			sum -= f * math.Log2(f)
		}
	}
	for _, n := range ascii {
		count(n)
	}
	for _, n := range other {
		count(n)
	}
	return sum
}
