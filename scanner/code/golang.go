package code

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// goLanguage serves Go text that go/parser refuses, and the parts of Go that rows say well.
var goLanguage = &language{id: "go", syntax: goSyntax, rows: []row{
	{via: "go-os-getenv", anchor: "os.Getenv", shape: call, sure: certain},
	{via: "go-os-getenv", anchor: "os.LookupEnv", shape: call, sure: certain},
	{via: "go-os-getenv", anchor: "syscall.Getenv", shape: call, sure: certain},
}}

// goMarks are texts one of which stands in every Go file that reads the environment.
var goMarks = []string{"env", "Env", "ENV", "ecret", "ault", "eyring", "://", "arn:aws"}

// goFile is one Go file being read.
type goFile struct {
	scan
	file      *token.File
	consts    map[string]string
	structs   map[string]*ast.StructType
	pkg       string          // name of its package
	prefix    string          // what viper puts in front of names
	config    string          // what envconfig puts in front of names
	options   string          // what the options of package env put in front of names
	automatic bool            // viper takes in the environment
	inner     map[string]bool // structures that are read with the prefix of a field that holds them
}

// scanGo reads a Go file: by its syntax tree, as far as it parses, and by rows. The grams of the text are made where they are not
// given.
func scanGo(src []byte, grams *artifact.Grams) Result {
	if grams == nil {
		grams = gramsPool.Get().(*artifact.Grams)
		defer gramsPool.Put(grams)
		grams.Fill(src)
	}
	if !slices.ContainsFunc(goMarks, func(m string) bool { return grams.May(m) && lazy.Contains(src, m) }) {
		return goSettings(src, grams)
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "", src, parser.SkipObjectResolution)
	if tree == nil || err != nil {
		return scanRows(goLanguage, src, grams)
	}
	m := memories.Get().(*memory)
	g := &goFile{scan: scan{masked: maskIn(m.masked, goSyntax, src), lang: goLanguage, src: src, grams: grams, starts: &m.starts}, file: files.File(tree.Pos())}
	m.masked = *g.masked
	defer m.release()
	g.collect(tree)
	g.pkg = tree.Name.Name
	ast.Inspect(tree, g.visit)
	g.held(tree)
	g.goFields(src)
	g.goFlags(src)
	g.goFuncs(src)
	g.viperConstants(src)
	g.stores()
	g.addresses()
	g.hosts()
	g.uses()
	g.clients()
	g.out.Reads = append(g.out.Reads, mountedFiles(g.code)...)
	return g.out
}

func containsAny(src []byte, words [][]byte) bool {
	for _, w := range words {
		if lazy.Contains(src, w) {
			return true
		}
	}
	return false
}

// collect gathers the constants and structures that the file defines, and the prefixes it sets.
func (g *goFile) collect(tree *ast.File) {
	g.consts, g.structs, g.inner = map[string]string{}, map[string]*ast.StructType{}, map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					if v, ok := literalText(n.Values[i]); ok {
						g.consts[name.Name] = v
					}
				}
			}
		case *ast.TypeSpec:
			if t, ok := n.Type.(*ast.StructType); ok {
				g.structs[n.Name.Name] = t
			}
		case *ast.CallExpr:
			switch calleeName(n) {
			case "SetEnvPrefix":
				g.prefix = g.upperPrefix(n)
			case "Process", "MustProcess":
				g.config = g.upperPrefix(n)
			case "AutomaticEnv":
				g.automatic = true
			}
		case *ast.CompositeLit:
			g.envOptions(n)
		case *ast.Field:
			if id := heldType(n); id != "" && n.Tag != nil && strings.Contains(n.Tag.Value, "envPrefix:") {
				g.inner[id] = true
			}
		}
		return true
	})
}

// envOptions reads env.Options{Prefix: "PAY_"}.
func (g *goFile) envOptions(l *ast.CompositeLit) {
	t, ok := l.Type.(*ast.SelectorExpr)
	if !ok || t.Sel.Name != "Options" {
		return
	}
	if x, ok := t.X.(*ast.Ident); !ok || x.Name != "env" {
		return
	}
	for _, e := range l.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if k, ok := kv.Key.(*ast.Ident); ok && k.Name == "Prefix" {
			if v, ok := g.value(kv.Value, 0); ok {
				g.options = v
			}
		}
	}
}

