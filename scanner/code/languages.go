package code

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
)

// languages are those read by rows. Shell, make and Go have readers of their own.
var languages = map[string]*language{
	"javascript": {id: "js", syntax: scriptSyntax, rows: scriptRows, extra: []func(*scan){processEnv, schemas, scriptImportsEnv, nuxt, convict}, asks: scriptMarks, uses: scriptUses, naming: scriptNaming},
	"typescript": {id: "js", syntax: scriptSyntax, rows: scriptRows, extra: []func(*scan){processEnv, schemas, scriptImportsEnv, nuxt, convict}, asks: scriptMarks, uses: scriptUses, naming: scriptNaming},
	"python":     {id: "py", syntax: pythonSyntax, rows: pythonRows, extra: []func(*scan){environWhole, environAlias, pydantic, djangoValues}, asks: pythonMarks, uses: pythonUses, naming: pythonNaming},
	"java":       {id: "java", syntax: javaSyntax, rows: javaRows, extra: []func(*scan){spring}, marks: springMarks, asks: jvmMarks, uses: jvmUses},
	"kotlin":     {id: "java", syntax: kotlinSyntax, rows: javaRows, extra: []func(*scan){spring}, marks: springMarks, asks: jvmMarks, uses: jvmUses},
	"groovy":     {id: "java", syntax: groovySyntax, rows: javaRows, extra: []func(*scan){spring}, marks: springMarks},
	"scala":      {id: "java", syntax: javaSyntax, rows: javaRows, extra: []func(*scan){spring}, marks: springMarks},
	"csharp":     {id: "cs", syntax: sharpSyntax, rows: sharpRows, extra: []func(*scan){sections, options, optionFields}, marks: dotnetMarks},
	"ruby":       {id: "rb", syntax: rubySyntax, rows: rubyRows, asks: rubyMarks, uses: rubyUses, naming: rubyNaming},
	"php":        {id: "php", syntax: phpSyntax, rows: phpRows, extra: []func(*scan){phpServer}, asks: phpMarks, uses: phpUses, naming: phpNaming},
	"rust":       {id: "rust", syntax: rustSyntax, rows: rustRows, extra: []func(*scan){rustFields}, asks: rustMarks, uses: rustUses, naming: rustNaming},
	"elixir":     {id: "ex", syntax: elixirSyntax, rows: elixirRows, asks: elixirMarks, uses: elixirUses, naming: elixirNaming},
	"perl":       {id: "pl", syntax: perlSyntax, rows: perlRows},
	"lua":        {id: "lua", syntax: luaSyntax, rows: luaRows},
	"r":          {id: "r", syntax: hashSyntax, rows: rRows},
	"dart":       {id: "dart", syntax: dartSyntax, rows: dartRows},
	"swift":      {id: "swift", syntax: swiftSyntax, rows: swiftRows},
	"c":          {id: "c", syntax: cSyntax, rows: cRows},
	"goreleaser": {id: "goreleaser", syntax: hashSyntax, extra: []func(*scan){templateEnv}, marks: []string{".Env.", "env://"}},
	"clojure":    {id: "clj", syntax: lispSyntax, rows: clojureRows},
}

// Texts one of which stands in every file that asks for settings.
var (
	scriptMarks = []string{"onfig", "onstants", "ettings", "_KEY", "_SECRET", "_TOKEN", "_PASSWORD"}
	pythonMarks = []string{"ettings", "onfig", "onstants", "_KEY", "_SECRET", "_TOKEN", "_PASSWORD"}
	rubyMarks   = []string{"Rails.", "Settings"}
	phpMarks    = []string{"onfig", "getParameter", "Autowire", "Key,", "Key)", "oken", "assword", "Dsn"}
	jvmMarks    = []string{"onfig.", "roperties.get", "ettings."}
	elixirMarks = []string{"Application.", "otp_app:"}
)

// ignored reports whether a variable is supplied by the platform.
func ignored(name string) bool { return detect.Ignored(name) }

// Shorthands for the tables of rows.
const (
	certain = inventory.Certain
	high    = inventory.High
	medium  = inventory.Medium
	low     = inventory.Low
)

