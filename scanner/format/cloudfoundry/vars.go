package cloudfoundry

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Values is the row of the files that cf push --vars-file names.
func Values() artifact.Format {
	return artifact.Format{
		ID: "cloud-foundry-vars", Title: "Files of variables of Cloud Foundry", Doc: "https://docs.cloudfoundry.org/devguide/deploy-apps/manifest-attributes.html#multi-manifests",
		Match: matchValues, Parse: parseValues,
	}
}

var (
	valuesName   = lazy.New(`(?i)(^|[._-])(vars?|variables)([._-]|$)`)
	valuesFolder = lazy.New(`(?i)^(cf|cloud-?foundry|deploy(ment)?[_-]?config|cf[_-]?config|cf[_-]?vars|vars)$`)
)

// matchValues takes flat YAML files that are named for variables, or stand in a folder that is.
func matchValues(a *artifact.Artifact) bool {
	if !pipeline.Yaml(a.Base()) || a.Has("apiVersion:") || a.Has("applications:") || a.Has("$ANSIBLE_VAULT") || a.Has("\nsops:") {
		return false
	}
	base := strings.TrimSuffix(strings.TrimSuffix(a.Base(), ".yaml"), ".yml")
	if !valuesName.MatchString(base) && !valuesFolder.MatchString(path.Base(a.Dir())) {
		return false
	}
	p := "/" + a.Path
	return !strings.Contains(p, "/group_vars/") && !strings.Contains(p, "/host_vars/") && !strings.Contains(p, "/roles/") && !strings.Contains(p, "/playbooks/")
}

// parseValues reads the values of a flat file that name a credential or hold a reference. A variable of the environment in a
// value is there for the command that fills the file (envsubst): the file has a binding for it, which graph/resolve joins.
func parseValues(a *artifact.Artifact, f *artifact.Facts) error {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		if !flat(d.Root) {
			continue
		}
		for i, p := range d.Root.Entries() {
			if i == maxEntries {
				f.Skip("more entries than the limit")
				break
			}
			value(f, p)
		}
	}
	return nil
}

func flat(root *tree.Node) bool {
	for _, p := range root.Entries() {
		if p.Value != nil && p.Value.Kind != tree.Scalar && !p.Value.IsSeq() {
			return false
		}
	}
	return root.IsMap()
}

func value(f *artifact.Facts, p tree.Pair) {
	text := p.Value.Str()
	variables := detect.Variables(text)
	if text == "" || len(variables) == 0 && len(detect.StoreReferences(text)) == 0 && detect.ClassifyName(p.Key).Score <= 0 && p.Value.Tag != "!!str" {
		return
	}
	place := artifact.AtPair(p, tree.Path("").Key(p.Key))
	slot := f.Slot(Variable(f.Artifact.Source, f.Artifact.Path, p.Key), place)
	f.Defined(slot, inventory.DefinedInScan, place)
	if e := detect.PathEnvironment(f.Artifact.Path); e != "" {
		f.AttrSure(slot, inventory.AttrEnvironment, e, "path", inventory.High, place)
	}
	for _, v := range variables {
		b := fileVariable(f, v.Name, place)
		if v.Start == 0 && v.End == len(text) {
			f.EdgeWith(inventory.CopiesFrom, slot, b, "cf-value", inventory.High, place, inventory.AttrWhole, "true")
			continue
		}
		f.Edge(inventory.CopiesFrom, slot, b, "cf-value", inventory.High, place)
	}
	if len(variables) == 0 && container.Copy(f, slot, text, place) {
		f.Literal(slot, p.Key, text, place)
	}
}
