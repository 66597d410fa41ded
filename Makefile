# Two targets matter: `make quickstart` shows what rtf does, `make test` is everything that CI checks.
# Both work from a fresh clone with Python 3.11+, git and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: quickstart test check lint types imports tests format golden bench clean

# The tests' own tools are installed only for the tests; the quick start does without.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

quickstart: $(VENV)/.installed
	$(BIN)/rtf init examples/quickstart.hcl
	$(BIN)/rtf apply -auto-approve examples/quickstart.hcl
	$(BIN)/rtf output -root=examples/quickstart.hcl
	$(BIN)/rtf plan -detailed-exitcode examples/quickstart.hcl

test: lint types imports tests

check: test

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

tests: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Write the expected files of the tests anew; read the difference before you commit it.
golden: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --update-golden

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.parse
	$(BIN)/python -m benchmarks.evaluate
	$(BIN)/python -m benchmarks.apply

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
