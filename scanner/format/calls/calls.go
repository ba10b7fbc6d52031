// Package calls reads program text of the kind that Groovy and Kotlin configuration files are written in, as nested
// calls with their arguments and blocks: pipeline { stage('Build') { sh 'make' } }. It knows no types and no
// control flow: if, try and for are calls with a block like any other. What it does not understand it skips.
package calls

// Statement is a call, or an assignment of a value to a name.
type Statement struct {
	Name   string // of what is called or assigned: withCredentials, docker.withRegistry, env.TOKEN
	Offset int    // of the name
	End    int    // behind the last byte
	Args   []Entry
	Body   []Statement // the block behind the arguments
	Block  bool        // there is a block, maybe an empty one
	Assign bool        // NAME = value: the value is the only argument
}

// Entry is one argument, item of a list or pair of a map. Name is "" where there is none.
type Entry struct {
	Name   string
	Offset int
	Value  Value
}

// Value is one value: a string, a word, a list or map, a call, a block. Further parts of an expression stand in Rest.
type Value struct {
	Text   string // of a string, as it stands between its quotes; of a word
	String bool
	Raw    bool // a string without interpolation
	Offset int  // of the text
	List   []Entry
	IsList bool
	Call   *Statement // a call, or a block without a name
	Rest   []Value
}

// Limits of one text.
const (
	maxDepth  = 120
	maxTokens = 400_000
)

// Parse reads a text. It never fails.
func Parse(text []byte) []Statement {
	p := &parser{tokens: lex(string(text))}
	var out []Statement
	for p.peek().kind != end {
		out = append(out, p.block(0)...)
		p.next() // a closing brace too many
	}
	return out
}

// Arg returns the argument of a name, else the positional one of an index, -1 for none.
func (s Statement) Arg(name string, index int) (Value, bool) {
	n := 0
	for _, a := range s.Args {
		switch {
		case a.Name == name && name != "":
			return a.Value, true
		case a.Name == "":
			if n == index {
				return a.Value, true
			}
			n++
		}
	}
	return Value{}, false
}

// Get returns the value of a pair of a map.
func (v Value) Get(name string) (Value, bool) {
	for _, e := range v.List {
		if e.Name == name {
			return e.Value, true
		}
	}
	return Value{}, false
}

// Literal returns the text of a string without interpolation, "" for any other value.
func (v Value) Literal() string {
	if !v.String || len(v.Rest) > 0 {
		return ""
	}
	if !v.Raw {
		for i := 0; i < len(v.Text); i++ {
			if v.Text[i] == '$' && (i == 0 || v.Text[i-1] != '\\') {
				return ""
			}
		}
	}
	return v.Text
}

// Walk visits a list of statements and all calls within them, outer ones first. When visit returns false, what is
// inside is left out.
func Walk(list []Statement, visit func(Statement) bool) {
	for _, s := range list {
		if !visit(s) {
			continue
		}
		for _, a := range s.Args {
			a.Value.Walk(visit)
		}
		Walk(s.Body, visit)
	}
}

// Walk visits all calls within a value.
func (v Value) Walk(visit func(Statement) bool) {
	if v.Call != nil {
		Walk([]Statement{*v.Call}, visit)
	}
	for _, e := range v.List {
		e.Value.Walk(visit)
	}
	for _, r := range v.Rest {
		r.Walk(visit)
	}
}
