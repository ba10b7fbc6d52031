package code

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// A module of helpers has functions for many credentials, and who imports one of them needs no other. So a read inside of a
// function says by which names of its module it is reached, and an import says which names it takes.

// unit is a function or class at the top of a file.
type unit struct {
	name     string
	from, to int
}

// unitHeads open a function or a class at the begin of a line, by the family of the language.
var unitHeads = map[string]*lazy.Regexp{
	"script": lazy.New(`(?m)^(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:abstract\s+)?(?:function\*?\s+|class\s+)([A-Za-z_$][\w$]*)` +
		`|^(?:export\s+)?const\s+([A-Za-z_$][\w$]*)\s*(?::[^=\n]{1,200})?=\s*(?:async\s*)?(?:function\b|\([^()]{0,400}\)\s*(?::[^=\n]{1,100})?=>|[\w$]+\s*=>)`),
	"python": lazy.New(`(?m)^(?:async\s+)?(?:def|class)\s+([A-Za-z_]\w*)`),
}

// maxUnits bounds the functions of one file that are told apart.
const maxUnits = 300

// unitsOf lists the functions and classes at the top of a text. One ends where the next line begins at its first column, but for
// brackets that close.
func unitsOf(family string, text []byte) []unit {
	head := unitHeads[family]
	if head == nil {
		return nil
	}
	var out []unit
	for _, m := range head.FindAllSubmatchIndex(text, maxUnits+1) {
		u := unit{from: m[0], to: len(text)}
		for g := 2; g < len(m); g += 2 {
			if m[g] >= 0 {
				u.name = string(text[m[g]:m[g+1]])
			}
		}
		for at := m[1]; ; {
			n := bytes.IndexByte(text[at:], '\n')
			if n < 0 {
				break
			}
			if at += n + 1; at < len(text) && !strings.ContainsRune(" \t\r\n)]}", rune(text[at])) {
				u.to = at
				break
			}
		}
		out = append(out, u)
	}
	if len(out) > maxUnits {
		return nil
	}
	return out
}

// units are the functions and classes of one text.
type units struct {
	list   []unit
	byName map[string]int
	used   [][]int // by which others each is used
	loaded []bool  // the text itself uses it when it is loaded
}

// uses is where a text uses a name that it imports: in which functions, or when it is loaded.
type uses struct {
	in     []int
	loaded bool
	handed bool // the text hands it on under its name
	on     []int
}

// usesOf reads where the text uses its functions, and the names that it imports; false for one with too many uses.
func (u *units) usesOf(text []byte, imported map[string]*uses) bool {
	u.byName, u.used, u.loaded = map[string]int{}, make([][]int, len(u.list)), make([]bool, len(u.list))
	for i, x := range u.list {
		u.byName[x.name] = i
	}
	var first [256]bool // bytes with which the names begin: most words begin with another
	for name := range u.byName {
		first[name[0]] = true
	}
	for name := range imported {
		first[name[0]] = true
	}
	asked := 0
	for i := 0; i < len(text); i++ {
		if !first[text[i]] || i > 0 && isWord(text[i-1]) {
			continue
		}
		end := i
		for end < len(text) && isWord(text[end]) {
			end++
		}
		n, own := u.byName[string(text[i:end])]
		x := imported[string(text[i:end])]
		if own || x != nil {
			if asked++; asked > maxAsked {
				return false
			}
			in := unitAt(u.list, i)
			if own && in != n {
				u.use(text, i, n, in)
			}
			if x != nil {
				x.add(text, i, in)
			}
		}
		i = end
	}
	return true
}

// maxAsked bounds the uses in one text: in one with more nothing is told apart.
const maxAsked = 5000

// use notes that a function is used at an offset, in another or outside of all.
func (u *units) use(text []byte, off, n, in int) {
	switch {
	case u.loaded[n]:
	case in < 0:
		u.loaded[n] = !exporting(text, off)
	case !slices.Contains(u.used[n], in):
		u.used[n] = append(u.used[n], in)
	}
}

// maxUsesOn bounds the places of one imported name.
const maxUsesOn = 3

