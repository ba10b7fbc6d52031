package artifact

import (
	"fmt"
	"log/slog"
)

// redacted is what a Secret shows of itself, whatever verb, logger or encoder asks.
const redacted = "[secret]"

// Secret is a credential's literal value. Its bytes sit in a closure, so that no formatting verb, logger or
// encoder can reach them; Reveal is the only way, and only scanner/fingerprint and scanner/secret may call it
// (a test keeps that).
type Secret struct{ reveal func() string }

// Seal hides a value.
func Seal(value string) Secret { return Secret{func() string { return value }} }

// Reveal returns the value of s; "" for the zero Secret.
func Reveal(s Secret) string {
	if s.reveal == nil {
		return ""
	}
	return s.reveal()
}

// String hides the value.
func (Secret) String() string { return redacted }

// GoString hides the value.
func (Secret) GoString() string { return redacted }

// Format hides the value under every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// MarshalText hides the value.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the value.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
