package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinProperties is R11 and its kin: a property that code reads (@Value("${mail.key}"), Configuration["Mail:Key"]) is the
// entry of that name in the configuration files of its module, and whatever that entry names: a variable of the
// environment becomes a read of the code that asks for the property. A variable that some part binds under the name
// which the framework's relaxed binding gives to the property (MAIL_KEY, Mail__Key) sets it without an entry.
//
// What a part binds is joined with these reads by R5 and R16, like any other read of a name.
//
// Confidence: high for a literal name in the module's own files, medium for a whole section and for the only other
// module that has the name, low for several. Files of tests count for tests alone.
func joinProperties(v *View) {
	s := newSettings(v)
	if len(s.reads) == 0 && len(s.files) == 0 {
		return
	}
	for _, r := range s.reads {
		s.join(r)
	}
	for _, f := range s.files {
		s.relaxedFile(f)
	}
}

// settingsFile is one configuration file of an application.
type settingsFile struct {
	node    *inventory.Node
	family  *settingsFamily
	root    string // folder of its module
	test    bool
	entries map[string][]*inventory.Node // bindings and inline slots, by canonical key
}

// propertyRead is a property that a file reads.
type propertyRead struct {
	file   *inventory.Node
	edge   inventory.Edge
	name   string
	family *settingsFamily
	except map[string]bool // canonical keys of a section that the file reads one by one
}

type settingsJoin struct {
	v      *View
	files  []*settingsFile
	reads  []propertyRead
	names  *boundNames
	vaults map[string][]inventory.Edge // source -> reads of a whole vault

	options map[string][]boundOptions    // class -> the sections that its options come from
	fields  map[string]bool              // names of properties of classes of options, with their class
	uses    map[string][]string          // file and class -> properties of the class that the file reads one by one
	viper   map[string][]boundOptions    // source -> the prefixes with which viper takes in the environment there
	keys    map[[2]string][]boundOptions // source and name of a constant -> the keys of viper that it is
}

// boundOptions is a section of the configuration that a file of .NET reads into the options of a class.
type boundOptions struct {
	section string
	edge    inventory.Edge
}

func newSettings(v *View) *settingsJoin {
	s := &settingsJoin{v: v, names: newBoundNames(v), vaults: map[string][]inventory.Edge{}, options: map[string][]boundOptions{},
		fields: map[string]bool{}, viper: map[string][]boundOptions{}, keys: map[[2]string][]boundOptions{}, uses: map[string][]string{}}
	byID := map[string]*settingsFile{}
	for _, n := range v.Nodes(inventory.Code) {
		family := familyOf[n.Attr(inventory.AttrLanguage)]
		if family == nil || len(n.Evidence) == 0 || isContext(n.ID) {
			continue
		}
		if family.files == n.Attr(inventory.AttrLanguage) {
			f := &settingsFile{node: n, family: family, root: moduleOf(n.Evidence[0].Path), test: IsTest(n.Evidence[0].Path), entries: map[string][]*inventory.Node{}}
			byID[n.ID] = f
			s.files = append(s.files, f)
		}
		s.readsOf(n, family)
	}
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Attr(inventory.AttrAs) != "entry" {
			continue
		}
		if id, _, ok := strings.Cut(b.ID, "#"); ok && byID[id] != nil {
			byID[id].add(b.Name, b)
		}
	}
	for _, n := range v.Nodes(inventory.Slot) {
		if n.Attr(inventory.AttrStore) != "inline" {
			continue
		}
		file, key, _ := strings.Cut(strings.TrimPrefix(n.ID, "inline:"), "#")
		if f := byID["code:"+file]; f != nil {
			key, _, _ = strings.Cut(key, "@")
			f.add(key, n)
		}
	}
	return s
}

func (f *settingsFile) add(key string, n *inventory.Node) {
	k := f.family.canonical(key)
	f.entries[k] = append(f.entries[k], n)
}

// readsOf lists the properties that a file reads, and the vaults that it takes in whole.
func (s *settingsJoin) readsOf(n *inventory.Node, family *settingsFamily) {
	for _, e := range s.v.Out(n.ID, inventory.Reads) {
		if strings.HasPrefix(e.To, "azkv:") && strings.HasSuffix(e.To, "/*") {
			s.vaults[n.Evidence[0].Source] = append(s.vaults[n.Evidence[0].Source], e)
		}
		name, ok := strings.CutPrefix(e.To, n.ID+"/")
		if bind, ok := strings.CutPrefix(name, "IOptionsBind."); ok {
			class, section, _ := strings.Cut(bind, ":")
			s.options[class] = append(s.options[class], boundOptions{section, e})
			continue
		}
		if e.Rule == "cs-options-field" {
			s.fields[name] = true
		}
		if prefix, ok := strings.CutPrefix(name, "ViperEnv."); ok && e.Rule == "go-viper-env" {
			source := e.Evidence[0].Source
			s.viper[source] = append(s.viper[source], boundOptions{prefix, e})
			continue
		}
		if constant, ok := strings.CutPrefix(name, "ViperConst."); ok && e.Rule == "go-viper-const" {
			constant, key, _ := strings.Cut(constant, ":")
			k := [2]string{e.Evidence[0].Source, constant}
			s.keys[k] = append(s.keys[k], boundOptions{key, e})
			continue
		}
		if b := s.v.Node(e.To); ok && b != nil && b.Attr(inventory.AttrAs) == "property" {
			r := propertyRead{file: n, edge: e, name: name, family: family}
			if member, ok := strings.CutPrefix(name, "IOptionsField."); ok && e.Rule == "cs-options-use" {
				class, field, _ := strings.Cut(member, ".")
				key := n.ID + "\x00" + class
				s.uses[key] = append(s.uses[key], field)
			}
			if e.Rule == "gradle-property" {
				r.family = &gradleFamily
			}
			s.reads = append(s.reads, r)
		}
	}
}

