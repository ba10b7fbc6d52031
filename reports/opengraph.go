package reports

import (
	"io"
	"strings"
)

// BloodHound OpenGraph. An id must not hold a colon, so ids are digests of ours, which stand in a property; kinds are
// words; properties are flat.

type openGraph struct {
	Metadata openGraphMetadata `json:"metadata"`
	Graph    openGraphBody     `json:"graph"`
}

type openGraphMetadata struct {
	SourceKind string `json:"source_kind"`
}

type openGraphBody struct {
	Nodes []openGraphNode `json:"nodes"`
	Edges []openGraphEdge `json:"edges"`
}

type openGraphNode struct {
	ID         string            `json:"id"`
	Kinds      []string          `json:"kinds"`
	Properties map[string]string `json:"properties"`
}

type openGraphEdge struct {
	Start      openGraphEnd      `json:"start"`
	End        openGraphEnd      `json:"end"`
	Kind       string            `json:"kind"`
	Properties map[string]string `json:"properties"`
}

type openGraphEnd struct {
	Value   string `json:"value"`
	MatchBy string `json:"match_by"`
}

func writeOpenGraph(w io.Writer, d *Document, _ Options) error {
	out := openGraph{Metadata: openGraphMetadata{"Rotamap"}, Graph: openGraphBody{[]openGraphNode{}, []openGraphEdge{}}}
	net := d.network()
	ids := make([]string, len(net.nodes))
	for i, n := range net.nodes {
		ids[i] = "rotamap-" + stableID(n.id)
		out.Graph.Nodes = append(out.Graph.Nodes, openGraphNode{ids[i], []string{"Rotamap" + title1(word(n.kind)), "Rotamap"},
			filled("name", n.name, "rotamap_id", n.id, "platform", n.platform, "service", n.service, "exposure", n.exposure,
				"severity", n.severity, "place", n.place)})
	}
	for _, e := range net.edges {
		out.Graph.Edges = append(out.Graph.Edges, openGraphEdge{openGraphEnd{ids[e.from], "id"}, openGraphEnd{ids[e.to], "id"},
			"Rotamap" + camel(e.kind), filled("rule", e.rule, "confidence", e.sure, "place", e.at)})
	}
	return encodeJSON(w, out, " ")
}

// camel joins the words of a kind: talks-to is TalksTo.
func camel(kind string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(kind, "-") {
		b.WriteString(title1(word(part)))
	}
	return b.String()
}

// word keeps letters, digits and the underscore, and replaces the rest.
func word(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
			return r
		}
		return '_'
	}, s)
}

// cypherName is a kind as a relationship type: talks-to is TALKS_TO.
func cypherName(kind string) string { return strings.ToUpper(word(kind)) }

// cypherEscapes are what a string of Cypher cannot hold as it is.
var cypherEscapes = strings.NewReplacer(`\`, `\\`, `'`, `\'`)

// cypherText is a string of Cypher.
func cypherText(s string) string { return "'" + cypherEscapes.Replace(s) + "'" }
