package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// The ways in which a program of any language says what it does at a system.
var (
	// what stands before an address: requests.post(", axios.get(', http.Post(", HttpPost(", fetch("
	beforeCall = lazy.New(`(?i)\.\s*(get|post|put|patch|delete)(?:_json|async|ForObject|ForEntity)?\s*(?:<[^>()]{0,60}>)?\s*\(\s*(?:url\s*[=:]\s*)?[frb]?["'` + "`" + `]{1,3}$`)
	// http.NewRequestWithContext(ctx, "POST", ", http.MethodPost, " and requests.request("PATCH", "
	beforeRequest = lazy.New(`(?i)(?:NewRequest(?:WithContext)?|\.request)\s*\(\s*(?:\w+,\s*)?(?:["']|http\.Method)(get|post|put|patch|delete)["']?\s*,\s*[frb]?["'` + "`" + `]$`)
	beforeFetch   = lazy.New(`\bfetch\s*\(\s*["'` + "`" + `]$`)
	// Invoke-RestMethod -Method Post -Uri "https://...
	invoke       = lazy.New(`(?i)\bInvoke-(?:RestMethod|WebRequest)\b[^\n]*`)
	invokeMethod = lazy.New(`(?i)\s-Method\s+["']?(\w+)`)
	invokeURL    = lazy.New(`https?://[^"'\s]+`)
	fetchMethod  = lazy.New(`(?i)^[^;)]*?\bmethod\s*:\s*["'](\w+)["']`)
	// s3 = boto3.client("s3"), in front of .client and behind it, and s3.put_object( behind its name
	clientOwner  = lazy.New(`(\w+)\s*=\s*(?:\w+\.)*(?:boto3|session|aws)$`)
	clientOf     = lazy.New(`^\s*\(\s*(?:service_name\s*=\s*)?["']([\w-]+)["']`)
	clientMethod = lazy.New(`^\s*\.\s*([a-z][a-z_]{2,60})\s*\(`)
	// new PutObjectCommand(
	sdkCommand = lazy.New(`\bnew\s+(\w+)Command\s*\(`)
	sdkClient  = lazy.New(`["']@aws-sdk/client-([\w-]+)["']`)
	// client.chat_postMessage(, web.chat.postMessage(
	slackMethod = lazy.New(`\.\s*(chat|files|conversations|users|channels|reactions|views|usergroups|pins|reminders|team|bookmarks)[._]([a-z]\w{2,40})\s*\(`)
)

// uses reads what a program does at a system.
func (s *scan) uses() {
	s.useCalls()
	s.useAWS()
	s.useSlack()
	s.useSQL()
}

func (s *scan) use(kind, what string, at int) { s.out.Uses = appendUse(s.out.Uses, kind, what, at) }

// useCalls reads the addresses in string literals with the call that they are an argument of.
func (s *scan) useCalls() {
	if !s.contains("http://") && !s.contains("https://") {
		return
	}
	s.useInvoke()
	for _, x := range s.strings {
		url := string(s.code[x.from:min(x.to, x.from+300)])
		if !strings.HasPrefix(url, "http") {
			continue
		}
		before := s.code[max(0, x.from-100):x.from]
		if m := beforeCall.FindSubmatch(before); m != nil {
			s.use(inventory.PermitAPI, Endpoint(string(m[1]), url), x.from)
		} else if m := beforeRequest.FindSubmatch(before); m != nil {
			s.use(inventory.PermitAPI, Endpoint(string(m[1]), url), x.from)
		} else if beforeFetch.Match(before) {
			method := "GET"
			if m := fetchMethod.FindSubmatch(s.code[x.to:min(len(s.code), x.to+300)]); m != nil && isMethod(string(m[1])) {
				method = string(m[1])
			}
			s.use(inventory.PermitAPI, Endpoint(method, url), x.from)
		}
	}
}

// useInvoke reads the web calls of PowerShell: one is a line with its address and its method.
func (s *scan) useInvoke() {
	if s.lang.syntax != powerSyntax {
		return
	}
	for _, m := range invoke.FindAllIndex(s.code, maxDone) {
		line := s.code[m[0]:min(m[1], m[0]+1000)]
		url := invokeURL.FindIndex(line)
		if url == nil {
			continue
		}
		method := "GET"
		if m := invokeMethod.FindSubmatch(line); m != nil && isMethod(string(m[1])) {
			method = string(m[1])
		}
		s.use(inventory.PermitAPI, Endpoint(method, string(line[url[0]:url[1]])), m[0]+url[0])
	}
}

