package nodered

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"path"
	"sort"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// parseCredentials reads what the nodes log in with. Encrypted values are read when the key lies in the same
// folder: then anyone who has the folder has them too.
func parseCredentials(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isCredentials)
	for _, o := range objects {
		c := o.Node.Get("$")
		if c == nil {
			for _, node := range o.Node.Entries() {
				fields(f, node, o.Path, "")
			}
			continue
		}
		if c.Str() == "" {
			continue
		}
		nodes, open := decrypted(a, c)
		if !open {
			f.Skip("encrypted credentials whose key is not in the folder")
			continue
		}
		for _, node := range nodes.Entries() {
			fields(f, node, o.Path.Key("$"), "node-red")
		}
	}
	return err
}

// loginFields are the names of fields that nodes log in with. Any other may be a variable of a tab, which flows ask for
// by that name.
var loginFields = map[string]bool{
	"password": true, "pass": true, "passphrase": true, "token": true, "accesstoken": true, "access_token": true, "apikey": true,
	"api_key": true, "apiKey": true, "secret": true, "secretaccesskey": true, "keydata": true,
}

// userFields name who logs in.
var userFields = map[string]bool{"user": true, "username": true, "clientid": true}

// fields reads the credentials of one node: each text is one, except the name of the user. A single one that nodes log in
// with is the login of the node itself; others stand below it. Where none is, they are variables of a tab or a sub-flow.
func fields(f *artifact.Facts, node tree.Pair, p tree.Path, encoding string) {
	found := secretFields(node, p)
	whole := ""
	for _, s := range found {
		if whole == "" && loginFields[s.name] {
			at := artifact.AtPair(node, p.Key(node.Key))
			whole = f.Slot(slot(f.Artifact, node.Key, ""), at)
			f.Defined(whole, inventory.DefinedInScan, at)
		}
	}
	for _, s := range found {
		id := whole
		if len(found) > 1 || whole == "" {
			id = f.Slot(slot(f.Artifact, node.Key, s.name), s.place)
			f.Defined(id, inventory.DefinedInScan, s.place)
		}
		if id != whole && whole != "" {
			f.Refs--
			f.Edge(inventory.CopiesFrom, whole, id, "node-red-credential", inventory.Certain, s.place)
		}
		f.AddLiteral(artifact.Literal{
			Slot: id, Name: s.name, Secret: artifact.Seal(s.value.Str()), Place: s.place, Sure: true, Encoding: encoding,
		})
	}
}

// secretField is a value that a node logs in with.
type secretField struct {
	name  string
	value *tree.Node
	place artifact.Place
}

func secretFields(node tree.Pair, p tree.Path) []secretField {
	var out []secretField
	node.Value.Walk(p.Key(node.Key), func(q tree.Path, n *tree.Node) bool {
		if n.Kind != tree.Scalar || n.Str() == "" {
			return true
		}
		if name := export.LastKey(q, ""); !userFields[name] {
			out = append(out, secretField{name, n, artifact.At(n, q)})
		}
		return true
	})
	return out
}

// decrypted opens the credentials with a key from the same folder.
func decrypted(a *artifact.Artifact, c *tree.Node) (*tree.Node, bool) {
	for _, key := range keys(a) {
		plain, err := decrypt(c.Str(), key)
		if err != nil {
			continue
		}
		if n := export.Inner(a, &tree.Node{Tag: "!!str", Value: string(plain), Line: c.Line, Column: c.Column}); n.IsMap() {
			return n, true
		}
	}
	return nil, false
}

// decrypt undoes what the runtime does: AES-256-CTR under the SHA-256 of the secret, behind a hexadecimal
// initial vector.
func decrypt(text, secret string) ([]byte, error) {
	if len(text) < 32 {
		return nil, errors.New("too short")
	}
	iv, err := hex.DecodeString(text[:32])
	if err != nil {
		return nil, errors.New("no initial vector")
	}
	data, err := base64.StdEncoding.DecodeString(text[32:])
	if err != nil {
		return nil, errors.New("no base64")
	}
	key := sha256.Sum256([]byte(secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	cipher.NewCTR(block, iv).XORKeyStream(data, data)
	return data, nil
}

// keys returns the secrets that the settings in the same folder hold.
func keys(a *artifact.Artifact) []string {
	var paths []string
	for p := range a.Siblings {
		if base := path.Base(p); base == "settings.js" || base == ".config.runtime.json" {
			paths = append(paths, p)
		}
	}
	sort.Strings(paths)
	var out []string
	for _, p := range paths {
		s := a.Siblings[p]
		if s.LooksLikeJSON() {
			for _, d := range s.Documents() {
				out = append(out, d.Root.Get("_credentialSecret").Str())
			}
			continue
		}
		for _, m := range setting.FindAllSubmatch(s.Content, -1) {
			if string(m[1]) == "credentialSecret" {
				out = append(out, string(m[2]))
			}
		}
	}
	return out
}
