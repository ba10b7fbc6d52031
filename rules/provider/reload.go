package provider

import (
	_ "embed"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"
)

// Reload is one row of reload.toml: what a kind of consumer needs before it sees a new value.
type Reload struct {
	Platform string `toml:"platform"` // id of a format's row
	As       string `toml:"as"`       // env, file, argument or job (starts anew each time); "" for any way
	Need     string `toml:"need"`     // what must be done
	Wait     string `toml:"wait"`     // how long it takes by itself, "" when it does not
	Command  string `toml:"command"`  // what to type, with names in capitals; "" for nothing to type
	Source   string `toml:"source"`
}

//go:embed reload.toml
var reloadText string

var loadReloads = sync.OnceValue(func() []Reload {
	var file struct {
		Reload []Reload `toml:"reload"`
	}
	if _, err := toml.Decode(reloadText, &file); err != nil {
		return nil // a test reads the table
	}
	return file.Reload
})

// Reloads returns the rows, in the order of their file.
func Reloads() []Reload { return loadReloads() }

// ReloadOf returns what a consumer of a platform needs when it is handed a value as env, file or argument ("" when
// that is not known); false when the table does not know the platform.
func ReloadOf(platform, as string) (Reload, bool) {
	rows := Reloads()
	for _, way := range []string{as, ""} {
		if i := slices.IndexFunc(rows, func(r Reload) bool { return r.Platform == platform && r.As == way }); i >= 0 {
			return rows[i], true
		}
	}
	return Reload{}, false
}
