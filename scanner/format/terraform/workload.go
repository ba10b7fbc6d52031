package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// workloads are the resources that run: each is an automation of its own.
var workloads = map[string]bool{
	"aws_lambda_function": true, "aws_ecs_task_definition": true, "aws_apprunner_service": true, "aws_batch_job_definition": true,
	"aws_codebuild_project": true, "aws_glue_job": true, "aws_scheduler_schedule": true, "aws_cloudwatch_event_rule": true,
	"aws_sfn_state_machine":             true,
	"aws_elastic_beanstalk_environment": true, "aws_sagemaker_model": true, "aws_amplify_app": true, "aws_lightsail_container_service_deployment_version": true,
	"google_cloud_run_service": true, "google_cloud_run_v2_service": true, "google_cloud_run_v2_job": true, "google_cloudfunctions_function": true,
	"google_cloudfunctions2_function": true, "google_cloud_scheduler_job": true, "google_cloudbuild_trigger": true, "google_app_engine_standard_app_version": true,
	"azurerm_function_app": true, "azurerm_linux_function_app": true, "azurerm_windows_function_app": true, "azurerm_app_service": true,
	"azurerm_linux_web_app": true, "azurerm_windows_web_app": true, "azurerm_container_app": true, "azurerm_container_app_job": true,
	"azurerm_container_group": true, "kubernetes_deployment": true, "kubernetes_deployment_v1": true, "kubernetes_cron_job": true,
	"kubernetes_cron_job_v1": true, "kubernetes_job": true, "kubernetes_job_v1": true, "kubernetes_stateful_set": true, "kubernetes_stateful_set_v1": true,
	"kubernetes_daemonset": true, "kubernetes_daemon_set_v1": true, "nomad_job": true, "helm_release": true, "docker_container": true,
	"digitalocean_app": true, "fly_machine": true, "heroku_app": true, "vercel_project": true, "render_web_service": true,
}

// workload reads a resource that runs: its environment, its schedule, and any other argument.
func (m *module) workload(b *hclsyntax.Block) {
	name := address(b)
	place := at(b.DefRange(), name)
	w := &running{module: m, block: b, id: inventory.PartID(m.whole, name), place: place}
	if b.Labels[0] == "aws_sfn_state_machine" {
		w.machine()
	}
	w.body(b.Body, name, 0)
	if w.added {
		w.tagged(b.Body, name, "resource-tags", func(artifact.Place) string { return w.id })
	}
}

// running is a workload while it is read. It is added when something of it is of interest.
type running struct {
	*module
	block *hclsyntax.Block
	id    string
	place artifact.Place
	added bool
}

func (w *running) add() string {
	if !w.added {
		w.added = true
		w.AutomationID(w.id, address(w.block), w.place)
		w.Attr(w.id, inventory.AttrNeeds, "redeploy", "", w.place)
		w.Cover(w.id, w.block.Range().Start.Line, w.block.Range().End.Line)
	}
	return w.id
}

// body reads attributes and inner blocks.
func (w *running) body(body *hclsyntax.Body, route string, depth int) {
	if depth > 12 || w.variable(body, route) {
		return
	}
	for _, attr := range ordered(body) {
		if !skipped[attr.Name] && w.spend() {
			w.attribute(attr.Name, attr.Expr, route+"."+attr.Name, body)
		}
	}
	for _, inner := range body.Blocks {
		if !skipped[inner.Type] && !w.dynamic(inner, route) {
			w.body(inner.Body, route+"."+inner.Type, depth+1)
		}
	}
}

func (w *running) attribute(name string, e hclsyntax.Expression, pointer string, body *hclsyntax.Body) {
	switch name {
	case "schedule", "schedule_expression", "cron_tab":
		w.schedule(e, pointer, body)
	case "variables", "environment_variables", "app_settings", "runtime_environment_variables", "runtime_environment_secrets", "env", "env_vars", "config_vars", "sensitive_config_vars", "env_variables":
		w.environment(e, pointer)
	case "image", "image_uri":
		if text := w.text(e); text != "*" {
			if id := container.ImageNode(w.Facts, text, at(e.Range(), pointer)); id != "" {
				w.Edge(inventory.Runs, w.add(), id, "terraform-image", inventory.Certain, at(e.Range(), pointer))
			}
		}
	case "container_definitions", "container_properties":
		w.containerFile(e, pointer)
		w.expression(name, e, pointer)
		for _, l := range w.localsIn(e, 0) {
			w.Within(at(e.Range(), pointer), func() { w.definitions(l, pointer) })
		}
	default:
		w.expression(name, e, pointer)
	}
}

// schedule reads when the workload runs.
func (w *running) schedule(e hclsyntax.Expression, pointer string, body *hclsyntax.Body) {
	text := w.text(e)
	if text == "" || text == "*" {
		return
	}
	zone := ""
	for _, name := range []string{"time_zone", "timezone", "schedule_expression_timezone"} {
		if attr := body.Attributes[name]; attr != nil {
			zone = w.text(attr.Expr)
		}
	}
	if zone == "" && strings.HasPrefix(w.block.Labels[0], "aws_") {
		zone = "UTC"
	}
	w.Attr(w.add(), inventory.AttrSchedule, text, zone, at(e.Range(), pointer))
}

// environment reads a set of variables.
func (w *running) environment(e hclsyntax.Expression, pointer string) {
	for _, v := range w.environmentOf(e, 0) {
		if w.spend() {
			w.module.bound[pointer+"."+v.name] = true
			w.bind(v.name, v.value, pointer+"."+v.name)
		}
	}
}

