package code

import (
	"slices"
	"strings"
)

// quote is one way to write a string.
type quote struct {
	open, close string
	escape      byte   // 0: none
	multi       bool   // it may hold line ends
	doubled     bool   // a doubled closing quote stands for itself
	interp      string // what opens interpolated code, "" for none; "}" closes it
	number      int    // among those of its grammar
}

// grammar says how a family of languages writes comments and strings.
type grammar struct {
	line     []string
	block    [][2]string
	quotes   []quote // longest first
	patterns bool    // regular expressions stand between slashes
	prefixed bool    // letters before a quote decide on interpolation (f"", $"")
	family   string
	hot      [256]heat // what may begin at a byte
}

// heat says why the masker has to look at a byte.
type heat uint8

const (
	mayComment heat = 1 << iota
	mayQuote
	mayPattern
	mayBrace // which matters in interpolated code alone
)

// maxQuotes bounds the ways to write a string in one grammar.
const maxQuotes = 8

// newGrammar fills the table of significant bytes, and numbers the quotes.
func newGrammar(s grammar) *grammar {
	for _, mark := range s.line {
		s.hot[mark[0]] |= mayComment
	}
	for _, b := range s.block {
		s.hot[b[0][0]] |= mayComment
	}
	s.quotes = slices.Clone(s.quotes)
	for i := range s.quotes {
		s.quotes[i].number = i
		s.hot[s.quotes[i].open[0]] |= mayQuote
	}
	if s.patterns {
		s.hot['/'] |= mayPattern
	}
	s.hot['{'] |= mayBrace
	s.hot['}'] |= mayBrace
	return &s
}

var (
	single     = quote{open: "'", close: "'", escape: '\\'}
	double     = quote{open: `"`, close: `"`, escape: '\\'}
	triple     = quote{open: `"""`, close: `"""`, escape: '\\', multi: true}
	tripleOne  = quote{open: "'''", close: "'''", escape: '\\', multi: true}
	slashLines = []string{"//"}
	starBlocks = [][2]string{{"/*", "*/"}}
)

// with returns the quote with interpolation.
func (q quote) with(interp string) quote {
	q.interp = interp
	return q
}

// The families.
var (
	scriptSyntax = newGrammar(grammar{family: "script", line: slashLines, block: starBlocks, patterns: true,
		quotes: []quote{single, double, {open: "`", close: "`", escape: '\\', multi: true, interp: "${"}}})
	pythonSyntax = newGrammar(grammar{family: "python", line: []string{"#"}, prefixed: true,
		quotes: []quote{triple, tripleOne, single, double}})
	javaSyntax   = newGrammar(grammar{family: "java", line: slashLines, block: starBlocks, quotes: []quote{triple, single, double}})
	kotlinSyntax = newGrammar(grammar{family: "kotlin", line: slashLines, block: starBlocks,
		quotes: []quote{{open: `"""`, close: `"""`, multi: true, interp: "${"}, single, double.with("${")}})
	groovySyntax = newGrammar(grammar{family: "groovy", line: slashLines, block: starBlocks,
		quotes: []quote{triple.with("${"), tripleOne, single, double.with("${")}})
	sharpSyntax = newGrammar(grammar{family: "csharp", line: slashLines, block: starBlocks, prefixed: true,
		quotes: []quote{triple, single, double}})
	rubySyntax = newGrammar(grammar{family: "ruby", line: []string{"#"}, block: [][2]string{{"=begin", "\n=end"}}, patterns: true,
		quotes: []quote{single, double.with("#{"), {open: "`", close: "`", escape: '\\', interp: "#{"}}})
	phpSyntax = newGrammar(grammar{family: "php", line: []string{"//", "#"}, block: starBlocks,
		quotes: []quote{single, double.with("{$")}})
	rustSyntax = newGrammar(grammar{family: "rust", line: slashLines, block: starBlocks,
		quotes: []quote{{open: `r##"`, close: `"##`, multi: true}, {open: `r#"`, close: `"#`, multi: true},
			{open: `"`, close: `"`, escape: '\\', multi: true}}})
	goSyntax = newGrammar(grammar{family: "go", line: slashLines, block: starBlocks,
		quotes: []quote{single, double, {open: "`", close: "`", multi: true}}})
	powerSyntax = newGrammar(grammar{family: "powershell", line: []string{"#"}, block: [][2]string{{"<#", "#>"}},
		quotes: []quote{{open: "'", close: "'", doubled: true}}})
	elixirSyntax = newGrammar(grammar{family: "elixir", line: []string{"#"},
		quotes: []quote{triple.with("#{"), single, double.with("#{")}})
	perlSyntax  = newGrammar(grammar{family: "perl", line: []string{"#"}, quotes: []quote{single}})
	luaSyntax   = newGrammar(grammar{family: "lua", line: []string{"--"}, block: [][2]string{{"--[[", "]]"}}, quotes: []quote{single, double}})
	hashSyntax  = newGrammar(grammar{family: "hash", line: []string{"#"}, quotes: []quote{single, double}})
	dartSyntax  = newGrammar(grammar{family: "dart", line: slashLines, block: starBlocks, quotes: []quote{triple.with("${"), tripleOne.with("${"), single.with("${"), double.with("${")}})
	cSyntax     = newGrammar(grammar{family: "c", line: slashLines, block: starBlocks, quotes: []quote{single, double}})
	swiftSyntax = newGrammar(grammar{family: "swift", line: slashLines, block: starBlocks, quotes: []quote{triple, double}})
	lispSyntax  = newGrammar(grammar{family: "lisp", line: []string{";"}, quotes: []quote{{open: `"`, close: `"`, escape: '\\', multi: true}}})
)

