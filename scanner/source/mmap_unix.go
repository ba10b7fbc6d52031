//go:build unix

package source

import (
	"fmt"
	"os"
	"syscall"
	"time"
)

// mapFile maps a file into memory, for reading. State is what stateOf said before, nil where there is none.
func mapFile(path string) (data, state []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := int(info.Size())
	if size == 0 || !info.Mode().IsRegular() {
		return nil, nil, errPack
	}
	state = stateOf(f, time.Now())
	data, err = syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, nil, fmt.Errorf("mapping a pack: %w", err)
	}
	return data, state, nil
}

// unmapFile gives a mapping back.
func unmapFile(b []byte) {
	if b != nil {
		_ = syscall.Munmap(b)
	}
}

// sameOwner reports whether two files belong to one user, or the second to the user who runs the program.
func sameOwner(a, b os.FileInfo) bool {
	x, ok := a.Sys().(*syscall.Stat_t)
	y, ok2 := b.Sys().(*syscall.Stat_t)
	return ok && ok2 && (x.Uid == y.Uid || int(y.Uid) == os.Getuid())
}
