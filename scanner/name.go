package scanner

import (
	"bytes"
	"regexp"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// assignment is a name with its operator at the end of the text in front of a value: TOKEN=, "token": ",
// token => ', Authorization: Bearer, and the like.
var assignment = regexp.MustCompile(`([A-Za-z_][A-Za-z0-9_.-]*)["'\x60\]]*[ \t]*(?:=>|:=|==|=|:)[ \t]*["'\x60(]*(?:(?i:bearer|basic|token)[ \t]+)?$`)

// maxPrefix bounds how much of a line is looked at: a minified file is one line.
const maxPrefix = 200

// assignedName returns the name that the value at a place is assigned to, "" when the line does not say.
func assignedName(a *artifact.Artifact, at artifact.Place) string {
	start := a.LineStart(at.Line)
	end := start + at.Column - 1
	if at.Column <= 0 || start < 0 || end > len(a.Content) {
		return ""
	}
	prefix := a.Content[max(start, end-maxPrefix):end]
	m := assignment.FindSubmatch(bytes.TrimRight(prefix, " \t"))
	if m == nil {
		return ""
	}
	return string(m[1])
}
