package code

import (
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Keys of viper and flags that Go programs keep in constants, often of a package of their own: const APIKeyFlag = "api-key", then
// v.GetString(cli.APIKeyFlag). graph/resolve puts both together, where a file of the source lets viper take in the environment.

// The words in front of the names of such properties, until graph/resolve knows the keys.
const (
	viperConst = "ViperConst."
	viperUse   = "ViperUse."
)

// viperCalls are the calls that take such a constant: they hand a value out, or declare its flag.
var viperCalls = []string{".GetString(", ".String(", ".StringP(", ".StringVar("}

// viperConstants reads the constants and their uses.
func (s *scan) viperConstants(src []byte) {
	const given = `= "`
	for from := 0; from < len(src); {
		n := lazy.Index(src[from:], given)
		if n < 0 {
			break
		}
		at := from + n
		from = at + len(given)
		end := from
		for end < len(src) && (src[end] >= 'a' && src[end] <= 'z' || src[end] >= '0' && src[end] <= '9' || src[end] == '-' || src[end] == '.' || src[end] == '_') && end-from < 80 {
			end++
		}
		if end == from || end >= len(src) || src[end] != '"' {
			continue
		}
		name, key := constantBefore(src, at), string(src[from:end])
		if name != "" && flagged(name) && detect.ClassifyName(key).Score > 0 && !commented(lead(src, at)) {
			s.property(viperConst+name+":"+key, "go-viper-const", from, high)
		}
	}
	s.viperUses(src)
}

// viperUses reads the calls that take such a constant.
func (s *scan) viperUses(src []byte) {
	for _, anchor := range viperCalls {
		if !s.may(anchor) {
			continue
		}
		for from := 0; from < len(src); {
			n := lazy.Index(src[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			end := from
			for end < len(src) && (isWord(src[end]) || src[end] == '.') && end-from < 100 {
				end++
			}
			name := string(src[from:end])
			name = name[strings.LastIndexByte(name, '.')+1:]
			if end > from && (src[end] == ')' || src[end] == ',') && flagged(name) {
				s.property(viperUse+name, "go-viper-use", from, medium)
			}
		}
	}
}

// flagged reports whether the name of a constant says that it names a flag or key, and that of a credential.
func flagged(name string) bool {
	stem := name
	for _, ending := range []string{"Flag", "FlagName", "Key", "Name", "Opt", "Option", "Config"} {
		if rest, ok := strings.CutSuffix(name, ending); ok && rest != "" {
			stem = rest
			break
		}
	}
	return len(name) > 4 && (detect.ClassifyName(stem).Score > 0 || strings.HasSuffix(name, "Key") && detect.ClassifyName(name).Score > 0)
}

// constantBefore returns the name that stands in front of an equals sign, with or without its type.
func constantBefore(src []byte, at int) string {
	end := at
	for end > 0 && (src[end-1] == ' ' || src[end-1] == '\t') {
		end--
	}
	word := wordBefore(src, end)
	if word == "string" {
		end -= len(word)
		for end > 0 && (src[end-1] == ' ' || src[end-1] == '\t') {
			end--
		}
		word = wordBefore(src, end)
	}
	return word
}
