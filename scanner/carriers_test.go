package scanner_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/source"
)

// carrier is one way in which real files hold a credential. PW stands for a password, TOKEN for a token of a provider;
// the line and column are those at which the file holds it, or what it is encoded in.
type carrier struct {
	path, text   string
	line, column int    // 0 for any
	value        string // of which the fingerprint is expected, when it is not that of PW or TOKEN itself
}

// pw is a password as people choose generated ones: letters of both cases and digits.
func pw() string { return detect.Expand("{[A-Z]:1:p}{[a-z]:5:p}{[0-9]:3:p}{[A-Za-z0-9]:7:p}") }

func token() string { return detect.Expand("ghp_{[A-Za-z0-9]:36:carrier}") }

// pem makes a private key of the given label; the body is no key.
func pem(label string) string {
	var b strings.Builder
	b.WriteString("-----BEGIN " + label + "-----\n")
	start := "MII" // a sequence in DER
	if strings.HasPrefix(label, "OPENSSH") {
		start = "b3BlbnNzaC1rZXktdjEA"
	}
	b.WriteString(start + detect.Expand(fmt.Sprintf("{[A-Za-z0-9+/]:%d:pemstart}", 64-len(start))) + "\n")
	for i := range 12 {
		b.WriteString(detect.Expand(fmt.Sprintf("{[A-Za-z0-9+/]:64:pem%d}", i)) + "\n")
	}
	b.WriteString(detect.Expand("{[A-Za-z0-9+/]:42:pemend}") + "==\n-----END " + label + "-----\n")
	return b.String()
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// carriers lists them by what they are.
func carriers() []carrier {
	var out []carrier
	add := func(path, text string, place ...int) {
		c := carrier{path: path, text: text}
		if len(place) > 0 {
			c.line = place[0]
		}
		if len(place) > 1 {
			c.column = place[1]
		}
		out = append(out, c)
	}
	// URL userinfo and DSN of every dialect.
	for _, dsn := range []string{
		"postgres://app:PW@db.acme.internal:5432/shop?sslmode=require", "postgresql+psycopg2://app:PW@db/shop", "mysql://app:PW@db.acme.internal/shop",
		"mongodb+srv://app:PW@cluster0.acme.internal/?retryWrites=true", "mongodb://app:PW@a.acme.internal:27017,b.acme.internal:27017/shop?replicaSet=r",
		"redis://:PW@cache.acme.internal:6379/0", "rediss://default:PW@cache.acme.internal:6380", "amqp://app:PW@mq.acme.internal:5672/%2f",
		"amqps://app:PW@mq.acme.internal/shop", "ftp://app:PW@files.acme.internal/in", "sftp://app:PW@files.acme.internal", "smtp://app%40acme.internal:PW@mail.acme.internal:587",
		"ldap://cn=admin:PW@ldap.acme.internal", "https://app:PW@repo.acme.internal/simple", "http://app:PW@proxy.acme.internal:3128",
		"clickhouse://app:PW@ch.acme.internal:9000/shop", "sqlserver://sa:PW@db.acme.internal?database=shop", "mssql+pyodbc://sa:PW@db/shop",
		"oracle://app:PW@db.acme.internal:1521/xe", "nats://app:PW@nats.acme.internal:4222", "snowflake://app:PW@acc.acme.internal/db",
		"cockroachdb://app:PW@db.acme.internal:26257/shop", "influxdb://app:PW@tsdb.acme.internal:8086", "couchbase://app:PW@cb.acme.internal",
		"elasticsearch://elastic:PW@es.acme.internal:9200", "mqtt://app:PW@iot.acme.internal:1883", "imaps://app:PW@mail.acme.internal",
		"rtsp://admin:PW@cam.acme.internal/stream", "git+https://app:PW@git.acme.internal/x.git", "socks5://app:PW@proxy.acme.internal:1080",
	} {
		scheme, _, _ := strings.Cut(dsn, ":")
		add("dsn/"+scheme+".env", "A=1\nDATABASE_URL="+dsn+"\n", 2, 14+strings.Index(dsn, "PW"))
	}
	add("dsn/jdbc.properties", "spring.datasource.url=jdbc:postgresql://db/shop?user=app&password=PW&ssl=true\n", 1)
	add("dsn/jdbc-sqlserver.properties", "url=jdbc:sqlserver://db:1433;databaseName=shop;user=sa;password=PW;encrypt=true\n", 1)
	add("dsn/jdbc-oracle.properties", "db.url=jdbc:oracle:thin:app/PW@db.acme.internal:1521:xe\n", 1)
	add("dsn/ado.config", `<connectionStrings><add name="shop" connectionString="Server=db;Database=shop;User Id=sa;Password=PW;" /></connectionStrings>`+"\n", 1)
	add("dsn/libpq.sh", "psql \"host=db.acme.internal user=app password=PW dbname=shop\"\n", 1)
	add("dsn/go-mysql.go", "package a\n\nvar dsn = \"app:PW@tcp(db.acme.internal:3306)/shop?parseTime=true\"\n", 3)
	add("dsn/odbc.py", "conn = 'DRIVER={ODBC Driver 17};SERVER=db;UID=app;Pwd=PW'\n", 1)
	// Authorization.
	add("auth/basic.http", "GET /\nAuthorization: Basic "+b64("app:PW")+"\n", 2)
	add("auth/basic.yaml", "headers:\n  Authorization: Basic "+b64("app:PW")+"\n", 2)
	add("auth/bearer.http", "Authorization: Bearer RANDOM\n", 1, 23)
	add("auth/bearer.js", "fetch(u, {headers: {'Authorization': 'Bearer RANDOM'}})\n", 1)
	add("auth/curl.sh", "curl -H \"Authorization: token TOKEN\" https://api.acme.internal\n", 1)
	add("auth/apikey.sh", "curl -H 'X-API-Key: RANDOM' https://api.acme.internal\n", 1)
	// Files of tools.
	add(".npmrc", "registry=https://npm.acme.internal/\n//npm.acme.internal/:_authToken=RANDOM\n", 2, 33)
	add("npm/basic/.npmrc", "//npm.acme.internal/:_password="+b64("PW")+"\n//npm.acme.internal/:username=app\n", 1)
	add("npm/auth/.npmrc", "_auth="+b64("app:PW")+"\n", 1)
	add("yarn/.yarnrc.yml", "npmScopes:\n  acme:\n    npmAuthToken: RANDOM\n", 3)
	add(".netrc", "machine api.acme.internal\n  login app\n  password PW\n", 3, 12)
	add("home/_netrc", "machine a.acme.internal login app password PW\n", 1)
	add(".pgpass", "db.acme.internal:5432:shop:app:PW\n", 1)
	add("pg/pgpass.conf", "# comment\n*:*:*:app:PW\n", 2)
	add(".htpasswd", "app:$apr1$"+detect.Expand("{[A-Za-z0-9]:8:salt}")+"$"+detect.Expand("{[A-Za-z0-9./]:22:apr}")+"\n", 1)
	out[len(out)-1].value = "any"
	add("www/.htpasswd", "app:{SHA}"+b64(detect.Expand("{[A-Za-z0-9]:20:sha}"))+"\n", 1)
	out[len(out)-1].value = "any"
	add(".git-credentials", "https://app:PW@git.acme.internal\n", 1, 13)
	add(".pypirc", "[distutils]\nindex-servers = acme\n[acme]\nrepository: https://pypi.acme.internal\nusername: app\npassword: PW\n", 6, 11)
	add("pip/pip.conf", "[global]\nindex-url = https://app:PW@pypi.acme.internal/simple\n", 2)
	add(".m2/settings.xml", "<settings><servers><server>\n<id>x</id><username>app</username>\n<password>PW</password>\n</server></servers></settings>\n", 3, 11)
	add(".cargo/credentials.toml", "[registry]\ntoken = \"RANDOM\"\n", 2, 10)
	add(".gem/credentials", "---\n:acme_api_key: RANDOM\n", 2)
	add("composer/auth.json", "{\"http-basic\": {\"repo.acme.internal\": {\n\"username\": \"app\",\n\"password\": \"PW\"}}}\n", 3)
	add("nuget.config", "<configuration><packageSourceCredentials><acme>\n<add key=\"Username\" value=\"app\" />\n<add key=\"ClearTextPassword\" value=\"PW\" />\n</acme></packageSourceCredentials></configuration>\n", 3)
	add(".my.cnf", "[client]\nuser=app\npassword=\"PW\"\n", 3)
	add("aws/credentials", "[default]\naws_access_key_id = AKIA"+detect.Expand("{[A-Z2-7]:16:c}")+"\naws_secret_access_key = "+detect.Expand("{[A-Za-z0-9/+]:40:c}")+"\n", 3)
	out[len(out)-1].value = detect.Expand("{[A-Za-z0-9/+]:40:c}")
	add("rclone.conf", "[files]\ntype = webdav\nuser = app\npass = RANDOM\n", 4)
	add("s3cfg/.s3cfg", "[default]\nsecret_key = RANDOM\n", 2)
	add("wp-config.php", "<?php\ndefine( 'DB_PASSWORD', 'PW' );\n", 2)
	add("smb/.smbcredentials", "username=app\npassword=PW\n", 2)
	add("ansible/hosts.ini", "[web]\nweb1 ansible_user=app ansible_password=PW\n", 2)
	add("openvpn/auth.txt", "", 0)
	out = out[:len(out)-1]
	// FTP and IDE clients.
	add("filezilla/sitemanager.xml", "<FileZilla3><Servers><Server>\n<Host>files.acme.internal</Host><User>app</User>\n<Pass encoding=\"base64\">"+b64("PW")+"</Pass>\n</Server></Servers></FileZilla3>\n", 3)
	add("filezilla/recentservers.xml", "<FileZilla3><RecentServers><Server>\n<Host>h</Host><User>app</User>\n<Pass>PW</Pass>\n</Server></RecentServers></FileZilla3>\n", 3, 7)
	add("WinSCP.ini", "[Sessions\\files]\nHostName=files.acme.internal\nUserName=app\nPassword=A35C7A598C"+detect.Expand("{[A-F0-9]:60:winscp}")+"\n", 4)
	out[len(out)-1].value = "any"
	add(".idea/dataSources.local.xml", "<project><component name=\"dataSourceStorageLocal\"><data-source name=\"shop\">\n<jdbc-url>jdbc:mysql://db/shop?user=app&amp;password=PW</jdbc-url>\n</data-source></component></project>\n", 2)
	add(".idea/webServers.xml", "<project><component name=\"WebServers\"><option name=\"servers\"><webServer>\n<fileTransfer host=\"files.acme.internal\" port=\"21\" username=\"app\" password=\"PW\" />\n</webServer></option></component></project>\n", 2)
	add("sftp-config.json", "{\n    \"type\": \"sftp\", // comment\n    \"user\": \"app\",\n    \"password\": \"PW\",\n}\n", 4)
	add(".vscode/sftp.json", "{\n  \"name\": \"shop\",\n  \"username\": \"app\",\n  \"password\": \"PW\"\n}\n", 4, 16)
	add(".ftpconfig", "{\n\"host\": \"files.acme.internal\",\n\"user\": \"app\",\n\"pass\": \"PW\"\n}\n", 4)
	add(".remote-sync.json", "{\"hostname\": \"x\",\n\"password\": \"PW\"}\n", 2)
	add("deployment-config.json", "{\"host\": \"h\",\n\"password\": \"PW\"}\n", 2)
	add("ventrilo_srv.ini", "[Server]\nName=x\nAdminPassword=PW\n", 3)
	add("proftpdpasswd", "app:$1$"+detect.Expand("{[A-Za-z0-9]:8:s}")+"$"+detect.Expand("{[A-Za-z0-9./]:22:m}")+":1000:1000::/home/app:/bin/sh\n", 1)
	out[len(out)-1].value = "any"
	add("etc/shadow", "app:$6$"+detect.Expand("{[A-Za-z0-9]:16:s}")+"$"+detect.Expand("{[A-Za-z0-9./]:86:m}")+":19000:0:99999:7:::\n", 1)
	out[len(out)-1].value = "any"
	// Containers.
	add(".docker/config.json", "{\"auths\": {\"registry.acme.internal\": {\n\"auth\": \""+b64("app:PW")+"\"}}}\n", 2)
	add(".dockercfg", "{\"https://registry.acme.internal/v1/\": {\n\"auth\": \""+b64("app:PW")+"\", \"email\": \"x\"}}\n", 2)
	add("kube/config", "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: RANDOM\n", 6)
	add("kube/basic.kubeconfig", "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    username: admin\n    password: PW\n", 7)
	add("kube/cert.kubeconfig", "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-key-data: "+b64(pem("RSA PRIVATE KEY"))+"\n", 6)
	out[len(out)-1].value = "any"
	// SQL and command lines.
	add("sql/create.sql", "CREATE USER app IDENTIFIED BY 'PW';\n", 1, 32)
	add("sql/grant.sql", "GRANT ALL ON shop.* TO 'app'@'%' IDENTIFIED BY 'PW';\n", 1)
	add("sql/with.sql", "CREATE USER 'app'@'%' IDENTIFIED WITH mysql_native_password BY 'PW';\n", 1)
	add("sql/role.sql", "CREATE ROLE app WITH LOGIN PASSWORD 'PW';\n", 1, 38)
	add("sql/encrypted.sql", "ALTER USER app WITH ENCRYPTED PASSWORD 'PW';\n", 1)
	add("sql/login.sql", "CREATE LOGIN app WITH PASSWORD = N'PW';\n", 1)
	add("sql/set.sql", "SET PASSWORD FOR 'app'@'%' = PASSWORD('PW');\n", 1)
	add("sql/oracle.sql", "ALTER USER app IDENTIFIED BY \"PW\";\n", 1)
	add("sql/insert.sql", "INSERT INTO users (name, password) VALUES ('app', 'PW');\n", 1)
	add("cli/mysql.sh", "mysql -u app -pPW shop < dump.sql\n", 1)
	add("cli/mysqldump.sh", "mysqldump --user=app --password=PW shop\n", 1)
	add("cli/password.sh", "az login --username app --password 'PW'\n", 1)
	add("cli/docker.sh", "docker login -u app -p PW registry.acme.internal\n", 1, 24)
	add("cli/curl.sh", "curl -u app:PW https://api.acme.internal\n", 1, 13)
	add("cli/curl-user.sh", "curl --user \"app:PW\" https://api.acme.internal\n", 1)
	add("cli/wget.sh", "wget --http-user=app --http-password=PW https://x.acme.internal\n", 1)
	add("cli/sshpass.sh", "sshpass -p 'PW' ssh app@web.acme.internal\n", 1)
	add("cli/pgpassword.sh", "PGPASSWORD=PW psql -h db -U app\n", 1, 12)
	add("cli/redis.sh", "redis-cli -h cache -a PW ping\n", 1)
	add("cli/expect.exp", "send \"PW\\r\"\n", 0)
	out = out[:len(out)-1]
	add("cli/chpasswd.sh", "echo 'app:PW' | chpasswd\n", 1)
	add("cli/net.bat", "net use Z: \\\\files\\in /user:app PW\n", 1)
	add("cli/openssl.sh", "openssl pkcs12 -in a.p12 -passin pass:PW\n", 1)
	add("cli/Dockerfile", "FROM x\nRUN curl -u app:PW https://x.acme.internal\n", 2)
	add("cli/keytool.sh", "keytool -importkeystore -srcstorepass PW -alias a\n", 1)
	// Keys.
	add("keys/jwk.json", "{\"kty\": \"RSA\", \"n\": \"x\", \"e\": \"AQAB\",\n\"d\": \""+detect.Expand("{[A-Za-z0-9_-]:86:jwk}")+"\"}\n", 2)
	out[len(out)-1].value = detect.Expand("{[A-Za-z0-9_-]:86:jwk}")
	add("keys/oct.json", "{\"kty\": \"oct\", \"k\": \""+detect.Expand("{[A-Za-z0-9_-]:43:oct}")+"\", \"alg\": \"HS256\"}\n", 1)
	out[len(out)-1].value = detect.Expand("{[A-Za-z0-9_-]:43:oct}")
	add("keys/nkey.conf", "seed: SU"+detect.Expand("{[A-Z2-7]:56:nkey}")+"\n", 1)
	out[len(out)-1].value = "any"
	for _, label := range []string{"RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK", "DSA PRIVATE KEY"} {
		add("keys/"+strings.ReplaceAll(label, " ", "-")+".pem", "\n"+pem(label), 2, 1)
		out[len(out)-1].value = "any"
	}
	key := pem("RSA PRIVATE KEY")
	for name, text := range map[string]string{
		"pem/json.json": "{\n\"private_key\": \"" + strings.ReplaceAll(key, "\n", `\n`) + "\"}\n", "pem/env.env": "A=1\nPRIVATE_KEY=\"" + strings.ReplaceAll(key, "\n", `\n`) + "\"\n",
		"pem/block.yaml": "a:\n  key: |\n    " + strings.ReplaceAll(strings.TrimSpace(key), "\n", "\n    ") + "\n", "pem/go.go": "package a\n\nconst key = `" + key + "`\n",
		"pem/concat.java": "class A {\n String k = \"" + strings.ReplaceAll(strings.TrimSpace(key), "\n", "\\n\" +\n \"") + "\";}\n",
		"pem/heredoc.tf":  "a {\n  key = <<EOT\n" + key + "EOT\n}\n", "pem/crlf.pem": "x\r\n" + strings.ReplaceAll(key, "\n", "\r\n"),
		"pem/escaped.js": "\nvar k = '" + strings.ReplaceAll(key, "\n", `\\n`) + "'\n", "pem/b64.yaml": "a:\n  key: " + b64(key) + "\n",
		"pem/xml.xml": "<a>\n<key>" + key + "</key></a>\n", "pem/oneline.env": "A=1\nKEY=" + strings.ReplaceAll(strings.TrimSpace(key), "\n", " ") + "\n",
		"pem/quoted.txt": "mail\n> " + strings.ReplaceAll(strings.TrimSpace(key), "\n", "\n> ") + "\n", "pem/comment.py": "x\n# " + strings.ReplaceAll(strings.TrimSpace(key), "\n", "\n# ") + "\n",
	} {
		add(name, text)
		out[len(out)-1].value = "any"
	}
	// XML attributes, multi-line values.
	add("xml/attribute.xml", "<server>\n  <user name=\"app\" password=\"PW\"/>\n</server>\n", 2, 30)
	add("xml/bean.xml", "<bean>\n<property name=\"password\" value=\"PW\"/></bean>\n", 2, 34)
	add("xml/element.xml", "<property>\n<name>db.password</name>\n<value>PW</value></property>\n", 3, 8)
	add("xml/single.xml", "<user password='PW'/>\n", 1, 17)
	add("xml/cdata.xml", "<a>\n<password><![CDATA[PW]]></password></a>\n", 2)
	add("xml/plist.plist", "<plist><dict>\n<key>apiPassword</key>\n<string>PW</string></dict></plist>\n", 3)
	add("multi/yaml.yaml", "a:\n  password: >-\n    PW\n", 3)
	add("multi/json.json", "{\"password\":\n   \"PW\"}\n", 2)
	add("multi/python.py", "password = (\n    \"PW\"\n)\n", 2)
	add("multi/js.js", "const c = {\n  password:\n    'PW',\n}\n", 3)
	add("multi/shell.sh", "docker login \\\n  -u app \\\n  --password PW\n", 3)
	return out
}

// encodings wrap a text.
func encodings() map[string]func(string) []byte {
	wide := func(order binary.ByteOrder, mark bool, size int) func(string) []byte {
		return func(s string) []byte {
			var out []byte
			if mark {
				s = "\uFEFF" + s
			}
			if size == 4 {
				for _, r := range s {
					out = order.(binary.AppendByteOrder).AppendUint32(out, uint32(r))
				}
				return out
			}
			for _, u := range utf16.Encode([]rune(s)) {
				out = order.(binary.AppendByteOrder).AppendUint16(out, u)
			}
			return out
		}
	}
	line := func(f func(string) string) func(string) []byte {
		return func(s string) []byte { return []byte("first\nsecond " + f(s) + "\n") }
	}
	return map[string]func(string) []byte{
		"utf-16le": wide(binary.LittleEndian, false, 2), "utf-16be": wide(binary.BigEndian, false, 2), "utf-16le-bom": wide(binary.LittleEndian, true, 2),
		"utf-16be-bom": wide(binary.BigEndian, true, 2), "utf-32le": wide(binary.LittleEndian, false, 4), "utf-32be-bom": wide(binary.BigEndian, true, 4),
		"utf-8-bom":   func(s string) []byte { return []byte("\xef\xbb\xbf" + s) },
		"latin-1":     func(s string) []byte { return []byte("# Stra\xdfe\n" + s) },
		"base64":      line(b64),
		"base64url":   line(func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) }),
		"base64raw":   line(func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) }),
		"hex":         line(func(s string) string { return hex.EncodeToString([]byte(s)) }),
		"HEX":         line(func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }),
		"percent":     line(url.QueryEscape),
		"percent-all": line(func(s string) string { return "%" + strings.ReplaceAll(fmt.Sprintf("% x", s), " ", "%") }),
		"json-u": line(func(s string) string {
			return `"` + strings.ReplaceAll(fmt.Sprintf("%+q", strings.ReplaceAll(s, "=", "\u2028")), `\u2028`, `\u003d`) + `"`
		}),
		"unicode-all":    line(func(s string) string { return escapeAll(s, `\u%04x`) }),
		"hex-escapes":    line(func(s string) string { return escapeAll(s, `\x%02x`) }),
		"xml-decimal":    line(func(s string) string { return escapeAll(s, "&#%d;") }),
		"xml-hex":        line(func(s string) string { return escapeAll(s, "&#x%x;") }),
		"base64-twice":   line(func(s string) string { return b64("x " + b64(s)) }),
		"base64-in-json": line(func(s string) string { return `{"data": "` + b64(`{"inner": "`+b64(s)+`"}`) + `"}` }),
		"percent-base64": line(func(s string) string { return url.QueryEscape(b64(s)) }),
		"base64-wrapped": func(s string) []byte {
			e := b64(strings.Repeat("filler text\n", 10) + s)
			return []byte("data:\n" + e[:76] + "\n" + e[76:152] + "\n" + e[152:] + "\n")
		},
		"gzip": func(s string) []byte {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write([]byte(s))
			_ = z.Close()
			return b.Bytes()
		},
		"gzip-in-base64": func(s string) []byte {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write([]byte(s))
			_ = z.Close()
			return []byte("data: " + base64.StdEncoding.EncodeToString(b.Bytes()) + "\n")
		},
	}
}

