package container

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Word is one word of a command, or a whole shell text, with its place.
type Word struct {
	Text  string
	At    artifact.Place
	Block bool // written as a YAML block: its text starts on the next line
}

// WordOf returns the text of a scalar as a word.
func WordOf(n *tree.Node, p tree.Path) Word {
	w := Word{Text: n.Str(), At: artifact.At(n, p)}
	w.Block = n != nil && n.Block
	return w
}

// Words returns the words of a sequence.
func Words(n *tree.Node, p tree.Path) []Word {
	if !n.IsSeq() {
		return nil
	}
	out := make([]Word, len(n.Items))
	for i, item := range n.Items {
		out[i] = WordOf(item, p.Index(i))
	}
	return out
}

// interpreters run the file that is their first argument that is no option.
var interpreters = map[string]bool{
	"sh": true, "bash": true, "ash": true, "dash": true, "zsh": true, "python": true, "python3": true, "node": true,
	"ruby": true, "perl": true, "php": true, "deno": true, "bun": true, "tsx": true, "ts-node": true, "pwsh": true,
}

var shells = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true, "zsh": true}

var scriptName = lazy.New(`^[\w./@+-]+\.(sh|bash|py|js|mjs|cjs|ts|mts|rb|pl|php|ps1)$`)

// Runner is a part that starts commands.
type Runner struct {
	Facts *artifact.Facts
	Part  string
	Dir   string               // folder of the source in which relative paths are looked up
	Sure  inventory.Confidence // that a relative path means a file of this source

	// Read is told of every variable that shell text reads; nil for a part that sees them by other means.
	Read func(name string, sure inventory.Confidence, at artifact.Place)
}

// Command reads the words that the part starts: a script becomes an edge to the file, the text of sh -c is read
// as a shell script.
func (r Runner) Command(words []Word) {
	r.options(words)
	for len(words) > 0 && wrapper(words[0].Text) {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	r.targets(words)
	program := path.Base(words[0].Text)
	if shells[program] {
		for i := 1; i+1 < len(words); i++ {
			if w := words[i].Text; strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.HasSuffix(w, "c") {
				r.Shell(words[i+1])
				return
			}
		}
	}
	if interpreters[program] {
		words = words[1:]
		for len(words) > 0 && strings.HasPrefix(words[0].Text, "-") {
			words = words[1:]
		}
	}
	if len(words) > 0 {
		r.Script(words[0].Text, words[0].At)
	}
}

// wrapper reports whether a word only starts the words that follow it.
func wrapper(word string) bool {
	switch path.Base(word) {
	case "tini", "dumb-init", "exec", "env", "--", "-g", "catatonit":
		return true
	}
	return strings.Contains(word, "=") && !strings.HasPrefix(word, "-")
}

// workFolders are where images keep the program that they were built from.
var workFolders = []string{"/app/", "/usr/src/app/", "/src/", "/code/", "/workspace/", "/opt/app/", "/srv/app/", "/home/app/", "/opt/airflow/",
	"/usr/local/airflow/", "/home/airflow/gcs/"}

// Script says that the part runs a script. A path inside the image that begins with a usual working folder is
// taken for a path in the source, at low confidence; any other absolute path is no file of the source.
func (r Runner) Script(file string, at artifact.Place) {
	if !scriptName.MatchString(file) || len(file) > 400 {
		return
	}
	sure := r.Sure
	if strings.HasPrefix(file, "/") {
		file = belowWorkFolder(file)
		sure = inventory.Low
	}
	if file == "" {
		return
	}
	if file = path.Join(r.Dir, file); !strings.HasPrefix(file, "../") {
		r.Facts.Runs(r.Part, file, "command", sure, at)
	}
}

func belowWorkFolder(file string) string {
	for _, w := range workFolders {
		if rest, ok := strings.CutPrefix(file, w); ok {
			return rest
		}
	}
	return ""
}

// secretOption matches command line options that carry a credential, or a URL that may hold one.
var secretOption = lazy.New(`(?i)^--?[\w.-]*(pass|password|passwd|requirepass|masterauth|token|secret|apikey|api-key|access-key|secret-key|private-key|credentials?|auth|dsn|url|uri)$`)

// options reads the values of options that may carry a credential: --token=x, --token x.
func (r Runner) options(words []Word) {
	for i, w := range words {
		name, value, set := strings.Cut(w.Text, "=")
		if !secretOption.MatchString(name) || len(name) > 80 {
			continue
		}
		if !set && i+1 < len(words) {
			w, value = words[i+1], words[i+1].Text
		}
		if value == "" || strings.HasPrefix(value, "-") || Fallback(value) == "" || strings.HasPrefix(value, "$(") {
			continue
		}
		b := bind(r.Facts, r.Part, name, "argument", "command-option", w.At)
		Value(r.Facts, b, w.At.Pointer+":"+name, strings.TrimLeft(name, "-"), value, w.At)
	}
}
