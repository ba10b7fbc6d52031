package kubernetes

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// volume is a volume whose files come from Secrets, ConfigMaps or the secrets store driver.
type volume struct {
	sources []volumeSource
	used    *bool // by a mount
}

// volumeSource is one Secret, ConfigMap or class that a volume shows.
type volumeSource struct {
	find  entry
	name  string
	items *tree.Node // key and path of each file; nil for all keys under their own names
	at    artifact.Place
	named []artifact.Place // of the name, and of the values in it
}

// withVolumes adds the volumes that a map declares to the scope, and returns those that are new.
func (o *object) withVolumes(n *tree.Node, at tree.Path, in scope) (scope, []volume) {
	list := n.Get("volumes")
	if !list.IsSeq() {
		return in, nil
	}
	volumes, own := map[string]volume{}, []volume(nil)
	for k, v := range in.volumes {
		volumes[k] = v
	}
	for i, item := range list.Items {
		v := volume{sources: o.volumeSources(item, at.Key("volumes").Index(i)), used: new(bool)}
		if len(v.sources) > 0 {
			volumes[item.Get("name").Str()] = v
			own = append(own, v)
		}
	}
	in.volumes = volumes
	return in, own
}

func (o *object) volumeSources(n *tree.Node, at tree.Path) []volumeSource {
	var out []volumeSource
	add := func(find entry, n *tree.Node, names ...string) {
		if n == nil {
			return
		}
		for _, key := range names {
			if text := n.Get(key).Str(); text != "" {
				out = append(out, volumeSource{find, text, n.Get("items"), artifact.At(n, at),
					append(given(n.Get(key)), on(n.Get(key), artifact.At(n, at)))})
				break
			}
		}
		o.skip(n)
	}
	for _, source := range append([]*tree.Node{n}, n.Get("projected", "sources").List()...) {
		add(o.secret, source.Get("secret"), "secretName", "name")
		add(o.configMap, source.Get("configMap"), "name")
	}
	if csi := n.Get("csi"); csi.Get("driver").Str() == "secrets-store.csi.k8s.io" {
		add(o.providerObject, csi.Get("volumeAttributes"), "secretProviderClass")
	}
	return out
}

// unmounted lets the object read the volumes that no container mounts: the pod does not start without them.
func (o *object) unmounted(volumes []volume) {
	for _, v := range volumes {
		if *v.used {
			continue
		}
		for _, s := range v.sources {
			for _, place := range append(s.named, s.at) {
				o.reads(s.find(o.namespace, s.name, "", s.at), "k8s-volume", inventory.Certain, place)
			}
		}
	}
}

// mounts reads volumeMounts: each key of a mounted Secret is a file.
func (c *part) mounts(n *tree.Node, at tree.Path, in scope) {
	if !n.IsSeq() {
		return
	}
	for i, m := range n.Items {
		v, ok := in.volumes[m.Get("name").Str()]
		mountPath := m.Get("mountPath").Str()
		if !ok || mountPath == "" || len(mountPath) > 1000 {
			continue
		}
		*v.used = true
		for _, s := range v.sources {
			c.mount(s, mountPath, m.Get("subPath").Str(), artifact.At(m, at.Index(i)))
		}
	}
}

func (c *part) mount(s volumeSource, mountPath, subPath string, at artifact.Place) {
	if subPath != "" {
		c.mountFile(s, mountPath, subPath, at)
		c.needs(c.id, "env", at) // a file mounted by subPath is not refreshed
		return
	}
	c.needs(c.id, "file", at)
	if s.items.List() == nil {
		c.fileFrom(path.Join(mountPath, "*"), s.find(c.namespace, s.name, "", at), at, s.named...)
		return
	}
	for _, item := range s.items.List() {
		target := item.Get("path").Str()
		if target == "" {
			target = item.Get("key").Str()
		}
		c.fileFrom(path.Join(mountPath, target), s.find(c.namespace, s.name, item.Get("key").Str(), at), at, append(s.named, on(item.Get("key"), s.at))...)
	}
}

// mountFile mounts the one file of a volume that subPath names.
func (c *part) mountFile(s volumeSource, mountPath, subPath string, at artifact.Place) {
	items := s.items.List()
	if items == nil {
		c.fileFrom(mountPath, s.find(c.namespace, s.name, subPath, at), at, s.named...)
		return
	}
	for _, item := range items {
		if target := item.Get("path").Str(); target == subPath {
			c.fileFrom(mountPath, s.find(c.namespace, s.name, item.Get("key").Str(), at), at, append(s.named, on(item.Get("key"), s.at))...)
		}
	}
}

// fileFrom binds a file to what the volume shows there; the mount, the volume's name of it and its key all say so.
func (c *part) fileFrom(file, id string, at artifact.Place, more ...artifact.Place) {
	if id == "" {
		return
	}
	b := container.File(c.facts, c.id, file, "k8s-volume", at)
	for _, place := range append([]artifact.Place{at}, more...) {
		c.facts.Edge(inventory.BoundFrom, b, id, "k8s-volume", inventory.Certain, place)
	}
	c.files[file] = b
}

// fileAt returns the binding of the mounted file that a path names, "" for none.
func (c *part) fileAt(file string) string {
	if !strings.HasPrefix(file, "/") {
		return ""
	}
	if b := c.files[path.Clean(file)]; b != "" {
		return b
	}
	return c.files[path.Join(path.Dir(file), "*")]
}

// providerObject returns the node of a file that a SecretProviderClass shows.
func (r *file) providerObject(namespace, class, object string, at artifact.Place) string {
	return r.entry("spc", namespace, class, object, at)
}
