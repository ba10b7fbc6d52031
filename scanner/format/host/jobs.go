package host

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// RubySchedule is the row of schedules of Ruby's job runners: Solid Queue's recurring.yml, sidekiq-cron, sidekiq-scheduler,
// resque-scheduler.
func RubySchedule() artifact.Format {
	return artifact.Format{ID: "ruby-schedule", Title: "Schedules of Ruby job runners",
		Doc:   "https://github.com/sidekiq-cron/sidekiq-cron#readme",
		Match: matchRuby, Parse: parseRuby, Siblings: classSiblings}
}

func matchRuby(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	return (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")) && strings.Contains("/"+a.Path, "/config/") &&
		(strings.Contains(base, "schedule") || strings.Contains(base, "recurring") || strings.Contains(base, "cron") || strings.Contains(base, "sidekiq")) &&
		lazy.Contains(a.Content, "class") &&
		(lazy.Contains(a.Content, "cron") || lazy.Contains(a.Content, "schedule") || lazy.Contains(a.Content, "every"))
}

func parseRuby(a *artifact.Artifact, f *artifact.Facts) error {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		d.Root.Walk("", func(p tree.Path, n *tree.Node) bool {
			for _, e := range n.Entries() {
				job(f, e, p.Key(e.Key))
			}
			return true
		})
	}
	return nil
}

// scheduleKeys are the keys under which a job has its schedule.
var scheduleKeys = []string{"cron", "schedule", "every", "at"}

// job reads one entry that names a class and a schedule.
func job(f *artifact.Facts, e tree.Pair, p tree.Path) {
	get := func(key string) *tree.Node {
		if n := e.Value.Get(key); n != nil {
			return n
		}
		return e.Value.Get(":" + key)
	}
	class := get("class")
	if class.Str() == "" {
		class = get("job_class")
	}
	var when *tree.Node
	for _, key := range scheduleKeys {
		if n := get(key); when == nil && n != nil {
			when = n
			if n.IsSeq() && len(n.Items) > 0 {
				when = n.Items[0]
			}
		}
	}
	if class.Str() == "" || when.Str() == "" {
		return
	}
	at := artifact.AtPair(e, p)
	u := start(f, strings.TrimPrefix(e.Key, ":"), strings.TrimPrefix(e.Key, ":"), "job", at)
	f.Attr(u.automation, inventory.AttrSchedule, when.Str(), "", artifact.At(when, p))
	u.runsAll(classFiles(f.Artifact.Path, class.Str()), "ruby-class", artifact.At(class, p.Key("class")))
}

// classFolders are where Rails looks for the class of a job.
var classFolders = []string{"app/jobs", "app/workers", "app/sidekiq", "app/services", "app/models", "app/lib", "lib"}

// classFiles are the files that may define a class, by the convention of Rails: Report::DailyJob is report/daily_job.rb.
func classFiles(from, class string) []string {
	i := strings.LastIndex("/"+from, "/config/")
	root := strings.TrimPrefix(("/" + from)[:max(0, i)], "/")
	var out []string
	for _, dir := range classFolders {
		out = append(out, path.Join(root, dir, underscored(class)+".rb"))
	}
	return out
}

var namedClass = lazy.New(`(?m)\bclass"?:\s*["']?([A-Z][\w:]*)|runner\s*\(?\s*["']([A-Z][\w:]*)`)

// classSiblings are the files of the classes that a schedule names.
func classSiblings(a *artifact.Artifact) []string {
	var out []string
	for _, m := range namedClass.FindAllSubmatch(a.Content, 200) {
		out = append(out, classFiles(a.Path, string(m[1])+string(m[2]))...)
	}
	return fromFolder(a, out)
}

var (
	humpEnd  = lazy.New(`([a-z0-9])([A-Z])`)
	humpWord = lazy.New(`([A-Z]+)([A-Z][a-z])`)
)

func underscored(class string) string {
	class = strings.ReplaceAll(strings.TrimPrefix(class, "::"), "::", "/")
	class = humpWord.ReplaceAllString(class, "${1}_$2")
	return strings.ToLower(humpEnd.ReplaceAllString(class, "${1}_$2"))
}

