package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinDotenv is R13. Code that reads a name joins the variable of that name in the .env files of the nearest
// folder above it that has one: the file is loaded at start by the frameworks' convention, hence medium. A
// sample file (.env.example) joins only where no real one defines the name, and what .env.local overrides joins at
// low. A name that is in the environment already wins over every file: a part that binds it does not depend on them.
func joinDotenv(v *View) {
	files := dotenvByFolder(v)
	if len(files) == 0 {
		return
	}
	handed := namesHanded(v)
	for e := range v.EdgesOf(inventory.Reads) {
		n := v.Node(e.From)
		if n == nil || n.Kind != inventory.Code || len(n.Evidence) == 0 {
			continue
		}
		name, ok := strings.CutPrefix(e.To, n.ID+"/")
		if !ok || sourced(v, e.To) {
			continue
		}
		if b := v.Node(e.To); b != nil && b.Attr(inventory.AttrAs) == inventory.AsSetting {
			settingsAlone(v, n, e, files, handed)
			continue
		}
		at := n.Evidence[0]
		for _, s := range nearestDotenv(files, at.Source, path.Dir(at.Path), name) {
			linkAlone(v, n, e, s, handed[e.To], "R13-dotenv", "@.env")
		}
	}
}

// settingsAlone joins what a file asks its settings for with the variables of the .env files that the file of the settings
// takes in, where parts hand their names to that: only then nothing else leads there.
func settingsAlone(v *View, n *inventory.Node, read inventory.Edge, files map[[3]string][]*inventory.Node, handed map[string]bool) {
	for _, s := range v.settingSources(read.To) {
		from := v.Node(s.file)
		if !handed[inventory.BindingID(s.file, s.name)] || from == nil || len(from.Evidence) == 0 || isContext(n.ID) {
			continue
		}
		e := read
		e.Evidence = inventory.MergeEvidence(read.Evidence, s.at)
		for _, d := range nearestDotenv(files, from.Evidence[0].Source, path.Dir(from.Evidence[0].Path), s.name) {
			d.sure = inventory.Weakest(d.sure, s.sure)
			linkAlone(v, n, e, d, true, "R13-dotenv", "@.env")
		}
	}
}

// linkAlone joins a read to a variable. Where parts hand the name to the file, only the file as it runs by itself
// takes it from there.
func linkAlone(v *View, n *inventory.Node, read inventory.Edge, s dotenvSlot, handed bool, rule, where string) {
	join := inventory.Edge{From: read.To, To: s.node.ID, Kind: inventory.BoundFrom, Rule: rule, Confidence: s.sure, Evidence: s.node.Evidence}
	if handed {
		alone := *n
		alone.ID += where
		v.AddNode(alone)
		join.From, join.Kind, join.Evidence = alone.ID, inventory.Reads, inventory.MergeEvidence(read.Evidence, s.node.Evidence)
	}
	v.AddEdge(join)
}

// dotenvSlot is a variable of a file, and how surely it is the one that is meant.
type dotenvSlot struct {
	node *inventory.Node
	sure inventory.Confidence
}

// dotenvByFolder lists the variables of .env files by source, folder and name.
func dotenvByFolder(v *View) map[[3]string][]*inventory.Node {
	out := map[[3]string][]*inventory.Node{}
	for _, s := range v.Nodes(inventory.Slot) {
		if s.Attr(inventory.AttrStore) != "dotenv" || len(s.Evidence) == 0 {
			continue
		}
		source := s.Attr(inventory.AttrScope)
		file, key, _ := strings.Cut(strings.TrimPrefix(s.ID, "dotenv:"+source+"/"), "#")
		if base := path.Base(file); base != ".env" && base != "env.op" && !strings.HasPrefix(base, ".env.") {
			continue // no framework loads worker.env by itself
		}
		k := [3]string{source, path.Dir(file), key}
		out[k] = append(out[k], s)
	}
	return out
}

func nearestDotenv(files map[[3]string][]*inventory.Node, source, dir, name string) []dotenvSlot {
	for {
		if found := files[[3]string{source, dir, name}]; len(found) > 0 {
			return inForce(realOnes(found))
		}
		if dir == "." || dir == "/" || dir == "" {
			return nil
		}
		dir = path.Dir(dir)
	}
}

