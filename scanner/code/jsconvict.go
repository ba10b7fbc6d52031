package code

// maxSchemaDepth bounds how deep the sections of a schema nest.
const maxSchemaDepth = 6

// convict reads the settings of convict({mail: {key: {env: "MAIL_KEY", default: null}}}): mail.key is that variable. Source: the
// README of convict.
func convict(s *scan) {
	if !s.mentions("convict") {
		return
	}
	s.each("convict", false, func(_, end int) {
		end = s.skipSpace(s.typed(end))
		if s.at(end) == '(' {
			if open := s.skipSpace(end + 1); s.at(open) == '{' {
				s.convictSection("", open, 0)
			}
		}
	})
}

// convictSection reads the object that opens at an offset: a setting, when it has an env, else a section.
func (s *scan) convictSection(path string, open, depth int) {
	for _, k := range s.keys(open) {
		value := s.skipSpace(k.end)
		if s.at(value) != ':' || len(s.out.Definitions) >= maxSettings {
			continue
		}
		value = s.skipSpace(value + 1)
		switch {
		case s.at(value) == '{' && depth < maxSchemaDepth:
			name := k.name
			if path != "" {
				name = path + "." + k.name
			}
			s.convictSection(name, value, depth+1)
		case k.name == "env" && path != "":
			if a, ok := s.literal(value); ok && isUpper(a.name) && validSetting(path) {
				s.out.Definitions = append(s.out.Definitions, Definition{Kind: "js-config", Name: path, Offset: a.offset, From: a.name, On: []int{a.offset}, Sure: high})
			}
		}
	}
}
