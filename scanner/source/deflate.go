package source

import (
	"encoding/binary"
	"hash/adler32"
)

// An object of a pack is one zlib stream of known size that lies in memory as a whole. So it is read into its place in one go:
// no window is copied, no reader is asked for a byte. Formats: RFC 1950 (zlib), RFC 1951 (deflate).

// The codes of deflate.
const (
	maxLitCodes  = 288
	maxDistCodes = 32
	maxCodeBits  = 15
	mostLits     = 286 // that a block may name
	mostDists    = 30
	endOfBlock   = 256
	litBits      = 10 // of the first table of literals and lengths
	distBits     = 8
	lenBits      = 7 // of the lengths of codes: these have no second table
)

// symbol is an entry of a table, one for each row of bits that may come next. From the low bits on: how many bits are taken, with
// those that extend a length or a distance (6); without those (5); the literal, the least length or distance, or where a second table
// begins (15). Zero stands for a row of bits that no code has.
type symbol uint32

const (
	isLiteral symbol = 1 << 31
	isSecond  symbol = 1 << 30 // the code goes on in a second table, which the short bits are the size of
	isEnd     symbol = 1 << 29
	isNothing symbol = 1 << 28 // a code without a meaning
	special          = isSecond | isEnd

	shortAt = 6
	valueAt = 11
)

func (s symbol) taken() uint { return uint(s & 63) }
func (s symbol) short() uint { return uint(s >> shortAt & 31) }
func (s symbol) value() int  { return int(s >> valueAt & 0x7fff) }

// of is the value with the bits that extend it.
func (s symbol) of(b uint64) int { return s.value() + int(b&(1<<s.taken()-1)>>s.short()) }

// coded is a symbol under a code of some bits.
func (s symbol) coded(size int) symbol {
	if s == isNothing {
		return 0
	}
	return s + symbol(size)<<shortAt + symbol(size)
}

// decoder reads streams, one after the other.
type decoder struct {
	lit, dist, lens table // of a block
	sizes           [maxLitCodes + maxDistCodes]uint8
}

// The meanings of codes: RFC 1951, 3.2.5 and 3.2.7.
var (
	litSymbols  = literals()
	distSymbols = distances()
	lenSymbols  = numerals(19)
	lenOrder    = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
	fixedLit    = fixed(litSymbols, litBits, func(i int) uint8 {
		switch {
		case i < 144:
			return 8
		case i < 256:
			return 9
		case i < 280:
			return 7
		}
		return 8
	})
	fixedDist = fixed(distSymbols, distBits, func(int) uint8 { return 5 })
)

// literals are the symbols of literals and lengths; two of the codes have no meaning.
func literals() []symbol {
	out := make([]symbol, maxLitCodes)
	for i := range endOfBlock {
		out[i] = isLiteral | symbol(i)<<valueAt
	}
	out[endOfBlock] = isEnd
	length := 3
	for i := range 28 {
		extra := max(0, i/4-1)
		out[endOfBlock+1+i] = symbol(length)<<valueAt | symbol(extra)
		length += 1 << extra
	}
	out[285], out[286], out[287] = 258<<valueAt, isNothing, isNothing
	return out
}

// distances are the symbols of distances, one less each, so that the largest has room; two of the codes have no meaning.
func distances() []symbol {
	out := make([]symbol, maxDistCodes)
	distance := 0
	for i := range 30 {
		extra := max(0, i/2-1)
		out[i] = symbol(distance)<<valueAt | symbol(extra)
		distance += 1 << extra
	}
	out[30], out[31] = isNothing, isNothing
	return out
}

func numerals(n int) []symbol {
	out := make([]symbol, n)
	for i := range out {
		out[i] = symbol(i) << valueAt
	}
	return out
}

func fixed(symbols []symbol, width int, size func(int) uint8) table {
	sizes := make([]uint8, len(symbols))
	for i := range sizes {
		sizes[i] = size(i)
	}
	var t table
	t.build(symbols, sizes, width)
	return t
}

// flow reads bits.
type flow struct {
	in []byte
	ahead
}

// ahead are the bits that come next, and from where on there are more. It is small, so that it stays in registers.
type ahead struct {
	bits uint64
	n    uint // of bits
	at   int  // behind the end, where bits were asked for that there are not
}

// fill makes sure of 56 bits; behind the end they are zero.
func (f *flow) fill() { f.ahead = f.filled(f.in) }

// filled is ahead with 56 bits at least.
func (a ahead) filled(in []byte) ahead {
	if a.at+8 <= len(in) {
		return ahead{a.bits | binary.LittleEndian.Uint64(in[a.at:])<<(a.n&63), a.n | 56, a.at + int(63-a.n)>>3}
	}
	return a.padded(in)
}

// padded is filled at the end of what there is.
func (a ahead) padded(in []byte) ahead {
	for ; a.n <= 55; a.n += 8 {
		if a.at < len(in) {
			a.bits |= uint64(in[a.at]) << a.n
		}
		a.at++
	}
	return a
}

// skipped is ahead without the bits of a symbol.
func (a ahead) skipped(s symbol) ahead { return ahead{a.bits >> s.taken(), a.n - s.taken(), a.at} }

// take returns some of the bits that there are.
func (f *flow) take(n uint) uint64 {
	v := f.bits & (1<<n - 1)
	f.bits >>= n
	f.n -= n
	return v
}

// rest returns what follows the bits that were taken; false when there were not that many. The bits up to the end of a byte are
// passed over.
func (f *flow) rest() ([]byte, bool) {
	at := f.at - int(f.n>>3)
	if at > len(f.in) {
		return nil, false
	}
	f.ahead = ahead{at: at}
	return f.in[at:], true
}

