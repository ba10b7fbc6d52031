package calls_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/scanner/format/calls"
)

// show writes statements as one line.
func show(list []calls.Statement) string {
	var b strings.Builder
	for _, s := range list {
		b.WriteString(s.Name)
		if s.Assign {
			b.WriteString(" =")
		}
		for _, a := range s.Args {
			b.WriteString(" " + a.Name + ":" + value(a.Value))
		}
		if s.Block {
			b.WriteString("{" + show(s.Body) + "}")
		}
		b.WriteString(";")
	}
	return b.String()
}

func value(v calls.Value) string {
	out := v.Text
	if v.IsList {
		out = "["
		for _, e := range v.List {
			out += e.Name + ":" + value(e.Value) + ","
		}
		out += "]"
	}
	if v.Call != nil {
		out = "<" + show([]calls.Statement{*v.Call}) + ">"
	}
	for _, r := range v.Rest {
		out += "+" + value(r)
	}
	return out
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"pipeline { agent any\n stage('A b') { sh 'make' } }":                          "pipeline{agent :any;stage :A b{sh :make;};};",
		"withCredentials([string(credentialsId: 'x', variable: 'Y')]) { echo \"$Y\" }": "withCredentials :[:<string credentialsId:x variable:Y;>,]{echo :$Y;};",
		"environment { A = credentials('id')\n B = 'v' + C }":                          "environment{A = :<credentials :id;>;B = :v+C;};",
		"def secrets = [ 'kv-${env}': [ secret('a', 'A'), ], ]":                        "secrets = :[kv-${env}:[:<secret :a :A;>,],];",
		"git url: 'u', credentialsId: 'c' // comment's":                                "git url:u credentialsId:c;",
		"if (a == 'b') { x() } else { y() }":                                           "if :a+b{x;};else{y;};",
		"sh '''a\n'b' \"c\"\n'''":                                                      "sh :a\n'b' \"c\"\n;",
		"schedule { triggerBuild = cron { hours = \"3\" } }":                           "schedule{triggerBuild = :<cron{hours = :3;};>;};",
		"parallel a: { sh '1' }, b: { sh '2' }":                                        "parallel a:<{sh :1;};> b:<{sh :2;};>;",
		"}}}":                                                                          "",
	} {
		if diff := cmp.Diff(want, show(calls.Parse([]byte(text)))); diff != "" {
			t.Errorf("%s:\n%s", text, diff)
		}
	}
}

// Any text ends, and offsets stay inside of it.
func TestParseTakesAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-c(){}\[\]'"$/*,:=.\n ]{0,60}`).Draw(t, "text")
		calls.Walk(calls.Parse([]byte(text)), func(s calls.Statement) bool {
			if s.Offset < 0 || s.End < s.Offset || s.End > len(text) {
				t.Fatalf("%q: call at %d to %d", text, s.Offset, s.End)
			}
			return true
		})
	})
}
