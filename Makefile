# Every target sets up what it needs in .venv: with uv where there is one, else with venv and pip.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Bytecode is what makes the second start of TensorFlow twice as fast as the first.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
export TF_CPP_MIN_LOG_LEVEL ?= 2

BIN := .venv/bin
STAMP := .venv/installed
DEMO := build/demo
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 4 --dist worksteal

UV := $(shell command -v uv 2>/dev/null)
SUITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
FOUND := $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(SUITS)' 2>/dev/null && echo $$p && break; done)
PYTHON ?= $(FOUND)

.PHONY: help demo check test test-all lint format mutants catalogue tiny sync bench claims matrix audit clean

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1#/p' Makefile | awk -F'#' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(STAMP)  ## generate a project, train it offline, show what it learned
	@rm -rf $(DEMO) && mkdir -p $(dir $(DEMO))
	$(BIN)/frostline new $(DEMO) --backbone tiny --freeze staged --no-input
	cd $(DEMO) && PYTHONPATH=src $(CURDIR)/$(BIN)/python -m demo train
	cd $(DEMO) && PYTHONPATH=src $(CURDIR)/$(BIN)/python -m demo evaluate
	@echo "The project is $(DEMO); open $(DEMO)/runs/1/report.html for its curves and mistakes."

check: $(STAMP) lint  ## lint, types and the quick tests: the inner loop, a minute and a half
	$(PYTEST) -q -m 'not slow and not medium'

test: $(STAMP) lint  ## the tests: about a quarter of an hour on two cores
	$(PYTEST)

test-all: $(STAMP) lint  ## every test there is: an hour or more
	$(PYTEST) -m '' --junitxml=build/tests.xml -o junit_family=xunit1

lint: $(STAMP)  ## style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: $(STAMP)  ## rewrite the generator's own code in its style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

mutants: $(STAMP)  ## break a generated project in every known way; its tests must go red
	$(BIN)/python tests/test_mutants.py

catalogue: $(STAMP)  ## survey the backbones of the installed Keras
	$(BIN)/python tools/catalogue.py

tiny: $(STAMP)  ## pretrain the bundled backbone and draw the sample images
	$(BIN)/python tools/tiny.py
	$(BIN)/python tools/sample.py

sync: $(STAMP)  ## write what is derived: template/cookiecutter.json, template/hooks
	$(BIN)/python tools/sync.py

claims: $(STAMP)  ## test what we say of Keras and cookiecutter, and write docs/claims.md
	$(BIN)/python tools/claims.py

matrix: test-all  ## every test there is; then write docs/matrix.md from their report
	$(BIN)/python tools/matrix.py

audit: $(STAMP)  ## look up known weaknesses of what is installed; needs the network
	$(or $(PYTHON),python3) -m venv --clear build/audit
	build/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit
	build/audit/bin/pip-audit --path "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
	$(BIN)/zizmor .github/workflows

bench: $(STAMP)  ## measure, and write BENCHMARKS.md
	$(BIN)/python benchmarks/render.py
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/pipeline.py
	$(BIN)/python benchmarks/gpu.py

clean:  ## remove what was made, .venv excepted
	rm -rf build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(STAMP): pyproject.toml
ifneq ($(UV),)
	uv venv --quiet --clear --python '$(or $(PYTHON),>=3.11,<3.14)' .venv
	@echo "Installing what frostline needs, TensorFlow included, into .venv"
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable '.[train,test]'
else
	@$(or $(PYTHON),false) -c '$(SUITS)' 2>/dev/null || { echo "frostline needs Python 3.11, 3.12\
	 or 3.13, and $(or $(PYTHON),python3) here is not one of them (`$(or $(PYTHON),python3) -V 2>&1`).\
	 Install one, or name it: make PYTHON=/path/to/python3.13" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	@echo "Installing what frostline needs, TensorFlow included, into .venv"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train,test]'
endif
	@touch $@
