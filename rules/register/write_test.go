package register

import (
	"strings"
	"testing"
)

func TestParseHours(t *testing.T) {
	for text, want := range map[string]string{
		"mon-thu 22:00-04:00 Europe/Berlin": `{days = ["mon", "tue", "wed", "thu"], from = "22:00", to = "04:00", timezone = "Europe/Berlin"}`,
		"sat sun":                           `{days = ["sat", "sun"], from = "00:00", to = "00:00"}`,
		"fri-mon UTC":                       `{days = ["fri", "sat", "sun", "mon"], from = "00:00", to = "00:00", timezone = "UTC"}`,
		"every day 01:00-03:00 UTC":         `{from = "01:00", to = "03:00", timezone = "UTC"}`,
		"01:00-03:00":                       `{from = "01:00", to = "03:00"}`,
	} {
		h, err := ParseHours(text)
		if err != nil || h.TOML() != want {
			t.Errorf("%q: %s, %v, want %s", text, h.TOML(), err, want)
			continue
		}
		if again, err := ParseHours(h.String()); err != nil || again.String() != h.String() {
			t.Errorf("%q is written as %q, which reads as %q (%v)", text, h, again, err)
		}
	}
	for _, text := range []string{"", "someday", "mon 22-04", "mon 25:00-26:00 UTC", "mon 22:00-04:00 Mars/Base", "22:00-04:00 UTC mon"} {
		if h, err := ParseHours(text); err == nil {
			t.Errorf("%q reads as %s", text, h)
		}
	}
}

func TestParseBlackout(t *testing.T) {
	b, err := ParseBlackout("2026-12-20..2027-01-06 the end of the year")
	if err != nil || b.TOML() != `{from = 2026-12-20, to = 2027-01-06, why = "the end of the year"}` {
		t.Error(b.TOML(), err)
	}
	if b, err := ParseBlackout("2026-12-24"); err != nil || b.TOML() != "{from = 2026-12-24, to = 2026-12-24}" {
		t.Error(b.TOML(), err)
	}
	for _, text := range []string{"", "soon", "2027-01-06..2026-12-20"} {
		if _, err := ParseBlackout(text); err == nil || !strings.Contains(err.Error(), "write") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
