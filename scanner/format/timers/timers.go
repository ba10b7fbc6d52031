// Package timers reads the schedules that programs keep themselves: Celery's beat, APScheduler, node-cron, Spring's @Scheduled, Quartz,
// Hangfire, robfig/cron, Laravel's kernel and their like. Each is an automation whose part runs the program's own file.
package timers

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: "program-schedule", Title: "Schedules in programs", Doc: "https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html",
		Match: match, Parse: parse,
	}
}

// timer is one way in which a program states a schedule. Of the groups of the expression, "when" is the schedule as written, "name" what
// it starts, "task" the function by its module, "zone" the time zone; a file that has not the mark is not searched.
type timer struct {
	mark string
	re   *lazy.Regexp
}

const (
	quoted = `["'\x60]([^"'\x60\n]{1,200})["'\x60]`
	zoned  = `(?:[^;\n]{0,300}?(?:time_?[zZ]one|zone|tz)\s*["']?\s*[:=(]\s*["'\x60](?P<zone>[\w/+-]+)["'\x60])?`
)

// beat is an entry of Celery's schedule up to its time, with the task that it starts before or behind that.
const (
	beat     = `["'](?P<name>[\w .:-]+)["']\s*:\s*\{(?:[^{}]*?["']task["']\s*:\s*["'](?P<task>[\w.]+)["'])?[^{}]*?["']schedule["']\s*:\s*`
	beatTask = `(?:[^{}]*?["']task["']\s*:\s*["'](?P<task2>[\w.]+)["'])?`
)

// when is a schedule in quotes.
var when = strings.Replace(quoted, "(", "(?P<when>", 1)

