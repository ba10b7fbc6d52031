package provider

import "strings"

// ServiceOfNode returns the service that a step of an automation platform talks to, by the step's type as the
// platform writes it: n8n-nodes-base.slackTrigger, google-sheets:addRow, SlackCLIAPI@1.1.1, shared_office365.
func ServiceOfNode(platform, nodeType string) (id string, ok bool) {
	return byApp(strings.ToLower(appName(platform, nodeType)), nodeSuffixes)
}

// ServiceOfCredentialType returns the service of a platform's credential type: slackOAuth2Api, account:slack.
// Types that say how to log in and not where (httpHeaderAuth) have none.
func ServiceOfCredentialType(platform, credentialType string) (id string, ok bool) {
	return byApp(strings.ToLower(appName(platform, credentialType)), credentialSuffixes)
}

// appName cuts off what a platform writes around the app's own name.
func appName(platform, t string) string {
	switch platform {
	case "n8n":
		return t[strings.LastIndexByte(t, '.')+1:]
	case "make":
		t = strings.TrimPrefix(t, "account:")
		t, _, _ = strings.Cut(t, ":")
	case "zapier":
		t, _, _ = strings.Cut(t, "@")
	case "power-automate", "logic-apps":
		t = t[strings.LastIndexByte(t, '/')+1:]
		t = strings.TrimPrefix(t, "shared_")
	case "node-red":
		t = strings.TrimPrefix(t, "node-red-contrib-")
	case "kestra":
		return kestraApp(t)
	}
	return t
}

// kestraApp finds the app in a plugin's class name: io.kestra.plugin.notifications.slack.SlackExecution.
func kestraApp(t string) string {
	rest, ok := strings.CutPrefix(t, "io.kestra.plugin.")
	if !ok {
		return ""
	}
	words := strings.Split(rest, ".")
	if len(words) > 2 {
		for _, group := range []string{"notifications", "jdbc", "crm", "messenger"} {
			if words[0] == group {
				return words[1]
			}
		}
	}
	return words[0]
}

// Words around an app's name. A longer one stands before one that it ends with.
var (
	nodeSuffixes       = []string{"triggertool", "webhook", "trigger", "tool", "hitl", "cliapi", "devcliapi", "api", "v2", "v3", "out", "in", "bot", "config", "keys", "credentials", "token", "database"}
	credentialSuffixes = []string{"triggeroauth2api", "oauth2api", "oauth1api", "oauth2", "oauth1", "tokenapi", "triggerapi", "appapi", "apitoken", "accesstokenapi", "webhookapi", "botapi", "developerapi", "api", "account", "default", "token"}
	prefixes           = []string{"lmchat", "lmopen", "lm", "embeddings", "vectorstore", "memory", "tool", "retriever", "reranker"}
)

// byApp looks the plain name up, then without what stands around it.
func byApp(name string, suffixes []string) (string, bool) {
	name = plain(name)
	if id, ok := withoutSuffix(name, suffixes); ok {
		return id, true
	}
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(name, p); ok {
			if id, ok := withoutSuffix(rest, append([]string{"chat", "cloud", "inference"}, suffixes...)); ok {
				return id, true
			}
		}
	}
	return "", false
}

// withoutSuffix cuts up to three suffixes off.
func withoutSuffix(name string, suffixes []string) (string, bool) {
	for range 4 {
		if id, ok := load().apps[name]; ok {
			return id, true
		}
		short := name
		for _, s := range suffixes {
			if rest, ok := strings.CutSuffix(name, s); ok && rest != "" {
				short = rest
				break
			}
		}
		if short == name {
			return "", false
		}
		name = short
	}
	return "", false
}

// plain keeps the letters and digits of a name.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, name)
}
