package code

import (
	"bytes"
	"path"
	"strings"
)

// extensions names the language of a file by the end of its name, in lower case.
var extensions = map[string]string{
	".sh": "shell", ".bash": "shell", ".zsh": "shell", ".ksh": "shell", ".bats": "shell", ".envrc": "shell",
	".js": "javascript", ".jsx": "javascript", ".mjs": "javascript", ".cjs": "javascript",
	".vue": "javascript", ".svelte": "javascript", ".astro": "javascript", ".gs": "javascript",
	".ts": "typescript", ".tsx": "typescript", ".mts": "typescript", ".cts": "typescript",
	".py": "python", ".pyw": "python", ".pyi": "python", ".go": "go",
	".java": "java", ".kt": "kotlin", ".kts": "kotlin", ".groovy": "groovy", ".gradle": "groovy", ".scala": "scala",
	".cs": "csharp", ".cshtml": "csharp", ".razor": "csharp", ".csx": "csharp",
	".rb": "ruby", ".rake": "ruby", ".ru": "ruby", ".gemspec": "ruby", ".erb": "ruby", ".cap": "ruby",
	".php": "php", ".phtml": "php", ".rs": "rust",
	".ps1": "powershell", ".psm1": "powershell", ".psd1": "powershell",
	".ex": "elixir", ".exs": "elixir", ".pl": "perl", ".pm": "perl", ".lua": "lua", ".r": "r",
	".dart": "dart", ".swift": "swift", ".c": "c", ".h": "c", ".cc": "c", ".cpp": "c", ".hpp": "c",
	".clj": "clojure", ".mk": "makefile",
}

// fileNames names the language of files known by their whole name, in lower case.
var fileNames = map[string]string{
	"makefile": "makefile", "gnumakefile": "makefile", "rakefile": "ruby", "gemfile": "ruby", "capfile": "ruby",
	"vagrantfile": "ruby", "brewfile": "ruby", "fastfile": "ruby", "podfile": "ruby", ".envrc": "shell",
	".bashrc": "shell", ".zshrc": "shell", ".profile": "shell", ".bash_profile": "shell", ".zprofile": "shell",
	".goreleaser.yml": "goreleaser", ".goreleaser.yaml": "goreleaser", "goreleaser.yml": "goreleaser", "goreleaser.yaml": "goreleaser",
	"artisan": "php", "snakefile": "python", "sconstruct": "python", "tiltfile": "python",
}

// interpreters names the language of a program by the interpreter in its first line.
var interpreters = map[string]string{
	"sh": "shell", "bash": "shell", "zsh": "shell", "dash": "shell", "ksh": "shell", "ash": "shell", "bats": "shell",
	"node": "javascript", "nodejs": "javascript", "zx": "javascript", "bun": "typescript", "deno": "typescript",
	"tsx": "typescript", "ts-node": "typescript", "python": "python", "pypy": "python", "ruby": "ruby", "php": "php",
	"pwsh": "powershell", "powershell": "powershell", "perl": "perl", "lua": "lua", "elixir": "elixir",
	"rscript": "r", "groovy": "groovy", "kotlin": "kotlin", "scala": "scala", "make": "makefile",
}

// Language returns the language of a file by its name, else by the first bytes of its text (a #! line); "" when it
// is not program text.
func Language(name string, head []byte) string {
	base := strings.ToLower(path.Base(name))
	if l, ok := fileNames[base]; ok {
		return l
	}
	if l, ok := extensions[path.Ext(base)]; ok {
		return l
	}
	return shebang(head)
}

// shebang returns the language that a #! line names.
func shebang(head []byte) string {
	line, found := bytes.CutPrefix(head, []byte("#!"))
	if !found {
		return ""
	}
	line, _, _ = bytes.Cut(line[:min(len(line), 200)], []byte("\n"))
	for _, word := range strings.Fields(string(line)) {
		name := strings.ToLower(path.Base(word))
		if name == "env" || strings.HasPrefix(name, "-") || strings.Contains(name, "=") {
			continue
		}
		return interpreters[strings.TrimRight(name, "0123456789.")]
	}
	return ""
}
