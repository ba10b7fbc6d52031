package reports

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph/plan"
)

// writeICS writes when the entries of the register are due; without any, the windows that the runbooks propose.
func writeICS(w io.Writer, d *Document, o Options) error {
	if len(d.Calendar) == 0 && d.Plan != nil {
		return d.Plan.WriteICS(w)
	}
	events := slices.Clone(d.Calendar)
	for i := range events { // line breaks of a text that was made visible
		events[i].Details = strings.ReplaceAll(events[i].Details, `\n`, "\n")
	}
	return plan.WriteEvents(w, d.stamp(o), events)
}

// stamp is the moment of the report, as far as it is known: the plan's, the run's, or that of the newest source.
func (d *Document) stamp(o Options) time.Time {
	if d.Plan != nil {
		return d.Plan.Made
	}
	if !o.Now.IsZero() {
		return o.Now
	}
	t, err := time.Parse(time.RFC3339, d.Time)
	if err != nil {
		return time.Unix(0, 0)
	}
	return t
}
