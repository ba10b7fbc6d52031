package source

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/therootcompany/xz"
)

// archiveType says how a file packs others.
type archiveType int

const (
	notArchive archiveType = iota
	zipArchive
	tarArchive
	gzipStream
	bzip2Stream
	zstdStream
	xzStream
	lz4Stream
	arArchive
	unknownArchive // an archive that is not read
)

// archiveMagic lists how archives start.
var archiveMagic = []struct {
	magic string
	kind  archiveType
}{
	{"PK\x03\x04", zipArchive}, {"PK\x05\x06", zipArchive}, {"\x1f\x8b\x08", gzipStream}, {"BZh", bzip2Stream},
	{"\x28\xb5\x2f\xfd", zstdStream}, {"7z\xbc\xaf\x27\x1c", unknownArchive}, {"Rar!\x1a\x07", unknownArchive},
	{"\xfd7zXZ\x00", xzStream}, {"\x04\x22\x4d\x18", lz4Stream}, {"!<arch>\n", arArchive},
}

// archiveKind tells an archive by its first bytes.
func archiveKind(b []byte) archiveType {
	for _, m := range archiveMagic {
		if len(b) > len(m.magic)+4 && string(b[:len(m.magic)]) == m.magic {
			return m.kind
		}
	}
	if len(b) > 262 && string(b[257:262]) == "ustar" {
		return tarArchive
	}
	return notArchive
}

// archive hands out what an archive in memory holds.
func (w *walk) archive(worker int, f file, kind archiveType) error {
	u, err := w.unpacker(worker, f, int64(len(f.data)))
	if u == nil {
		return err
	}
	return u.unpack(kind, bytes.NewReader(f.data), int64(len(f.data)))
}

// unpacker prepares to read an archive; nil when it is not to be read.
func (w *walk) unpacker(worker int, f file, packed int64) (*unpacker, error) {
	switch {
	case w.opt.NoArchives && w.src.Kind != KindArchive, w.opt.NoArchives && f.depth > 0:
		w.tally.skip(f.path, "archive, not read (--no-archives)")
		f.stint.fail(&f)
		return nil, nil
	case f.depth >= w.opt.MaxDepth:
		w.tally.unreadable(f.path, fmt.Sprintf("limit: archives nested deeper than %d", w.opt.MaxDepth))
		f.stint.fail(&f)
		return nil, nil
	}
	f.stint.fail(&f) // what is in an archive is read by every scan
	u := &unpacker{walk: w, worker: worker, outer: f, budget: f.budget}
	u.outer.data = nil
	if u.budget == nil {
		u.budget = newBudget(packed, w.opt.MaxUnpacked)
	}
	return u, nil
}

// bigArchive reports whether a file that is larger than the limit of one file is an archive.
func (w *walk) bigArchive(root *os.Root, name string) bool {
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	return archiveKind(head[:n]) != notArchive
}

// archiveOnDisk hands out what an archive holds that is too large to be held in memory.
func (w *walk) archiveOnDisk(worker int, root *os.Root, f file) error {
	in, err := root.Open(f.path)
	if err != nil {
		w.tally.unreadable(f.path, reasonOf(err))
		return nil
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		w.tally.unreadable(f.path, reasonOf(err))
		return nil
	}
	head := make([]byte, 512)
	n, _ := in.ReadAt(head, 0)
	u, err := w.unpacker(worker, f, info.Size())
	if u == nil {
		return err
	}
	return u.unpack(archiveKind(head[:n]), in, info.Size())
}

// stream is an archive's bytes.
type stream interface {
	io.Reader
	io.ReaderAt
}

// unpacker reads one archive.
type unpacker struct {
	walk   *walk
	worker int
	outer  file
	budget *budget
}

// stop is an error of the visitor: it ends the walk and is not about the archive.
type stop struct{ err error }

func (s stop) Error() string { return s.err.Error() }

// unpack reads an archive of the kind. What is wrong with it is counted.
func (u *unpacker) unpack(kind archiveType, in stream, size int64) error {
	var err error
	switch kind {
	case zipArchive:
		err = u.zip(in, size)
	case tarArchive:
		err = u.tar(u.budget.reader(in))
	case arArchive:
		err = u.ar(u.budget.reader(in))
	case gzipStream, bzip2Stream, zstdStream, xzStream, lz4Stream:
		err = u.compressed(kind, in)
	default:
		u.walk.tally.skip(u.outer.path, "archive of a kind that is not read")
	}
	var ended stop
	if errors.As(err, &ended) {
		return ended.err
	}
	if err != nil {
		u.walk.tally.unreadable(u.outer.path, archiveReason(err))
	}
	return nil
}

func archiveReason(err error) string {
	if errors.Is(err, errLimit) {
		return err.Error()
	}
	return "corrupt archive"
}

// zip reads a zip file by its directory.
func (u *unpacker) zip(in stream, size int64) error {
	if err := countRecords(in, size); err != nil {
		return err
	}
	z, err := zip.NewReader(in, size)
	if err != nil {
		return err
	}
	z.RegisterDecompressor(zip.Deflate, u.walk.inflating)
	sheets, parts, err := u.workbookOf(z)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		if err := u.entry(s.name, strings.NewReader(s.text)); err != nil {
			return err
		}
	}
	for _, e := range z.File {
		if strings.HasSuffix(e.Name, "/") || slices.Contains(parts, e.Name) {
			continue
		}
		if e.Flags&1 != 0 {
			u.walk.tally.skip(u.path(e.Name), "encrypted archive entry")
			continue
		}
		if err := u.zipEntry(e); err != nil {
			return err
		}
	}
	return nil
}

