package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// maxChain is how many deltas may stand on one another; git itself stops at 4095.
const maxChain = 10000

// baseBytes bounds the bases that are kept. Objects are asked for in the order of the pack, mostly, so that few
// are enough.
const baseBytes = 16 << 20

// objects reads the objects of a repository: packed and loose ones of its own, and those of its alternates.
// It is safe for concurrent use.
type objects struct {
	hash       hashKind
	dir        string
	packs      []*pack
	loose      map[oid]bool
	alternates []*objects // for look-ups only: what they hold beyond the repository's needs is not its own
	pool       sync.Pool  // of *inflater
	bases      *baseCache
}

// openObjects opens an objects folder without its alternates. What of it is unreadable is told to broken.
func openObjects(dir string, k hashKind, broken func(what string, err error)) *objects {
	o := &objects{hash: k, dir: dir, loose: map[oid]bool{}, bases: newBaseCache(baseBytes)}
	o.pool.New = func() any { return new(inflater) }
	names, err := packNames(filepath.Join(dir, "pack"))
	if err != nil {
		broken("objects/pack", err)
	}
	for _, name := range names {
		p, err := openPack(filepath.Join(dir, "pack", name), name, k)
		if err != nil {
			broken("objects/pack/"+name, err)
			continue
		}
		o.packs = append(o.packs, p)
	}
	o.listLoose(broken)
	return o
}

// close frees the mappings.
func (o *objects) close() {
	for _, p := range o.packs {
		p.close()
	}
	for _, a := range o.alternates {
		a.close()
	}
}

// listLoose fills the set of loose objects.
func (o *objects) listLoose(broken func(string, error)) {
	fans, err := os.ReadDir(o.dir)
	if err != nil {
		broken("objects", err)
	}
	for _, fan := range fans {
		if len(fan.Name()) != 2 || !fan.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(o.dir, fan.Name()))
		if err != nil {
			broken("objects/"+fan.Name(), err)
		}
		for _, f := range files {
			if id, ok := o.hash.parse(fan.Name() + f.Name()); ok && f.Type().IsRegular() {
				o.loose[id] = true
			}
		}
	}
}

// packed returns the pack that holds an object, and its place there.
func (o *objects) packed(id oid) (*pack, int) {
	for _, p := range o.packs {
		if i, ok := p.find(id); ok {
			return p, i
		}
	}
	return nil, 0
}

// before reports whether one of the packs before the numbered one holds the object too.
func (o *objects) before(id oid, number int) bool {
	return slices.ContainsFunc(o.packs[:number], func(p *pack) bool { _, ok := p.find(id); return ok })
}

// get returns kind and content of an object of at most limit bytes. When one copy is corrupt, another one
// stands in. The content must not be changed.
func (o *objects) get(id oid, limit int64) (objectKind, []byte, error) {
	err := errMissing
	for _, p := range o.packs {
		i, ok := p.find(id)
		if !ok {
			continue
		}
		kind, data, packErr := o.at(p, p.offset(i), limit)
		if packErr == nil {
			return kind, data, nil
		}
		err = packErr
	}
	if o.loose[id] {
		kind, data, looseErr := o.readLoose(id, limit)
		if looseErr == nil {
			return kind, data, nil
		}
		err = looseErr
	}
	for _, a := range o.alternates {
		if kind, data, altErr := a.get(id, limit); altErr == nil {
			return kind, data, nil
		} else if !errors.Is(altErr, errMissing) {
			err = altErr
		}
	}
	return 0, nil, err
}

// at returns the object at an offset of a pack, its chain of deltas applied.
func (o *objects) at(p *pack, offset, limit int64) (objectKind, []byte, error) {
	z := o.pool.Get().(*inflater)
	defer o.pool.Put(z)
	kind, data, err := o.resolve(p, z, offset, limit)
	if err == nil && kind != blobKind {
		o.bases.put(p, offset, kind, data) // trees and commits are often the base of the next one asked for
	}
	return kind, data, err
}

// resolve follows the chain of deltas from an offset down to its base and applies it.
func (o *objects) resolve(p *pack, z *inflater, offset, limit int64) (objectKind, []byte, error) {
	var chain []entry
	for {
		if kind, data, ok := o.bases.get(p, offset); ok {
			return o.apply(p, z, kind, data, chain, limit)
		}
		e, err := p.entry(offset)
		if err != nil {
			return 0, nil, err
		}
		switch e.kind {
		case ofsDeltaKind:
			offset = e.base
		case refDeltaKind:
			i, ok := p.find(e.ref)
			if !ok {
				return o.onForeignBase(p, z, append(chain, e), limit)
			}
			offset = p.offset(i)
		default:
			data, err := p.inflate(z, e, limit)
			if err != nil {
				return 0, nil, err
			}
			if len(chain) > 0 {
				o.bases.put(p, offset, e.kind, data)
			}
			return o.apply(p, z, e.kind, data, chain, limit)
		}
		if chain = append(chain, e); len(chain) > maxChain {
			return 0, nil, errPack
		}
	}
}

