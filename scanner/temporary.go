package scanner

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// meantToGo are the ways in which comments say that something was meant to go again, with the words in which a map says
// so: never those of the file.
var meantToGo = []struct {
	words *lazy.Regexp
	says  string
}{
	{lazy.New(`(?i)\btemporar(?:y|ily)\b`), "temporary"},
	{lazy.New(`(?i)\b(?:for|until) now\b`), "for now"},
	{lazy.New(`(?i)\b(?:remove|delete|drop|get rid of) (?:me|this|it|these|after|before|once|when|later|asap)\b`), "to be removed"},
	{lazy.New(`(?i)\b(?:throw-?away|short-lived|one-off)\b`), "not to stay"},
}

// hints are parts of what meantToGo matches: a text without any of them is not looked at line by line.
var hints = []string{"empora", "EMPORA", " now", "emove ", "REMOVE ", "elete ", "rop ", "id of ", "away", "lived", "one-off"}

// maxAbove is how many lines of comments above a place belong to it.
const maxAbove = 3

// maxCommentLine is the longest line that is read for a comment: what machines write on one line says nothing of it.
const maxCommentLine = 400

// comments finds what the comments of an artifact say of its places. The zero value asks nothing of it.
type comments struct {
	text []byte
	file *artifact.Artifact
}

func commentsOf(a *artifact.Artifact) comments {
	if a.State == inventory.History || !slices.ContainsFunc(hints, a.Has) {
		return comments{}
	}
	return comments{a.Content, a}
}

// line returns a line by its number, from 1; nil for one that is too long to hold a comment that people wrote.
func (c *comments) line(n int) []byte {
	start := c.file.LineStart(n)
	if start < 0 {
		return nil
	}
	line := c.text[start:min(len(c.text), start+maxCommentLine+1)]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		return line[:end]
	}
	if len(line) > maxCommentLine {
		return nil
	}
	return line
}

var (
	commentLine = regexp.MustCompile(`^\s*(?:#|//|--|;|\*|/\*|<!--|REM\b|rem\b)`)
	commentTail = regexp.MustCompile(`\s(?:#|//|--|;|/\*|<!--).*$`)
)

// mayHaveTail and mayBeComment are quick to say no, as most lines are neither.
func mayHaveTail(line []byte) bool {
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '#', '/', '-', ';', '<':
			if c := line[i-1]; c == ' ' || c == '\t' || c == '\r' || c == '\f' {
				return true
			}
		}
	}
	return false
}

func mayBeComment(line []byte) bool {
	line = bytes.TrimLeft(line, " \t\r\f")
	return len(line) > 0 && bytes.IndexByte([]byte("#/-;*<Rr"), line[0]) >= 0
}

// temporary says why a place was meant to go again: by the comment on its line, or on the lines right above. It
// returns the line of the comment, 0 for none.
func (c *comments) temporary(at int) (why string, line int) {
	if c.text == nil || at < 1 {
		return "", 0
	}
	if line := c.line(at); mayHaveTail(line) {
		if why = meant(commentTail.Find(line)); why != "" {
			return why, at
		}
	}
	for n := at - 1; n >= max(1, at-maxAbove) && mayBeComment(c.line(n)) && commentLine.Match(c.line(n)); n-- {
		if why = meant(c.line(n)); why != "" {
			return why, n
		}
	}
	return "", 0
}

func meant(comment []byte) string {
	for _, m := range meantToGo {
		if m.words.Match(comment) {
			return `a comment says "` + m.says + `"`
		}
	}
	return ""
}

// mark flags the slots of an artifact of which a comment says that they were meant to go again.
func (c *comments) mark(a *artifact.Artifact, f *artifact.Facts) {
	if c.text == nil {
		return
	}
	type flag struct {
		id, why string
		line    int
	}
	var all []flag
	f.Set.EachPlace(inventory.Slot, func(id string, e inventory.Evidence) bool {
		why, line := c.temporary(e.Line)
		if why == "" || e.Path != a.Path {
			return true
		}
		all = append(all, flag{id, why, line})
		return false
	})
	for _, x := range all {
		f.Attr(x.id, inventory.AttrTemporary, "true", x.why, artifact.Place{Line: x.line})
	}
}

// flag notes the same of findings.
func (c *comments) flag(a *artifact.Artifact, found []finding) {
	if c.text == nil {
		return
	}
	for i := range found {
		if why, line := c.temporary(found[i].evidence.Line); why != "" {
			found[i].temporary, found[i].said = why, a.Evidence(artifact.Place{Line: line})
		}
	}
}
