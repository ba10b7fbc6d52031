package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/reports"
	"github.com/rotamap/rotamap/rules/register"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/cache"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// scanOptions are the flags of everything that scans.
type scanOptions struct {
	out             string
	now             string
	rules           string
	imports         []string
	allowIncomplete bool
	mails           bool
	judged          bool // the findings of the scan are held against the register
	noCache         bool
	cacheReadOnly   bool
	flags           *pflag.FlagSet
	read            source.Options
	key             keyOptions
	gitleaks        gitleaksOptions
}

func (a *app) scanCommand() *cobra.Command {
	var o scanOptions
	var e encryption
	c := &cobra.Command{
		Use:   "scan SOURCE...",
		Short: "Sweep repositories, folders and exports, and write the asset map",
		Long: "Sweep repositories, folders and exports, and write the asset map.\n\n" +
			"A SOURCE is a git repository, a folder, a file, an archive, or - for standard input. NAME=SOURCE gives it\n" +
			"an id of its own. Several sources make one map, and join where they refer to each other.",
		Example: "  rotamap scan .\n  rotamap scan ../shop ../infra exports/n8n.zip -o acme.json",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError("scan needs a SOURCE\nhint: rotamap scan .")
			}
			return a.scan(c.Context(), args, o, e)
		},
	}
	c.Flags().StringVarP(&o.out, "output", "o", defaultMap, "where to write the map; - is standard output")
	o.addTo(c)
	e.addTo(c.Flags())
	return c
}

// addTo adds the flags that say what is read and with which key.
func (o *scanOptions) addTo(c *cobra.Command) {
	f := c.Flags()
	o.flags = f
	f.BoolVar(&o.read.NoHistory, "no-history", false, "leave out the history of git repositories")
	f.BoolVar(&o.read.NoArchives, "no-archives", false, "leave out what is inside archives")
	f.BoolVar(&o.read.NoBinary, "no-binary", false, "leave out the text in binary files")
	f.BoolVar(&o.read.NoUnreachable, "no-unreachable", false, "leave out objects that no ref reaches")
	f.BoolVar(&o.read.NoPrune, "no-prune", false, "read dependency folders too")
	f.BoolVar(&o.noCache, "no-cache", false, "neither use nor keep what earlier scans learned")
	f.BoolVar(&o.cacheReadOnly, "cache-readonly", false, "use what earlier scans learned, but write nothing (for CI)")
	f.Int64Var(&o.read.MaxFile, "max-file", 0, "largest file to read, in bytes (default 64 MiB)")
	f.IntVar(&o.read.MaxDepth, "max-archive-depth", 0, "archives inside archives to read (default 4)")
	f.Int64Var(&o.read.MaxUnpacked, "max-unpacked", 0, "bytes to read of one archive, unpacked (default 1 GiB)")
	f.StringVar(&o.rules, "rules", "", "a .gitleaks.toml with rules of your own")
	o.gitleaks.addTo(f)
	f.StringArrayVar(&o.imports, "import", nil, "a names listing or a report of another scanner, `[SCOPE=]FILE`; may be repeated")
	f.StringVar(&o.now, "now", "", "time of the scan for sources without commits, RFC 3339")
	f.BoolVar(&o.mails, "with-mails", false, "keep mail addresses of owners in the map")
	f.BoolVar(&o.allowIncomplete, "allow-incomplete", false, "exit 0 although something could not be read")
	o.key.addTo(c)
	f.StringVar(&o.key.previous, "previous-key", "", "key `FILE` before this one: values give their old fingerprints too, for one scan after a change of keys")
}

func (a *app) scan(ctx context.Context, args []string, o scanOptions, e encryption) error {
	var m inventory.Map
	write, err := e.wrap(func(w io.Writer) error { return m.Encode(w) }) // before the work: a key that is none must not cost an hour
	if err != nil {
		return err
	}
	if m, err = a.sweep(ctx, args, o); err != nil {
		return err
	}
	if err := a.output(o.out, 0o600, write); err != nil {
		return err
	}
	if a.quiet { // nobody reads a summary: the facts need not be joined for it
		return a.incomplete(graph.CoverageOf(m), o.allowIncomplete)
	}
	reg, err := a.register()
	if err != nil {
		return err
	}
	g := load(m, reg)
	if err := a.summary(g, o); err != nil {
		return err
	}
	return a.incomplete(g.Coverage(), o.allowIncomplete)
}

