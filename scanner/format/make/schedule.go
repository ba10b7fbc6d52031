package make

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// when says whether the scenario is switched on, and when it runs. The editor's export says neither.
func (s *scenario) when(o export.Object) {
	for _, n := range []*tree.Node{o.Node, o.Around} {
		for _, key := range []string{"isActive", "isactive", "active"} {
			if v := n.Get(key); v.Str() == "true" || v.Str() == "false" {
				s.f.Attr(s.id, inventory.AttrActive, v.Str(), "", artifact.At(v, o.Path))
			}
		}
		scheduling := n.Get("scheduling")
		if inner := export.Inner(s.f.Artifact, scheduling); inner != nil {
			scheduling = inner
		}
		at := artifact.At(scheduling, o.Path.Key("scheduling"))
		if text := schedule(scheduling); text != "" {
			s.f.Attr(s.id, inventory.AttrSchedule, text, "", at)
		}
		if scheduling.Get("type").Str() == "immediately" {
			s.f.Attr(s.id, inventory.AttrTrigger, "instant", "", at)
		}
	}
	if v := o.Node.Get("metadata", "instant"); v.Str() == "true" {
		s.f.Attr(s.id, inventory.AttrTrigger, "instant", "", artifact.At(v, o.Path.Key("metadata").Key("instant")))
	}
}

// schedule returns the text of a scheduling object: an interval in seconds, or a time of the day.
func schedule(n *tree.Node) string {
	minute, hour := 0, 0
	if h, m, ok := strings.Cut(n.Get("time").Str(), ":"); ok {
		hour, _ = strconv.Atoi(h)
		minute, _ = strconv.Atoi(m)
	}
	switch n.Get("type").Str() {
	case "indefinitely":
		seconds, _ := strconv.Atoi(n.Get("interval").Str())
		return export.Interval(seconds)
	case "daily":
		return fmt.Sprintf("%d %d * * *", minute, hour)
	case "weekly":
		return fmt.Sprintf("%d %d * * %s", minute, hour, numbers(n.Get("days"), "1"))
	case "monthly":
		return fmt.Sprintf("%d %d %s * *", minute, hour, numbers(n.Get("dates"), "1"))
	}
	return ""
}

func numbers(n *tree.Node, byDefault string) string {
	var out []string
	for _, d := range n.List() {
		if v, err := strconv.Atoi(d.Str()); err == nil {
			out = append(out, strconv.Itoa(v))
		}
	}
	if len(out) == 0 {
		return byDefault
	}
	return strings.Join(out, ",")
}
