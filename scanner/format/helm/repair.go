package helm

import (
	"bytes"
	"fmt"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxRepairs bounds how many lines of one document are left out.
const maxRepairs = 8

// repaired parses documents. Of one that cannot be parsed, the lines that the parser stops at are left out: a hole
// in the wrong place must not cost the rest.
func repaired(text []byte) []tree.Document {
	docs := tree.YAML(text)
	for i := 0; i < maxRepairs; i++ {
		blanked := false
		for _, d := range docs {
			if d.Err != nil && blank(text, failedLine(d)) {
				blanked = true
			}
		}
		if !blanked {
			break
		}
		docs = tree.YAML(text)
	}
	return docs
}

func failedLine(d tree.Document) int {
	var line int
	if _, err := fmt.Sscanf(d.Err.Error(), "reading YAML: malformed near line %d", &line); err != nil {
		return 0
	}
	return line
}

// blank overwrites a line with spaces, or the one before when it is empty already.
func blank(text []byte, line int) bool {
	for ; line > 0; line-- {
		start := 0
		for i := 1; i < line && start < len(text); i++ {
			next := bytes.IndexByte(text[start:], '\n')
			if next < 0 {
				return false
			}
			start += next + 1
		}
		end := bytes.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text) - start
		}
		l := text[start : start+end]
		if len(bytes.TrimSpace(l)) == 0 || bytes.HasPrefix(l, []byte("---")) {
			continue
		}
		for i := range l {
			l[i] = ' '
		}
		return true
	}
	return false
}

var action = lazy.New(`\{\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\}|\{%[^%]*%\}|\{#[^#]*#\}`)

// Masked parses a document with template actions that are not Helm's (Jinja, Go templates of other tools): an action
// alone on its line is left out, any other is a hole. The line is the one at which the text starts in its file. Nil
// when it is no document even so.
func Masked(text []byte, line int) *tree.Node {
	out := bytes.Repeat([]byte("\n"), line-1)
	for _, line := range bytes.SplitAfter(text, []byte("\n")) {
		bare := action.ReplaceAll(line, nil)
		if len(bytes.TrimSpace(bare)) == 0 && len(bare) != len(line) {
			out = append(out, '\n')
			continue
		}
		out = append(out, action.ReplaceAll(line, []byte(string(hole)))...)
	}
	for _, d := range repaired(out) {
		if d.Err == nil && d.Root != nil {
			unmask(d.Root, map[*tree.Node]bool{})
			return d.Root
		}
	}
	return nil
}

func unmask(n *tree.Node, done map[*tree.Node]bool) {
	if n == nil || done[n] {
		return
	}
	done[n] = true
	if n.Kind == tree.Scalar {
		n.Value = string(bytes.ReplaceAll([]byte(n.Value), []byte(string(hole)), []byte("{{.}}")))
	}
	for i := range n.Pairs {
		unmask(n.Pairs[i].Value, done)
	}
	for _, c := range n.Items {
		unmask(c, done)
	}
}
