package scanner

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/target"
)

// program reads an artifact that is program text: what it takes from the environment and from stores, and what
// it starts. A configuration file that no format claims is asked for the variables that it takes in.
func (w *worker) program(a *artifact.Artifact, claimed bool) []*artifact.Facts {
	language := code.Language(a.Path, a.Content[:min(len(a.Content), 256)])
	if language == "" {
		if claimed || !code.IsConfiguration(a.Path) || machineWritten(a.Path) {
			return nil
		}
		language = code.Configuration
	}
	f := artifact.NewFacts(a, language)
	w.guard(a, "code", func() error {
		if language == code.Configuration {
			programFacts(f, language, code.ScanConfiguration(a.Content))
			return nil
		}
		r := code.ScanWith(language, a.Content, a.Grams())
		programFacts(f, language, r)
		w.noteImports(a, r.Imports)
		return nil
	})
	if language == code.Configuration && f.Set.Len() == 0 {
		return nil
	}
	count := w.format("code-" + language)
	count.Files++
	count.References += f.Refs
	if f.Set.Len() == 0 {
		return nil
	}
	return []*artifact.Facts{f}
}

func programFacts(f *artifact.Facts, language string, r code.Result) {
	a := f.Artifact
	if len(r.Reads)+len(r.Stores)+len(r.Runs)+len(r.Settings)+len(r.Feeds)+len(r.Images)+len(r.Arguments)+len(r.Implicit)+len(r.Wraps)+len(r.Calls) == 0 {
		return
	}
	id := codeNode(f, language)
	always := loadedReads(r)
	for _, read := range r.Reads {
		at := a.PlaceOf(read.Offset)
		as := "env"
		switch {
		case read.Property:
			as = "property"
		case strings.Contains(read.Name, "/"):
			as = "file"
		}
		b := f.Binding(id, read.Name, as, at)
		readEdge(f, id, b, read.Via, read.Sure, at, read.Inside, always[read.Name])
		f.Refs++
		for _, word := range read.Clients {
			if service, ok := provider.ServiceOfClient(word); ok {
				f.Service(b, service, inventory.RuleClient, inventory.High, at)
				break
			}
		}
	}
	for _, x := range r.Implicit {
		at := a.PlaceOf(x.Offset)
		f.Edge(inventory.Reads, id, f.Binding(id, x.Name, "env", at), x.Via, x.Sure, at)
	}
	for _, x := range r.Arguments {
		at := a.PlaceOf(x.Offset)
		f.Edge(inventory.Reads, id, f.Binding(id, target.Argument(a.Path, x.Number), "argument", at), "sh-argument", inventory.High, at)
	}
	storeFacts(f, id, r, always)
	resolve := func(run code.Run) (string, bool) { return run.Resolve(a.Dir(), "") }
	container.Made(f, r, resolve, a.PlaceOf)
	target.Stored(f, id, r, resolve, a.PlaceOf)
	target.Exported(f, id, r, a.PlaceOf)
	settingFacts(f, id, language, r)
	aliasFacts(f, id, r)
	for _, u := range r.Uses {
		f.Use(id, u.Kind, u.What, a.PlaceOf(u.Offset))
	}
	startFacts(f, id, r)
}

// loadedReads lists the names and slots that a file reads when it is loaded, not inside of a function alone.
func loadedReads(r code.Result) map[string]bool {
	out := map[string]bool{}
	for _, read := range r.Reads {
		if read.Inside == nil {
			out[read.Name] = true
		}
	}
	for _, s := range r.Stores {
		if s.Inside == nil {
			out[s.Slot.ID()] = true
		}
	}
	return out
}

// readEdge adds a read, with the names of the file by which it is reached when that is not all that load the file.
func readEdge(f *artifact.Facts, id, to, rule string, sure inventory.Confidence, at artifact.Place, inside []string, always bool) {
	if always {
		inside = nil
	}
	f.Edge(inventory.Reads, id, to, rule, sure, at)
	for _, name := range inside {
		f.EdgeWith(inventory.Reads, id, to, rule, sure, at, inventory.AttrInside, name)
	}
}