// join gives one read of a property what the property stands for. Options are what their class is bound to in the
// same source: a section of the configuration, or all of it. A property of such a class is one entry of the section.
func (s *settingsJoin) join(r propertyRead) {
	class, whole := strings.CutPrefix(r.name, "IOptions.")
	member, field := strings.CutPrefix(r.name, "IOptionsField.")
	switch {
	case r.edge.Rule == "go-viper-key":
		s.viperKey(r)
	case r.edge.Rule == "go-viper-use":
		s.viperConstant(r)
	case whole:
		s.bound(r, class, "*")
	case field && s.fields[r.name]:
		class, name, _ := strings.Cut(member, ".")
		s.bound(r, class, name)
	case !field:
		s.property(r)
	}
}

// viperKey reads the variable of a key of viper, where a file of its source lets viper take in the environment.
func (s *settingsJoin) viperKey(r propertyRead) {
	for _, b := range s.viper[r.edge.Evidence[0].Source] {
		name := r.name
		if b.section != "" {
			name = b.section + "." + name
		}
		s.relaxed(r.file, r.family, name, inventory.MergeEvidence(r.edge.Evidence, b.edge.Evidence), inventory.Medium)
	}
}

// viperConstant reads what a constant names that another file of the source defines as a key of viper.
func (s *settingsJoin) viperConstant(r propertyRead) {
	keys := s.keys[[2]string{r.edge.Evidence[0].Source, strings.TrimPrefix(r.name, "ViperUse.")}]
	if len(keys) > maxCandidates {
		return
	}
	for _, k := range keys {
		at := r
		at.name, at.edge.Evidence = k.section, inventory.MergeEvidence(r.edge.Evidence, k.edge.Evidence)
		s.viperKey(at)
	}
}

// bound reads one name, or all with "*", of the sections that a class is bound to.
func (s *settingsJoin) bound(r propertyRead, class, name string) {
	for _, b := range s.options[class] {
		if b.edge.Evidence[0].Source != r.edge.Evidence[0].Source || b.section == "" && name == "*" {
			continue
		}
		at := r
		at.name, at.edge.Confidence = strings.TrimPrefix(b.section+":"+name, ":"), inventory.Medium
		at.edge.Evidence = inventory.MergeEvidence(r.edge.Evidence, b.edge.Evidence)
		if name == "*" {
			at.except = map[string]bool{}
			for _, field := range s.uses[r.file.ID+"\x00"+class] {
				if !s.fields["IOptionsField."+class+"."+field] {
					continue // nothing else leads there
				}
				at.except[r.family.canonical(b.section+":"+field)] = true
			}
		}
		s.property(at)
	}
}

func (s *settingsJoin) property(r propertyRead) {
	for _, h := range s.hits(r) {
		if h.node.ID != r.edge.From {
			s.v.AddEdge(inventory.Edge{From: r.edge.To, To: h.node.ID, Kind: inventory.BoundFrom, Rule: "R11-setting", Confidence: h.sure,
				Evidence: inventory.MergeEvidence(r.edge.Evidence, h.node.Evidence)})
		}
		s.through(r, h, 0)
	}
	s.relaxed(r.file, r.family, r.name, r.edge.Evidence, r.edge.Confidence)
	s.fromVault(r)
}

// hit is an entry that a property stands for.
type hit struct {
	node *inventory.Node
	file *settingsFile
	sure inventory.Confidence
	at   []inventory.Evidence // of the entries on the way to it
}

// hits returns the entries of a property: those of the nearest module around the reader that has it, else those of the
// others.
func (s *settingsJoin) hits(r propertyRead) []hit {
	at := r.file.Evidence[0]
	test := IsTest(at.Path)
	var near, far []hit
	best := -1
	modules := map[string]bool{}
	for _, f := range s.files {
		if f.family != r.family || f.node.Evidence[0].Source != at.Source || f.test && !test {
			continue
		}
		found := f.find(r)
		if len(found) == 0 {
			continue
		}
		if !insideOf(at.Path, f.root) {
			modules[f.root] = true
			far = append(far, found...)
			continue
		}
		switch {
		case len(f.root) < best:
		case len(f.root) > best:
			near, best = found, len(f.root)
		default:
			near = append(near, found...)
		}
	}
	if len(near) > 0 {
		return near
	}
	if len(modules) > maxModules {
		return nil
	}
	for i := range far {
		far[i].sure = min(far[i].sure, inventory.Medium)
		if len(modules) > 1 {
			far[i].sure = inventory.Low
		}
	}
	return far
}

