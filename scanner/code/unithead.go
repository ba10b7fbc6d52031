package code

import (
	"bytes"
	"slices"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// scriptHead opens a function or a class of JavaScript at the begin of a line.
var scriptHead = lazy.New(`^(?:(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\*?\s+|class\s+)([A-Za-z_$][\w$]*)` +
	`|(?:export\s+)?const\s+([A-Za-z_$][\w$]*)\s*(?::[^=\n]{1,200})?=\s*(?:async\s*)?(?:function\b|\([^()]{0,400}\)\s*(?::[^=\n]{1,100})?=>|[\w$]+\s*=>))`)

// scriptWords are those with which a head of JavaScript begins.
var scriptWords = [][]byte{[]byte("export"), []byte("default"), []byte("async"), []byte("abstract"), []byte("function"), []byte("class"), []byte("const")}

// unitHeads return the name of a function or a class that is opened at the begin of a line, and where its head ends; 0 for none. By
// the family of the language.
var unitHeads = map[string]func(line []byte) (name []byte, end int){
	"script": func(line []byte) (name []byte, end int) {
		if len(line) == 0 || line[0] < 'a' || line[0] > 'f' || !slices.ContainsFunc(scriptWords, func(w []byte) bool { return bytes.HasPrefix(line, w) }) {
			return nil, 0
		}
		m := scriptHead.FindSubmatchIndex(line)
		if m == nil {
			return nil, 0
		}
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				name = line[m[g]:m[g+1]]
			}
		}
		return name, m[1]
	},
	"python": pythonHead,
}

// pythonHead reads "async def NAME", "def NAME" and "class NAME".
func pythonHead(line []byte) (name []byte, end int) {
	if len(line) == 0 || line[0] != 'a' && line[0] != 'c' && line[0] != 'd' {
		return nil, 0
	}
	i := 0
	if bytes.HasPrefix(line, []byte("async")) {
		if i = behindSpace(line, len("async")); i == 0 {
			return nil, 0
		}
	}
	switch {
	case bytes.HasPrefix(line[i:], []byte("def")):
		i = behindSpace(line, i+len("def"))
	case bytes.HasPrefix(line[i:], []byte("class")):
		i = behindSpace(line, i+len("class"))
	default:
		return nil, 0
	}
	end = i
	for end < len(line) && line[end] < 0x80 && isWord(line[end]) {
		end++
	}
	if i == 0 || end == i || line[i] >= '0' && line[i] <= '9' {
		return nil, 0
	}
	return line[i:end], end
}

// behindSpace returns where what follows the blanks at i begins, 0 when there are none.
func behindSpace(line []byte, i int) int {
	from := i
	for i < len(line) && (line[i] == ' ' || line[i] >= '\t' && line[i] <= '\r' && line[i] != '\v') {
		i++
	}
	if i == from {
		return 0
	}
	return i
}
