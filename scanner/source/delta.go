package source

// deltaSizes reads the head of a delta: the size of its base, that of its result, and what follows.
func deltaSizes(delta []byte) (base, result int64, ops []byte, err error) {
	base, delta, ok := varint(delta)
	if !ok {
		return 0, 0, nil, errCorrupt
	}
	result, delta, ok = varint(delta)
	if !ok {
		return 0, 0, nil, errCorrupt
	}
	return base, result, delta, nil
}

func varint(b []byte) (v int64, rest []byte, ok bool) {
	for i := 0; i < len(b) && i < 9; i++ {
		v |= int64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			return v, b[i+1:], true
		}
	}
	return 0, nil, false
}

// piece is a stretch of a base that a delta takes over.
type piece struct{ from, to, size int }

// applyDelta builds an object from its base. Format: https://git-scm.com/docs/pack-format (deltified representation).
func applyDelta(base, delta []byte, limit int64) ([]byte, error) {
	out, _, err := patch(nil, base, delta, limit, nil)
	return out, err
}

// patch is applyDelta into an empty slice, which is used when it is large enough. It appends what was taken over
// from the base to pieces, unless that is nil.
func patch(out, base, delta []byte, limit int64, pieces []piece) ([]byte, []piece, error) {
	baseSize, size, ops, err := deltaSizes(delta)
	if err != nil || baseSize != int64(len(base)) {
		return nil, nil, errCorrupt
	}
	if size > limit {
		return nil, nil, errLimit
	}
	if int64(cap(out)) < size {
		out = make([]byte, 0, size)
	}
	for len(ops) > 0 {
		op := ops[0]
		ops = ops[1:]
		var part []byte
		var ok bool
		switch {
		case op&0x80 != 0:
			var from int
			from, part, ops, ok = copied(base, op, ops)
			if pieces != nil {
				pieces = take(pieces, piece{from, len(out), len(part)})
			}
		case op != 0 && int(op) <= len(ops):
			part, ops, ok = ops[:op], ops[op:], true
		}
		if !ok || int64(len(out)+len(part)) > size {
			return nil, nil, errCorrupt
		}
		out = append(out, part...)
	}
	if int64(len(out)) != size {
		return nil, nil, errCorrupt
	}
	return out, pieces, nil
}

// take adds a piece, or makes the last one longer when the new one goes on where that one ends. It returns nil
// when there are too many.
func take(pieces []piece, p piece) []piece {
	n := len(pieces)
	if n == maxPieces {
		return nil
	}
	if n > 0 {
		last := &pieces[n-1]
		if last.from+last.size == p.from && last.to+last.size == p.to {
			last.size += p.size
			return pieces
		}
	}
	return append(pieces, p)
}

// copied reads a copy instruction and returns the part of the base that it names, and where that begins.
func copied(base []byte, op byte, ops []byte) (from int, part, rest []byte, ok bool) {
	var v [7]int64
	for i := range v {
		if op&(1<<i) == 0 {
			continue
		}
		if len(ops) == 0 {
			return 0, nil, nil, false
		}
		v[i], ops = int64(ops[0]), ops[1:]
	}
	offset := v[0] | v[1]<<8 | v[2]<<16 | v[3]<<24
	size := v[4] | v[5]<<8 | v[6]<<16
	if size == 0 {
		size = 0x10000
	}
	if offset+size > int64(len(base)) {
		return 0, nil, nil, false
	}
	return int(offset), base[offset : offset+size], ops, true
}
