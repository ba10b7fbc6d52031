// Package code finds, in program text, what is read from the environment and from secret managers, and which
// files and commands a script starts. It is pure: text in, facts out. It works on comment-stripped text and on
// literal arguments; a computed name becomes a glob or is left out.
package code

import (
	"github.com/rotamap/rotamap/graph/inventory"
)

// Result is what one program text says. Offsets are byte offsets in the text given to Scan.
type Result struct {
	Reads  []Read
	Stores []StoreRead
	Runs   []Run
	Writes []Write
	Mints  []Mint
	Hosts  []Host
}

// Read is a read of an environment variable (process.env.X, os.Getenv("X"), "$X").
type Read struct {
	Name   string // a glob when part of the name is computed
	Via    string // id of the pattern that matched: js-process-env, py-os-environ ...
	Offset int
	Sure   inventory.Confidence
}

// StoreRead is a call that fetches a credential from a store by a literal name (vault kv get, GetSecretValue).
type StoreRead struct {
	Slot   inventory.SlotRef
	Into   string // the variable or environment name it lands in, "" unknown
	Via    string
	Offset int
	Sure   inventory.Confidence
}

// Run is a file or a named target that the script starts.
type Run struct {
	Kind   string // file, package (go run ./p), make, npm, task, rake ...
	Path   string // of the file as written, relative to the working directory; or the name of the target
	Dir    string // the working directory as far as the text says it ("cd deploy"), "" for the caller's
	Offset int
	Env    map[string]string // assignments in front of the command: name -> name read on the right, "" for others
}

// Write is an assignment that later steps or child processes can see.
type Write struct {
	Name   string
	From   []string // names of the variables that the value uses
	To     string   // "export", "github-env", "github-output", "dotenv" ...
	Offset int
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
