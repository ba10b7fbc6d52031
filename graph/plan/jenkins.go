package plan

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// readJenkins reads five fields with H, which stands for a number that Jenkins hashes from the job's name. The
// moment is known up to the span that H may mean: that is the schedule's spread. See
// https://www.jenkins.io/doc/book/pipeline/syntax/#cron-syntax.
func (s *Schedule) readJenkins(f []string) error {
	if len(f) != 5 {
		return fmt.Errorf("%d fields are no Jenkins schedule", len(f))
	}
	out := []string{"0"}
	kinds := []field{minuteField, hourField, dayField, monthField, weekField}
	units := []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 30 * 24 * time.Hour, 24 * time.Hour}
	for i, text := range f {
		fixed, values, err := hashed(kinds[i], text)
		if err != nil {
			return err
		}
		if values > 1 {
			s.Spread += time.Duration(values-1) * units[i]
		}
		out = append(out, fixed)
	}
	if s.Spread > 0 {
		s.Spread += time.Minute
	}
	return s.set("jenkins", weekField, out)
}

// hashed replaces H by the least value that it may mean, and counts those values.
func hashed(f field, text string) (fixed string, values int, err error) {
	if !strings.HasPrefix(text, "H") {
		return text, 0, nil
	}
	low, high := f.low, f.low+f.size()-1
	if f.name == dayField.name {
		high = 28 // Jenkins keeps H away from the ends of months
	}
	rest := text[1:]
	if span, after, ok := strings.Cut(strings.TrimPrefix(rest, "("), ")"); ok && rest[0] == '(' {
		if low, high, err = f.span(span, false); err != nil || high < low {
			return "", 0, errors.New("the span of H cannot be read")
		}
		rest = after
	}
	if rest == "" {
		return strconv.Itoa(low), high - low + 1, nil
	}
	step, err := strconv.Atoi(strings.TrimPrefix(rest, "/"))
	if err != nil || rest[0] != '/' || step < 1 || step > high-low+1 {
		return "", 0, errors.New("the step of H cannot be read")
	}
	return fmt.Sprintf("%d-%d/%d", low, high, step), step, nil
}
