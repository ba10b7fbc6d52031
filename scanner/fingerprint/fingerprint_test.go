package fingerprint

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

func testKey(t testing.TB, fill byte) Key {
	t.Helper()
	k, err := NewKey([]byte(strings.Repeat(string(rune(fill)), keySize)))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// joins is the rule of the package comment.
func joins(a, b Print) bool {
	if a.Weak != "" || b.Weak != "" {
		return false
	}
	has := func(p Print, id string) bool {
		return slices.ContainsFunc(p.Also, func(f Form) bool { return f.ID == id })
	}
	if a.ID == b.ID || has(a, b.ID) || has(b, a.ID) {
		return true
	}
	return slices.ContainsFunc(a.Also, func(f Form) bool {
		return (f.Encoding == FormUserinfo || f.Encoding == FormBasic) && slices.Contains(b.Also, f)
	})
}

func TestOneValueInManyCarriersJoins(t *testing.T) {
	const value = `Tr0ub4dor&3"x/9~Kq` // as long as a good password, with what carriers escape
	k := testKey(t, 'k')
	raw := k.Of(artifact.Seal(value), false)
	b64 := base64.StdEncoding.EncodeToString
	carriers := map[string]string{
		"white space":    " " + value + "\r\n",
		"mark":           "\uFEFF" + value,
		"base64":         b64([]byte(value)),
		"base64 newline": b64([]byte(value + "\n")),
		"base64 folded":  b64([]byte(value))[:8] + "\n  " + b64([]byte(value))[8:],
		"base64url":      base64.RawURLEncoding.EncodeToString([]byte(value)),
		"twice base64":   b64([]byte(b64([]byte(value)))),
		"hex":            hex.EncodeToString([]byte(value)),
		"HEX":            strings.ToUpper(hex.EncodeToString([]byte(value))),
		"percent":        `Tr0ub4dor%263%22x%2F9~Kq`,
		"json":           `Tr0ub4dor\u00263\"x\/9~Kq`,
		"xml":            `Tr0ub4dor&amp;3&quot;x/9~Kq`,
		"dsn":            `postgres://app:Tr0ub4dor%263%22x%2F9~Kq@db.example/app`,
		"basic":          "Basic " + b64([]byte("app:"+value)),
		"basic part":     b64([]byte("app:" + value)),
	}
	for name, text := range carriers {
		if p := k.Of(artifact.Seal(text), false); !joins(raw, p) {
			t.Errorf("%s: does not join the raw value: %+v", name, p)
		}
	}
}

func TestWhatMustNotJoin(t *testing.T) {
	k := testKey(t, 'k')
	of := func(s string) Print { return k.Of(artifact.Seal(s), false) }
	for name, pair := range map[string][2]Print{
		"another value":      {of("wq8Zk2mRt5Lx9Pbv"), of("wq8Zk2mRt5Lx9Pbw")},
		"a weak word":        {of("postgres"), of("postgres")},
		"weak in two URLs":   {of("postgres://app:postgres@h1/a"), of("postgres://app:postgres@h2/b")},
		"weak in its base64": {of("changeme"), of(base64.StdEncoding.EncodeToString([]byte("changeme")))},
		"another key":        {of("wq8Zk2mRt5Lx9Pbv"), testKey(t, 'x').Of(artifact.Seal("wq8Zk2mRt5Lx9Pbv"), false)},
	} {
		if joins(pair[0], pair[1]) {
			t.Errorf("%s joins", name)
		}
	}
	if a, b := of("amqp://u:wq8Zk2mRt5Lx9Pbv@h1"), of("amqp://v:wq8Zk2mRt5Lx9Pbv@h2/x"); !joins(a, b) {
		t.Error("one password in two URLs does not join")
	}
}

func TestBinaryKeyInTwoSpellings(t *testing.T) {
	b := []byte{0x9f, 1, 0xf3, 0x77, 0x81, 0xc0, 5, 0xee, 0x42, 0xa9, 0xfe, 0x13, 0, 0xd4, 0x6b, 0x90}
	k := testKey(t, 'k')
	h, e := k.Of(artifact.Seal(hex.EncodeToString(b)), false), k.Of(artifact.Seal(base64.StdEncoding.EncodeToString(b)), false)
	if h.ID == e.ID || !joins(h, e) {
		t.Error("the same bytes as hex and base64 do not join, or lost their raw id")
	}
}

func TestPEMShapes(t *testing.T) {
	body := strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEF", 9)
	pem := func(sep, indent string) string {
		var b strings.Builder
		b.WriteString(indent + "-----BEGIN TEST KEY-----" + sep)
		for s := body; s != ""; {
			n := min(64, len(s))
			b.WriteString(indent + s[:n] + sep)
			s = s[n:]
		}
		return b.String() + indent + "-----END TEST KEY-----" + sep
	}
	k := testKey(t, 'k')
	want := k.Of(artifact.Seal(pem("\n", "")), false).ID
	for name, text := range map[string]string{
		"CRLF": pem("\r\n", ""), "literal": pem(`\n`, ""), "indented": pem("\n", "    "), "one line": pem(" ", ""),
	} {
		if got := k.Of(artifact.Seal(text), false).ID; got != want {
			t.Errorf("%s: another fingerprint", name)
		}
	}
}

func TestPrintShape(t *testing.T) {
	k := testKey(t, 'k')
	p := k.Of(artifact.Seal("glpat-"+strings.Repeat("aB3", 7)), true)
	if !regexp.MustCompile(`^hs1:[a-z2-7]{8}:[a-z2-7]{26}$`).MatchString(p.ID) || p.Marker != "glpat-" || p.Weak != "" {
		t.Errorf("%+v", p)
	}
}

func TestWeakness(t *testing.T) {
	weak := map[string]string{
		"postgres": WeakWord, "P@ssw0rd!": WeakWord, "Admin123": WeakWord, "my-secret-key": WeakWord, "123456789": WeakWord,
		"my-database-password": WeakShort, "abcdefgh1234": WeakWord, "zebrazebrb77": WeakShort, "aaaaaaaaaaaaaaaaaaaa": WeakShort, "abababababababababab": WeakShort,
		"deadbeef": WeakShort, "qwerty123456": WeakWord, "kitchen-table": WeakShort, "": WeakWord, "x7": WeakShort,
		"AKIA" + "IOSFODNN7EXAMPLE": WeakSample,
	}
	for value, want := range weak {
		if got := weakness(value, false); got != want {
			t.Errorf("%q is %q, want %q (%.0f bits)", value, got, want, strength(value))
		}
	}
	for _, value := range []string{"wq8Zk2mR!", "f3a9c17be04d5582", "k3j9x0qpzm4w7", "correct-stable-horse-battery", "Tr0ub4dor&3x9", "9f86d081-884c-4d63-9a1f-0b2c3d4e5f6a"} {
		if got := weakness(value, false); got != "" {
			t.Errorf("%q is %q (%.0f bits)", value, got, strength(value))
		}
	}
	if weakness("AKIA"+"IOSFODNN7EXAMPLE", true) != WeakSample || weakness("short1", true) != "" {
		t.Error("a provider's pattern must vouch for strength, not for samples")
	}
}

func TestKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a", "key")
	k, err := WriteKeyFile(file)
	if err != nil {
		t.Fatal(err)
	}
	again, err := LoadKeyFile(file)
	if err != nil || again.ID() != k.ID() {
		t.Fatalf("%v: %v, wrote %v", err, again, k)
	}
	if info, _ := os.Stat(file); info.Mode().Perm() != 0o600 || info.Size() != 65 {
		t.Errorf("mode %v, %d bytes", info.Mode(), info.Size())
	}
	if _, err := WriteKeyFile(file); err == nil {
		t.Error("a key file was replaced")
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKeyFile(file); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("wide mode: %v", err)
	}
}

