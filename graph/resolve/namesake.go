package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// deployed are the formats whose parts run a program that may not be stated: what a container or a function runs is in an
// image or an archive that a variable names.
var deployed = []string{"kubernetes:", "helm:", "terraform:", "compose:", "cloudformation:", "serverless:", "cloud-foundry:", "pulumi:", "cdk:"}

// joinNamesakes is R16 where no file says what a part runs: of the programs of its source, it is the one that reads the names
// which the part binds. An image of somebody else is not looked for.
//
// Confidence: medium where one program reads three of the names or more and no other half as many, or two and no other any;
// low for one name that a single program reads.
func joinNamesakes(v *View) {
	n := &namesakes{v: v, j: newImageJoin(v), readers: map[[2]string][]*inventory.Node{}, roots: map[string]string{}}
	var parts []*inventory.Node
	for _, kind := range []inventory.NodeKind{inventory.Part, inventory.Automation} {
		for _, p := range v.Nodes(kind) {
			if len(p.Evidence) > 0 && n.programless(p) {
				parts = append(parts, p)
			}
		}
	}
	if len(parts) == 0 {
		return
	}
	n.index()
	for _, p := range parts {
		n.join(p)
	}
}

type namesakes struct {
	v       *View
	j       *imageJoin
	readers map[[2]string][]*inventory.Node // source and name -> files that read it
	roots   map[string]string               // folder, with source -> that of its program
}

// programless reports whether a part is deployed, binds names and runs nothing that is known.
func (n *namesakes) programless(p *inventory.Node) bool {
	if !slices.ContainsFunc(deployed, func(prefix string) bool { return strings.HasPrefix(p.ID, prefix) }) || len(n.v.bindings(p.ID)) == 0 {
		return false
	}
	for _, e := range n.v.Out(p.ID, inventory.Runs) {
		switch {
		case strings.HasPrefix(e.To, "code:"):
			if n.v.Node(e.To) != nil {
				return false
			}
		case strings.HasPrefix(e.To, "image:"):
			if !n.own(strings.Split(strings.TrimPrefix(e.To, "image:"), "/"), p.Evidence[0].Source) || len(n.j.buildsOf(e.To)) > 0 {
				return false
			}
		}
	}
	return true
}

// own reports whether an image may be one of a source: its name or its registry is computed, or its path names the owner.
func (n *namesakes) own(words []string, source string) bool {
	return strings.Contains(words[len(words)-1], "*") || strings.HasPrefix(words[0], "*") || ownedBy(words[:len(words)-1], source) || namedAs(words, source)
}

// namedAs reports whether the words of an image's last names (sscs/tribunals-api) are among those of the repository's name.
func namedAs(words []string, source string) bool {
	split := func(text string) []string {
		return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	}
	of := split(path.Base(source))
	last, _, _ := strings.Cut(words[len(words)-1], ":")
	name := split(last)
	if len(words) > 2 {
		name = append(name, split(words[len(words)-2])...)
	}
	return len(name) > 1 && !slices.ContainsFunc(name, func(w string) bool { return !slices.Contains(of, w) })
}

// index lists the files that read each name.
func (n *namesakes) index() {
	for _, c := range n.v.Nodes(inventory.Code) {
		if len(c.Evidence) == 0 || strings.Contains(c.ID, "#") || isContext(c.ID) || IsTest(c.Evidence[0].Path) {
			continue
		}
		for _, e := range n.v.Out(c.ID, inventory.Reads) {
			if name, ok := strings.CutPrefix(e.To, c.ID+"/"); ok && telling(name) {
				key := [2]string{c.Evidence[0].Source, name}
				if all := n.readers[key]; len(all) <= maxReaders && !slices.Contains(all, c) {
					n.readers[key] = append(all, c)
				}
			}
		}
	}
}

// telling reports whether a name is one that two programs do not share by chance.
func telling(name string) bool {
	return len(name) >= 6 && !strings.ContainsAny(name, "*/") && !commonNames[name]
}

// commonNames are names that programs of all kinds read.
var commonNames = map[string]bool{"DATABASE_URL": true, "REDIS_URL": true, "LOG_LEVEL": true, "NODE_ENV": true, "ENVIRONMENT": true, "SENTRY_DSN": true,
	"AWS_REGION": true, "AWS_ACCESS_KEY_ID": true, "AWS_SECRET_ACCESS_KEY": true, "POSTGRES_PASSWORD": true, "POSTGRES_USER": true, "POSTGRES_DB": true,
	"DB_HOST": true, "DB_PORT": true, "DB_NAME": true, "DB_USER": true, "DB_PASSWORD": true, "MYSQL_PASSWORD": true, "MYSQL_ROOT_PASSWORD": true,
	"HTTP_PROXY": true, "HTTPS_PROXY": true, "NO_PROXY": true, "AWS_DEFAULT_REGION": true, "REDIS_PASSWORD": true, "REDIS_HOST": true}

// join gives a part the program that reads what it binds.
func (n *namesakes) join(p *inventory.Node) {
	source := p.Evidence[0].Source
	names := map[string]bool{}
	for id := p.ID; id != "" && len(names) < 500; id = n.v.whole(id) {
		for name := range n.v.bindings(id) {
			names[name] = true
		}
	}
	count := map[string]int{}
	files := map[string][]*inventory.Node{}
	for _, name := range sortedKeys(names) {
		readers := n.readers[[2]string{source, name}]
		if len(readers) > maxReaders {
			continue
		}
		seen := map[string]bool{}
		for _, f := range readers {
			root := n.root(source, folderOf(f.Evidence[0].Path))
			if !seen[root] {
				seen[root] = true
				count[root]++
			}
			if !slices.Contains(files[root], f) {
				files[root] = append(files[root], f)
			}
		}
	}
	root, sure := unanimous(count)
	if sure == 0 {
		return
	}
	w := scriptWalk{view: n.v, part: p.ID, seen: map[string]bool{}, rule: "R16-names", sets: n.j.sets}
	for _, f := range files[root] {
		w.follow(inventory.Edge{From: p.ID, To: f.ID, Kind: inventory.Runs, Confidence: sure, Evidence: p.Evidence[:1]}, p.ID, sure, 0)
	}
}

// unanimous picks the program that reads most of the names, and says how sure that is; 0 for none.
func unanimous(count map[string]int) (string, inventory.Confidence) {
	best, first, second := "", 0, 0
	for _, root := range sortedKeys(count) {
		switch c := count[root]; {
		case c > first:
			best, first, second = root, c, first
		case c > second:
			second = c
		}
	}
	switch {
	case first >= 3 && first >= 2*second, first == 2 && second == 0:
		return best, inventory.Medium
	case first == 1 && second == 0:
		return best, inventory.Low
	}
	return "", 0
}

// root is the folder of the program that a folder is of: the nearest with a Dockerfile or a package file.
func (n *namesakes) root(source, dir string) string {
	key := source + "/" + dir
	if got, ok := n.roots[key]; ok {
		return got
	}
	root := packageFolder(n.v, source, dir)
	for d := dir; d != ""; d = folderOf(d) {
		if n.j.folders[source+"/"+d] && len(d) > len(root) {
			root = d
			break
		}
	}
	n.roots[key] = root
	return root
}