// inflating reads the compressed body of an entry, with a decompressor that is used again.
func (w *walk) inflating(in io.Reader) io.ReadCloser {
	z, ok := w.flates.Get().(io.Reader)
	if !ok {
		z = flate.NewReader(in)
	} else if err := z.(flate.Resetter).Reset(in, nil); err != nil {
		z = flate.NewReader(in)
	}
	return &pooledFlate{z, w}
}

// pooledFlate gives its decompressor back when it is closed. It is not read after.
type pooledFlate struct {
	io.Reader
	walk *walk
}

// Close ends the reading.
func (p *pooledFlate) Close() error {
	if p.Reader != nil {
		p.walk.flates.Put(p.Reader)
		p.Reader = nil
	}
	return nil
}

func (u *unpacker) zipEntry(e *zip.File) error {
	if !e.Mode().IsRegular() {
		u.walk.tally.count("symbolic link, not followed")
		return nil
	}
	r, err := e.Open()
	if err != nil {
		u.walk.tally.unreadable(u.path(e.Name), "corrupt archive entry")
		return nil
	}
	defer r.Close() //nolint:errcheck // read in full or given up
	return u.entry(e.Name, u.budget.reader(r))
}

// tar reads a tar file.
func (u *unpacker) tar(in io.Reader) error {
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink:
			u.walk.tally.count("symbolic link, not followed")
		case h.Typeflag == tar.TypeReg:
			if err := u.entry(h.Name, t); err != nil {
				return err
			}
		}
	}
}

// maxWindow bounds what a decompressor keeps in memory.
const maxWindow = 64 << 20

// ar reads an archive of Unix: a library, or a Debian package. Each member has a head of 60 bytes: its name in the first
// 16, its size in ten digits from byte 48 on, and a mark at the end. Members begin at even offsets.
func (u *unpacker) ar(in io.Reader) error {
	head := make([]byte, 60)
	if _, err := io.ReadFull(in, head[:8]); err != nil {
		return err
	}
	for {
		if _, err := io.ReadFull(in, head); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		size, err := strconv.ParseInt(strings.TrimSpace(string(head[48:58])), 10, 64)
		if err != nil || size < 0 || string(head[58:]) != "`\n" {
			return errCorrupt
		}
		member := io.LimitReader(in, size)
		if name := strings.TrimRight(strings.TrimSpace(string(head[:16])), "/"); name != "" {
			if err := u.entry(name, member); err != nil {
				return err
			}
		}
		if _, err := io.Copy(io.Discard, io.MultiReader(member, io.LimitReader(in, size&1))); err != nil {
			return err
		}
	}
}

// compressed reads a compressed stream: a tar file, or one file whose name is that of the archive less its
// extension.
func (u *unpacker) compressed(kind archiveType, in io.Reader) error {
	var plain io.Reader
	switch kind {
	case xzStream:
		z, err := xz.NewReader(in, maxWindow)
		if err != nil {
			return err
		}
		plain = z
	case lz4Stream:
		plain = lz4.NewReader(in)
	case bzip2Stream:
		plain = bzip2.NewReader(in)
	case zstdStream:
		z, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(128<<20))
		if err != nil {
			return err
		}
		defer z.Close()
		plain = z
	default:
		z, err := gzip.NewReader(in)
		if err != nil {
			return err
		}
		plain = z
	}
	head := bufio.NewReader(u.budget.reader(plain))
	if start, _ := head.Peek(512); archiveKind(start) == tarArchive {
		return u.tar(head)
	}
	base := path.Base(u.outer.path)
	return u.entry(strings.TrimSuffix(base, path.Ext(base)), head)
}

// entry hands out one file of the archive.
func (u *unpacker) entry(name string, in io.Reader) error {
	if err := u.budget.entry(); err != nil {
		return err
	}
	data, err := readStream(in, u.walk.opt.MaxFile)
	var over limitError
	switch {
	case errors.As(err, &over) && over.archive:
		return err
	case err != nil && errors.Is(err, errLimit):
		u.walk.tally.unreadable(u.path(name), reasonOf(err))
		return nil
	case err != nil:
		u.walk.tally.unreadable(u.path(name), "corrupt archive entry")
		return nil
	}
	f := u.outer
	f.path, f.data, f.blob, f.depth, f.budget = u.path(name), data, oid{}, f.depth+1, u.budget
	f.carrier = u.carrier()
	if err := u.walk.deliver(u.worker, f); err != nil {
		return stop{err}
	}
	return nil
}

// carrier is the git blob that holds the archive: attribution asks for it.
func (u *unpacker) carrier() oid {
	if u.outer.depth == 0 {
		return u.outer.blob
	}
	return u.outer.carrier
}

// path returns the path of an entry: outer.zip!/inner/file, or inner/file when the archive is the source. It
// keeps an entry named ../../x from looking like a path outside.
func (u *unpacker) path(name string) string {
	clean := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
	if u.walk.src.Kind == KindArchive && u.outer.depth == 0 {
		return clean
	}
	return u.outer.path + "!/" + clean
}
