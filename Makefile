GO ?= go
export CGO_ENABLED = 0

.PHONY: help build test hostile race fuzz bench bench-peers bench-rescan lint docs eval reports-check ci-full release-check node-red

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "%-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the program into ./rotamap
	$(GO) build -trimpath -o rotamap ./cmd/rotamap

test: ## run all tests
	$(GO) test ./...

hostile: ## scan what is made to hang, crash or fill a scanner
	ROTAMAP_HOSTILE=1 $(GO) test ./scanner/ -run TestHostile -v -timeout 20m

race: ## run the tests under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short -timeout 60m ./...

fuzz: ## fuzz every format and the reader of packs for a minute each
	$(GO) test ./scanner/format/ -run '^$$' -fuzz FuzzFormats -fuzztime 60s -fuzzminimizetime 1x
	$(GO) test ./scanner/source/ -run '^$$' -fuzz FuzzRepository -fuzztime 60s -fuzzminimizetime 1x

bench: ## run the benchmarks ten times, for benchstat
	$(GO) test -run '^$$' -bench . -count 10 ./... | tee bench.txt

bench-peers: ## time this program and other scanners on repositories: REPOS="path..."
	./.ci/bench-peers $(REPOS)

bench-rescan: ## time a first scan and those after a commit and a fetch: REPOS="path..."
	./.ci/bench-rescan $(REPOS)

lint: ## check style and import rules
	./.ci/lint

docs: ## write the generated tables of docs/ anew
	$(GO) test ./scanner/format/ -run TestDocs -update

eval: ## score the labelled cases (needs ../shared/eval)
	./.ci/eval

node-red: ## create flows in a real Node-RED and scan them (needs node and npm)
	./.ci/node-red

reports-check: ## read the reports of the demo with third-party programs (needs node, npm and dot)
	./.ci/reports-check

release-check: ## check the release configuration and build a snapshot
	./.ci/release-check

ci-full: race hostile lint fuzz eval node-red reports-check release-check ## everything, the slow half too
