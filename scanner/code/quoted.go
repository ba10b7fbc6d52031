package code

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// A program may keep the names of its variables in a table, and read them in a loop: { password: 'LOGIN_PASSWORD' } and
// process.env[row.password]. Each quoted name of a credential in such a file is a read of that variable, at medium: what else the
// name is for the file does not say, and only what binds the name joins it.

// openReads are reads of the environment by a name that a variable or a member holds, by the family of the language.
var openReads = map[string]*lazy.Regexp{
	"script": lazy.New(`\bprocess\.env\[\s*[A-Za-z_$][\w.$]*(?:\[\w+\])?\s*\]`),
	"python": lazy.New(`\bos\.(?:environ\[|environ\.get\(|getenv\()\s*[a-z_][\w.]*(?:\["\w+"\]|\['\w+'\])?\s*[\]),]`),
}

var quotedName = lazy.New(`["']([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']`)

// maxQuoted bounds the names of one file.
const maxQuoted = 60

// quoted reads the names of a file that reads the environment by names in variables.
func (s *scan) quoted() {
	open := openReads[s.lang.syntax.family]
	if open == nil || !s.mentions("process.env[") && !s.mentions("os.environ") && !s.mentions("os.getenv") || !open.Match(s.code) {
		return
	}
	read := map[string]bool{}
	for _, r := range s.out.Reads {
		read[r.Name] = true
	}
	for n, m := range quotedName.FindAllSubmatchIndex(s.code, maxQuoted) {
		name := string(s.code[m[2]:m[3]])
		if n < maxQuoted && !read[name] && detect.ClassifyName(name).Class == inventory.ClassCredential {
			s.read(name, s.lang.id+"-env-quoted", m[2], medium)
		}
	}
}
