package reports

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// writeCSV writes the table of credentials. Cells that a spreadsheet would take for a formula are made text.
func writeCSV(w io.Writer, d *Document, o Options) error {
	out := csv.NewWriter(w)
	head := []string{"label", "name", "service", "exposure", "severity", "environment", "owners", "stores", "automations",
		"automation names", "first seen", "age in days", "findings", "places", "id"}
	if o.Internal {
		head = append(head, "fingerprints")
	}
	if err := out.Write(head); err != nil {
		return err
	}
	places := d.placesByCredential()
	for i := range d.Credentials {
		if err := out.Write(csvRow(d, &d.Credentials[i], places, o)); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvRow(d *Document, c *Credential, places map[string][]string, o Options) []string {
	var owners, names, prints []string
	for _, x := range c.Owners {
		owners = append(owners, x.Name)
	}
	for _, id := range c.Automations {
		if i, ok := d.at[id]; ok {
			names = append(names, d.Automations[i].Name)
		}
	}
	days := ""
	if c.AgeDays != nil {
		days = strconv.Itoa(*c.AgeDays)
	}
	row := []string{c.Label, c.Name, c.Service, c.Exposure, c.Severity, c.Environment, strings.Join(owners, "; "),
		strings.Join(c.Stores, "; "), strconv.Itoa(len(c.Automations)), strings.Join(names, "; "), day(c.FirstSeen), days,
		strconv.Itoa(c.Findings), strings.Join(places[c.ID], "; "), c.ID}
	if o.Internal {
		for _, v := range c.Values {
			prints = append(prints, v.Fingerprint)
		}
		row = append(row, strings.Join(prints, "; "))
	}
	for i := range row {
		row[i] = noFormula(row[i])
	}
	return row
}

// placesByCredential lists the places of the literals of each credential.
func (d *Document) placesByCredential() map[string][]string {
	out := map[string][]string{}
	for _, l := range d.Literals {
		out[l.Credential] = append(out[l.Credential], d.place(l.Evidence))
	}
	return out
}

// noFormula puts an apostrophe before a text that a spreadsheet would run.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r|%", rune(s[0])) {
		return "'" + s
	}
	return s
}
