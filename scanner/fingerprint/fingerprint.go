// Package fingerprint turns secrets into keyed fingerprints. It knows the canonical forms of a value and is,
// beside the detection engine, the only place that reveals one.
//
// # When two prints are one credential
//
// Two prints may join only when neither is weak, and then
//
//   - when their IDs are equal: the same text;
//   - when the ID of one is among the forms of the other: one is a detected secret, and the other carries it
//     encoded, or is an encoding of it;
//   - when both have the same form with the encoding userinfo or basic: the same password in two URLs or two
//     Authorization headers.
//
// Two prints that share any other form do not join: what a value happens to decode to is no secret by itself.
// Forms that are weak themselves are left out of a print, so a shared "postgres" joins nothing.
//
// There is no fingerprint without a key: a plain hash of a password is the password to anyone with a word list.
package fingerprint

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Print is what remains of a secret.
type Print struct {
	ID     string // hs1:<key id>:<base32 of 128 bits>
	Also   []Form // other canonical forms of the same value, sorted
	Weak   string // why the value must not join by equality: one of the Weak constants; "" when it may
	Marker string // a public type marker (ghp_), "" for none
	Was    string // the ID under the previous key, "" for none
}

// Form is a fingerprint of another form of a value.
type Form struct {
	ID       string
	Encoding string // how the form follows from the value; one of the Form constants
}

// How a form follows from the value. The first group encodes the value, the second decodes it, the last takes
// the password out of it.
const (
	FormBase64        = "base64"
	FormBase64Newline = "base64-newline" // of the value and a line feed, as echo | base64 gives it
	FormBase64URL     = "base64url"
	FormHex           = "hex"
	FormPercent       = "percent"
	FormJSON          = "json"
	FormXML           = "xml"

	FormFromBase64  = "from-base64"
	FormFromHex     = "from-hex"
	FormFromPercent = "from-percent"
	FormFromJSON    = "from-json"
	FormFromXML     = "from-xml"

	FormSameBytes = "same-bytes" // another spelling of a binary key: base64 for hexadecimal and the other way round

	FormUserinfo = "userinfo" // the password of scheme://user:password@host
	FormBasic    = "basic"    // the password of an HTTP Basic header
)

// Why a value is weak.
const (
	WeakSample = "documented sample"
	WeakWord   = "word list"
	WeakShort  = "under 40 bits"
)

// Of returns the print of a secret. Provider says that the value matched a provider's own pattern: then it may
// join whatever its estimated strength, unless it is a documented sample.
func (k Key) Of(s artifact.Secret, provider bool) Print {
	value := canonical(artifact.Reveal(s))
	p := Print{ID: k.id(value), Also: k.also(value), Weak: weakness(value, provider), Marker: marker(value)}
	if k.previous != nil {
		p.Was = k.previous.id(value)
	}
	return p
}

// id returns the fingerprint of a text.
func (k Key) id(text string) string {
	sum := k.mac(text)
	return "hs1:" + k.kid + ":" + lower32.EncodeToString(sum[:16])
}

// also returns the fingerprints of the other forms of a value.
func (k Key) also(value string) []Form {
	var out []Form
	for _, f := range forms(value) {
		out = append(out, Form{ID: k.id(f.text), Encoding: f.encoding})
	}
	slices.SortFunc(out, func(a, b Form) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Encoding, b.Encoding))
	})
	return slices.Compact(out)
}
