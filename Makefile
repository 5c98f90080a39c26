# Porter's commands for people. `make` alone lists them; what they do is in the scripts of .ci/.

# `make run` listens here, on loopback, and keeps its data there.
HTTPS_PORT ?= 8443
HTTP_PORT ?= 8080
OFFICE_PORT ?= 8090
DATA ?= var/demo
# `make run CONFIGURATION=debug` builds faster and runs slower.
CONFIGURATION ?= release
# How often `make crashtest` kills the server.
ROUNDS ?= 100
# What `make fuzz-api` asks for.
EXAMPLES ?= 200
# What `make soak` sends.
REDIRECTS ?= 500000
CONNECTIONS ?= 64
# `make bench QUICK=1` measures what matters most.
QUICK ?=

.DEFAULT_GOAL := help
.PHONY: help packages run build test lint screenshots crashtest fuzz-api soak bench bench-growth bench-office instructions sanitize clean

help: ## list these commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages: ## install the Debian packages that are missing (.ci/debian-packages.txt says which and why)
	@.ci/packages run test

run: ## build the release, import the sample partners, serve on loopback (HTTPS_PORT, HTTP_PORT, OFFICE_PORT, DATA)
	@.ci/packages run
	@HTTPS_PORT=$(HTTPS_PORT) HTTP_PORT=$(HTTP_PORT) OFFICE_PORT=$(OFFICE_PORT) DATA=$(DATA) CONFIGURATION=$(CONFIGURATION) .ci/demo

build: ## build the release, .build/release/porter
	@.ci/packages run
	@.ci/build release porter

test: ## run all tests: of each room, and of the built program from end to end
	@.ci/packages run test
	@.ci/test

lint: ## check how the sources are written
	@.ci/packages test
	@.ci/lint

screenshots: ## write pictures of all pages, wide and narrow, light and dark, in several languages, into var/screenshots
	@.ci/packages run test
	@.ci/screenshots

crashtest: ## kill -9 the server ROUNDS times under load; no receipt may be lost
	@.ci/packages run test
	@.ci/crashtest $(ROUNDS)

fuzz-api: ## ask the API EXAMPLES made-up requests of each kind, per operation and role; each answer must be as described
	@.ci/packages run test
	@.ci/build debug porter
	@PORTER_FUZZ_EXAMPLES=$(EXAMPLES) .ci/end-to-end -k test_made_up_requests

soak: ## measure the release: ab's median, memory after REDIRECTS over CONNECTIONS kept-alive TLS connections
	@.ci/packages run test
	@.ci/soak --redirects $(REDIRECTS) --connections $(CONNECTIONS)

bench: ## measure Porter beside nginx, HAProxy, Caddy and Apache httpd: 25 minutes once built, with QUICK=1 three
	@.ci/packages run bench
	@.ci/bench $(if $(QUICK),--quick)

bench-growth: ## measure Porter with up to 10 million records, 100,000 partners, 1,000 routes, 5,000 idle connections
	@.ci/packages run bench
	@.ci/bench-growth

bench-office: ## measure the back office over 10 million records: pages, an export, and the front door meanwhile
	@.ci/packages run bench
	@.ci/bench-office

instructions: ## count the hot path's instructions and hold them against those noted, time its steps (builds the release)
	@.ci/packages run test
	@.ci/instructions

sanitize: ## run the tests under AddressSanitizer and ThreadSanitizer (takes long)
	@.ci/packages run test
	@.ci/sanitize

clean: ## remove what was built; the data in var/ stays
	rm -rf .build .build-test .build-asan .build-tsan .venv .pytest_cache .ruff_cache
