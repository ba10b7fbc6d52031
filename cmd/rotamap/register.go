package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/rules/register"
)

func (a *app) registerCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "register",
		Short: "Edit the register (rotamap.toml): add, update, fmt, lint",
		Long:  "Edit the register (rotamap.toml). Comments and the order of lines stay.",
		RunE: func(*cobra.Command, []string) error {
			return usageError("register needs one of add, update, fmt, lint\nhint: rotamap register --help")
		},
	}
	c.AddCommand(a.registerAdd(), a.registerUpdate(), a.registerFmt(), a.registerLint())
	return c
}

// registerFields are the flags of add and update: key of the entry -> what it means.
var registerFields = []struct{ key, usage string }{
	{"owner", "who answers for it"},
	{"purpose", "what it is for"},
	{"environment", "production, staging, test, development"},
	{"service", "the system that accepts it"},
	{"interval", "how often it is rotated: 90d, 6m, 1y"},
	{"rollback", "how to go back, in plain words"},
	{"verify", "how to see that the new one works"},
	{"contact", "whom to call at night"},
	{"notes", "anything else"},
}

func fieldFlags(c *cobra.Command) map[string]*string {
	out := map[string]*string{}
	for _, f := range registerFields {
		out[f.key] = c.Flags().String(f.key, "", f.usage)
	}
	return out
}

func (a *app) registerAdd() *cobra.Command {
	var slots []string
	c := &cobra.Command{
		Use: "add NAME --slot ID...", Short: "Add an entry",
		Example: "  rotamap register add slack-bot --slot gh:acme/shop/SLACK_TOKEN --owner @acme/platform --interval 90d",
	}
	fields := fieldFlags(c)
	c.Flags().StringArrayVar(&slots, "slot", nil, "id or glob of a slot; may be repeated")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 || len(slots) == 0 {
			return usageError("register add needs a NAME and a --slot\nhint: rotamap list slots shows the ids")
		}
		text, err := os.ReadFile(a.registerPath())
		if err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("reading the register: %w", err)
		}
		return a.writeRegister(appendEntry(text, args[0], slots, fields))
	}
	return c
}

// appendEntry writes a new entry at the end of the register's text.
func appendEntry(text []byte, name string, slots []string, fields map[string]*string) []byte {
	var b bytes.Buffer
	b.Write(bytes.TrimRight(text, "\n"))
	if b.Len() > 0 {
		b.WriteString("\n\n")
	}
	fmt.Fprintf(&b, "[[credential]]\nname = %q\nslots = [", name)
	for i, s := range slots {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%q", s)
	}
	b.WriteString("]\n")
	for _, f := range registerFields {
		if v := *fields[f.key]; v != "" {
			fmt.Fprintf(&b, "%s = %q\n", f.key, v)
		}
	}
	return b.Bytes()
}

func (a *app) registerUpdate() *cobra.Command {
	c := &cobra.Command{
		Use: "update NAME", Short: "Change fields of an entry",
		Example: "  rotamap register update slack-bot --owner @acme/release",
	}
	fields := fieldFlags(c)
	rotated := c.Flags().String("last-rotated", "", "day of the last rotation: 2026-11-23")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("register update needs the NAME of an entry")
		}
		return a.updateEntry(args[0], fields, *rotated)
	}
	return c
}

func (a *app) updateEntry(name string, fields map[string]*string, rotated string) error {
	path := a.registerPath()
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the register: %w\nhint: rotamap init writes a first one", err)
	}
	for _, f := range registerFields {
		if v := *fields[f.key]; v != "" {
			if text, err = register.Set(path, text, name, f.key, fmt.Sprintf("%q", v)); err != nil {
				return err
			}
		}
	}
	if rotated != "" {
		if text, err = register.Set(path, text, name, "last_rotated", rotated); err != nil {
			return err
		}
	}
	return a.writeRegister(text)
}

// writeRegister checks a new text of the register before it takes the place of the old one.
func (a *app) writeRegister(text []byte) error {
	path := a.registerPath()
	if _, err := register.Parse(path, text); err != nil {
		return fmt.Errorf("the register would not be valid any more: %w", err)
	}
	return writeText(path, text)
}

func writeText(path string, text []byte) error {
	return writeFile(path, 0o644, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

func (a *app) registerFmt() *cobra.Command {
	return &cobra.Command{
		Use: "fmt", Short: "Lay the register out evenly", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			path := a.registerPath()
			text, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("reading the register: %w", err)
			}
			if text, err = register.Format(path, text); err != nil {
				return err
			}
			return writeText(path, text)
		},
	}
}

func (a *app) registerLint() *cobra.Command {
	return &cobra.Command{
		Use: "lint", Short: "Check the register: unknown keys, wrong values", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			path := a.registerPath()
			r, err := register.Load(path)
			if err != nil {
				return fmt.Errorf("reading the register: %w", err)
			}
			_, err = fmt.Fprintf(a.stdout, "%s: %d entries, no mistakes\n", strings.TrimPrefix(path, "./"), len(r.Credentials))
			return err
		},
	}
}
