package timers

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// The bounds of an entry, in bytes.
const (
	maxTime  = 400     // of its time
	maxEntry = 8 << 10 // of what stands before that
)

// entries returns where entries of Celery's schedule can stand: from the name in front of the brace that is open at their
// key "schedule" up to a brace behind the time. An expression that looks at all that lies around such a key takes as long as all
// else that is read of a program.
func entries(text []byte) []lazy.Stretch {
	var out []lazy.Stretch
	for at := 0; ; {
		n := lazy.Index(text[at:], "schedule")
		if n < 0 {
			return out
		}
		at += n + len("schedule")
		if at >= len(text) || text[at] != '"' && text[at] != '\'' {
			continue
		}
		from, ok := named(text, max(0, at-maxEntry), at)
		if !ok {
			continue
		}
		to := behindTime(text, at)
		if n := len(out); n > 0 && from < out[n-1].To {
			out[n-1].To = max(out[n-1].To, to)
			continue
		}
		out = append(out, lazy.Stretch{From: from, To: to})
	}
}

// behindTime returns where a brace stands behind the time that a key gives, which may be a call with braces of its own.
func behindTime(text []byte, at int) int {
	if open := bytes.IndexByte(text[at:min(len(text), at+maxTime)], '('); open >= 0 {
		if n := bytes.IndexByte(text[at+open:min(len(text), at+maxTime)], ')'); n >= 0 && bytes.IndexByte(text[at:at+open], '}') < 0 {
			at += open + n
		}
	}
	if n := bytes.IndexAny(text[at:], "{}"); n >= 0 {
		return at + n
	}
	return len(text)
}

// named returns where the name of the brace that is open at an offset begins, with its quote; false where none is open behind
// floor, or it has no name.
func named(text []byte, floor, at int) (from int, ok bool) {
	brace := bytes.LastIndexAny(text[floor:at], "{}")
	if brace < 0 || text[floor+brace] != '{' {
		return 0, false
	}
	before, ok := bytes.CutSuffix(bytes.TrimRight(text[:floor+brace], space), []byte(":"))
	if before = bytes.TrimRight(before, space); !ok || len(before) == 0 || before[len(before)-1] != '"' && before[len(before)-1] != '\'' {
		return 0, false
	}
	for from = len(before) - 2; from >= floor; from-- {
		if before[from] == '"' || before[from] == '\'' || before[from] == '\n' {
			return from, before[from] != '\n'
		}
	}
	return 0, false
}

// space is what \s matches.
const space = " \t\n\f\r"
