package reports

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
)

// Style is how a consultant's PDF looks and what it says beside the facts: a TOML file given with --template. Every
// key may be left out; an unknown one is an error.
type Style struct {
	Title    string      `toml:"title"`    // as --title, which wins
	Client   string      `toml:"client"`   // as --client, which wins
	Logo     string      `toml:"logo"`     // file, as --logo, which wins
	Subtitle string      `toml:"subtitle"` // below the title
	By       string      `toml:"by"`       // who made the report: a line of the title page
	Notice   string      `toml:"notice"`   // such as "Confidential": on the title page and at the foot of every other
	Accent   string      `toml:"accent"`   // colour of lines and bars, as #1f5f8b
	Font     string      `toml:"font"`     // TrueType file that the text is set in
	Bold     string      `toml:"font_bold"`
	Sections []string    `toml:"sections"` // chapters in order, see PDFSections; left out for all
	Chapters []StyleText `toml:"chapter"`  // chapters of the consultant's own, named in Sections or put at the end

	accent        ink
	regular, bold []byte
}

// StyleText is a chapter of the consultant's own. Text is a Go template over the object that the format json writes; an
// empty line begins a paragraph.
type StyleText struct {
	ID    string `toml:"id"`
	Title string `toml:"title"`
	Text  string `toml:"text"`
}

// PDFSections are the chapters that a PDF has after its title page, in their usual order.
var PDFSections = []string{"summary", "dependents", "environments", "owners", "findings", "plan", "places", "method", "coverage"}

// ReadStyle reads a style. The errors name the key that is wrong. Files that it names are read with open.
func ReadStyle(text []byte, open func(name string) ([]byte, error)) (*Style, error) {
	s := &Style{}
	meta, err := toml.Decode(string(text), s)
	if err != nil {
		return nil, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("it has no key %q", unknown[0])
	}
	known := slices.Clone(PDFSections)
	for i, c := range s.Chapters {
		if c.ID == "" || c.Title == "" || slices.Contains(known, c.ID) {
			return nil, fmt.Errorf("chapter %d needs a title, and an id that no other has", i+1)
		}
		known = append(known, c.ID)
	}
	for _, id := range s.Sections {
		if !slices.Contains(known, id) {
			return nil, fmt.Errorf("sections has no %q\nhint: there are %s", id, strings.Join(known, ", "))
		}
	}
	if s.accent, err = accentInk(s.Accent); err != nil {
		return nil, err
	}
	for _, f := range []struct {
		name string
		to   *[]byte
	}{{s.Font, &s.regular}, {s.Bold, &s.bold}} {
		if f.name == "" {
			continue
		}
		if *f.to, err = open(f.name); err != nil {
			return nil, fmt.Errorf("reading the font: %w", err)
		}
	}
	if s.bold == nil {
		s.bold = s.regular
	}
	return s, nil
}

// accentInk reads #rrggbb; nothing is our own.
func accentInk(s string) (ink, error) {
	var c ink
	if s == "" {
		return inkAccent, nil
	}
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil || n != 3 || len(s) != 7 {
		return c, fmt.Errorf("accent is %q, not a colour such as #1f5f8b", s)
	}
	return c, nil
}

// pale mixes an ink with white.
func (c ink) pale() ink {
	for i := range c {
		c[i] += (255 - c[i]) * 88 / 100
	}
	return c
}

// sections are the chapters to write, in order: those that are asked for, else all and then the consultant's own.
func (s *Style) sections() []string {
	if s == nil {
		return PDFSections
	}
	out := s.Sections
	if out == nil {
		out = PDFSections
	}
	out = slices.Clone(out)
	for _, c := range s.Chapters {
		if !slices.Contains(out, c.ID) {
			out = append(out, c.ID)
		}
	}
	return out
}

// chapterOf writes a chapter of the consultant's own.
func (p *paper) chapterOf(c StyleText) error {
	t, err := template.New(c.ID).Option("missingkey=error").Funcs(templateFuncs).Parse(c.Text)
	if err != nil {
		return fmt.Errorf("reading the chapter %s of the template: %w", c.ID, err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p.d); err != nil {
		return fmt.Errorf("running the chapter %s of the template: %w", c.ID, err)
	}
	p.chapter(p.faces.bold.text(c.Title))
	for paragraph := range strings.SplitSeq(strings.TrimSpace(b.String()), "\n\n") {
		p.say(strings.Join(strings.Fields(paragraph), " "), inkText)
	}
	return nil
}

// styled are the typefaces of the text: those of the style, or our own.
func (s *Style) styled(d *Document) (typefaces, error) {
	if s == nil {
		s = &Style{}
	}
	written := []string{s.Subtitle, s.By, s.Notice}
	for _, c := range s.Chapters {
		written = append(written, c.Title, c.Text)
	}
	further, err := furtherLetters(d, written...)
	if err != nil {
		return typefaces{}, err
	}
	if s.regular != nil {
		further = nil
	}
	faces, err := newTypefaces(further)
	if err != nil || s.regular == nil {
		return faces, err
	}
	for _, f := range []struct {
		to   **typeface
		data []byte
	}{{&faces.regular, s.regular}, {&faces.bold, s.bold}, {&faces.mono, s.regular}} {
		if *f.to, err = newTypeface(f.data); err != nil {
			return faces, err
		}
		if !(*f.to).draws('A') || !(*f.to).draws('…') {
			return faces, errors.New("the font of the template has no Latin letters: names and headings need them")
		}
	}
	return faces, nil
}
