package secret

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestFirstBytes: no form matches a value that begins with another byte than it says, so that leaving it out is right.
func TestFirstBytes(t *testing.T) {
	heads := strings.Fields(`$X ${a} %a% !a! $(b) {{x}} {% <% #{ @{ [[ {a} $[ @a@ __a__ [parameters( @parameters( @pipeline( $t( $$ ~~a ## ={{
		ENC[ !vault $ANSIBLE_VAULT {cipher} ENC( vault:v1: {aes} enc: secure: AQICAH op://a vault:a ref+x://a secretref:a keyvault:a awssm:a gcpsm:a
		bws:a doppler:a akv:a sm:a ssm:a aws-sm:a env:a file:a keyring:a secret:a <path: arn:aws: @Microsoft.KeyVault projects/a/secrets/ {{resolve:
		!Ref !Secret secrets. secret. var.a local.a data.a module.a process.env os.environ System.getenv ENV[ getenv env( config( Deno.env import.meta
		Environment.Get self. this. required| nullable| sometimes| bail| string| settings. conf. args. opt. opts. options. params[ request. req.
		function lambda await => nil None null undefined true false ssh-rsa ecdsa-sha2 -----BEGIN sha1: md5- age1`)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(heads).Draw(t, "head") + rapid.StringN(0, 8, -1).Draw(t, "rest")
		if rapid.Bool().Draw(t, "any") {
			v = rapid.StringN(1, 12, -1).Draw(t, "value")
		}
		for _, f := range referenceForms {
			if f.re.MatchString(v) && strings.IndexByte(f.starts, v[0]) < 0 {
				t.Fatalf("%s: %q begins with a byte that the form does not name", f.reason, v)
			}
		}
		if embedded.MatchString(v) && !strings.ContainsAny(v, embeddedSigns) {
			t.Fatalf("embedded: %q has none of the signs", v)
		}
		if angled.MatchString(v) && !strings.ContainsAny(v, "<[(") {
			t.Fatalf("angled: %q has no bracket", v)
		}
		if publicKey.MatchString(v) && strings.IndexByte("se-am", v[0]) < 0 {
			t.Fatalf("public key: %q", v)
		}
	})
}
