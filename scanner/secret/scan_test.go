package secret

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

func scanOf(t *testing.T, path, text string) []Hit {
	t.Helper()
	return newDetector(t).Scan(&artifact.Artifact{Path: path, Content: []byte(text)})
}

// TestAssigned reads the value of a password in many languages; the secret is PW each time.
func TestAssigned(t *testing.T) {
	pw := detect.Expand("{[a-z0-9]:14:assigned}")
	d := newDetector(t)
	for _, c := range [][2]string{
		{"a.go", `Password: "PW",`}, {"a.go", `password := "PW"`}, {"a.go", `var password string = "PW"`}, {"a.go", `[]byte("x"); secretKey = []byte("PW")`},
		{"a.go", "cfg := `users: [{user: app, password: PW}]`; url := \"?a=1&password=PW&b\""},
		{"a.py", `password="PW"`}, {"a.py", `d["password"] = 'PW'`}, {"a.py", `("password", "PW")`}, {"a.java", `.put("password", "PW")`}, {"a.json", `["password", "PW"]`}, {"a.json", `["run", "--password", "PW"]`}, {"a.py", `password: str = "PW"`},
		{"a.php", `define('DB_PASSWORD', 'PW');`}, {"a.php", `'password' => 'PW'`}, {"a.rb", `:password => "PW"`}, {"a.rb", `password: "PW"`},
		{"a.scala", `password = Some("PW")`}, {"a.java", `setPassword("PW");`}, {"a.cs", `Password = @"PW"`}, {"a.kt", `val password: String = "PW"`},
		{"a.ts", "password: `PW`"}, {"a.js", `if (password === 'PW')`}, {"a.js", `{\"password\":\"PW\"}`},
		{"a.yaml", "password: PW"}, {"a.yaml", "password: 'PW' # comment"}, {"a.yaml", "password: PW # comment"}, {"a.yaml", "- MYSQL_PASSWORD=PW"},
		{"a.yaml", "users: {name: app, password: PW}"}, {"a.json", `{"password": "PW"}`}, {"a.properties", "spring.datasource.password=PW"},
		{"a.ini", "password = PW"}, {"a.sh", "export DB_PASSWORD=PW; run"}, {"Dockerfile", "ENV A=b DB_PASSWORD=PW C=d"},
		{"a.xml", "<password>PW</password>"}, {"a.xml", `<user name="app" password="PW"/>`}, {"a.md", "DB_PASSWORD=PW \\"}, {"a.md", "password: PW"},
		{"a.yaml", "- name: DB_PASSWORD\n  value: PW"}, {"a.json", `{"key": "db_password", "value": "PW"}`}, {"a.config", `<add key="DbPassword" value="PW" />`},
		{"a.toml", `password = "PW"`}, {"a.cs", `"Server=db;User Id=sa;Password=PW;"`}, {"a.properties", "url=jdbc:mysql://db/x?user=app&password=PW&ssl=1"},
	} {
		hits := open(d.Scan(&artifact.Artifact{Path: c[0], Content: []byte(strings.ReplaceAll(c[1], "PW", pw))}))
		if len(hits) == 0 || artifact.Reveal(hits[0].Secret) != pw {
			t.Errorf("%s: %s: %d hits, the value is not read", c[0], c[1], len(hits))
		}
	}
}

