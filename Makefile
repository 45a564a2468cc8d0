# Werkraum. `make` alone lists what there is.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The binary is always built like this: without cgo, so that it runs anywhere, and with
# mautrix's own implementation of the encryption (goolm), which needs no C library.
TAGS := goolm
export CGO_ENABLED := 0
BUILD := go build -tags $(TAGS) -trimpath -ldflags='-s -w'
# Packages without real servers in their tests, cheap enough for the race detector.
PURE := ./workspace/... ./bots/... ./config/... ./bridges/...
# How long each fuzz target runs, and how long `make chaos` lasts.
FUZZ ?= 200000
CHAOS_FOR ?= 10m

WEB := widgets/web
WEB_SOURCES := $(shell find $(WEB) \( -name node_modules -o -name dist -o -name test-results -o -name playwright-report \) -prune -o -type f -print)

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

##### use

.PHONY: demo
demo: bin/demo ## two homeservers, Werkraum and an example room; settings: DEMO_DIR, DEMO_PORT_OFFSET
	@exec bin/demo

.PHONY: bin/demo
bin/demo: build dendrite
	@go build -tags $(TAGS) -o $@ ./deploy/demo

.PHONY: build
build: web ## the binary, with its pages inside: bin/werkraum, and its bill of materials
	@echo 'building bin/werkraum'
	@$(BUILD) -o bin/werkraum .
	@go run ./deploy/sbom bin/werkraum bin/werkraum.cdx.json

.PHONY: sbom
sbom: build ## the bill of materials of the binary and its pages (CycloneDX): bin/werkraum.cdx.json

.PHONY: web
web: require $(WEB)/dist/index.html ## the pages: widgets/web/dist

.PHONY: require
require:
	@deploy/require.sh

$(WEB)/node_modules/.package-lock.json: $(WEB)/package.json $(WEB)/package-lock.json
	@echo 'installing the npm packages of the pages'
	@cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo 'building the pages'
	@cd $(WEB) && npm run --silent build
	@touch $@

##### check and test

# Built from the module's sums: a new version there is a new linter here.
.cache/tools/golangci-lint: deploy/tools/go.sum
	@echo 'building golangci-lint, once'
	@cd deploy/tools && go build -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

.PHONY: check check-format check-modules check-lint check-rules check-web
check: check-format check-modules check-lint check-rules check-web ## all that is told without running the program: format, types, linters, licences
	@echo 'check: all is well'

check-format: require
	@echo '--- gofmt'
	@unformatted=$$(git ls-files -z '*.go' | xargs -0 gofmt -l); if [ -n "$$unformatted" ]; then echo "not formatted (run make fix): $$unformatted"; exit 1; fi

check-modules: require
	@echo '--- go mod tidy'
	@# Sums alone may differ (go.mod is listed first): which tests of a dependency's dependency can
	@# be fetched differs from proxy to proxy, hence -e too. A sum that is needed is missed by the build.
	@mkdir -p .cache; go mod tidy -e -diff >.cache/tidy.diff 2>.cache/tidy.log || head -n 1 .cache/tidy.diff | grep -q '^diff current/go\.sum' || \
		{ cat .cache/tidy.log .cache/tidy.diff; exit 1; }

check-lint: web .cache/tools/golangci-lint
	@echo '--- golangci-lint'
	@.cache/tools/golangci-lint run --allow-parallel-runners ./... # another clone may be checked meanwhile

check-rules: web
	@echo '--- imports point inward'
	@go run ./deploy/check/imports
	@echo '--- one way out'
	@go run ./deploy/check/outgoing
	@echo '--- texts in both languages'
	@go run ./deploy/check/texts
	@echo '--- licences'
	@go run ./deploy/check/licences
	@echo '--- weight of the page'
	@cd $(WEB) && npm run --silent size >/dev/null || { npm run --silent size; exit 1; }

check-web: $(WEB)/node_modules/.package-lock.json
	@echo '--- types, eslint, prettier'
	@cd $(WEB) && npm run --silent check

.cache/tools/govulncheck: deploy/vuln/go.sum
	@echo 'building govulncheck, once'
	@cd deploy/vuln && GOFLAGS= go build -o ../../$@ golang.org/x/vuln/cmd/govulncheck
	@touch $@

.PHONY: audit
audit: require .cache/tools/govulncheck ## known vulnerabilities in what is delivered (docs/dependencies.md); needs data from outside; AUDIT=-ci forgives if there is none
	@go build -o .cache/tools/audit ./deploy/check/audit
	@.cache/tools/audit $(AUDIT)

.PHONY: fix
fix: require $(WEB)/node_modules/.package-lock.json .cache/tools/golangci-lint ## format everything, and change what the linters can change by themselves
	@gofmt -w $$(git ls-files '*.go')
	@.cache/tools/golangci-lint run --fix ./... || true
	@cd $(WEB) && npm run --silent format

.PHONY: test
test: test-tools build dendrite synapse ## all tests, against real homeservers, both databases and a real browser
	@echo '--- go test'
	@go vet -tags $(TAGS) ./... # compiles all at once; then one package after the other has the machine
	@# -count=1: some tests build the program themselves, and Go would answer for them from its
	@# cache although the program has changed
	@go test -tags $(TAGS) -count=1 -p 1 -timeout 25m ./...
	@echo '--- go test -race'
	@CGO_ENABLED=1 go test -tags $(TAGS) -race -timeout 15m $(PURE)
	@echo '--- unit tests of the pages'
	@cd $(WEB) && npm test
	@echo '--- end to end, in Chromium'
	@$(MAKE) --no-print-directory e2e

.PHONY: e2e
e2e: bin/demo ## only the end-to-end tests in Chromium
	@cd $(WEB) && npm run e2e

.PHONY: pictures
pictures: bin/demo ## take the pictures of the handbook anew: docs/images; look at each before committing it
	@cd $(WEB) && PICTURES=$(CURDIR)/docs/images npm run e2e -- pictures

.PHONY: fuzz
fuzz: ## every fuzz target with FUZZ (200000) inputs
	@deploy/fuzz.sh $(TAGS) $(FUZZ)

.PHONY: chaos
chaos: build dendrite synapse test-tools ## everything around Werkraum fails at random for CHAOS_FOR (10m); TEST_SEED repeats a run, TEST_HOMESERVER chooses
	@CHAOS_FOR=$(CHAOS_FOR) go test -tags $(TAGS) -run '^TestChaos$$' -count 1 -timeout 0 -v ./tests

.PHONY: bench
bench: build dendrite test-tools ## measure, print a table and write bench.json
	@go run -tags $(TAGS) ./tests/bench

##### what tests and demo need

.PHONY: tools
tools: test-tools dendrite synapse ## install and build all that the tests need

.PHONY: test-tools
test-tools: require
	@deploy/install-test-tools.sh

.PHONY: dendrite
dendrite: require ## build the Dendrite of demo and tests (two minutes, once)
	@go run ./deploy/prepare dendrite

.PHONY: synapse
synapse: require ## install the Synapse of the tests (half a minute, once)
	@go run ./deploy/prepare synapse
