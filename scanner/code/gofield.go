package code

import (
	"bytes"
	"go/ast"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// fills says that a variable fills a field of a structure.
func (g *goFile) fills(f *ast.Field, name string) {
	if len(f.Names) == 1 && len(g.out.Definitions) < maxSettings {
		g.out.Definitions = append(g.out.Definitions, Definition{Kind: "go", Name: f.Names[0].Name, Offset: g.at(f.Names[0].Pos()), From: name,
			On: []int{g.at(f.Tag.Pos())}, Sure: high})
	}
}

// goHolders are how the names of structures of settings end, with the dot behind them, and viper's.
var goHolders = []string{"cfg.", "Cfg.", "onfig.", "conf.", "Conf.", "ettings.", "opts.", "Opts.", "options.", "env.", "flags."}

// goFields reads cfg.StripeKey and cfg.Stripe.Key: credentials that code takes out of a structure of settings. It looks at the
// text, for most of such files have nothing else to be read.
func (s *scan) goFields(src []byte) {
	for _, anchor := range goHolders {
		if !s.may(anchor) {
			continue
		}
		for from := 0; from < len(src) && len(s.out.Settings) < maxSettings; {
			n := lazy.Index(src[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			s.goField(src, from)
		}
	}
}

// goField reads what stands behind the dot of a structure of settings: a field, or one of an inner structure.
func (s *scan) goField(src []byte, from int) {
	for range 2 {
		end := from
		for end < len(src) && isWord(src[end]) {
			end++
		}
		if end == from || src[from] < 'A' || src[from] > 'Z' || end < len(src) && src[end] == '(' {
			return
		}
		if end < len(src) && src[end] == '.' {
			from = end + 1
			continue
		}
		if name := string(src[from:end]); detect.ClassifyName(name).Score > 0 && !commented(lead(src, from)) {
			s.ask("go", name, "", from, medium)
		}
		return
	}
}

// goFlags reads c.String("agent-secret"): a credential that code asks its command line for.
func (s *scan) goFlags(src []byte) {
	const call = `.String("`
	if !s.may(call) {
		return
	}
	for from := 0; from < len(src) && len(s.out.Settings) < maxSettings; {
		n := lazy.Index(src[from:], call)
		if n < 0 {
			break
		}
		from += n + len(call)
		end := bytes.IndexByte(src[from:min(len(src), from+80)], '"')
		if end < 0 {
			continue
		}
		if name := string(src[from : from+end]); name == strings.ToLower(name) && detect.ClassifyName(name).Score > 0 && !commented(lead(src, from)) {
			s.ask("go-flag", name, "", from, medium)
		}
	}
}

// flagKeys are the fields of a flag's structure that name its variables.
var flagKeys = map[string]bool{"EnvVar": true, "EnvVars": true, "EnvName": true, "Sources": true}

// flag says which variables fill a flag: &cli.StringFlag{Name: "agent-secret", Sources: cli.EnvVars("AGENT_SECRET")}. Source: the
// documentation of urfave/cli.
func (g *goFile) flag(l *ast.CompositeLit) {
	t, ok := l.Type.(*ast.SelectorExpr)
	if !ok || !strings.HasSuffix(t.Sel.Name, "Flag") {
		return
	}
	name, at := "", 0
	var from []string
	for _, e := range l.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		key, ok := kv.Key.(*ast.Ident)
		switch {
		case !ok:
		case key.Name == "Name":
			name, _ = g.value(kv.Value, 0)
			at = g.at(kv.Value.Pos()) + 1
		case flagKeys[key.Name]:
			ast.Inspect(kv.Value, func(n ast.Node) bool {
				if x, ok := n.(ast.Expr); ok {
					if v, ok := literalText(x); ok && isUpper(v) && validName(v) {
						from = append(from, v)
					}
				}
				return true
			})
		}
	}
	for _, v := range from {
		if name != "" && validSetting(name) && len(g.out.Definitions) < maxSettings {
			g.out.Definitions = append(g.out.Definitions, Definition{Kind: "go-flag", Name: name, Offset: at, From: v, On: []int{at}, Sure: high})
		}
	}
}

var viperCall = lazy.New(`\bviper\.(?:Get|GetString|GetStringSlice|IsSet)\(\s*"([a-z][\w.-]*)"`)

// goSettings reads a Go file that asks nothing but its settings.
func goSettings(src []byte, grams *artifact.Grams) Result {
	s := &scan{src: src, grams: grams}
	s.goFields(src)
	s.goFlags(src)
	s.goFuncs(src)
	s.viperConstants(src)
	if s.mentions("viper.") {
		for _, m := range viperCall.FindAllSubmatchIndex(src, 200) {
			s.property(string(src[m[2]:m[3]]), "go-viper-key", m[2], medium)
		}
	}
	return s.out
}

// viperGet are the methods by which viper hands a value out.
var viperGet = map[string]bool{"Get": true, "GetString": true, "GetStringSlice": true, "IsSet": true}

// viperName is the variable of a key, in front of which viper puts its prefix.
var viperName = strings.NewReplacer(".", "_", "-", "_")

// viperKey reads v.GetString("database.password"): where this file lets viper take in the environment, the variable; else a
// property, for another file of the source may do so.
func (g *goFile) viperKey(c *ast.CallExpr) {
	key, ok := g.text(c, 0)
	if !ok || key == "" || strings.ContainsAny(key, "*/ ") {
		return
	}
	at := g.at(c.Args[0].Pos())
	switch {
	case g.automatic:
		g.variable(g.prefix+strings.ToUpper(viperName.Replace(key)), "go-viper-automatic", at, medium)
	case strings.Contains(strings.ToLower(receiver(c)), "viper") && !isUpper(key):
		g.property(key, "go-viper-key", at, medium)
	}
}

// viperEnv says that viper takes in the environment, with its prefix.
func (g *goFile) viperEnv(c *ast.CallExpr) {
	if g.prefix != "" {
		g.variable(g.prefix+"*", "go-viper-automatic", g.at(c.Pos()), low)
	}
	g.property(viperPrefix+strings.TrimSuffix(g.prefix, "_"), "go-viper-env", g.at(c.Pos()), high)
}

// viperPrefix stands in front of the prefix that viper is given, until graph/resolve knows the keys.
const viperPrefix = "ViperEnv."
