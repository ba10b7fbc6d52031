package secret

import (
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// TestBeginnings: the forms say how their values begin, all but the one of sets of signs.
func TestBeginnings(t *testing.T) {
	for _, f := range referenceForms {
		if f.begins.of("Zebra"); f.begins.any {
			t.Errorf("%s: nothing is known of how its values begin", f.reason)
		}
	}
}

// embedded is what embeds says, as an expression.
var embedded = lazy.New(`\$\{[^}]*\}|\{\{.*\}\}|#\{[^}]*\}|%\([\w.]+\)s|<%=|\$\([^)]*\)|%[sdvq]$|^%[sdvq]|%[sdvq][:@]|\{\d?\}|\{[a-z_]+\}|["'] ?[+.] ?\w|\w ?[+.] ?["']|\\\(\w+|["']%[sdvq]["']`)

func TestEmbeds(t *testing.T) {
	pieces := strings.Split("$|#|{|{{|}|}}|%|(|)|)s|<%=|s|d|%s|:|@|0|a|_|name|X|\"|'|+|.| |\n|\\|\\(|ü|-|/", "|")
	r := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 300_000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		v := b.String()
		want := embedded.MatchString(v)
		if embeds(v) != want {
			t.Fatalf("%q: %v, the expression says %v", v, !want, want)
		}
		if want {
			found++
		}
	}
	if found < 10_000 {
		t.Errorf("only %d of the texts are templates", found)
	}
}

// TestFirstBytes: no form matches a value that begins with another byte than it says, so that leaving it out is right.
func TestFirstBytes(t *testing.T) {
	heads := strings.Fields(`$X ${a} %a% !a! $(b) {{x}} {% <% #{ @{ [[ {a} $[ @a@ __a__ [parameters( @parameters( @pipeline( $t( $$ ~~a ## ={{
		ENC[ !vault $ANSIBLE_VAULT {cipher} ENC( vault:v1: {aes} enc: secure: AQICAH op://a vault:a ref+x://a secretref:a keyvault:a awssm:a gcpsm:a
		bws:a doppler:a akv:a sm:a ssm:a aws-sm:a env:a file:a keyring:a secret:a <path: arn:aws: @Microsoft.KeyVault projects/a/secrets/ {{resolve:
		!Ref !Secret secrets. secret. var.a local.a data.a module.a process.env os.environ System.getenv ENV[ getenv env( config( Deno.env import.meta
		Environment.Get self. this. required| nullable| sometimes| bail| string| settings. conf. args. opt. opts. options. params[ request. req.
		./a ../a ~/a C:\\a file:// a/b.go x.pem id_rsa //host www. api. localhost mailto: http:// 2026-01-01 1:30 ^1.2 >=1.0 v1.2 - | $2a$ {SSHA} pbkdf2_sha SCRAM-SHA md5 https://
		function lambda await => nil None null undefined true false ssh-rsa ecdsa-sha2 -----BEGIN sha1: md5- age1`)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(heads).Draw(t, "head") + rapid.StringN(0, 8, -1).Draw(t, "rest")
		if rapid.Bool().Draw(t, "any") {
			v = rapid.StringN(1, 12, -1).Draw(t, "value")
		}
		for _, f := range referenceForms {
			if f.re.MatchString(v) && !f.begins.of(v) {
				t.Fatalf("%s: %q does not begin as the form does", f.reason, v)
			}
		}
		if angled.MatchString(v) && !strings.ContainsAny(v, "<[(") {
			t.Fatalf("angled: %q has no bracket", v)
		}
		for _, f := range []struct {
			re     *lazy.Regexp
			starts string
		}{{dateForm, dateStarts}, {hashForm, hashStarts}} {
			if f.re.MatchString(v) && strings.IndexByte(f.starts, v[0]) < 0 {
				t.Fatalf("%q begins with another byte than %q", v, f.starts)
			}
		}
		if pathForm.MatchString(v) && !strings.ContainsAny(v, pathSigns) && !strings.HasPrefix(v, "id_") ||
			urlForm.MatchString(v) && !strings.Contains(v, "//") && strings.IndexByte(urlStarts, v[0]) < 0 ||
			clientForm.MatchString(v) && !strings.HasPrefix(v, "http") {
			t.Fatalf("%q is left out", v)
		}
		if publicKey.MatchString(v) && strings.IndexByte("se-am", v[0]) < 0 {
			t.Fatalf("public key: %q", v)
		}
	})
}
