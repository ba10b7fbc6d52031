package helm

import "maps"

// merged is merge, of which the first map wins, and mergeOverwrite, of which the last does. Both change the first one: where
// that is the chart's own root, its values are others from there on, as charts of libraries make use of.
func merged(last bool) function {
	return func(e *evaluation, args []value, _ *scope) value {
		out := value{}
		for _, a := range args {
			switch {
			case a.kind == unknown || a.kind == text || a.kind == list:
			case out.kind == unknown:
				out = a
			default:
				out = e.merge(out, a, last)
			}
		}
		return out
	}
}

func (e *evaluation) merge(a, b value, last bool) value {
	switch {
	case a.kind == node && b.kind == node:
		over, under := a.node, b.node
		if last {
			over, under = under, over
		}
		a.node = overlay(over, under)
	case a.kind == object && a.object == "root" && b.kind == dict:
		if v := b.dict["Values"]; v.kind == node {
			own := value{kind: node, node: e.world}
			if e.world == nil {
				own = v
			}
			e.world = e.merge(own, v, last).node
		}
	case a.kind == dict && b.kind == dict:
		a.dict = maps.Clone(a.dict)
		for key, v := range b.dict {
			if _, ok := a.dict[key]; !ok || last {
				a.dict[key] = v
			}
		}
	case a.kind == dict && b.kind == object:
		return a
	case last:
		return b
	}
	return a
}
