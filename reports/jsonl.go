package reports

import (
	"bytes"
	"io"
)

// jsonLine is one line of JSON Lines: what it is, and the item as the JSON report has it.
type jsonLine struct {
	Kind string `json:"kind"`
	Item any    `json:"item"`
}

// jsonHead is the item of the first line.
type jsonHead struct {
	Schema string   `json:"schema"`
	Title  string   `json:"title"`
	Time   string   `json:"time"`
	KeyIDs []string `json:"key_ids"`
	Totals Totals   `json:"totals"`
}

// writeJSONL writes one object on each line: the head, then every row of every list.
func writeJSONL(w io.Writer, d *Document, _ Options) error {
	lines := []jsonLine{{"report", jsonHead{d.Schema, d.Title, d.Time, d.KeyIDs, d.Totals}}, {"coverage", d.Coverage}}
	lines = appendLines(lines, "credential", d.Credentials)
	lines = appendLines(lines, "automation", d.Automations)
	lines = appendLines(lines, "service", d.Services)
	lines = appendLines(lines, "owner", d.Owners)
	lines = appendLines(lines, "slot", d.Slots)
	lines = appendLines(lines, "finding", d.Findings)
	lines = appendLines(lines, "literal", d.Literals)
	lines = appendLines(lines, "suppressed", d.Suppressed)
	var b bytes.Buffer
	for _, l := range lines {
		if err := encodeJSON(&b, l, ""); err != nil {
			return err
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

func appendLines[T any](lines []jsonLine, kind string, items []T) []jsonLine {
	for i := range items {
		lines = append(lines, jsonLine{kind, &items[i]})
	}
	return lines
}
