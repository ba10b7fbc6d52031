package plan

import (
	"strings"

	"github.com/rotamap/rotamap/graph"
)

// pauses says how what would run in a window is kept from it, and how it is let run again. NAME, NS and FILE are filled
// in. Sources: the manual pages of the commands named.
var pauses = map[string][2]string{
	"github-actions": {"gh workflow disable FILEREPO", "gh workflow enable FILEREPO"},
	"kubernetes": {`kubectl patch cronjob NAMENS -p '{"spec":{"suspend":true}}'`,
		`kubectl patch cronjob NAMENS -p '{"spec":{"suspend":false}}' (runs that it missed may start at once)`},
	"n8n":            {"switch the workflow NAME off", "switch the workflow NAME on"},
	"airflow":        {"airflow dags pause NAME", "airflow dags unpause NAME"},
	"make":           {"switch the scenario NAME off", "switch the scenario NAME on"},
	"zapier":         {"switch the Zap NAME off", "switch the Zap NAME on"},
	"power-automate": {"turn the flow NAME off", "turn the flow NAME on"},
	"crontab":        {"comment the line of NAME out", "put the line of NAME back"},
	"systemd":        {"stop the timer of NAME", "start the timer of NAME"},
	"gitlab-ci":      {"deactivate the pipeline schedule that starts NAME", "activate the pipeline schedule that starts NAME"},
	"jenkins":        {"disable the job NAME", "enable the job NAME"},
}

// paused lists the dependents that would run in the window, surest first.
func (s *study) paused(w *Window) []graph.Dependent {
	met := map[string]bool{}
	for _, r := range w.Overlaps {
		met[r.Dependent] = true
	}
	var out []graph.Dependent
	for _, d := range s.autos {
		if met[d.ID] {
			out = append(out, d)
		}
	}
	return out
}

// pause is the step before a window that is not quiet; resume is the one after it.
func (s *study) pause(all []graph.Dependent) Step {
	return Step{Phase: PhaseWindow, Title: "Pause what would run in the window", Do: s.pauseHow(all, 0),
		Rollback: "let them run again: " + strings.Join(s.pauseHow(all, 1), "; ")}
}

func (s *study) resume(all []graph.Dependent) Step {
	return Step{Phase: PhaseWindow, Title: "Let run again what was paused", Do: s.pauseHow(all, 1),
		Rollback: "pause them again: " + strings.Join(s.pauseHow(all, 0), "; ")}
}

func (s *study) pauseHow(all []graph.Dependent, which int) []string {
	var out []string
	for _, d := range all {
		text, ok := pauses[d.Platform]
		if !ok {
			text = [2]string{"pause NAME, or let its owner do so", "let NAME run again"}
		}
		name := s.label(d)
		switch d.Platform {
		case "kubernetes":
			name = word(objectName(d.ID))
		case "airflow":
			name = word(name)
		}
		out = append(out, strings.NewReplacer("NAME", name, "NS", namespaceFlag(d.ID), "FILE", word(fileOf(d.ID)), "REPO", repoFlag(repoOf(d.ID))).Replace(text[which]))
	}
	return out
}

// objectName is the name of a Kubernetes object, from its id.
func objectName(id string) string { return id[strings.LastIndexByte(id, '/')+1:] }

// repoOf is the owner and the name of the repository on GitHub that an automation's id names; "" where it names none.
func repoOf(id string) string {
	_, rest, ok := strings.Cut(id, ":github.com/")
	parts := strings.SplitN(rest, "/", 3)
	if !ok || len(parts) < 3 {
		return ""
	}
	return parts[0] + "/" + parts[1]
}
