package code

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxEncrypted bounds how many reads of encrypted files are looked for in one text.
const maxEncrypted = 100

var (
	encryptedCall = lazy.New(`(?i)(?:\b(\w+)(?:\s*:\s*[\w\[\], .]+)?\s*:?=\s*)?\b[\w.]*(?:secrets?|sops|decrypt)[\w.]*\(\s*(?:[\w.]+\(\s*)?[rf]?["'` + "`" + `]([\w./${}-]+\.(?:ya?ml|json|env|ini))["'` + "`" + `]`)
	fileHole      = lazy.New(`\$?\{[^{}]*\}`)
	keyBehind     = lazy.New(`^[^\n"'\[]{0,40}?\)?\s*\[\s*["']([\w./-]{1,100})["']`)
)

// encrypted reads calls whose name speaks of secrets, and that are handed the path of a file: read_secrets("live/shop.yaml"),
// sops.decrypt(...). Whether SOPS has encrypted such a file, graph/resolve knows. What is taken out of the result by a literal
// key is that key alone.
func (s *scan) encrypted() {
	if !s.may("sops") && !s.may("ecret") && !s.may("ecrypt") || !s.may(".y") && !s.may(".json") && !s.may(".env") {
		return
	}
	for _, m := range encryptedCall.FindAllSubmatchIndex(s.code, maxEncrypted) {
		name := fileHole.ReplaceAllString(string(s.code[m[4]:m[5]]), "*")
		if strings.Trim(name, "*./") == "" || s.inString(m[0]) {
			continue
		}
		taken, sure := 0, medium
		read := func(key string, at int) {
			taken++
			s.out.Stores = append(s.out.Stores, StoreRead{Slot: inventory.SlotRef{Store: "sops", Scope: "*", Name: strings.TrimPrefix(name, "./"), Key: key},
				Via: "encrypted-file", Offset: at, Sure: sure})
		}
		if k := keyBehind.FindSubmatchIndex(s.code[m[1]:min(m[1]+160, len(s.code))]); k != nil {
			read(string(s.code[m[1]+k[2]:m[1]+k[3]]), m[4])
			continue
		}
		if m[2] >= 0 {
			s.keysOf(string(s.code[m[2]:m[3]]), m[1], read)
		}
		if taken > 0 {
			sure = low // the rest is decrypted too, and most likely not used
		}
		read("*", m[4])
	}
}

// keysOf finds what is taken out of a variable by a literal key.
func (s *scan) keysOf(variable string, from int, read func(key string, at int)) {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(variable) + `(?:\[\s*|\.get\(\s*)["']([\w./-]{1,100})["']`)
	if !bytes.Contains(s.code[from:], []byte(variable)) {
		return
	}
	for _, m := range word.FindAllSubmatchIndex(s.code[from:], maxEncrypted) {
		read(string(s.code[from+m[2]:from+m[3]]), from+m[0])
	}
}
