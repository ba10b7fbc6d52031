package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Wrap is a function that fetches from a store what its caller names: def get_secret(name): ... SecretId=name. Its calls in
// other files are known by its name.
type Wrap struct {
	Name   string // of the function
	Slot   inventory.SlotRef
	Via    string
	Offset int
}

// Call is a call with a literal, of a function whose name speaks of secrets and that the file does not define.
type Call struct {
	Name   string // of the function
	Arg    string // the literal; "*" stands for what is computed of it
	Offset int    // of the literal
	Sure   inventory.Confidence
}

// Named stands for the name that callers give, in the slot of a Wrap.
const Named = "{}"

// Of returns the slot that a call of the function reads.
func (w Wrap) Of(arg string) inventory.SlotRef {
	ref := w.Slot
	ref.Name = strings.Replace(ref.Name, Named, strings.TrimPrefix(arg, "/"), 1)
	return ref
}

const held = `([A-Za-z_]\w*)`

// behindFlag is what stands between a flag of a command line and a variable: in one text (--name=${x}, --name {x}, --name #{x}), or in
// a list of words ("--name", x).
const behindFlag = `(?:["'],\s*|["']?[= ]["']?[$#]?\{)`

// wrapRows are the calls of sdks that a function may make for its callers: a variable stands where the name would.
var wrapRows = []sdk{
	{via: "sdk-aws-sm", anchor: "ecretId", inner: true, need: secretsManager, match: lazy.New(`^` + becomes + held + `\s*[,)}\n]`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "secret_id", need: secretsManager, match: lazy.New(`^` + becomes + held + `\s*[,)}\n]`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-sm", anchor: "get_secret_value", need: secretsManager, match: lazy.New(`^` + openParen + held + `\s*\)`), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sdk-aws-ssm", anchor: "etParameter", inner: true, need: ssmLibrary, match: lazy.New(`^s?\w*\W[^;]{0,300}?\b[nN]ame["']?\s*(?:=>|[:=(])\s*` + wrapping + held + `\s*[,)}\n]`), slot: simpleSlot("aws-ssm", "*/*")},
	{via: "sdk-aws-ssm", anchor: "get_parameter", need: ssmLibrary, match: lazy.New(`^\([^;]{0,200}?\bName["']?\s*(?:=>|[:=])\s*` + held + `\s*[,)]`), slot: simpleSlot("aws-ssm", "*/*")},
	{via: "sdk-gcp-sm", anchor: "/secrets/", inner: true, need: []string{"ccessSecretVersion", "access_secret_version"}, match: lazy.New(`^\$?\{` + held + `\}`), slot: simpleSlot("gcp-sm", "*")},
	{via: "sdk-azkv", anchor: "etSecret", inner: true, need: azureSecrets, match: lazy.New(`^(?:Async)?` + openParen + contextArg + held + `\s*[,)]`), slot: azureCall},
	{via: "sdk-azkv", anchor: "get_secret", need: azureSecrets, match: lazy.New(`^` + openParen + held + `\s*\)`), slot: azureCall},
	{via: "sdk-vault", anchor: "read_secret_version", need: vaultLibrary, match: lazy.New(`^\(\s*(?:path\s*=\s*)?` + held + `\s*[,)]`), slot: simpleSlot("vault", "*")},
	{via: "sh-aws-ssm", anchor: "get-parameter", match: lazy.New(`^s?[^;` + "`" + `]{0,300}?--names?` + behindFlag + held), slot: simpleSlot("aws-ssm", "*/*")},
	{via: "sh-aws-sm", anchor: "get-secret-value", match: lazy.New(`^[^;` + "`" + `]{0,300}?--secret-id` + behindFlag + held), slot: simpleSlot("aws-sm", "*/*")},
	{via: "sh-gcp-sm", anchor: "versions", match: lazy.New(`^(?:["'],\s*["']| )access\b[^;` + "`" + `]{0,200}?--secret` + behindFlag + held), slot: simpleSlot("gcp-sm", "*")},
	{via: "sh-azkv", anchor: "keyvault", match: lazy.New(`^(?:["'],\s*["']| )secret(?:["'],\s*["']| )show\b[^;` + "`" + `]{0,200}?(?:--name|-n)` + behindFlag + held), slot: simpleSlot("azkv", "*")},
	{via: "sdk-vault", anchor: "Logical().Read", inner: true, match: lazy.New(`^(?:WithContext)?\(\s*` + contextArg + held + `\s*\)`), slot: simpleSlot("vault", "*")},
}

// wrappersOfStores reads functions that fetch what they are asked for, and their calls in this file.
func (s *scan) wrappersOfStores() {
	seen, tries := map[string]bool{}, 0
	for i := range wrapRows {
		row := &wrapRows[i]
		if !s.mentions(row.anchor) || !s.needs(row.need) {
			continue
		}
		for from := 0; tries < maxWrapped; {
			n := lazy.Index(s.code[from:], row.anchor)
			if n < 0 {
				break
			}
			from += n + len(row.anchor)
			m := row.match.FindSubmatchIndex(s.code[from:min(len(s.code), from+400)])
			if m == nil {
				continue
			}
			tries++
			name, param := s.enclosing(from, s.code[from+m[2]:from+m[3]])
			if name == "" || seen[name] || setters.MatchString(name) {
				continue
			}
			seen[name] = true
			w := Wrap{Name: name, Slot: row.slot([]string{"", Named, ""}), Via: row.via, Offset: from}
			s.out.Wraps = append(s.out.Wraps, w)
			s.each(name, true, func(_, end int) { s.fetchCall(w, end, param) })
		}
	}
}

// fetchCall reads one call of a wrapper: the literal at the place of the parameter.
func (s *scan) fetchCall(w Wrap, end, param int) {
	if s.at(end) != '(' {
		return
	}
	items := s.items(end, param+1, 600)
	if len(items) <= param {
		return
	}
	if a, ok := s.literal(items[param]); ok && entryName.MatchString(a.name) {
		s.store(w.Of(a.name), w.Via, a.offset, inventory.Weakest(high, a.sure))
	}
}

// entryName holds for what may name an entry of a store, with a part that stays when some of it is computed.
var entryName = lazy.New(`^[\w/*.:-]*[A-Za-z][\w/*.:-]{2,}$`)

// secretCalls are words one of which stands in the name of a function that fetches secrets.
var secretCalls = []string{"ecret", "arameter", "ault", "redential"}

// maxSecretCalls bounds the calls of one file.
const maxSecretCalls = 200

// calls lists the calls of functions that may be wrappers of another file.
func (s *scan) calls() {
	own := map[string]bool{}
	for _, w := range s.out.Wraps {
		own[w.Name] = true
	}
	for _, at := range s.calledWith(secretCalls) {
		name := string(s.code[at.from:at.to])
		name = name[strings.LastIndexByte(name, '.')+1:]
		if len(s.out.Calls) < maxSecretCalls && !own[name] && !s.inString(at.to-1) {
			s.callOf(name, at.to)
		}
	}
}

// callOf notes a call when one of its first two arguments is a literal.
func (s *scan) callOf(name string, open int) {
	for _, at := range s.items(open, 2, 300) {
		if a, ok := s.literal(at); ok {
			if entryName.MatchString(a.name) {
				s.out.Calls = append(s.out.Calls, Call{Name: name, Arg: a.name, Offset: a.offset, Sure: a.sure})
			}
			return
		}
	}
}
