package reports

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// CycloneDX 1.6 and 1.7, which are alike in what is used here. A credential is a cryptographic asset (related crypto material), an automation an application, a
// service a service. The value of a credential is never written; its keyed fingerprints stand in properties, since
// the hash algorithms of the format know no HMAC. The graph is marked as incomplete: it shows what was scanned.

type cdxBOM struct {
	Format       string           `json:"bomFormat"`
	Spec         string           `json:"specVersion"`
	Version      int              `json:"version"`
	Metadata     cdxMetadata      `json:"metadata"`
	Components   []cdxComponent   `json:"components"`
	Services     []cdxService     `json:"services,omitempty"`
	Dependencies []cdxDependency  `json:"dependencies"`
	Compositions []cdxComposition `json:"compositions"`
}

type cdxMetadata struct {
	Timestamp string       `json:"timestamp,omitempty"`
	Tools     cdxTools     `json:"tools"`
	Component cdxComponent `json:"component"`
}

type cdxTools struct {
	Components []cdxComponent `json:"components"`
}

type cdxComponent struct {
	Type       string        `json:"type"`
	Ref        string        `json:"bom-ref,omitempty"`
	Name       string        `json:"name"`
	Version    string        `json:"version,omitempty"`
	Crypto     *cdxCrypto    `json:"cryptoProperties,omitempty"`
	Evidence   *cdxEvidence  `json:"evidence,omitempty"`
	Properties []cdxProperty `json:"properties,omitempty"`
}

type cdxCrypto struct {
	AssetType string      `json:"assetType"`
	Material  cdxMaterial `json:"relatedCryptoMaterialProperties"`
}

type cdxMaterial struct {
	Type string `json:"type"`
}

type cdxEvidence struct {
	Occurrences []cdxOccurrence `json:"occurrences"`
}

type cdxOccurrence struct {
	Location string `json:"location"`
	Line     int    `json:"line,omitempty"`
	Symbol   string `json:"symbol,omitempty"`
}

type cdxProperty struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type cdxService struct {
	Ref  string `json:"bom-ref"`
	Name string `json:"name"`
}

type cdxDependency struct {
	Ref       string   `json:"ref"`
	DependsOn []string `json:"dependsOn,omitempty"`
}

type cdxComposition struct {
	Aggregate    string   `json:"aggregate"`
	Dependencies []string `json:"dependencies"`
}

func writeCycloneDX(w io.Writer, d *Document, o Options) error {
	out := cdxBOM{Format: "CycloneDX", Spec: cmp.Or(o.Spec, "1.6"), Version: 1, Components: []cdxComponent{}, Dependencies: []cdxDependency{}}
	out.Metadata = cdxMetadata{Timestamp: d.Time, Component: cdxComponent{Type: "application", Ref: "rotamap", Name: d.Title},
		Tools: cdxTools{[]cdxComponent{{Type: "application", Name: "rotamap", Version: o.Version}}}}
	var refs []string
	for i := range d.Credentials {
		c := &d.Credentials[i]
		out.Components = append(out.Components, cdxCredential(d, c))
		dependency := cdxDependency{Ref: "credential:" + c.ID}
		if c.Service != "" {
			dependency.DependsOn = []string{inventory.ServiceID(c.Service)}
		}
		out.Dependencies = append(out.Dependencies, dependency)
		refs = append(refs, dependency.Ref)
	}
	for _, a := range d.Automations {
		out.Components = append(out.Components, cdxComponent{Type: "application", Ref: a.ID, Name: cmp.Or(a.Name, a.ID),
			Evidence: cdxPlaces(a.Evidence), Properties: cdxProperties("rotamap:platform", a.Platform, "rotamap:environment", a.Environment)})
		dependency := cdxDependency{Ref: a.ID}
		for _, id := range a.Credentials {
			dependency.DependsOn = append(dependency.DependsOn, "credential:"+id)
		}
		out.Dependencies = append(out.Dependencies, dependency)
		refs = append(refs, a.ID)
	}
	for _, s := range d.Services {
		out.Services = append(out.Services, cdxService{s.ID, s.Name})
	}
	slices.Sort(refs)
	out.Compositions = []cdxComposition{{"incomplete", slices.Compact(refs)}}
	return encodeJSON(w, out, " ")
}

func cdxCredential(d *Document, c *Credential) cdxComponent {
	pairs := []string{"rotamap:id", c.ID, "rotamap:exposure", c.Exposure, "rotamap:environment", c.Environment, "rotamap:severity", c.Severity}
	for _, v := range c.Values {
		pairs = append(pairs, "rotamap:fingerprint:"+v.State, v.Fingerprint)
	}
	var places []inventory.Evidence
	for _, s := range c.Slots {
		if i, ok := slices.BinarySearchFunc(d.Slots, s, func(a graph.Slot, id string) int { return strings.Compare(a.ID, id) }); ok {
			places = append(places, d.Slots[i].Evidence...)
		}
	}
	return cdxComponent{Type: "cryptographic-asset", Ref: "credential:" + c.ID, Name: c.Name, Evidence: cdxPlaces(places),
		Crypto: &cdxCrypto{"related-crypto-material", cdxMaterial{cdxType(c.Name)}}, Properties: cdxProperties(pairs...)}
}

// cdxType is the word of the format for what a name speaks of.
func cdxType(name string) string {
	name = strings.ToLower(name)
	for _, w := range []struct{ part, kind string }{{"private", "private-key"}, {"password", "password"}, {"passwd", "password"}, {"token", "token"}} {
		if strings.Contains(name, w.part) {
			return w.kind
		}
	}
	return "credential"
}

func cdxPlaces(all []inventory.Evidence) *cdxEvidence {
	if len(all) == 0 {
		return nil
	}
	out := &cdxEvidence{}
	for _, e := range all {
		at := e
		at.Line = 0
		out.Occurrences = append(out.Occurrences, cdxOccurrence{place(at), e.Line, e.Pointer})
	}
	return out
}

func cdxProperties(pairs ...string) []cdxProperty {
	var out []cdxProperty
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, cdxProperty{pairs[i], pairs[i+1]})
		}
	}
	return out
}
