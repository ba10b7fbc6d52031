package main

import (
	"bytes"
	"cmp"
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
		Short: "Edit the register (rotamap.toml): add, update, fmt, lint, rekey",
		Long:  "Edit the register (rotamap.toml). Comments and the order of lines stay.",
		RunE: func(*cobra.Command, []string) error {
			return usageError("register needs one of add, update, fmt, lint, rekey\nhint: rotamap register --help")
		},
	}
	c.AddCommand(a.registerAdd(), a.registerUpdate(), a.registerFmt(), a.registerLint(), a.registerRekey())
	return c
}

// registerField is one flag of add and update: a key of the entry, what it means, and how its text is written in TOML.
type registerField struct {
	flag, key, usage string
	many             bool // may be repeated
	write            func([]string) (string, error)
}

// registerFields are the flags of add and update, in the order in which an entry is written.
var registerFields = []registerField{
	{flag: "owner", usage: "who answers for it", write: quoted},
	{flag: "purpose", usage: "what it is for", write: quoted},
	{flag: "environment", usage: "production, staging, test, development", write: quoted},
	{flag: "service", usage: "the system that accepts it", write: quoted},
	{flag: "kind", usage: `"password" of a person: its age is never reported`, write: quoted},
	{flag: "interval", usage: "how often it is rotated: 90d, 6mo, 1y", write: quoted},
	{flag: "last-rotated", key: "last_rotated", usage: "day of the last rotation: 2026-11-23", write: unquoted},
	{flag: "expires", usage: "day on which it ends by itself: 2027-11-23", write: unquoted},
	{flag: "approver", key: "approvers", usage: "who must agree to a rotation; may be repeated", many: true, write: list},
	{flag: "window", usage: `when it may be rotated: "mon-thu 22:00-04:00 Europe/Berlin"`, write: hours},
	{flag: "blackout", usage: `when it may not: "2026-12-20..2027-01-06 the reason"; may be repeated`, many: true, write: blackouts},
	{flag: "rollback", usage: "how to go back, in plain words", write: quoted},
	{flag: "verify", usage: "how to see that the new one works", write: quoted},
	{flag: "contact", usage: "whom to call at night", write: quoted},
	{flag: "notes", usage: "anything else", write: quoted},
}

// name is the key of the register.
func (f registerField) name() string { return cmp.Or(f.key, f.flag) }

func quoted(v []string) (string, error)   { return fmt.Sprintf("%q", v[0]), nil }
func unquoted(v []string) (string, error) { return v[0], nil }
func list(v []string) (string, error)     { return register.List(v), nil }

func hours(v []string) (string, error) {
	h, err := register.ParseHours(v[0])
	return h.TOML(), err
}

func blackouts(v []string) (string, error) {
	var out []string
	for _, text := range v {
		b, err := register.ParseBlackout(text)
		if err != nil {
			return "", err
		}
		out = append(out, b.TOML())
	}
	return "[" + strings.Join(out, ", ") + "]", nil
}

// setting is a key of an entry with its new value in TOML.
type setting struct{ key, value string }

// fieldFlags adds the flags, and returns what reads those that were given.
func fieldFlags(c *cobra.Command) func() ([]setting, error) {
	values := make([][]string, len(registerFields))
	for i, f := range registerFields {
		if f.many {
			c.Flags().StringArrayVar(&values[i], f.flag, nil, f.usage)
		} else {
			values[i] = []string{""}
			c.Flags().StringVar(&values[i][0], f.flag, "", f.usage)
		}
	}
	return func() ([]setting, error) {
		var out []setting
		for i, f := range registerFields {
			if len(values[i]) == 0 || values[i][0] == "" {
				continue
			}
			v, err := f.write(values[i])
			if err != nil {
				return nil, usageError("--%s: %w", f.flag, err)
			}
			out = append(out, setting{f.name(), v})
		}
		return out, nil
	}
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
		set, err := fields()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(a.registerPath())
		if err != nil && !os.IsNotExist(err) {
			return fmt.Errorf("reading the register: %w", err)
		}
		return a.writeRegister(appendEntry(text, args[0], slots, set))
	}
	return c
}

// appendEntry writes a new entry at the end of the register's text.
func appendEntry(text []byte, name string, slots []string, set []setting) []byte {
	var b bytes.Buffer
	b.Write(bytes.TrimRight(text, "\n"))
	if b.Len() > 0 {
		b.WriteString("\n\n")
	}
	fmt.Fprintf(&b, "[[credential]]\nname = %q\nslots = %s\n", name, register.List(slots))
	for _, s := range set {
		fmt.Fprintf(&b, "%s = %s\n", s.key, s.value)
	}
	return b.Bytes()
}

func (a *app) registerUpdate() *cobra.Command {
	var slots []string
	c := &cobra.Command{
		Use: "update NAME", Short: "Change fields of an entry",
		Example: "  rotamap register update slack-bot --owner @acme/release --window 'mon-thu 22:00-04:00 Europe/Berlin'",
	}
	fields := fieldFlags(c)
	c.Flags().StringArrayVar(&slots, "slot", nil, "the slots that it tracks from now on; may be repeated")
	c.RunE = func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return usageError("register update needs the NAME of an entry")
		}
		set, err := fields()
		if err != nil {
			return err
		}
		if len(slots) > 0 {
			set = append(set, setting{"slots", register.List(slots)})
		}
		if len(set) == 0 {
			return usageError("register update changes nothing: name a field\nhint: rotamap register update --help")
		}
		return a.updateEntry(args[0], set)
	}
	return c
}

func (a *app) updateEntry(name string, set []setting) error {
	path := a.registerPath()
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the register: %w\nhint: rotamap init writes a first one", err)
	}
	for _, s := range set {
		if text, err = register.Set(path, text, name, s.key, s.value); err != nil {
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

func (a *app) registerRekey() *cobra.Command {
	return &cobra.Command{
		Use: "rekey [MAP]", Short: "After a change of keys: write the fingerprints of the present key into the register", Args: cobra.MaximumNArgs(1),
		Long: "After a change of keys: write the fingerprints of the present key into the register. The map tells which value\n" +
			"was called what: it is one that was made with --previous-key. From then on the older key is not needed.",
		Example: "  rotamap scan . --key-file new.key --previous-key old.key\n  rotamap register rekey",
		RunE: func(_ *cobra.Command, args []string) error {
			_, path := mapArgument(args, 0)
			g, err := a.readGraph(path)
			if err != nil {
				return err
			}
			renamed := g.Renamed()
			if len(renamed) == 0 {
				return usageError("the map %q knows no fingerprints of an earlier key\nhint: rotamap scan . --previous-key OLD.key writes one that does", path)
			}
			return a.rekey(renamed)
		},
	}
}

// rekey writes the register anew, and says what it could not bring along.
func (a *app) rekey(renamed map[string]string) error {
	path := a.registerPath()
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the register: %w", err)
	}
	out, left, err := register.Rekey(path, text, renamed)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		fmt.Fprintf(a.stderr, "rotamap: values of %s were not in the scan: their old fingerprints stay, and no longer match\n", strings.Join(left, ", "))
	}
	if bytes.Equal(out, text) {
		_, err = fmt.Fprintln(a.stdout, "nothing to change")
		return err
	}
	return writeText(path, out)
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
