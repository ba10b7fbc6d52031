package code

import (
	"bytes"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// The head of a Python function is what the expression says that it stands for.
func TestPythonHead(t *testing.T) {
	want := regexp.MustCompile(`^(?:async\s+)?(?:def|class)\s+([A-Za-z_]\w*)`)
	pieces := []string{"async", "def", "class", " ", "  ", "\t", "\n", "\v", "\f", "\r", "x", "_a1", "9", "é", "$", "(", "asyncdef", "classy"}
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		line := []byte(b.String())
		name, end := pythonHead(line)
		m := want.FindSubmatchIndex(line)
		if m == nil {
			m = make([]int, 4)
		} else {
			found++
		}
		if end != m[1] || !bytes.Equal(name, line[m[2]:m[3]]) {
			t.Fatalf("%q: %q to %d, want %q to %d", line, name, end, line[m[2]:m[3]], m[1])
		}
	}
	if found < 1000 {
		t.Errorf("only %d heads were tried", found)
	}
}

// Each word that a head of JavaScript may begin with is looked at.
func TestScriptHead(t *testing.T) {
	for _, line := range []string{"export default async function a() {", "export async function a() {", "async function a() {", "function a() {",
		"function* a() {", "abstract class a {", "export abstract class a {", "default class a {", "const a = () =>", "export const a = async x =>"} {
		if name, end := unitHeads["script"]([]byte(line)); string(name) != "a" || end == 0 {
			t.Errorf("%q: %q to %d", line, name, end)
		}
	}
	for _, line := range []string{"", "let a = () => 1", "functional()", "const a = 1", " function a() {"} {
		if name, end := unitHeads["script"]([]byte(line)); end != 0 {
			t.Errorf("%q: %q to %d", line, name, end)
		}
	}
}
