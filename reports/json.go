package reports

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

// writeJSON writes the whole document, schema rotamap/report/1.
func writeJSON(w io.Writer, d *Document, _ Options) error {
	return encodeJSON(w, d, " ")
}

// encodeJSON writes a value as JSON with a final newline. Characters that do not show are written as \u escapes,
// so that the text is inert wherever it is looked at and still says the same.
func encodeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("encoding the report: %w", err)
	}
	_, err := w.Write(escapeHidden(b.Bytes()))
	return err
}

// escapeHidden writes hidden characters of a JSON text as escapes. They can stand in strings only.
func escapeHidden(text []byte) []byte {
	if bytes.IndexFunc(text, hiddenJSON) < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case !hiddenJSON(r):
			out = append(out, text[:size]...)
		case r > 0xffff:
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out
}

func hiddenJSON(r rune) bool { return r >= 0x7f && hidden(r) }