// languages are the timers by the ending of a file's name. Sources: the documentation of each library.
var languages = map[string][]timer{
	".py": {
		{"crontab", lazy.New(beat + `(?P<when>crontab\([^()]{0,300}\))` + beatTask)},
		{"beat_schedule", lazy.New(beat + `(?P<when>(?:datetime\.)?timedelta\([^()]{0,100}\)|schedule\([^()]{0,100}\)|\d[\d.]*)` + beatTask)},
		{"BEAT_SCHEDULE", lazy.New(beat + `(?P<when>(?:datetime\.)?timedelta\([^()]{0,100}\)|schedule\([^()]{0,100}\)|\d[\d.]*)` + beatTask)},
		{"add_periodic_task", lazy.New(`add_periodic_task\(\s*(?P<when>crontab\([^()]{0,300}\)|[\d.]+)\s*,\s*(?P<name>[\w.]+)\.s\(`)},
		{"periodic_task", lazy.New(`@[\w.]*periodic_task\((?P<when>crontab\([^()]{0,300}\))[^\n]*\)\s*(?:async\s+)?def\s+(?P<name>\w+)`)},
		{"add_job", lazy.New(`\.add_job\(\s*(?P<name>[\w.]+)\s*,\s*(?:trigger\s*=\s*)?["'](?P<when>(?:cron|interval)["']\s*,[^()]{1,300})`)},
		{"scheduled_job", lazy.New(`@[\w.]*scheduled_job\(\s*["'](?P<when>(?:cron|interval)["']\s*,[^()]{1,300})\)\s*(?:async\s+)?def\s+(?P<name>\w+)`)},
		{"from_crontab", lazy.New(`from_crontab\(\s*` + when + zoned)},
		{"schedule.every", lazy.New(`schedule\.(?P<when>every\([^)\n]*\)[\w.]*(?:\.at\([^)\n]*\))?)\.do\(\s*(?P<name>[\w.]+)`)},
		{"modal.", lazy.New(`modal\.(?P<when>(?:Cron|Period)\([^)\n]*\))[^\n]*\)\s*(?:async\s+)?def\s+(?P<name>\w+)`)},
	},
	".js": {
		{"cron.schedule", lazy.New(`\bcron\.schedule\(\s*` + when + zoned)},
		{"CronJob", lazy.New(`\bCronJob\(\s*` + when + `(?:[^;\n]{0,200}?,\s*["'](?P<zone>[A-Z]\w+/[\w/]+)["'])?`)},
		{"cronTime", lazy.New(`\bcronTime\s*:\s*` + when + zoned)},
		{"scheduleJob", lazy.New(`\bscheduleJob\(\s*(?:["'](?P<name>[\w-]+)["']\s*,\s*)?` + when)},
		{"@Cron", lazy.New(`@Cron\(\s*(?:` + when + `|CronExpression\.(?P<when2>\w+))` + zoned + `[^\n]*\)\s*(?:@[^\n]*\s*)*(?:public\s+|private\s+)?(?:async\s+)?(?P<name>\w+)\s*\(`)},
		{".every(", lazy.New(`\bagenda\.every\(\s*` + when + `\s*,\s*["'](?P<name>[\w .-]+)["']`)},
		{"repeat", lazy.New(`\brepeat\s*:\s*\{[^{}]*?(?:pattern|cron)\s*:\s*` + when + zoned)},
		{"Deno.cron", lazy.New(`\bDeno\.cron\(\s*["'](?P<name>[^"'\n]+)["']\s*,\s*` + when)},
		{"cron:", lazy.New(`\{\s*cron\s*:\s*` + when + `\s*\}`)},
		{"schedules.task", lazy.New(`schedules\.task\(\{[^{}]*?cron\s*:\s*` + when)},
	},
	".java": {
		{"@Scheduled", lazy.New(`@Scheduled\([^)\n]*?(?:cron|every)\s*=\s*` + when + zoned + `[^\n]*\)\s*(?:@[^\n]*\s*)*(?:public\s+|private\s+|protected\s+|fun\s+|suspend\s+|override\s+)*(?:[\w<>.]+\s+)?(?P<name>\w+)\s*\(`)},
		{"@Scheduled", lazy.New(`@Scheduled\((?P<when>fixed(?:Rate|Delay)(?:String)?\s*=\s*[^,)\n]+)[^\n]*\)\s*(?:@[^\n]*\s*)*(?:public\s+|private\s+|protected\s+|fun\s+|suspend\s+)*(?:[\w<>.]+\s+)?(?P<name>\w+)\s*\(`)},
		{"cronSchedule", lazy.New(`\bcronSchedule\(\s*` + when)},
	},
	".cs": {
		{"RecurringJob", lazy.New(`RecurringJob\.AddOrUpdate(?:<[\w.]+>)?\(\s*(?:["'](?P<name>[^"'\n]+)["']\s*,)?[^;\n]*?,\s*(?:` + when + `|(?P<when2>Cron\.\w+(?:\([^)\n]*\))?))\s*[,)]`)},
		{"TimerTrigger", lazy.New(`(?:\[FunctionName\("(?P<name>[\w-]+)"\)\][^\[]{0,200})?\[TimerTrigger\(\s*` + when)},
		{"WithCronSchedule", lazy.New(`WithCronSchedule\(\s*` + when)},
	},
	".go": {
		{"AddFunc", lazy.New(`\.AddFunc\(\s*` + when + `\s*,\s*(?P<name>[\w.]+)?`)},
		{"AddJob", lazy.New(`\.AddJob\(\s*` + when)},
		{".Cron(", lazy.New(`\.Cron(?:WithSeconds)?\(\s*` + when + `\)`)},
		{"CronJob(", lazy.New(`\bgocron\.CronJob\(\s*` + when)},
	},
	".php": {
		{"->cron(", lazy.New(`(?:->|::)(?:command|call|job|exec)\(\s*(?:["'](?P<name>[\w:. -]+)["'])?[^;]{0,200}?->cron\(\s*` + when + `\)` + zoned)},
		{"ly", lazy.New(`(?:->|::)(?:command|call|job|exec)\(\s*(?:["'](?P<name>[\w:. -]+)["'])?[^;]{0,200}?->(?P<when>(?:daily|hourly|weekly|monthly|yearly|quarterly|twiceDaily|everyMinute|every\w+Minutes|dailyAt|weeklyOn|monthlyOn|hourlyAt)\([^)\n]*\))` + zoned)},
		{"RecurringMessage", lazy.New(`RecurringMessage::(?:cron|every)\(\s*` + when)},
		{"AsCronTask", lazy.New(`#\[AsCronTask\(\s*(?:expression:\s*)?` + when + zoned)},
	},
	".rb": {
		{"scheduler.", lazy.New(`\bscheduler\.(?:cron|every|in|at)\s*\(?\s*` + when)},
		{"Clockwork", lazy.New(`\bevery\(\s*(?P<when>[\w.]+(?:\s*,\s*["'][^"'\n]*["'])?(?:\s*,\s*at:\s*["'][^"'\n]*["'])?)`)},
	},
	".rs": {{"Job::new", lazy.New(`\bJob::new(?:_async)?(?:_tz)?\(\s*` + when)}},
}

func timersOf(a *artifact.Artifact) []timer {
	switch ext := strings.ToLower(path.Ext(a.Path)); ext {
	case ".ts", ".mjs", ".cjs", ".tsx", ".mts":
		return languages[".js"]
	case ".kt", ".groovy", ".scala":
		return languages[".java"]
	default:
		return languages[ext]
	}
}