// onForeignBase applies a chain whose base stands outside the pack, as in a thin pack.
func (o *objects) onForeignBase(p *pack, z *inflater, chain []entry, limit int64) (objectKind, []byte, error) {
	id := chain[len(chain)-1].ref
	if !o.loose[id] {
		return 0, nil, errMissing
	}
	kind, data, err := o.readLoose(id, limit)
	if err != nil {
		return 0, nil, err
	}
	return o.apply(p, z, kind, data, chain, limit)
}

// apply applies the deltas of a chain, the last one first.
func (o *objects) apply(p *pack, z *inflater, kind objectKind, data []byte, chain []entry, limit int64) (objectKind, []byte, error) {
	for _, e := range slices.Backward(chain) {
		delta, err := p.inflate(z, e, limit)
		if err != nil {
			return 0, nil, err
		}
		if data, err = applyDelta(data, delta, limit); err != nil {
			return 0, nil, err
		}
	}
	return kind, data, nil
}

// readLoose reads a loose object: a zlib stream of "kind size NUL content".
func (o *objects) readLoose(id oid, limit int64) (objectKind, []byte, error) {
	name := o.hash.text(id)
	packed, err := os.ReadFile(filepath.Join(o.dir, name[:2], name[2:]))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return 0, nil, errMissing
		}
		return 0, nil, errors.New(reasonOf(err))
	}
	z := o.pool.Get().(*inflater)
	defer o.pool.Put(z)
	data, err := z.all(packed, limit+64)
	if err != nil {
		return 0, nil, err
	}
	head, body, ok := bytes.Cut(data, []byte{0})
	word, size, ok2 := strings.Cut(string(head), " ")
	kind := kindOf(word)
	if n, err := strconv.Atoi(size); !ok || !ok2 || kind == 0 || err != nil || n != len(body) {
		return 0, nil, errCorrupt
	}
	return kind, body, nil
}

// kindWords are what a loose object calls its kind.
var kindWords = [...]string{commitKind: "commit", treeKind: "tree", blobKind: "blob", tagKind: "tag"}

// kindOf returns the kind that a loose object names, 0 for an unknown word.
func kindOf(word string) objectKind {
	return objectKind(max(slices.Index(kindWords[1:], word)+1, 0))
}

// odd calls visit, once each, for those objects of a kind in the repository's own store that a reading of the packs by
// their families does not meet: loose ones, and those that stand on what another store holds.
func (o *objects) odd(kind objectKind, visit func(oid)) {
	for i, p := range o.packs {
		g := p.plan()
		for n := range g.at {
			if g.kind[n] != 0 || o.kindAt(p, g.at[n]) != kind {
				continue
			}
			if id := g.id(int32(n)); !o.before(id, i) {
				visit(id)
			}
		}
	}
	for id := range o.loose {
		if p, _ := o.packed(id); p == nil && o.kindOfLoose(id) == kind {
			visit(id)
		}
	}
}

// kind returns the kind of an object of the repository's own store; 0 when it is not there or cannot be told.
func (o *objects) kind(id oid) objectKind {
	if p, i := o.packed(id); p != nil {
		return o.kindAt(p, p.offset(i))
	}
	return o.kindOfLoose(id)
}

// kindAt returns the kind of a packed object without inflating anything; 0 when it cannot be told.
func (o *objects) kindAt(p *pack, offset int64) objectKind {
	for range maxChain {
		e, err := p.entry(offset)
		if err != nil {
			return 0
		}
		switch e.kind {
		case ofsDeltaKind:
			offset = e.base
		case refDeltaKind:
			i, ok := p.find(e.ref)
			if !ok {
				return o.kindOfLoose(e.ref)
			}
			offset = p.offset(i)
		default:
			return e.kind
		}
	}
	return 0
}

// kindOfLoose reads the head of a loose object; 0 when there is none.
func (o *objects) kindOfLoose(id oid) objectKind {
	if !o.loose[id] {
		return 0
	}
	kind, _, err := o.readLoose(id, maxMeta)
	if err != nil {
		return 0
	}
	return kind
}
