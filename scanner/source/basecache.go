package source

import (
	"container/list"
	"sync"
)

// baseCache keeps objects on which deltas stand, the least recently used ones go first.
type baseCache struct {
	mu    sync.Mutex
	max   int
	size  int
	order *list.List // of *baseEntry, freshest first
	items map[baseKey]*list.Element
}

// entryCost is about what an entry takes beside its data.
const entryCost = 200

type baseKey struct {
	pack   *pack
	offset int64
}

type baseEntry struct {
	key  baseKey
	kind objectKind
	data []byte
}

func newBaseCache(maxBytes int) *baseCache {
	return &baseCache{max: maxBytes, order: list.New(), items: map[baseKey]*list.Element{}}
}

// get returns a cached object.
func (c *baseCache) get(p *pack, offset int64) (objectKind, []byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.items[baseKey{p, offset}]
	if !ok {
		return 0, nil, false
	}
	c.order.MoveToFront(e)
	b := e.Value.(*baseEntry)
	return b.kind, b.data, true
}

// drop empties the cache.
func (c *baseCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.order.Init()
	clear(c.items)
	c.size = 0
}

// put caches an object, unless it would push out most of the others.
func (c *baseCache) put(p *pack, offset int64, kind objectKind, data []byte) {
	if len(data) > c.max/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	key := baseKey{p, offset}
	if c.items[key] != nil {
		return
	}
	c.items[key] = c.order.PushFront(&baseEntry{key, kind, data})
	c.size += len(data) + entryCost
	for c.size > c.max {
		last := c.order.Back()
		old := c.order.Remove(last).(*baseEntry)
		delete(c.items, old.key)
		c.size -= len(old.data) + entryCost
	}
}
