// Package salesforce reads named and external credentials from Salesforce's metadata, and the Apex code that calls
// out through them. Their secrets stay in Salesforce.
package salesforce

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the store of named credentials.
const Platform = "salesforce"

const doc = "https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_namedcredential.htm"

// Credentials is the row of named and external credentials.
func Credentials() artifact.Format {
	return artifact.Format{
		ID: "salesforce-credential", Title: "Salesforce named credential", Doc: doc,
		Match: func(a *artifact.Artifact) bool {
			return export.LooksLikeXML(a) && a.Has("soap.sforce.com") &&
				(a.Has("<NamedCredential") || a.Has("<ExternalCredential"))
		},
		Parse: parseCredential,
	}
}

var callout = lazy.New(`["']callout:([A-Za-z][A-Za-z0-9_]*)`)

// Apex is the row of Apex code that calls out through a named credential.
func Apex() artifact.Format {
	return artifact.Format{
		ID: "salesforce-apex", Title: "Salesforce Apex callout", Doc: doc,
		Match: func(a *artifact.Artifact) bool {
			return !a.LooksLikeJSON() && a.Has("callout:") && a.Has("class ") && callout.Match(a.Content)
		},
		Parse: parseApex,
	}
}

func slot(f *artifact.Facts, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: name}
}

func parseCredential(a *artifact.Artifact, f *artifact.Facts) error {
	root, err := export.XML(a)
	if err != nil {
		return err
	}
	for _, kind := range []string{"NamedCredential", "ExternalCredential"} {
		if n := root.Get(kind); n.IsMap() {
			read(f, kind, n)
		}
	}
	return nil
}

// read adds the slot. Its name is the file's; the label is for people.
func read(f *artifact.Facts, kind string, n *tree.Node) {
	name, _, _ := strings.Cut(f.Artifact.Base(), ".")
	at := artifact.At(n, tree.Path(kind))
	id := f.Slot(slot(f, name), at)
	f.Defined(id, inventory.DefinedOutside, at)
	for _, key := range []string{"protocol", "authenticationProtocol", "namedCredentialType"} {
		if v := n.Get(key); v.Str() != "" {
			f.Attr(id, inventory.AttrType, v.Str(), "", artifact.At(v, tree.Path(kind).Key(key)))
		}
	}
	if label := n.Get("label").Str(); label != "" && label != name {
		f.Attr(id, inventory.AttrAlias, export.Label(label), "", at)
	}
	endpoint(f, id, n.Get("endpoint"), tree.Path(kind).Key("endpoint"))
	for i, p := range n.Get("namedCredentialParameters").List() {
		q := tree.Path(kind).Key("namedCredentialParameters").Index(i)
		switch p.Get("parameterType").Str() {
		case "Url":
			endpoint(f, id, p.Get("parameterValue"), q)
		case "Authentication":
			if external := p.Get("externalCredential").Str(); external != "" {
				f.Edge(inventory.CopiesFrom, id, f.Slot(slot(f, external), artifact.At(p, q)), "salesforce-external-credential", inventory.Certain, artifact.At(p, q))
			}
		}
	}
	if p := n.Get("password"); p.Str() != "" {
		f.AddLiteral(artifact.Literal{Slot: id, Name: "password", Secret: artifact.Seal(p.Str()), Place: artifact.At(p, tree.Path(kind).Key("password")), Sure: true})
	}
}

func endpoint(f *artifact.Facts, id string, n *tree.Node, p tree.Path) {
	host := export.Host(n.Str())
	if host == "" {
		return
	}
	at := artifact.At(n, p)
	f.Attr(id, inventory.AttrHost, host, "", at)
	if service := export.ServiceOf(host); service != "" {
		f.Service(id, service, "host", inventory.Certain, at)
	}
}

// parseApex reads callout:Name in string literals.
func parseApex(a *artifact.Artifact, f *artifact.Facts) error {
	code := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	f.Attr(code, inventory.AttrLanguage, "apex", "", artifact.Place{Line: 1})
	for _, m := range callout.FindAllSubmatchIndex(a.Content, 1000) {
		at := a.PlaceOf(m[2])
		f.Edge(inventory.Reads, code, f.Slot(slot(f, string(a.Content[m[2]:m[3]])), at), "salesforce-callout", inventory.Certain, at)
	}
	return nil
}
