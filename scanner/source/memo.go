package source

import "sync"

// Memo keeps what several readings of the present state of one repository share: the commits of its packs. It serves a
// check that reads two states and the register of one of them. A reading of the history must not have one: it learns
// more from the commits. The zero value is ready for use.
type Memo struct {
	mu    sync.Mutex
	packs map[string]map[oid]commit // by the folder of the object store
}

// commits returns what an earlier reading kept, nil for nothing.
func (m *Memo) commits(r *repository) map[oid]commit {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.packs[r.objects.dir]
}

// keep keeps the commits of a repository. Nobody changes them from here on.
func (m *Memo) keep(r *repository) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.packs == nil {
		m.packs = map[string]map[oid]commit{}
	}
	m.packs[r.objects.dir] = r.packed
}