// add notes a use at an offset, in a function or outside of all.
func (x *uses) add(text []byte, off, in int) {
	switch {
	case in < 0 && importing(text, off):
		return
	case in < 0 && exporting(text, off):
		x.handed = true
		return
	case in >= 0 && !slices.Contains(x.in, in):
		x.in = append(x.in, in)
	case in >= 0:
	default:
		x.loaded = true
	}
	if len(x.on) < maxUsesOn && !commented(lead(text, off)) {
		x.on = append(x.on, off)
	}
}

// reach returns the names by which any of the functions is reached, nil when the text itself uses one when it is loaded.
func (u *units) reach(from []int) map[string]bool {
	seen := map[string]bool{}
	for queue := slices.Clone(from); len(queue) > 0; {
		n := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if u.loaded[n] {
			return nil
		}
		if !seen[u.list[n].name] {
			seen[u.list[n].name] = true
			queue = append(queue, u.used[n]...)
		}
	}
	return seen
}

// importing reports whether the statement of an offset is an import.
func importing(text []byte, off int) bool {
	before := text[max(0, off-namesReach):off]
	for _, w := range []string{"import", "require", "const {", "const{"} {
		if i := bytes.LastIndex(before, []byte(w)); i >= 0 && (i == 0 || before[i-1] == '\n' || w == "import" && !isWord(before[i-1])) {
			between := bytes.TrimLeft(before[i+len(w):], " \t")
			lines := bytes.IndexByte(between, '\n') < 0 || bytes.HasPrefix(between, []byte("{")) || bytes.HasPrefix(between, []byte("(")) || bytes.Contains(between, []byte(", {"))
			if lines && !bytes.ContainsAny(between, ";=})") {
				return true
			}
		}
	}
	return false
}

func unitAt(units []unit, off int) int {
	i, ok := slices.BinarySearchFunc(units, off, func(u unit, off int) int { return u.from - off })
	if !ok {
		i--
	}
	if i >= 0 && off < units[i].to {
		return i
	}
	return -1
}

// exporting reports whether the statement of an offset only hands names out.
func exporting(text []byte, off int) bool {
	for _, w := range []string{"export {", "export{", "module.exports", "exports.", "__all__"} {
		if i := bytes.LastIndex(text[max(0, off-2000):off], []byte(w)); i >= 0 {
			between := text[max(0, off-2000)+i+len(w) : off]
			if !bytes.ContainsAny(between, ";)") && !bytes.Contains(between, []byte("\n\n")) && bytes.Count(between, []byte("}")) == 0 {
				return true
			}
		}
	}
	return false
}

// insides notes for each read of the text inside of a function by which names it is reached, and for each name that it imports.
func (r *Result) insides(language string, text []byte) {
	family := ""
	switch language {
	case "javascript", "typescript":
		family = "script"
	case "python":
		family = "python"
	}
	if family == "" || len(r.Reads)+len(r.Stores)+len(r.Imports) == 0 || len(text) > maxTold {
		return
	}
	u := &units{list: unitsOf(family, text)}
	imported := map[string]*uses{}
	for _, i := range r.Imports {
		for _, t := range i.Names {
			imported[t.local] = &uses{}
		}
	}
	if len(u.list)+len(imported) == 0 {
		return
	}
	if !u.usesOf(text, imported) {
		return
	}
	for i := range r.Reads {
		r.Reads[i].Inside = u.inside(r.Reads[i].Offset)
	}
	for i := range r.Stores {
		r.Stores[i].Inside = u.inside(r.Stores[i].Offset)
	}
	for i := range r.Imports {
		for n, t := range r.Imports[i].Names {
			x := imported[t.local]
			r.Imports[i].Names[n].On = x.on
			if !x.loaded && len(x.in) > 0 {
				r.Imports[i].Names[n].Inside = u.names(x.in, x.handed, t.local)
			}
		}
	}
}

func (u *units) inside(off int) []string {
	i := unitAt(u.list, off)
	if i < 0 {
		return nil
	}
	return u.names([]int{i}, false, "")
}

// names lists the names by which functions are reached; nil for all who load the file.
func (u *units) names(from []int, handed bool, local string) []string {
	by := u.reach(from)
	if by == nil || len(by) > maxInside {
		return nil
	}
	if handed {
		by[local] = true
	}
	return slices.Sorted(maps.Keys(by))
}

// maxTold bounds the texts whose functions are told apart: longer ones are written by programs.
const maxTold = 400_000

// maxInside bounds the names of one read; those of a file with more are not told apart.
const maxInside = 40
