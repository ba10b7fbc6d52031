package code

import "strings"

// helmFlags are the flags of helm that take a value.
const helmFlags = "-n --namespace --kube-context --kubeconfig --set --set-string --set-file --set-json --set-literal -f --values --version " +
	"--timeout --repo --description --output -o --history-max --post-renderer --username --password --ca-file --devel"

// helm reads helm upgrade RELEASE CHART --set name=value: what a value of a chart of this source is filled with. With
// the plugin of that name, helm secrets decrypts its values files. Source: helm's command reference.
func (s *script) helm(inv *invocation) {
	list := inv.operands(1, helmFlags)
	if len(list) > 0 && list[0].text == "secrets" {
		list = list[1:]
		s.decryptedValues(inv)
	}
	if len(list) == 0 {
		return
	}
	at := map[string]int{"upgrade": 2, "install": 2, "template": 2, "lint": 1}[list[0].text]
	if at == 0 || len(list) <= 1 {
		return
	}
	chart := list[min(at, len(list)-1)] // template and install may leave the name of the release out
	dir, folder, ok := s.place(chart.text)
	if !ok {
		return
	}
	for i, w := range inv.words {
		flag, _, joined := strings.Cut(w.text, "=")
		if !joined && i+1 < len(inv.words) {
			w = inv.words[i+1]
		}
		switch flag {
		case "--set", "--set-string", "--set-literal", "--set-json":
			s.setValues(w, dir, folder)
		}
	}
}

// maxValues bounds the values that one flag sets.
const maxValues = 100

// setValues reads a=x,b.c=y, each with the variables of its own stretch of the text.
func (s *script) setValues(w word, dir, folder string) {
	if w.offset < 0 || w.end > len(s.src) || w.offset > w.end {
		return
	}
	at := w.offset
	for _, pair := range strings.SplitN(string(s.src[w.offset:w.end]), ",", maxValues) {
		name, value, ok := strings.Cut(strings.TrimLeft(pair, `"'`), "=")
		if strings.HasPrefix(name, "--set") {
			name, value, ok = strings.Cut(strings.TrimLeft(value, `"'`), "=")
		}
		if ok && strings.ContainsAny(value, "$\x01") && !strings.ContainsAny(name, "* {}[]$\"'\\\x01\n") {
			s.out.Writes = append(s.out.Writes, Write{Name: name, From: plainVariables(value), To: "helm-value:" + folder, Offset: at,
				Dir: dir, End: at + len(pair)})
		}
		at += len(pair) + 1
	}
}

// decryptedValues reads the files that helm secrets decrypts.
func (s *script) decryptedValues(inv *invocation) {
	for i, w := range inv.words {
		if (w.text == "-f" || w.text == "--values") && i+1 < len(inv.words) {
			s.encrypted(inv, inv.words[i+1], "*", "sh-helm-secrets")
		}
	}
}
