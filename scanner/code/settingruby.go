package code

import (
	"strings"
)

// rubyObjects are the objects through which Ruby code asks for settings. Sources: the Rails guides (configuring) and the README of the gem config.
var rubyObjects = []struct{ anchor, kind string }{
	{"Rails.application.config", "rails"},
	{"Rails.configuration", "rails"},
	{"Rails.application.secrets", "rails-secrets"},
	{"Settings", "rails-settings"},
	{"Rails.application.config_for", "rails-file"},
}

func rubyUses(s *scan) {
	for _, o := range rubyObjects {
		s.each(o.anchor, false, func(start, end int) {
			if isWord(s.at(end)) {
				return
			}
			first := ""
			if o.kind == "rails-file" {
				a, ok := s.literal(s.skipSpace(end + 1))
				if !ok || s.at(end) != '(' {
					return
				}
				first, end = a.name+".", s.closed(end)
			}
			names, last := s.chain(end)
			if len(names) == 0 && first != "" {
				names = []string{"*"}
			}
			if len(names) == 0 || s.assigned(last, bare) {
				return
			}
			s.ask(o.kind, first+strings.Join(names, "."), "", start, high)
		})
	}
}

// rubyNaming names what Rails' configuration defines: config.x.stripe.key = ENV["X"].
func rubyNaming(_ *scan, p place) (kind, name string, ok bool) {
	name = p.root.name
	for _, prefix := range []string{"Rails.application.config.", "Rails.configuration.", "config."} {
		if rest, found := strings.CutPrefix(name, prefix); found {
			rest = strings.NewReplacer("[:", ".", `["`, ".", "['", ".", `"]`, "", "']", "", "]", "").Replace(rest)
			if keys := p.path(); keys != "" {
				rest += "." + keys
			}
			return "rails", rest, true
		}
	}
	return "", "", false
}
