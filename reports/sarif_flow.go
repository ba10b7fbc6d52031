package reports

import (
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// sarifFlows is how many ways from a value to an automation one result shows.
const sarifFlows = 10

// flows lists the ways on which a change of the credential travels, from the value to each automation. They stand at
// the first place of a credential only: at the others they would say the same.
func (s *sarifWriter) flows(l Literal) []sarifCodeFlow {
	c := s.d.Credential(l.Credential)
	if c == nil || s.flown[c.id] {
		return nil
	}
	s.flown[c.id] = true
	var out []sarifCodeFlow
	impact := s.d.Impact(c)
	names := automationNames(impact)
	for _, d := range impact.Dependents {
		if d.Kind != inventory.Automation || d.Certainty != graph.CertaintyBreaks || len(out) == sarifFlows {
			continue
		}
		steps := []sarifFlowStep{{location(l.Evidence)}}
		for _, e := range slices.Backward(d.Path) {
			if e.Kind == inventory.PartOf || len(e.Evidence) == 0 {
				continue
			}
			at := location(e.Evidence[0])
			at.Message = &sarifText{Plain(hopText(e, names))}
			steps = append(steps, sarifFlowStep{at})
		}
		out = append(out, sarifCodeFlow{sarifText{Plain("to " + nameOr(d.Name, d.ID))}, []sarifThreadFlow{{steps}}})
	}
	return out
}
