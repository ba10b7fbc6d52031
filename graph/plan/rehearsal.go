package plan

import "strings"

// rehearsal rotates in the highest environment below production that the credential's places belong to.
func (s *study) rehearsal() Rehearsal {
	env := s.lowerEnvironment()
	var names []string
	for _, d := range s.autos {
		if env != "" && d.Environment == env {
			names = append(names, s.label(d))
		}
	}
	r := Rehearsal{Environment: env, Steps: []string{}}
	switch {
	case env == "" && s.do.Class == "D":
		r.Steps = append(r.Steps, "no place of this credential lies in a lower environment, and a second value ends the first: rehearse with a credential of its own (a second app, account or project) and one dependent")
	case env == "":
		r.Steps = append(r.Steps, "no place of this credential lies in a lower environment: rehearse with a second value and one dependent, or on a copy")
	case s.do.Class == "D":
		r.Steps = append(r.Steps, env+" shares the value with production, and the old value dies when the new one is made: give "+env+" a credential of its own, and rehearse with that")
	default:
		r.Steps = append(r.Steps, "put the new value into the places of "+env+" only; everything else keeps the old one")
	}
	if len(names) > 0 {
		r.Steps = append(r.Steps, "run each of them once: "+strings.Join(names, ", "))
	} else {
		r.Steps = append(r.Steps, "run one dependent with it and look at its result")
	}
	return Rehearsal{env, append(r.Steps,
		"then hand one of them a wrong value on purpose and see that its alert fires: name the alert here before you begin",
		"put the right value back and see that it recovers")}
}

func (s *study) lowerEnvironment() string {
	best := ""
	for _, slot := range s.c.Slots {
		e := s.environmentOf(slot)
		if s.filledFrom(slot) != "" {
			continue // it follows its source: nothing can be rehearsed there
		}
		if e != "production" && e != "unknown" && (best == "" || environmentRank(e) > environmentRank(best)) {
			best = e
		}
	}
	return best
}

func undoRehearsal(environment string) string {
	if environment == "" {
		return "throw the copy or the second value away"
	}
	return "put the old value back in " + environment
}

func orLower(environment string) string {
	if environment == "" {
		return "on a copy"
	}
	return "in " + environment
}
