package source

import "runtime/debug"

// fault is what reading mapped memory panics with when the file was cut short meanwhile.
type fault interface {
	error
	Addr() uintptr
}

// guarded calls f. A fault in mapped memory (a pack that another process truncates under our feet) is told to
// lost instead of ending the program; any other panic goes on.
func guarded(f func() error, lost func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case fault:
			lost()
		default:
			panic(p) //nolint:forbidigo // not ours: whoever calls recovers it
		}
	}()
	return f()
}