func match(a *artifact.Artifact) bool {
	for _, t := range timersOf(a) {
		if t.mark != "ly" && a.Has(t.mark) || t.mark == "ly" && a.Has("->") && a.Has("chedule") {
			return true
		}
	}
	return false
}

// maxTimers bounds the schedules of one file.
const maxTimers = 200

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	keys, standard := map[string]int{}, ""
	if strings.HasSuffix(a.Path, ".py") {
		standard = ownZoneOf(a.Content)
	}
	for _, t := range timersOf(a) {
		if t.mark != "ly" && !a.Has(t.mark) {
			continue
		}
		for _, m := range t.re.FindAllSubmatchIndexIn(a.Content, t.near(a.Content), maxTimers) {
			if !commented(a.Content, m[0]) {
				add(f, t.re, m, keys, standard)
			}
		}
	}
	return nil
}

// reach is how far from its mark a schedule and what it starts are looked for, in bytes.
const reach = 2000

// near returns where the expression can match.
func (t timer) near(text []byte) []lazy.Stretch {
	switch t.mark {
	case "ly":
		return lazy.Near(text, reach, "->")
	case "crontab", "beat_schedule", "BEAT_SCHEDULE": // the latter stand once, above all of them
		return entries(text)
	case "Clockwork":
		return lazy.Near(text, reach, "every")
	}
	return lazy.Near(text, reach, t.mark)
}

// ownZone matches the time zone that a program of Celery or APScheduler gives all its schedules.
var ownZone = lazy.New(`(?i)\b(?:celery_)?timezone\s*=\s*["']([A-Z][a-z]+/[A-Za-z_/+-]+|UTC)["']`)

// ownZoneOf returns the time zone of all schedules of a program, "" where it names none, or several.
func ownZoneOf(text []byte) string {
	m := ownZone.FindAllSubmatchIndexIn(text, lazy.Near(text, reach, "imezone", "IMEZONE", "imeZone"), 2)
	if len(m) != 1 {
		return ""
	}
	return string(text[m[0][2]:m[0][3]])
}

// commented reports whether a place stands behind a mark of comments on its line.
func commented(text []byte, offset int) bool {
	line := strings.TrimSpace(string(text[bytes.LastIndexByte(text[:offset], '\n')+1 : offset]))
	for _, mark := range []string{"//", "#", "*", "/*"} {
		if strings.HasPrefix(line, mark) && !strings.HasPrefix(line, "#[") {
			return true
		}
	}
	return false
}

// add adds one schedule. Standard is the time zone of those that name none.
func add(f *artifact.Facts, re *lazy.Regexp, m []int, keys map[string]int, standard string) {
	a := f.Artifact
	text, name, task, zone, at := "", "", "", standard, m[0]
	for i, group := range re.SubexpNames() {
		if group == "" || m[2*i] < 0 {
			continue
		}
		value := strings.TrimSpace(string(a.Content[m[2*i]:m[2*i+1]]))
		switch group {
		case "when", "when2":
			text, at = value, m[2*i]
		case "name":
			name = value
		case "task", "task2":
			task = value
		case "zone":
			zone = value
		}
	}
	if text == "" || len(strings.Fields(text)) > 12 {
		return
	}
	if z, rest, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(text, "CRON_TZ="), "TZ="), " "); ok && z+" "+rest != text {
		zone, text = z, rest
	}
	text = cronText(text)
	if name == "" {
		name = path.Base(a.Path)
	}
	key := name
	if keys[name]++; keys[name] > 1 {
		key += "~" + strconv.Itoa(keys[name])
	}
	place := a.PlaceOf(at)
	place.Pointer = key
	id := f.Automation(key, name, place)
	f.Attr(id, inventory.AttrSchedule, text, zone, place)
	f.Attr(id, inventory.AttrNeeds, "restart", "", place)
	part := f.Part(id, "job", name, "job", place)
	f.Runs(part, a.Path, "program-schedule", inventory.High, place)
	for _, p := range modules(a, task) {
		f.Runs(part, p, "program-schedule", inventory.Medium, place)
	}
	f.Refs++
}

// modules returns where the module of a task may stand: in the folder of the file, or in one above it.
func modules(a *artifact.Artifact, task string) []string {
	words := strings.Split(task, ".")
	if len(words) < 2 || len(words) > 12 {
		return nil
	}
	var out []string
	for dir := a.Dir(); ; dir = path.Dir(dir) {
		if dir == "." {
			dir = ""
		}
		if p := path.Join(dir, strings.Join(words[:len(words)-1], "/")+".py"); p != a.Path {
			out = append(out, p)
		}
		if dir == "" || len(out) > 4 {
			return out
		}
	}
}
