// Package host reads what starts programs on a machine: systemd units and timers, crontabs, Procfiles, supervisord, the
// schedules of Ruby's job runners and of Vercel.
package host

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// unit is one program that the machine starts: an automation with one part.
type unit struct {
	*artifact.Facts
	automation, part string
	rule             string
	dir              string // the working directory on the machine, "" unknown
}

// start adds an automation with its part. The key tells several of one file apart.
func start(f *artifact.Facts, key, name, role string, at artifact.Place) *unit {
	u := &unit{Facts: f, rule: f.Platform}
	u.automation = f.Automation(key, name, at)
	u.part = f.Part(u.automation, role, name, role, at)
	f.Attr(u.part, inventory.AttrNeeds, "restart", "env", at)
	return u
}

// variable adds a variable that the file sets for the program.
func (u *unit) variable(name, value string, at artifact.Place) {
	b := container.Env(u.Facts, u.part, name, u.rule, at)
	container.Value(u.Facts, b, at.Pointer, name, value, at)
}

// command reads the command line that the program is started with.
func (u *unit) command(text string, at artifact.Place) {
	r := container.Runner{Facts: u.Facts, Part: u.part, Dir: "", Sure: inventory.Medium,
		Read: func(name string, sure inventory.Confidence, at artifact.Place) {
			b := u.Binding(u.part, name, "env", at)
			u.Edge(inventory.Reads, u.part, b, u.rule, sure, at)
			u.Refs++
		}}
	r.Shell(container.Word{Text: text, At: at})
	dir := u.dir
	if m := changesTo.FindStringSubmatch(text); m != nil {
		dir, text = m[1], m[2]
	}
	for _, word := range strings.Fields(text) {
		word = strings.Trim(word, `"'`)
		if !strings.HasPrefix(word, "/") && dir != "" && named(word, scriptEndings) {
			word = path.Join(dir, word)
		}
		u.script(word, at)
	}
}

// changesTo is a command line that goes to a folder of the machine first.
var changesTo = lazy.New(`^cd\s+(/[\w./-]+)\s*(?:&&|;)\s*(.*)$`)

// runsAll lets the part run those of the files that the source has; Siblings named them.
func (u *unit) runsAll(files []string, rule string, at artifact.Place) {
	for _, file := range files {
		if _, ok := u.Artifact.Siblings[file]; ok {
			u.Runs(u.part, file, rule, inventory.Medium, at)
		}
	}
}

// fromFolder writes paths from the root of the source as globs from the folder of an artifact.
func fromFolder(a *artifact.Artifact, files []string) []string {
	up := ""
	if a.Dir() != "" {
		up = strings.Repeat("../", strings.Count(a.Dir(), "/")+1)
	}
	var out []string
	for _, file := range files {
		out = append(out, up+file)
	}
	return out
}

// scriptEndings are those of files that a command names as programs.
var scriptEndings = []string{".sh", ".py", ".rb", ".js", ".mjs", ".ts", ".php", ".pl"}

// script looks a file of the machine up among the files of the source, which Siblings named.
func (u *unit) script(name string, at artifact.Place) {
	if !strings.HasPrefix(name, "/") {
		return
	}
	var found []string
	for _, p := range placesOf(u.Artifact, name, u.dir) {
		if _, ok := u.Artifact.Siblings[p]; ok {
			found = append(found, p)
		}
	}
	if len(found) > 0 {
		u.Runs(u.part, found[0], u.rule, inventory.Medium, at)
	}
}

// placesOf lists where a file of the machine may stand in the source, the likeliest first: under its whole path, below the
// working directory or the folder of its application, and beside the unit.
func placesOf(a *artifact.Artifact, name, dir string) []string {
	name = path.Clean(strings.NewReplacer("%h", "", "%i", "", "%n", "").Replace(name))
	var out []string
	add := func(p string) {
		if p = strings.TrimPrefix(path.Clean(p), "/"); p != "" && p != "." && !strings.HasPrefix(p, "..") {
			out = append(out, p)
		}
	}
	add(name)
	if dir != "" {
		if rest, ok := strings.CutPrefix(name, strings.TrimSuffix(dir, "/")+"/"); ok {
			add(rest)
		}
	}
	words := strings.Split(strings.TrimPrefix(name, "/"), "/")
	for i := 1; i < min(len(words), 4); i++ {
		add(strings.Join(words[i:], "/"))
	}
	add(path.Join(a.Dir(), path.Base(name)))
	return out
}

// siblings are globs, from the folder of an artifact, of the files that a text with paths of the machine names.
func siblings(a *artifact.Artifact) []string {
	var out []string
	for _, word := range strings.FieldsFunc(string(a.Content), func(r rune) bool { return strings.ContainsRune(" \t\r\n=\"';", r) }) {
		word = strings.TrimLeft(word, "-@:+!")
		if strings.ContainsAny(word, "*?[$&|<>\\") || len(out) > 200 {
			continue
		}
		switch absolute := strings.HasPrefix(word, "/"); {
		case absolute && (named(word, scriptEndings) || strings.Contains(word, "env") || strings.HasPrefix(word, "/etc/")):
			out = append(out, placesOf(a, word, "")...)
		case !absolute && named(word, scriptEndings):
			out = append(out, path.Clean(word))
		}
	}
	return fromFolder(a, out)
}

func named(file string, endings []string) bool {
	for _, e := range endings {
		if strings.HasSuffix(file, e) {
			return true
		}
	}
	return false
}
