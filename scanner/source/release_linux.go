package source

import "syscall"

// releaseFile gives the memory back that holds a mapping. What is asked for again comes from the cache of the file.
func releaseFile(b []byte) {
	if b != nil {
		_ = syscall.Madvise(b, syscall.MADV_DONTNEED)
	}
}
