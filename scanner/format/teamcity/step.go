package teamcity

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// step adds a step of a build.
func (f *file) step(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	if !x.Block {
		return s
	}
	at := f.Artifact.PlaceOf(x.Offset)
	id := f.Facts.Part(s.Part, fmt.Sprintf("%s%d", x.Name, at.Line), title(x, x.Name), "step", at)
	f.Cover(id, at.Line, f.Artifact.PlaceOf(max(x.Offset, x.End-1)).Line)
	if p, ok := option(x, "path"); ok && x.Name == "exec" && !strings.ContainsAny(p.Literal(), "%/ ") || ok && strings.HasSuffix(p.Literal(), ".sh") {
		f.Runs(id, strings.TrimPrefix(p.Literal(), "./"), "teamcity-exec", inventory.High, f.Artifact.PlaceOf(p.Offset))
	}
	return s.Enter(id, false, pipeline.Level{})
}

// option returns the value that a block assigns to a name.
func option(x calls.Statement, name string) (calls.Value, bool) {
	for _, b := range x.Body {
		if b.Assign && b.Name == name {
			return b.Args[0].Value, true
		}
	}
	return calls.Value{}, false
}

// shellText turns %env.X% into shell, byte for byte.
func shellText(text string) string {
	return reference.ReplaceAllStringFunc(text, func(m string) string {
		name := strings.Trim(m, "%")
		if strings.ContainsAny(name, ":/!") {
			return strings.Repeat("x", len(m))
		}
		out := "${" + strings.NewReplacer(".", "_", "-", "_").Replace(strings.TrimPrefix(name, "env.")) + "}"
		if len(out) > len(m) { // one byte more than %x%: the braces go
			return " $" + out[2:len(out)-1]
		}
		return out + strings.Repeat("_", len(m)-len(out))
	})
}

// script reads shell text, in which the server fills in parameters.
func (f *file) script(s *pipeline.Scope, v calls.Value, language string) {
	if !v.String {
		return
	}
	for _, m := range reference.FindAllStringSubmatchIndex(v.Text, 200) {
		at := f.Artifact.PlaceOf(v.Offset + m[0])
		for _, t := range s.Name(v.Text[m[2]:m[3]], at) {
			f.Edge(inventory.Reads, s.Part, t.ID, "teamcity-reference", t.Sure, at)
		}
	}
	text := pipeline.NewText(f.Artifact)
	text.Add(shellText(v.Text), func(offset int) artifact.Place {
		return f.Artifact.PlaceOf(min(v.Offset+max(offset, 0), len(f.Artifact.Content)))
	})
	s.Program(language, text, nil)
}

// schedule reads schedule { schedulingPolicy = daily { hour = 3 } } and cron { hours = "3" ... }.
func (f *file) schedule(s *pipeline.Scope, x calls.Statement) {
	v, ok := option(x, "schedulingPolicy")
	zone := ""
	if ok && v.Call != nil {
		if z, ok := option(*v.Call, "timezone"); ok {
			zone = z.Literal()
		}
		f.Attr(f.ID, inventory.AttrSchedule, policy(*v.Call), zone, f.Artifact.PlaceOf(x.Offset))
		f.Attr(s.Part, inventory.AttrSchedule, policy(*v.Call), zone, f.Artifact.PlaceOf(x.Offset))
	}
}

// policy writes a policy as cron where it can be one, else as it stands.
func policy(c calls.Statement) string {
	get := func(name, missing string) string {
		if v, ok := option(c, name); ok && v.Text != "" {
			return v.Text
		}
		return missing
	}
	switch c.Name {
	case "daily":
		return get("minute", "0") + " " + get("hour", "0") + " * * *"
	case "weekly":
		day := get("dayOfWeek", "Sunday")
		day = strings.ToUpper(day[strings.LastIndexByte(day, '.')+1:])
		return get("minute", "0") + " " + get("hour", "0") + " * * " + day[:min(3, len(day))]
	case "cron":
		return strings.Join([]string{get("minutes", "0"), get("hours", "0"), get("dayOfMonth", "*"), get("month", "*"), get("dayOfWeek", "*")}, " ")
	}
	return c.Name
}
