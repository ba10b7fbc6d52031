package source

import (
	"encoding/binary"
	"os"
	"syscall"
	"time"
)

// settledAfter is how long ago a file was changed for its state to be told: clocks of file systems go in steps.
const settledAfter = time.Second

// honest are the file systems that note each change of a file with its time, by their magic numbers (statfs(2)): ext2 to ext4, XFS,
// Btrfs, tmpfs, F2FS, ZFS and overlays of these. Those of networks and of programs may tell of changes late, or not.
var honest = map[uint32]bool{0xEF53: true, 0x58465342: true, 0x9123683E: true, 0x01021994: true, 0xF2F52010: true, 0x2FC12FC1: true, 0x794C7630: true}

// stateOf tells states of a file apart: it is another one once anybody has written to the file, put another in its place, or set its
// times. It is nil where that is not sure.
func stateOf(f *os.File, now time.Time) []byte {
	var system syscall.Statfs_t
	info, err := f.Stat()
	if err != nil || syscall.Fstatfs(int(f.Fd()), &system) != nil || !honest[uint32(system.Type)] { //nolint:gosec // magic numbers have 32 bits
		return nil
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Ctim.Nsec == 0 || now.Sub(time.Unix(s.Ctim.Unix())) < settledAfter {
		return nil
	}
	var out []byte
	for _, n := range []uint64{uint64(s.Dev), uint64(s.Ino), uint64(s.Size), uint64(s.Mtim.Nano()), uint64(s.Ctim.Nano())} { //nolint:gosec,unconvert // told apart only; types differ by processor
		out = binary.BigEndian.AppendUint64(out, n)
	}
	return out
}
