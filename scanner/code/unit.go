package code

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// A module of helpers has functions for many credentials, and who imports one of them needs no other. So a read inside of a
// function says by which names of its module it is reached, and an import says which names it takes.

// unit is a function or class at the top of a file.
type unit struct {
	name     string
	from, to int
}

// maxHead bounds the text of a head.
const maxHead = 1500

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
	for at := 0; at < len(text) && len(out) <= maxUnits; at = nextLine(text, at) {
		name, end := head(text[at:min(len(text), at+maxHead)])
		if end == 0 {
			continue
		}
		u := unit{name: string(name), from: at}
		at += end - 1 // where the next head is looked for
		for u.to = nextLine(text, at); u.to < len(text) && strings.IndexByte(" \t\r\n)]}", text[u.to]) >= 0; {
			u.to = nextLine(text, u.to)
		}
		out = append(out, u)
	}
	if len(out) > maxUnits {
		return nil
	}
	return out
}

// nextLine is where the line after an offset begins, the end of the text for none.
func nextLine(text []byte, off int) int {
	if n := bytes.IndexByte(text[off:], '\n'); n >= 0 {
		return off + n + 1
	}
	return len(text)
}

// units are the functions and classes of one text.
type units struct {
	list   []unit
	byName map[string]int
	used   [][]int // by which others each is used
	loaded []bool  // the text itself uses it when it is loaded
	alone  []names // by which names each is reached, as far as it was asked

	wordPlaces
}

// names are those by which a function is reached.
type names struct {
	known bool
	list  []string
}

// wordPlaces finds the last place of a word in front of an offset of a text, for many offsets.
type wordPlaces struct {
	text   []byte
	family string
	at     map[string][]int
}

// importWords and exportWords begin the statements that take names in and hand them out, by the family of the language.
var (
	importWords = map[string][]string{"script": {"import", "require", "const {", "const{"}, "python": {"import"}}
	exportWords = map[string][]string{"script": {"export {", "export{", "module.exports", "exports."}, "python": {"__all__"}}
)

// before returns the last place in front of an offset, and no further from it than reach, at which a word stands; -1 for none.
func (p *wordPlaces) before(word string, off, reach int) int {
	all, ok := p.at[word]
	if !ok {
		for i := 0; ; {
			n := bytes.Index(p.text[i:], []byte(word))
			if n < 0 {
				break
			}
			all = append(all, i+n)
			i += n + 1
		}
		if p.at == nil {
			p.at = map[string][]int{}
		}
		p.at[word] = all
	}
	i, _ := slices.BinarySearch(all, off-len(word)+1)
	if i == 0 || all[i-1] < off-reach {
		return -1
	}
	return all[i-1]
}

// uses is where a text uses a name that it imports: in which functions, or when it is loaded.
type uses struct {
	in     []int
	loaded bool
	handed bool // the text hands it on under its name
	on     []int
}

// usesOf reads where the text uses its functions, and the names that it imports; false for one with too many uses.
func (u *units) usesOf(imported map[string]*uses) bool {
	text := u.text
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
		if !inWords[text[i]] {
			continue
		}
		from := i
		for i++; i < len(text) && inWords[text[i]]; {
			i++
		}
		if !first[text[from]] {
			continue
		}
		n, own := u.byName[string(text[from:i])]
		x := imported[string(text[from:i])]
		if !own && x == nil {
			continue
		}
		if asked++; asked > maxAsked {
			return false
		}
		in := unitAt(u.list, from)
		if own && in != n {
			u.use(from, n, in)
		}
		if x != nil {
			x.add(&u.wordPlaces, from, in)
		}
	}
	return true
}

// inWords are the bytes of words.
var inWords = func() (t [256]bool) {
	for c := range t {
		t[c] = isWord(byte(c))
	}
	return t
}()

// maxAsked bounds the uses in one text: in one with more nothing is told apart.
const maxAsked = 5000

// use notes that a function is used at an offset, in another or outside of all.
func (u *units) use(off, n, in int) {
	switch {
	case u.loaded[n]:
	case in < 0:
		u.loaded[n] = !u.exporting(off)
	case !slices.Contains(u.used[n], in):
		u.used[n] = append(u.used[n], in)
	}
}

// maxUsesOn bounds the places of one imported name.
const maxUsesOn = 3

// add notes a use at an offset, in a function or outside of all.
func (x *uses) add(p *wordPlaces, off, in int) {
	switch {
	case in < 0 && p.importing(off):
		return
	case in < 0 && p.exporting(off):
		x.handed = true
		return
	case in >= 0 && !slices.Contains(x.in, in):
		x.in = append(x.in, in)
	case in >= 0:
	default:
		x.loaded = true
	}
	if len(x.on) < maxUsesOn && !commented(lead(p.text, off)) {
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
func (p *wordPlaces) importing(off int) bool {
	for _, w := range importWords[p.family] {
		i := p.before(w, off, namesReach)
		if i < 0 || i > 0 && p.text[i-1] != '\n' && (w != "import" || isWord(p.text[i-1])) {
			continue
		}
		between := bytes.TrimLeft(p.text[i+len(w):off], " \t")
		lines := bytes.IndexByte(between, '\n') < 0 || bytes.HasPrefix(between, []byte("{")) || bytes.HasPrefix(between, []byte("(")) || bytes.Contains(between, []byte(", {"))
		if lines && !bytes.ContainsAny(between, ";=})") {
			return true
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
func (p *wordPlaces) exporting(off int) bool {
	for _, w := range exportWords[p.family] {
		i := p.before(w, off, namesReach)
		if i < 0 {
			continue
		}
		between := p.text[i+len(w) : off]
		if !bytes.ContainsAny(between, ";)}") && !bytes.Contains(between, []byte("\n\n")) {
			return true
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
	u := &units{list: unitsOf(family, text), wordPlaces: wordPlaces{text: text, family: family}}
	imported := map[string]*uses{}
	for _, i := range r.Imports {
		for _, t := range i.Names {
			imported[t.local] = &uses{}
		}
	}
	if len(u.list)+len(imported) == 0 {
		return
	}
	if !u.usesOf(imported) {
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

// namesAlone lists the names by which one function is reached, which is asked for each read and each import in it.
func (u *units) namesAlone(n int) []string {
	if u.alone == nil {
		u.alone = make([]names, len(u.list))
	}
	if a := &u.alone[n]; !a.known {
		a.known = true
		if by := u.reach([]int{n}); by != nil && len(by) <= maxInside {
			a.list = slices.Sorted(maps.Keys(by))
		}
	}
	return u.alone[n].list
}

// names lists the names by which functions are reached; nil for all who load the file.
func (u *units) names(from []int, handed bool, local string) []string {
	if len(from) == 1 && !handed {
		return u.namesAlone(from[0])
	}
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
