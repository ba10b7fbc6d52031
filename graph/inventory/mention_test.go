package inventory_test

import (
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

func TestNameKey(t *testing.T) {
	for name, want := range map[string]string{
		"STRIPE_API_KEY": "stripeapikey", "stripe-api-key": "stripeapikey", "stripeApiKey": "stripeapikey",
		"DATABASE_URL": "DATABASE_URL", "API_KEY": "API_KEY", // plain names are found as they are
		"apiKey": "", "apikey": "", "api_key": "", "client-secret": "", "clientSecret": "", "databaseUrl": "",
		"APIKey": "", "userPassword1": "", // capitals in a row are one word; a number is none
		"GH_PAT":       "", // too short
		"MESHPASSWORD": "meshpassword",
	} {
		if got := inventory.NameKey(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestNamesOf(t *testing.T) {
	slot := func(store, name, key string) inventory.Node {
		n := inventory.Node{Kind: inventory.Slot, Name: name, Attrs: []inventory.Attr{{Key: inventory.AttrStore, Value: store}}}
		if key != "" {
			n.Name += "#" + key
			n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrKeyName, Value: key})
		}
		return n
	}
	for want, n := range map[string]inventory.Node{
		"STRIPE_KEY":      slot("gh", "STRIPE_KEY", ""),
		"stripe-live":     slot("k8s", "stripe-live", "password"), // the key says nothing, the entry does
		"CypressSecret":   slot("property", "Tests:CypressSecret", ""),
		"dvla_password":   slot("aws-ssm", "notify/api/dvla_password", ""),
		"SHOP_PASSWORD":   slot("inline", "app/config.py", "env.SHOP_PASSWORD~2"),
		"":                slot("inline", "app/shop_config.py", "licenseKey"), // any name in a program
		"MY_STRIPE_TOKEN": {Kind: inventory.Binding, Name: "MY_STRIPE_TOKEN"},
	} {
		got := ""
		if names := inventory.NamesOf(&n); len(names) > 0 {
			got = names[0]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", n.Name, got, want)
		}
	}
}
