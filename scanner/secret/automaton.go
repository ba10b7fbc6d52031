package secret

// automaton finds all keywords in one pass over a text, without regard to ASCII case. It is a dense table: one
// row per state, one column per class of bytes that the keywords tell apart. A row is a power of two wide, and an
// entry is the offset of the next row, with a bit for states in which keywords end.
type automaton struct {
	class [256]uint8
	width int
	shift uint
	next  []uint32
	out   [][]uint16 // state -> keywords that end here, longest first; nil for most
}

// ending marks the entries that lead to a state in which keywords end.
const ending = 1 << 31

// newAutomaton builds the table for keywords; an empty keyword is left out.
func newAutomaton(keywords []string) *automaton {
	m := &automaton{width: 1}
	m.classify(keywords)
	for m.shift = 0; 1<<m.shift < m.width; m.shift++ {
	}
	m.grow()
	for i, k := range keywords {
		if k != "" {
			m.add(k, uint16(i))
		}
	}
	m.link()
	return m
}

// classify gives each byte that occurs in a keyword a class of its own; all others share class 0.
func (m *automaton) classify(keywords []string) {
	for _, k := range keywords {
		for i := range len(k) {
			c := lower(k[i])
			if m.class[c] == 0 {
				m.class[c] = uint8(m.width)
				m.width++
			}
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		m.class[c] = m.class[c+'a'-'A']
	}
}

func (m *automaton) grow() int {
	m.next = append(m.next, make([]uint32, 1<<m.shift)...)
	m.out = append(m.out, nil)
	return len(m.out) - 1
}

// add puts one keyword into the trie. While it is built, an entry is the number of a state, and 0 stands for "no
// child": no edge leads to the root.
func (m *automaton) add(keyword string, id uint16) {
	state := 0
	for i := range len(keyword) {
		at := state<<m.shift + int(m.class[lower(keyword[i])])
		if m.next[at] == 0 {
			child := m.grow()
			m.next[at] = uint32(child)
		}
		state = int(m.next[at])
	}
	m.out[state] = append(m.out[state], id)
}

// link turns the trie into a complete table, breadth first: a missing child is the child of the longest suffix.
func (m *automaton) link() {
	fail := make([]int, len(m.out))
	queue := make([]int, 0, len(m.out))
	queue = append(queue, 0)
	for head := 0; head < len(queue); head++ {
		state := queue[head]
		for c := range m.width {
			child := int(m.next[state<<m.shift+c])
			suffix := 0
			if state != 0 {
				suffix = int(m.next[fail[state]<<m.shift+c])
			}
			if child == 0 {
				m.next[state<<m.shift+c] = uint32(suffix)
				continue
			}
			fail[child] = suffix
			m.out[child] = append(m.out[child], m.out[suffix]...)
			queue = append(queue, child)
		}
	}
	for i, to := range m.next {
		m.next[i] = to << m.shift
		if len(m.out[to]) > 0 {
			m.next[i] |= ending
		}
	}
}

// each calls hit for every occurrence of every keyword in a stretch of a text, with the offset behind it.
func (m *automaton) each(text []byte, in span, hit func(keyword uint16, end int)) {
	state, next, class := uint32(0), m.next, &m.class
	body, skip := text[in.start:in.end], next[class[' ']] == 0
	for i := 0; i < len(body); i++ {
		b := body[i]
		state = next[state+uint32(class[b])]
		if state >= ending {
			state &^= ending
			for _, k := range m.out[state>>m.shift] {
				hit(k, in.start+i+1)
			}
		} else if b == ' ' && skip && state == 0 {
			for i+1 < len(body) && body[i+1] == ' ' { // a third of what machines indent is blanks
				i++
			}
		}
	}
}

// within reports whether a keyword stands in s.
func (m *automaton) within(s string) bool {
	state := uint32(0)
	for i := range len(s) {
		state = m.next[state&^ending+uint32(m.class[s[i]])]
		if state >= ending {
			return true
		}
	}
	return false
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
