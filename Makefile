# What can be done here. `make` lists it.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c

ifneq ($(words $(CURDIR)),1)
$(error The path of this clone must not have a space in it, since make cannot work there: $(CURDIR))
endif

PORT ?=
PYTHON ?= python3
PYTHON_3_13 ?= python3.13
STOCK_CLIENTS := 26.4.16 26.8.3 26.9.6
STOCK_PRODUCERS := 26.8.3 26.9.6
BIN := .venv/bin
UV := $(BIN)/uv
VENV_PYTHON := $(BIN)/python
# The tests start hundreds of processes: each would compile its libraries anew.
unexport PYTHONDONTWRITEBYTECODE
# uv trusts the authorities that the system trusts, as pip does.
export UV_SYSTEM_CERTS ?= 1
# Three processes on two cores, since tests on a local stack wait half of the time. Those begin, with a stack in each
# process, and whoever has ended takes the next file.
IN_PARALLEL := --numprocesses 3 --dist loadfile --no-loadscope-reorder
LINTED := layers/notifications:functions/channels:functions/rules:functions/deliveries:functions/verdicts:functions/mutes:functions/configuration:functions/service:functions/console:functions/dispatcher:functions/redeliverer:functions/heartbeat:bridge/src

.PHONY: help
help: ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14
	@echo
	@echo 'PORT=4567 after demo or up: a port other than 4566. PYTHON=python3.13: another Python than python3.'

.PHONY: demo
demo: setup ## Set everything up and play the guide's Quick Start for real
	@$(BIN)/python -m local.demo --port "$(PORT)"

.PHONY: up
up: setup ## Start the local stack, build and deploy to it
	@$(BIN)/python -m local up --port "$(PORT)"

.PHONY: down
down: setup ## Stop the local stack; its state stays
	@$(BIN)/python -m local down --port "$(PORT)"

.PHONY: clean
clean: setup ## Stop the local stack and remove its state and what was built
	@$(BIN)/python -m local clean --port "$(PORT)"
	rm -rf .aws-sam

.PHONY: test
test: setup .node/ready ## Run all tests, on a local stack of their own, in a process for each of two cores
	$(BIN)/python -m pytest $(IN_PARALLEL)

.PHONY: unit
unit: setup ## Run the tests that need no server, but for the slow ones, with a tenth of the examples (25 s)
	EXAMPLES=$(or $(EXAMPLES),10) $(BIN)/python -m pytest $(IN_PARALLEL) -m "not slow" tests/unit

.PHONY: coverage
coverage: setup ## Tell what the tests without the local stack run of the product's lines and branches
	$(BIN)/python -m pytest $(IN_PARALLEL) --cov --cov-report=term tests/unit tests/integration

.PHONY: lint
lint: setup .venv-audit/ready .node/ready contracts ## Check style, types, imports and the template
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	.node/node_modules/.bin/tsc --project functions/console
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam validate --lint --region us-east-1
	.venv-sam/bin/cfn-lint
	@# The template again, as CloudFormation gets it. A list here takes the place of the one in .cfnlintrc, so that it
	@# repeats it; of ES1007 and ES4000, template.yaml says where they do not hold.
	@.venv-sam/bin/python tools/translate.py .aws-sam/translated.yaml
	.venv-sam/bin/cfn-lint --ignore-checks ES1001 ES1007 ES4000 W1033 WS1000 WS1004 \
		--template .aws-sam/translated.yaml
	.venv-audit/bin/checkov --config-file .checkov.yaml

.PHONY: contracts
contracts: setup ## Check what may import what
	PYTHONPATH=$(LINTED) $(BIN)/lint-imports

.PHONY: audit
audit: setup .venv-audit/ready ## Look for known weaknesses in the template and the pinned libraries (asks pypi.org)
	.venv-audit/bin/checkov --config-file .checkov.yaml
	@for list in layers/dependencies/requirements.txt bridge/requirements.txt requirements/dev.txt; do \
	  .venv-audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r $$list || { \
	    echo "✗ $$list: a weakness is listed above, or pypi.org's JSON API did not answer and nothing is known" >&2; \
	    exit 1; }; \
	done

.PHONY: build
build: setup ## Build the template for AWS: make build ENV=prod (or dev; without ENV for Docker on this machine)
	SAM_CLI_TELEMETRY=0 .venv-sam/bin/sam build $(if $(ENV),--config-env $(ENV))

