package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/spf13/pflag"

	"github.com/rotamap/rotamap/graph/inventory"
)

// encryption says for whom a result is encrypted with age; for nobody by default.
type encryption struct{ to []string }

func (e *encryption) addTo(f *pflag.FlagSet) {
	f.StringArrayVar(&e.to, "encrypt-to", nil, "encrypt what is written with age, for a public `KEY` (age1...) or a file of them; may be repeated")
}

// wrap returns the writing of a result as it is to be stored. Nothing reaches the file in the clear.
func (e *encryption) wrap(write func(io.Writer) error) (func(io.Writer) error, error) {
	var all []age.Recipient
	for _, to := range e.to {
		some, err := recipients(to)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return write, nil
	}
	return func(w io.Writer) error {
		sealed, err := age.Encrypt(w, all...)
		if err != nil {
			return fmt.Errorf("encrypting: %w", err)
		}
		return errors.Join(write(sealed), sealed.Close())
	}, nil
}

// recipients reads a public key, or a file with one on each line.
func recipients(to string) ([]age.Recipient, error) {
	if strings.HasPrefix(to, "AGE-SECRET-KEY-") || strings.HasPrefix(to, "AGE-PLUGIN-") {
		return nil, usageError("--encrypt-to takes a public key, this is the private one\nhint: the public one begins with age1; age-keygen -y prints it")
	}
	text := io.Reader(strings.NewReader(to))
	if !strings.HasPrefix(to, "age1") {
		f, err := os.Open(to)
		if err != nil {
			return nil, usageError("--encrypt-to %q is neither a public key of age (age1...) nor a file that can be read\nhint: age-keygen -o key.txt makes a key and prints its public half", to)
		}
		defer f.Close()
		text = f
	}
	all, err := age.ParseRecipients(text)
	if err != nil {
		return nil, usageError("--encrypt-to %q holds no public key of age: a line of it is none\nhint: each line is one key: age1...", to)
	}
	return all, nil
}

// How an encrypted file begins: as age writes it, and in its form for text.
const (
	sealedStart  = "age-encryption.org/v1"
	armoredStart = armor.Header
)

// decodeMap reads a map, encrypted or not.
func (a *app) decodeMap(r io.Reader) (inventory.Map, error) {
	b := bufio.NewReader(r)
	start, _ := b.Peek(len(armoredStart))
	var sealed io.Reader = b
	switch {
	case bytes.HasPrefix(start, []byte(armoredStart)):
		sealed = armor.NewReader(b)
	case !bytes.HasPrefix(start, []byte(sealedStart)):
		return inventory.Decode(b)
	}
	keys, err := a.identities()
	if err != nil {
		return inventory.Map{}, err
	}
	plain, err := age.Decrypt(sealed, keys...)
	var none *age.NoIdentityMatchError
	if errors.As(err, &none) {
		return inventory.Map{}, &sealedError{"no key in " + a.identityFile() + " opens it"}
	}
	if err != nil {
		return inventory.Map{}, &sealedError{"it is damaged"}
	}
	return inventory.Decode(plain)
}

// sealedError says why an encrypted map cannot be read.
type sealedError struct{ why string }

func (e *sealedError) Error() string { return "reading the encrypted map: " + e.why }

// identityFile is the file of the private keys: --identity, else ROTAMAP_IDENTITY.
func (a *app) identityFile() string {
	if a.identity != "" {
		return a.identity
	}
	return os.Getenv("ROTAMAP_IDENTITY")
}

// identities reads the private keys. Errors never quote them.
func (a *app) identities() ([]age.Identity, error) {
	path := a.identityFile()
	if path == "" {
		return nil, &sealedError{"no key is given\nhint: --identity FILE, or ROTAMAP_IDENTITY=FILE, names the private key of age"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the identity: %w", err)
	}
	defer f.Close()
	keys, err := age.ParseIdentities(f)
	if err != nil {
		return nil, &sealedError{fmt.Sprintf("%q holds no private key of age\nhint: age-keygen -o key.txt makes one", path)}
	}
	return keys, nil
}
