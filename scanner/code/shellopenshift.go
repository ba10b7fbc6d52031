package code

import "strings"

// openshift reads oc process -f FILE -p NAME=VALUE: what a parameter of a template is filled with. Source: the reference of
// OpenShift's command line.
func (s *script) openshift(inv *invocation) {
	if !inv.is("oc", "process") && !inv.is("oc", "new-app") {
		return
	}
	w, ok := inv.flag("-f", "--filename", "--file")
	file, known := globPath(w.text)
	if !ok || !known || strings.Contains(file, "*") || s.dir == "*" {
		return
	}
	for i, w := range inv.words {
		if (w.text == "-p" || w.text == "--param") && i+1 < len(inv.words) {
			s.templateParameter(inv.words[i+1], "", file)
			continue
		}
		for _, flag := range []string{"--param=", "-p="} {
			if strings.HasPrefix(w.text, flag) {
				s.templateParameter(w, flag, file)
			}
		}
	}
}

func (s *script) templateParameter(w word, flag, file string) {
	name, _, ok := strings.Cut(strings.TrimPrefix(w.text, flag), "=")
	if ok && validName(name) && !strings.Contains(name, "*") {
		s.out.Writes = append(s.out.Writes, Write{Name: name, From: w.vars, To: "template:" + file, Dir: s.dir, Offset: w.offset, End: w.end})
	}
}
