// Package fingerprint turns secrets into keyed fingerprints. It knows the canonical forms of a value and is,
// beside the detection engine, the only place that reveals one.
package fingerprint

// Print is what remains of a secret.
type Print struct {
	ID     string // hs1:<key id>:<base32 of 128 bits>
	Also   []Form // other canonical forms of the same value, sorted
	Weak   string // why the value must not join by equality: "word list", "under 40 bits", "documented sample"; "" when it may
	Marker string // a public type marker (ghp_), "" for none
}

// Form is a fingerprint of another form of a value.
type Form struct {
	ID       string
	Encoding string // base64, base64-newline, hex, percent, json, basic, userinfo ...
}
