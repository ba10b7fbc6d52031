package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	powerWord    = lazy.New(`"[^"\n]*"|'[^'\n]*'|[^\s;|&"'(){}]+|[;|&(){}]`)
	powerVars    = lazy.New(`\$(?:\{?[eE]nv:)?(\w+)`)
	powerOutput  = lazy.New(`(?i)["']?([A-Za-z_]\w*)=([^"'\n]*)["']?\s*(?:>>|\|\s*(?:Out-File|Add-Content|Tee-Object)\b[^\n]*?)\s*["']?\$env:(GITHUB_ENV|GITHUB_OUTPUT)`)
	powerContent = lazy.New(`(?i)Add-Content[^\n]*\$env:(GITHUB_ENV|GITHUB_OUTPUT)[^\n]*?["']([A-Za-z_]\w*)=([^"'\n]*)`)
)

var powerLanguage = &language{id: "ps", syntax: powerSyntax, rows: powerRows}

// scanPower reads a PowerShell text: the environment by rows, commands line by line.
func scanPower(src []byte) Result {
	s := &scan{masked: mask(powerSyntax, src), lang: powerLanguage, src: src}
	s.all()
	powerCommands(s)
	return s.out
}

// powerCommands reads the commands of a PowerShell text as far as they look like those of a shell: scripts that
// are started, store commands, values for later steps.
func powerCommands(s *scan) {
	sh := &script{src: s.code, local: map[string]bool{}, all: map[string]bool{}, funcs: map[string]bool{}, consts: map[string]string{}, runners: runners()}
	for from := 0; from < len(s.code); {
		end := len(s.code)
		if n := bytes.IndexByte(s.code[from:], '\n'); n >= 0 {
			end = from + n
		}
		if end-from < maxLine {
			sh.powerLine(s.code[from:end], from)
		}
		from = end + 1
	}
	sh.out.Reads = nil
	s.out.append(sh.out, 0)
	s.powerWrites(powerOutput, 1, 2, 3)
	s.powerWrites(powerContent, 2, 3, 1)
}

// powerLine splits a line into commands.
func (s *script) powerLine(line []byte, at int) {
	inv := &invocation{}
	flush := func() {
		if len(inv.words) > 0 {
			inv.at = inv.words[0].offset
			s.invoke(inv)
		}
		inv = &invocation{}
	}
	for _, m := range powerWord.FindAllIndex(line, 500) {
		text := string(line[m[0]:m[1]])
		switch {
		case strings.Contains(";|&(){}", text):
			flush()
		case len(inv.words) == 1 && text == "=": // $x = command
			inv = &invocation{context: context{into: firstOf(inv.words[0].vars)}}
		default:
			inv.words = append(inv.words, powerWordOf(text, at+m[0]))
		}
	}
	flush()
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// powerWordOf makes a word of a token: "$PSScriptRoot" is the folder of the script, other variables are computed.
func powerWordOf(text string, at int) word {
	w := word{offset: at}
	for _, m := range powerVars.FindAllStringSubmatch(text, 20) {
		w.vars = appendOnce(w.vars, m[1])
	}
	text = strings.ReplaceAll(strings.Trim(text, `"'`), `\`, "/")
	if len(w.vars) > 0 && !strings.HasPrefix(text, "$env:") {
		text = strings.ReplaceAll(text, "$PSScriptRoot", "\x00")
		text = strings.ReplaceAll(powerVars.ReplaceAllString(text, "*"), "\x00", "$0")
	}
	w.text = text
	return w
}

// powerWrites reads values written to GitHub's files.
func (s *scan) powerWrites(re *lazy.Regexp, name, value, to int) {
	for _, m := range re.FindAllSubmatchIndex(s.code, 200) {
		group := func(i int) string { return string(s.code[m[2*i]:m[2*i+1]]) }
		var from []string
		for _, v := range powerVars.FindAllStringSubmatch(group(value), 20) {
			from = appendOnce(from, v[1])
		}
		target := "github-" + strings.ToLower(strings.TrimPrefix(strings.ToUpper(group(to)), "GITHUB_"))
		s.out.Writes = append(s.out.Writes, Write{Name: group(name), From: from, To: target, Offset: m[2*name]})
	}
}
