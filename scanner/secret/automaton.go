package secret

// automaton finds all keywords in one pass over a text, without regard to ASCII case. It is a dense table: one
// row per state, one column per class of bytes that the keywords tell apart.
type automaton struct {
	class [256]uint8
	width int
	next  []uint32   // state*width + class -> state*width
	out   [][]uint16 // state -> keywords that end here, longest first; nil for most
	ends  []bool     // state -> whether out is set, kept apart so that the loop touches little memory
}

// newAutomaton builds the table for keywords; an empty keyword is left out.
func newAutomaton(keywords []string) *automaton {
	m := &automaton{width: 1}
	m.classify(keywords)
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
	m.next = append(m.next, make([]uint32, m.width)...)
	m.out = append(m.out, nil)
	return len(m.out) - 1
}

// add puts one keyword into the trie. While it is built, 0 stands for "no child": no edge leads to the root.
func (m *automaton) add(keyword string, id uint16) {
	state := 0
	for i := range len(keyword) {
		at := state*m.width + int(m.class[lower(keyword[i])])
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
			child := int(m.next[state*m.width+c])
			suffix := 0
			if state != 0 {
				suffix = int(m.next[fail[state]*m.width+c])
			}
			if child == 0 {
				m.next[state*m.width+c] = uint32(suffix)
				continue
			}
			fail[child] = suffix
			m.out[child] = append(m.out[child], m.out[suffix]...)
			queue = append(queue, child)
		}
	}
	m.ends = make([]bool, len(m.out))
	for i, o := range m.out {
		m.ends[i] = len(o) > 0
	}
}

// each calls hit for every occurrence of every keyword with the offset behind it.
func (m *automaton) each(text []byte, hit func(keyword uint16, end int)) {
	state := uint32(0)
	width := uint32(m.width)
	for i, b := range text {
		state = m.next[state*width+uint32(m.class[b])]
		if m.ends[state] {
			for _, k := range m.out[state] {
				hit(k, i+1)
			}
		}
	}
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
