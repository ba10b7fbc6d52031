package scanner

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// named is a file of the present, with the names in it that may be those of credentials: which are, is known only when all
// files of a source were read.
type named struct {
	file  inventory.Evidence
	words []word
}

type word struct {
	text string
	line int32
}

// The bounds of words: shorter ones are in everybody's mouth, longer ones are no names.
const (
	minWord     = 7
	maxWord     = 80
	maxDigits   = 6       // more are those of an id or a key
	maxWords    = 10_000  // of one file
	longestText = 2 << 20 // of a file that people write
)

// letterGroups are the first three letters of words that speak of credentials. A word without one of them is a candidate
// only when it is written like the variable of an environment.
var letterGroups = func() (out [1 << 15]bool) {
	for _, w := range strings.Fields("key tok sec pas pwd pwo psw pin cre aut jwt dsn sal pep pat web has sig url uri cer pem otp") {
		out[letters(w)] = true
	}
	return out
}()

func letters(s string) int {
	n := 0
	for i := range len(s) {
		n = n<<5 | int(s[i]-'a'+1)
	}
	return n
}

// The kinds of bytes of which words are made.
const (
	lowerByte = 1 << iota
	upperByte
	digitByte
	joinByte // _ and -
)

var byteKinds = func() (out [256]uint8) {
	for c := byte('a'); c <= 'z'; c++ {
		out[c], out[c-'a'+'A'] = lowerByte, upperByte
	}
	for c := byte('0'); c <= '9'; c++ {
		out[c] = digitByte
	}
	out['_'], out['-'] = joinByte, joinByte
	return out
}()

// candidate reports whether a word is written as names of credentials are: of several parts, or all in capitals. made are
// the kinds of its bytes.
func candidate(w []byte, made uint8) bool {
	if plainWord(made) || len(w) > maxWord {
		return false
	}
	if made&lowerByte == 0 && made&joinByte != 0 {
		return digits(w) <= maxDigits
	}
	return (made&lowerByte == 0 || made&joinByte != 0 || humped(w)) && speaks(w) && digits(w) <= maxDigits
}

// plainWord reports whether a word of such bytes is one of prose: small letters and digits.
func plainWord(made uint8) bool { return made&(upperByte|joinByte) == 0 }

// humped reports whether a capital follows a small letter: apiKey.
func humped(w []byte) bool {
	for i := 1; i < len(w); i++ {
		if byteKinds[w[i]] == upperByte && byteKinds[w[i-1]] == lowerByte {
			return true
		}
	}
	return false
}

// speaks reports whether one of letterGroups is in a word.
func speaks(w []byte) bool {
	group := 0
	for _, c := range w {
		switch byteKinds[c] {
		case lowerByte, upperByte:
			group = (group<<5 | int(c&31)) & (1<<15 - 1)
			if letterGroups[group] {
				return true
			}
		default:
			group = 0
		}
	}
	return false
}

func digits(w []byte) int {
	n := 0
	for _, c := range w {
		if byteKinds[c] == digitByte {
			n++
		}
	}
	return n
}

// noteNames notes the names in a file of the present that may be those of credentials.
func (w *worker) noteNames(a *artifact.Artifact) {
	if a.State != inventory.Head || a.Binary != nil || len(a.Content) > longestText || machineWritten(a.Path) {
		return
	}
	text, line, counted := a.Content, 1, 0
	f := named{file: a.Evidence(artifact.Place{})}
	for i := 0; ; {
		start, end, made := nextWord(text, i)
		if start < 0 {
			break
		}
		if len(f.words) == maxWords {
			w.skipped = append(w.skipped, inventory.Skipped{Path: a.Path, Count: 1, Reason: fmt.Sprintf("names behind the first %d of the file were not looked for", maxWords)})
			break
		}
		i = end
		if plainWord(made) {
			continue
		}
		if t := bytes.Trim(text[start:end], "-_"); candidate(t, made) {
			line, counted = line+bytes.Count(text[counted:start], []byte("\n")), start
			f.words = append(f.words, word{w.intern(t), int32(line)})
		}
	}
	if len(f.words) > 0 {
		w.named = append(w.named, f)
	}
}

// nextWord returns where the next word of at least minWord bytes stands, behind the end of one or of none, and the kinds of its
// bytes; -1 when there is none. It looks at the last byte first where such a word might end: most words are shorter.
func nextWord(text []byte, from int) (start, end int, made uint8) {
	for i := from; i+minWord <= len(text); {
		last := i + minWord - 1
		for made = byteKinds[text[last]]; last > i && byteKinds[text[last]] != 0; last-- {
			made |= byteKinds[text[last-1]]
		}
		if last > i || made == 0 || byteKinds[text[i]] == 0 {
			i = last + 1
			continue
		}
		end = i + minWord
		for ; end < len(text) && byteKinds[text[end]] != 0; end++ {
			made |= byteKinds[text[end]]
		}
		return i, end, made
	}
	return -1, -1, 0
}

