package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
)

// maxSecret bounds what fingerprint reads: no credential is larger.
const maxSecret = 1 << 20

func (a *app) fingerprintCommand() *cobra.Command {
	var (
		key    keyOptions
		asJSON bool
	)
	c := &cobra.Command{
		Use:   "fingerprint",
		Short: "Read a secret from standard input and print its fingerprint",
		Long: "Read a secret from standard input and print its fingerprint, the raw one first, then those of its other\n" +
			"forms. A secret is never taken from the command line, where other users can see it.",
		Example: "  pbpaste | rotamap fingerprint",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			reg, err := a.register()
			if err != nil {
				return err
			}
			k, notice, err := key.load(reg)
			if err != nil {
				return err
			}
			if notice != "" {
				fmt.Fprintln(a.stderr, notice)
			}
			text, err := io.ReadAll(io.LimitReader(a.stdin, maxSecret))
			if err != nil {
				return fmt.Errorf("reading the secret from standard input: %w", err)
			}
			if strings.TrimSpace(string(text)) == "" {
				return usageError("standard input holds no secret\nhint: printf %%s \"$TOKEN\" | rotamap fingerprint")
			}
			return a.fingerprint(k.Of(artifact.Seal(string(text)), false), asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	key.addTo(c)
	return c
}

// fingerprintResult is what fingerprint prints as JSON.
type fingerprintResult struct {
	Schema string            `json:"schema"`
	Raw    string            `json:"fingerprint"`
	Weak   string            `json:"weak"` // why the value does not join by equality, "" when it does
	Also   []fingerprintAlso `json:"also"`
}

type fingerprintAlso struct {
	Encoding    string `json:"encoding"`
	Fingerprint string `json:"fingerprint"`
}

func (a *app) fingerprint(p fingerprint.Print, asJSON bool) error {
	r := fingerprintResult{Schema: "rotamap/fingerprint/1", Raw: p.ID, Weak: p.Weak, Also: []fingerprintAlso{}}
	for _, f := range p.Also {
		r.Also = append(r.Also, fingerprintAlso{f.Encoding, f.ID})
	}
	if asJSON {
		return a.printJSON(r)
	}
	text := r.Raw + "\n"
	for _, f := range r.Also {
		text += f.Fingerprint + " " + f.Encoding + "\n"
	}
	_, err := io.WriteString(a.stdout, text)
	return err
}
