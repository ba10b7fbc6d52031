package export

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// isURL reports whether a text starts with a scheme.
func isURL(s string) bool {
	i := strings.Index(s[:min(len(s), 24)], "://")
	if i < 2 {
		return false
	}
	for _, c := range []byte(s[:i]) {
		if !isNameByte(c) && c != '+' {
			return false
		}
	}
	return true
}

// URL reads a URL: its host becomes an attribute and a service of the node, its password and its query
// parameters literals. A URL that is a capability as a whole is one literal.
func (h Holder) URL(name, text string, at artifact.Place) {
	host := Host(text)
	if host != "" {
		h.Talks(host, at)
	}
	if Capability(text) {
		h.callsHook(text, host, h.literal(name, text, at, true), at)
		return
	}
	h.Calls(text, at)
	pointer := at.Pointer
	if password := userinfo(text); password != "" {
		at.Pointer = pointer + "@password"
		h.Literal("password", password, at)
	}
	_, query, _ := strings.Cut(text, "?")
	query, _, _ = strings.Cut(query, "#")
	if len(query) > maxValue {
		return
	}
	for i, pair := range strings.Split(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil {
			value = plain
		}
		if at.Pointer = pointer + "?" + key; len(key) > 80 {
			at.Pointer = pointer + "?" + strconv.Itoa(i)
		}
		h.Literal(key, value, at)
	}
}

// Talks says which host the node talks to.
func (h Holder) Talks(host string, at artifact.Place) {
	if h.Node == "" {
		return
	}
	h.Facts.Attr(h.Node, inventory.AttrHost, host, "", at)
	if id := ServiceOf(host); id != "" {
		h.Facts.Service(h.Node, id, "host", inventory.Certain, at)
	}
}

// ServiceOf returns the provider's row of a host, the host itself when there is none, and "" for an address or
// the machine's own name, which say nothing about the service.
func ServiceOf(host string) string {
	if id, ok := provider.ServiceOfHost(host); ok {
		return id
	}
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return ""
	}
	return host
}

// isHostName reports whether a text is made of labels with a dot between each two, and perhaps one behind them.
func isHostName(s string) bool {
	if s == "" || s[0] == '.' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c == '.' && i > 0 && s[i-1] == '.' || !isNameByte(c) {
			return false
		}
	}
	return true
}

// Host returns the literal host of a URL, in lower case and without its port; "" when part of it is computed.
func Host(text string) string {
	_, rest, ok := strings.Cut(strings.TrimSpace(text), "://")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(rest, "/?# \n"); i >= 0 {
		rest = rest[:i]
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	if strings.HasPrefix(rest, "[") {
		inner, _, _ := strings.Cut(rest[1:], "]")
		if _, err := netip.ParseAddr(inner); err == nil {
			return inner
		}
		return ""
	}
	rest, _, _ = strings.Cut(rest, ":")
	if !isHostName(rest) || len(rest) > 253 {
		return ""
	}
	return strings.ToLower(strings.TrimSuffix(rest, "."))
}

// Path returns the path of a URL or of a bare path, without query and fragment.
func Path(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			return ""
		}
		text = rest[i:]
	}
	if i := strings.IndexAny(text, "?# \n"); i >= 0 {
		text = text[:i]
	}
	return text
}

func userinfo(text string) string {
	_, rest, _ := strings.Cut(text, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	i := strings.LastIndexByte(rest, '@')
	if i < 0 {
		return ""
	}
	_, password, _ := strings.Cut(rest[:i], ":")
	if plain, err := url.PathUnescape(password); err == nil {
		return plain
	}
	return password
}

// capabilities are the hosts and paths of URLs that let their holder in. Sources: the webhook pages of Slack,
// Discord, Make, Zapier, Microsoft Teams, Azure Logic Apps, Telegram, Pipedream and Google Chat.
var capabilities = lazy.New(`(?i)^https://(` + strings.Join([]string{
	`hooks\.slack(-gov)?\.com/(services|workflows|triggers)/[A-Z0-9]{6,}/`,
	`(canary\.|ptb\.)?discord(app)?\.com/api/(v\d+/)?webhooks/\d+/`,
	`hook\.[a-z0-9]+\.(make|integromat)\.(com|celonis\.com)/[a-z0-9]{16,}`,
	`hook\.integromat\.com/[a-z0-9]{16,}`,
	`hooks\.zapier\.com/hooks/(catch|standard)/\d+/[a-z0-9]+`,
	`[a-z0-9-]+\.webhook\.office\.com/webhookb2/`,
	`[a-z0-9.-]+\.logic\.azure\.com(:443)?/.*[?&]sig=`,
	`[a-z0-9.-]+\.powerplatform\.com(:443)?/.*[?&]sig=`,
	`api\.telegram\.org/bot\d+:`,
	`[a-z0-9]{8,}\.m\.pipedream\.net`,
	`chat\.googleapis\.com/v1/spaces/[^/]+/messages\?.*token=`,
	`maker\.ifttt\.com/trigger/[^/]+/with/key/`,
	`outlook\.office\.com/webhook/`,
}, "|") + `)`)

// Capability reports whether a URL is a secret as a whole.
func Capability(text string) bool {
	text = strings.TrimSpace(text)
	return strings.HasPrefix(text, "http") && mayBeCapability(text) && capabilities.MatchString(text)
}

// mayBeCapability looks for the domains of the expression: most URLs are of others.
func mayBeCapability(text string) bool {
	text = strings.ToLower(text[:min(len(text), 300)])
	for _, word := range capabilityDomains {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

var capabilityDomains = []string{"hook", "logic.azure.com", "powerplatform.com", "telegram.org/bot", "pipedream.net", "chat.googleapis.com", "ifttt.com"}

var uuid = lazy.New(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// Opaque reports whether a path has a part that nobody could guess, so that knowing it is what lets one in.
func Opaque(path string) bool {
	for _, segment := range strings.Split(path, "/") {
		if uuid.MatchString(segment) {
			return true
		}
		for _, word := range strings.FieldsFunc(segment, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
			if len(word) >= 14 && mixes(word) >= 4 {
				return true
			}
		}
	}
	return false
}

// mixes counts the changes between letters and digits.
func mixes(word string) int {
	n := 0
	for i := 1; i < len(word); i++ {
		if isDigit(word[i]) != isDigit(word[i-1]) {
			n++
		}
	}
	return n
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
