// Package cdk reads which container of a program written with AWS's CDK gets which entry of a secret store under which name. The
// entries themselves, and what else such a program reads, are read as those of any program.
//
// Ids: a container is cdk:<source>/<path>#<construct>; its image is that of the folder or the registry that the program names.
package cdk

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: "cdk", Title: "AWS CDK containers", Doc: "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ecs.Secret.html",
		Match: match, Parse: parse,
	}
}

// match takes programs that hand secrets to containers: the name of the call is the same in all languages but for its spelling.
func match(a *artifact.Artifact) bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".ts", ".js", ".mjs", ".py", ".java", ".kt", ".cs", ".go":
		return a.Has("fromSecretsManager(") || a.Has("from_secrets_manager(") || a.Has("FromSecretsManager(") || a.Has("fromSsmParameter(") ||
			a.Has("from_ssm_parameter(") || a.Has("Secret_FromSecretsManager(")
	}
	return false
}

// What a program says of a secret: how an entry gets a name in the program, and how a container gets it. Source: the API
// reference of the CDK, for aws_secretsmanager.Secret, aws_ssm.StringParameter, aws_ecs.Secret and aws_ecs.ContainerImage.
var (
	// entry: name = Secret.fromSecretNameV2(this, "Id", "prod/db").
	entry = lazy.New(`(?s)(?:\b(?:const|let|var|final|ISecret|IStringParameter)\s+)?(?:this\.|self\.)?(\w+)(?:\s*:\s*[\w.]+)?\s*:?=\s*(?:await\s+)?[\w.]*?\b(?:Secret|StringParameter)[._]` +
		`([fF]rom_?\w+)\(\s*[\w.]+,\s*(?:\w+\s*=\s*)?(?:(?:jsii\.String\()?["'\x60][^"'\x60\n]*["'\x60]\)?|[\w.]+(?:\([^()\n]*\))?)\s*,\s*`)
	// created: name = new Secret(this, "Id", {secretName: "prod/db"}).
	created = lazy.New(`(?s)(?:this\.|self\.)?(\w+)(?:\s*:\s*[\w.]+)?\s*:?=\s*(?:new\s+)?[\w.]*\b(Secret|StringParameter)\(\s*[\w.]+,\s*(?:["'\x60][^"'\x60\n]*["'\x60]|[\w.]+(?:\([^()\n]*\))?)\s*,?`)
	// named is the name of an entry among the properties of its construct.
	named = lazy.New(`(?:secret_?[nN]ame|parameter_?[nN]ame|secretCompleteArn|secret_complete_arn)\s*[:=(]\s*["'\x60]([^"'\x60\n]+)["'\x60]`)
	plain = lazy.New(`^(?:\w+\s*=\s*)?(?:jsii\.String\()?["'\x60]([^"'\x60\n]+)["'\x60]`)
	// use: DB_PASSWORD: ecs.Secret.fromSecretsManager(db, "password").
	use = lazy.New(`(?:["'\x60]?\b([A-Za-z_]\w*)["'\x60]?\]?\s*[:,=]\s*|["'](\w+)["']\s*,\s*)[\w.]*?\b\w*Secret[._](?:from_secrets_manager|[fF]romSecretsManager|from_ssm_parameter|[fF]romSsmParameter)\(\s*` +
		`(?:this\.|self\.)?([\w.]+)(\([^)]{0,300}\))?\s*(?:,\s*(?:field\s*=\s*)?(?:jsii\.String\()?["'\x60]([\w.-]+)["'\x60])?`)
	// host is the construct that the container belongs to: addContainer("web", ...), new FargateService(this, "Web", ...).
	host = lazy.New(`(?:(?:add_container|[aA]ddContainer|AddContainer)\(\s*(?:jsii\.String\()?["'\x60]([\w.-]+)["'\x60]|\b\w*(?:Service|Task|TaskDefinition|Job)\(\s*(?:this|self|scope|stack)\s*,\s*["'\x60]([\w.-]+)["'\x60])`)
	// asset: name = new DockerImageAsset(this, "Id", {directory: "../app"}), which a container takes by its name.
	asset     = lazy.New(`(?:this\.|self\.)?(\w+)(?:\s*:\s*[\w.]+)?\s*:?=\s*(?:new\s+)?[\w.]*\bDockerImageAsset\(`)
	directory = lazy.New(`\bdirectory["']?\s*[:=]\s*(?:[\w.]+\(\s*[\w.]+\s*,\s*)?["'\x60]([^"'\x60\n]+)["'\x60]`)
	byAsset   = lazy.New(`ContainerImage[._](?:from_docker_image_asset|[fF]romDockerImageAsset)\(\s*(?:this\.|self\.)?(\w+)`)
	// image: ContainerImage.fromAsset("../app"), fromRegistry("ghcr.io/acme/api").
	image = lazy.New(`ContainerImage[._](from_asset|[fF]romAsset|from_registry|[fF]romRegistry)\(\s*(?:[\w.]+\(\s*[\w.]+\s*,\s*)?(?:jsii\.String\()?["'\x60]([^"'\x60\n]+)["'\x60]`)
)

