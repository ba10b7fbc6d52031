package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// field is one field of a cron expression: what it may hold.
type field struct {
	name      string
	low, high int
	words     []string // names of the values from low on
}

var (
	secondField = field{"second", 0, 59, nil}
	minuteField = field{"minute", 0, 59, nil}
	hourField   = field{"hour", 0, 23, nil}
	dayField    = field{"day of month", 1, 31, nil}
	monthField  = field{"month", 1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	weekField   = field{"day of week", 0, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	quartzWeek  = field{"day of week", 1, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	yearField   = field{"year", 1970, 2199, nil}
)

// normal writes a field the way gronx reads it without doubt: "*", or a list of numbers. A step over all days
// stays as it is, since cron then asks for both day fields at once. L, W and # pass, with the day in gronx's
// numbers (0 is Sunday).
func (f field) normal(text string) (string, error) {
	text = strings.ToUpper(text)
	if text == "*" || text == "?" {
		return "*", nil
	}
	if f.isDay() && strings.ContainsAny(text, "LW#") && !f.wordsOnly(text) {
		return f.special(text)
	}
	var set []int
	for part := range strings.SplitSeq(text, ",") {
		values, err := f.expand(part)
		if err != nil {
			return "", err
		}
		set = append(set, values...)
	}
	slices.Sort(set)
	set = slices.Compact(set)
	if step, ok := strings.CutPrefix(text, "*/"); ok && f.isDay() && !strings.Contains(text, ",") {
		return "*/" + step, nil
	}
	return join(set), nil
}

func (f field) isDay() bool { return f.name == dayField.name || f.name == weekField.name }

// wordsOnly reports whether the letters of a text are all part of names: the W of WED is no "weekday".
func (f field) wordsOnly(text string) bool {
	for _, w := range f.words {
		text = strings.ReplaceAll(text, w, "")
	}
	return !strings.ContainsAny(text, "LW#")
}

// expand lists the values of one part: 5, 1-5, */10, 3/5, MON-FRI, 22-4.
func (f field) expand(part string) ([]int, error) {
	span, stepText, stepped := strings.Cut(part, "/")
	step := 1
	if stepped {
		n, err := strconv.Atoi(stepText)
		if err != nil || n < 1 || n > f.high {
			return nil, fmt.Errorf("the step %q of the %s is no number from 1 to %d", stepText, f.name, f.high)
		}
		step = n
	}
	low, high, err := f.span(span, stepped)
	if err != nil {
		return nil, err
	}
	if high < low { // over the end: FRI-MON
		high += f.size()
	}
	var out []int
	for v := low; v <= high; v += step {
		out = append(out, f.gronx(v))
	}
	return out, nil
}

// size is how many values the field turns round after.
func (f field) size() int {
	if f.name == weekField.name {
		return 7
	}
	return f.high - f.low + 1
}

func (f field) span(text string, stepped bool) (low, high int, err error) {
	if text == "*" || text == "?" {
		return f.low, f.low + f.size() - 1, nil
	}
	from, to, ranged := strings.Cut(text, "-")
	if low, err = f.value(from); err != nil {
		return 0, 0, err
	}
	switch {
	case ranged:
		high, err = f.value(to)
	case stepped:
		high = f.low + f.size() - 1
	default:
		high = low
	}
	return low, high, err
}

func (f field) value(text string) (int, error) {
	if i := slices.Index(f.words, text); i >= 0 {
		return f.low + i, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < f.low || n > f.high {
		return 0, fmt.Errorf("%q is no %s from %d to %d", text, f.name, f.low, f.high)
	}
	return n, nil
}

// gronx turns a value into the number that gronx means.
func (f field) gronx(v int) int {
	if f.name == weekField.name {
		return (v - f.low) % 7
	}
	return f.low + (v-f.low)%f.size()
}

// special checks L, LW, 15W, 6L and FRI#2, which gronx knows.
func (f field) special(text string) (string, error) {
	if text == "L" && f.name == weekField.name {
		return strconv.Itoa(f.gronx(f.high)), nil
	}
	if f.name == dayField.name && (text == "L" || text == "LW") {
		return text, nil
	}
	at := strings.IndexAny(text, "LW#")
	tail := text[at:]
	if len(f.words) > 0 && at < 3 { // a name holds one of the letters: WED#2
		at = strings.LastIndexAny(text, "LW#")
		tail = text[at:]
	}
	v, err := f.value(text[:at])
	if err != nil {
		return "", err
	}
	nth := len(tail) == 2 && tail[0] == '#' && tail[1] >= '1' && tail[1] <= '5'
	week := f.name == weekField.name
	if week && (tail == "L" || nth) || !week && tail == "W" {
		return strconv.Itoa(f.gronx(v)) + tail, nil
	}
	return "", fmt.Errorf("%q is no %s", text, f.name)
}

func join(set []int) string {
	var b strings.Builder
	for i, v := range set {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(v))
	}
	return b.String()
}
