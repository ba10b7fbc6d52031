package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// What a class of options is bound to, which properties it has, and where code takes one out of it. Source: "Options pattern" and
// "Configuration" of the documentation of .NET. A class is known by the end of its name.
var optionsField = lazy.New(`\bpublic\s+(?:(?:required|virtual|override|init)\s+)*(?:string|Uri|SecureString)\??\s+(\w+)\s*\{`)

// sectionConstant is the name of its section, as classes of options keep it by convention.
var sectionConstant = lazy.New(`\bconst\s+string\s+\w*(?:Section|Position|ConfigKey|ConfigurationKey|SectionName)\w*\s*=\s*"([\w:.-]+)"`)

// optionsEndings are the ends of the names of classes of options, and of what holds one.
var optionsEndings = []string{"Options", "Settings", "Configuration", "Config", "options", "settings", "configuration", "config"}

// The bounds of one file.
const (
	maxOptionClasses = 50
	maxOptionTypes   = 3   // that a file may name for a use to mean one of them
	maxOptionUses    = 200 // places at which a credential is taken out
)

// optionWords are the words of one file that end as classes of options do.
type optionWords struct {
	*scan
	types []string   // classes that the file holds one of
	uses  []argument // credentials that are taken out of something
	count int
}

// optionFields reads the properties of classes of options, the classes that are read from the root of the configuration, and
// the credentials that code takes out of such a class.
func optionFields(s *scan) {
	w := &optionWords{scan: s}
	for _, ending := range optionsEndings {
		if !s.may(ending) {
			continue
		}
		for from := 0; from < len(s.code); {
			n := lazy.Index(s.code[from:], ending)
			if n < 0 {
				break
			}
			from += n + len(ending)
			if !isWord(s.at(from)) && !s.inString(from-1) {
				w.word(from-len(ending), from)
			}
		}
	}
	if len(w.types) == 0 || len(w.types) > maxOptionTypes {
		return
	}
	for _, u := range w.uses {
		for _, t := range w.types {
			s.property(optionsMember(t, u.name), "cs-options-use", u.offset, medium)
		}
	}
}

// optionsMember is the name of a property of a class of options until graph/resolve knows the section of the class.
func optionsMember(class, name string) string { return "IOptionsField." + class + "." + name }

// word takes one word, whose last part stands between two offsets.
func (w *optionWords) word(start, end int) {
	for start > 0 && isWord(w.code[start-1]) {
		start--
	}
	name := string(w.code[start:end])
	before := bytes.TrimRight(w.code[max(0, start-12):start], " ")
	class := name[0] >= 'A' && name[0] <= 'Z'
	switch next := w.at(end); {
	case class && (bytes.HasSuffix(before, []byte("class")) || bytes.HasSuffix(before, []byte("record"))):
		w.class(name, end)
	case class && next == '>':
		w.generic(name, start, end)
	case next == '.' || (next == '!' || next == '?') && w.at(end+1) == '.':
		w.use(end)
	case class && (next == ' ' && isWord(w.at(end+1)) || next == '?' && w.at(end+1) == ' ' && isWord(w.at(end+2))):
		w.types = appendOnce(w.types, name)
	}
}

// class reads the properties of a class of options.
func (w *optionWords) class(name string, end int) {
	if w.count++; w.count > maxOptionClasses {
		return
	}
	flat := outermost(w.code[end:min(len(w.code), end+maxClass)])
	if m := sectionConstant.FindSubmatchIndex(flat); m != nil {
		w.property(optionsBind+name+":"+string(flat[m[2]:m[3]]), "cs-options-bind", end+m[2], medium)
	}
	for _, f := range optionsField.FindAllSubmatchIndex(flat, 100) {
		w.property(optionsMember(name, string(flat[f[2]:f[3]])), "cs-options-field", end+f[2], high)
	}
}

// generic reads IOptions<T>, which holds a T, and calls that read a T from the root of the configuration: .Get<T>(),
// AddOptions<T>().Bind(configuration), Configure<T>(configuration), and helpers whose names speak of it.
func (w *optionWords) generic(name string, start, end int) {
	from := start - 1
	for from > 0 && isWord(w.code[from-1]) {
		from--
	}
	if w.at(start-1) != '<' {
		return
	}
	called := string(w.code[from : start-1])
	if w.at(end+1) != '(' {
		if strings.HasPrefix(called, "IOptions") {
			w.types = appendOnce(w.types, name)
		}
		return
	}
	rest := string(w.code[end+2 : min(len(w.code), end+120)])
	if w.fromRoot(called, from, strings.TrimLeft(rest, " \r\n\t")) {
		w.property(optionsBind+name+":", "cs-options-bind", start, medium)
	}
}

// fromRoot reports whether a call with a class of options as its type reads that from the root of the configuration.
func (w *optionWords) fromRoot(called string, from int, rest string) bool {
	arg, _, _ := strings.Cut(rest, ")")
	arg, _, _ = strings.Cut(arg, ",")
	whole := strings.HasSuffix(strings.ToLower(arg), "configuration") || strings.HasSuffix(strings.ToLower(arg), "config")
	switch {
	case strings.ContainsAny(arg, "\"'(=>"):
		return false // a section, or a function that fills it
	case called == "Get":
		holder := strings.TrimRight(string(w.code[max(0, from-30):from]), ".!?")
		return arg == "" && (strings.HasSuffix(holder, "onfiguration") || strings.HasSuffix(holder, "onfig"))
	case called == "Configure":
		return whole
	case strings.HasPrefix(called, "AddOptions"):
		_, bind, ok := strings.Cut(rest, ").Bind(")
		if !ok {
			_, bind, ok = strings.Cut(strings.Join(strings.Fields(rest), ""), ").Bind(")
		}
		bound, _, _ := strings.Cut(bind, ")")
		bound, _, _ = strings.Cut(bound, ",")
		return ok && !strings.ContainsAny(bound, "\"(") && strings.Contains(strings.ToLower(bound), "config")
	}
	lower := strings.ToLower(called)
	return strings.Contains(lower, "config") || strings.Contains(lower, "settings") || strings.Contains(lower, "options")
}

// use notes what is taken out: _config.ApiKey, options.Value.ApiKey.
func (w *optionWords) use(end int) {
	for range 2 {
		for w.at(end) == '!' || w.at(end) == '?' || w.at(end) == '.' {
			end++
		}
		if !isWord(w.at(end)) || len(w.uses) >= maxOptionUses {
			return
		}
		a := w.name(end)[0]
		if a.name == "Value" || a.name == "CurrentValue" {
			end = a.end
			continue
		}
		if w.at(a.end) != '(' && !w.assigned(a.end, member) && detect.ClassifyName(a.name).Score > 0 {
			w.uses = append(w.uses, a)
		}
		return
	}
}