// maxUses bounds the secrets of one file.
const maxUses = 500

// file is one program while it is read.
type file struct {
	*artifact.Facts
	text    []byte
	entries map[string]said // by the name of the variable
	parts   map[int]string  // containers by the place of their construct
}

// said is an entry that the program names, and where.
type said struct {
	slot inventory.SlotRef
	at   int
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	x := &file{Facts: f, text: a.Content, entries: map[string]said{}, parts: map[int]string{}}
	for _, m := range entry.FindAllSubmatchIndex(x.text, maxUses) {
		if !x.commented(m[0]) {
			x.named(string(x.text[m[2]:m[3]]), string(x.text[m[4]:m[5]]), x.within(m[1]), m[1])
		}
	}
	for _, m := range created.FindAllSubmatchIndex(x.text, maxUses) {
		if n := named.FindStringSubmatch(x.within(m[1])); n != nil && !x.commented(m[0]) {
			x.entries[string(x.text[m[2]:m[3]])] = said{slotOf(string(x.text[m[4]:m[5]]) == "StringParameter", n[1]), m[0]}
		}
	}
	hosts := host.FindAllSubmatchIndex(x.text, maxUses)
	for _, m := range use.FindAllSubmatchIndex(x.text, maxUses) {
		if !x.commented(m[0]) {
			x.use(m, hosts)
		}
	}
	return nil
}

// commented reports whether a place stands behind a mark of comments on its line.
func (x *file) commented(offset int) bool {
	line := x.text[bytes.LastIndexByte(x.text[:offset], '\n')+1 : offset]
	line = bytes.TrimSpace(line)
	return bytes.HasPrefix(line, []byte("//")) || bytes.HasPrefix(line, []byte("#")) || bytes.HasPrefix(line, []byte("*"))
}

// within returns the rest of a call's arguments from a place on: what stands before the parenthesis that closes it.
func (x *file) within(at int) string {
	depth, text := 0, x.text[at:min(len(x.text), at+600)]
	for i, c := range text {
		switch c {
		case '(', '{', '[':
			depth++
		case ')', '}', ']':
			if depth--; depth < 0 {
				return string(text[:i])
			}
		}
	}
	return string(text)
}

// named notes the entry behind a variable.
func (x *file) named(variable, call, arguments string, at int) {
	m := plain.FindStringSubmatch(arguments)
	if m == nil {
		m = named.FindStringSubmatch(arguments)
	}
	if m != nil {
		x.entries[variable] = said{slotOf(strings.Contains(strings.ToLower(call), "parameter"), m[1]), at}
	}
}

func slotOf(parameter bool, name string) inventory.SlotRef {
	if parameter {
		return inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(name, "/")}
	}
	r := inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: name}
	if p := strings.SplitN(name, ":", 7); len(p) == 7 && p[0] == "arn" {
		r.Scope = p[4] + "/" + p[3]
		r.Name = p[6]
		if i := len(r.Name) - 7; i > 0 && r.Name[i] == '-' {
			r.Name = r.Name[:i]
		}
	}
	return r
}

