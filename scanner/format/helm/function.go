package helm

import (
	"fmt"
	"strconv"
	"strings"
)

type function func(e *evaluation, args []value, s *scope) value

// table lists the functions that names, references and their conditions are made with; any other yields a hole.
// Sources: the documentation of Go's text/template, of Sprig, and Helm's list of template functions.
func table() map[string]function {
	return map[string]function{
		"include": included, "tpl": evaluated, "toYaml": written, "toJson": writtenInline, "toRawJson": writtenInline,
		"default": defaulted, "coalesce": coalesced, "required": lastOf, "ternary": ternary,
		"and": conjunction, "or": disjunction, "not": negated, "empty": negated, "eq": equal, "ne": unequal,
		"contains": contains, "hasKey": hasKey, "has": has,
		"print": joined(""), "cat": joined(" "), "printf": formatted, "list": listed, "tuple": listed, "dict": dictOf,
		"index": indexed, "get": indexed, "first": firstOf, "until": counted,
		"merge": merged(false), "mustMerge": merged(false), "mergeOverwrite": merged(true), "mustMergeOverwrite": merged(true),
		"deepCopy": lastOf, "mustDeepCopy": lastOf, "omit": firstKnown, "pick": firstKnown, "concat": concatenated,
		"fail":     func(*evaluation, []value, *scope) value { return textValue("") },
		"toString": lastOf, "int": lastOf, "int64": lastOf, "nospace": lastOf, "html": lastOf,
		"quote": quoted(`"`), "squote": quoted("'"),
		"nindent": indented("\n"), "indent": indented(""),
		"trim":  changed(func(_ string, t string) string { return strings.TrimSpace(t) }),
		"lower": cased(strings.ToLower), "upper": cased(strings.ToUpper),
		"title":      cased(func(t string) string { return strings.ToUpper(t[:min(1, len(t))]) + t[min(1, len(t)):] }),
		"trunc":      changed(truncated),
		"trimAll":    changed(func(cut, t string) string { return strings.Trim(t, cut) }),
		"trimSuffix": changed(func(cut, t string) string { return strings.TrimSuffix(t, cut) }),
		"trimPrefix": changed(func(cut, t string) string { return strings.TrimPrefix(t, cut) }),
		"replace":    replaced, "b64enc": encoded, "regexReplaceAll": replacedPattern,
		"regexReplaceAllLiteral": replacedPattern, "mustRegexReplaceAll": replacedPattern,
	}
}

func (e *evaluation) call(name string, args []value, s *scope) value {
	if f, ok := e.functions[name]; ok && len(args) > 0 {
		return f(e, args, s)
	}
	return value{}
}

// bare is the text of a scalar, "" for what is none or not set.
func (v value) bare() string {
	if v.kind != text {
		return ""
	}
	return textOf(v.spans)
}

func lastOf(_ *evaluation, args []value, _ *scope) value { return args[len(args)-1] }

func firstKnown(_ *evaluation, args []value, _ *scope) value {
	for _, a := range args {
		if a.kind != unknown {
			return a
		}
	}
	return value{}
}

// counted is until: the numbers below one.
func counted(_ *evaluation, args []value, _ *scope) value {
	n, err := strconv.Atoi(args[0].bare())
	if err != nil || n < 0 {
		return value{}
	}
	v := value{kind: list}
	for i := range min(n, maxRange) {
		v.list = append(v.list, textValue(strconv.Itoa(i)))
	}
	return v
}

func firstOf(_ *evaluation, args []value, _ *scope) value {
	if _, items := args[0].items(); len(items) > 0 {
		return items[0]
	}
	return value{}
}

func included(e *evaluation, args []value, _ *scope) value {
	if len(args) < 2 {
		return value{}
	}
	return value{kind: text, spans: e.include(args[0].bare(), args[1])}
}

// evaluated is tpl: a text of the values that is a template itself.
func evaluated(e *evaluation, args []value, _ *scope) value {
	v := args[0]
	if v.kind != text || len(args) < 2 {
		return v
	}
	if spans := e.templateBlock(v, args[1]); spans != nil {
		return value{kind: text, spans: spans, path: v.path}
	}
	spans := e.template(v.spans, args[1])
	if spans == nil {
		return v
	}
	return value{kind: text, spans: spans, path: v.path}
}

// template evaluates the text of spans as a template. Nil when it is none, or cannot be parsed.
func (e *evaluation) template(spans []span, dot value) []span {
	t := textOf(spans)
	if !strings.Contains(t, "{{") || len(t) > 1<<16 || e.depth > maxDepth {
		return nil
	}
	set, err := parseTemplate("tpl", t)
	if err != nil || set["tpl"] == nil {
		return nil
	}
	e.strict++
	out := e.body(set["tpl"].Root, &scope{dot: dot, file: "", vars: []variable{{"$", dot}}})
	e.strict--
	out = flat(out, func(s string) string { return s })
	out[0].file, out[0].from = "", append(fromOf(spans), out[0].from...)
	return out
}

// block is a text of several lines in a values file.
type block struct {
	file, text string
	line       int // of its first line
}