// realOnes leaves out samples where a real file defines the name.
func realOnes(slots []*inventory.Node) []*inventory.Node {
	var out []*inventory.Node
	for _, s := range slots {
		if s.Attr(inventory.AttrDefined) != inventory.DefinedDocumented {
			out = append(out, s)
		}
	}
	if len(out) == 0 || !slices.ContainsFunc(out, func(s *inventory.Node) bool { return !ofTests(fileOf(s)) }) {
		return slots
	}
	return out
}

// ofTests reports whether a file of variables is that of tests alone (.env.test): beside it, a sample stands for what runs.
func ofTests(file string) bool {
	for _, word := range strings.FieldsFunc(strings.TrimPrefix(path.Base(file), ".env"), func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		switch word {
		case "test", "tests", "testing", "ci", "e2e":
			return true
		}
	}
	return false
}

// inForce says how surely each file of a family is the one that counts: .env.local overrides .env in every mode,
// .env.production in one.
func inForce(slots []*inventory.Node) []dotenvSlot {
	local := false
	for _, s := range slots {
		local = local || strings.HasSuffix(fileOf(s), "/.env.local")
	}
	var out []dotenvSlot
	for _, s := range slots {
		sure := inventory.Medium
		if local && strings.HasSuffix(fileOf(s), "/.env") {
			sure = inventory.Low
		}
		out = append(out, dotenvSlot{s, sure})
	}
	return out
}

func fileOf(s *inventory.Node) string {
	file, _, _ := strings.Cut(s.ID, "#")
	return file
}

// sampleSuffixes are what a sample file adds to the name of the file that it documents.
var sampleSuffixes = []string{".example", ".sample", ".dist", ".template", ".tpl", ".defaults"}

// joinSamples is R12: a variable of .env.example documents that of .env beside it, which lies outside the scan
// more often than not. Both are one credential.
func joinSamples(v *View) {
	for _, s := range v.Nodes(inventory.Slot) {
		if s.Attr(inventory.AttrStore) != "dotenv" || s.Attr(inventory.AttrDefined) != inventory.DefinedDocumented {
			continue
		}
		file, key, _ := strings.Cut(s.ID, "#")
		real := documentedFile(file)
		if real == file {
			continue
		}
		id := real + "#" + key
		v.AddNode(inventory.Node{ID: id, Kind: inventory.Slot, Name: nameOf(id), Evidence: s.Evidence, Attrs: []inventory.Attr{
			{Key: inventory.AttrStore, Value: "dotenv"}, {Key: inventory.AttrKeyName, Value: key},
			{Key: inventory.AttrScope, Value: s.Attr(inventory.AttrScope)},
			{Key: inventory.AttrDefined, Value: inventory.DefinedDocumented, Rule: "R12-documented", Confidence: inventory.High, Evidence: s.Evidence}}})
		v.AddEdge(inventory.Edge{From: s.ID, To: id, Kind: inventory.CopiesFrom, Rule: "R12-documented",
			Confidence: inventory.High, Evidence: s.Evidence,
			Attrs: []inventory.Attr{{Key: inventory.AttrWhole, Value: "true"}}})
	}
}

// standsForEnv reports whether the name of a sample says nothing but that it is one of .env.
func standsForEnv(base string) bool {
	env := false
	for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		switch word {
		case "env", "dotenv":
			env = true
		case "example", "sample", "template", "tpl", "tmpl", "dist", "default", "defaults":
		default:
			return false
		}
	}
	return env
}

func documentedFile(file string) string {
	if dir, base := path.Split(file); standsForEnv(base) {
		return dir + ".env" // sample.env, dotenv-sample
	}
	for _, suffix := range sampleSuffixes {
		if real, ok := strings.CutSuffix(file, suffix); ok && !strings.HasSuffix(real, "/") {
			if folder, ok := strings.CutSuffix(real, "/env"); ok {
				return folder + "/.env" // env.sample: the dot was left out so that the sample can be seen
			}
			return real
		}
	}
	return file
}
