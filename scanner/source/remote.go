package source

import (
	"net/url"
	"strings"
)

// normalRemote returns a remote's name without scheme, user, default port, .git and slashes at the end:
// github.com/acme/shop. It returns "" for what names no host: a path on this machine is nobody else's.
func normalRemote(remote string) string {
	remote = strings.TrimSpace(remote)
	host, path := "", ""
	if strings.Contains(remote, "://") {
		u, err := url.Parse(remote)
		if err != nil || u.Scheme == "file" {
			return ""
		}
		host, path = u.Host, u.Path
	} else {
		var ok bool
		if host, path, ok = scpLike(remote); !ok {
			return ""
		}
	}
	for _, port := range []string{":22", ":443", ":80", ":9418"} {
		host = strings.TrimSuffix(host, port)
	}
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	path = strings.Trim(path, "/")
	if host == "" || path == "" {
		return ""
	}
	return strings.ToLower(host) + "/" + path
}

// scpLike splits user@host:path, git's short form of ssh. A Windows path (C:\repo) is none.
func scpLike(remote string) (host, path string, ok bool) {
	host, path, ok = strings.Cut(remote, ":")
	if !ok || strings.ContainsAny(host, `/\`) || len(host) < 2 || strings.HasPrefix(path, `\`) {
		return "", "", false
	}
	return host[strings.LastIndexByte(host, '@')+1:], path, true
}