// upperPrefix returns the first argument as a prefix of variables.
func (g *goFile) upperPrefix(c *ast.CallExpr) string {
	if v, ok := g.text(c, 0); ok && v != "" {
		return strings.ToUpper(v) + "_"
	}
	return ""
}

// heldType returns the name of the structure that a field holds, itself or by pointer.
func heldType(f *ast.Field) string {
	typ := f.Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

func literalText(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	v, err := strconv.Unquote(lit.Value)
	return v, err == nil
}

// calleeName returns the last part of what is called: Getenv for os.Getenv.
func calleeName(c *ast.CallExpr) string {
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// receiver returns the name in front of the dot of what is called: os for os.Getenv.
func receiver(c *ast.CallExpr) string {
	if f, ok := c.Fun.(*ast.SelectorExpr); ok {
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name
		}
	}
	return ""
}

// text returns the text of an argument: a literal, a constant of the file, or a glob.
func (g *goFile) text(c *ast.CallExpr, i int) (string, bool) {
	if i >= len(c.Args) {
		return "", false
	}
	return g.value(c.Args[i], 0)
}

func (g *goFile) value(e ast.Expr, depth int) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return literalText(e)
	case *ast.Ident:
		v, ok := g.consts[e.Name]
		return v, ok
	case *ast.ParenExpr:
		return g.value(e.X, depth)
	case *ast.BinaryExpr:
		return g.sum(e, depth)
	case *ast.CallExpr:
		if n := calleeName(e); (n == "Sprintf" || n == "String") && len(e.Args) > 0 {
			v, ok := g.value(e.Args[0], depth)
			return computed.ReplaceAllString(v, "*"), ok
		}
	}
	return "", false
}

// sum returns the text of a concatenation, with stars for what is computed.
func (g *goFile) sum(e *ast.BinaryExpr, depth int) (string, bool) {
	if e.Op != token.ADD || depth > 20 {
		return "", false
	}
	x, okX := g.value(e.X, depth+1)
	y, okY := g.value(e.Y, depth+1)
	if !okX && !okY {
		return "", false
	}
	if !okX {
		x = "*"
	}
	if !okY {
		y = "*"
	}
	return x + y, true
}

func (g *goFile) at(p token.Pos) int { return g.file.Offset(p) }

// emit adds a read of the variable that an expression names.
func (g *goFile) emit(e ast.Expr, via string, sure confidence) {
	name, ok := g.value(e, 0)
	if ok {
		g.variable(name, via, g.at(e.Pos()), sure)
	}
}

func (g *goFile) variable(name, via string, off int, sure confidence) {
	if strings.Contains(name, "*") {
		sure = low
	}
	if validName(name) {
		g.read(name, via, off, sure)
	}
}

// visit reads one node of the tree.
func (g *goFile) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		g.call(n)
	case *ast.KeyValueExpr:
		g.option(n)
	case *ast.TypeSpec:
		return !g.inner[n.Name.Name]
	case *ast.StructType:
		g.tags(n, "", 0)
	case *ast.CompositeLit:
		g.flag(n)
	}
	return true
}

// call reads one call.
func (g *goFile) call(c *ast.CallExpr) {
	name, from := calleeName(c), receiver(c)
	switch {
	case (from == "os" || from == "syscall" || from == "unix") && (name == "Getenv" || name == "LookupEnv"):
		if len(c.Args) == 1 {
			g.emit(c.Args[0], "go-os-getenv", certain)
		}
	case from == "os" && name == "ExpandEnv":
		g.expanded(c)
	case from == "os" && name == "Environ":
		g.read("*", "go-os-environ", g.at(c.Pos()), low)
	case name == "BindEnv" || name == "MustBindEnv":
		g.bind(c)
	case name == "AutomaticEnv":
		g.viperEnv(c)
	case name == "Envar" || name == "OverrideDefaultFromEnvar" || name == "EnvVars":
		for _, a := range c.Args {
			g.emit(a, "go-flag-env", certain)
		}
	case (strings.Contains(strings.ToLower(name), "env") || strings.HasPrefix(strings.ToLower(from), "env")) && !setters.MatchString(name):
		g.helper(c)
	case viperGet[name] && len(c.Args) == 1:
		g.viperKey(c)
	}
}