// summary says what the scan found: on standard output, unless the map itself goes there.
func (a *app) summary(g *graph.Graph, o scanOptions) error {
	w := a.stdout
	if o.out == "-" {
		w = a.stderr
	}
	var ro reports.Options
	if o.out != defaultMap && o.out != "-" {
		ro.Map = o.out
	}
	d := reports.New(g, ro)
	return reports.WriteSummary(w, &d, widthOf(w), colour(w))
}

// sweep scans the sources that the arguments name.
func (a *app) sweep(ctx context.Context, args []string, o scanOptions) (inventory.Map, error) {
	reg, err := a.register()
	if err != nil {
		return inventory.Map{}, err
	}
	var rules []byte
	if o.rules != "" {
		if rules, err = readRules(o.rules); err != nil {
			return inventory.Map{}, err
		}
	}
	key, notice, err := o.key.load(reg)
	if err != nil {
		return inventory.Map{}, err
	}
	if o.judged && notice != "" {
		notice = "rotamap: no key given: what the register does not name by slot counts as untracked\nhint: rotamap init writes a key, --key-file names one, --base REV needs none"
	}
	if notice != "" && !a.quiet {
		fmt.Fprintln(a.stderr, notice)
	}
	if key, err = o.key.after(key); err != nil {
		return inventory.Map{}, err
	}
	return a.sweepWith(ctx, args, o, reg, key, rules)
}

// sweepWith scans with a register, a key and detection rules that are read already.
func (a *app) sweepWith(ctx context.Context, args []string, o scanOptions, reg *register.Register, key fingerprint.Key, rules []byte) (inventory.Map, error) {
	opts := scanner.Options{Read: o.read, Mails: o.mails, Exclude: excluder(reg.Scan.Exclude), Key: key}
	o.fill(&opts.Read, reg.Scan)
	opts.Read.Stdin = a.stdin
	opts.Detect.Gitleaks = string(rules)
	for _, arg := range args {
		opts.Sources = append(opts.Sources, source.ParseSpec(arg))
	}
	if err := o.gitleaks.read(&opts.Detect, o.rules, opts.Sources); err != nil {
		return inventory.Map{}, err
	}
	for _, arg := range o.imports {
		opts.Imports = append(opts.Imports, source.ParseSpec(arg))
	}
	if o.now != "" {
		t, err := time.Parse(time.RFC3339, o.now)
		if err != nil {
			return inventory.Map{}, usageError("--now %q is no time\nhint: write it as 2026-11-23T08:00:00Z", o.now)
		}
		opts.Now = t
	}
	var err error
	if opts.Cache, err = a.cache(o); err != nil && !a.quiet {
		fmt.Fprintf(a.stderr, "rotamap: scanning without a cache: %v\n", err)
	}
	bar := a.progress()
	opts.Read.Progress = bar.update
	m, outcome, err := scanner.Scan(ctx, opts)
	bar.done()
	opts.Cache.Prune(time.Now())
	if outcome.CacheErr != nil && !a.quiet {
		fmt.Fprintf(a.stderr, "rotamap: what was learned was not kept: %v\n", outcome.CacheErr)
	}
	if err == nil && outcome.Leaks > 0 {
		fmt.Fprintf(a.stderr, "rotamap: %d strings of the map held a secret and were replaced by its fingerprint; please report this defect\n", outcome.Leaks)
	}
	return m, err
}

// cache opens the cache in the user's own cache folder; nil when there is to be none.
func (a *app) cache(o scanOptions) (*cache.Cache, error) {
	if o.noCache {
		return nil, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	build, err := cache.Build()
	if err != nil {
		return nil, err
	}
	return cache.Open(filepath.Join(dir, "rotamap"), build, o.cacheReadOnly)
}

// progress is a bar on standard error that shows only on a terminal, and only for work over a second.
type progress struct {
	out   io.Writer
	start time.Time
	bar   *progressbar.ProgressBar
}

func (a *app) progress() *progress {
	if _, ok := terminal(a.stderr); !ok || a.quiet {
		return &progress{}
	}
	return &progress{out: a.stderr, start: time.Now()}
}

func (p *progress) update(done, total int64) {
	if p.out == nil || time.Since(p.start) < time.Second {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(p.out), progressbar.OptionShowBytes(true),
			progressbar.OptionSetDescription("scanning"), progressbar.OptionSetWidth(24),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	}
	p.bar.ChangeMax64(total)
	_ = p.bar.Set64(done)
}

func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}