// variable reads a block that is one variable: env { name, value | value_from ... }, environment_variable { ... },
// set_sensitive { ... }, secret_environment_variables { key, secret }. It reports whether the block is one.
func (w *running) variable(body *hclsyntax.Body, route string) bool {
	name := body.Attributes["name"]
	if name == nil {
		name = body.Attributes["key"]
	}
	if name == nil {
		return false
	}
	if !variableBlocks[route[strings.LastIndexByte(route, '.')+1:]] {
		return false
	}
	key := w.text(name.Expr)
	if strings.Contains(key, "*") || key == "" {
		return true
	}
	for _, attr := range []string{"value", "value_from", "secret"} {
		e := attribute(body, attr)
		if e == nil {
			continue
		}
		if r, ok := w.buildEntry(body, e); ok {
			w.bound(key, at(e.Range(), route), w.storeSlot(r, w.block), "terraform-env")
			continue
		}
		if attr == "secret" {
			w.named("gcp-sm", key, e, route)
			continue
		}
		w.bind(key, e, route+"."+key)
	}
	for _, inner := range body.Blocks {
		w.source(key, inner, route, 0)
	}
	return true
}

// variableBlocks are the blocks that are one variable each.
var variableBlocks = map[string]bool{
	"env": true, "environment_variable": true, "environment_variables": true, "secret_environment_variables": true, "set": true,
	"set_sensitive": true, "set_wo": true, "secret": true, "init_env": true,
}

// buildEntry reads the store that a CodeBuild variable takes its value from.
func (w *running) buildEntry(body *hclsyntax.Body, value hclsyntax.Expression) (inventory.SlotRef, bool) {
	text := w.text(value)
	switch literal(body.Attributes["type"]) {
	case "PARAMETER_STORE":
		return inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(text, "/")}, text != "*"
	case "SECRETS_MANAGER":
		name, rest, _ := strings.Cut(text, ":")
		if r, ok := arn(text); ok {
			return r, true
		}
		key, _, _ := strings.Cut(rest, ":")
		return inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: name, Key: key}, text != "*"
	}
	return inventory.SlotRef{}, false
}

// source reads value_from { secret_key_ref { name, key } } and value_source { secret_key_ref { secret, version } }.
func (w *running) source(key string, b *hclsyntax.Block, route string, depth int) {
	if b.Type == "secret_key_ref" {
		if e := attribute(b.Body, "secret"); e != nil {
			w.named("gcp-sm", key, e, route)
			return
		}
		e := attribute(b.Body, "name")
		if e == nil {
			return
		}
		if strings.HasPrefix(w.block.Labels[0], "google_") {
			w.named("gcp-sm", key, e, route)
			return
		}
		w.kubernetesKey(key, b, e, route)
		return
	}
	for _, inner := range b.Body.Blocks {
		if depth < 5 {
			w.source(key, inner, route, depth+1)
		}
	}
}

func (w *running) kubernetesKey(key string, b *hclsyntax.Block, e hclsyntax.Expression, route string) {
	place := at(e.Range(), route+"."+key)
	r := inventory.SlotRef{Store: "k8s", Scope: "*/*", Name: w.text(e), Key: w.name(b, "key")}
	if r.Name != "*" {
		w.bound(key, place, w.storeSlot(r, w.block), "terraform-env")
		return
	}
	w.bind(key, e, route+"."+key)
}

// named binds a variable to an entry that an expression names: by its block, or by its text.
func (w *running) named(storeName, key string, e hclsyntax.Expression, route string) {
	if _, ok := w.traversal(e); ok {
		w.bind(key, e, route+"."+key)
		return
	}
	text := w.text(e)
	if strings.Trim(text, "*") == "" {
		return
	}
	r := inventory.SlotRef{Store: storeName, Scope: "*", Name: text}
	if found := detect.StoreReferences(text); len(found) > 0 {
		r = found[0].Slot
	}
	w.bound(key, w.in(e.Range(), route+"."+key), w.storeSlot(r, w.block), "terraform-env")
}

func (w *running) bound(name string, place artifact.Place, to, rule string) {
	b := container.Env(w.Facts, w.add(), name, rule, place)
	w.Edge(inventory.BoundFrom, b, to, rule, inventory.Certain, place)
}

// bind reads the value of one variable: credentials and entries that it names, or a literal.
func (w *running) bind(name string, e hclsyntax.Expression, pointer string) {
	place := w.in(e.Range(), pointer)
	refs := append(w.references(e, pointer, strong(name)), w.pointers(e, pointer)...)
	if len(refs) == 0 {
		value := literalValue(e)
		if value == "" || detect.ClassifyName(name).Score < 1 && !urlWithUser(value) {
			return
		}
		container.Value(w.Facts, container.Env(w.Facts, w.add(), name, "terraform-env", place), pointer, name, value, place)
		return
	}
	for _, r := range refs {
		w.bound(name, r.at, r.id, "terraform-env")
	}
}

// pointers lists the entries that an expression names by id, ARN or name.
func (m *module) pointers(e hclsyntax.Expression, where string) []reference {
	var out []reference
	for _, t := range m.traversals(e) {
		if name, k := m.classify(t); k == pointer {
			place := m.in(t.SourceRange(), where)
			out = append(out, reference{id: m.slot(name, place), at: place})
		}
	}
	if len(out) == 0 {
		if r, ok := arn(m.text(e)); ok && len(m.addresses(e, where)) == 0 && strings.Trim(r.Name, "*") != "" {
			place := m.in(e.Range(), where)
			out = append(out, reference{id: m.storeSlotAt(r, place), at: place})
		}
	}
	return out
}

func (m *module) storeSlotAt(r inventory.SlotRef, place artifact.Place) string {
	if strings.Contains(r.Name+r.Key, "*") {
		return container.Glob(m.Facts, r, place)
	}
	return m.Slot(r, place)
}
