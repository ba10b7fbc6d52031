// Package appsscript reads projects of Google Apps Script as clasp keeps them in a folder: the manifest, and code with
// the properties that it reads, the hosts that it calls and the triggers that it sets.
//
// Source: developers.google.com/apps-script on manifests, properties and installable triggers. Values of properties are
// kept by Google.
package appsscript

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of script properties.
const Platform = "apps-script"

// Format is the row of manifests and code.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Google Apps Script", Doc: "https://developers.google.com/apps-script/concepts/manifests",
		Match: func(a *artifact.Artifact) bool {
			if a.LooksLikeJSON() {
				return len(a.Content) < 1<<16 && a.Has("timeZone") && export.Holds(a, isManifest)
			}
			switch path.Ext(a.Path) {
			case ".gs", ".js", ".ts":
				return (a.Has("PropertiesService") || a.Has("UrlFetchApp") || a.Has("ScriptApp")) && speaks.Match(a.Content)
			}
			return false
		},
		Parse:    parse,
		Siblings: func(*artifact.Artifact) []string { return []string{"appsscript.json"} },
	}
}

func isManifest(n *tree.Node) bool {
	if !n.Get("timeZone").IsString() {
		return false
	}
	for _, key := range []string{"exceptionLogging", "runtimeVersion", "oauthScopes", "webapp", "executionApi"} {
		if n.Get(key) != nil {
			return true
		}
	}
	return false
}

var (
	speaks   = lazy.New(`\b(?:PropertiesService\.get|UrlFetchApp\.fetch|ScriptApp\.newTrigger)`)
	property = lazy.New(`\.getProperty\(\s*["']([\w.-]{1,100})["']`)
	setting  = lazy.New(`\.setProperty\(\s*["']([\w.-]{1,100})["']\s*,\s*["']([^"'\n]{4,1000})["']`)
	trigger  = lazy.New(`ScriptApp\.newTrigger\(\s*["']?(\w{1,100})["']?\s*\)([\s\S]{0,400}?)\.create\(`)
	fetched  = lazy.New(`UrlFetchApp\.fetch\(\s*["'\x60](https?://[^"'\x60\s]{4,1000})`)
	every    = lazy.New(`\.every(Minutes|Hours|Days|Weeks)\(\s*(\d{1,4})`)
	hour     = lazy.New(`\.atHour\(\s*(\d{1,2})`)
	weekday  = lazy.New(`\.onWeekDay\(\s*ScriptApp\.WeekDay\.(\w{6,9})`)
	event    = lazy.New(`\.on(Edit|FormSubmit|Change|Open)\(\s*\)`)
	zoneText = lazy.New(`\.inTimezone\(\s*["']([^"'\n]{2,60})["']`)
)

// parse adds what one file of a project says to the project: the folder.
func parse(a *artifact.Artifact, f *artifact.Facts) error {
	dir := a.Dir()
	name := path.Base("/" + dir)
	if name == "/" || name == "src" {
		name = path.Base("/" + path.Join(a.Source, path.Dir(path.Join("/", dir))))
	}
	at := artifact.Place{Line: 1}
	id := f.AutomationID(inventory.FileID(Platform, a.Source, dir), name, at)
	f.Attr(id, inventory.AttrNeeds, "nothing", "", at)
	if a.LooksLikeJSON() {
		return nil
	}
	f.Cover(id, 1, bytes.Count(a.Content, []byte("\n"))+1)
	h := export.Holder{Facts: f, Node: id}
	ref := inventory.SlotRef{Store: Platform, Scope: path.Join(a.Source, dir)}
	for _, m := range property.FindAllSubmatchIndex(a.Content, 500) {
		ref.Name = string(a.Content[m[2]:m[3]])
		place := a.PlaceOf(m[2])
		h.Reads(f.Slot(ref, place), "apps-script-property", inventory.Certain, place)
	}
	for _, m := range setting.FindAllSubmatchIndex(a.Content, 500) {
		ref.Name = string(a.Content[m[2]:m[3]])
		place := a.PlaceOf(m[4])
		slot := f.Slot(ref, place)
		f.Literal(slot, ref.Name, string(a.Content[m[4]:m[5]]), place)
	}
	for _, m := range fetched.FindAllSubmatchIndex(a.Content, 500) {
		if host := export.Host(string(a.Content[m[2]:m[3]])); host != "" {
			h.Talks(host, a.PlaceOf(m[2]))
		}
	}
	for _, m := range trigger.FindAllSubmatchIndex(a.Content, 100) {
		start(f, id, string(a.Content[m[4]:m[5]]), zoneOf(a), a.PlaceOf(m[0]))
	}
	return nil
}

// zoneOf returns the project's time zone, "" unknown.
func zoneOf(a *artifact.Artifact) string {
	m := a.Siblings[path.Join(a.Dir(), "appsscript.json")]
	if m == nil {
		return ""
	}
	for _, d := range m.Documents() {
		if zone := d.Root.Get("timeZone").Str(); zone != "" {
			return zone
		}
	}
	return ""
}

// start reads how a trigger is built: by the clock, or on an event of a document.
func start(f *artifact.Facts, id, text, zone string, at artifact.Place) {
	if m := zoneText.FindStringSubmatch(text); m != nil {
		zone = m[1]
	}
	at3 := func() int {
		if m := hour.FindStringSubmatch(text); m != nil {
			n, _ := strconv.Atoi(m[1])
			return n
		}
		return 0
	}
	if m := event.FindStringSubmatch(text); m != nil {
		f.Attr(id, inventory.AttrTrigger, "on "+strings.ToLower(m[1]), "", at)
		return
	}
	if m := weekday.FindStringSubmatch(text); m != nil {
		f.Attr(id, inventory.AttrSchedule, strings.TrimSuffix(export.At(at3(), 0), "*")+dayNumber(m[1]), zone, at)
		return
	}
	if m := every.FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[2])
		if m[1] == "Days" && n == 1 {
			f.Attr(id, inventory.AttrSchedule, export.At(at3(), 0), zone, at)
			return
		}
		f.Attr(id, inventory.AttrSchedule, export.Every(n, strings.ToLower(m[1])), zone, at)
	}
}

func dayNumber(day string) string {
	for i, d := range []string{"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"} {
		if d == day {
			return strconv.Itoa(i)
		}
	}
	return "*"
}
