package register

// Glob reports whether a name matches a pattern. "*" stands for any run of characters without "/" and "#", "**"
// for any run, "?" for one character that is neither. Everything else stands for itself; there is no escape.
// It takes time in proportion to the product of the lengths, whatever the pattern.
func Glob(pattern, name string) bool {
	reach := make([]bool, len(name)+1) // reach[i]: the pattern so far matches name[:i]
	reach[0] = true
	for p := 0; p < len(pattern); p++ {
		switch {
		case pattern[p] != '*':
			stepOne(reach, name, pattern[p])
		case p+1 < len(pattern) && pattern[p+1] == '*':
			p++
			stepRun(reach, name, func(byte) bool { return true })
		default:
			stepRun(reach, name, within)
		}
	}
	return reach[len(name)]
}

func stepOne(reach []bool, name string, want byte) {
	for i := len(name); i > 0; i-- {
		c := name[i-1]
		reach[i] = reach[i-1] && (c == want || want == '?' && within(c))
	}
	reach[0] = false
}

func stepRun(reach []bool, name string, takes func(byte) bool) {
	for i := 1; i <= len(name); i++ {
		reach[i] = reach[i] || reach[i-1] && takes(name[i-1])
	}
}

// within reports whether a character stays inside one part of an id or path.
func within(c byte) bool { return c != '/' && c != '#' }
