# What people run and what CI runs. `make` alone lists the targets.
#
#   PYTHON=python3.12   which Python makes the environment (3.11 or newer)
#   JOBS=2              how many processes run the tests
#   CHECKOV=off         leave Checkov's own environment alone

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
JOBS ?= auto
CHECKOV ?= on
PYTEST_ARGS ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# The first Python on PATH that is new enough; one that is named is taken as it is, and must be.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
    if $$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1; then echo $$python; break; fi; done)
endif

ifeq ($(CHECKOV),off)
CHECKOV_STAMP :=
else
CHECKOV_STAMP := $(STAMPS)/checkov
endif

.PHONY: help setup scan test coverage lint docs docs-fresh check bench record constraints clean

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# --- the environment ---------------------------------------------------------------------------------------------

setup: $(STAMPS)/development $(CHECKOV_STAMP) ## Makes .venv with everything, and Checkov's own environment

$(BIN)/python:
	@if [[ -z "$(PYTHON)" ]] || ! $(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null; then \
	    echo "iacpolicy needs Python 3.11 or newer. Name one: make $(or $(MAKECMDGOALS),setup) PYTHON=python3.12" >&2; \
	    exit 2; \
	fi
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { \
	    echo "The module venv is missing; on Debian and Ubuntu it is the package python3-venv." >&2; \
	    rm -rf $(VENV); exit 2; }

# What `make scan` needs, and no more: a first look should not wait for test tools.
$(STAMPS)/package: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing iacpolicy"
	@$(PIP) --editable .
	@mkdir -p $(@D) && touch $@

$(STAMPS)/development: $(STAMPS)/package
	@echo "Installing the tools for development"
	@$(PIP) --editable '.[dev]'
	@mkdir -p $(@D) && touch $@

# Checkov cannot share an environment with python-hcl2. Without it a scan still works, and says what it left out.
$(STAMPS)/checkov: src/iacpolicy/checkov/constraints.txt | $(STAMPS)/package
	@if $(BIN)/iacpolicy checkov install; then mkdir -p $(@D) && touch $@; \
	else echo "Going on without Checkov; each scan will say that its checks were not run." >&2; fi

# --- the two commands of the README ------------------------------------------------------------------------------

scan: $(STAMPS)/package $(CHECKOV_STAMP) ## Scans infra/ and prints the report; fails where the scan does
	$(BIN)/iacpolicy scan infra

test: setup ## Runs the tests
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

coverage: setup ## Runs the tests and fails where they cover less than the floor in pyproject.toml
	$(BIN)/python -m pytest -n $(JOBS) --cov --cov-report=term $(PYTEST_ARGS)

# --- what a change must pass -------------------------------------------------------------------------------------

check: lint coverage docs-fresh scan ## Everything that CI checks: lint, tests, fresh documentation, a scan of infra/

lint: setup ## Checks style, types, layers and the format of infra/
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --no-explicit-package-bases policies
	$(BIN)/lint-imports
	$(BIN)/python -m scripts.lint_policies
	@if command -v terraform >/dev/null; then \
	    echo terraform fmt -check -recursive infra; terraform fmt -check -recursive infra; \
	else echo "terraform is not on PATH: the format of infra/ was not checked"; fi

docs: setup ## Writes the generated documentation anew
	$(BIN)/python -m scripts.generate_docs

docs-fresh: setup ## Fails where the generated documentation is not what would be written now
	$(BIN)/python -m scripts.generate_docs --check

# --- now and then ------------------------------------------------------------------------------------------------

bench: setup ## Measures ratios of CPU time and memory; BENCH_ARGS=--help says what it takes
	$(BIN)/python -m bench.run $(BENCH_ARGS)

record: setup ## Writes anew the outputs that tests compare with; read the diff before it is committed
	REGENERATE=1 $(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

constraints: | $(BIN)/python ## Pins anew what pyproject.toml asks for; UPGRADE=1 takes the newest versions
	$(BIN)/python -m scripts.pin_constraints $(if $(UPGRADE),--upgrade)

clean: ## Removes the environment and what the tools left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
