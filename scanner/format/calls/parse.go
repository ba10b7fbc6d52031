package calls

type parser struct {
	tokens []token
	pos    int
}

func (p *parser) peekAt(n int) token {
	if p.pos+n < len(p.tokens) {
		return p.tokens[p.pos+n]
	}
	return token{kind: end}
}

func (p *parser) peek() token { return p.peekAt(0) }

func (p *parser) next() token {
	t := p.peek()
	p.pos++
	return t
}

func (p *parser) is(s string) bool { t := p.peek(); return t.kind == sign && t.text == s }

// last returns the offset behind the last token that was taken.
func (p *parser) last() int {
	i := min(p.pos, len(p.tokens)) - 1
	if i < 0 {
		return 0
	}
	return p.tokens[i].last
}

func (p *parser) skipLines() {
	for p.peek().kind == newline {
		p.pos++
	}
}

// block reads statements up to a closing brace, which it leaves.
func (p *parser) block(depth int) []Statement {
	var out []Statement
	for p.peek().kind != end && !p.is("}") {
		t := p.peek()
		switch {
		case depth > maxDepth:
			p.next()
		case t.kind == word && p.named(1):
			out = append(out, p.assignment(depth))
		case t.kind == word && p.peekAt(1).kind == word && p.named(2):
			p.next() // def, val, a type
			out = append(out, p.assignment(depth))
		case t.kind == word:
			out = append(out, p.call(depth))
		case p.is("{"):
			p.next()
			out = append(out, p.block(depth+1)...)
			p.close("}")
		case t.kind == sign && t.text == "[":
			out = append(out, Statement{Offset: t.first, Args: []Entry{{Offset: t.first, Value: p.value(depth + 1)}}, End: p.last()})
		default:
			p.next()
		}
	}
	return out
}

// named reports whether the token n places ahead is the = of an assignment.
func (p *parser) named(n int) bool {
	a, b := p.peekAt(n), p.peekAt(n+1)
	return a.kind == sign && a.text == "=" && !(b.kind == sign && (b.text == "=" || b.text == "~"))
}

func (p *parser) close(s string) {
	if p.is(s) {
		p.next()
	}
}

func (p *parser) assignment(depth int) Statement {
	name := p.next()
	p.next()
	p.skipLines()
	s := Statement{Name: name.text, Offset: name.first, Assign: true}
	s.Args = []Entry{{Offset: name.first, Value: p.expression(depth + 1)}}
	s.End = p.last()
	return s
}

// call reads a call: in brackets, or as a command with its arguments behind it.
func (p *parser) call(depth int) Statement {
	name := p.next()
	s := Statement{Name: name.text, Offset: name.first}
	switch {
	case p.is("("):
		p.next()
		s.Args = p.entries(")", depth+1)
		p.close(")")
	case p.command():
		s.Args = p.arguments(depth + 1)
	}
	if p.peek().kind == newline && p.opensLater() {
		p.skipLines()
	}
	if p.is("{") {
		p.next()
		s.Block = true
		s.Body = p.block(depth + 1)
		p.close("}")
	}
	s.End = p.last()
	return s
}

// opensLater reports whether the next token that is no line break opens a block.
func (p *parser) opensLater() bool {
	for n := 0; ; n++ {
		t := p.peekAt(n)
		if t.kind != newline {
			return t.kind == sign && t.text == "{"
		}
	}
}

// command reports whether arguments follow without brackets.
func (p *parser) command() bool {
	t := p.peek()
	return t.kind == text || t.kind == word || t.kind == sign && (t.text == "[" || t.text == "$")
}

// arguments reads the arguments of a command, up to the end of the line or a block.
func (p *parser) arguments(depth int) []Entry {
	var out []Entry
	for p.command() {
		out = append(out, p.entry(depth))
		if !p.is(",") {
			break
		}
		p.next()
		p.skipLines()
	}
	return out
}

// entries reads items up to a closing sign, which it leaves.
func (p *parser) entries(until string, depth int) []Entry {
	var out []Entry
	for p.peek().kind != end && !p.is(until) && !p.is("}") {
		if t := p.peek(); t.kind == newline || t.kind == sign && t.text != "[" && t.text != "{" && t.text != "(" {
			p.next()
			continue
		}
		before := p.pos
		out = append(out, p.entry(depth))
		if p.pos == before {
			p.next()
		}
	}
	return out
}

// entry reads one item: name: value, name = value, value.
func (p *parser) entry(depth int) Entry {
	t := p.peek()
	e := Entry{Offset: t.first}
	if after := p.peekAt(1); (t.kind == word || t.kind == text) && after.kind == sign && (after.text == ":" || after.text == "=" && p.named(1)) {
		e.Name = t.text
		p.next()
		p.next()
		p.skipLines()
	}
	e.Value = p.expression(depth)
	return e
}

// expression reads a value and what operators join to it.
func (p *parser) expression(depth int) Value {
	v := p.value(depth)
	for {
		t := p.peek()
		switch {
		case t.kind == sign && (t.text == "+" || t.text == "?" || t.text == ":" || t.text == "-" || t.text == "." || t.text == "!" || t.text == "&" || t.text == "|" || t.text == "<" || t.text == ">" || t.text == "="):
			p.next()
			p.skipLines()
			if x := p.peek(); x.kind == text || x.kind == word || x.kind == sign && (x.text == "[" || x.text == "(") {
				v.Rest = append(v.Rest, p.value(depth))
			}
		case t.kind == word && (t.text == "to" || t.text == "in"):
			p.next()
			v.Rest = append(v.Rest, p.value(depth))
		default:
			return v
		}
	}
}

func (p *parser) value(depth int) Value {
	t := p.peek()
	if depth > maxDepth {
		p.next()
		return Value{}
	}
	switch {
	case t.kind == text:
		p.next()
		return Value{Text: t.text, String: true, Raw: t.raw, Offset: t.at}
	case t.kind == sign && t.text == "[":
		p.next()
		v := Value{IsList: true, Offset: t.first, List: p.entries("]", depth+1)}
		p.close("]")
		return v
	case t.kind == sign && t.text == "(":
		p.next()
		v := Value{Offset: t.first, List: p.entries(")", depth+1)}
		p.close(")")
		return v
	case t.kind == sign && t.text == "{":
		p.next()
		s := &Statement{Offset: t.first, Block: true, Body: p.block(depth + 1)}
		p.close("}")
		s.End = p.last()
		return Value{Offset: t.first, Call: s}
	case t.kind == word:
		return p.wordValue(depth)
	}
	p.next()
	return Value{Offset: t.first}
}

// wordValue reads a word, or a call of it.
func (p *parser) wordValue(depth int) Value {
	t := p.peek()
	if after := p.peekAt(1); after.kind == sign && (after.text == "(" || after.text == "{") {
		s := p.call(depth)
		return Value{Text: t.text, Offset: t.first, Call: &s}
	}
	if after := p.peekAt(1); t.text == "new" && after.kind == word {
		p.next()
		return p.wordValue(depth)
	}
	p.next()
	return Value{Text: t.text, Offset: t.first}
}