// aliasFacts says which variable of its own environment a program makes from another.
func aliasFacts(f *artifact.Facts, id string, r code.Result) {
	for _, w := range r.Writes {
		if w.To != "env" || len(w.From) == 0 {
			continue
		}
		at := f.Artifact.PlaceOf(w.Offset)
		f.Edge(inventory.BoundFrom, f.Binding(id, w.Name, "env", at), inventory.BindingID(id, w.From[0]), inventory.RuleAlias, inventory.High, at)
	}
}

// storeFacts adds the entries of stores that a program asks for.
func storeFacts(f *artifact.Facts, id string, r code.Result, always map[string]bool) {
	a := f.Artifact
	for _, s := range r.Stores {
		at := a.PlaceOf(s.Offset)
		slot := ownStore(a, s.Slot)
		to := slot.ID()
		switch {
		case slot.Name == "*": // all that a vault holds
			f.Node(inventory.Pattern, to, to, at)
			f.Attr(to, inventory.AttrStore, slot.Store, "", at)
			f.Attr(to, inventory.AttrScope, slot.Scope, "", at)
		case strings.Contains(slot.Name, "*"), slot.Store == "sops" && strings.Contains(slot.Key, "*"):
			to = container.Glob(f, slot, at)
		default:
			f.Slot(slot, at)
		}
		readEdge(f, id, to, s.Via, s.Sure, at, s.Inside, always[s.Slot.ID()])
	}
	wrapperFacts(f, id, r)
}

// startFacts adds what a program starts and takes in.
func startFacts(f *artifact.Facts, id string, r code.Result) {
	a := f.Artifact
	for _, run := range r.Runs {
		if run.InFolder() {
			if folder, ok := run.Folder(a.Dir(), ""); ok {
				target.Start(f, id, a.Source, folder, run, "R5-run", inventory.High, a.PlaceOf(run.Offset))
			}
			continue
		}
		for _, p := range runPaths(a, run) {
			if run.Kind == "source" {
				f.Sources(id, p, "R5-run", inventory.High, a.PlaceOf(run.Offset))
				continue
			}
			f.Runs(id, p, "R5-run", inventory.High, a.PlaceOf(run.Offset))
		}
	}
}

// runPaths returns where a file that a program starts may stand: as seen from the program's own folder, or from
// the root of the source, from where scripts are usually called.
func runPaths(a *artifact.Artifact, run code.Run) []string {
	if run.Kind != "file" && run.Kind != "source" {
		return nil
	}
	here, ok := run.Resolve(a.Dir(), a.Dir())
	if !ok {
		return nil
	}
	if root, ok := run.Resolve(a.Dir(), ""); ok && root != here {
		return []string{here, root}
	}
	return []string{here}
}

// codeNode adds the node that stands for the file as program text.
func codeNode(f *artifact.Facts, language string) string {
	a := f.Artifact
	id := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Path, artifact.Place{})
	f.Attr(id, inventory.AttrPlatform, language, "", artifact.Place{})
	f.Attr(id, inventory.AttrLanguage, language, "", artifact.Place{})
	return id
}

// fileNode adds the node of a file that holds a literal and that no format claims.
func fileNode(f *artifact.Facts) string {
	a := f.Artifact
	if language := code.Language(a.Path, a.Content[:min(len(a.Content), 256)]); language != "" {
		return codeNode(f, language)
	}
	id := f.Node(inventory.File, inventory.FileID("file", a.Source, a.Path), a.Path, artifact.Place{})
	platform := strings.TrimPrefix(path.Ext(a.Path), ".")
	if platform == "" {
		platform = "file"
	}
	f.Attr(id, inventory.AttrPlatform, platform, "", artifact.Place{})
	return id
}
