package reports

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var shots = flag.String("shots", "", "write screenshots of the HTML report to this folder")

// browser is a tab of a real Chromium that shows one report, with what the page logged and asked for.
type browser struct {
	t        *testing.T
	ctx      context.Context
	url      string
	mu       sync.Mutex
	troubles []string
}

// open writes the report of a document and opens it. The test is skipped where there is no Chromium.
func open(t *testing.T, d *Document, o Options) *browser {
	t.Helper()
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			program = p
			break
		}
	}
	if program == "" {
		t.Skip("no chromium on PATH: the HTML report is not opened in a browser")
	}
	f, _, err := Find("html")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, render(t, f, d, o), 0o600); err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, done := chromedp.NewContext(alloc)
	t.Cleanup(done)
	ctx, cancel := context.WithTimeout(ctx, 240*time.Second)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, url: "file://" + file}
	b.do(chromedp.EmulateViewport(1440, 900))
	b.listen()
	b.visit("")
	return b
}

// listen notes errors, exceptions, dialogs, breaches of the policy, and every request but the report itself.
func (b *browser) listen() {
	note(b, chromedp.Events(b.ctx, runtime.ConsoleAPICalled), func(e runtime.EventConsoleAPICalled) string {
		return "console: " + string(e.Type)
	})
	note(b, chromedp.Events(b.ctx, runtime.ExceptionThrown), func(e runtime.EventExceptionThrown) string {
		text := "exception: " + e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		return text
	})
	note(b, chromedp.Events(b.ctx, log.EntryAdded), func(e log.EventEntryAdded) string { return "log: " + e.Entry.Text })
	note(b, chromedp.Events(b.ctx, page.JavascriptDialogOpening), func(e page.EventJavascriptDialogOpening) string {
		return "dialog: " + e.Message
	})
	note(b, chromedp.Events(b.ctx, network.RequestWillBeSent), func(e network.EventRequestWillBeSent) string {
		if strings.HasPrefix(e.Request.URL, b.url) {
			return ""
		}
		return "request: " + e.Request.URL
	})
}

func note[E any](b *browser, events iter.Seq2[E, error], text func(E) string) {
	go func() {
		for e, err := range events {
			if err != nil {
				return
			}
			if s := text(e); s != "" {
				b.mu.Lock()
				b.troubles = append(b.troubles, s)
				b.mu.Unlock()
			}
		}
	}()
}

// calm fails the test if the page logged, threw or asked for anything.
func (b *browser) calm() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.troubles {
		b.t.Error("the page is not calm: " + s)
	}
}

func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens the report with a hash.
func (b *browser) visit(hash string) {
	b.t.Helper()
	b.do(chromedp.Navigate("about:blank"), chromedp.Navigate(b.url+hash), chromedp.WaitReady(chromedp.CSS(`html[data-ready]`)))
}

