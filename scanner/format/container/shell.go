package container

import (
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Shell reads shell text that the part runs.
func (r Runner) Shell(text string, at artifact.Place) {
}