// expanded reads the variables of os.ExpandEnv("$X/y").
func (g *goFile) expanded(c *ast.CallExpr) {
	if v, ok := g.text(c, 0); ok {
		for _, name := range plainVariables(v) {
			g.variable(name, "go-expand-env", g.at(c.Args[0].Pos()), certain)
		}
	}
}

// bind reads viper's BindEnv("key", "NAME"...): without names the key itself is one, behind the prefix.
func (g *goFile) bind(c *ast.CallExpr) {
	if len(c.Args) == 1 {
		if v, ok := g.text(c, 0); ok {
			name := g.prefix + strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(v))
			g.variable(name, "go-viper-bind", g.at(c.Args[0].Pos()), high)
		}
		return
	}
	for _, a := range c.Args[min(1, len(c.Args)):] {
		g.emit(a, "go-viper-bind", certain)
	}
}

// helper reads a call of a function whose name speaks of the environment.
func (g *goFile) helper(c *ast.CallExpr) {
	for _, a := range c.Args[:min(2, len(c.Args))] {
		if v, ok := g.value(a, 0); ok && isUpper(v) {
			g.variable(v, "go-env-helper", g.at(a.Pos()), medium)
			return
		}
	}
}

// option reads EnvVar: "X" and EnvVars: []string{"X"} of flag libraries.
func (g *goFile) option(kv *ast.KeyValueExpr) {
	key, ok := kv.Key.(*ast.Ident)
	if !ok || key.Name != "EnvVar" && key.Name != "EnvVars" && key.Name != "EnvName" {
		return
	}
	if list, ok := kv.Value.(*ast.CompositeLit); ok {
		for _, e := range list.Elts {
			g.emit(e, "go-flag-env", certain)
		}
		return
	}
	g.emit(kv.Value, "go-flag-env", certain)
}

// tags reads env:"X" and envconfig:"X" on the fields of a structure; envPrefix:"P_" applies to the fields of the
// structure that a field holds.
func (g *goFile) tags(t *ast.StructType, prefix string, depth int) {
	for _, f := range t.Fields.List {
		if f.Tag == nil {
			continue
		}
		raw, err := strconv.Unquote(f.Tag.Value)
		if err != nil {
			continue
		}
		tag := reflect.StructTag(raw)
		for _, key := range []string{"env", "envconfig"} {
			name, _, _ := strings.Cut(tag.Get(key), ",")
			if key == "envconfig" && name != "" {
				name = g.config + name
			}
			if key == "envconfig" && name == "" && tag.Get("split_words") == "true" && len(f.Names) == 1 {
				name = g.config + upperWords(f.Names[0].Name)
			}
			if key == "env" && name != "" {
				name = g.options + name
			}
			if isUpper(name) {
				g.variable(prefix+name, "go-struct-tag", g.at(f.Tag.Pos()), certain)
				g.fills(f, prefix+name)
			}
		}
		if p := tag.Get("envPrefix"); p != "" && depth < 5 {
			g.prefixed(f, prefix+p, depth)
		}
	}
}

// upperWords writes the name of a field as that of a variable: APIToken is API_TOKEN.
func upperWords(name string) string {
	var b strings.Builder
	for i, r := range name {
		lower := func(j int) bool { return j >= 0 && j < len(name) && name[j] >= 'a' && name[j] <= 'z' }
		if i > 0 && r >= 'A' && r <= 'Z' && (lower(i-1) || lower(i+1)) {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}

// prefixed reads the structure that a field with envPrefix holds.
func (g *goFile) prefixed(f *ast.Field, prefix string, depth int) {
	inner, ok := f.Type.(*ast.StructType)
	if !ok {
		inner = g.structs[heldType(f)]
	}
	if inner != nil {
		g.tags(inner, prefix, depth+1)
		return
	}
	g.variable(prefix+"*", "go-struct-tag", g.at(f.Tag.Pos()), low)
}