// templateBlock evaluates a block of a values file that is a template of manifest text, such as a list of variables. Each line
// keeps its own place. Nil for any other value.
func (e *evaluation) templateBlock(v, dot value) []span {
	n := v.node
	if n == nil || !n.Block || n.File() == "" || !strings.Contains(n.Value, "\n") || len(n.Value) > 1<<16 || e.depth > maxDepth {
		return nil
	}
	t := plainText(n.Value)
	set, err := parseTemplate("tpl", t)
	if err != nil || set["tpl"] == nil || !isBlock(set["tpl"].Root) {
		return nil
	}
	if e.blocks == nil {
		e.blocks = map[string]block{}
	}
	name := fmt.Sprintf("\x00%s:%d", n.File(), n.Line)
	e.blocks[name] = block{n.File(), t, n.Line + 1}
	strict := e.strict
	e.strict = 0
	out := e.body(set["tpl"].Root, &scope{dot: dot, file: name, vars: []variable{{"$", dot}}})
	e.strict = strict
	return out
}

// written is toYaml: a scalar is its text, anything else is grafted onto the parsed document later.
func written(e *evaluation, args []value, _ *scope) value {
	v := args[len(args)-1]
	switch v.kind {
	case text, unknown:
		return v
	case node, list:
		if v.truth() != no {
			return value{kind: text, spans: plain(e.graft(v, "%: 0", "- %"))}
		}
	}
	return textValue("")
}

func writtenInline(e *evaluation, args []value, _ *scope) value {
	v := args[len(args)-1]
	switch {
	case v.kind == text:
		return value{kind: text, spans: quoted(`"`)(e, args, nil).spans}
	case v.kind == node && v.truth() != no:
		return value{kind: text, spans: plain(e.graft(v, "{%: 0}", "[%]"))}
	case v.kind == node && v.node.IsSeq():
		return textValue("[]")
	}
	return textValue("{}")
}

// graft notes a map or list and returns the text that stands for it.
func (e *evaluation) graft(v value, ofMap, ofList string) string {
	if len(e.grafts) > lastMark-firstMark {
		return ""
	}
	e.grafts = append(e.grafts, v)
	form := ofMap
	if v.kind == list || v.node.IsSeq() {
		form = ofList
	}
	return strings.ReplaceAll(form, "%", string([]rune{graft, firstMark + rune(len(e.grafts)-1)}))
}

func defaulted(_ *evaluation, args []value, _ *scope) value {
	v := args[len(args)-1]
	if len(args) > 1 && v.truth() != yes {
		d := args[0]
		switch { // the value may be set after all
		case v.path == "":
		case d.kind == unknown || d.kind == text && d.bare() == "":
			return fromNode(nil, v.path)
		case d.kind == text && len(d.spans) > 0:
			d.path = v.path
		}
		return d
	}
	return v
}

func coalesced(_ *evaluation, args []value, _ *scope) value {
	for _, a := range args {
		if a.truth() == yes {
			return a
		}
	}
	return args[len(args)-1]
}

func ternary(e *evaluation, args []value, _ *scope) value {
	if len(args) < 3 {
		return value{}
	}
	switch t := args[2].truth(); {
	case t == yes, t == maybe && e.pass == 0:
		return args[0]
	}
	return args[1]
}

func conjunction(_ *evaluation, args []value, _ *scope) value {
	for _, a := range args {
		if a.truth() == no {
			return a
		}
	}
	for _, a := range args {
		if a.truth() == maybe {
			return value{}
		}
	}
	return args[len(args)-1]
}

func disjunction(_ *evaluation, args []value, _ *scope) value {
	for _, a := range args {
		if t := a.truth(); t == yes || t == maybe && a.path == "" {
			return a
		}
	}
	return args[len(args)-1]
}

func negated(_ *evaluation, args []value, _ *scope) value {
	if t := args[0].truth(); t != maybe {
		return boolValue(t == no)
	}
	return value{}
}

func equal(_ *evaluation, args []value, _ *scope) value {
	if len(args) < 2 || args[0].kind != text || args[1].kind != text {
		return value{}
	}
	for _, a := range args[1:] {
		if a.bare() == args[0].bare() {
			return boolValue(true)
		}
	}
	return boolValue(false)
}

func unequal(e *evaluation, args []value, s *scope) value {
	if v := equal(e, args, s); v.kind == text {
		return boolValue(v.truth() == no)
	}
	return value{}
}

// contains says no where the name of the release is asked for a part: "<release>-chart" is the usual name.
func contains(_ *evaluation, args []value, _ *scope) value {
	if len(args) < 2 || args[0].kind != text || args[1].kind != text {
		return value{}
	}
	return boolValue(!strings.Contains(args[1].bare(), Release) && strings.Contains(args[1].bare(), args[0].bare()))
}

func hasKey(_ *evaluation, args []value, _ *scope) value {
	if len(args) < 2 || args[0].kind != node {
		return value{}
	}
	return boolValue(args[0].node.Get(args[1].bare()) != nil)
}

func has(_ *evaluation, args []value, _ *scope) value { return value{} }
