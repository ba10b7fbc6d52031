package reports

import (
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph"
)

// TestDistinct: of names that are paths the ends tell the credentials apart, and one name of several credentials does not.
func TestDistinct(t *testing.T) {
	one := func(id, name string) Credential { return Credential{Credential: graph.Credential{ID: id, Name: name}} }
	path, plain, twice := one("a", "shop/production/secrets/DB_PASSWORD"), one("b", "MAIL_TOKEN"), one("gh:acme/shop/TOKEN", "TOKEN")
	d := &Document{Credentials: []Credential{path, plain, twice, one("gh:acme/web/TOKEN", "TOKEN")}}
	for _, x := range []struct {
		c    Credential
		want string
	}{{path, "DB_PASSWORD"}, {plain, "MAIL_TOKEN"}, {twice, "shop/TOKEN"}} {
		if got := d.distinct(x.c, 14); !strings.HasSuffix(got, x.want) {
			t.Errorf("%s is written as %q", x.c.Name, got)
		}
	}
}
