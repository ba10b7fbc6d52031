package cache

import (
	"strings"
	"testing"
)

// The build id is found as the linker writes it: in a note of an ELF file, or as text in others.
func TestBuildID(t *testing.T) {
	id := strings.Repeat("a/b_", 10)
	for name, head := range map[string]string{
		"elf":         "\x7fELF....\x04\x00\x00\x00" + string(rune(len(id))) + "\x00\x00\x00\x04\x00\x00\x00Go\x00\x00" + id + "\x00more",
		"text":        "MZ....\xff Go build ID: \"" + id + "\"\n \xff more",
		"none":        "",
		"cut short":   "\x7fELF\x04\x00\x00\x00\xff\x00\x00\x00\x04\x00\x00\x00Go\x00\x00" + id,
		"text no end": "\xff Go build ID: \"" + id,
	} {
		want := id
		if name != "elf" && name != "text" {
			want = ""
		}
		if got := string(buildID([]byte(head))); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// The running test has an id, and always the same one.
func TestBuild(t *testing.T) {
	a, err := Build()
	if err != nil || len(a) < 20 {
		t.Fatal(a, err)
	}
	if b, _ := Build(); string(a) != string(b) {
		t.Error("two ids of one program")
	}
}
