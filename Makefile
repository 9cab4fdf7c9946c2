# Everything that is done to this repository: `make` lists it. It needs Python 3.11 or newer with venv and pip, and make.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
WORKERS ?= auto
PYTEST_ARGS ?=
BENCH_ARGS ?=

VENV := .venv/installed .venv/dev
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/python -m piptools compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --newline lf --no-emit-options \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(LOCK_ARGS)
# Workers measure themselves too, in whatever folder they are.
export COVERAGE_FILE := $(CURDIR)/build/coverage/data

PURE := feeder/normalise/*,feeder/plan/*,feeder/render/*

.PHONY: help venv feeds test clients browser screenshots lint format golden bench wheel lock clean
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
		while IFS='|' read -r target meaning; do printf '%-14s %s\n' "$$target" "$$meaning"; done

feeds: .venv/installed ## build the feeds of posts/ into dist/, as feeder.toml says
	@$(BIN)/feeder build

test: $(VENV) ## run all tests, and check how much of the code they reach
	@rm -rf build/coverage
	@$(BIN)/python -m pytest -n $(WORKERS) --cov --cov-report= --cov-fail-under=0 $(PYTEST_ARGS)
	@$(BIN)/python -m coverage report
	@echo "The pure stages, of which every branch is tested:"
	@$(BIN)/python -m coverage report --include='$(PURE)' --fail-under=100

clients: $(VENV) build/clients/venv/installed build/clients/node/installed ## install other people's readers, and run them on feeds
	@tests/clients/install-packages
	@$(BIN)/python -m pytest -n $(WORKERS) tests/clients $(PYTEST_ARGS)

browser: $(VENV) build/browser/venv/installed build/browser/node/installed ## install a browser, and look at the pages with it
	@tests/clients/install-packages tests/browser/packages
	@build/browser/venv/bin/python -m pytest tests/browser $(PYTEST_ARGS)

screenshots: $(VENV) build/browser/venv/installed ## take the pictures of docs/images/ anew, of the pages of posts/
	@$(BIN)/feeder build --quiet
	@build/browser/venv/bin/python -m tests.browser.screenshots dist docs/images

lint: $(VENV) ## check style, types and who imports whom
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check || { echo "make: the files above are not formatted: run 'make format'." >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo --cache-dir build/cache/importlinter

format: $(VENV) ## format the code, and fix what ruff can fix
	@$(BIN)/ruff check --quiet --fix-only
	@$(BIN)/ruff format --quiet

golden: $(VENV) ## write the golden files anew: read the difference before you commit it
	@$(BIN)/python -m pytest --quiet --golden tests/test_golden.py tests/test_documentation.py tests/check

bench: $(VENV) ## measure, and write docs/benchmarks.md (BENCH_ARGS="--table cold --write", BENCH_ARGS=--all)
	@$(BIN)/python -m bench $(BENCH_ARGS)

wheel: .venv/runtime ## build the wheel into build/wheels/
	@rm -rf build/wheels
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir build/wheels .
	@ls build/wheels/*.whl

lock: build/lock/installed ## pin requirements/*.txt anew (LOCK_ARGS=--upgrade for the newest of everything)
	@$(COMPILE) --output-file requirements/runtime.txt pyproject.toml
	@$(COMPILE) --output-file requirements/build.txt requirements/build.in
	@$(COMPILE) --output-file requirements/dev.txt requirements/dev.in
	@$(COMPILE) --output-file requirements/lock.txt requirements/lock.in
	@$(COMPILE) --output-file requirements/clients.txt requirements/clients.in
	@$(COMPILE) --output-file requirements/browser.txt requirements/browser.in

venv: $(VENV) ## set up .venv/ with everything that is pinned

clean: ## remove what make has made, but not dist/
	@rm -rf .venv build

# Stamps: what they are made of is newer, and so they are made again.
.venv/installed: .venv/runtime pyproject.toml
	@$(INSTALL) --no-deps --editable .
	@touch $@

.venv/dev: .venv/runtime requirements/dev.txt
	@$(INSTALL) --require-hashes --use-pep517 --requirement requirements/dev.txt
	@touch $@

# build.txt comes first: what is published as source alone is built by what is pinned there, and not by what pip fetches.
.venv/runtime: requirements/build.txt requirements/runtime.txt
	@$(call venv,.venv)
	@$(INSTALL) --require-hashes --requirement requirements/build.txt
	@$(INSTALL) --require-hashes --use-pep517 --requirement requirements/runtime.txt
	@touch $@

build/lock/installed: requirements/lock.txt
	@$(call venv,build/lock)
	@build/lock/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

build/clients/venv/installed: requirements/build.txt requirements/clients.txt
	@$(call venv,build/clients/venv)
	@build/clients/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--require-hashes --requirement requirements/build.txt
	@build/clients/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
		--require-hashes --use-pep517 --requirement requirements/clients.txt
	@touch $@

build/browser/venv/installed: requirements/build.txt requirements/browser.txt
	@$(call venv,build/browser/venv)
	@build/browser/venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements/browser.txt
	@touch $@

build/browser/node/installed: tests/browser/package.json tests/browser/package-lock.json
	@tests/clients/install-packages tests/browser/packages
	@rm -rf build/browser/node; mkdir -p build/browser/node
	@cp tests/browser/package.json tests/browser/package-lock.json build/browser/node/
	@npm --prefix build/browser/node ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

build/clients/node/installed: tests/clients/package.json tests/clients/package-lock.json
	@tests/clients/install-packages
	@rm -rf build/clients/node; mkdir -p build/clients/node
	@cp tests/clients/package.json tests/clients/package-lock.json build/clients/node/
	@npm --prefix build/clients/node ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

# A new virtual environment each time, so that it holds what is pinned and nothing else.
define venv
	if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "make: feeder needs Python 3.11 or newer: install it, or say where it is: make PYTHON=/path/to/python3.11" >&2; \
		exit 1; \
	fi; \
	rm -rf $(1); mkdir -p $(dir $(1)); \
	"$(PYTHON)" -m venv $(1) || { \
		echo "make: this Python cannot make virtual environments: install its venv module (Debian: python3-venv)." >&2; \
		exit 1; \
	}
endef
