package source

import (
	"bytes"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"

	other "github.com/klauspost/compress/zlib"
)

// streams are contents as zlib streams of all kinds of blocks.
func streams(t testing.TB) map[string][]byte {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 70000)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	skew := make([]byte, 100000) // codes of all sizes
	for i := range skew {
		skew[i] = byte(min(255, r.ExpFloat64()*12))
	}
	var far []byte
	for range 4 {
		far = append(append(far, noise[:32000]...), skew[:700]...)
	}
	contents := map[string][]byte{
		"empty": nil, "one": []byte("a"), "short": []byte("tree\x00short text, text"), "noise": noise, "skew": skew, "far": far,
		"zeros": make([]byte, 300000), "pairs": bytes.Repeat([]byte("ab"), 5000), "sevens": bytes.Repeat([]byte("abcdefg"), 900),
	}
	out := map[string][]byte{}
	for name, content := range contents {
		for level := zlib.HuffmanOnly; level <= zlib.BestCompression; level++ {
			var b bytes.Buffer
			w, err := zlib.NewWriterLevel(&b, level)
			if err != nil {
				t.Fatal(err)
			}
			for half := content; ; half = half[len(half)/2:] { // blocks end in the middle
				_, _ = w.Write(half[:(len(half)+1)/2])
				_ = w.Flush()
				if len(half) < 2 {
					break
				}
			}
			_ = w.Close()
			out[name+string(rune('c'+level))] = b.Bytes()
		}
	}
	return out
}

// read is what the library makes of a stream.
func read(b []byte, limit int64) ([]byte, bool) {
	z, err := other.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, false
	}
	out, err := io.ReadAll(io.LimitReader(z, limit))
	return out, err == nil
}

func TestInflate(t *testing.T) {
	var d decoder
	for name, stream := range streams(t) {
		want, ok := read(stream, 1<<20)
		if !ok {
			t.Fatal(name, "is no stream")
		}
		for _, behind := range []int{0, 3, 30} { // a pack goes on behind a stream
			out := make([]byte, len(want))
			if !d.inflate(out, append(bytes.Clone(stream), make([]byte, behind)...)) || !bytes.Equal(out, want) {
				t.Errorf("%s with %d bytes behind it: not read", name, behind)
			}
		}
		if d.inflate(make([]byte, len(want)+1), stream) || len(want) > 0 && d.inflate(make([]byte, len(want)-1), stream) {
			t.Errorf("%s: read at another size", name)
		}
		out := make([]byte, len(want))
		for n := range min(len(stream), 30) {
			if d.inflate(out, stream[:n]) || d.inflate(out, stream[:len(stream)-1-n]) {
				t.Errorf("%s: read though it was cut short", name)
			}
		}
	}
}

// FuzzInflate compares with a library what is made of streams, damaged ones too.
func FuzzInflate(f *testing.F) {
	for _, stream := range streams(f) {
		if len(stream) < 2000 {
			f.Add(stream)
		}
	}
	f.Add([]byte{0x78, 0x9c, 5, 0xc0, 0x81, 8, 0, 0, 0, 0, 0x20, 0x7f, 0xeb, 0}) // one code of one bit
	var d decoder
	f.Fuzz(func(t *testing.T, stream []byte) {
		const limit = 1 << 16
		want, ok := read(stream, limit)
		if len(want) == limit {
			return
		}
		out := make([]byte, len(want))
		if got := d.inflate(out, stream); got != ok || ok && !bytes.Equal(out, want) {
			t.Fatalf("read: %v, by the library: %v", got, ok)
		}
	})
}
