package gitlabci

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// tokens reads id_tokens: identities that GitLab states for one job, with nothing to rotate behind them.
func (f *file) tokens(s *pipeline.Scope, own pipeline.Level, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		at := artifact.AtPair(pair, p)
		b := s.Declare(own, s.Part, pair.Key, "gitlab-id-token", at)
		id := f.Node(inventory.Identity, "identity:gitlab/"+f.Repo, f.Repo, at)
		f.Edge(inventory.BoundFrom, b, id, "gitlab-id-token", inventory.Certain, at)
	})
}

// secrets reads secrets: entries of a store that the runner fetches. They are files unless the entry says else.
func (f *file) secrets(s *pipeline.Scope, own pipeline.Level, job *tree.Node, p tree.Path) {
	f.Entries(job.Get("secrets"), p, func(pair tree.Pair, p tree.Path) {
		at := artifact.AtPair(pair, p)
		r, ok := f.entry(pair.Value, job)
		if !ok {
			return
		}
		b := s.Fetched(own, s.Part, pair.Key, f.Entry(r, at), "gitlab-secrets", at)
		if pair.Value.Get("file").Str() != "false" {
			f.Attr(b, inventory.AttrAs, "file", "the variable holds the path", at)
		}
		if token := strings.TrimPrefix(pair.Value.Get("token").Str(), "$"); token != "" {
			if id := s.Visible(token); id != "" {
				f.Edge(inventory.Reads, s.Part, id, "gitlab-secrets", inventory.Certain, at)
			}
		}
	})
}

// entry returns the entry of a store that one secret names.
func (f *file) entry(n, job *tree.Node) (inventory.SlotRef, bool) {
	for _, pair := range n.Entries() {
		v := pair.Value
		switch pair.Key {
		case "vault":
			return f.vault(v, job), v.Str() != "" || v.Get("path").Str() != ""
		case "gcp_secret_manager":
			project := f.constant(job, "GCP_PROJECT_NUMBER", "GCP_PROJECT_ID")
			return inventory.SlotRef{Store: "gcp-sm", Scope: project, Name: v.Get("name").Str()}, v.Get("name").Str() != ""
		case "azure_key_vault":
			_, host, _ := strings.Cut(f.constant(job, "AZURE_KEY_VAULT_SERVER_URL"), "://")
			vault, _, _ := strings.Cut(host, ".")
			if vault == "" {
				vault = "*"
			}
			return inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(vault), Name: strings.ToLower(v.Get("name").Str())}, v.Get("name").Str() != ""
		case "aws_secrets_manager":
			return awsEntry(v)
		}
	}
	return inventory.SlotRef{}, false
}

// vault reads path/field@engine, or its long form. Without an engine it is kv-v2.
func (f *file) vault(n, job *tree.Node) inventory.SlotRef {
	path, field, engine := n.Get("path").Str(), n.Get("field").Str(), n.Get("engine", "path").Str()
	if short := n.Str(); short != "" {
		short, engine, _ = strings.Cut(short, "@")
		if i := strings.LastIndexByte(short, '/'); i >= 0 {
			path, field = short[:i], short[i+1:]
		} else {
			path = short
		}
	}
	if engine == "" {
		engine = "kv-v2"
	}
	_, address, _ := strings.Cut(f.constant(job, "VAULT_SERVER_URL", "VAULT_ADDR"), "://")
	address, _, _ = strings.Cut(address, "/")
	return detect.VaultSlot(address, engine+"/"+path, field)
}

func awsEntry(n *tree.Node) (inventory.SlotRef, bool) {
	name, key := n.Str(), n.Get("field").Str()
	if id := n.Get("secret_id").Str(); id != "" {
		name = id
	} else if before, field, ok := strings.Cut(name, "#"); ok {
		name, key = before, field
	}
	if found := detect.StoreReferences(name); len(found) > 0 {
		r := found[0].Slot
		r.Key = key
		return r, true
	}
	region := n.Get("region").Str()
	if region == "" {
		region = "*"
	}
	return inventory.SlotRef{Store: "aws-sm", Scope: "*/" + region, Name: name, Key: key}, name != ""
}

// constant returns the literal value of the first variable that the job or the file declares, "*" for none.
func (f *file) constant(job *tree.Node, names ...string) string {
	for _, name := range names {
		for _, n := range []*tree.Node{job.Get("variables", name), f.root.Get("variables", name)} {
			if v := n.Str(); v != "" && !strings.Contains(v, "$") {
				return v
			}
		}
	}
	return "*"
}
