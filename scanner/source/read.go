package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// errShrunk is for a file that held less than it said when it was opened.
var errShrunk = errors.New("file shrank while it was read")

// errSpecial is for what is neither a file nor a folder.
var errSpecial = errors.New("special file")

// reasonOf returns a reason that carries no path and no content.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, fs.ErrNotExist):
		return "vanished while it was read"
	case errors.Is(err, errLimit):
		var limit limitError
		if errors.As(err, &limit) {
			return limit.Error()
		}
		return errLimit.Error()
	case errors.Is(err, errMissing), errors.Is(err, errCorrupt), errors.Is(err, errPack),
		errors.Is(err, errShrunk), errors.Is(err, errSpecial):
		return err.Error()
	}
	return "read error"
}

// readSmall reads a regular file of at most limit bytes; a larger one is an error.
func readSmall(name string, limit int64) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readOpen(f, limit, nil)
}

// readOpen reads an open file to its end, which must come within limit bytes. A FIFO or device that took the
// place of a file is not read. What it returns may stand in the memory that it is given.
func readOpen(f *os.File, limit int64, memory []byte) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errSpecial
	}
	if info.Size() > limit {
		return nil, tooLarge(limit)
	}
	data := memory
	if data == nil || int64(cap(data)) < info.Size() {
		data = make([]byte, info.Size(), info.Size()+info.Size()/8+1)
	}
	data = data[:info.Size()]
	n, err := io.ReadFull(f, data)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF) && len(data) > 0:
		return data[:n], errShrunk
	case err != nil && !errors.Is(err, io.EOF):
		return nil, err
	}
	return data, nil
}

// limitError is a limit that was hit.
type limitError struct {
	text    string
	archive bool // it is the limit of a whole archive, not of one file in it
}

func (e limitError) Error() string { return e.text }

// Is makes every limit an errLimit.
func (limitError) Is(target error) bool { return target == errLimit }

func tooLarge(limit int64) error { return limitError{text: "limit: larger than " + size(limit)} }

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GiB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// readStream reads a stream to its end, which must come within limit bytes.
func readStream(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = tooLarge(limit)
	}
	return data, err
}