// quoteAt returns the quote that opens at i.
func (s *grammar) quoteAt(src []byte, i int) (quote, bool) {
	for _, q := range s.quotes {
		if !hasPrefixAt(src, i, q.open) {
			continue
		}
		if s.family == "rust" && i > 0 && src[i-1] == '\'' && hasPrefixAt(src, i+1, "'") {
			return quote{}, false // the character '"'
		}
		if s.prefixed {
			q = s.adjusted(q, src, i)
		}
		return q, true
	}
	return quote{}, false
}

// adjusted returns the quote as the letters in front of it change it: Python's f"" and r"", C#'s $"" and @"".
func (s *grammar) adjusted(q quote, src []byte, i int) quote {
	from := i
	for from > 0 && i-from < 3 && strings.IndexByte("fFrRbBuUtT$@", src[from-1]) >= 0 {
		from--
	}
	prefix := string(src[from:i])
	if s.family == "python" {
		if strings.ContainsAny(prefix, "fFtT") && (from == 0 || !isWord(src[from-1])) {
			q.interp = "{"
		}
		return q
	}
	if q.open != "'" && strings.Contains(prefix, "$") {
		q.interp = "{"
	}
	if q.open == `"` && strings.Contains(prefix, "@") {
		q.escape, q.multi, q.doubled = 0, true, true
	}
	return q
}

// notComment reports whether a comment mark is none where it stands: "https://x" in JSX text, "#{" in Ruby, "$#"
// in Perl, "#[" in PHP.
func (s *grammar) notComment(src []byte, i int, mark string) bool {
	switch s.family {
	case "script":
		return i > 0 && src[i-1] == ':'
	case "ruby", "elixir":
		return hasPrefixAt(src, i, "#{")
	case "perl":
		return i > 0 && (src[i-1] == '$' || src[i-1] == '{')
	case "php":
		return hasPrefixAt(src, i, "#[") || (mark == "//" && i > 0 && src[i-1] == ':')
	case "lua":
		return hasPrefixAt(src, i, "--[[")
	case "powershell":
		return i > 0 && !isSpace(src[i-1]) && strings.IndexByte("(){};|", src[i-1]) < 0
	}
	return false
}
