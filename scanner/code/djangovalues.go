package code

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	valuesField  = lazy.New(`(?m)^[ \t]*([A-Z][A-Z0-9_]*)[ \t]*(?::[^=\n]*)?=[ \t]*values\.(\w+)\(`)
	valuesName   = lazy.New(`\b(?:environ_name|env_name)\s*=\s*["'](\w+)["']`)
	valuesPrefix = lazy.New(`\benviron_prefix\s*=\s*(?:["'](\w*)["']|None)`)
)

// valuesOwn are the values of django-configurations that read a variable of their own, without the prefix.
var valuesOwn = map[string]string{"DatabaseURLValue": "DATABASE_URL", "CacheURLValue": "CACHE_URL", "EmailURLValue": "EMAIL_URL", "SearchURLValue": "SEARCH_URL"}

// djangoValues reads NAME = values.SecretValue() in a class of settings: the variable is called like the setting, behind
// the prefix DJANGO_ for django-configurations, without one for django-environment-config. Sources: the documentation of
// both on their values.
func djangoValues(s *scan) {
	if !s.mentions("values.") {
		return
	}
	prefix := ""
	switch {
	case s.mentions("from configurations import"):
		prefix = "DJANGO"
	case !s.mentions("from env_config import"):
		return
	}
	for _, m := range valuesField.FindAllSubmatchIndex(s.code, 1000) {
		if !s.inString(m[2]) {
			args := s.code[m[1]:min(len(s.code), s.closed(m[1]-1))]
			s.read(valuesVariable(string(s.code[m[2]:m[3]]), string(s.code[m[4]:m[5]]), prefix, args), "py-django-values", m[2], high)
		}
	}
}

// valuesVariable is the variable of one value, by the arguments of its constructor.
func valuesVariable(name, kind, prefix string, args []byte) string {
	if n := valuesName.FindSubmatch(args); n != nil {
		name = string(n[1])
	} else if own := valuesOwn[kind]; own != "" {
		return own
	}
	if p := valuesPrefix.FindSubmatch(args); p != nil {
		prefix = strings.TrimSuffix(string(p[1]), "_")
	}
	if prefix == "" {
		return name
	}
	return prefix + "_" + name
}