func (w *worker) intern(text []byte) string {
	if s, ok := w.interned[string(text)]; ok {
		return s
	}
	s := string(text)
	w.interned[s] = s
	return s
}

// putNames writes the names that were noted in an artifact.
func (r *record) putNames(w *worker) {
	r.putInt(len(w.named))
	for _, f := range w.named {
		r.putInt(len(f.words))
		for _, x := range f.words {
			r.putInt(int(x.line))
			r.putString(x.text)
		}
	}
}

func (r *record) names(w *worker) {
	for range r.count() {
		f := named{file: r.artifact.Evidence(artifact.Place{})}
		for range r.count() {
			line := int32(r.int())
			f.words = append(f.words, word{w.intern([]byte(r.string())), line})
		}
		w.named = append(w.named, f)
	}
}

// machineFolders hold what others wrote, machineEndings what a program wrote: nobody names a credential there.
var (
	machineFolders = map[string]bool{"node_modules": true, "vendor": true, "third_party": true, ".yarn": true, "bower_components": true}
	machineEndings = map[string]bool{".lock": true, ".sum": true, ".svg": true, ".map": true, ".csv": true, ".tsv": true, ".po": true}
)

func machineWritten(p string) bool {
	base := path.Base(p)
	if machineEndings[path.Ext(base)] || strings.Contains(base, ".min.") || strings.HasSuffix(base, ".Designer.cs") || strings.HasSuffix(base, "ModelSnapshot.cs") ||
		strings.HasSuffix(base, "-lock.json") || strings.HasSuffix(base, "-lock.yaml") {
		return true
	}
	for dir := range strings.SplitSeq(path.Dir(p), "/") {
		if machineFolders[dir] {
			return true
		}
	}
	return false
}

// mentions returns where the names of credentials stand though no fact does: nothing is said of those lines otherwise. Names
// that only the past or another branch has are not looked for.
func (w *worker) mentions() []inventory.Mention {
	if len(w.named) == 0 {
		return nil
	}
	keys, said := w.namedFacts()
	keyOf := make(map[string]string, len(keys)) // spelling -> key, "" for none
	at := map[string][]inventory.Evidence{}
	for _, f := range w.named {
		last := word{}
		for _, x := range f.words {
			key, known := keyOf[x.text]
			if !known {
				if key = inventory.NameKey(x.text); !keys[key] {
					key = ""
				}
				keyOf[x.text] = key
			}
			if key == "" || x == last || said[claim{key, f.file.Path, x.line}] {
				continue
			}
			last = x
			e := f.file
			e.Line = int(x.line)
			at[x.text] = append(at[x.text], e)
		}
	}
	out := make([]inventory.Mention, 0, len(at))
	for _, name := range slices.Sorted(maps.Keys(at)) {
		out = append(out, inventory.Mention{Name: name, Evidence: inventory.MergeEvidence(at[name], nil)})
	}
	return out
}

// claim is a line at which a fact of a name stands.
type claim struct {
	key, path string
	line      int32
}

// namedFacts returns the keys of the names of credentials, and the lines at which facts of them stand.
func (w *worker) namedFacts() (keys map[string]bool, said map[claim]bool) {
	keys, said = map[string]bool{}, map[claim]bool{}
	ids := map[string][]string{}
	note := func(list []string, at []inventory.Evidence) {
		for _, e := range at {
			for _, k := range list {
				said[claim{k, e.Path, int32(e.Line)}] = true
			}
		}
	}
	w.set.EachNode(func(n inventory.Node) {
		if n.Kind != inventory.Slot && n.Kind != inventory.Binding {
			return
		}
		for _, name := range inventory.NamesOf(&n) {
			key := inventory.NameKey(name)
			ids[n.ID] = append(ids[n.ID], key)
			keys[key] = keys[key] || mayRotate(&n)
		}
		note(ids[n.ID], n.Evidence)
		for _, a := range n.Attrs {
			note(ids[n.ID], a.Evidence)
		}
	})
	w.set.EachEdge(func(e inventory.Edge) {
		note(ids[e.From], e.Evidence)
		note(ids[e.To], e.Evidence)
	})
	return keys, said
}

// mayRotate reports whether a slot or a binding may stand for a credential.
func mayRotate(n *inventory.Node) bool {
	for _, a := range n.All(inventory.AttrClass) {
		switch inventory.Class(a.Value) {
		case inventory.ClassCredential, inventory.ClassUnknown:
			return len(n.Evidence) > 0 && n.Evidence[0].State == inventory.Head
		}
	}
	return false
}
