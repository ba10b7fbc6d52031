// Package detect holds the rows that say what a credential looks like: names that speak of one, rules for
// literal values, and the words of references.
package detect

import (
	"hash/fnv"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

var sampleGroup = regexp.MustCompile(`\{\[([^\]]+)\]:(\d+)(?::([A-Za-z0-9_-]+))?\}`)

// Expand fills a pattern such as AKIA{[A-Z2-7]:16} with characters: each group names a character class and a
// count, and may carry a label: {[a-z0-9]:20:stripe}. The same group always gives the same text, so that one
// fake token can stand in several fixtures; the repository itself holds none.
func Expand(pattern string) string {
	return sampleGroup.ReplaceAllStringFunc(pattern, func(group string) string {
		m := sampleGroup.FindStringSubmatch(group)
		set := charset(m[1])
		n, err := strconv.Atoi(m[2])
		if err != nil || n > 1<<20 || len(set) == 0 {
			return group
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(group))
		r := rand.New(rand.NewPCG(h.Sum64(), 0))
		var b strings.Builder
		for range n {
			b.WriteByte(set[r.IntN(len(set))])
		}
		return b.String()
	})
}

// charset lists the characters of a class such as A-Za-z0-9_.
func charset(class string) []byte {
	var out []byte
	for i := 0; i < len(class); i++ {
		if i+2 < len(class) && class[i+1] == '-' {
			for c := int(class[i]); c <= int(class[i+2]); c++ {
				out = append(out, byte(c))
			}
			i += 2
			continue
		}
		out = append(out, class[i])
	}
	return out
}
