# The only vocabulary of this project, the same for a person and for CI.
#   make run    install what is missing, start everything on the embedded stack, show the address
#   make test   install what is missing, check and test everything
#   make check  formatting, lint, types and import contracts
#   make faults kill, freeze, take away and poison parts under load, twenty times each; the whole chain too
#   make bench  recompute the published figures (QUICK=1 for a small run)
#   make deploy-check  ask the tools of Compose, Prometheus and Caddy about deploy/
#   make image-check   take the Dockerfile's steps in a scratch root
#   make audit  what static analysis and the secret scan find; make sbom: what we are built of
#   make docs   screenshots and generated reference pages
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.PHONY: run test faults check bench docs deploy-check image-check lock sbom audit clean
.DEFAULT_GOAL := run

$(VENV)/.run-ready: requirements.lock pyproject.toml
	@bash bin/install $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock pyproject.toml
	@bash bin/install $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.run-ready

run: $(VENV)/.run-ready
	@$(BIN)/labourwatch run $(ARGS)

check: $(VENV)/.dev-ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.dev-ready
	@bash bin/install-browser
	@bash bin/install-kafka
	@$(MAKE) --no-print-directory check
	@bash bin/test $(BIN)/python $(ARGS)

bench: $(VENV)/.dev-ready
	$(BIN)/python -m benchmarks.spine $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.collection $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.coding $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.warehouse $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.warning $(if $(QUICK),--quick)
	$(BIN)/python -m benchmarks.dashboard $(if $(QUICK),--quick)

# Every fault twenty times (the warehouse away: twice), on the embedded broker and on Apache Kafka. For the figures:
# python -m benchmarks.faults
faults: $(VENV)/.dev-ready
	@bash bin/install-kafka
	LABOURWATCH_FAULTS=20 $(BIN)/python -m pytest tests/functional/faults $(ARGS)

docs: $(VENV)/.dev-ready
	@bash bin/install-browser
	$(BIN)/python -m benchmarks.screenshots $(ARGS)

deploy-check: $(VENV)/.dev-ready
	@bash bin/deploy-check

# The Dockerfile's steps in a scratch root, where there is no container engine. Needs root and mmdebstrap.
image-check:
	@bash bin/image-check

# Hashed, universal, and naming no registry. Run after changing requirements*.in.
lock: $(VENV)/.dev-ready
	$(BIN)/python -m pip install --quiet uv
	for part in requirements requirements-dev; do \
	  $(BIN)/uv pip compile $$part.in --universal --python-version 3.11 --generate-hashes --no-header --quiet -o $$part.lock; \
	done

# What the service is built of (CycloneDX), and what audits find that nobody has argued.
sbom: $(VENV)/.dev-ready
	@mkdir -p build
	$(BIN)/python -m benchmarks.auditing sbom build/sbom.cdx.json

audit: $(VENV)/.dev-ready
	$(BIN)/python -m benchmarks.auditing report

clean:
	rm -rf $(VENV) var .kafka .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
