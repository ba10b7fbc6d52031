package reports

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAxe: axe-core finds nothing to complain about in any view, light and dark, wide and narrow. ROTAMAP_AXE names its
// file axe.min.js: .ci/reports-check installs it for the run.
func TestAxe(t *testing.T) {
	file := os.Getenv("ROTAMAP_AXE")
	if file == "" {
		t.Skip("ROTAMAP_AXE names no axe.min.js: accessibility is not checked by axe-core; make reports-check does")
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	d := acmeDocument(t)
	b := open(t, &d, acmeOptions())
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1440, 390} {
			b.do(chromedp.EmulateViewport(width, 900))
			b.media("", scheme)
			for _, hash := range []string{"", "#c=S-001", "#c=S-003", "#view=automations", "#view=automations&a=A-001", "#view=findings",
				"#view=literals", "#view=calendar", "#view=coverage", "#q=nothing+at+all"} {
				b.visit(hash)
				b.axe(string(axe), scheme, hash)
			}
		}
	}
}

// axe runs axe-core on the page as it is, with the rules of WCAG 2.2 AA and its best practices.
func (b *browser) axe(script, scheme, hash string) {
	b.t.Helper()
	b.eval(script + "; 1")
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`axe.run(document).then((r) => "passes " + r.passes.length + "\n" +
		r.violations.map((v) => v.id + ": " + v.nodes.slice(0, 3).map((n) => n.target + " " + (n.any[0] ? n.any[0].message : "")).join("; ")).join("\n"))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	passes, violations, _ := strings.Cut(out, "\n")
	if violations != "" {
		b.t.Errorf("%s, %s: %s", scheme, hash, violations)
	}
	if !strings.HasPrefix(passes, "passes ") || passes == "passes 0" {
		b.t.Errorf("%s, %s: axe-core checked nothing", scheme, hash)
	}
}
