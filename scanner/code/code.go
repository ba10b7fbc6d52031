// Package code finds, in program text, what is read from the environment and from secret managers, and which
// files and commands a script starts. It is pure: text in, facts out. It works on comment-stripped text and on
// literal arguments; a computed name becomes a glob or is left out.
//
// Three ways lead to facts. Shell text goes through a real parser (mvdan.cc/sh), Go files through go/parser, and
// every other language through a masker that blanks comments and knows where strings are, with one table of rows
// for each language. Text that a parser refuses falls back to rows.
package code

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Result is what one program text says. Offsets are byte offsets in the text given to Scan; each list is sorted
// by offset.
type Result struct {
	Reads   []Read
	Stores  []StoreRead
	Runs    []Run
	Writes  []Write
	Feeds   []Feed
	Images  []Image
	Mints   []Mint
	Hosts   []Host
	Uses    []Use
	Imports []Import

	Settings    []Setting
	Definitions []Definition
	Arguments   []Argument

	Implicit []Read // what client programs take from the environment without a word in the text

	Wraps []Wrap
	Calls []Call
}

// Argument is a word that a shell script takes from its own arguments: TOKEN="$3". Only those that hold a credential by
// their name are listed.
type Argument struct {
	Number int // from 1
	Offset int // of the variable that takes it
}

// Read is a read of an environment variable (process.env.X, os.Getenv("X"), "$X") or, where Via says so, of a
// configuration property (@Value("${mail.key}") has Via java-value and the name mail.key).
type Read struct {
	Name     string // a glob when part of the name is computed; "*" when the whole environment is used
	Via      string // id of the pattern that matched: js-process-env, py-os-environ ...
	Offset   int    // of the name
	Sure     inventory.Confidence
	Property bool     // the name is a configuration property ("mail.key", "Mail:Key"), not a variable
	Inside   []string // names of the file by which it is reached, for one inside of a function; nil for all that load the file
	Clients  []string // words of the calls around it, in small letters: stripe for new Stripe(process.env.X)
}

// StoreRead is a call that fetches a credential from a store by a literal name (vault kv get, GetSecretValue).
type StoreRead struct {
	Slot   inventory.SlotRef // Name or Key "*": all that the place holds
	Into   string            // the variable or environment name it lands in, "" unknown
	Via    string
	Offset int
	Sure   inventory.Confidence
	Inside []string // as Read.Inside
}

// Run is a file or a named target that the script starts.
type Run struct {
	Kind   string            // file, source, module, package (go run ./p), fill (a template, Path may be a glob), client (Path is its name), make, npm, task, just, rake, rails ...
	Path   string            // of the file as written, relative to Dir; or the name of the target
	Dir    string            // working directory as the text says it: "" the caller's, "/" the source's root, "$0" the script's own folder, "*" unknown
	Offset int               // of the command
	Env    map[string]string // assignments in front of the command: name -> name read on the right, "" for others
	Args   []Arg             // arguments of a script that carry a variable or an expression
}

// Arg is one argument of a script that is started.
type Arg struct {
	Number      int // from 1
	From        []string
	Offset, End int
}

// Write is an assignment that later steps or child processes can see, or a value put into a store.
type Write struct {
	Name    string
	From    []string            // names of the variables that the value uses
	Fetched []inventory.SlotRef // entries of stores that the value holds, by themselves or by a variable of the text
	To      string              // export, github-env, github-output, dotenv:<path>, gh-secret:<NAME>, helm-value:<path> ...
	Offset  int
	Slot    inventory.SlotRef // the entry of a store that is filled, the zero one for others
	Dir     string            // what a path in To is relative to, as Run says it
	End     int               // behind the text that the value stands in, 0 for all of its line
}

// Mint is a command that makes a short-lived credential from another (aws sts assume-role).
type Mint struct {
	What   string
	From   []string // names of the variables it uses
	Offset int
}

// Host is a literal host that the text talks to.
type Host struct {
	Name   string
	Offset int
}

