// Package lazy compiles regular expressions when they are first used: a program that is started for a small job
// needs few of those that its tables hold, and compiling all of them takes longer than the job.
package lazy

import (
	"regexp"
	"sync"
)

// Regexp is a regular expression that is compiled when first used. It has the methods of regexp.Regexp that are in
// use. It is safe for concurrent use.
type Regexp struct{ get func() *regexp.Regexp }

// New takes an expression as regexp.MustCompile does; a broken one panics when it is first used.
func New(source string) *Regexp {
	return &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(source) })}
}

// Match is that of regexp.Regexp.
func (l *Regexp) Match(b []byte) bool { return l.get().Match(b) }

// MatchString is that of regexp.Regexp.
func (l *Regexp) MatchString(s string) bool { return l.get().MatchString(s) }

// Find is that of regexp.Regexp.
func (l *Regexp) Find(b []byte) []byte { return l.get().Find(b) }

// FindIndex is that of regexp.Regexp.
func (l *Regexp) FindIndex(b []byte) []int { return l.get().FindIndex(b) }

// FindSubmatch is that of regexp.Regexp.
func (l *Regexp) FindSubmatch(b []byte) [][]byte { return l.get().FindSubmatch(b) }

// FindSubmatchIndex is that of regexp.Regexp.
func (l *Regexp) FindSubmatchIndex(b []byte) []int { return l.get().FindSubmatchIndex(b) }

// FindStringSubmatch is that of regexp.Regexp.
func (l *Regexp) FindStringSubmatch(s string) []string { return l.get().FindStringSubmatch(s) }

// FindStringSubmatchIndex is that of regexp.Regexp.
func (l *Regexp) FindStringSubmatchIndex(s string) []int { return l.get().FindStringSubmatchIndex(s) }

// FindAllIndex is that of regexp.Regexp.
func (l *Regexp) FindAllIndex(b []byte, n int) [][]int { return l.get().FindAllIndex(b, n) }

// FindAllString is that of regexp.Regexp.
func (l *Regexp) FindAllString(s string, n int) []string { return l.get().FindAllString(s, n) }

// FindAllStringSubmatch is that of regexp.Regexp.
func (l *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return l.get().FindAllStringSubmatch(s, n)
}

// FindAllSubmatch is that of regexp.Regexp.
func (l *Regexp) FindAllSubmatch(b []byte, n int) [][][]byte { return l.get().FindAllSubmatch(b, n) }

// FindAllSubmatchIndex is that of regexp.Regexp.
func (l *Regexp) FindAllSubmatchIndex(b []byte, n int) [][]int {
	return l.get().FindAllSubmatchIndex(b, n)
}

// ReplaceAll is that of regexp.Regexp.
func (l *Regexp) ReplaceAll(src, by []byte) []byte { return l.get().ReplaceAll(src, by) }

// ReplaceAllString is that of regexp.Regexp.
func (l *Regexp) ReplaceAllString(src, by string) string { return l.get().ReplaceAllString(src, by) }

// FindString is that of regexp.Regexp.
func (l *Regexp) FindString(s string) string { return l.get().FindString(s) }

// FindStringIndex is that of regexp.Regexp.
func (l *Regexp) FindStringIndex(s string) []int { return l.get().FindStringIndex(s) }

// FindAllStringSubmatchIndex is that of regexp.Regexp.
func (l *Regexp) FindAllStringSubmatchIndex(s string, n int) [][]int {
	return l.get().FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllStringFunc is that of regexp.Regexp.
func (l *Regexp) ReplaceAllStringFunc(src string, by func(string) string) string {
	return l.get().ReplaceAllStringFunc(src, by)
}

// ReplaceAllLiteralString is that of regexp.Regexp.
func (l *Regexp) ReplaceAllLiteralString(src, by string) string {
	return l.get().ReplaceAllLiteralString(src, by)
}

// SubexpNames is that of regexp.Regexp.
func (l *Regexp) SubexpNames() []string { return l.get().SubexpNames() }