// eval runs an expression and returns its text.
func (b *browser) eval(expression string) string {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[any](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return fmt.Sprint(out)
}

// want fails the test unless the expression has the text.
func (b *browser) want(expression, text string) {
	b.t.Helper()
	if got := b.eval(expression); got != text {
		b.t.Errorf("%s is %q, want %q", expression, got, text)
	}
}

func (b *browser) keys(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// shot writes a screenshot when it is asked for.
func (b *browser) shot(name string) {
	b.t.Helper()
	if *shots == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// media sets the colour scheme and the medium that the page sees.
func (b *browser) media(medium, scheme string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: medium,
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		b.t.Fatal(err)
	}
}

const (
	rows   = `document.querySelectorAll("#list tr[data-row]").length`
	first  = `document.querySelector("#list tr[data-row] .name").textContent`
	isOpen = `!document.getElementById("detail").hidden`
)

// TestHTML drives the report in a browser: search, facets, sorting, the inspector, keyboard, hash, print.
func TestHTML(t *testing.T) {
	d := acmeDocument(t)
	b := open(t, &d, acmeOptions())
	t.Run("opens on the table", func(t *testing.T) {
		b.t = t
		b.want(rows, fmt.Sprint(len(d.Credentials)))
		b.want(isOpen, "false")
		b.want(`document.getElementById("status").textContent`, fmt.Sprintf("%d of %d", len(d.Credentials), len(d.Credentials)))
		b.shot("table")
	})
	t.Run("search", func(t *testing.T) { b.t = t; b.search() })
	t.Run("facets", func(t *testing.T) { b.t = t; b.facets() })
	t.Run("sort", func(t *testing.T) { b.t = t; b.sort() })
	t.Run("keyboard", func(t *testing.T) { b.t = t; b.keyboard() })
	t.Run("hash", func(t *testing.T) { b.t = t; b.hash() })
	t.Run("graph", func(t *testing.T) { b.t = t; b.graph() })
	t.Run("path", func(t *testing.T) { b.t = t; b.path() })
	t.Run("automation", func(t *testing.T) { b.t = t; b.automation() })
	t.Run("plan", func(t *testing.T) { b.t = t; b.plan() })
	t.Run("views", func(t *testing.T) { b.t = t; b.views() })
	t.Run("print", func(t *testing.T) { b.t = t; b.print() })
	t.Run("hostile names are text", func(t *testing.T) { b.t = t; b.hostile() })
	t.Run("narrow", func(t *testing.T) { b.t = t; b.narrow() })
	b.t = t
	b.calm()
}

func (b *browser) search() {
	b.keys("/")
	b.want(`document.activeElement.id`, "search")
	b.eval(`document.getElementById("search").value = ""`) // a driven browser types the slash although it is handled
	b.keys("stripe")
	b.want(rows, "1")
	b.want(first, "STRIPE_KEY")
	b.want(`location.hash`, "#q=stripe")
	b.want(`document.getElementById("tab-automations").textContent`, "Automations0")
	b.keys(kb.Escape)
	b.want(`document.getElementById("search").value`, "")
	b.keys("worker-3")
	b.want(first, "secret/shop/db#password")
	b.keys(kb.Escape)
}

func (b *browser) facets() {
	b.eval(`(() => { const s = document.getElementById("facet-exposure"); s.focus(); s.value = "hard-coded"; s.dispatchEvent(new Event("change")); })()`)
	b.want(rows, "2")
	b.want(`document.activeElement.id`, "facet-exposure")
	b.want(`document.getElementById("tab-automations").textContent`, "Automations4")
	b.eval(`document.getElementById("clear").click()`)
	b.want(rows, "6")
	b.eval(`(() => { const s = document.getElementById("facet-owner"); s.value = "@acme/platform"; s.dispatchEvent(new Event("change")); })()`)
	b.want(first, "slack#token")
	b.want(rows, "1")
	b.eval(`document.getElementById("clear").click()`)
}

func (b *browser) sort() {
	b.eval(`document.querySelector("th.col-name button").click()`)
	b.want(first, "12")
	b.want(`document.querySelector("th.col-name").getAttribute("aria-sort")`, "ascending")
	b.eval(`document.querySelector("th.col-name button").click()`)
	b.want(`document.querySelector("th.col-name").getAttribute("aria-sort")`, "descending")
	b.eval(`document.querySelector("th.col-powers button").click()`)
	b.want(first, "secret/shop/db#password")
}

func (b *browser) keyboard() {
	b.eval(`document.getElementById("search").focus()`)
	b.keys(kb.ArrowDown)
	b.want(`document.activeElement.dataset.row`, "0")
	b.keys(kb.ArrowDown)
	b.want(`document.activeElement.dataset.row`, "1")
	b.keys(kb.Enter)
	b.want(isOpen, "true")
	b.want(`document.activeElement.id`, "detail-title")
	b.want(`document.activeElement.textContent`, "slack#token")
	b.want(`location.hash`, "#c=S-002")
	b.want(`document.querySelector('#list tr[aria-selected="true"] .name').textContent`, "slack#token")
	b.shot("detail")
	b.keys(kb.Escape)
	b.want(isOpen, "false")
	b.want(`document.activeElement.dataset.row`, "1")
}

func (b *browser) hash() {
	b.visit("#view=automations&q=worker&service=postgres")
	b.want(rows, "9")
	b.want(`document.getElementById("search").value`, "worker")
	b.want(`document.getElementById("facet-service").value`, "postgres")
	b.visit("#c=S-004&sort=name")
	b.want(`document.getElementById("detail-title").textContent`, "SLACK_TOKEN")
	b.visit("#c=S-999&view=nonsense&sort=x")
	b.want(isOpen, "false")
	b.want(rows, "6")
}

func (b *browser) graph() {
	b.visit("#c=S-002")
	b.want(`document.querySelectorAll("#detail .node").length > 8`, "true")
	b.eval(`document.querySelector("#detail .node.credential").focus()`)
	b.want(`document.querySelectorAll("#detail .node.dim").length`, "0")
	b.keys(kb.ArrowRight)
	b.want(`document.activeElement.querySelector("title").textContent`, "code scripts/notify.sh")
	b.want(`document.querySelectorAll("#detail .node.dim").length > 3`, "true")
	b.keys(kb.ArrowRight)
	b.keys(kb.Enter)
	b.want(`document.activeElement.tagName`, "SUMMARY")
	b.want(`document.activeElement.querySelector(".name").textContent`, "Deploy the shop")
	b.want(`document.activeElement.parentNode.querySelector(".path .place").textContent`, ".github/workflows/deploy.yml:19")
}

// path: the way between two boxes is said and shown, and stands in the address.
func (b *browser) path() {
	b.visit("#c=S-002")
	pick := func(list, name string) {
		b.eval(`(() => { const s = document.getElementById("path-` + list + `"); s.value = [...s.options].find((o) => o.textContent === "` + name + `").value;
			s.dispatchEvent(new Event("change")); })()`)
	}
	pick("from", "slot: SLACK_TOKEN")
	pick("to", "owner: @acme/release")
	const way = "SLACK_TOKEN → slack#token → scripts/notify.sh → Deploy the shop → @acme/release"
	b.want(`document.querySelector("#detail .way").textContent`, way)
	b.want(`document.querySelectorAll("#detail .node:not(.dim)").length`, "5")
	b.want(`document.querySelectorAll("#detail .edge.lit").length`, "4")
	hash := b.eval(`location.hash`)
	b.shot("path")
	b.visit(hash)
	b.want(`document.querySelector("#detail .way").textContent`, way)
	b.want(`document.querySelectorAll("#detail .edge.lit").length`, "4")
}

// plan: the inspector has the runbook, the calendar its days, and a day leads to its credential.
func (b *browser) plan() {
	b.visit("#c=S-002")
	b.want(`document.querySelectorAll("#detail .steps > li").length > 5`, "true")
	b.want(`document.getElementById("detail").textContent.includes("Old value stays until")`, "true")
	b.visit("#view=calendar")
	b.want(`document.querySelectorAll("#list .event").length`, "8")
	b.want(`document.querySelectorAll("#list .busy").length > 1`, "true")
	b.want(`document.querySelector("#list .month h3").textContent`, "November 2026")
	b.shot("calendar")
	b.eval(`[...document.querySelectorAll("#list .event .link")].find((x) => x.textContent === "Rotate slack#token").click()`)
	b.want(`document.getElementById("detail-title").textContent`, "slack#token")
	b.visit("#view=calendar&service=slack")
	b.want(`[...document.querySelectorAll("#list .event .link")].every((x) => /slack|SLACK/.test(x.textContent))`, "true")
}

// automation: the inspector of an automation says what it needs and leads there and back.
func (b *browser) automation() {
	b.visit("#view=automations")
	b.eval(`[...document.querySelectorAll("#list tr[data-row]")].find((r) => r.querySelector(".name").textContent === "Deploy the shop").click()`)
	b.want(`document.getElementById("detail-title").textContent`, "Deploy the shop")
	b.want(`document.activeElement.id`, "detail-title")
	b.want(`document.querySelectorAll("#detail details.dependent").length`, "2")
	b.want(`document.querySelectorAll("#detail .path .place").length >= 2`, "true")
	hash := b.eval(`location.hash`)
	b.shot("automation")
	b.visit(hash)
	b.want(`document.getElementById("detail-title").textContent`, "Deploy the shop")
	b.eval(`document.querySelector("#detail .onward .link").click()`)
	b.want(`document.getElementById("tab-credentials").getAttribute("aria-selected")`, "true")
	b.eval(`document.querySelector("#detail .onward .link").click()`)
	b.want(`document.getElementById("detail-title").textContent`, "Deploy the shop")
	b.keys(kb.Escape)
	b.want(isOpen, "false")
	b.visit("#view=automations&a=A-999")
	b.want(isOpen, "false")
}

func (b *browser) views() {
	for _, v := range []string{"automations", "findings", "literals", "calendar", "coverage"} {
		b.eval(`document.getElementById("tab-` + v + `").click()`)
		b.want(`document.getElementById("tab-`+v+`").getAttribute("aria-selected")`, "true")
		b.want(`document.getElementById("list").textContent.length > 100`, "true")
		b.shot(v)
	}
	b.eval(`document.getElementById("tab-findings").click()`)
	b.eval(`document.querySelector("#list .link").click()`)
	b.want(`document.getElementById("detail-title").textContent`, "SLACK_TOKEN")
	b.media("", "dark")
	b.visit("#c=S-002")
	b.want(`getComputedStyle(document.body).backgroundColor`, "rgb(14, 19, 26)")
	b.shot("detail_dark")
	b.eval(`document.getElementById("theme-button").click()`)
	b.want(`getComputedStyle(document.body).backgroundColor`, "rgb(245, 246, 248)")
	b.media("", "light")
}

func (b *browser) print() {
	b.visit("#exposure=hard-coded")
	b.eval(`dispatchEvent(new Event("beforeprint"))`)
	b.media("print", "light")
	b.want(`getComputedStyle(document.querySelector(".top")).display`, "none")
	b.want(`getComputedStyle(document.getElementById("print")).display`, "block")
	b.want(`document.querySelectorAll("#print section:nth-of-type(3) tbody tr").length > 0`, "true")
	b.want(`document.getElementById("print").textContent.includes("only exposure hard-coded")`, "true")
	b.want(`document.getElementById("print").textContent.includes("Rotate slack#token")`, "true")
	b.media("", "light")
	if *shots != "" {
		pdf, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
		if err != nil {
			b.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, "print.pdf"), pdf.Data, 0o644); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *browser) hostile() {
	b.visit("#c=S-003")
	for _, v := range []string{"automations", "findings", "literals", "credentials"} {
		b.eval(`document.getElementById("tab-` + v + `").click()`)
		b.want(`document.querySelectorAll("img, iframe, object, embed, link, base, form").length`, "0")
		b.want(`document.querySelectorAll("script").length`, "2")
	}
	b.want(`document.body.innerText.includes("<img src=x onerror=alert(1)>")`, "true")
	b.want(`/[\u202a-\u202e\u200b]/.test(document.body.innerText)`, "false")
}

func (b *browser) narrow() {
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile))
	b.visit("")
	b.want(`document.documentElement.scrollWidth <= 390`, "true")
	// Names are broken into lines, never cut to letters of no meaning.
	b.want(`[...document.querySelectorAll(".grid td .lines")].every((e) => e.scrollWidth <= e.clientWidth && e.querySelector("wbr"))`, "true")
	b.want(`document.querySelectorAll(".grid td .name").length > 0 && !document.querySelector(".grid .mid")`, "true")
	b.shot("narrow")
	b.visit("#c=S-002")
	b.want(`document.documentElement.scrollWidth <= 390`, "true")
	b.shot("narrow_detail")
	b.visit("#view=calendar")
	b.want(`document.documentElement.scrollWidth <= 390`, "true")
	b.media("", "dark")
	b.shot("narrow_calendar_dark")
	b.visit("#view=findings")
	b.shot("narrow_findings_dark")
	b.media("", "light")
	b.do(chromedp.EmulateViewport(1440, 900))
}

