package secret

import "hash/maphash"

// memo remembers what was thought of a text: a history shows the same lines again and again. It keeps hashes
// alone, under a seed of its own, and no text. It is for one goroutine at a time.
type memo struct {
	seed     maphash.Seed
	opinions map[judged]opinion
	excepted map[exception]bool
	names    map[uint64]strength
}

// maxMemo bounds what is remembered; then it starts anew.
const maxMemo = 1 << 14

type judged struct {
	text     uint64
	strength strength
}

type exception struct {
	text uint64
	list *allowlist
}

func newMemo() memo {
	return memo{maphash.MakeSeed(), map[judged]opinion{}, map[exception]bool{}, map[uint64]strength{}}
}

// strength is nameStrength of a name.
func (m *memo) strength(name []byte) strength {
	key := maphash.Bytes(m.seed, name)
	s, ok := m.names[key]
	if !ok {
		if s = nameStrength(string(name)); len(m.names) >= maxMemo {
			clear(m.names)
		}
		m.names[key] = s
	}
	return s
}

// value is the opinion of the judge on a value.
func (m *memo) value(j *judge, v string, s strength) opinion {
	key := judged{maphash.String(m.seed, v), s}
	o, ok := m.opinions[key]
	if !ok {
		if o = j.value(v, s); len(m.opinions) >= maxMemo {
			clear(m.opinions)
		}
		m.opinions[key] = o
	}
	return o
}

// matches reports whether an expression of an allowlist matches a text.
func (m *memo) matches(a *allowlist, text string) bool {
	key := exception{maphash.String(m.seed, text), a}
	yes, ok := m.excepted[key]
	if !ok {
		if yes = anyMatch(a.regexes, text); len(m.excepted) >= maxMemo {
			clear(m.excepted)
		}
		m.excepted[key] = yes
	}
	return yes
}
