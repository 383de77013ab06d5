# Afterword. `make` alone lists what can be made; ARGS= passes options on: make run ARGS="--role worker"
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/sh

VENV := .venv
BIN := $(VENV)/bin
# The first Python that is new enough. Asked only when the environment is made; `make PYTHON=… run` overrules.
PYTHON = $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

CODE := $(wildcard bot handlers sentiment storage tests benchmarks)
# As many test processes as cores, at most four: more only wait for each other.
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS) --maxprocesses=4 --dist=worksteal

##@ Use
.PHONY: run
run: $(VENV)/.run ## start Afterword here, on SQLite unless DATABASE_URL says otherwise
	@$(BIN)/python -m bot run $(ARGS)

.PHONY: demo
demo: $(VENV)/.run ## watch a small shop play itself; ARGS=--headless tells it in the terminal
	@$(BIN)/python -m bot demo $(ARGS)

##@ Check
.PHONY: test
test: lint ## formatting, lint, types, import contracts and all tests but chaos
	@$(PYTEST) -m "not chaos" $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## formatting, lint, types and import contracts alone
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(CODE)
	@$(BIN)/lint-imports --no-logo

.PHONY: chaos
chaos: $(VENV)/.dev ## faults on purpose: killed processes, lost answers, broken networks
	@$(BIN)/python -m pytest -m chaos $(ARGS)

.PHONY: bench
bench: $(VENV)/.dev ## speed, beside the thinnest possible bots, and of open inboxes; ARGS= go to the first
	@$(BIN)/python -m benchmarks.speed $(ARGS)
	@$(BIN)/python -m benchmarks.inbox

.PHONY: bench-figures
bench-figures: $(VENV)/.dev ## a manager's page of 90 days, beside plain SQL; ARGS="--interactions 10000000 --engine sqlite"
	@$(BIN)/python -m benchmarks.figures $(ARGS)

.PHONY: bench-sentiment
bench-sentiment: $(VENV)/.bench ## understanding, beside TextBlob, VADER and AFINN; ARGS="--data FOLDER" names the labelled sets
	@$(BIN)/python -m benchmarks.sentiment $(ARGS)

.PHONY: simulate
simulate: $(VENV)/.dev ## a seeded year of a shop through the real rules; ARGS="--customers 2000 --days 120 --seed 3"
	@$(BIN)/python -m benchmarks.simulate $(ARGS)

.PHONY: bench-lapse
bench-lapse: $(VENV)/.dev ## when customers buy again, beside naive guesses; ARGS="--data FILE.csv" adds a real shop
	@$(BIN)/python -m benchmarks.lapse $(ARGS)

##@ Work on it
.PHONY: format
format: $(VENV)/.dev ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

.PHONY: lock
lock: $(VENV)/bin/pip ## pin the libraries of pyproject.toml; ARGS=--upgrade moves them to their newest
	@PYTHON=$(BIN)/python .ci/lock $(ARGS)

.PHONY: install
install: $(VENV)/.dev ## everything for work on Afterword, into .venv

.PHONY: clean
clean: ## remove .venv, caches and builds; databases and settings stay
	@rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^##@/ { printf "\n%s\n", substr($$0, 5) } /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' Makefile

# --- the environment: made once, renewed when a lock changes ---------------------------------------------------------

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Afterword needs Python 3.11 or newer, and found none. Install it, or say where it is: make PYTHON=/path/to/python3.11 run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "This Python can't make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing the libraries into $(VENV) (about a minute the first time)"
	@$(PIP) install -qq --require-hashes -r requirements.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing the libraries and the tools into $(VENV) (about a minute the first time)"
	@$(PIP) install -qq --require-hashes -r requirements-dev.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

$(VENV)/.bench: requirements-bench.lock | $(VENV)/.dev
	@$(PIP) install -qq --require-hashes --no-deps -r requirements-bench.lock
	@touch $@
