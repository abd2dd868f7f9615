# `make run` and `make test` do all the set-up themselves.
PYTHON ?= python3.11
ifeq ($(shell command -v $(PYTHON) 2>/dev/null),)
PYTHON := python3
endif
BIN := .venv/bin

.PHONY: run setup test lint bench lock system clean

run: setup
	$(BIN)/kunming run

setup: .venv/run.stamp

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements-demo.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-demo.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/test.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

system:
	scripts/system-packages

test: .venv/test.stamp system
	$(BIN)/pytest

lint: .venv/test.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	scripts/check-migrations

bench: .venv/test.stamp system
	$(BIN)/python scripts/bench.py

COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url -q --no-header pyproject.toml
lock:
	$(COMPILE) --extra build -o requirements.lock
	$(COMPILE) --extra build --extra demo -c requirements.lock -o requirements-demo.lock
	$(COMPILE) --all-extras -c requirements-demo.lock -o requirements-dev.lock

clean:
	rm -rf .venv build *.egg-info