func TestKeyFileErrors(t *testing.T) {
	dir := t.TempDir()
	secret := strings.Repeat("zz", 32)
	file := filepath.Join(dir, "key")
	if err := os.WriteFile(file, []byte(secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKeyFile(file); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("malformed: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := WriteKeyFile(filepath.Join(dir, "sub", "new")); err == nil || !strings.Contains(err.Error(), "git work tree") {
		t.Errorf("below a work tree: %v", err)
	}
}

func TestPassphrase(t *testing.T) {
	cheap := Params{Time: 1, MemoryKiB: 19 << 10, Threads: 1}
	salt := []byte("0123456789abcdef")
	a, err := FromPassphrase("a long passphrase", salt, cheap)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := FromPassphrase("a long passphrase", salt, cheap)
	c, _ := FromPassphrase("a long passphrase", []byte("0123456789abcdeg"), cheap)
	if a.ID() != b.ID() || a.ID() == c.ID() {
		t.Error("the key must depend on passphrase and salt alone")
	}
	for _, err := range []error{
		second(FromPassphrase("short", salt, cheap)), second(FromPassphrase("a long passphrase", salt[:8], cheap)),
		second(FromPassphrase("a long passphrase", salt, Params{})),
	} {
		if err == nil {
			t.Error("accepted")
		}
	}
}

func second(_ Key, err error) error { return err }

func TestKeyDoesNotPrint(t *testing.T) {
	k := testKey(t, 'Q')
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		if s := fmt.Sprintf(verb, k) + fmt.Sprintf(verb, []Key{k}); strings.Contains(s, "QQQ") || strings.Contains(s, "5151") {
			t.Errorf("%s shows the key", verb)
		}
	}
}

func TestGate(t *testing.T) {
	const value = "wq8Zk2mRt5Lx9Pbv+/x"
	k := testKey(t, 'k')
	g := NewGate(k)
	g.Add(artifact.Seal(value))
	g.Add(artifact.Seal("wq8Zk2mRt5"))
	g.Add(artifact.Seal("postgres"))
	g.Add(artifact.Seal("tiny"))
	id := k.Of(artifact.Seal(value), false).ID
	for name, text := range map[string]string{
		"raw": value, "base64": base64.StdEncoding.EncodeToString([]byte(value)), "hex": hex.EncodeToString([]byte(value)),
		"longer base64": base64.StdEncoding.EncodeToString([]byte(value + " and more")), "percent": "wq8Zk2mRt5Lx9Pbv%2B%2Fx",
	} {
		got, n := g.Clean("<" + text + ">")
		if n != 1 || !strings.HasPrefix(got, "<"+id) {
			t.Errorf("%s: %d hits, %q", name, n, got)
		}
	}
	if s, n := g.Clean("postgres tiny wq8Zk2"); n != 0 || s != "postgres tiny wq8Zk2" {
		t.Errorf("what is not gated changed: %q", s)
	}
	f := inventory.Fragment{
		Source: "s", Nodes: []inventory.Node{{ID: "x/" + value, Attrs: []inventory.Attr{{Value: value, Evidence: []inventory.Evidence{{Path: value, Seen: &inventory.Seen{On: []string{value}}}}}}}},
		Coverage: inventory.Coverage{Notes: []string{value}, Unreadable: []inventory.Unreadable{{What: value}}},
	}
	if n := g.CleanFragment(&f); n != 6 || strings.Contains(fmt.Sprintf("%+v", f), value) {
		t.Errorf("%d hits: %+v", n, f)
	}
}

// A weak password that is an ordinary word stays in paths: taking it out would destroy evidence.
func TestGateLeavesWords(t *testing.T) {
	g := NewGate(testKey(t, 'k'))
	g.Add(artifact.Seal("database"))
	g.Add(artifact.Seal("database-41-Zr"))
	got, n := g.Clean("app/database/database-41-Zr.yml")
	if n != 1 || !strings.HasPrefix(got, "app/database/hs1:") {
		t.Errorf("%d hits: %s", n, got)
	}
}

// Whatever values there are, none of them is left in what was cleaned, but those that are ordinary words.
func TestGateLeavesNothing(t *testing.T) {
	k := testKey(t, 'k')
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringMatching(`[ab]{8,12}|[a-c0-9]{8,80}`), 1, 12).Draw(t, "values")
		g := NewGate(k)
		var text strings.Builder
		for _, v := range values {
			g.Add(artifact.Seal(v))
			text.WriteString(rapid.StringMatching(`[a-c ]{0,3}`).Draw(t, "gap") + v)
		}
		got, _ := g.Clean(text.String())
		for _, piece := range regexp.MustCompile(`hs1:[a-z2-7]+:[a-z2-7]{26}`).Split(got, -1) {
			for _, v := range values {
				if strings.Contains(piece, v) && !isWord(v) && !isProse(v) {
					t.Fatalf("%q is left in %q", v, got)
				}
			}
		}
	})
}

func FuzzForms(f *testing.F) {
	f.Add("Basic dXNlcjpwYXNz")
	f.Add("%41%zz&amp;\\u00")
	f.Fuzz(func(t *testing.T, s string) {
		k, err := NewKey(make([]byte, keySize))
		if err != nil {
			t.Fatal(err)
		}
		if p := k.Of(artifact.Seal(s), false); p.ID == "" || len(p.Also) > maxForms {
			t.Fatal(p)
		}
	})
}
