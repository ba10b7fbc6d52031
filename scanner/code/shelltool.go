package code

import (
	"path"
	"strings"
)

// tools are the programs that load files of a source by convention rather than by name, with what they are: a runner of
// tests finds its tests, a bundler its configuration and the application, a tool of a database its configuration. The
// files are graph/resolve's. Sources: the documentation of each.
var tools = map[string]string{
	"pytest": "test", "py.test": "test", "behave": "test", "nose2": "test", "robot": "test", "locust": "test",
	"jest": "test", "vitest": "test", "mocha": "test", "ava": "test", "cypress": "test", "playwright": "test", "wdio": "test", "testcafe": "test",
	"nightwatch": "test", "karma": "test", "tap": "test", "codeceptjs": "test", "cucumber-js": "test", "detox": "test",
	"rspec": "test", "cucumber": "test", "phpunit": "test", "pest": "test", "behat": "test", "codecept": "test", "gotestsum": "test", "ginkgo": "test",
	"next": "build", "nuxt": "build", "nuxi": "build", "vite": "build", "astro": "build", "remix": "build", "react-router": "build", "gatsby": "build",
	"webpack": "build", "rollup": "build", "vue-cli-service": "build", "react-scripts": "build", "craco": "build", "svelte-kit": "build", "ng": "build",
	"eleventy": "build", "docusaurus": "build", "vitepress": "build", "storybook": "build", "parcel": "build", "tsup": "build", "gulp": "build", "grunt": "build",
	"expo": "build", "eas": "build", "nest": "build", "strapi": "build", "medusa": "build", "quasar": "build", "redwood": "build", "rw": "build", "vinxi": "build",
	"electron-builder": "build", "electron-forge": "build", "wrangler": "build", "opennextjs-cloudflare": "build",
	"prisma": "database", "drizzle-kit": "database", "knex": "database", "typeorm": "database", "sequelize": "database", "sequelize-cli": "database",
	"mikro-orm": "database", "mikro-orm-esm": "database", "node-pg-migrate": "database", "alembic": "database", "graphql-codegen": "database",
	"semantic-release": "release", "release-it": "release", "goreleaser": "release", "fastlane": "fastlane",
	"serverless": "deploy", "sls": "deploy", "ansible-playbook": "deploy",
}

// launched are sub-commands of other programs that are tools of the same kinds.
var launched = map[string]string{
	"go test": "test", "cargo test": "test", "cargo nextest": "test", "mix test": "test", "dotnet test": "test", "deno test": "test", "bun test": "test",
	"node --test": "test", "rails test": "test", "rails spec": "test", "artisan test": "test", "swift test": "test", "flutter test": "test",
	"mvn spring-boot:run": "app", "mvnw spring-boot:run": "app", "mvn exec:java": "app", "mvnw exec:java": "app", "mvn quarkus:dev": "app", "gradle bootRun": "app", "gradlew bootRun": "app",
	"gradle run": "app", "gradlew run": "app", "dotnet run": "app", "cargo run": "app", "dotnet watch": "app", "sbt run": "app",
	"mvn test": "test", "mvn verify": "test", "mvnw test": "test", "mvnw verify": "test", "gradle test": "test", "gradle check": "test", "gradlew test": "test",
	"gradlew check": "test", "tox": "test", "nox": "test", "yarn cypress": "test", "yarn playwright": "test", "yarn jest": "test", "yarn vitest": "test",
	"pnpm playwright": "test", "pnpm cypress": "test", "pnpm vitest": "test", "pnpm jest": "test", "yarn next": "build", "pnpm next": "build", "yarn prisma": "database",
	"pnpm prisma": "database", "yarn knex": "database", "pnpm knex": "database", "yarn typeorm": "database", "pnpm typeorm": "database",
}

// deployNames are the tools that fill a file from their environment and deploy what it says, under one name each.
var deployNames = map[string]string{"serverless": "serverless", "sls": "serverless", "ansible-playbook": "ansible"}

// composed emits a run of Compose, which fills the variables of its files in a folder from the environment.
func (s *script) composed(file string, inv *invocation) {
	if s.dir == "*" || strings.ContainsAny(file, "$*") {
		return
	}
	dir := s.dir
	if d := path.Dir(file); d != "." {
		dir = s.folderOf(d)
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "tool", Path: "deploy:compose", Dir: dir, Offset: inv.at, Env: inv.env})
}

// tool emits a run of a program that loads files by convention, in the folder where it runs.
func (s *script) tool(inv *invocation) {
	name := inv.name()
	kind := tools[name]
	switch {
	case name == "python" || name == "python3":
		if inv.arg(1) == "-m" && tools[inv.arg(2)] == "test" || inv.arg(1) == "-m" && inv.arg(2) == "unittest" {
			kind = "test"
		}
	case kind == "":
		kind = launched[name]
		for _, w := range inv.words[min(1, len(inv.words)):] {
			if kind != "" || strings.HasPrefix(w.text, "-") && w.text != "--test" {
				break
			}
			kind = launched[name+" "+w.text]
		}
	}
	if kind == "" || s.dir == "*" {
		return
	}
	dir := s.dir
	if w, ok := inv.flag("--project", "--manifest-path", "-f", "--file"); ok && kind == "app" {
		dir = s.folderOf(strings.TrimSuffix(strings.TrimSuffix(w.text, "/pom.xml"), "/Cargo.toml"))
		if strings.HasSuffix(dir, "proj") {
			dir = s.folderOf(path.Dir(w.text))
		}
	}
	if w, ok := inv.flag("--prefix", "-C", "--cwd", "--dir", "--rootdir", "--project-directory"); ok && name != "pytest" {
		dir = s.folderOf(w.text)
	}
	if kind == "deploy" {
		name = deployNames[name]
	}
	s.out.Runs = append(s.out.Runs, Run{Kind: "tool", Path: kind + ":" + name, Dir: dir, Offset: inv.at, Env: inv.env})
}

// InFolder reports whether a run means the files that its program looks for in a folder, not a file that it names.
func (r Run) InFolder() bool { return r.Kind == "client" || r.Kind == "fill" || r.Kind == "tool" }