// scriptRows are JavaScript's and TypeScript's. process.env itself is read by processEnv.
var scriptRows = []row{
	{via: "js-deno-env", anchor: "Deno.env.get", shape: call, sure: certain},
	{via: "js-nest-config", anchor: "configService.get", shape: call, sure: medium, upper: true, dotted: true},
	{via: "js-nest-config", anchor: "configService.getOrThrow", shape: call, sure: medium, upper: true, dotted: true},
	{via: "js-nest-config", anchor: "configurationService.get", shape: call, sure: medium, upper: true, dotted: true},
	{via: "js-nest-config", anchor: "configService.getString", shape: call, sure: medium, upper: true, dotted: true},
	{via: "js-nest-config", anchor: "config.get", shape: call, sure: medium, upper: true, dotted: true, need: "ConfigService"},
	{via: "js-nest-config", anchor: "config.getOrThrow", shape: call, sure: medium, upper: true, dotted: true, need: "ConfigService"},
	{via: "js-cypress-env", anchor: "Cypress.env", shape: call, sure: high, prefix: "CYPRESS_"},
	{via: "js-env-helper", anchor: "env", shape: call, sure: medium, upper: true},
	{via: "js-env-helper", anchor: "env.get", shape: call, sure: medium, upper: true},
	{via: "js-convict", anchor: "env:", shape: command, sure: high, upper: true, need: "convict"},
	{via: "js-worker-env", anchor: "c.env", shape: member, sure: medium, upper: true},
	{via: "js-worker-env", anchor: "env", shape: member, sure: medium, upper: true, need: "env: Env"},
	{via: "js-worker-env", anchor: "env", shape: member, sure: medium, upper: true, need: "async fetch("},
	{via: "js-worker-env", anchor: "context.env", shape: member, sure: medium, upper: true},
}

// pythonRows are Python's.
var pythonRows = []row{
	{via: "py-os-getenv", anchor: "os.getenv", shape: call, sure: certain},
	{via: "py-os-environ", anchor: "os.environ", shape: index, sure: certain},
	{via: "py-os-environ", anchor: "os.environ.get", shape: call, sure: certain},
	{via: "py-os-environ", anchor: "os.environ.pop", shape: call, sure: certain},
	{via: "py-os-environ", anchor: "os.environ.setdefault", shape: call, sure: certain},
	{via: "py-os-getenv", anchor: "getenv", shape: call, sure: certain, need: "from os import"},
	{via: "py-os-environ", anchor: "environ", shape: index, sure: certain, need: "from os import"},
	{via: "py-os-environ", anchor: "environ.get", shape: call, sure: certain, need: "from os import"},
	{via: "py-os-environ", anchor: "environ.pop", shape: call, sure: certain, need: "from os import"},
	{via: "py-env", anchor: "env", shape: call, sure: high},
	{via: "py-env", anchor: "env.str", shape: call, sure: high},
	{via: "py-env", anchor: "env.bool", shape: call, sure: high},
	{via: "py-env", anchor: "env.int", shape: call, sure: high},
	{via: "py-env", anchor: "env.list", shape: call, sure: high},
	{via: "py-env", anchor: "env.json", shape: call, sure: high},
	{via: "py-env", anchor: "env.dict", shape: call, sure: high},
	{via: "py-env", anchor: "env.url", shape: call, sure: high},
	{via: "py-env", anchor: "env.db", shape: call, sure: high},
	{via: "py-env", anchor: "env.db_url", shape: call, sure: high},
	{via: "py-env", anchor: "env.cache", shape: call, sure: high},
	{via: "py-env", anchor: "env.cache_url", shape: call, sure: high},
	{via: "py-env", anchor: "env.email_url", shape: call, sure: high},
	{via: "py-env", anchor: "env.get", shape: call, sure: medium, upper: true},
	{via: "py-decouple", anchor: "config", shape: call, sure: high, need: "decouple"},
	{via: "py-starlette", anchor: "config", shape: call, sure: high, need: "starlette.config"},
	{via: "py-click-envvar", anchor: "envvar=", shape: command, sure: high},
	{via: "py-click-envvar", anchor: "envvar=", shape: calls, sure: high},
	{via: "py-environs-flask", anchor: "from_envvar", shape: call, sure: high, dotted: true},
}
