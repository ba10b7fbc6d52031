package code

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// invocation is one command with its words.
type invocation struct {
	context
	words []word
	env   map[string]string
	at    int
}

func (inv *invocation) assign(name string, from []string) {
	if inv.env == nil {
		inv.env = map[string]string{}
	}
	inv.env[name] = ""
	if len(from) > 0 {
		inv.env[name] = from[0]
	}
}

// name returns the name of the command without its folder.
func (inv *invocation) name() string {
	if len(inv.words) == 0 {
		return ""
	}
	return path.Base(inv.words[0].text)
}

// arg returns the text of a word, "" beyond the last.
func (inv *invocation) arg(i int) string {
	if i >= len(inv.words) {
		return ""
	}
	return inv.words[i].text
}

// is reports whether the command begins with the given words.
func (inv *invocation) is(words ...string) bool {
	for i, w := range words {
		if inv.arg(i) != w && (i > 0 || inv.name() != w) {
			return false
		}
	}
	return true
}

// flag returns the value of the first of the given flags: "--name v", "--name=v", "-nv".
func (inv *invocation) flag(names ...string) (word, bool) {
	for i, w := range inv.words {
		for _, n := range names {
			if w.text == n && i+1 < len(inv.words) {
				return inv.words[i+1], true
			}
			if v, ok := strings.CutPrefix(w.text, n+"="); ok {
				return word{text: v, offset: w.offset + len(n) + 1, vars: w.vars}, true
			}
			if len(n) == 2 && len(w.text) > 2 && w.text[0] == '-' && w.text[1] == n[1] && w.text[1] != '-' {
				return word{text: w.text[2:], offset: w.offset + 2, vars: w.vars}, true
			}
		}
	}
	return word{}, false
}

// option returns the literal text of a flag, "" when it is missing or computed.
func (inv *invocation) option(names ...string) string {
	if w, ok := inv.flag(names...); ok && w.literal() {
		return w.text
	}
	return ""
}

// operands returns the words behind from that are no flags. A flag named in takes is skipped with its value.
func (inv *invocation) operands(from int, takes string) []word {
	var out []word
	for i := from; i < len(inv.words); i++ {
		w := inv.words[i]
		switch {
		case w.text == "--":
		case strings.HasPrefix(w.text, "-") && len(w.text) > 1:
			if listed(takes, w.text) {
				i++
			}
		default:
			out = append(out, w)
		}
	}
	return out
}

// listed reports whether a word stands in a list of words separated by spaces.
func listed(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

// vars returns the variables that reach the command: in its words and through its standard input.
func (inv *invocation) vars() []string {
	var out []string
	for _, w := range inv.words {
		for _, v := range w.vars {
			out = appendOnce(out, v)
		}
	}
	for _, v := range inv.stdin {
		out = appendOnce(out, v)
	}
	return out
}

// maxWrappers bounds how many commands may stand around a command.
const maxWrappers = 12

// invoke reads one command: what surrounds it, and then what it does itself.
func (s *script) invoke(inv *invocation) {
	for range maxWrappers {
		if len(inv.words) == 0 {
			return
		}
		s.effects(inv)
		rest := s.unwrap(inv)
		if rest <= 0 || rest >= len(inv.words) {
			break
		}
		inv.words = inv.words[rest:]
		inv.at = inv.words[0].offset
	}
	s.run(inv)
}

// effects reads what a command itself does: fetch from a store, write for others, mint, talk to a host.
func (s *script) effects(inv *invocation) {
	name := inv.name()
	if s.funcs[name] {
		return
	}
	if f := shellStores[name]; f != nil {
		f(s, inv)
	}
	if f := shellEffects[strings.ToLower(name)]; f != nil {
		f(s, inv)
	}
	s.client(inv)
	s.tool(inv)
	s.implicit(inv)
	s.platform(inv)
	if f := builders[name]; f != nil {
		f(s, inv)
	}
	s.outputs(inv)
	s.mints(inv)
	s.uses(inv)
}

// write adds a write.
func (s *script) write(name string, from []string, to string, at int) {
	if name != "" {
		s.out.Writes = append(s.out.Writes, Write{Name: name, From: s.standFor(from), Fetched: s.fetchedBy(from), To: to, Offset: at})
	}
}

// stored adds a write into an entry of a store.
func (s *script) stored(name string, from []string, slot inventory.SlotRef, at int) {
	if name != "" && slot.Name != "" && !strings.ContainsAny(slot.Name, "\n\"'<>") {
		s.out.Writes = append(s.out.Writes, Write{Name: name, From: s.standFor(from), Fetched: s.fetchedBy(from), To: slot.ID(), Offset: at, Slot: slot})
	}
}

// split reads NAME=value of a word.
func (w word) split() (name, value string, ok bool) {
	name, value, ok = strings.Cut(w.text, "=")
	return name, value, ok && validName(name) && !strings.Contains(name, "*")
}
