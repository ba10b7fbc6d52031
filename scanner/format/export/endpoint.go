package export

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

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
	h.Facts.AddLiteral(artifact.Literal{Slot: slot, Name: "webhook path", Secret: artifact.Seal(path), Place: at})
	h.Reads(slot, "webhook", inventory.Certain, at)
}

// endpoints are the paths under which platforms start an automation when they are called; the first group is what the
// platform's format says that it serves, behind the prefix. Sources: the API pages of n8n, Airflow, Kestra, Windmill,
// Home Assistant and Tines.
var endpoints = []struct {
	prefix string
	path   *regexp.Regexp
}{
	{"/webhook/", regexp.MustCompile(`/webhook(?:-test)?/(.+)$`)},
	{"/form/", regexp.MustCompile(`/form(?:-test)?/(.+)$`)},
	{"/dags/", regexp.MustCompile(`/api/(?:v1|v2|experimental)/dags/([^/]+)/(?:dagRuns|dag_runs)$`)},
	{"/kestra/", regexp.MustCompile(`/api/v1/(?:[\w-]+/)?executions/(?:webhook/)?([^/]+/[^/]+)(?:/[^/]+)?$`)},
	{"/windmill/", regexp.MustCompile(`/api/w/[^/]+/jobs/run(?:_wait_result)?/[pf]/(.+)$`)},
	{"/api/webhook/", regexp.MustCompile(`/api/webhook/(.+)$`)},
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