// useAWS reads the calls of the clients of boto3, and the commands of the SDK of JavaScript.
func (s *scan) useAWS() {
	clients := 0
	s.each(".client", true, func(start, end int) {
		owner := clientOwner.FindSubmatch(s.code[max(0, start-clientReach):start])
		service := clientOf.FindSubmatch(s.code[end:min(len(s.code), end+clientReach)])
		if owner == nil || service == nil || clients == maxClients {
			return
		}
		clients++
		s.useClient(string(owner[1]), string(service[1]))
	})
	s.useRequests()
	if !s.contains("@aws-sdk/client-") {
		return
	}
	services := sdkClient.FindAllSubmatch(s.code, 20)
	for _, m := range sdkCommand.FindAllSubmatchIndex(s.code, maxDone) {
		if len(services) == 1 {
			s.use(inventory.PermitAWS, awsAction(string(services[0][1]), string(s.code[m[2]:m[3]])), m[2])
		}
	}
}

// requests are how the SDKs of AWS for Go, Java and .NET name a call: by the type of what it takes. The words are one of
// those that a text with such a call holds.
var requests = []struct {
	word       string
	from, call *lazy.Regexp
}{
	{"aws-sdk-go", lazy.New(`"github\.com/aws/aws-sdk-go(?:-v2)?/service/(\w+)"`), lazy.New(`\b(\w+)\.([A-Z]\w+)Input\s*\{`)},
	{"awssdk.services", lazy.New(`software\.amazon\.awssdk\.services\.(\w+)\.`), lazy.New(`\b()([A-Z]\w+)Request\s*\.\s*builder\s*\(`)},
	{"Amazon.", lazy.New(`\busing\s+Amazon\.(\w+)\.Model\b`), lazy.New(`\bnew\s+()([A-Z]\w+)Request\b`)},
}

// useRequests reads the calls of those SDKs. Where the type does not name its service, the text must speak of one alone.
func (s *scan) useRequests() {
	for _, r := range requests {
		if !s.contains(r.word) {
			continue
		}
		var services []string
		for _, m := range r.from.FindAllSubmatch(s.code, maxClients) {
			if name := strings.ToLower(string(m[1])); !slices.Contains(services, name) {
				services = append(services, name)
			}
		}
		for _, m := range r.call.FindAllSubmatchIndex(s.code, maxDone) {
			service := string(s.code[m[2]:m[3]])
			if service == "" && len(services) == 1 {
				service = services[0]
			}
			if slices.Contains(services, service) {
				s.use(inventory.PermitAWS, awsAction(service, string(s.code[m[4]:m[5]])), m[4])
			}
		}
	}
}

// Bounds of the clients of one file, and of the text round the call that makes one.
const (
	maxClients  = 20
	clientReach = 200
)

// useClient reads the calls of a client that has a name of its own.
func (s *scan) useClient(name, service string) {
	calls := 0
	s.each(name, true, func(_, end int) {
		m := clientMethod.FindSubmatchIndex(s.code[end:min(len(s.code), end+clientReach)])
		if m == nil || calls == maxDone {
			return
		}
		calls++
		if method := string(s.code[end+m[2] : end+m[3]]); !clientMethods[method] {
			s.use(inventory.PermitAWS, awsAction(service, method), end+m[2])
		}
	})
}

// clientMethods are the methods of a client that call no API.
var clientMethods = map[string]bool{"get_paginator": true, "get_waiter": true, "can_paginate": true, "close": true, "generate_presigned_url": true}

func (s *scan) useSlack() {
	if !s.contains("slack") && !s.contains("Slack") {
		return
	}
	for _, m := range slackMethod.FindAllSubmatchIndex(s.code, maxDone) {
		s.use(inventory.PermitScope, "slack "+string(s.code[m[2]:m[3]])+"."+string(s.code[m[4]:m[5]]), m[2])
	}
}

// statementStarts are how the statements that are read begin, or the comment in front of one.
var statementStarts = []string{"sele", "inse", "upda", "dele", "crea", "alte", "drop", "trun", "copy", "merg", "vacu", "gran", "with", "--"}

// opensStatement reports whether a text may begin with a statement, or with a comment in front of one.
func opensStatement(text []byte) bool {
	text = bytes.TrimSpace(text)
	return slices.ContainsFunc(statementStarts, func(w string) bool {
		return len(text) >= len(w) && strings.EqualFold(string(text[:len(w)]), w)
	})
}

// useSQL reads the statements that string literals begin with.
func (s *scan) useSQL() {
	for _, x := range s.strings {
		text := s.code[x.from:min(x.to, x.from+400)]
		if len(text) < 12 || !bytes.ContainsRune([]byte("SIUDCATWsiudcatw\n\t "), rune(text[0])) {
			continue
		}
		if bytes.IndexByte(text, ';') < 0 && !opensStatement(text) {
			continue
		}
		upper := strings.ToUpper(string(text))
		if strings.HasPrefix(strings.TrimSpace(upper), "SELECT") && !strings.Contains(strings.Join(strings.Fields(upper), " "), " FROM ") {
			continue // an option of a form, a word of a sentence
		}
		for _, verb := range Statements(string(text)) {
			s.use(inventory.PermitSQL, verb, x.from)
		}
	}
}
