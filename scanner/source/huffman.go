package source

import "math/bits"

// table finds the symbol of a Huffman code (RFC 1951, 3.2.2).
type table struct {
	bits  uint
	first []symbol // of 1<<bits entries, and the second tables behind them
}

// builder fills a table with codes, the shortest first. A code stands in it with its first bit lowest.
type builder struct {
	table  *table
	count  [maxCodeBits + 1]int
	sorted [maxLitCodes]uint16 // the symbols by the sizes of their codes
	end    int                 // of what is filled
	code   int
	size   int // of the code
}

// build makes the table of codes whose sizes are given; the first table has width bits at most. It returns false for sizes that no
// Huffman code has.
func (t *table) build(symbols []symbol, sizes []uint8, width int) bool {
	b := builder{table: t}
	longest, ok := b.sort(sizes)
	if !ok {
		return false
	}
	width = min(width, longest)
	t.bits = uint(width)
	if len(t.first) < 1<<width {
		t.first = make([]symbol, 1<<(width+1))
	}
	if longest == 0 || b.count[longest] == 1 && longest == 1 { // not even one bit says anything, or one of two values
		t.first[0], t.first[width] = 0, 0
		if longest > 0 {
			t.first[0] = symbols[b.sorted[0]].coded(1)
		}
		return true
	}
	n, left := 0, b.count[b.next()]
	for b.end = 1 << b.size; b.size <= width; {
		t.first[b.code] = symbols[b.sorted[n]].coded(b.size)
		n++
		if b.advance() {
			b.double(width)
			return true
		}
		if left--; left > 0 {
			continue
		}
		was := b.size
		left = b.count[b.next()]
		b.doubleFrom(was, min(b.size, width))
	}
	b.second(symbols, n, left, width)
	return true
}

// sort counts the codes of each size and sorts the symbols by that. It returns the largest size.
func (b *builder) sort(sizes []uint8) (longest int, ok bool) {
	for _, n := range sizes {
		b.count[n]++
	}
	b.count[0] = 0
	var at [maxCodeBits + 1]int
	left, sum := 1, 0
	for size := 1; size <= maxCodeBits; size++ {
		n := b.count[size]
		if left = 2*left - n; left < 0 {
			return 0, false
		}
		if at[size] = sum; n > 0 {
			longest = size
		}
		sum += n
	}
	if left > 0 && sum > 1 || sum == 1 && longest > 1 {
		return 0, false
	}
	for i, n := range sizes {
		if n > 0 {
			b.sorted[at[n]] = uint16(i)
			at[n]++
		}
	}
	return longest, true
}

// next goes on to the next size that a code has.
func (b *builder) next() int {
	b.size++
	for b.size < maxCodeBits && b.count[b.size] == 0 {
		b.size++
	}
	return b.size
}

// advance goes on to the next code, and reports whether there is none.
func (b *builder) advance() bool {
	all := 1<<b.size - 1
	if b.code == all {
		return true
	}
	bit := 1 << (bits.Len(uint(b.code^all)) - 1)
	b.code = b.code&(bit-1) | bit
	return false
}

// double repeats what is filled up to the width of the first table.
func (b *builder) double(width int) { b.doubleFrom(b.size, width) }

func (b *builder) doubleFrom(size, width int) {
	for ; size < width; size++ {
		copy(b.table.first[b.end:2*b.end], b.table.first[:b.end])
		b.end *= 2
	}
}

// second fills the second tables with the codes from the n-th on, of whose size some are left.
func (b *builder) second(symbols []symbol, n, left, width int) {
	t := b.table
	prefix, start := -1, 0
	for ; ; n++ {
		if p := b.code & (1<<width - 1); p != prefix {
			prefix, start = p, b.end
			size := b.size - width
			for room := left; room < 1<<size; {
				size++
				room = 2*room + b.count[width+size]
			}
			b.end = start + 1<<size
			for len(t.first) < b.end {
				t.first = append(t.first, make([]symbol, b.end)...)
			}
			t.first[prefix] = isSecond | symbol(start)<<valueAt | symbol(size)<<shortAt | symbol(width)
		}
		s := symbols[b.sorted[n]].coded(b.size - width)
		for i := start + b.code>>width; i < b.end; i += 1 << (b.size - width) {
			t.first[i] = s
		}
		if b.advance() {
			return
		}
		if left--; left == 0 {
			left = b.count[b.next()]
		}
	}
}