// TestHTMLIsAlone: the file refers to nothing outside itself, and its policy allows exactly its own style and script.
func TestHTMLIsAlone(t *testing.T) {
	d := acmeDocument(t)
	f, _, err := Find("html")
	if err != nil {
		t.Fatal(err)
	}
	text := render(t, f, &d, acmeOptions())
	for _, banned := range []string{"http:", "https:", "src=", "@import", "url(", "style=\"", "'unsafe-inline'"} {
		if i := bytes.Index(text, []byte(banned)); i >= 0 && !inData(text, i) {
			t.Errorf("the page has %q at byte %d", banned, i)
		}
	}
	if n := bytes.Count(text, []byte("<script")); n != 2 {
		t.Errorf("the page has %d script elements, want 2", n)
	}
	if bytes.Contains(text, []byte("hs1:")) || bytes.Contains(text, []byte("ana@acme.example")) {
		t.Error("a fingerprint or a mail address stands in a report that is made to be handed on")
	}
}

// inData reports whether a byte lies in the data block, or names the namespace of SVG.
func inData(text []byte, i int) bool {
	start := bytes.Index(text, []byte(`id="data"`))
	end := start + bytes.Index(text[start:], []byte("</script>"))
	return i > start && i < end || bytes.HasPrefix(text[i:], []byte("http://www.w3.org/2000/svg"))
}
