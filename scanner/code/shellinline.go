package code

import "strings"

// inlineFlag reports whether the program text stands in the word behind the flag.
func inlineFlag(name, flag string) bool {
	switch name {
	case "bash", "sh", "zsh", "dash", "ksh", "ash":
		return strings.HasPrefix(flag, "-") && !strings.HasPrefix(flag, "--") && strings.HasSuffix(flag, "c")
	case "python", "python2", "python3":
		return flag == "-c"
	case "node", "nodejs", "ruby", "perl", "bun", "tsx":
		return flag == "-e" || flag == "-p" || flag == "--eval"
	case "php":
		return flag == "-r"
	case "pwsh", "powershell", "powershell.exe":
		return strings.EqualFold(flag, "-Command") || strings.EqualFold(flag, "-c")
	}
	return false
}

// inlineLanguages are the languages of program text given as an argument.
var inlineLanguages = map[string]string{
	"python": "python", "python2": "python", "python3": "python", "node": "javascript", "nodejs": "javascript", "bun": "typescript",
	"tsx": "typescript", "ruby": "ruby", "perl": "perl", "php": "php", "pwsh": "powershell", "powershell": "powershell", "powershell.exe": "powershell",
}

// inlineAt reads program text that stands in a word, as far as it stands there literally.
func (s *script) inlineAt(inv *invocation, name string, i int) {
	if i >= len(inv.words) || s.depth >= 3 {
		return
	}
	w := inv.words[i]
	from := w.offset
	for from < len(s.src) && (s.src[from] == '\'' || s.src[from] == '"' || s.src[from] == '$' && from+1 < len(s.src) && s.src[from+1] == '\'') {
		from++
	}
	text, at := []byte(w.text), from
	if from+len(text) > len(s.src) || string(s.src[from:from+len(text)]) != w.text {
		at = -1
	}
	var r Result
	if l, ok := inlineLanguages[name]; ok {
		r = Scan(l, text)
	} else {
		r = scanShell(text, s.depth+1)
	}
	s.adopt(r, at, w.offset)
}

// adopt takes the facts of a text within the text. Where escapes moved the bytes, all stand at its beginning.
func (s *script) adopt(r Result, at, begin int) {
	if at < 0 {
		r.move(func(int) int { return 0 })
		at = begin
	}
	for i := range r.Runs {
		if r.Runs[i].Dir == "" {
			r.Runs[i].Dir = s.dir
		}
	}
	s.out.append(r, at)
}

func (s *script) inline(inv *invocation) { s.inlineAt(inv, "sh", 1) }
