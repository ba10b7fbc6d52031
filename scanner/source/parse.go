package source

import (
	"bytes"
	"strconv"
	"strings"
)

// commit is what a scan needs of a commit.
type commit struct {
	id      oid
	tree    oid
	parents []oid
	time    int64 // of the committer, seconds since 1970
	treeAt  int32 // place of the tree in the index of the largest pack, from 1 on; 0 where that is not known
}

// parseCommit reads the headers of a commit and returns its message too.
func parseCommit(k hashKind, id oid, data []byte) (c commit, message []byte, ok bool) {
	c.id = id
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range bytes.Lines(head) {
		key, value, _ := bytes.Cut(bytes.TrimRight(line, "\n"), []byte(" "))
		switch string(key) {
		case "tree":
			c.tree, ok = k.parse(string(value))
		case "parent":
			if p, good := k.parse(string(value)); good {
				c.parents = append(c.parents, p)
			}
		case "committer":
			c.time = signatureTime(value)
		}
	}
	return c, message, ok
}

// authorName reads the name in front of the address of a commit's author, as valid text.
func authorName(data []byte) string {
	head, _, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range bytes.Lines(head) {
		if who, ok := bytes.CutPrefix(line, []byte("author ")); ok {
			name, _, _ := bytes.Cut(who, []byte("<"))
			return strings.ToValidUTF8(string(bytes.TrimSpace(name[:min(len(name), 200)])), "")
		}
	}
	return ""
}

// signatureTime reads the seconds of "Name <mail> seconds zone"; 0 when they cannot be read.
func signatureTime(line []byte) int64 {
	rest := line[bytes.LastIndexByte(line, '>')+1:]
	fields := bytes.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	t, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil || t < 0 || t > 1<<40 {
		return 0
	}
	return t
}

// parseTag returns what an annotated tag points at, and its message.
func parseTag(k hashKind, data []byte) (target oid, message []byte, ok bool) {
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	for line := range bytes.Lines(head) {
		if value, found := bytes.CutPrefix(line, []byte("object ")); found {
			target, ok = k.parse(string(bytes.TrimSpace(value)))
		}
	}
	return target, message, ok
}

// treeEntry is one line of a tree.
type treeEntry struct {
	name string
	mode uint32
	id   oid
}

// The modes of tree entries, without permission bits.
const (
	modeType    = 0o170000
	modeTree    = 0o040000
	modeLink    = 0o120000
	modeGitlink = 0o160000
)

func (e treeEntry) isTree() bool    { return e.mode&modeType == modeTree }
func (e treeEntry) isLink() bool    { return e.mode&modeType == modeLink }
func (e treeEntry) isGitlink() bool { return e.mode&modeType == modeGitlink }

// parseTree calls visit for each entry, whatever its name; false when the tree is malformed after them.
func parseTree(k hashKind, data []byte, visit func(mode uint32, name []byte, id oid)) bool {
	for len(data) > 0 {
		mode, name, size := parseEntry(k, data)
		if size == 0 {
			return false
		}
		visit(mode, name, k.from(data[size-int(k):]))
		data = data[size:]
	}
	return true
}

// parseEntry reads the first entry of a tree, the id of which stands at its end; size 0 when it is malformed.
func parseEntry(k hashKind, data []byte) (mode uint32, name []byte, size int) {
	space := bytes.IndexByte(data[:min(len(data), 8)], ' ')
	if space < 1 || space > 7 {
		return 0, nil, 0
	}
	for _, c := range data[:space] {
		if c < '0' || c > '7' {
			return 0, nil, 0
		}
		mode = mode<<3 | uint32(c-'0')
	}
	end := bytes.IndexByte(data[space:], 0) + space
	if end < space || len(data) < end+1+int(k) {
		return 0, nil, 0
	}
	return mode, data[space+1 : end], end + 1 + int(k)
}
