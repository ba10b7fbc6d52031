package resolve

import "strings"

// MatchOwners reports whether a CODEOWNERS pattern covers a path. The grammar is that of gitignore without
// negation and without character ranges, as GitHub and GitLab describe it: a pattern without a slash inside
// matches at any depth, one that ends in a slash matches all below a folder, "*" stays within one element and
// "**" crosses them.
func MatchOwners(glob, path string) bool {
	g := strings.ReplaceAll(glob, `\ `, " ")
	anchored := strings.Contains(strings.TrimSuffix(g, "/"), "/")
	g = strings.TrimPrefix(g, "/")
	if strings.HasSuffix(g, "/") {
		g += "**/*" // what is below the folder, not a file of its name
	}
	pattern, elements := strings.Split(g, "/"), strings.Split(path, "/")
	if !anchored {
		pattern = append([]string{"**"}, pattern...)
	}
	if last := pattern[len(pattern)-1]; last != "**" && !(anchored && last == "*") {
		pattern = append(pattern, "**") // the pattern may name a folder
	}
	return matchElements(pattern, elements)
}

// matchElements matches pattern elements against path elements; "**" stands for any number of them, and at the
// end for none as well.
func matchElements(pattern, path []string) bool {
	p, s, star, mark := 0, 0, -1, 0
	for s < len(path) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			star, mark = p, s
			p++
		case p < len(pattern) && matchElement(pattern[p], path[s]):
			p++
			s++
		case star >= 0:
			mark++
			p, s = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

// matchElement matches "*" and "?" within one element.
func matchElement(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