// TestNotAssigned lists what looks like an assignment and gives no literal.
func TestNotAssigned(t *testing.T) {
	d := newDetector(t)
	for _, c := range [][2]string{
		{"a.go", "Password: config.Password,"}, {"a.go", `Password: os.Getenv("PW")`}, {"a.py", `password=os.environ["DB_PASSWORD"]`},
		{"a.py", `password = get_password()`}, {"a.yaml", "password: ${DB_PASSWORD}"}, {"a.yaml", "password: {{ .Values.pw }}"}, {"a.yaml", "password: !vault |"},
		{"a.yaml", "passwordSecretRef: db-credentials"}, {"a.yaml", "secretName: traefik-cert"}, {"a.yaml", "credentialsId: deploy-key-production"},
		{"a.json", `"Password": "Passwort"`}, {"locales/de.json", `"password": "Kennwort1"`}, {"a.json", `"input-otp": "^1.4.2"`},
		{"a.js", `label: "Password", placeholder: "Enter your password"`}, {"keys.json", `"key": "ctrl+shift+p"`}, {"a.ts", "token: string,"},
		{"a.sh", `PASS=$(cat /run/secrets/db)`}, {"a.sh", `PASSWORD="$1"`}, {"a.php", `'password' => 'required|string|max:255'`},
		{"a.yaml", "password_file: /run/secrets/db_password"}, {"yarn.lock", "integrity sha512-" + strings.Repeat("aB3", 28)},
		{"a.md", "Authorization: Bearer <token>"}, {"a.md", "https://user:password@example.com/"}, {"a.md", "postgres://$USER:$PASS@db/x"},
		{"a.go", "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----"},
		{"a.java", "set(\"-----BEGIN RSA PRIVATE KEY-----\");\nassertThatDeviceCredentials(message.getDeviceCredentials());\nassertThat(value).isEqualTo(\"-----END RSA PRIVATE KEY-----\");"},
		{"a.ts", `return ["mobile_push", "totp", "webauthn"].includes(m)`}, {"schema.json", "[\n  \"totp\",\n  \"webauthn\"\n]"}, {"a.go", `s := []string{"totp", "webauthn"}`},
		{"a.go", "x509PrivateKeyRSA1024, x509PrivateKeyRSA2048 string"}, {"a.go", `revoke(ctx, storage.SessionAccessToken, "65471ccb-d650-4006-a95f-cb4f4e3d7200")`},
		{"a.lua", `tags = { "k8s-kind:Secret", "k8s-token", "k8s-uid:f1c5661c-a087-4c4b-b545-2d8b3870d661" }`},
		{"a.cjs", `e==null&&(e="Input new password: "),E=n.limitMessage;!S;)n.limit=h,C=[C,"x"]`},
		{"src/locales/hu.json", `"create_new_token": "\u00daj token l\u00e9trehoz\u00e1sa",`}, {"a.go", `s.ReadStartingWithUserKey("store123x9")`},
		{"a.resource.yaml", `password: '$var:f/user/benevolent_mysql'`}, {"a.json", `"key": "Q-52ee0e33-980f-4a19-9821-39530de9f304-0"`},
		{"a.md", "- values of `NEON_DATABASE_URL`, `N8N_API_KEY`, `N8N_HOST1`"}, {"a.yaml", "token: SHOP_API_KEY_V2"},
		{"a.py", `dependencies = [("auth", "0006_require_contenttypes_0002")]`}, {"Makefile", "DATE := $(shell date -u '+%Y-%m-%d_%I:%M:%S%p')"},
		{"locales/hu-HU/portal.json", `"Enter One-Time Password": "Adja meg az egyszer használatos jelszót",`}, {"gen.sh", "gen --ca-private-key='ca.ed25519.pem' -n x"},
		{"a.yaml", "apiVersion: v1\nkind: Secret\ndata:\n  tls.ca: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIvekNDQWVlZ0F3SUJBZ0lKQUw4NThw\n"},
	} {
		if hits := open(d.Scan(&artifact.Artifact{Path: c[0], Content: []byte(c[1])})); len(hits) > 0 {
			t.Errorf("%s: %s: found by %s", c[0], c[1], hits[0].Rule)
		}
	}
}

// TestPlace holds that a decoded secret has the place of what it was decoded from, and names the carrier.
func TestPlace(t *testing.T) {
	inner := "db_password = \"" + detect.Expand("{[a-z0-9]:14:place}") + "\"\n"
	hits := open(scanOf(t, "a.txt", "one\ntwo\n  data: "+base64.StdEncoding.EncodeToString([]byte(inner))+"\n"))
	if len(hits) != 1 || hits[0].Place.Line != 3 || hits[0].Place.Column != 9 || hits[0].Encoding != "base64" {
		t.Fatalf("%+v", hits)
	}
}

// TestOnePerPlace holds that a value which several rules match is one hit, by the most telling rule.
func TestOnePerPlace(t *testing.T) {
	hits := scanOf(t, "a.yaml", "api_token: "+detect.Expand("ghp_{[A-Za-z0-9]:36:place}")+"\n")
	if len(hits) != 1 || hits[0].Rule != "github-pat" || hits[0].Service != "github" || hits[0].Why == "" {
		t.Fatalf("%+v", hits)
	}
}

// TestSample holds that a documented sample is reported with its reason, not silently left out.
func TestSample(t *testing.T) {
	hits := scanOf(t, "a.yaml", "key: AKIA"+"IOSFODNN7"+"EXAMPLE\n")
	if len(hits) != 1 || hits[0].Suppressed == "" {
		t.Fatalf("%+v", hits)
	}
}
