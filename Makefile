# Every command of the project; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
UV := $(VENV)-uv/bin/uv
BIN := $(VENV)/bin
export UV_PYTHON_DOWNLOADS := never
export PORT ?= 8000

help: ## This list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: $(VENV)/.synced ## Install the locked dependencies into .venv
$(UV):
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	  --target $(VENV)-uv uv==$(UV_VERSION)
$(VENV)/.synced: $(UV) pyproject.toml uv.lock
	@$(UV) sync --quiet --frozen --python "$$(command -v $(PYTHON))"
	@touch $@

demo: setup ## Run everything here with a simulated LINE; Ctrl-C ends it
	@$(BIN)/goen demo --port $(PORT)

# Tests start many Python processes: each finds its modules compiled, also where the environment forbids
# __pycache__, and where uv has not compiled what it installed.
test: export PYTHONDONTWRITEBYTECODE :=
test: export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)-pycache
test: setup browser ## The whole test suite, on SQLite and on PostgreSQL; ARGS="-k survey" for a part of it
ifdef ARGS
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)
else
	@$(BIN)/pytest -n 2 --dist worksteal --durations=25 --durations-min=3 --cov --cov-report=term:skip-covered
	@echo "Branch coverage of rules, messages, app/messaging and app/line: at least 95 %"
	@$(BIN)/coverage report --include='*/rules.py,*/messages.py,app/messaging/*,app/line/*' --fail-under=95
endif

lint: setup ## Format, lint, types, imports: looked at, not changed
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/goen check-surveys
	@$(BIN)/goen check-menus
	@! grep -oE 'https?://[^/"]+' uv.lock | sort -u | grep -vE 'https://(pypi.org|files.pythonhosted.org)$$'

format: setup ## Format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

sure: lint ## What CI runs: lint, then the test command of the README
	@$(MAKE) --no-print-directory test

bench: setup ## Measure; writes docs/benchmarks.md
	@$(UV) sync --quiet --frozen --group bench
	@$(BIN)/python -m tests.bench $(ARGS)

pictures: setup browser ## Make every picture of README and docs again, and those the tests compare with
	@$(BIN)/python -m tests.pictures
	@$(BIN)/python -m tests.simulator.pictures

browser: ## Chromium and a Japanese font for the browser tests, where root may install them
	@if [ ! -x /usr/bin/chromium ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; fi

clean: ## Remove what was installed and made
	@rm -rf $(VENV) $(VENV)-uv $(VENV)-pycache var .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.PHONY: help setup demo test lint format sure bench pictures browser clean
