package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is one entry of a calendar. An event on a whole day has no End.
type Event struct {
	Key      string    // what the UID is made from: the same key replaces the event when it is exported again
	Start    time.Time // of a timed event, or midnight UTC of a day
	End      time.Time // zero for a whole day
	Summary  string
	Details  string
	Repeat   string          // RRULE, "" for none
	Remind   []time.Duration // before the start
	Category string
}

// WriteEvents writes events as iCalendar (RFC 5545): CRLF lines folded at 75 octets, text escaped, UIDs that stay
// the same from export to export. Stamp is the moment of the export.
func WriteEvents(w io.Writer, stamp time.Time, events []Event) error {
	out := &icsWriter{w: bufio.NewWriter(w)}
	out.line("BEGIN:VCALENDAR")
	out.line("VERSION:2.0")
	out.line("PRODID:-//rotamap//rotation calendar//EN")
	out.line("CALSCALE:GREGORIAN")
	out.line("METHOD:PUBLISH")
	for _, e := range events {
		out.event(stamp, e)
	}
	out.line("END:VCALENDAR")
	if out.err != nil {
		return fmt.Errorf("writing the calendar: %w", out.err)
	}
	return out.w.Flush()
}

type icsWriter struct {
	w   *bufio.Writer
	err error
}

const icsTime = "20060102T150405Z"

func (o *icsWriter) event(stamp time.Time, e Event) {
	o.line("BEGIN:VEVENT")
	o.line("UID:" + uid(e.Key))
	o.line("DTSTAMP:" + stamp.UTC().Format(icsTime))
	if e.End.IsZero() {
		o.line("DTSTART;VALUE=DATE:" + e.Start.Format("20060102"))
		o.line("TRANSP:TRANSPARENT")
	} else {
		o.line("DTSTART:" + e.Start.UTC().Format(icsTime))
		o.line("DTEND:" + e.End.UTC().Format(icsTime))
	}
	if e.Repeat != "" {
		o.line("RRULE:" + e.Repeat)
	}
	o.line("SUMMARY:" + icsText(e.Summary))
	if e.Details != "" {
		o.line("DESCRIPTION:" + icsText(e.Details))
	}
	if e.Category != "" {
		o.line("CATEGORIES:" + icsText(e.Category))
	}
	for _, before := range e.Remind {
		o.line("BEGIN:VALARM")
		o.line("ACTION:DISPLAY")
		o.line("DESCRIPTION:" + icsText(e.Summary))
		o.line("TRIGGER:-PT" + fmt.Sprint(int(before/time.Minute)) + "M")
		o.line("END:VALARM")
	}
	o.line("END:VEVENT")
}

// uid is stable for a key and says nothing of it.
func uid(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12]) + "@rotamap"
}

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// icsText escapes a value of type TEXT; other control characters are not allowed and are dropped.
func icsText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' || r == 0x7f || r == utf8.RuneError {
			return -1
		}
		return r
	}, s)
	return icsEscapes.Replace(s)
}

// foldAt is the longest line in octets, without its end.
const foldAt = 75

// line writes one content line, folded where it is longer than 75 octets, never inside a character.
func (o *icsWriter) line(s string) {
	limit := foldAt
	for len(s) > limit {
		cut := limit
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		o.put(s[:cut] + "\r\n ")
		s, limit = s[cut:], foldAt-1
	}
	o.put(s + "\r\n")
}

func (o *icsWriter) put(s string) {
	if o.err == nil {
		_, o.err = o.w.WriteString(s)
	}
}
