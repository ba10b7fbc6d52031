package export

import (
	"net/netip"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// StateMachine is the platform of files in the Amazon States Language, which templates of infrastructure name.
const StateMachine = "step-functions"

// Serves says that an automation waits under a path to be called: prefix says of which kind the path is (/webhook/),
// path the rest. A path that nobody could guess lets its holder in: it becomes a literal, and what calls it is found by
// its fingerprint.
func (h Holder) Serves(node, prefix, path string, at artifact.Place) {
	h.endpoint(node, prefix, path, at)
}

func (h Holder) endpoint(node, prefix, path string, at artifact.Place) {
	path = strings.Trim(path, "/")
	if path == "" || len(path) > maxURL {
		return
	}
	if !Opaque(path) {
		h.Facts.Attr(node, inventory.AttrEndpoint, prefix+path, "", at)
		return
	}
	at.Pointer += "@path"
	slot := h.Facts.Inline(at.Pointer, at)
	h.Facts.Attr(slot, inventory.AttrEndpoint, prefix, "", at)
	h.Facts.AddLiteral(artifact.Literal{Slot: slot, Name: "webhook path", Secret: artifact.Seal(path), Place: at, Joins: true})
	h.Reads(slot, "webhook", inventory.Certain, at)
}

// endpoints are the paths under which platforms start an automation when they are called; the first group is what the
// platform's format says that it serves, behind the prefix. Sources: the API pages of n8n, Airflow, Kestra, Windmill,
// Home Assistant and Tines.
var endpoints = []struct {
	prefix string
	path   *lazy.Regexp
}{
	{"/webhook/", lazy.New(`/webhook(?:-test)?/(.+)$`)},
	{"/form/", lazy.New(`/form(?:-test)?/(.+)$`)},
	{"/dags/", lazy.New(`/api/(?:v1|v2|experimental)/dags/([^/]+)/(?:dagRuns|dag_runs)$`)},
	{"/kestra/", lazy.New(`/api/v1/(?:[\w-]+/)?executions/(?:webhook/)?([^/]+/[^/]+)(?:/[^/]+)?$`)},
	{"/windmill/", lazy.New(`/api/w/[^/]+/jobs/run(?:_wait_result)?/[pf]/(.+)$`)},
	{"/api/webhook/", lazy.New(`/api/webhook/(.+)$`)},
}

// Calls says which automation a URL starts, as far as its path shows. The host is kept, since it is no secret.
func (h Holder) Calls(url string, at artifact.Place) {
	if h.Node == "" || h.Idle || Capability(url) {
		return
	}
	path, host := Path(url), Host(url)
	if path == "" || h.template(path) {
		return
	}
	for i := len(endpoints) - 1; i >= 0; i-- {
		e := endpoints[i]
		if m := e.path.FindStringSubmatch(path); m != nil {
			h.endpoint(h.Node, "calls:"+hostOrAny(host)+e.prefix, m[1], at)
			return
		}
	}
	if near(host) && !Opaque(path) && len(path) < 200 {
		h.Facts.Attr(h.Node, inventory.AttrEndpoint, "calls:"+host+path, "", at)
	}
}

// hookAddress takes apart the URLs of hooks that say whose they are: the zone of a team of Make, the account or user of
// Zapier. Sources: the webhook pages of Make and Zapier.
var hookAddress = lazy.New(`(?i)^https://(?:hook\.([a-z0-9.]*(?:make|integromat)\.(?:com|celonis\.com))/|hooks\.zapier\.com/hooks/[a-z]+/(\d+)/)`)

// HookOf says what a hook's URL shows beside its secret part: the endpoint that MakeHook or ZapierHook names, "" when it
// is of neither.
func HookOf(url string) string {
	m := hookAddress.FindStringSubmatch(strings.TrimSpace(url))
	switch {
	case m == nil:
		return ""
	case m[1] != "":
		return MakeHook(m[1])
	}
	return ZapierHook(m[2])
}

// MakeHook is the endpoint of all hooks of one zone of Make: which of them it is, is secret.
func MakeHook(zone string) string { return inventory.HookEndpoint + "make/" + strings.ToLower(zone) }

// ZapierHook is the endpoint of all hooks of one account or user of Zapier.
func ZapierHook(owner string) string { return inventory.HookEndpoint + "zapier/" + owner }

// callsHook says that the node calls a hook: the slot that holds its URL joins what holds the same, its endpoint what
// waits for hooks of that zone or account.
func (h Holder) callsHook(url, host, slot string, at artifact.Place) {
	hook := HookOf(url)
	if hook == "" || slot == "" || h.Node == "" || h.Idle {
		return
	}
	h.Facts.Attr(slot, inventory.AttrEndpoint, "calls:"+host, "", at)
	h.Facts.Attr(h.Node, inventory.AttrEndpoint, "calls:"+host+hook, "", at)
}

func hostOrAny(host string) string {
	if host == "" {
		return "*"
	}
	return host
}

// near reports whether a host is one of the same network: a bare name, or a private address. Flows that serve a path
// of their own are called so.
func near(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsPrivate() || a.IsLoopback()
	}
	return host != "" && (!strings.Contains(host, ".") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal") ||
		strings.HasSuffix(host, ".svc") || strings.HasSuffix(host, ".lan"))
}
