package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

var dotnetMarks = []string{"GetSection", "GetRequiredSection", "IOptions", "BindConfiguration", "AddAzureKeyVault", "Options", "Settings", "Config", "onfiguration"}

// sections reads GetSection("Mail"): every property below it. GetSection("Mail:Key").Value, and what is taken out of a
// section by name right behind it, is that one property.
func sections(s *scan) {
	for _, anchor := range []string{"GetSection", "GetRequiredSection", "BindConfiguration"} {
		s.each(anchor, true, func(start, end int) {
			list := s.shaped(call, end)
			if len(list) == 0 {
				s.namedSection(start, end)
				return
			}
			for _, a := range list {
				s.configSection(a.name, a.offset, start, a.end)
			}
		})
	}
}

// configSection adds the read of a section, or of one value in it.
func (s *scan) configSection(name string, at, call, end int) {
	if m := sectionValue.FindSubmatch(s.code[min(end, len(s.code)):min(end+120, len(s.code))]); m != nil {
		if key := string(m[1]) + string(m[2]); key != "" {
			name += ":" + key
		}
		s.property(name, "cs-configuration", at, high)
		return
	}
	s.property(name+":*", "cs-section", at, low)
	if t := s.boundType(call, end); t != "" {
		s.property(optionsBind+t+":"+name, "cs-options-bind", at, high)
	}
}

var (
	sectionValue = lazy.New(`^["']?\s*\)\s*(?:!?\.Value\b|!?\.GetValue(?:<[\w?]+>)?\(\s*"([\w:.-]+)"|!?\[\s*"([\w:.-]+)"\s*\])`)
	typeArgument = lazy.New(`(?:Configure|AddOptions|AddOptionsWithValidateOnStart|AddConfiguration)\s*<\s*(\w+)`)
	typeBehind   = lazy.New(`^["']?\s*\)\s*!?\.Get<\s*(\w+)`)
	nameOfType   = lazy.New(`^\(\s*(?:nameof\(\s*(\w+)\s*\)|(\w+)\.(\w+)|(\w+))\s*\)`)
	constantText = lazy.New(`\bconst\s+string\s+(\w+)\s*=\s*"([\w:.-]+)"`)
)

// namedSection reads GetSection(nameof(MailOptions)) and GetSection(SectionName), where the file has that constant.
func (s *scan) namedSection(start, end int) {
	m := nameOfType.FindSubmatchIndex(s.code[end:min(end+160, len(s.code))])
	if m == nil {
		return
	}
	word := func(i int) string {
		if m[i] < 0 {
			return ""
		}
		return string(s.code[end+m[i] : end+m[i+1]])
	}
	name := word(2)
	if name == "" {
		want := word(6) + word(8)
		for _, c := range constantText.FindAllSubmatch(s.code, 200) {
			if string(c[1]) == want {
				name = string(c[2])
			}
		}
	}
	if name != "" {
		s.configSection(name, end+1, start, end+m[1]-1)
	}
}

// boundType returns the class that a section is read into: Configure<T>(...GetSection("X")), GetSection("X").Get<T>().
func (s *scan) boundType(start, end int) string {
	if m := typeBehind.FindSubmatch(s.code[min(end, len(s.code)):min(end+80, len(s.code))]); m != nil {
		return string(m[1])
	}
	before := s.code[max(0, start-200):start]
	if i := strings.LastIndexAny(string(before), ";{}"); i >= 0 {
		before = before[i:]
	}
	if all := typeArgument.FindAllSubmatch(before, 10); len(all) > 0 {
		return string(all[len(all)-1][1])
	}
	return ""
}

// optionsBind stands in front of <class>:<section>: a file says from which section the options of a class come.
const optionsBind = "IOptionsBind."

// optionsName is the name under which the options of a class are known until graph/resolve knows their section.
func optionsName(class string) string { return "IOptions." + class }

var optionsOf = lazy.New(`\bIOptions(?:Monitor|Snapshot)?\s*<\s*(\w+)\s*>`)

// options reads IOptions<T>: every property of the section that T is bound to, in whichever file that is done; and the
// vaults whose entries are properties.
func options(s *scan) {
	if s.may("IOptions") {
		seen := map[string]bool{}
		for _, m := range optionsOf.FindAllSubmatchIndex(s.code, 200) {
			t := string(s.code[m[2]:m[3]])
			if !seen[t] && !s.inString(m[0]) {
				seen[t] = true
				s.property(optionsName(t), "cs-options", m[2], high)
			}
		}
	}
	s.each("AddAzureKeyVault", true, func(start, end int) {
		scope := "*"
		if m := vaultHost.FindSubmatch(s.code[end:min(end+300, len(s.code))]); m != nil {
			scope = strings.ToLower(string(m[1]))
		}
		s.out.Stores = append(s.out.Stores, StoreRead{Slot: inventory.SlotRef{Store: "azkv", Scope: scope, Name: "*"},
			Via: "cs-key-vault", Offset: start, Sure: high})
	})
}

var vaultHost = lazy.New(`https://([\w-]+)\.vault\.`)