// inflate reads a zlib stream. Its content must fill out, and its checksum be right.
func (d *decoder) inflate(out, in []byte) bool {
	if len(in) < 2 || in[0]&15 != 8 || in[0]>>4 > 7 || (uint(in[0])<<8|uint(in[1]))%31 != 0 || in[1]&32 != 0 {
		return false
	}
	f := flow{in, ahead{at: 2}}
	at, last := 0, false
	for !last {
		f.fill()
		last = f.take(1) == 1
		ok := false
		switch f.take(2) {
		case 0:
			at, ok = f.stored(out, at)
		case 1:
			at, ok = f.codes(out, at, &fixedLit, &fixedDist)
		case 2:
			if ok = d.tables(&f); ok {
				at, ok = f.codes(out, at, &d.lit, &d.dist)
			}
		}
		if !ok {
			return false
		}
	}
	end, ok := f.rest()
	return ok && at == len(out) && len(end) >= 4 && binary.BigEndian.Uint32(end) == adler32.Checksum(out)
}

// stored reads a block that is not compressed.
func (f *flow) stored(out []byte, at int) (int, bool) {
	in, ok := f.rest()
	if !ok || len(in) < 4 {
		return 0, false
	}
	n := int(binary.LittleEndian.Uint16(in))
	if n != int(^binary.LittleEndian.Uint16(in[2:])) || len(in)-4 < n || len(out)-at < n {
		return 0, false
	}
	f.at += 4 + copy(out[at:], in[4:4+n])
	return at + n, true
}

// tables reads the codes of a block.
func (d *decoder) tables(f *flow) bool {
	f.fill()
	lits, dists, n := int(f.take(5))+257, int(f.take(5))+1, int(f.take(4))+4
	if lits > mostLits || dists > mostDists {
		return false
	}
	var sizes [len(lenOrder)]uint8
	for _, at := range lenOrder[:n] {
		if f.n < 3 {
			f.fill()
		}
		sizes[at] = uint8(f.take(3))
	}
	if !d.lens.build(lenSymbols, sizes[:], lenBits) || !d.lengths(f, lits+dists) {
		return false
	}
	return d.lit.build(litSymbols[:lits], d.sizes[:lits], litBits) && d.dist.build(distSymbols[:dists], d.sizes[lits:lits+dists], distBits)
}

// lengths reads how long n codes are.
func (d *decoder) lengths(f *flow, n int) bool {
	for i := 0; i < n; {
		if f.n < lenBits+7 {
			f.fill()
		}
		s := d.lens.first[f.bits&(1<<d.lens.bits-1)]
		if s == 0 {
			return false
		}
		f.ahead = f.skipped(s)
		v, repeat := uint8(0), 0
		switch code := s.value(); {
		case code < 16:
			d.sizes[i] = uint8(code)
			i++
			continue
		case code == 16 && i == 0:
			return false
		case code == 16:
			v, repeat = d.sizes[i-1], 3+int(f.take(2))
		case code == 17:
			repeat = 3 + int(f.take(3))
		default:
			repeat = 11 + int(f.take(7))
		}
		if repeat > n-i {
			return false
		}
		for ; repeat > 0; repeat-- {
			d.sizes[i] = v
			i++
		}
	}
	return true
}

// codes reads a block of literals and of matches, a length and a distance each, into out from at on. It returns where they end.
func (f *flow) codes(out []byte, at int, lit, dist *table) (int, bool) { //nolint:gocognit // one loop: its state stays in registers
	litMask, distMask := uint64(1)<<lit.bits-1, uint64(1)<<dist.bits-1
	first, firstDist := lit.first, dist.first
	a, in := f.ahead, f.in
	for {
		a = a.filled(in)
		s := first[a.bits&litMask]
		for n := 0; s&isLiteral != 0; n++ {
			if at >= len(out) {
				return 0, false
			}
			out[at] = byte(s >> valueAt)
			at++
			a = a.skipped(s)
			if s = first[a.bits&litMask]; n == 2 { // 3 of 10 bits each: there are 26 more
				a, n = a.filled(in), 0
			}
		}
		if s&isSecond != 0 {
			a = a.skipped(s)
			if s = first[s.value()+int(a.bits&(1<<s.short()-1))]; s&isLiteral != 0 {
				if at >= len(out) {
					return 0, false
				}
				out[at] = byte(s >> valueAt)
				at++
				a = a.skipped(s)
				continue
			}
		}
		if s == 0 {
			return 0, false
		}
		length := s.of(a.bits)
		a = a.skipped(s)
		if s&isEnd != 0 {
			f.ahead = a
			return at, true
		}
		if a.n < 28 {
			a = a.filled(in)
		}
		s = firstDist[a.bits&distMask]
		if s&isSecond != 0 {
			a = a.skipped(s)
			s = firstDist[s.value()+int(a.bits&(1<<s.short()-1))]
		}
		from := at - 1 - s.of(a.bits)
		if a = a.skipped(s); s == 0 || from < 0 || length > len(out)-at {
			return 0, false
		}
		at = repeat(out, at, from, length)
	}
}

// repeat writes what stands from a place on once more, which may go on into what it writes, and returns where that ends.
func repeat(out []byte, at, from, length int) int {
	if at-from >= 8 && length <= 32 && len(out)-at >= 40 {
		end := at + length
		for ; at < end; at, from = at+8, from+8 {
			binary.LittleEndian.PutUint64(out[at:], binary.LittleEndian.Uint64(out[from:]))
		}
		return end
	}
	for end := at + length; at < end; {
		at += copy(out[at:end], out[from:at])
	}
	return at
}
