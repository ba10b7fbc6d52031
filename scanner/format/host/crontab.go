package host

import (
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Crontab is the row of crontabs: those of a user, and those of the system, whose lines name one.
func Crontab() artifact.Format {
	return artifact.Format{ID: "crontab", Title: "Crontabs", Doc: "https://man7.org/linux/man-pages/man5/crontab.5.html",
		Match: matchCrontab, Parse: parseCrontab, Siblings: siblings}
}

var (
	cronLine = lazy.New(`^\s*(@(?:yearly|annually|monthly|weekly|daily|midnight|hourly|reboot)|(?:[\w*/,~-]+\s+){4}[\w*/,~-]+)\s+(\S.*)$`)
	cronName = lazy.New(`^\s*([A-Za-z_]\w*)\s*=\s*(.*)$`)
	userName = lazy.New(`^([a-z_][a-z0-9_-]*)\s+(\S.*)$`)
)

func matchCrontab(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	switch path.Ext(base) {
	case ".py", ".rb", ".js", ".ts", ".go", ".md", ".yml", ".yaml", ".json", ".php", ".sh", ".html", ".java", ".rs", ".service", ".txt", ".tf":
		return base == "crontab.txt"
	}
	return base == "crontab" || strings.HasPrefix(base, "crontab.") || strings.HasPrefix(base, "crontab-") || strings.HasSuffix(base, ".crontab") ||
		strings.HasSuffix(base, ".cron") || strings.HasSuffix(base, "-cron") || strings.Contains("/"+a.Path, "/cron.d/") || strings.Contains("/"+a.Path, "/crontabs/")
}

func parseCrontab(a *artifact.Artifact, f *artifact.Facts) error {
	system := strings.Contains("/"+a.Path, "/cron.d/") || strings.HasSuffix("/"+a.Path, "/etc/crontab")
	type variable struct {
		name, value string
		at          artifact.Place
	}
	var set []variable
	zone := ""
	entries := 0
	for i, line := range strings.Split(string(a.Content), "\n") {
		line = strings.TrimRight(line, "\r")
		at := artifact.Place{Line: i + 1, Column: 1}
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if m := cronName.FindStringSubmatch(line); m != nil {
			value := strings.Trim(m[2], `"' `)
			switch m[1] {
			case "CRON_TZ", "TZ":
				zone = value
			case "SHELL", "PATH", "MAILTO", "HOME", "LOGNAME":
			default:
				set = append(set, variable{m[1], value, at})
			}
			continue
		}
		m := cronLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		command := cutInput(m[2])
		if u := userName.FindStringSubmatch(command); u != nil && (system || users[u[1]]) {
			command = u[2]
		}
		entries++
		u := start(f, strconv.Itoa(entries), title(command), "command", at)
		f.Attr(u.automation, inventory.AttrSchedule, m[1], zone, at)
		for _, v := range set {
			v.at.Pointer = v.name
			u.variable(v.name, v.value, v.at)
		}
		u.command(command, at)
	}
	return nil
}

// users are those under whom lines of a crontab run that does not say whether it is the system's.
var users = map[string]bool{"root": true, "www-data": true, "nobody": true, "deploy": true, "ubuntu": true, "app": true}

// cutInput cuts what a command is given as its input: behind an unescaped percent sign.
func cutInput(command string) string {
	for i := range len(command) {
		if command[i] == '%' && (i == 0 || command[i-1] != '\\') {
			return command[:i]
		}
	}
	return command
}

// title names a command by the program that it runs, without the arguments, which may hold a secret.
func title(command string) string {
	for _, word := range strings.Fields(command) {
		base := path.Base(word)
		switch {
		case strings.Contains(word, "="), strings.HasPrefix(word, "-"), word == "&&", word == ";":
			continue
		}
		switch base {
		case "cd", "sudo", "env", "exec", "nice", "flock", "bash", "sh", "python", "python3", "ruby", "node", "php", "bundle", "timeout":
			continue
		}
		if strings.HasSuffix(word, "/") || strings.HasPrefix(word, "/") && !strings.Contains(base, ".") && !strings.Contains(word, "bin/") {
			continue
		}
		return strings.Trim(base, `"'`)
	}
	return "command"
}
