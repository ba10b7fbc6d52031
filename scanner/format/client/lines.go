package client

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// kind is how the text of a client's file is read.
type kind uint8

const (
	equals kind = iota // key = value below [sections]
	colons             // key: value
	yaml               // a tree of YAML or JSON
	markup             // XML elements with attributes key and value
)

// files names the files of client programs, by the end of their path in lower case. Sources: the documentation of each.
var packageFiles = map[string]kind{
	".npmrc": equals, ".yarnrc": colons, ".yarnrc.yml": yaml, "bunfig.toml": equals, // docs.npmjs.com, yarnpkg.com
	"pip.conf": equals, "pip.ini": equals, ".pypirc": equals, "uv.toml": equals, // pip.pypa.io, packaging.python.org
	"nuget.config":   markup,                         // learn.microsoft.com/nuget
	"auth.json":      yaml,                           // getcomposer.org/doc/articles/authentication
	".bundle/config": yaml, ".gem/credentials": yaml, // bundler.io, guides.rubygems.org
	".cargo/credentials.toml": equals, ".cargo/credentials": equals, ".cargo/config.toml": equals, // doc.rust-lang.org/cargo
	"helm/repositories.yaml": yaml, // helm.sh
}

var cloudFiles = map[string]kind{
	".aws/credentials": equals, ".aws/config": equals, "aws/credentials": equals, "aws/config": equals,
	"application_default_credentials.json": yaml, "service-account.json": yaml, "serviceaccount.json": yaml, "service_account.json": yaml,
	".azure/credentials": equals, "accesstokens.json": yaml,
	".terraformrc": equals, "terraform.rc": equals, "credentials.tfrc.json": yaml,
	"rclone.conf": equals, ".s3cfg": equals, "doctl/config.yaml": yaml, ".boto": equals, ".databrickscfg": equals,
	"gh/hosts.yml": yaml, "glab-cli/config.yml": yaml, ".ovh.conf": equals, ".fly/config.yml": yaml,
	"snowsql/config": equals, ".dbt/profiles.yml": yaml,
}

// kindOf returns how a file of a table is read.
func kindOf(table map[string]kind, p string) (kind, bool) {
	p = "/" + strings.ToLower(p)
	words := strings.Split(p, "/")
	if k, ok := table[words[len(words)-1]]; ok {
		return k, true
	}
	if len(words) > 2 {
		k, ok := table[strings.Join(words[len(words)-2:], "/")]
		return k, ok
	}
	return 0, false
}

// Packages is the row of package managers' files.
func Packages() artifact.Format {
	return row("package-client", "Settings of package managers", "https://docs.npmjs.com/cli/configuring-npm/npmrc", packageFiles)
}

// Clouds is the row of the files of cloud command lines.
func Clouds() artifact.Format {
	return row("cloud-client", "Credential files of cloud command lines", "https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html", cloudFiles)
}

func row(id, title, doc string, table map[string]kind) artifact.Format {
	return artifact.Format{ID: id, Title: title, Doc: doc,
		Match: func(a *artifact.Artifact) bool { _, ok := kindOf(table, a.Path); return ok },
		Parse: func(a *artifact.Artifact, f *artifact.Facts) error {
			k, _ := kindOf(table, a.Path)
			return open(f).read(k)
		}}
}

func (c *file) read(k kind) error {
	switch k {
	case equals:
		c.assignments(lines(c.Artifact, "="))
	case colons:
		c.assignments(lines(c.Artifact, " "))
	case markup:
		return c.nuget()
	case yaml:
		return c.tree()
	}
	return nil
}
