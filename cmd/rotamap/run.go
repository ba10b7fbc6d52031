package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit codes, the same for every command.
const (
	exitDone       = 0
	exitFailed     = 1
	exitUsage      = 2
	exitFindings   = 3
	exitIncomplete = 4
)

const exitCodesText = `
Exit codes:
  0  done and whole
  1  could not run
  2  usage
  3  findings at or above the threshold (check, verify, diff --exit-code)
  4  the result is written, but something that should have been read could not be`

// exitError carries an exit code up to run. A nil cause prints nothing: the command has said it all.
type exitError struct {
	code  int
	cause error
}

func (e *exitError) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.cause.Error()
}

func (e *exitError) Unwrap() error { return e.cause }

// usageError is an error that the reader mends by typing something else.
func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// app is one run of the program: its streams and what holds for every command.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	config         string
	identity       string // file of the private keys that open encrypted maps
	quiet          bool
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return a.exitCode(root.ExecuteContext(ctx))
}

// exitCode prints an error with its hints and returns the code.
func (a *app) exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	var e *exitError
	if !errors.As(err, &e) {
		e = &exitError{exitFailed, err}
		if isCobraUsage(err) {
			e.code = exitUsage
		}
	}
	if e.cause != nil {
		first, hints, _ := strings.Cut(printable(e.cause.Error()), "\n")
		fmt.Fprintf(a.stderr, "rotamap: %s\n", first)
		if hints != "" {
			fmt.Fprintln(a.stderr, hints)
		}
	}
	return e.code
}

// isCobraUsage reports whether the command line itself was wrong: cobra has no type for that.
func isCobraUsage(err error) bool {
	for _, s := range []string{"unknown command", "unknown flag", "unknown shorthand", "flag needs an argument", "invalid argument", "accepts ", "requires at least"} {
		if strings.Contains(err.Error(), s) {
			return true
		}
	}
	return false
}

// printable shows control characters as escapes: paths come from hostile repositories. Line breaks stay, they
// separate hints.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r >= ' ' && r != 0x7f && !isInvisible(r) {
			return r
		}
		return '\uFFFD'
	}, s)
}

// isInvisible reports characters that change how text is shown: bidi controls and zero-width ones.
func isInvisible(r rune) bool {
	return r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e ||
		r >= 0x2060 && r <= 0x2069 || r == 0xfeff
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "rotamap",
		Short: "Find what a token powers before you rotate it",
		Long: "Rotamap finds the credentials that repositories, config files and workflow exports hold or refer to,\n" +
			"and tells which automations stop when one of them is rotated. It works offline and stores no secret.\n" + exitCodesText,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: false},
	}
	root.PersistentFlags().StringVar(&a.config, "config", "", "configuration file (default: rotamap.toml in the current folder)")
	root.PersistentFlags().StringVar(&a.identity, "identity", "", "private key of age that opens encrypted maps (default: $ROTAMAP_IDENTITY)")
	root.PersistentFlags().BoolVarP(&a.quiet, "quiet", "q", false, "print results and errors only")
	root.AddCommand(a.commands()...)
	for _, c := range root.Commands() {
		if c.Long == "" {
			c.Long = c.Short + "."
		}
		c.Long += "\n" + exitCodesText
	}
	return root
}

// commands is the table of commands, in the order of the help text.
func (a *app) commands() []*cobra.Command {
	return []*cobra.Command{
		a.scanCommand(), a.listCommand(), a.impactCommand(), a.explainCommand(), a.planCommand(), a.checkCommand(),
		a.verifyCommand(), a.diffCommand(), a.reportCommand(), a.calendarCommand(), a.watchCommand(), a.registerCommand(),
		a.fingerprintCommand(), a.initCommand(), a.demoCommand(), a.versionCommand(), a.manCommand(),
	}
}

// terminal reports whether a stream is a terminal, and its width in columns.
func terminal(w any) (int, bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 20 {
		return 80, true
	}
	return width, true
}

// colour reports whether output to w may be coloured: only on a terminal, and NO_COLOR is obeyed.
func colour(w any) bool {
	_, ok := terminal(w)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// widthOf is the width to lay text out for: the terminal's, at most 120, and 80 elsewhere.
func widthOf(w any) int {
	if width, ok := terminal(w); ok {
		return min(width, 120)
	}
	return 80
}