.PHONY: stock-client
stock-client: up $(STOCK_CLIENTS:%=.venv-stock-client-%/ready) ## Try three releases of Backend.AI's own client against the local stack (needs Python 3.13)
	@$(BIN)/python -m tools.stock_client --port "$(PORT)" $(STOCK_CLIENTS)

.PHONY: bridge-demo
bridge-demo: setup ## Replay recordings of Backend.AI through a Valkey and the bridge to the local stack
	@$(BIN)/python -m local.bridge_demo --port "$(PORT)"

.PHONY: stock-events
stock-events: up $(STOCK_PRODUCERS:%=.venv-stock-client-%/ready) ## Let Backend.AI's own code publish, and see webhooks arrive (needs Python 3.13)
	@$(BIN)/python -m tools.stock_events --port "$(PORT)" $(STOCK_PRODUCERS)

.PHONY: faults
faults: setup ## Make every fault on a local stack of its own, and count what is lost (over half an hour)
	@$(BIN)/python -m tests.faults

.PHONY: attack
attack: setup ## Attack a local stack of its own with all that is hostile; ends with 1 if anything is let through
	@$(BIN)/python -m tests.attack

.PHONY: bench
bench: setup .venv-runtime/ready ## Measure speed and cost beside what they are compared to (some 10 minutes)
	@$(BIN)/python -m bench

.PHONY: pictures
pictures: setup ## Draw the pictures of docs/receivers.md anew
	PYTHONPATH=$(LINTED) $(BIN)/python -m tools.pictures

.PHONY: console-pictures
console-pictures: setup .node/ready ## Take the pictures of docs/console.md anew, on a local stack of its own
	PICTURES=yes $(BIN)/python -m pytest -q tests/browser/test_pictures.py

.PHONY: openapi
openapi: setup ## Write the OpenAPI document anew from the code
	PYTHONPATH=$(LINTED) $(BIN)/python -m tools.openapi

.PHONY: format
format: setup ## Put the code into its form
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: lock
lock: setup ## Pin the newest versions of all dependencies, with hashes
	for list in layers/dependencies/requirements requirements/{bootstrap,sam,ministack,audit,runtime,dev} bridge/requirements; do \
	  $(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-annotate \
	    --custom-compile-command "make lock" $$list.in --output-file $$list.txt; \
	done
	for list in requirements/{stock-client-*,center}.in; do \
	  $(UV) pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.13 --no-annotate \
	    --custom-compile-command "make lock" $$list --output-file $${list%.in}.txt; \
	done

# Environments: the project's own, and one each for the tools that pin libraries of their own.
.PHONY: setup
setup: .venv/ready .venv-sam/ready .venv-ministack/ready ## Make the virtual environments (the others do it when needed)

.venv/bin/uv: requirements/bootstrap.txt
	@packing/check-python "$(PYTHON)" PYTHON 3.11 3.14
	@echo "  Making the virtual environments ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/ready: requirements/dev.txt cli/pyproject.toml bridge/pyproject.toml .venv/bin/uv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt requirements/bootstrap.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable cli --editable bridge
	@touch $@

.venv-runtime/ready: COMPILED := --compile-bytecode # as it is on AWS
$(STOCK_CLIENTS:%=.venv-stock-client-%/ready) .venv-center/ready: VENV_PYTHON := $(PYTHON_3_13)
$(STOCK_CLIENTS:%=.venv-stock-client-%/ready) .venv-center/ready: | python-3-13
.PHONY: python-3-13
python-3-13:
	@packing/check-python "$(PYTHON_3_13)" PYTHON_3_13 3.13 3.13

.venv-%/ready: requirements/%.txt .venv/bin/uv
	@$(UV) venv --quiet --clear --python $(VENV_PYTHON) .venv-$*
	@$(UV) pip sync --quiet $(COMPILED) --python .venv-$*/bin/python --require-hashes $<
	@touch $@

# What checks and tests the console's own JavaScript; nothing of it is served.
.node/ready: requirements/node/package.json requirements/node/package-lock.json
	@command -v npm > /dev/null || { echo "✗ The console's checks need npm; as root, .ci/install installs it" >&2; exit 1; }
	@mkdir -p .node
	@cp $^ .node/
	@npm ci --prefix .node --ignore-scripts --no-audit --no-fund --silent
	@touch $@
