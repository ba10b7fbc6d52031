package helm

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func joined(between string) function {
	return func(_ *evaluation, args []value, _ *scope) value {
		var out []span
		for i, a := range args {
			if i > 0 && between != "" {
				out = append(out, plain(between)...)
			}
			out = append(out, a.printed()...)
		}
		return value{kind: text, spans: out}
	}
}

// formatted is printf: every verb takes the next argument.
func formatted(_ *evaluation, args []value, _ *scope) value {
	format := args[0].bare()
	var out []span
	next := 1
	for {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 >= len(format) {
			break
		}
		out = append(out, plain(format[:i])...)
		j := i + 1
		for j < len(format)-1 && strings.IndexByte("0123456789.-+# ", format[j]) >= 0 {
			j++
		}
		switch {
		case format[j] == '%':
			out = append(out, plain("%")...)
		case next < len(args):
			out = append(out, args[next].printed()...)
			next++
		}
		format = format[j+1:]
	}
	return value{kind: text, spans: append(out, plain(format)...)}
}

func listed(_ *evaluation, args []value, _ *scope) value { return value{kind: list, list: args} }

func concatenated(_ *evaluation, args []value, _ *scope) value {
	out := value{kind: list}
	for _, a := range args {
		_, items := a.items()
		out.list = append(out.list, items...)
	}
	return out
}

func dictOf(_ *evaluation, args []value, _ *scope) value {
	v := value{kind: dict, dict: map[string]value{}}
	for i := 0; i+1 < len(args); i += 2 {
		v.dict[args[i].bare()] = args[i+1]
	}
	return v
}

func indexed(_ *evaluation, args []value, _ *scope) value {
	v := args[0]
	for _, key := range args[1:] {
		if key.kind != text {
			return value{}
		}
		v = v.get(key.bare())
	}
	return v
}

func quoted(mark string) function {
	return func(_ *evaluation, args []value, _ *scope) value {
		spans := slices.Clone(args[len(args)-1].printed())
		for i := range spans {
			if mark == "'" {
				spans[i].text = strings.ReplaceAll(spans[i].text, "'", "''")
				continue
			}
			spans[i].text = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(spans[i].text)
		}
		out := append(plain(mark), spans...)
		return value{kind: text, spans: append(out, plain(mark)...)}
	}
}

func indented(before string) function {
	return func(_ *evaluation, args []value, _ *scope) value {
		n, _ := strconv.Atoi(args[0].bare())
		v := args[len(args)-1]
		spans := indent(v.printed(), n)
		if before != "" {
			spans = append(plain(before), spans...)
		}
		return value{kind: text, spans: spans}
	}
}

// changed applies a change to a text; the first argument says how, when there are two.
func changed(change func(how, text string) string) function {
	return func(_ *evaluation, args []value, _ *scope) value {
		v := args[len(args)-1]
		if v.kind != text || len(v.spans) == 0 {
			return v
		}
		how := ""
		if len(args) > 1 {
			how = args[0].bare()
		}
		if t := change(how, textOf(v.spans)); t == textOf(v.spans) {
			return v
		}
		v.spans = flat(v.spans, func(t string) string { return change(how, t) })
		return v
	}
}

// truncated cuts a text. The symbol of the release stands for a name of unknown length and is never cut.
func truncated(how, t string) string {
	n, err := strconv.Atoi(how)
	if err != nil || n < 0 || len(t) <= n || strings.Contains(t, Release) || strings.ContainsRune(t, hole) {
		return t
	}
	return t[:n]
}

func replaced(_ *evaluation, args []value, _ *scope) value {
	if len(args) < 3 {
		return args[len(args)-1]
	}
	old, fresh := args[0].bare(), args[1].bare()
	if old == "" {
		return args[2]
	}
	return changed(func(_, t string) string {
		if strings.Contains(t, Release) && strings.Contains(Release+":.>", old) {
			return t
		}
		return strings.ReplaceAll(t, old, fresh)
	})(nil, args[2:], nil)
}

// replacedPattern is regexReplaceAll: pattern, text, replacement.
func replacedPattern(_ *evaluation, args []value, _ *scope) value {
	if len(args) < 3 {
		return value{}
	}
	re, err := regexp.Compile(args[0].bare())
	if err != nil {
		return value{}
	}
	return changed(func(_, t string) string {
		if strings.Contains(t, Release) || len(t) > 1<<16 {
			return t
		}
		return re.ReplaceAllString(t, args[2].bare())
	})(nil, args[1:2], nil)
}

// cased changes the case of a text. The symbol of the release keeps its own.
func cased(change func(string) string) function {
	return changed(func(_, t string) string {
		if strings.Contains(t, Release) {
			return t
		}
		return change(t)
	})
}

// encoded is b64enc: the text of a Secret. What is not known stays as it is, so that the Secret's key is still
// joined to the value.
func encoded(_ *evaluation, args []value, _ *scope) value {
	v := args[len(args)-1]
	if v.kind != text || v.bare() == "" || strings.ContainsRune(v.bare(), hole) || strings.Contains(v.bare(), Release) {
		return v
	}
	v.spans = flat(v.spans, func(t string) string { return base64.StdEncoding.EncodeToString([]byte(t)) })
	return v
}