// maxModules bounds how many modules may have a property that code outside of them reads.
const maxModules = 5

func insideOf(file, root string) bool { return root == "" || strings.HasPrefix(file, root+"/") }

// find returns the entries of one file that a read means.
func (f *settingsFile) find(r propertyRead) []hit {
	var out []hit
	key := f.family.canonical(r.name)
	prefix, section := strings.CutSuffix(key, "*")
	if !section {
		for _, n := range f.entries[key] {
			out = append(out, hit{node: n, file: f, sure: inventory.High})
		}
		return out
	}
	for _, k := range sortedKeys(f.entries) {
		if strings.HasPrefix(k, prefix) && len(prefix) > 1 {
			for _, n := range f.entries[k] {
				if r.except[k] {
					continue
				}
				out = append(out, hit{node: n, file: f, sure: inventory.Medium})
			}
		}
	}
	return out
}

// through lets the reader of a property read the variables that its entry names, and the properties behind those.
func (s *settingsJoin) through(r propertyRead, h hit, depth int) {
	if h.node.Kind != inventory.Binding || depth > maxRunDepth {
		return
	}
	h.at = inventory.MergeEvidence(h.at, h.node.Evidence)
	sure := inventory.Weakest(h.sure, r.edge.Confidence)
	for _, e := range s.v.Out(h.node.ID, inventory.BoundFrom) {
		name, ok := strings.CutPrefix(e.To, h.file.node.ID+"/")
		if !ok {
			continue
		}
		at := slices.Concat(r.edge.Evidence, h.at)
		b := s.v.Node(e.To)
		s.read(r.file, name, sure, at, b)
		if b.Attr(inventory.AttrAs) == "property" {
			s.relaxed(r.file, r.family, name, at, sure)
			for _, next := range h.file.find(propertyRead{name: name}) {
				next.at, next.sure = h.at, min(next.sure, h.sure)
				if next.node != h.node {
					s.through(r, next, depth+1)
				}
			}
		}
	}
	if h.file.node.ID != r.file.ID {
		s.relaxed(r.file, r.family, h.node.Name, slices.Concat(r.edge.Evidence, h.at), sure)
	}
}

// relaxed lets a file read the variables, bound by some part, that set a property.
func (s *settingsJoin) relaxed(file *inventory.Node, family *settingsFamily, property string, at []inventory.Evidence, sure inventory.Confidence) {
	for _, name := range s.names.setting(family, property) {
		s.read(file, name, inventory.Weakest(sure, inventory.High), at, s.names.node[name])
	}
}

// relaxedFile lets a configuration file read the variables that override its entries.
func (s *settingsJoin) relaxedFile(f *settingsFile) {
	for _, key := range sortedKeys(f.entries) {
		for _, n := range f.entries[key] {
			if n.Kind == inventory.Binding {
				s.relaxed(f.node, f.family, n.Name, n.Evidence, inventory.High)
			}
		}
	}
}

// read adds a read of a variable to a file. Of the binding that it is like, what its name is held to be is kept.
func (s *settingsJoin) read(file *inventory.Node, name string, sure inventory.Confidence, at []inventory.Evidence, like *inventory.Node) {
	id := inventory.BindingID(file.ID, name)
	if s.v.Node(id) == nil {
		s.v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Evidence: at,
			Attrs: append(like.All(inventory.AttrClass), inventory.Attr{Key: inventory.AttrAs, Value: "env"})})
	}
	s.v.AddEdge(inventory.Edge{From: file.ID, To: id, Kind: inventory.Reads, Rule: "R11-setting", Confidence: sure, Evidence: at})
}

// fromVault joins a property with the entry of its name in a vault that the program takes in whole: Key Vault's
// providers turn Mail--Key into Mail:Key and mail-key into mail.key.
func (s *settingsJoin) fromVault(r propertyRead) {
	for _, vault := range s.vaults[r.file.Evidence[0].Source] {
		scope := strings.TrimSuffix(vault.To, "*")
		for _, name := range r.family.entries(r.name) {
			n := s.v.Node(scope + name)
			if n == nil || n.Kind != inventory.Slot {
				continue
			}
			s.v.AddEdge(inventory.Edge{From: r.edge.To, To: n.ID, Kind: inventory.BoundFrom, Rule: "R11-key-vault", Confidence: inventory.Medium,
				Evidence: inventory.MergeEvidence(vault.Evidence, n.Evidence)})
		}
	}
}
