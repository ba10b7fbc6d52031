package register

import (
	"fmt"
	"strconv"
	"strings"
)

// Draft is an entry that a scan proposes. What is a guess says where it is from.
type Draft struct {
	Name        string
	Slots       []string
	More        int // slots of the credential that are not listed
	Owner       Guess
	Purpose     Guess
	Environment Guess
	Service     Guess
	About       string // what is known beside: how many automations hang on it
	HardCoded   bool   // its value stands in a file: the entry is a comment until that is mended
}

// Guess is a value with where it is from, "" for nothing.
type Guess struct{ Value, From string }

// Text writes drafts as tables of the register: guesses carry a comment, what people must add stands as a comment. An
// entry whose value stands in a file is a comment as a whole: tracking it would turn down the alarm about it.
func Text(all []Draft) string {
	var b strings.Builder
	for _, d := range all {
		lines := d.lines()
		b.WriteString("\n# " + oneLine(d.About) + "\n")
		if d.HardCoded {
			b.WriteString("# Rotate it and move the value into a secret store, then take the marks away:\n")
		}
		for _, l := range lines {
			if d.HardCoded {
				l = "# " + l
			}
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}

func (d *Draft) lines() []string {
	var slots []string
	for _, s := range d.Slots {
		slots = append(slots, quoted(s))
	}
	where := "slots = [" + strings.Join(slots, ", ") + "]"
	if d.More > 0 {
		where += fmt.Sprintf(" # and %d more places of the same credential", d.More)
	}
	out := []string{"[[credential]]", "name = " + quoted(d.Name), where}
	for _, f := range []struct {
		key string
		g   Guess
	}{{"owner", d.Owner}, {"purpose", d.Purpose}, {"environment", d.Environment}, {"service", d.Service}} {
		switch {
		case f.g.Value != "":
			out = append(out, fmt.Sprintf("%s = %s # a guess: %s", f.key, quoted(f.g.Value), oneLine(f.g.From)))
		case f.key == "owner" || f.key == "purpose":
			out = append(out, "# "+f.key+` = "..."`)
		}
	}
	return append(out, `# interval = "90d"`, `# rollback = "..."`)
}

// quoted writes a basic string of TOML.
func quoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\U%08X`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// oneLine keeps a comment on its line, and every character of it visible.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}