// Whenever is the row of the gem whenever, which writes crontabs.
func Whenever() artifact.Format {
	return artifact.Format{ID: "whenever", Title: "whenever schedules", Doc: "https://github.com/javan/whenever#readme",
		Match: func(a *artifact.Artifact) bool {
			return a.Base() == "schedule.rb" && lazy.Contains(a.Content, "every ")
		},
		Parse: parseWhenever, Siblings: classSiblings}
}

var (
	every     = lazy.New(`^\s*every\s+(.+?)\s+do\b`)
	everyCron = lazy.New(`^["']([^"']+)["']`)
	wheneverJ = lazy.New(`^\s*(rake|runner|command|script|\w+)\s*\(?\s*["']([^"']+)["']`)
	rubyClass = lazy.New(`^([A-Z][\w:]*)`)
)

func parseWhenever(a *artifact.Artifact, f *artifact.Facts) error {
	when, whenAt := "", artifact.Place{}
	count := map[string]int{}
	for i, line := range strings.Split(string(a.Content), "\n") {
		at := artifact.Place{Line: i + 1, Column: 1}
		if m := every.FindStringSubmatch(line); m != nil {
			when, whenAt = m[1], at
			if c := everyCron.FindStringSubmatch(when); c != nil {
				when = c[1]
			}
			continue
		}
		if strings.TrimSpace(line) == "end" {
			when = ""
		}
		m := wheneverJ.FindStringSubmatch(line)
		if when == "" || m == nil {
			continue
		}
		key := m[1] + ":" + title(m[2])
		if count[key]++; count[key] > 1 {
			key += "." + strings.Repeat("i", count[key])
		}
		u := start(f, key, title(m[2]), m[1], at)
		f.Attr(u.automation, inventory.AttrSchedule, when, "", whenAt)
		switch m[1] {
		case "command", "script":
			u.command(m[2], at)
		case "runner":
			if c := rubyClass.FindString(m[2]); c != "" {
				u.runsAll(classFiles(a.Path, c), "ruby-class", at)
			}
		}
	}
	return nil
}

// Vercel is the row of the schedules of vercel.json: each calls a path of the application.
func Vercel() artifact.Format {
	return artifact.Format{ID: "vercel", Title: "Vercel cron jobs", Doc: "https://vercel.com/docs/cron-jobs",
		Match: func(a *artifact.Artifact) bool { return a.Base() == "vercel.json" }, Parse: parseVercel, Siblings: routeSiblings}
}

func parseVercel(a *artifact.Artifact, f *artifact.Facts) error {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		for i, n := range d.Root.Get("crons").List() {
			route, when := n.Get("path"), n.Get("schedule")
			if route.Str() == "" || when.Str() == "" {
				continue
			}
			p := tree.Path("crons").Index(i)
			at := artifact.At(route, p.Key("path"))
			name, _, _ := strings.Cut(route.Str(), "?")
			u := start(f, name, name, "route", at)
			f.Attr(u.automation, inventory.AttrSchedule, when.Str(), "UTC", artifact.At(when, p.Key("schedule")))
			u.runsAll(served(a, name), "vercel", at)
		}
	}
	return nil
}

var routePath = lazy.New(`"path"\s*:\s*"/([\w/.-]+)`)

// routeSiblings are globs of the files that may serve the paths of the schedules.
func routeSiblings(a *artifact.Artifact) []string {
	var out []string
	for _, m := range routePath.FindAllSubmatch(a.Content, 100) {
		out = append(out, routeFiles(string(m[1]))...)
	}
	return out
}

// routeFiles are globs of the files that may serve a path, by the conventions of Next.js: a folder in round brackets is no
// part of the path.
func routeFiles(route string) []string {
	var out []string
	for _, root := range []string{"app", "src/app", "app/(*)", "src/app/(*)"} {
		out = append(out, path.Join(root, route, "route.ts"), path.Join(root, route, "route.js"))
	}
	for _, root := range []string{"", "pages", "src/pages"} {
		out = append(out, path.Join(root, route+".ts"), path.Join(root, route+".js"))
	}
	return out
}

// served are the files of the source that serve a path.
func served(a *artifact.Artifact, route string) []string {
	var out []string
	for _, glob := range routeFiles(strings.Trim(route, "/")) {
		for file := range a.Siblings {
			if ok, err := path.Match(path.Join(a.Dir(), glob), file); ok && err == nil {
				out = append(out, file)
			}
		}
	}
	return out
}
