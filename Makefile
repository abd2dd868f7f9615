# `make run` and `make test` do all the set-up themselves.
PYTHON ?= python3.11
ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON := python3
endif
BIN := .venv/bin

# Packages that come without a wheel are built with the locked setuptools, not with whatever is newest.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation
LOCKED := $(INSTALL) --use-pep517 --require-hashes

# .venv is whole when a stamp says so, and Python and pip start: then neither it nor this folder has moved. Else it is
# made again.
ifneq ($(shell test -e .venv/run.stamp && { $(BIN)/python -c '' && $(BIN)/pip --version; } >/dev/null 2>&1 && echo whole),whole)
NEW := new-venv
endif

.PHONY: run setup new-venv test quick lint bench lock settings-docs audit system clean

run: setup
	$(BIN)/kunming run

setup: .venv/run.stamp

new-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) has no venv: apt-get install python3.11-venv"; exit 1; }
	$(PYTHON) -m venv --clear .venv

# Stamps go before anything is installed: what breaks off leaves none.
.venv/run.stamp: $(NEW) requirements-build.lock requirements-demo.lock pyproject.toml
	@rm -f .venv/*.stamp
	$(LOCKED) -r requirements-build.lock
	$(LOCKED) -r requirements-demo.lock
	$(INSTALL) --no-deps -e .
	@touch $@

.venv/test.stamp: .venv/run.stamp requirements-dev.lock
	@rm -f .venv/*.stamp
	$(LOCKED) -r requirements-dev.lock
	@touch .venv/run.stamp $@

system:
	scripts/system-packages

# Else each of the hundreds of programs that the tests start would compile all its modules again.
unexport PYTHONDONTWRITEBYTECODE

# More workers than cores, since most of the long tests wait for something. Each worker takes one test at a time.
SIDE_BY_SIDE := -n 5 --dist load --maxschedchunk 1

test: .venv/test.stamp system
	$(BIN)/pytest $(SIDE_BY_SIDE)

quick: .venv/test.stamp
	$(BIN)/pytest -n 2 -m "not outside and not long"

lint: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	scripts/check-migrations

# Datasette, beside which we serve, and what fits weights.
.venv/bench.stamp: .venv/test.stamp requirements-bench.lock
	$(LOCKED) -r requirements-bench.lock
	@touch $@

bench: .venv/bench.stamp system
	$(BIN)/python scripts/bench.py

lock:
	scripts/lock

# docs/settings.md is made from the settings themselves; a test fails where they differ.
settings-docs: .venv/run.stamp
	$(BIN)/kunming settings --markdown >docs/settings.md

# What is known against the locked dependencies. It asks a service on the network, so it is no part of the tests.
audit: .venv/test.stamp
	@BIN=$(BIN) scripts/audit

clean:
	rm -rf .venv build *.egg-info
