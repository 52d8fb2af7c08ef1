# make run: the app. make test: every check. make bench: the speed of training beside the notes' loop.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test bench

run: .venv/run.stamp
	$(BIN)/streamlit run streamlit_app.py

test: .venv/test.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest tests --ignore=tests/browser --ignore=tests/benchmarks
	$(BIN)/pytest tests/browser

bench: .venv/test.stamp
	$(BIN)/pytest tests/benchmarks --benchmark-quiet

.venv/bin/pip:
	$(PYTHON) -m venv --clear .venv

.venv/run.stamp: requirements.txt | .venv/bin/pip
	$(BIN)/pip install -r requirements.txt
	touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/pip install -r requirements-dev.txt
	touch $@
