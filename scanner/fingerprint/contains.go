package fingerprint

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Contains reports whether the value of outer holds that of inner, so that a hit of the detector can be told to
// lie inside a literal of a format.
func Contains(outer, inner artifact.Secret) bool {
	v := canonical(artifact.Reveal(inner))
	return v != "" && strings.Contains(artifact.Reveal(outer), v)
}