// Use is something that the text does at a system, as far as its words say; it never holds a literal value.
type Use struct {
	Kind   string // a kind of permission of package inventory
	What   string
	Offset int
}

// Scan returns what a program text says. The language is one that Language returns; an unknown one gives an empty
// result. It never fails: what cannot be parsed is read line by line.
func Scan(language string, text []byte) Result { return ScanWith(language, text, nil) }

// ScanWith is Scan for a text whose grams are known.
func ScanWith(language string, text []byte, grams *artifact.Grams) Result {
	if words, ok := strings.CutPrefix(language, WordsOf); ok {
		return scanWords(words+" ", text)
	}
	var r Result
	switch language {
	case "":
	case "shell":
		r = shellText(text)
	case "makefile":
		r = scanMakefile(text)
	case "go":
		r = scanGo(text, grams)
	case "powershell":
		r = scanPower(text)
	default:
		if l, ok := languages[language]; ok {
			r = scanRows(l, text, grams)
		}
	}
	if language == "shell" {
		r.Imports = sourceImports(r.Runs)
	} else {
		r.Imports = Imports(language, text)
	}
	r.settle(len(text))
	r.insides(language, text)
	return r
}

// WordsOf stands in front of the first words of a command, as the language of a text that holds the others: the arguments
// that an action hands to a program.
const WordsOf = "words of "

func scanWords(first string, text []byte) Result {
	r := scanShell(append([]byte(first), text...), 0)
	r.move(func(off int) int { return off - len(first) })
	r.settle(len(text))
	return r
}

// settle sorts the lists and keeps, of several facts at one place, the surest.
func (r *Result) settle(size int) {
	r.Reads = settled(r.Reads, size, func(x Read) int { return x.Offset }, func(a, b Read) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(b.Sure, a.Sure), cmp.Compare(helperRank(a.Via), helperRank(b.Via)), cmp.Compare(a.Via, b.Via))
	}, func(a, b Read) bool { return a.Name == b.Name })
	r.Stores = settled(r.Stores, size, func(x StoreRead) int { return x.Offset }, func(a, b StoreRead) int {
		return cmp.Or(cmp.Compare(a.Slot.ID(), b.Slot.ID()), cmp.Compare(b.Into, a.Into), cmp.Compare(b.Sure, a.Sure), cmp.Compare(a.Via, b.Via))
	}, func(a, b StoreRead) bool { return a.Slot == b.Slot })
	r.Runs = settled(r.Runs, size, func(x Run) int { return x.Offset }, func(a, b Run) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Dir, b.Dir))
	}, func(a, b Run) bool { return a.Kind == b.Kind && a.Path == b.Path && a.Dir == b.Dir })
	r.Writes = settled(r.Writes, size, func(x Write) int { return x.Offset }, func(a, b Write) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.To, b.To))
	}, func(a, b Write) bool { return a.Name == b.Name && a.To == b.To })
	r.Feeds = settled(r.Feeds, size, func(x Feed) int { return x.Offset }, func(a, b Feed) int {
		return cmp.Or(cmp.Compare(a.To, b.To), cmp.Compare(a.From, b.From))
	}, func(a, b Feed) bool { return a == b })
	r.Images = settled(r.Images, size, func(x Image) int { return x.Offset }, func(a, b Image) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Context, b.Context))
	}, func(a, b Image) bool { return a == b })
	r.Mints = settled(r.Mints, size, func(x Mint) int { return x.Offset }, func(a, b Mint) int {
		return cmp.Compare(a.What, b.What)
	}, func(a, b Mint) bool { return a.What == b.What })
	r.Hosts = settled(r.Hosts, size, func(x Host) int { return x.Offset }, func(a, b Host) int {
		return cmp.Compare(a.Name, b.Name)
	}, func(a, b Host) bool { return a.Name == b.Name })
	r.Uses = settled(r.Uses, size, func(x Use) int { return x.Offset }, func(a, b Use) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What))
	}, func(a, b Use) bool { return a.Kind == b.Kind && a.What == b.What })
	r.settleSettings(size)
	r.Arguments = slices.DeleteFunc(r.Arguments, func(a Argument) bool { return a.Offset < 0 || a.Offset > size })
}