func escapeAll(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// TestCarriers finds the value in each carrier, at its place.
func TestCarriers(t *testing.T) {
	dir := t.TempDir()
	random := detect.Expand("{[a-f0-9]:40:carrier}")
	fill := strings.NewReplacer("PW", pw(), "TOKEN", token(), "RANDOM", random)
	all := carriers()
	for i := range all {
		c := &all[i]
		text := c.text
		if strings.Contains(text, b64("app:PW")) || strings.Contains(text, b64("PW")) {
			text = strings.NewReplacer(b64("app:PW"), b64("app:"+pw()), b64("PW"), b64(pw())).Replace(text)
			c.value = pw()
		}
		switch {
		case c.value != "":
		case strings.Contains(c.text, "TOKEN"):
			c.value = token()
		case strings.Contains(c.text, "RANDOM"):
			c.value = random
		default:
			c.value = pw()
		}
		if c.path == ".npmrc" || !strings.HasPrefix(c.path, "keys/") && !strings.HasPrefix(c.path, "pem/") {
			text = fill.Replace(text)
		}
		writeFile(t, dir, c.path, []byte(text))
	}
	for name, wrap := range encodings() {
		writeFile(t, dir, "encoded/"+name+".txt", wrap("the_token = "+token()))
		all = append(all, carrier{path: "encoded/" + name + ".txt", value: token()})
	}
	places := placesOf(t, dir)
	for _, c := range all {
		found := places[strings.ReplaceAll(c.path, "gzip.txt", "gzip.txt!/gzip")]
		ok := false
		for _, p := range found {
			ok = ok || (c.value == "any" || p.print == printOf(t, c.value)) && (c.line == 0 || p.line == c.line) && (c.column == 0 || p.column == c.column)
		}
		if !ok {
			t.Errorf("%s: not found at %d:%d; found %v", c.path, c.line, c.column, found)
		}
	}
}

type placed struct {
	print        string
	line, column int
	rule         string
}

func writeFile(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func printOf(t *testing.T, value string) string { return key(t).Of(artifact.Seal(value), true).ID }

// placesOf scans a folder and lists the values by path. A value stands also for the other forms that it has.
func placesOf(t *testing.T, dir string) map[string][]placed {
	t.Helper()
	m, _, err := scanner.Scan(context.Background(), scanner.Options{Sources: []source.Spec{{Location: dir}}, Key: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]placed{}
	for _, f := range m.Fragments {
		also := map[string][]string{}
		for _, n := range f.Nodes {
			if n.Kind == inventory.Value {
				id := strings.TrimPrefix(n.ID, "value:")
				also[n.ID] = append(also[n.ID], id)
				for _, a := range n.All(inventory.AttrAlso) {
					also[n.ID] = append(also[n.ID], a.Value)
				}
			}
		}
		for _, e := range f.Edges {
			if e.Kind != inventory.Holds {
				continue
			}
			for _, at := range e.Evidence {
				for _, id := range also[e.To] {
					out[at.Path] = append(out[at.Path], placed{id, at.Line, at.Column, e.Rule})
				}
			}
		}
	}
	return out
}

// TestManifestOnce: what a manifest holds in base64 is one value of the Secret's key, and no second literal of the file.
func TestManifestOnce(t *testing.T) {
	dir := t.TempDir()
	auths := b64(`{"auths":{"ghcr.io":{"username":"bot","password":"` + pw() + `"}}}`)
	for name, data := range map[string]string{
		"opaque": "password: " + b64(pw()), "quoted": `password: "` + b64(pw()) + `"`, "folded": "password: |\n    " + b64(pw()), "registry": ".dockerconfigjson: " + auths,
	} {
		writeFile(t, dir, name+".yaml", []byte("apiVersion: v1\nkind: Secret\nmetadata:\n  name: "+name+"\ndata:\n  "+data+"\n"))
	}
	m, _, err := scanner.Scan(context.Background(), scanner.Options{Sources: []source.Spec{{Location: dir}}, Key: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range m.Fragments[0].Edges {
		if e.Kind == inventory.Holds && (!strings.HasPrefix(e.From, "k8s:") || e.To != inventory.ValueID(printOf(t, pw()))) {
			t.Errorf("%s holds %s at %v", e.From, e.To, e.Evidence)
		}
	}
	places := placesOf(t, dir)
	for _, name := range []string{"opaque", "quoted", "folded", "registry"} {
		if len(places[name+".yaml"]) == 0 {
			t.Errorf("%s: nothing found", name)
		}
	}
}

// TestCarrierStays: what a format unpacked and then held to be no secret does not take away what holds it.
func TestCarrierStays(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "calls.json", []byte(`{"info": {"name": "calls", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
 "item": [{"name": "in", "request": {"method": "GET", "url": "https://api.example.org/",
  "header": [{"key": "Authorization", "value": "Basic `+b64("anna4:blau16"+"89")+`"}]}}]}`))
	if places := placesOf(t, dir); len(places["calls.json"]) == 0 {
		t.Error("the header's value is lost")
	}
}
