package reports

import (
	"encoding/xml"
	"fmt"
	"io"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Failure *junitFailure `xml:"failure"`
	Skipped *junitSkipped `xml:"skipped"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junitSkipped has its reason as text: the schema of Jenkins knows no other place for it.
type junitSkipped struct {
	Text string `xml:",chardata"`
}

// writeJUnit writes two suites: each credential is a case that fails when a value of it stands in a file, and each
// finding of policy is a case that fails, or is skipped when it was accepted.
func writeJUnit(w io.Writer, d *Document, _ Options) error {
	all := junitSuites{Name: "rotamap", Suites: []junitSuite{junitSecrets(d), junitPolicy(d)}}
	for _, s := range all.Suites {
		all.Tests, all.Failures = all.Tests+s.Tests, all.Failures+s.Failures
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(all); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func junitSecrets(d *Document) junitSuite {
	s := junitSuite{Name: "secrets"}
	places := d.placesByCredential()
	for i := range d.Credentials {
		c := &d.Credentials[i]
		k := junitCase{Class: "rotamap.secrets", Name: c.ID}
		if c.Literals > 0 {
			text := ""
			for _, p := range places[c.ID] {
				text += p + "\n"
			}
			k.Failure = &junitFailure{Type: c.Exposure, Message: fmt.Sprintf("%s: a value stands in %s", c.Name,
				count(c.Literals, "place")), Text: text}
			s.Failures++
		}
		s.Cases = append(s.Cases, k)
	}
	s.Tests = len(s.Cases)
	return s
}

func junitPolicy(d *Document) junitSuite {
	s := junitSuite{Name: "policy"}
	for _, f := range d.Findings {
		k := junitCase{Class: "rotamap.policy." + f.Rule, Name: f.Title}
		if f.Suppressed != nil {
			k.Skipped = &junitSkipped{accepted(f.Suppressed)}
			s.Skipped++
		} else {
			text := f.Why + "\n" + f.Fix + "\n"
			for _, e := range f.Evidence {
				text += d.place(e) + "\n"
			}
			k.Failure = &junitFailure{f.Severity.String(), f.Title, text}
			s.Failures++
		}
		s.Cases = append(s.Cases, k)
	}
	s.Tests = len(s.Cases)
	return s
}
