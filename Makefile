# make run: the app. make check: the quick checks. make test: every check. make bench: speed beside the notes' loop.
# make audit: known faults of what is installed; it asks PyPI, so no other check waits for it; .ci/run does so at its end.

PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
SLOWER := --ignore=tests/browser --ignore=tests/benchmarks --ignore=tests/replicas

unexport PYTHONDONTWRITEBYTECODE  # where it is set, every start would compile every file anew, which doubles its time

.PHONY: run check test bench lint types imports unit pages browser replicas pictures audit

run: .venv/run.stamp
	$(BIN)/streamlit run streamlit_app.py

check: .venv/test.stamp
	$(MAKE) --jobs=2 --output-sync lint types imports unit

test: check pages browser

lint: .venv/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/test.stamp
	$(BIN)/mypy

imports: .venv/test.stamp
	$(BIN)/lint-imports

unit: .venv/test.stamp
	$(BIN)/pytest tests $(SLOWER) --ignore=tests/pages --numprocesses=$(WORKERS)

pages: .venv/test.stamp
	$(BIN)/pytest tests/pages tests/replicas --numprocesses=$(WORKERS)

browser: .venv/test.stamp
	$(BIN)/pytest tests/browser --numprocesses=$(WORKERS)

replicas: .venv/test.stamp
	$(BIN)/pytest tests/replicas

bench: .venv/test.stamp
	$(BIN)/pytest tests/benchmarks --benchmark-quiet

pictures: .venv/test.stamp
	$(BIN)/python -m tests.pictures

audit: .venv/test.stamp
	$(BIN)/pip-audit --strict --requirement requirements.txt

.venv/bin/pip:
	$(PYTHON) -m venv --clear .venv

.venv/run.stamp: requirements.txt | .venv/bin/pip
	$(BIN)/pip install --no-compile -r requirements.txt  # Python compiles what is used, when it is used
	$(BIN)/python -c "from mlp.kernel.choice import compile_now; compile_now()"  # kept on disk, so that no start waits
	touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/pip install --no-compile -r requirements-dev.txt
	touch $@
