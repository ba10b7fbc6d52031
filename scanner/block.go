package scanner

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// The bounds of the search: lines of a block, bytes of a line, and names that are looked for in one file.
const (
	maxBlockLines = 1000
	maxBlockLine  = 2000
	maxBlockNames = 5000
)

// withinBlocks adds the line of a name to facts of YAML that stand at the head of a block: `config.json: |` has a reader find
// a name in a text of many lines, and what people want to see is the line with the name.
func withinBlocks(a *artifact.Artifact, f *artifact.Facts) {
	if ext := path.Ext(a.Path); ext != ".yaml" && ext != ".yml" || a.Binary != nil {
		return
	}
	heads, looked := map[int][]blockLine{}, 0
	var found []inventory.Edge
	f.Set.EachEdge(func(e inventory.Edge) {
		for _, at := range e.Evidence {
			if at.Path != a.Path || at.Line == 0 {
				continue
			}
			lines, known := heads[at.Line]
			if !known {
				lines = blockBelow(a, at.Line)
				heads[at.Line] = lines
			}
			if len(lines) == 0 || looked >= maxBlockNames {
				continue
			}
			looked++
			for _, id := range []string{e.To, e.From} {
				if line, column := wordIn(lines, nameIn(id)); line > 0 {
					at.Line, at.Column = line, column
					e.Evidence, e.Attrs = []inventory.Evidence{at}, nil
					found = append(found, e)
					break
				}
			}
		}
	})
	for _, e := range found {
		f.Set.AddEdge(e)
	}
}

// blockLine is a line of a block.
type blockLine struct {
	number int
	text   []byte
}

// blockBelow returns the lines of the block that the line opens; nil when it opens none.
func blockBelow(a *artifact.Artifact, line int) []blockLine {
	head := bytes.TrimRight(lineText(a, line), "+-0123456789 \r")
	if before, isHead := bytes.CutSuffix(head, []byte("|")); isHead {
		head = before
	} else if head, isHead = bytes.CutSuffix(head, []byte(">")); !isHead {
		return nil
	}
	if head = bytes.TrimRight(head, " "); !bytes.HasSuffix(head, []byte(":")) && !bytes.HasSuffix(head, []byte("-")) {
		return nil
	}
	indent := len(head) - len(bytes.TrimLeft(head, " "))
	var out []blockLine
	for n := line + 1; n <= line+maxBlockLines; n++ {
		text := lineText(a, n)
		if text == nil {
			break
		}
		if trimmed := bytes.TrimLeft(text, " "); len(bytes.TrimSpace(trimmed)) > 0 && len(text)-len(trimmed) <= indent {
			break
		}
		if len(text) <= maxBlockLine {
			out = append(out, blockLine{n, text})
		}
	}
	return out
}

// lineText returns a line without its end, nil behind the last one.
func lineText(a *artifact.Artifact, line int) []byte {
	if a.LineStart(line) < 0 {
		return nil
	}
	return bytes.TrimSuffix(lineOf(a, line), []byte("\n"))
}

// nameIn returns the name at the end of an id, "" when it has none that a text would hold.
func nameIn(id string) string {
	if i := strings.LastIndexAny(id, "/#"); i >= 0 {
		id = id[i+1:]
	}
	if len(id) < 3 || strings.Contains(id, "*") {
		return ""
	}
	return id
}

// wordIn returns the first line in which a name stands as a word, and its column; 0 for none.
func wordIn(lines []blockLine, name string) (line, column int) {
	if name == "" {
		return 0, 0
	}
	inWord := func(c byte) bool {
		return c == '_' || c == '-' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
	}
	for _, l := range lines {
		for from := 0; ; {
			i := bytes.Index(l.text[from:], []byte(name))
			if i < 0 {
				break
			}
			i += from
			end := i + len(name)
			if (i == 0 || !inWord(l.text[i-1])) && (end == len(l.text) || !inWord(l.text[end])) {
				return l.number, i + 1
			}
			from = end
		}
	}
	return 0, 0
}
