package code

import (
	"strings"
	"testing"
	"time"
)

// TestBounded: hundreds of kilobytes on one line, in every language, end. They take a second or two; the limit is for what
// would take hours, and holds on a busy machine.
func TestBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	pieces := []string{
		"'", "\"", "`", "`${", "/", "\\'", "process.env,", "{}=process.env;", "const abc=process.env;", "process.env[", "process.env[abc]+abc=1;",
		"env(", "getEnv(", "z.object({", "process.env z.object({A:", "os.environ[", "f'{", "\"#{", "op://a/b", "\"op://a/b/c\"",
		"SecretId GetSecretValue ", "accessSecretVersion(", "@Value(\"${", "((", "$(", "${a:-", "if ", "\"$A\" ", "a|", "x=$(", "{{", "case x in ",
		"<<A\n", "from . import (", "import a,", "$env:A ", "aws ssm get-parameter --name ", "env env env ", "sudo sudo ", "bash -c ", "https://a.b ", "\"https://a.bc\" ",
	}
	ids := []string{"javascript", "python", "ruby", "php", "csharp", "kotlin", "shell", "makefile", "go", "powershell"}
	const size, limit = 256 << 10, time.Minute
	for _, piece := range pieces {
		text := []byte(strings.Repeat(piece, size/len(piece)))
		for _, id := range ids {
			start := time.Now()
			check(t, text, Scan(id, text))
			if d := time.Since(start); d > limit {
				t.Errorf("%s: %q repeated takes %v", id, piece, d)
			} else if d > time.Second {
				t.Logf("%s: %q repeated takes %v", id, piece, d)
			}
		}
	}
}