// keyOptions say where the key of the fingerprints comes from.
type keyOptions struct{ file, previous string }

func (k *keyOptions) addTo(c *cobra.Command) {
	c.Flags().StringVar(&k.file, "key-file", "", "key of the fingerprints: 64 hex digits and a newline, mode 0600")
}

// after makes a key the successor of the one that --previous-key names.
func (k *keyOptions) after(key fingerprint.Key) (fingerprint.Key, error) {
	if k.previous == "" {
		return key, nil
	}
	previous, err := fingerprint.LoadKeyFile(k.previous)
	if err != nil {
		return key, fmt.Errorf("--previous-key: %w", err)
	}
	if previous.ID() == key.ID() {
		return key, usageError("--previous-key names the key that this scan uses\nhint: it is the one from before")
	}
	return key.After(previous), nil
}

// load returns the key: --key-file, ROTAMAP_KEY, ROTAMAP_PASSPHRASE with the salt of the register, the key that init
// wrote, else a random one that lasts for this run, with the notice that says so.
func (k *keyOptions) load(reg *register.Register) (fingerprint.Key, string, error) {
	if k.file != "" {
		key, err := fingerprint.LoadKeyFile(k.file)
		return key, "", err
	}
	if text := os.Getenv("ROTAMAP_KEY"); text != "" {
		key, err := fingerprint.ParseKey(text)
		if err != nil {
			return key, "", fmt.Errorf("reading ROTAMAP_KEY: %w", err)
		}
		return key, "", nil
	}
	if text := os.Getenv("ROTAMAP_PASSPHRASE"); text != "" {
		key, err := fromPassphrase(text, reg.Fingerprint)
		return key, "", err
	}
	if path, err := defaultKeyFile(); err == nil {
		if _, err := os.Stat(path); err == nil {
			key, err := fingerprint.LoadKeyFile(path)
			return key, "", err
		}
	}
	key, err := fingerprint.RandomKey()
	return key, "rotamap: no key given: fingerprints are valid inside this map only\nhint: rotamap init writes a key, --key-file names one", err
}

// fromPassphrase derives the key of a team that shares a passphrase. Salt and cost stand in the register: without
// them the same passphrase would give another key on every machine.
func fromPassphrase(text string, f register.Fingerprint) (fingerprint.Key, error) {
	salt, err := hex.DecodeString(f.Salt)
	if err != nil || len(salt) == 0 {
		return fingerprint.Key{}, errors.New("ROTAMAP_PASSPHRASE is set, but rotamap.toml has no [fingerprint] salt\n" +
			"hint: add [fingerprint] with salt = 32 hex digits, time = 3, memory = 65536, threads = 4")
	}
	p := fingerprint.Params{Time: uint32(f.Time), MemoryKiB: uint32(f.Memory), Threads: uint8(f.Threads)}
	return fingerprint.FromPassphrase(text, salt, p)
}

// fill takes from the configuration what no flag says.
func (o *scanOptions) fill(r *source.Options, c register.Scan) {
	given := func(flag string) bool { return o.flags != nil && o.flags.Changed(flag) }
	if c.History != nil && !given("no-history") {
		r.NoHistory = !*c.History
	}
	if c.Archives != nil && !given("no-archives") {
		r.NoArchives = !*c.Archives
	}
	if c.Dependencies != nil && !given("no-prune") {
		r.NoPrune = *c.Dependencies
	}
}

// excluder reports which paths the configuration leaves out.
func excluder(globs []string) func(string) bool {
	if len(globs) == 0 {
		return nil
	}
	return func(path string) bool {
		return slices.ContainsFunc(globs, func(g string) bool { return register.Glob(g, path) })
	}
}
