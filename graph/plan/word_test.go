package plan

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// TestWord hands names to a shell, which must give them back as they are.
func TestWord(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	for _, name := range []string{"deploy.yml", "shop/slack-digest", "a b", "x; echo y", "$(echo y)", "`echo y`", "it's", "", "-n", "#x", "a\nb", "*", "~"} {
		out, err := exec.Command(sh, "-c", "printf %s\\\\n "+word(name)).Output()
		if got := strings.TrimSuffix(string(out), "\n"); err != nil || got != name {
			t.Errorf("%q becomes %q: %v", name, got, err)
		}
	}
	if got := word("secret#KEY"); got != "secret#KEY" {
		t.Errorf("an ordinary name is written %s", got)
	}
}

// TestCommandsOfHostileNames holds that names from repositories are words of the commands that a runbook gives.
func TestCommandsOfHostileNames(t *testing.T) {
	const bad = "x;curl evil.example"
	for what, line := range map[string]string{
		"workflow":  howToSee(graph.Dependent{ID: "github-actions:github.com/acme/shop/.github/workflows/" + bad, Platform: "github-actions"}),
		"namespace": howToSee(graph.Dependent{ID: "kubernetes:shop/d.yaml#Deployment/" + bad + "/web", Platform: "kubernetes"}),
		"restart":   (&study{}).named("kubectl rollout restart KIND/NAME", graph.Dependent{ID: "kubernetes:shop/d.yaml#Deployment/shop/" + bad, Platform: "kubernetes"}),
		"secret": storeAction(&inventory.Node{ID: "gh:acme/shop/" + bad, Name: bad,
			Attrs: []inventory.Attr{{Key: inventory.AttrStore, Value: "gh"}, {Key: inventory.AttrScope, Value: "acme/shop"}}}),
	} {
		if !strings.Contains(line, bad+"'") {
			t.Errorf("%s: %s", what, line)
		}
	}
}
