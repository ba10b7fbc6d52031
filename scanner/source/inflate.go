package source

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zlib"
)

// inflater decompresses one zlib stream after the other. It is for one goroutine at a time.
type inflater struct {
	in      bytes.Reader
	z       io.ReadCloser
	whole   decoder
	scratch []byte
	pieces  []piece
	free    [][]byte
}

// open starts a stream.
func (f *inflater) open(b []byte) (io.Reader, error) {
	f.in.Reset(b)
	if f.z == nil {
		z, err := zlib.NewReader(&f.in)
		if err != nil {
			return nil, errCorrupt
		}
		f.z = z
		return z, nil
	}
	if err := f.z.(zlib.Resetter).Reset(&f.in, nil); err != nil {
		return nil, errCorrupt
	}
	return f.z, nil
}

// exactly inflates a stream that must have the given size; its checksum is verified.
func (f *inflater) exactly(b []byte, size, limit int64) ([]byte, error) {
	return f.into(nil, b, size, limit)
}

// into is exactly with a buffer that is used when it is large enough.
func (f *inflater) into(out, b []byte, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, errLimit
	}
	if int64(len(b))*1032+64 < size { // more than deflate can yield: do not reserve the memory
		return nil, errCorrupt
	}
	if int64(cap(out)) < size {
		out = make([]byte, size)
	}
	out = out[:size]
	if !f.whole.inflate(out, b) {
		return nil, errCorrupt
	}
	return out, nil
}

// all inflates a stream of unknown size, up to limit bytes.
func (f *inflater) all(b []byte, limit int64) ([]byte, error) {
	z, err := f.open(b)
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	switch {
	case err != nil:
		return nil, errCorrupt
	case int64(len(out)) > limit:
		return nil, errLimit
	}
	return out, nil
}
