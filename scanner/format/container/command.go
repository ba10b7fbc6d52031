package container

import (
	"path"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Word is one word of a command, with its place.
type Word struct {
	Text string
	At   artifact.Place
}

// interpreters run the file that is their first argument that is no option.
var interpreters = map[string]bool{
	"sh": true, "bash": true, "ash": true, "dash": true, "zsh": true, "python": true, "python3": true, "node": true,
	"ruby": true, "perl": true, "php": true, "deno": true, "bun": true, "tsx": true, "ts-node": true, "pwsh": true,
}

var shells = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true, "zsh": true}

var scriptName = regexp.MustCompile(`^[\w./@+-]+\.(sh|bash|py|js|mjs|cjs|ts|mts|rb|pl|php|ps1)$`)

// Runner is a part that starts commands.
type Runner struct {
	Facts *artifact.Facts
	Part  string
	Dir   string               // folder of the source in which relative paths are looked up
	Sure  inventory.Confidence // that a relative path means a file of this source
}

// Command reads the words that the part starts: a script becomes an edge to the file, the text of sh -c is read
// as a shell script.
func (r Runner) Command(words []Word) {
	for len(words) > 0 && wrapper(words[0].Text) {
		words = words[1:]
	}
	if len(words) == 0 {
		return
	}
	program := path.Base(words[0].Text)
	if shells[program] {
		for i := 1; i+1 < len(words); i++ {
			if w := words[i].Text; strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.HasSuffix(w, "c") {
				r.Shell(words[i+1].Text, words[i+1].At)
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
var workFolders = []string{"/app/", "/usr/src/app/", "/src/", "/code/", "/workspace/", "/opt/app/", "/srv/app/", "/home/app/"}

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
