package plan

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// WritePrometheus writes alert rules for the dependents whose last good run Prometheus can know: CronJobs, by
// kube-state-metrics (https://github.com/kubernetes/kube-state-metrics, docs/metrics/workload/cronjob-metrics.md).
// The others are named in comments, so that nobody takes silence for success.
func (p *Plan) WritePrometheus(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "# Alerts for dependents that did not succeed in time after a rotation.\ngroups:\n")
	for i := range p.Rotations {
		r := &p.Rotations[i]
		fmt.Fprintf(out, "  - name: %s\n    rules:", strconv.Quote("rotamap "+clean(r.Credential.Name)))
		rules := 0
		for j := range r.Watch {
			if writeAlert(out, r, &r.Watch[j]) {
				rules++
			}
		}
		if rules == 0 {
			fmt.Fprint(out, " []")
		}
		fmt.Fprintln(out)
		for _, x := range r.Watch {
			if x.Platform != "kubernetes" || x.Within == "" {
				fmt.Fprintf(out, "    # no metric is known for %s (%s): rotamap watch --runs FILE\n", clean(x.Name), clean(x.Platform))
			}
		}
	}
	return out.Flush()
}

func writeAlert(w io.Writer, r *Rotation, x *Watch) bool {
	within, err := time.ParseDuration(x.Within)
	if x.Platform != "kubernetes" || err != nil {
		return false
	}
	namespace, name, found := strings.Cut(x.Object, "/") // Kubernetes objects are called namespace/name where it is known
	if !found {
		namespace, name = x.Namespace, x.Object
	}
	selector := "cronjob=" + strconv.Quote(name)
	if namespace != "" {
		selector = "namespace=" + strconv.Quote(namespace) + "," + selector
	}
	expr := fmt.Sprintf("time() - kube_cronjob_status_last_successful_time{%s} > %d", selector, int(within.Seconds()))
	fmt.Fprintf(w, "\n      - alert: %s\n        expr: %s\n        for: 5m\n        labels:\n          severity: critical\n", alertName(x.Name), quoteYAML(expr))
	fmt.Fprintf(w, "        annotations:\n          summary: %s\n          description: %s",
		quoteYAML(x.Name+" has not succeeded since "+r.Credential.Name+" was rotated"),
		quoteYAML("It should run at least every "+x.Within+". Failure looks like: "+x.Failure+". Tell: "+strings.Join(x.Tell, ", ")))
	return true
}

var notInAlertName = regexp.MustCompile(`[^A-Za-z0-9]+`)

func alertName(name string) string {
	return "RotamapNoSuccess_" + strings.Trim(notInAlertName.ReplaceAllString(name, "_"), "_")
}

// quoteYAML writes a double-quoted scalar; templates of Prometheus in names are made harmless.
func quoteYAML(text string) string {
	return strconv.Quote(strings.ReplaceAll(clean(text), "{{", "{ {"))
}
