package secret

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestRequired: where an expression of a rule matches, the look for the texts that it requires says that it may. The texts are
// made from the expressions.
func TestRequired(t *testing.T) {
	set, err := defaultRules()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	rules, found := 0, 0
	for _, rule := range set.rules {
		need := requires(rule.find.source)
		if need == nil {
			continue
		}
		rules++
		re := regexp.MustCompile(rule.find.source)
		tree, err := syntax.Parse(rule.find.source, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			var b strings.Builder
			b.WriteString([]string{"", "pat", "x ", "\n", `"`, "=EAAM"}[r.IntN(6)])
			sampled(&b, tree, r)
			b.WriteString([]string{"", " ", "'", "z", "\n"}[r.IntN(5)])
			text := b.String()
			if !re.MatchString(text) {
				continue
			}
			if found++; !need.may([]byte(text)) {
				t.Fatalf("%s: the expression matches where nothing is said to stand that it requires", rule.id)
			}
		}
	}
	if rules < 60 || found < 2000 {
		t.Errorf("only %d rules require a text, and match %d of those that were made", rules, found)
	}
	if requires(`\b(pat[[:alnum:]]{14}\.[a-f0-9]{64})\b`).may([]byte("the path of a pattern")) {
		t.Error("words that begin alike are no reason to run an expression")
	}
}

// sampled writes a text that an expression describes.
func sampled(b *strings.Builder, re *syntax.Regexp, r *rand.Rand) {
	times := func(least, most int) {
		if most < 0 || most > least+3 {
			most = least + 3
		}
		for range least + r.IntN(most-least+1) {
			sampled(b, re.Sub[0], r)
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		text := string(re.Rune)
		if re.Flags&syntax.FoldCase != 0 && r.IntN(2) == 0 {
			text = strings.ToUpper(text)
		}
		b.WriteString(text)
	case syntax.OpCharClass:
		i := 2 * r.IntN(len(re.Rune)/2)
		for re.Rune[i] >= utf8.RuneSelf { // the signs that fold to ASCII letters, in which no token is written
			i = 2 * r.IntN(len(re.Rune)/2)
		}
		b.WriteRune(re.Rune[i] + rune(r.IntN(int(min(re.Rune[i+1], utf8.RuneSelf-1)-re.Rune[i])+1)))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b.WriteByte('a')
	case syntax.OpStar:
		times(0, -1)
	case syntax.OpPlus:
		times(1, -1)
	case syntax.OpQuest:
		times(0, 1)
	case syntax.OpRepeat:
		times(re.Min, re.Max)
	case syntax.OpAlternate:
		sampled(b, re.Sub[r.IntN(len(re.Sub))], r)
	case syntax.OpCapture, syntax.OpConcat:
		for _, sub := range re.Sub {
			sampled(b, sub, r)
		}
	}
}