// use reads one variable of a container. A secret whose entry the program does not name is one of its own.
func (x *file) use(m []int, hosts [][]int) {
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return string(x.text[m[2*i]:m[2*i+1]])
	}
	name := group(1) + group(2)
	at := x.Artifact.PlaceOf(max(m[2], m[4]))
	at.Pointer = name
	named, ok := x.entries[group(3)]
	r := named.slot
	if group(4) != "" { // looked up in place
		if n := plain.FindStringSubmatch(lastArgument(group(4))); n != nil {
			r, ok = slotOf(strings.Contains(strings.ToLower(group(3)), "parameter"), n[1]), true
		}
	}
	if !ok {
		r = inventory.SlotRef{Store: "cdk", Scope: x.Artifact.Source, Name: x.Artifact.Path, Key: group(3)}
	}
	if key := group(5); key != "" && r.Store == "aws-sm" {
		r.Key = key
	}
	part := x.part(m[0], hosts, at)
	b := container.Env(x.Facts, part, name, "cdk-secret", at)
	to := ""
	if r.Name = container.Computed(r.Name); strings.Contains(r.Name, "*") {
		to = container.Glob(x.Facts, r, at)
	} else {
		to = x.Slot(r, at)
	}
	x.Edge(inventory.BoundFrom, b, to, "cdk-secret", inventory.Certain, at)
	if ok && group(4) == "" {
		x.Edge(inventory.BoundFrom, b, to, "cdk-secret", inventory.Certain, x.Artifact.PlaceOf(named.at))
	}
}

func lastArgument(call string) string {
	call = strings.TrimSuffix(strings.TrimPrefix(call, "("), ")")
	return strings.TrimSpace(call[strings.LastIndexByte(call, ',')+1:])
}

// part returns the container that a use belongs to: that of the construct before it.
func (x *file) part(offset int, hosts [][]int, at artifact.Place) string {
	begin, end, name := 0, len(x.text), "container"
	for i, h := range hosts {
		if h[0] > offset {
			break
		}
		begin = h[0]
		name = string(x.text[max(h[2], h[4]):max(h[3], h[5])])
		if end = len(x.text); i+1 < len(hosts) {
			end = hosts[i+1][0]
		}
	}
	if id := x.parts[begin]; id != "" {
		return id
	}
	place := x.Artifact.PlaceOf(begin)
	whole := x.Automation(name, name, place)
	x.Attr(whole, inventory.AttrNeeds, "redeploy", "", place)
	id := x.Part(whole, "container", name, "container", place)
	x.parts[begin] = id
	if m := byAsset.FindSubmatchIndex(x.text[begin:end]); m != nil {
		if dir := x.assetOf(string(x.text[begin+m[2] : begin+m[3]])); dir != "" {
			x.image(id, "fromAsset", dir, x.Artifact.PlaceOf(begin+m[2]))
		}
	} else if m := image.FindSubmatchIndex(x.text[begin:end]); m != nil {
		x.image(id, string(x.text[begin+m[2]:begin+m[3]]), string(x.text[begin+m[4]:begin+m[5]]), x.Artifact.PlaceOf(begin+m[4]))
	}
	return id
}

// assetOf returns the folder of the image asset that a variable holds, "" when the program does not say it.
func (x *file) assetOf(variable string) string {
	for _, m := range asset.FindAllSubmatchIndex(x.text, maxUses) {
		if string(x.text[m[2]:m[3]]) != variable {
			continue
		}
		if d := directory.FindStringSubmatch(x.within(m[1])); d != nil {
			return d[1]
		}
	}
	return ""
}

// image says what the container runs. The folder of an asset is relative to the file or to the root of the source.
func (x *file) image(part, call, name string, at artifact.Place) {
	if strings.Contains(strings.ToLower(call), "registry") {
		container.Image(x.Facts, part, name, "cdk-image", at)
		return
	}
	dir := path.Join(x.Artifact.Dir(), name)
	if !strings.HasPrefix(name, ".") || strings.HasPrefix(dir, "..") {
		dir = path.Clean(strings.TrimLeft(name, "./"))
	}
	if dir == "." {
		dir = ""
	}
	id := container.Source(x.Facts, part, "cdk", dir, "cdk-asset", at)
	x.Edge(inventory.BuiltFrom, id, inventory.FileID("dockerfile", x.Artifact.Source, path.Join(dir, "Dockerfile")), "cdk-asset", inventory.High, at)
}
