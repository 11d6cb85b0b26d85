# The same names in README, CONTRIBUTING and CI: demo run test check fmt docs bench.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

.PHONY: help demo run test check fmt docs bench lock wheel clean coverage

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(BIN)/python:
	@echo "Creating a virtual environment in $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit("Tocsin needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Installing locked dependencies (a minute or two, once)"
	@$(PIP) install --no-deps --require-hashes -r requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@$(PIP) check
	@$(BIN)/python -m compileall -q daemon || true
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "Installing the developers' tools"
	@$(PIP) install --no-deps --require-hashes -r requirements/dev.txt
	@$(PIP) check
	@touch $@

demo: $(VENV)/.run ## the whole flow on recorded feeds; ARGS=--exit ends by itself
	@$(BIN)/tocsin demo $(ARGS)

run: $(VENV)/.run ## the daemon with the shipped feeds and rules, page on 127.0.0.1:8787
	@$(BIN)/tocsin run $(ARGS)

test: $(VENV)/.dev ## the whole test suite, on two processes; ARGS="-n 0" for one
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

coverage: $(VENV)/.dev ## the test suite with branch coverage of the package, processes it starts included
	@$(BIN)/python -m pytest -q --cov=tocsin --cov-report=term-missing:skip-covered $(ARGS)

check: $(VENV)/.dev ## formatter, linter, types, import contracts, docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q -p no:randomly tests/unit/docs

fmt: $(VENV)/.dev ## format and apply safe fixes
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/.dev ## regenerate the generated parts of docs/reference
	@$(BIN)/python tests/tools/write_reference.py

bench: $(VENV)/.dev ## figures and ratios, see docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks $(ARGS)

wheel: $(VENV)/.dev ## build the wheel and run the demo from it in a clean environment
	@$(BIN)/python tests/tools/wheel_smoke.py

lock: $(VENV)/.dev ## renew requirements/*.txt from pyproject.toml
	@requirements/lock.sh $(BIN)/uv

clean: ## remove the virtual environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
