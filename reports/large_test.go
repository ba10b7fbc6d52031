package reports

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

var (
	large = flag.Bool("large", false, "also draw a company of 5,000 credentials and 50,000 edges")
	only  = flag.String("only", "", "with -large: the one format to write")
)

// company returns the map of a company with so many credentials: each powers a few automations, some power many.
func company(t testing.TB, credentials int) *graph.Graph {
	f := newFacts("github.com/acme/everything")
	for i := range credentials {
		f.in(fmt.Sprintf("team-%d/service-%d/.github/workflows/deploy.yml", i%40, i), 10+i%90, fmt.Sprintf("jobs.deploy.env.TOKEN_%d", i))
		s := f.slot(inventory.SlotRef{Store: "gh", Scope: fmt.Sprintf("acme/service-%d", i), Name: fmt.Sprintf("TOKEN_%d", i)}, "environment",
			[]string{"production", "staging", "test"}[i%3])
		service(f, s, []string{"slack", "stripe", "postgres", "github", "aws"}[i%5])
		if i%7 == 0 {
			f.holds(s, print(i), "slack-bot-token", []string{"critical", "high", "medium"}[i%3], "current", inventory.Head, "c1")
		}
		for j := range 2 + 31*(i%50/49) { // one in fifty powers 33
			a := f.node(fmt.Sprintf("github-actions:acme/service-%d/.github/workflows/job-%d.yml", i, j), inventory.Automation,
				fmt.Sprintf("Job %d of service %d", j, i), "platform", "github-actions", "schedule", fmt.Sprintf("%d %d * * *|UTC", i%60, j%24))
			f.use(a, "main", fmt.Sprintf("TOKEN_%d", i), s, inventory.Certain)
			if j == 0 {
				f.edge(a, inventory.OwnedBy, f.node(inventory.OwnerID(fmt.Sprintf("@acme/team-%d", i%40)), inventory.Owner, fmt.Sprintf("@acme/team-%d", i%40)), inventory.High)
			}
		}
	}
	return graph.Load(inventory.Map{Schema: inventory.Schema, Fragments: []inventory.Fragment{f.fragment(t, inventory.Coverage{Files: 40_000, Commits: 90_000, Blobs: 200_000})}})
}

// TestLarge: a company of 5,000 credentials and 50,000 edges is one file of under 10 MB that a browser can use.
func TestLarge(t *testing.T) {
	if !*large {
		t.Skip("takes a minute: ask for it with -large")
	}
	g := company(t, 5000)
	t.Logf("%d nodes, %d edges", len(g.Nodes("")), g.Edges())
	start := time.Now()
	d := New(g, acmeOptions())
	t.Logf("document in %v", time.Since(start))
	for _, f := range All() {
		if *only != "" && f.ID != *only {
			continue
		}
		start = time.Now()
		var b bytes.Buffer
		if err := f.Write(&b, &d, acmeOptions()); err != nil {
			t.Fatal(err)
		}
		t.Logf("%-12s %7.2f MB in %v", f.ID, float64(b.Len())/1e6, time.Since(start).Round(time.Millisecond))
		if f.ID == "html" && *shots != "" {
			if err := os.WriteFile(filepath.Join(*shots, "large.html"), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if f.ID == "html" && b.Len() > 10_000_000 {
			t.Errorf("the HTML report has %d bytes, more than 10 MB", b.Len())
		}
	}
	b := open(t, &d, acmeOptions())
	b.speed()
	b.shot("large")
	b.calm()
}

// speed says how long the page takes until it shows itself, and until a search or a choice is drawn: the time to the
// end of the next frame, and the time that the page computed, which does not count what else the machine does.
func (b *browser) speed() {
	if _, err := chromedp.Call(b.ctx, performance.Enable, performance.EnableParams{TimeDomain: performance.EnableTimeDomainThreadTicks}); err != nil {
		b.t.Fatal(err)
	}
	var opened []float64
	for range 5 {
		b.visit("")
		opened = append(opened, b.await(`new Promise((done) => setTimeout(() => done(Math.max(performance.getEntriesByType("navigation")[0].loadEventEnd,
			...performance.getEntriesByType("paint").map((p) => p.startTime))), 100))`))
	}
	slices.Sort(opened)
	b.t.Logf("open: %.0f ms, at best %.0f ms", opened[2], opened[0])
	b.want(`document.querySelectorAll("#list tr[data-row]").length < 80`, "true")
	for _, view := range []string{"credentials", "automations", "literals", "findings"} {
		b.visit("#view=" + view)
		for _, q := range []string{"s", "slack", "service-4999", "production team-7"} {
			b.took(view+": search for "+q, "search", "input", q, "zzz")
		}
		b.took(view+": choice of an owner", "facet-owner", "change", "@acme/team-7", "")
	}
}

// took measures what setting a control takes; before each time it is set to something else.
func (b *browser) took(what, id, event, value, before string) {
	var shown, computed []float64
	for range 11 {
		set := func(value string) float64 {
			return b.await(fmt.Sprintf(`(async () => {
				const start = performance.now();
				const e = document.getElementById(%q);
				e.value = %q;
				e.dispatchEvent(new Event(%q));
				await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
				return performance.now() - start;
			})()`, id, value, event))
		}
		set(before)
		start := b.computed()
		shown = append(shown, set(value))
		computed = append(computed, b.computed()-start)
	}
	b.told(what, shown, computed)
}

// computed is the time in milliseconds for which the page's thread has run.
func (b *browser) computed() float64 {
	b.t.Helper()
	out, err := chromedp.Call(b.ctx, performance.GetMetrics, cdp.Empty{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range out.Metrics {
		if m.Name == "ThreadTime" {
			return m.Value * 1000
		}
	}
	b.t.Fatal("Chromium tells no ThreadTime")
	return 0
}

func (b *browser) told(what string, shown, computed []float64) {
	slices.Sort(shown)
	slices.Sort(computed)
	b.t.Logf("%-45s %4.0f ms, at best %4.0f ms; computing %4.0f ms", what, shown[len(shown)/2], shown[0], computed[len(computed)/2])
}

func (b *browser) await(expression string) float64 {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[float64](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}