// settleSettings sorts what is said of settings.
func (r *Result) settleSettings(size int) {
	r.Settings = settled(r.Settings, size, func(x Setting) int { return x.Offset }, func(a, b Setting) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(b.Sure, a.Sure), cmp.Compare(a.Import, b.Import))
	}, func(a, b Setting) bool { return a.Kind == b.Kind && a.Name == b.Name })
	r.Definitions = settled(r.Definitions, size, func(x Definition) int { return x.Offset }, func(a, b Definition) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.FromKind, b.FromKind), cmp.Compare(a.From, b.From), cmp.Compare(b.Sure, a.Sure))
	}, func(a, b Definition) bool {
		return a.Kind == b.Kind && a.Name == b.Name && a.From == b.From && a.FromKind == b.FromKind
	})
}

// helperRank puts what a row knows before what a function's name suggests.
func helperRank(via string) int {
	if strings.HasSuffix(via, "-helper") {
		return 1
	}
	return 0
}

// settled sorts facts by offset and then by order, drops those outside of the text, and of facts that are the
// same at one offset keeps the first.
func settled[T any](list []T, size int, at func(T) int, order func(a, b T) int, same func(a, b T) bool) []T {
	list = slices.DeleteFunc(list, func(x T) bool { return at(x) < 0 || at(x) > size })
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Or(cmp.Compare(at(a), at(b)), order(a, b)) })
	return slices.CompactFunc(list, func(a, b T) bool { return at(a) == at(b) && same(a, b) })
}

// append adds the facts of another text that begins at base in this one.
func (r *Result) append(o Result, base int) {
	o.move(func(off int) int { return off + base })
	r.Reads = append(r.Reads, o.Reads...)
	r.Stores = append(r.Stores, o.Stores...)
	r.Runs = append(r.Runs, o.Runs...)
	r.Writes = append(r.Writes, o.Writes...)
	r.Feeds = append(r.Feeds, o.Feeds...)
	r.Images = append(r.Images, o.Images...)
	r.Mints = append(r.Mints, o.Mints...)
	r.Hosts = append(r.Hosts, o.Hosts...)
	r.Uses = append(r.Uses, o.Uses...)
	r.Arguments = append(r.Arguments, o.Arguments...)
	r.Implicit = append(r.Implicit, o.Implicit...)
}

// move gives every fact a new offset.
func (r *Result) move(to func(int) int) {
	for i := range r.Reads {
		r.Reads[i].Offset = to(r.Reads[i].Offset)
	}
	for i := range r.Stores {
		r.Stores[i].Offset = to(r.Stores[i].Offset)
	}
	for i := range r.Runs {
		r.Runs[i].Offset = to(r.Runs[i].Offset)
		for j := range r.Runs[i].Args {
			a := &r.Runs[i].Args[j]
			a.Offset, a.End = to(a.Offset), to(a.End)
		}
	}
	for i := range r.Arguments {
		r.Arguments[i].Offset = to(r.Arguments[i].Offset)
	}
	for i := range r.Implicit {
		r.Implicit[i].Offset = to(r.Implicit[i].Offset)
	}
	for i := range r.Writes {
		r.Writes[i].Offset = to(r.Writes[i].Offset)
		if r.Writes[i].End > 0 {
			r.Writes[i].End = to(r.Writes[i].End)
		}
	}
	for i := range r.Feeds {
		r.Feeds[i].Offset = to(r.Feeds[i].Offset)
	}
	for i := range r.Images {
		r.Images[i].Offset = to(r.Images[i].Offset)
	}
	for i := range r.Mints {
		r.Mints[i].Offset = to(r.Mints[i].Offset)
	}
	for i := range r.Hosts {
		r.Hosts[i].Offset = to(r.Hosts[i].Offset)
	}
	for i := range r.Uses {
		r.Uses[i].Offset = to(r.Uses[i].Offset)
	}
}
