# Two commands for a newcomer: `make demo` and `make test`. Both need Python 3.11 and make only.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint docs bench clean

demo: $(VENV)/installed
	$(BIN)/switch demo

test: $(VENV)/developed
	$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

docs: $(VENV)/developed
	$(BIN)/python -m switch.cli.reference > docs/reference.md
	$(BIN)/python -m switch.cli.requirements_page > docs/requirements.md
	$(BIN)/switch matrix --markdown > docs/kill-matrix.md

bench: $(VENV)/developed
	$(BIN)/python -m bench $(BENCH)

lint: $(VENV)/developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) runs dist .pytest_cache .mypy_cache .ruff_cache .coverage

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/developed: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	touch $@ $(VENV)/installed
